//! Who is what: confirming, delegating, assigning, and who can read.

use crate::harness::Terminal;
use skolebro_core::domain::people::{GuardianshipKind, Person, Standing};
use skolebro_tests::{
    town::Town,
    village::{day, guardianship, person},
};

#[test]
fn staff_confirm_an_adult_whom_an_import_brought() {
    let town = Town::open();
    let mut pending = guardianship("Siri", "Hassan", GuardianshipKind::Unspecified, &[]);
    pending.standing = Standing::Pending;
    town.put(pending);
    let (olga, amal) = (Terminal::of(&town, "Olga"), Terminal::of(&town, "Amal"));
    olga.run(&["confirm"]).ends(0).says("Siri Haddad").says("Hassan Ali");
    amal.run(&["confirm"]).ends(1).keeps_silent_of("Hassan");
    olga.run(&["confirm", "Siri"]).ends(2);
    olga.run(&["confirm", "Siri", "Hassan"]).ends(2).complains("Nothing says what Hassan Ali is to Siri");
    olga.run(&["confirm"]).ends(0).says("Hassan Ali");
    olga.run(&["confirm", "Siri", "Hassan", "--kind", "appointed-representative"])
        .ends(0)
        .says("Appointed representative");
    olga.run(&["confirm"]).ends(0).keeps_silent_of("Hassan");
    let hassan = Terminal::of(&town, "Hassan");
    hassan.run(&["today"]).ends(0).says("Siri Haddad").says("Omar Haddad");
}

#[test]
fn a_parent_without_custody_reports_once_a_guardian_has_delegated_it() {
    let town = Town::open();
    assert!(town.code("Kaj").is_none(), "nothing is his to see");
    let (amal, nora) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Nora"));
    nora.run(&["delegate", "Omar", "--to", "Kaj", "--topics", "attendance"]).ends(2).keeps_silent_of("Lund");
    amal.run(&["delegate", "--to", "Kaj"]).ends(2);
    amal.run(&["delegate", "--to", "Kaj", "--topics", "plan"]).ends(4).says("cannot be passed on");
    amal.run(&["delegate", "--to", "Kaj", "--topics", "attendance", "--until", "friday"])
        .ends(0)
        .says("Kaj Lund may see to");
    let kaj = Terminal::of(&town, "Kaj");
    kaj.run(&["sick"]).ends(0).says("Liv Berg").says("At the school");
    kaj.run(&["delegate", "--to", "Erik", "--topics", "attendance"]).ends(4);
    amal.run(&["today"]).ends(0).says("Kaj Lund");
    amal.run(&["who-can-read"]).ends(0).says("Kaj Lund").says("Parent without custody");
    amal.run(&["delegate", "--to", "Kaj", "--end"]).ends(0).says("no longer sees to anything");
    kaj.run(&["today"]).keeps_silent_of("Liv");
}

#[test]
fn the_principal_gives_a_substitute_a_class_and_takes_it_back() {
    let town = Town::open();
    let (pia, per, sanna) = (Terminal::of(&town, "Pia"), Terminal::of(&town, "Per"), Terminal::of(&town, "Sanna"));
    sanna.run(&["assign", "Per", "--role", "teacher", "--group", "4B"]).ends(4);
    pia.run(&["assign", "Per", "--role", "teacher", "--group", "4B", "--until", "today"])
        .ends(0)
        .says("Per Ek, Teacher");
    per.run(&["roll", "4B", "--missing", "Liv"]).ends(0);
    // What is not there is not ended, and what is there is said.
    let office = ["assign", "Per", "--role", "office", "--end"];
    pia.run(&office).ends(2).complains("Per Ek has no such assignment").complains("Teacher, 4B, today");
    pia.run(&["assign", "Per", "--role", "teacher"]).ends(4).says("for one group each");
    pia.run(&["assign", "Per", "--role", "teacher", "--group", "4B", "--end"]).ends(0).says("Assignment ended");
    pia.run(&office).ends(2).keeps_silent_of("4B");
    per.run(&["roll", "4B"]).ends(2).keeps_silent_of("Liv");
}

#[test]
fn who_can_read_names_everybody_but_nobody_too_many() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    let ran = amal.run(&["who-can-read", "Liv", "attendance"]).ends(0);
    for reader in ["You", "Erik Berg", "Sanna Dahl", "Olga Lind", "Pia Strand"] {
        assert!(ran.out.contains(reader), "{reader}: {}", ran.out);
    }
    ran.keeps_silent_of("Per Ek").keeps_silent_of("Nora").keeps_silent_of("Kaj");
    amal.run(&["who-can-read", "Liv", "plan"]).ends(0).says("strong login");
    amal.run(&["who-can-read", "Liv", "gossip"]).ends(2);
}

#[test]
fn what_the_legal_layer_says_of_an_adult_need_not_be_said_again() {
    let town = Town::open();
    let mut pending = guardianship("Siri", "Hassan", GuardianshipKind::Carer, &[]);
    pending.standing = Standing::Pending;
    town.put(pending);
    let olga = Terminal::of(&town, "Olga");
    olga.run(&["confirm", "Siri", "Hassan"]).ends(0).says("Foster home");
}

