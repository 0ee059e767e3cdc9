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
    sanna.run(&["calls"]).ends(1).keeps_silent_of("Hassan");
    nora.run(&["explain", "Omar", "--kind", "other", "--note", "missed the bus"]).ends(0).says("At the school");
    sanna.run(&["board", "4B"]).ends(0).says("waits for an answer");
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
    sanna.run(&["board", "--evacuation"]).ends(1);
    olga.run(&["today"]).ends(0).says("No home to call");
}
