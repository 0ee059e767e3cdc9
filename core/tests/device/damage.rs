//! Damaged files: the mirror starts over by itself; the outbox is put aside whole, and said so.

use crate::{
    fake::{FakeServer, Owner, held, in_step, sync},
    saying::{attendance, delivery, say, sick},
    school::{after, monday},
};
use skolebro_core::device::{Delivery, PhoneError};
use std::{fs, path::Path};

fn scribble(path: &Path) {
    let length = fs::metadata(path).unwrap().len() as usize;
    fs::write(path, vec![0x5a; length.max(4096)]).unwrap();
}

/// The head of the file stays right, so that it opens; what is in it is not.
fn scribble_inside(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    for byte in &mut bytes[4096..] {
        *byte = 0x5a;
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_mirror_starts_over_and_the_outbox_is_not_touched() {
    for damage in [scribble, scribble_inside] {
        let server = FakeServer::new();
        let school = server.school();
        let (owner, amal) = Owner::enrolled(&server, "Amal");
        let sent = say(&amal, school, sick("Liv", monday(), monday()));
        sync(&amal);
        let queued = say(&amal, school, sick("Liv", after(1), after(1)));
        drop(amal);
        damage(&owner.path().join("mirror.db"));
        let amal = owner.open();
        assert!(matches!(delivery(&amal, queued), Delivery::OnThisPhoneOnly { .. }));
        assert!(matches!(delivery(&amal, sent), Delivery::AtSchool { .. }));
        assert_eq!(sync(&amal).accepted, 1);
        in_step(&amal, "Amal", &server, "");
    }
}

#[test]
fn a_mirror_of_another_form_starts_over() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    drop(amal);
    let file = rusqlite::Connection::open(owner.path().join("mirror.db")).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    let amal = owner.open();
    assert!(held(&amal).is_empty());
    sync(&amal);
    in_step(&amal, "Amal", &server, "");
}

#[test]
fn a_damaged_outbox_is_put_aside_and_said_so_once() {
    for damage in [scribble, scribble_inside] {
        let server = FakeServer::new();
        let school = server.school();
        let (owner, amal) = Owner::enrolled(&server, "Amal");
        say(&amal, school, sick("Liv", monday(), monday()));
        drop(amal);
        let path = owner.path().join("outbox.db");
        damage(&path);
        let bytes = fs::read(&path).unwrap();
        let Err(PhoneError::OutboxDamaged { kept }) = owner.try_open() else { panic!("not said") };
        assert_eq!(fs::read(&kept).unwrap(), bytes, "whole, and not deleted");
        let amal = owner.open();
        assert_eq!(amal.kept_aside(), [kept]);
        assert_eq!(amal.outbox().unwrap(), []);
        say(&amal, school, sick("Liv", monday(), monday()));
        assert_eq!(sync(&amal).accepted, 1, "the login was not in that file alone");
    }
}

#[test]
fn an_outbox_of_a_newer_app_is_left_as_it_is() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    drop(amal);
    let path = owner.path().join("outbox.db");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.pragma_update(None, "user_version", 7).unwrap();
    drop(file);
    let bytes = fs::read(&path).unwrap();
    assert!(matches!(owner.try_open(), Err(PhoneError::OutboxTooNew { form: 7 })));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_command_of_another_version_of_the_app_is_sent_as_it_stands() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    drop(amal);
    let file = rusqlite::Connection::open(owner.path().join("outbox.db")).unwrap();
    // A field that this version does not know: the bytes that were written are the bytes that are sent.
    file.execute("UPDATE command SET payload = replace(payload, '{\"id\"', '{\"newer\":1,\"id\"')", []).unwrap();
    drop(file);
    let amal = owner.open();
    assert!(attendance(&amal, school, "Liv", monday()).is_some());
    sync(&amal);
    let state = server.0.lock();
    let (sent, json) = &state.received[0];
    assert!(*sent == id && json.starts_with("{\"newer\":1,"), "{json}");
}
