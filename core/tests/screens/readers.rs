//! *Who can read this*, and who is never shown.

use crate::{
    SV,
    fake::{FakeServer, sync},
    phone_of,
    school::{STAFF_4B, close, group, monday, person, sick_today},
    show, today,
};
use skolebro_core::{
    device::{
        Phone,
        screens::{Window, attendance_scope, child, home_today, inbox, roll_call, who_can_read},
        text::Texts,
    },
    domain::{
        command::Capacity,
        people::{Language, Person},
        scope::{Circle, Scope, Topic},
    },
};

fn readers(phone: &Phone, pupil: &str, language: Language) -> Vec<(String, String)> {
    let scope = attendance_scope(person(pupil));
    let screen = show(phone, language, |view, texts| who_can_read(view, texts, scope, Window::first(100)));
    assert_eq!(screen.readers.next, None);
    screen.readers.items.into_iter().map(|reader| (reader.person.name, reader.because)).collect()
}

#[test]
fn a_guardian_sees_who_can_read_and_neither_the_pending_nor_the_barred() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    let shown = readers(&amal, "Liv", SV);
    let line = |name: &str, because: &str| (name.to_owned(), because.to_owned());
    assert_eq!(shown[0], line("Du", "Vårdnadshavare"));
    assert_eq!(shown[1], line("Erik Ek", "Vårdnadshavare"));
    assert!(shown.contains(&line("Sanna Ek", "Mentor, 4B")));
    assert!(shown.contains(&line("Fia Ek", "Fritidspersonal, Fritids")));
    assert!(shown.contains(&line("Olle Ek", "Expeditionen")));
    for never in ["Per", "Zlatan", "Bo", "Ville", "Tomas", "Nora"] {
        assert!(!shown.iter().any(|(name, _)| name.starts_with(never)), "{never} reads nothing of Liv");
    }
    // Staff see the same list with home in it.
    let (_sanna, sanna) = phone_of(&server, "Sanna");
    let shown = readers(&sanna, "Liv", Language::En);
    assert_eq!(shown[0], line("You", "Contact teacher, 4B"));
    assert!(shown.contains(&line("Amal Ek", "Guardian")) && shown.contains(&line("Erik Ek", "Guardian")));
    for never in ["Per", "Zlatan", "Bo", "Ville"] {
        assert!(!shown.iter().any(|(name, _)| name.starts_with(never)));
    }
}

#[test]
fn whoever_has_another_topic_alone_is_not_named_as_a_reader_of_this_one() {
    let server = FakeServer::new();
    server.change(|school| {
        let mut bo = school.world.roster.guardianship(person("Liv"), person("Bo")).unwrap().clone();
        bo.topics = vec![Topic::Plan];
        school.put(bo);
    });
    let (_amal, amal) = phone_of(&server, "Amal");
    assert!(!readers(&amal, "Liv", SV).iter().any(|(name, _)| name.starts_with("Bo")), "he has the plan alone");
    let plan = Scope::pupil(person("Liv"), Topic::Plan, Circle::All);
    let screen = show(&amal, SV, |view, texts| who_can_read(view, texts, plan, Window::first(100)));
    assert!(screen.readers.items.iter().any(|reader| reader.person.name.starts_with("Bo")));
}

#[test]
fn a_protected_identity_is_named_to_no_other_home() {
    let server = FakeServer::new();
    server.change(|school| {
        let protected = Person {
            id: person("Erik"),
            given_name: "Erik".into(),
            family_name: "Ek".into(),
            language: None,
            phone: Some("070".into()),
            email: None,
            birth_date: None,
            protected_identity: true,
        };
        school.put(protected);
    });
    let (_amal, amal) = phone_of(&server, "Amal");
    assert!(!readers(&amal, "Liv", SV).iter().any(|(name, _)| name.contains("Erik")));
    // What he says is said by a guardian; his id is never shown.
    server.give("Erik", Capacity::Home, sick_today("Liv"));
    sync(&amal);
    for (language, by) in [
        (Language::Sv, "en vårdnadshavare"),
        (Language::Da, "en forælder eller værge"),
        (Language::Nb, "en foresatt"),
        (Language::En, "a guardian"),
    ] {
        let report = today(&amal, language).children.remove(0).reports.remove(0);
        assert!(report.text.contains(by), "{}", report.text);
        assert!(!report.text.contains(&person("Erik").to_string()));
    }
}

#[test]
fn pending_and_barred_adults_are_on_no_screen_at_home() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    server.give("Erik", Capacity::Home, sick_today("Liv"));
    server.give("Sanna", STAFF_4B, close("4B"));
    sync(&amal);
    for language in Language::ALL.iter().copied() {
        let shown = show(&amal, language, |view, texts| {
            Ok(format!(
                "{:?}{:?}{:?}{:?}",
                home_today(view, texts)?,
                child(view, texts, person("Liv"), None, 50)?,
                inbox(view, texts, None, 50)?,
                who_can_read(view, texts, attendance_scope(person("Liv")), Window::first(50))?,
            ))
        });
        for never in ["Per ", "Zlatan", "Ville", "Bo "] {
            assert!(!shown.contains(never), "{never}");
        }
    }
}

#[test]
fn nobody_without_a_card_is_shown_as_an_id() {
    let server = FakeServer::new();
    let (_sanna, sanna) = phone_of(&server, "Sanna");
    server.give("Amal", Capacity::Home, sick_today("Liv"));
    // The names of Liv's home have not come to this phone.
    server.change(|school| {
        for adult in ["Amal", "Erik"] {
            let mut held = school.world.roster.guardianship(person("Liv"), person(adult)).unwrap().clone();
            held.dates.until = monday().pred_opt();
            school.put(held);
        }
    });
    sync(&sanna);
    let texts = Texts::new(Language::En);
    let screen = show(&sanna, Language::En, |view, _| roll_call(view, texts, group("4B"), monday(), None));
    let liv = screen.rows.iter().find(|row| row.row.pupil.name == "Liv Ek").unwrap();
    let report = &liv.row.reports[0].text;
    assert!(report.contains("a guardian") || report.contains("Amal"), "{report}");
    assert!(!report.contains(&person("Amal").to_string()), "{report}");
}
