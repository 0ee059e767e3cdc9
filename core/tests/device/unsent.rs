//! Somebody leaves a phone, or another comes to it, while something has not reached the school.

use crate::{
    fake::{FakeServer, Fault, Owner, sync},
    saying::{attendance, delivery, say, sick},
    school::{monday, person},
};
use skolebro_core::{
    device::{
        Delivery, Phone, PhoneError, Standing,
        screens::{HomeToday, Window, home_today, outbox},
        text::Texts,
    },
    domain::{ids::CommandId, people::Language},
};

/// Amal's phone with Liv reported sick on it, with no network.
fn waiting(server: &std::sync::Arc<FakeServer>) -> (Owner, Phone, CommandId) {
    let (owner, phone) = Owner::enrolled(server, "Amal");
    let id = say(&phone, server.school(), sick("Liv", monday(), monday()));
    (owner, phone, id)
}

fn today(phone: &Phone) -> HomeToday {
    home_today(&phone.view(phone.schools()[0]).unwrap(), Texts::new(Language::En)).unwrap()
}

fn outbox_says(phone: &Phone) -> Option<String> {
    let view = phone.view(phone.schools()[0]).unwrap();
    outbox(&view, Texts::new(Language::En), &phone.outbox().unwrap(), Window::ALL).unwrap().sealed
}

#[test]
fn what_waits_is_sent_before_somebody_else_signs_in() {
    let server = FakeServer::new();
    let (_owner, phone, hers) = waiting(&server);
    phone.enrol("Nora", "phone").unwrap();
    assert_eq!(server.0.lock().applied, [hers]);
    assert_eq!(phone.sealed(), 0);
    sync(&phone);
    assert_eq!(today(&phone).mail.sealed, None);
}

#[test]
fn where_it_cannot_be_sent_the_person_is_told_and_nothing_has_happened() {
    let server = FakeServer::new();
    let (_owner, phone, hers) = waiting(&server);
    for leave in [
        (|phone| phone.enrol("Nora", "phone").map(drop)) as fn(&Phone) -> Result<(), PhoneError>,
        Phone::sign_out,
        |phone| phone.revoke_device(phone.who().unwrap().device),
    ] {
        server.fault(Fault::Offline);
        assert!(matches!(leave(&phone), Err(PhoneError::Unsent { waiting: 1 })));
        let who = phone.who().unwrap();
        assert_eq!((who.person, who.standing), (person("Amal"), Standing::Enrolled));
    }
    assert!(matches!(delivery(&phone, hers), Delivery::OnThisPhoneOnly { .. }));
    assert_eq!(server.0.lock().devices.len(), 1, "no code was used up, and no phone disconnected");
    // When there is a network, nothing is asked.
    phone.sign_out().unwrap();
    assert_eq!(server.0.lock().applied, [hers]);
}

#[test]
fn who_chose_to_go_on_leaves_it_sealed_and_the_next_one_learns_that_something_waits_never_what() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, phone, hers) = waiting(&server);
    phone.even_if_unsent().enrol("Nora", "phone").unwrap();
    sync(&phone);
    assert_eq!((phone.unsent(), phone.sealed()), (0, 1));
    let says = today(&phone).mail.sealed.unwrap();
    assert_eq!(Some(&says), outbox_says(&phone).as_ref());
    assert!(says.contains("One thing that somebody else has said") && says.contains("has not reached"), "{says}");
    for secret in ["Liv", "Amal", "ick"] {
        assert!(!says.contains(secret), "{says}");
    }
    assert!(attendance(&phone, school, "Liv", monday()).is_none());
    assert!(server.0.lock().received.is_empty(), "and it is not sent in her name");
    drop(phone);

    let phone = owner.open();
    assert_eq!(phone.sealed(), 1, "also tomorrow");
    phone.enrol("Amal", "phone").unwrap();
    sync(&phone);
    assert_eq!((server.0.lock().applied.clone(), phone.sealed()), (vec![hers], 0));
    assert_eq!(today(&phone).mail.sealed, None);
}

#[test]
fn a_phone_that_the_server_no_longer_knows_takes_its_own_persons_new_code_at_once() {
    let server = FakeServer::new();
    let (_owner, phone, hers) = waiting(&server);
    server.0.lock().devices.clear();
    sync(&phone);
    assert_eq!(phone.who().unwrap().standing, Standing::TokenUnknown);
    phone.enrol("Amal", "phone").unwrap();
    sync(&phone);
    assert_eq!(server.0.lock().applied, [hers]);
}

#[test]
fn what_the_phone_says_by_itself_keeps_nobody_from_leaving() {
    use skolebro_core::domain::command::{Capacity, CommandBody};
    let server = FakeServer::new();
    server.give("Amal", Capacity::Home, sick("Liv", monday(), monday()));
    let (_owner, sanna) = Owner::enrolled(&server, "Sanna");
    let seen = CommandBody::MarkSeen { day: monday(), pupils: vec![person("Liv")] };
    let role = Capacity::Staff(skolebro_core::domain::people::Role::ContactTeacher);
    sanna.submit(server.school(), role, seen, None).unwrap();
    server.fault(Fault::Offline);
    sanna.sign_out().unwrap();
    assert_eq!(sanna.who().unwrap().standing, Standing::SignedOut);
}
