//! Who works at the school and is also a guardian there says as which of the two.

use crate::harness::Terminal;
use skolebro_core::domain::people::GuardianshipKind;
use skolebro_tests::{town::Town, village::guardianship};

#[test]
fn who_may_speak_as_two_is_asked_as_which() {
    let town = Town::open();
    town.put(guardianship("Omar", "Olga", GuardianshipKind::Guardian, &[]));
    let (olga, nora) = (Terminal::of(&town, "Olga"), Terminal::of(&town, "Nora"));
    olga.run(&["sick"]).ends(2).complains("--as home or --as office");
    olga.run(&["sick", "--as", "home"]).ends(0).says("Omar Haddad");
    nora.run(&["today"]).ends(0).says("Reported by Olga Lind");
    let both = olga.run(&["today"]).ends(0).says("Omar Haddad").says("1 sick");
    assert!(both.out.find("Omar").unwrap() < both.out.find("1 sick").unwrap(), "home first: {}", both.out);
    olga.run(&["today", "--as", "home"]).ends(0).keeps_silent_of("in the building");
    olga.run(&["today", "--as", "office"]).ends(0).says("in the building");
    // A pupil that is not her child: only as the office.
    olga.run(&["sick", "Liv", "--on-behalf", "Amal"]).ends(0);
    nora.run(&["sick", "Omar", "--from", "tomorrow", "--as", "office"]).ends(4).says("not yours");
}

#[test]
fn a_teacher_reports_her_own_child_at_home_and_no_other() {
    let town = Town::open();
    town.put(guardianship("Omar", "Sanna", GuardianshipKind::Guardian, &[]));
    let sanna = Terminal::of(&town, "Sanna");
    sanna.run(&["sick"]).ends(0).says("Omar Haddad");
    sanna.run(&["sick", "Liv"]).ends(4).says("not yours");
}
