//! The teacher's roll, and the teacher of another class beside her.

use crate::harness::Terminal;
use skolebro_tests::town::Town;

#[test]
fn a_roll_is_shown_marked_undone_and_closed() {
    let town = Town::open();
    let (amal, sanna, per) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Sanna"), Terminal::of(&town, "Per"));
    amal.run(&["sick"]).ends(0);
    amal.run(&["outbox"]).ends(0).says("At the school");
    sanna.run(&["roll"]).ends(0).says("4B").says("Liv Berg").says("Omar Haddad");
    amal.run(&["outbox"]).ends(0).says("Seen by Sanna Dahl");

    sanna.run(&["roll", "4B", "--missing", "Omar"]).ends(0).says("At the school");
    sanna.run(&["roll"]).ends(0).says("Away, and nobody has said why");
    sanna.run(&["roll", "--undo", "Omar"]).ends(0).says("Mark taken back");
    sanna.run(&["roll", "--undo", "Omar"]).ends(4);
    sanna.run(&["roll", "--late", "Omar@08:40", "--close"]).ends(0).says("Roll taken: 4B");
    sanna.run(&["board", "4B"]).ends(0).says("Came late, 08:40");
    town.until("2026-09-15T11:20:00Z");
    sanna.run(&["roll", "--left", "Omar@13:00"]).ends(0);
    sanna.run(&["roll"]).ends(0).says("Left early, 13:00");
    sanna.run(&["roll", "--home-sick", "Omar@13:10"]).ends(0);
    sanna.run(&["roll"]).ends(0).says("Sent home sick, 13:10");
    sanna.run(&["roll", "--present", "Omar"]).ends(0);
    sanna.run(&["roll", "--missing", "Siri"]).ends(2).complains("No pupil is called");

    per.run(&["roll"]).ends(0).says("5A").keeps_silent_of("Liv");
    per.run(&["roll", "4B", "--missing", "Omar"]).ends(2);
    amal.run(&["roll", "4B", "--missing", "Liv"]).ends(4).says("not yours");
}

#[test]
fn without_a_time_it_is_now_and_the_receipt_says_who_was_marked_how() {
    let town = Town::open();
    let (amal, sanna) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Sanna"));
    town.until("2026-09-15T06:44:30Z");
    sanna.run(&["sync"]).ends(0);
    let marked = sanna.run(&["roll", "--late", "Liv", "--missing", "Omar"]).ends(0);
    marked
        .says("Roll 4B, today, Tuesday 15 September")
        .says("Liv Berg – came late, 08:44")
        .says("Omar Haddad – away, and nobody has said why");
    sanna.run(&["roll", "--day", "yesterday", "--late", "Liv"]).ends(2).complains("say when: Liv@HH:MM");
    sanna.run(&["roll", "--present", "Liv", "--close"]).ends(0);
    amal.run(&["today"]).ends(0).says("Present since 08:44");
}

#[test]
fn an_offline_teacher_marks_and_it_goes_up_later() {
    let town = Town::open();
    let (sanna, olga) = (Terminal::of(&town, "Sanna"), Terminal::of(&town, "Olga"));
    sanna.run(&["offline"]).ends(0);
    sanna.run(&["roll", "--missing", "Omar", "--close"]).ends(3).says("On this phone only");
    sanna.run(&["roll"]).ends(0).says("Away, and nobody has said why");
    olga.run(&["board", "4B"]).ends(0).keeps_silent_of("nobody has said why");
    sanna.run(&["online"]).ends(0);
    sanna.run(&["sync"]).ends(0).says("2 sent: 2 accepted");
    olga.run(&["board", "4B"]).ends(0).says("Away, and nobody has said why");
}