#[test]
fn the_office_bars_somebody_and_the_principal_sees_it_and_lifts_it() {
    let town = Town::open();
    let (olga, pia, amal) = (Terminal::of(&town, "Olga"), Terminal::of(&town, "Pia"), Terminal::of(&town, "Amal"));
    let (sanna, erik) = (Terminal::of(&town, "Sanna"), Terminal::of(&town, "Erik"));
    for wrong in [&amal, &sanna] {
        wrong.run(&["block", "Liv", "Erik"]).ends(4);
        wrong.run(&["lift", "Liv", "Erik"]).ends(4);
    }
    erik.run(&["today"]).ends(0).says("Liv");
    olga.run(&["block", "Liv", "Erik"]).ends(0).says("Erik Berg barred from Liv Berg");
    erik.run(&["today"]).keeps_silent_of("Liv Berg");
    // A teacher of another class, who is nothing to the child.
    olga.run(&["block", "Liv", "Per"]).ends(0).says("Per Ek barred");
    olga.run(&["lift", "Liv", "Erik"]).ends(4);
    olga.run(&["confirm"]).ends(0).keeps_silent_of("Per Ek");
    olga.run(&["who-can-read", "Liv"]).ends(0).keeps_silent_of("Barred");
    pia.run(&["confirm"]).ends(0).says("Erik Berg").says("Per Ek").says("barred");
    pia.run(&["who-can-read", "Liv"]).ends(0).says("Barred from the pupil").says("Per Ek");
    amal.run(&["who-can-read", "Liv"]).ends(0).keeps_silent_of("Barred").keeps_silent_of("Per Ek");
    pia.run(&["lift", "Liv", "Erik"]).ends(0);
    pia.run(&["lift", "Liv", "Per"]).ends(0);
    erik.run(&["today"]).ends(0).says("Liv Berg");
    pia.run(&["confirm"]).ends(0).keeps_silent_of("barred");
}

#[test]
fn the_office_adds_a_substitute_whom_no_roster_knows() {
    let town = Town::open();
    let (olga, sanna) = (Terminal::of(&town, "Olga"), Terminal::of(&town, "Sanna"));
    let kim = ["substitute", "Kim", "Dahlström", "--group", "4B", "--until", "today"];
    sanna.run(&kim).ends(4);
    olga.run(&["substitute", "Kim", "Dahlström", "--group", "4B"]).ends(2);
    olga.run(&kim).ends(0).says("Kim Dahlström, Teacher in 4B");
    olga.run(&kim).ends(2).complains("one of the staff already");
    olga.run(&["assign", "Kim", "--role", "teacher", "--group", "4B", "--until", "tomorrow"]).ends(0);
    let (exit, made) = olga.json(&["code", "Kim"]);
    assert_eq!(exit, 0, "{made}");
    let kim = Terminal::new();
    kim.run(&["enrol", "--server", &town.url(), "--code", made["code"].as_str().unwrap()]).ends(0);
    kim.run(&["roll", "4B"]).ends(0).says("Liv Berg");
    sanna.run(&["confirm"]).ends(1).keeps_silent_of("Kim");
}

#[test]
fn the_office_makes_a_code_for_a_next_phone_and_nobody_else_does() {
    let town = Town::open();
    let (olga, pia, amal, sanna) = (
        Terminal::of(&town, "Olga"),
        Terminal::of(&town, "Pia"),
        Terminal::of(&town, "Amal"),
        Terminal::of(&town, "Sanna"),
    );
    let (exit, made) = olga.json(&["code", "Amal"]);
    assert_eq!(exit, 0, "{made}");
    let next = Terminal::new();
    next.run(&["enrol", "--server", &town.url(), "--code", made["code"].as_str().unwrap(), "--name", "new"]).ends(0);
    next.run(&["today"]).ends(0).says("Liv Berg");
    amal.run(&["inbox"]).ends(0).says("made a code for a new phone").says("Call the school at once");
    amal.run(&["devices"]).ends(0).says("Ask the school's office");
    amal.run(&["outbox"]).ends(0).keeps_silent_of(made["code"].as_str().unwrap());
    olga.run(&["outbox"]).ends(0).keeps_silent_of(made["code"].as_str().unwrap());
    olga.run(&["code", "Olga"]).ends(1).says("for yourself");
    olga.run(&["code", "Pia"]).ends(1).says("Codes for principals");
    sanna.run(&["code", "Amal"]).ends(1).says("You cannot make a code for Amal Nilsson");
    pia.run(&["code", "Olga"]).ends(0).says("Code for the next phone of Olga Lind");
    pia.run(&["code", "Nobody"]).ends(2);
    pia.run(&["offline"]).ends(0);
    pia.run(&["code", "Sanna"]).ends(1).keeps_silent_of("Code for");
}

#[test]
fn a_pupil_of_age_has_a_phone_and_reports_itself() {
    let town = Town::open();
    assert!(town.code("Omar").is_none(), "a child");
    let omar = Person {
        id: person("Omar"),
        given_name: "Omar".to_owned(),
        family_name: "Haddad".to_owned(),
        language: None,
        phone: None,
        email: None,
        birth_date: Some(day("2008-01-15")),
        protected_identity: false,
    };
    town.put(omar);
    let (omar, sanna) = (Terminal::of(&town, "Omar"), Terminal::of(&town, "Sanna"));
    omar.run(&["today"]).ends(0).says("Omar Haddad").keeps_silent_of("Liv Berg");
    omar.run(&["sick"]).ends(0).says("Omar Haddad").says("At the school");
    omar.run(&["sick", "Liv"]).ends(2).keeps_silent_of("Berg");
    omar.run(&["who-can-read"]).ends(0).says("You").says("Sanna Dahl");
    sanna.run(&["board", "4B"]).ends(0).says("Omar Haddad");
    // Nora was Omar's guardian; a code for his next phone is the office's to make, and not hers.
    let olga = Terminal::of(&town, "Olga");
    olga.run(&["code", "Omar"]).ends(0).says("Code for the next phone of Omar Haddad");
}
