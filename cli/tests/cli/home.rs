//! What guardians say, and what the wrong guardian hears.

use crate::harness::Terminal;
use skolebro_tests::town::Town;

#[test]
fn children_are_found_by_name_among_ones_own() {
    let town = Town::open();
    let (amal, nora) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Nora"));
    nora.run(&["sick"]).ends(2).complains("Which child?").complains("Omar Haddad (4B), Siri Haddad (5A)");
    nora.run(&["sick", "haddad"]).ends(2).complains("Omar Haddad (4B), Siri Haddad (5A)");
    // What is for staff is not shown from a phone that is not given it.
    for screen in [&["calls"][..], &["board"], &["board", "4B"], &["roll", "4B"], &["confirm"]] {
        nora.run(screen).ends(1).complains("screen for staff").keeps_silent_of("expected");
    }
    nora.run(&["sick", "Liv"]).ends(2).complains("No child is called “Liv”").keeps_silent_of("Berg");
    nora.run(&["sick", "omar", "SIRI"]).ends(0).says("Omar Haddad and Siri Haddad").says("At the school");
    amal.run(&["sick"]).ends(0).says("Liv Berg");
}

#[test]
fn part_of_a_day_with_a_note_is_for_staff_and_its_author() {
    let town = Town::open();
    let (amal, erik, sanna) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"), Terminal::of(&town, "Sanna"));
    let report = ["sick", "Liv", "--kind", "appointment", "--part", "8.20-10.00", "--note", "back at ten with the bus"];
    amal.run(&report).ends(0).says("At the school");
    sanna.run(&["roll"]).ends(0).says("08:20–10:00").says("back at ten with the bus");
    amal.run(&["today"]).ends(0).says("back at ten with the bus");
    erik.run(&["today"]).ends(0).says("08:20–10:00").keeps_silent_of("with the bus");
}

#[test]
fn an_absence_is_extended_ended_early_and_withdrawn() {
    let town = Town::open();
    let (amal, erik) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"));
    amal.run(&["extend", "--to", "friday"]).ends(4).says("Not sent").says("--anyway");
    amal.run(&["sick"]).ends(0);
    erik.run(&["extend", "Liv", "--to", "friday"]).ends(0).says("until Friday 18 September");
    amal.run(&["stats"]).ends(0).says("Friday 18 September");
    erik.run(&["well", "--back", "thursday"]).ends(0).says("back Thursday 17 September");
    erik.run(&["sick", "--from", "monday", "--to", "tuesday"])
        .ends(0)
        .says("Monday 21 September to Tuesday 22 September");
    amal.run(&["withdraw", "--from", "monday", "--to", "tuesday"]).ends(0).says("Report withdrawn");
    erik.run(&["well"]).ends(0).says("back today");
    amal.run(&["today"]).ends(0).says("Well again");
    amal.run(&["stats"]).ends(0).says("Well again. Said by Erik Berg");
}

#[test]
fn in_the_evening_sick_is_of_the_next_school_day_and_the_receipt_says_so() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    town.until("2026-09-18T18:00:00Z");
    amal.run(&["sync"]).ends(0);
    amal.run(&["sick", "Liv"]).ends(0).says("Sick: Liv Berg, Monday 21 September").says("At the school");
    amal.run(&["sick", "Liv"])
        .ends(4)
        .says("Liv Berg is already reported: sick, Monday 21 September. Reported by you.")
        .says("--anyway");
    amal.run(&["today"]).ends(0).says("Monday 21 September: Sick, all day").says("At the school");
    amal.run(&["sick", "Liv", "--from", "today"]).ends(0).says("Sick: Liv Berg, today, Friday 18 September");
}

#[test]
fn a_part_is_clipped_to_the_school_day_and_the_receipt_says_what_was_taken() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    let part = |part| amal.run(&["sick", "Liv", "--kind", "appointment", "--part", part]);
    part("08:00-10:00").ends(0).says("Appointment: Liv Berg, today, Tuesday 15 September, 08:20–10:00");
    part("06:00-07:00").ends(4).says("outside the school day");
}

#[test]
fn well_again_and_an_explanation_are_not_said_twice_without_a_word() {
    let town = Town::open();
    let (amal, erik) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"));
    amal.run(&["sick", "Liv", "--to", "thursday"]).ends(0);
    erik.run(&["well", "--back", "wednesday"]).ends(0).says("back tomorrow, Wednesday 16 September");
    amal.run(&["today"]).ends(0);
    amal.run(&["well", "--back", "wednesday"]).ends(4).says("already reported well again, back tomorrow");
    amal.run(&["well", "--back", "wednesday", "--anyway"]).ends(0);
}

#[test]
fn what_was_said_of_coming_back_reads_the_same_after_another_has_said_it_differently() {
    let town = Town::open();
    let (amal, erik) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"));
    amal.run(&["sick", "--to", "wednesday"]).ends(0);
    amal.run(&["well", "--at", "12:00"]).ends(0).says("back today").says("12:00");
    erik.run(&["well", "Liv", "--at", "10:00"]).ends(0).says("10:00");
    amal.run(&["sync"]).ends(0);
    amal.run(&["outbox"]).ends(0).says("back today").says("12:00").keeps_silent_of("back tomorrow");
    erik.run(&["outbox"]).ends(0).says("10:00").keeps_silent_of("12:00");
}

#[test]
fn the_same_as_yesterday_is_one_word() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["sick", "--same"]).ends(2).complains("nothing of the school day before");
    amal.run(&["sick", "--kind", "other"]).ends(0);
    town.until("2026-09-16T04:50:00Z");
    amal.run(&["today"]).ends(0).says("[Same as yesterday: Other absence");
    amal.run(&["sick", "--same"])
        .ends(0)
        .says("Other absence: Liv Berg, today, Wednesday 16 September")
        .says("At the school");
    amal.run(&["sick", "--same", "--kind", "sick"]).ends(2);
}

#[test]
fn the_screens_speak_the_language_of_the_person() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    let own = |lang: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_skolebro"));
        command.env("SKOLEBRO_PHONE", amal.folder()).args(lang).arg("today");
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(own(&[]).contains("Tisdag 15 september · Björkskolan"));
    assert!(own(&["--lang", "da"]).contains("Tirsdag"));
    assert!(own(&["--lang", "nb"]).contains("Tirsdag"));
    assert!(own(&["--lang", "en"]).contains("Tuesday"));
}
