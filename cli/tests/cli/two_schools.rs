//! A child who goes to a school and to an after-school club that is a school of its own.

use crate::harness::Terminal;
use skolebro_core::domain::people::Block;
use skolebro_tests::{town::Town, village::person};

/// Liv's club opens at noon and is open in the holidays too. Amal is her guardian there, Erik is not known to it.
fn with_the_club() -> Town {
    let town = Town::open();
    town.open_club();
    town
}

#[test]
fn one_word_tells_both_schools_and_so_do_well_again_and_longer() {
    let town = with_the_club();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["sync"]).ends(0);
    amal.run(&["today"]).ends(0).says("What you report here is told to Solgläntan too.");
    let both = |ran: crate::harness::Ran| ran.says("· Björkskolan – ").says("· Solgläntan – ").says("At the school");
    both(amal.run(&["sick", "Liv"]).ends(0).says("Sick: Liv Berg, today, Tuesday 15 September"));
    amal.run(&["sick", "Liv"]).ends(4).says("already reported");
    both(amal.run(&["extend", "Liv", "--to", "thursday"]).ends(0));
    both(amal.run(&["well", "Liv", "--back", "thursday"]).ends(0));
    both(amal.run(&["sick", "Liv", "--from", "monday"]).ends(0));
    both(amal.run(&["withdraw", "Liv", "--from", "monday"]).ends(0).says("Report withdrawn"));
    let (_, outbox) = amal.json(&["sick", "Liv", "--from", "friday"]);
    let said = outbox["said"].as_array().unwrap();
    assert_eq!(said.len(), 2);
    assert_ne!(said[0]["school"], said[1]["school"]);
}

#[test]
fn one_school_alone_is_named() {
    let town = with_the_club();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["sync"]).ends(0);
    let club = ["sick", "Liv", "--school", "Solgläntan"];
    amal.run(&club).ends(0).says("Sick: Liv Berg, today").keeps_silent_of("Björkskolan");
    // The school has not been told; the club has, and is not told again.
    amal.run(&["sick", "Liv"]).ends(0).says("Sick: Liv Berg, today").keeps_silent_of("already");
    let said = amal.json(&["sick", "Liv", "--anyway"]);
    assert_eq!(said.1["said"].as_array().unwrap().len(), 1);
}

#[test]
fn where_somebody_may_not_say_it_or_nothing_is_open_nothing_is_said() {
    let town = with_the_club();
    let (amal, erik) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"));
    erik.run(&["sick", "Liv"]).ends(0).says("Sick: Liv Berg").keeps_silent_of("Solgläntan");
    // The club opens at noon.
    town.until("2026-09-16T04:50:00Z");
    amal.run(&["sync"]).ends(0);
    let dentist = ["sick", "Liv", "--kind", "appointment", "--part", "08:00-09:00"];
    amal.run(&dentist).ends(0).says("08:20–09:00").keeps_silent_of("Solgläntan");
    // In the autumn break only the club is open.
    town.until("2026-10-25T17:00:00Z");
    amal.run(&["sync"]).ends(0);
    amal.run(&["sick", "Liv"]).ends(0).says("Sick: Liv Berg, tomorrow, Monday 26 October").keeps_silent_of("not");
    let (_, today) = amal.json(&["today"]);
    let states: Vec<_> = today["home"].as_array().unwrap().iter().map(|home| &home["children"][0]["next"]).collect();
    let sick: Vec<_> = states.iter().filter(|next| next["status"]["state"]["is"] == "reported").collect();
    assert_eq!(sick.len(), 1, "{states:?}");
}

#[test]
fn after_school_while_the_club_is_open_both_are_told_of_tomorrow() {
    let town = with_the_club();
    let amal = Terminal::of(&town, "Amal");
    town.until("2026-09-15T14:00:00Z");
    amal.run(&["sync"]).ends(0);
    let told = amal.run(&["sick", "Liv"]).ends(0);
    told.says("Sick: Liv Berg, tomorrow, Wednesday 16 September · Björkskolan")
        .says("· Solgläntan")
        .keeps_silent_of("today");
}

#[test]
fn without_a_network_both_are_kept_and_taken_back_together() {
    let town = with_the_club();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["sync"]).ends(0);
    amal.run(&["offline"]).ends(0);
    amal.run(&["sick", "Liv"])
        .ends(3)
        .says("· Björkskolan – On this phone only")
        .says("· Solgläntan – On this phone only");
    amal.run(&["outbox", "--take-back", "1"]).ends(0);
    let (_, today) = amal.json(&["today"]);
    for home in today["home"].as_array().unwrap() {
        assert_eq!(home["children"][0]["reports"].as_array().unwrap().len(), 0);
        assert_eq!(home["mail"]["unsent"], 0);
    }
}

#[test]
fn what_is_shown_of_a_child_is_shown_of_both_schools_without_a_question() {
    let town = with_the_club();
    let (amal, erik) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"));
    for screen in [["stats", "Liv"], ["who-can-read", "Liv"]] {
        amal.run(&screen).ends(0).says("Björkskolan").says("Solgläntan");
        let (_, shown) = amal.json(&screen);
        assert_eq!(shown["schools"].as_array().unwrap().len(), 2, "{shown}");
        amal.run(&[&screen[..], &["--school", "Björk"]].concat()).ends(0).keeps_silent_of("Solgläntan");
        erik.run(&screen).ends(0).keeps_silent_of("Solgläntan");
    }
    // Only the school knows Kaj.
    let given = amal.run(&["delegate", "Liv", "--to", "Kaj", "--topics", "attendance"]).ends(0);
    given.says("Kaj Lund may see to").keeps_silent_of("Solgläntan");
    amal.run(&["delegate", "Liv", "--to", "Nobody", "--topics", "attendance"]).ends(2).complains("No adult");
}

#[test]
fn a_school_that_says_no_takes_nothing_from_the_other() {
    let town = with_the_club();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["sync"]).ends(0);
    amal.run(&["sick", "Liv", "--wait", "0"]).ends(3).says("· Björkskolan – ").says("· Solgläntan – ");
    // The school bars her before it has heard of it; the club has not.
    town.put(Block { pupil: person("Liv"), person: person("Amal") });
    amal.run(&["sync"]).ends(1);
    let outbox = amal.run(&["outbox"]).ends(0);
    let line = |words: &str| outbox.out.lines().filter(|line| line.contains(words)).count();
    assert_eq!((line("At the school"), line("could not take it")), (1, 1), "{}", outbox.out);
    amal.run(&["today"]).ends(0).says("Solgläntan").says("Sick, all day").keeps_silent_of("Björkskolan");
    amal.run(&["today"]).ends(0).says("The school could not take one thing");
    // From now on it is said where it can be.
    amal.run(&["extend", "Liv", "--to", "friday"])
        .ends(0)
        .says("until Friday 18 September")
        .keeps_silent_of("Björkskolan");
    amal.run(&["well", "Liv"]).ends(0).keeps_silent_of("Björkskolan");
}
