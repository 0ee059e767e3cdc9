//! The office: the board, the call list, who phoned, who is in the building.

use crate::harness::Terminal;
use skolebro_tests::town::Town;

#[test]
fn a_missing_child_is_told_of_called_about_explained_and_judged() {
    let town = Town::open();
    let (sanna, olga) = (Terminal::of(&town, "Sanna"), Terminal::of(&town, "Olga"));
    let (nora, amal) = (Terminal::of(&town, "Nora"), Terminal::of(&town, "Amal"));
    sanna.run(&["roll", "--missing", "Omar", "--close"]).ends(0);
    town.until("2026-09-15T08:20:00Z");
    nora.run(&["inbox"]).ends(0).says("Omar Haddad is not at school");
    amal.run(&["inbox"]).ends(0).keeps_silent_of("Omar");
    olga.run(&["calls"]).ends(0).says("Nobody to call");
    // Nobody has read of it.
    for minutes in ["2026-09-15T09:00:00Z", "2026-09-15T10:00:00Z", "2026-09-15T11:00:00Z"] {
        town.until(minutes);
    }
    olga.run(&["calls"]).ends(0).says("Omar Haddad").says("Nora Haddad").says("Hassan Ali");
    olga.run(&["calls", "--log", "Omar", "--reached", "no", "--called", "Nora"]).ends(0).says("no answer");
    olga.run(&["calls"]).ends(0).says("called Nora Haddad");
    sanna.run(&["calls"]).ends(1).complains("The call list is the office").keeps_silent_of("Hassan");
    olga.run(&["calls", "--log", "Omar", "--reached", "yes"]).ends(2).complains("What did home say?");
    olga.run(&["calls", "--log", "Omar", "--reached", "other"]).ends(4).says("Say in a few words");
    olga.run(&["calls", "--log", "Omar", "--reached", "school", "--called", "Nora", "--note", "left at eight"]).ends(0);
    // Before all else, on the office's screens and the teacher's, until he is found.
    for screen in [vec!["today"], vec!["board"], vec!["calls"], vec!["board", "4B"]] {
        olga.run(&screen).ends(0).says("Omar Haddad is missing today! Home says that the pupil should be at school");
    }
    sanna.run(&["today"]).ends(0).says("Omar Haddad is missing");
    nora.run(&["today"]).ends(0).keeps_silent_of("left at eight");
    olga.run(&["calls", "--log", "Omar", "--reached", "other", "--note", "found on the bus"]).ends(0);
    olga.run(&["calls"]).ends(0).says("Nobody to call").says("found on the bus");
    sanna.run(&["today"]).ends(0).keeps_silent_of("Omar Haddad is missing");
    olga.run(&["calls", "--day", "yesterday"]).ends(0).keeps_silent_of("Omar");
    nora.run(&["explain", "Omar", "--kind", "other", "--note", "missed the bus"]).ends(0).says("At the school");
    sanna.run(&["board", "4B"]).ends(0).says("waits for an answer");
    for screen in ["today", "judge"] {
        sanna.run(&[screen]).ends(0).says("missed the bus");
        olga.run(&[screen]).ends(0).says("missed the bus");
    }
    nora.run(&["judge"]).ends(1).complains("screen for staff");
    nora.run(&["judge", "Omar", "--accept"]).ends(4).says("not yours");
    sanna.run(&["judge", "Omar", "--refuse", "The next bus came at nine."]).ends(0).says("not accepted");
    nora.run(&["inbox"]).ends(0).says("has not accepted");
    let (code, before) = nora.json(&["inbox"]);
    assert_eq!((code, before["notices"][0]["notice"]["unread"].as_bool()), (0, Some(true)));
    nora.run(&["inbox", "--read", "1"]).ends(0);
    nora.run(&["inbox", "--read", "all"]).ends(0);
    let (_, after) = nora.json(&["inbox"]);
    assert!(after["notices"].as_array().unwrap().iter().all(|line| line["notice"]["unread"] == false), "{after}");
    nora.run(&["inbox", "--read", "9"]).ends(2).complains("no line 9");
    nora.run(&["stats", "Omar"]).ends(0).says("The next bus came at nine.");
}

#[test]
fn the_office_files_for_a_guardian_who_phoned() {
    let town = Town::open();
    let (olga, erik, sanna) = (Terminal::of(&town, "Olga"), Terminal::of(&town, "Erik"), Terminal::of(&town, "Sanna"));
    olga.run(&["sick", "Liv", "--on-behalf", "Erik", "--phoned", "06:40"]).ends(0).says("At the school");
    erik.run(&["today"]).ends(0).says("Olga Lind").says("Sick, all day");
    olga.run(&["sick", "Liv", "--on-behalf", "Nora"]).ends(2).complains("No adult of that child");
    sanna.run(&["board", "4B"]).ends(0).says("Olga Lind for Erik Berg");
    olga.run(&["board"]).ends(0).says("Björkskolan").says("4B").says("1 sick");
    olga.run(&["board", "--evacuation"]).ends(0).says("uncertain");
    sanna.run(&["board", "--evacuation"]).ends(0).says("Only 4B").says("Omar Haddad").keeps_silent_of("Siri");
    erik.run(&["board", "--evacuation"]).ends(1).complains("screen for staff");
    sanna.run(&["confirm"]).ends(1).complains("by the office and the leaders");
    erik.run(&["follow-up"]).ends(1).complains("screen for staff");
    sanna.run(&["follow-up"]).ends(0).says("No absence to follow up");
    olga.run(&["today"]).ends(0).says("No home to call");
}
