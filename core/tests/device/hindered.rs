//! A phone whose disk takes nothing, or whose folder has been tampered with: what can be read is read, nothing is done by
//! halves, and what waits goes out when it can.

use crate::{
    fake::{FakeServer, Owner, sync},
    saying::{attendance, delivery, say, sick},
    school::{after, monday},
};
use skolebro_core::{
    device::{
        Delivery, Phone, PhoneError, Remembered, Standing,
        secrets::{FileSecretStore, SecretStore},
    },
    domain::people::Language,
};
use std::fs;

/// As on a disk that takes nothing: SQLite cannot make its journals.
fn no_room(owner: &Owner) {
    for journal in ["outbox.db-wal", "mirror.db-wal"] {
        fs::create_dir(owner.path().join(journal)).unwrap();
    }
}

fn room_again(owner: &Owner) {
    for journal in ["outbox.db-wal", "mirror.db-wal"] {
        fs::remove_dir(owner.path().join(journal)).unwrap();
    }
}

#[test]
fn a_phone_without_room_shows_what_it_has_and_takes_nothing_by_halves() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let queued = say(&amal, school, sick("Liv", monday(), monday()));
    drop(amal);
    no_room(&owner);
    let amal = owner.open();
    assert!(amal.only_read().is_some());
    assert!(attendance(&amal, school, "Liv", monday()).is_some(), "the overlay, too");
    assert!(matches!(delivery(&amal, queued), Delivery::OnThisPhoneOnly { .. }));
    let refused =
        |result: Result<(), PhoneError>| assert!(matches!(result, Err(PhoneError::CannotKeep(_))), "{result:?}");
    let home = skolebro_core::domain::command::Capacity::Home;
    refused(amal.submit(school, home, sick("Liv", after(1), after(1)), None).map(drop));
    refused(amal.take_back(queued));
    refused(amal.sync_once(std::time::Duration::from_secs(5)).map(drop));
    refused(amal.even_if_unsent().enrol("Nora", "phone").map(drop));
    assert_eq!(server.0.lock().devices.len(), 1, "no code was used up");
    assert!(server.0.lock().received.is_empty());
    assert_eq!(amal.outbox().unwrap().len(), 1);

    // The same phone, still open.
    room_again(&owner);
    assert_eq!(sync(&amal).accepted, 1);
    assert!(amal.only_read().is_none());
    say(&amal, school, sick("Liv", after(1), after(1)));
    assert_eq!(sync(&amal).accepted, 1);
}

#[test]
fn a_mirror_that_cannot_be_read_either_leaves_the_outbox_readable() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let queued = say(&amal, server.school(), sick("Liv", monday(), monday()));
    drop(amal);
    fs::write(owner.path().join("mirror.db"), b"no database").unwrap();
    no_room(&owner);
    let amal = owner.open();
    assert!(matches!(delivery(&amal, queued), Delivery::OnThisPhoneOnly { .. }));
    assert!(!amal.view(server.school()).unwrap().is_known());
    room_again(&owner);
    assert_eq!(sync(&amal).accepted, 1);
}

#[test]
fn an_outbox_that_is_gone_is_told_once_and_a_folder_in_its_place_is_put_aside() {
    for gone in [true, false] {
        let server = FakeServer::new();
        let school = server.school();
        let (owner, amal) = Owner::enrolled(&server, "Amal");
        say(&amal, school, sick("Liv", monday(), monday()));
        drop(amal);
        let path = owner.path().join("outbox.db");
        fs::remove_file(&path).unwrap();
        if gone {
            assert!(matches!(owner.try_open(), Err(PhoneError::OutboxGone)));
        } else {
            fs::create_dir(&path).unwrap();
            assert!(matches!(owner.try_open(), Err(PhoneError::OutboxDamaged { kept }) if kept.is_dir()));
        }
        let amal = owner.open();
        assert_eq!(amal.who().unwrap().standing, Standing::Enrolled, "the login was not in that file alone");
        say(&amal, school, sick("Liv", monday(), monday()));
        assert_eq!(sync(&amal).accepted, 1);
    }
}

#[test]
fn an_emptied_outbox_is_no_new_one() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    say(&amal, server.school(), sick("Liv", monday(), monday()));
    drop(amal);
    fs::write(owner.path().join("outbox.db"), b"").unwrap();
    assert!(matches!(owner.try_open(), Err(PhoneError::OutboxGone)));
    assert_eq!(owner.open().outbox().unwrap(), []);
}

#[test]
fn a_folder_where_the_mirror_was_is_put_aside_and_the_mirror_starts_over() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let queued = say(&amal, server.school(), sick("Liv", monday(), monday()));
    drop(amal);
    let path = owner.path().join("mirror.db");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    fs::write(path.join("something"), b"of somebody's").unwrap();
    let amal = owner.open();
    assert!(matches!(delivery(&amal, queued), Delivery::OnThisPhoneOnly { .. }));
    assert_eq!(sync(&amal).accepted, 1);
}

#[test]
fn without_its_token_a_phone_shows_and_keeps_and_says_what_is_wrong() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    say(&amal, school, sick("Liv", monday(), monday()));
    owner.secrets.clear().unwrap();
    drop(amal);
    let amal = owner.open();
    assert!(attendance(&amal, school, "Liv", monday()).is_some());
    say(&amal, school, sick("Liv", after(1), after(1)));
    assert!(matches!(amal.sync_once(std::time::Duration::from_secs(5)), Err(PhoneError::TokenLost)));
    assert!(matches!(amal.devices(), Err(PhoneError::TokenLost)));
    // A new code is what helps, and needs no choice.
    amal.enrol("Amal", "phone").unwrap();
    assert_eq!(sync(&amal).accepted, 2);
}

#[test]
fn a_token_file_that_cannot_be_read_is_none_and_the_next_code_mends_it() {
    let server = FakeServer::new();
    let (owner, _amal) = Owner::enrolled(&server, "Amal");
    let secret = owner.secrets.load().unwrap().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (file, path) = (FileSecretStore::in_folder(folder.path()), folder.path().join("token"));
    for bytes in [&b""[..], b"{", b"\xff\xfe", b"[]"] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(file.load().unwrap(), None);
        file.can_save().unwrap();
        file.save(&secret).unwrap();
        assert_eq!(file.load().unwrap(), Some(secret.clone()));
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(file.load().unwrap(), None);
    file.can_save().unwrap();
    file.save(&secret).unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    fs::write(path.join("something"), b"of somebody's").unwrap();
    assert!(file.can_save().is_err(), "before a code is used up");
}

#[test]
fn the_language_and_whom_to_call_are_known_when_nothing_else_is() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    assert_eq!(amal.offices(), Vec::<String>::new());
    amal.view(server.school()).unwrap();
    assert_eq!((amal.language(), amal.offices()), (Some(Language::Sv), vec!["021-000 00".to_owned()]));
    amal.sign_out().unwrap();
    drop(amal);
    for file in ["outbox.db", "mirror.db"] {
        fs::write(owner.path().join(file), b"no database").unwrap();
    }
    let known = Remembered::of(owner.path());
    assert_eq!((known.language, known.phones(&[])), (Some(Language::Sv), vec!["021-000 00".to_owned()]));
    // Another person's is not used, and what cannot be read is as if it were not there.
    let _ = owner.try_open();
    let nora = owner.open();
    nora.enrol("Nora", "phone").unwrap();
    assert_eq!(nora.offices(), Vec::<String>::new());
    fs::write(owner.path().join("known.json"), b"{\"language\":7}").unwrap();
    assert_eq!(Remembered::of(owner.path()), Remembered::default());
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_made_is_closed_to_them_and_what_is_not_the_phones_is_left_alone() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let open = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let server = FakeServer::new();
    let owner = Owner::new(&server);
    open(owner.path(), 0o755);
    fs::write(owner.path().join("server"), b"https://skolebro.example").unwrap();
    open(&owner.path().join("server"), 0o644);
    let amal = owner.open();
    assert_eq!(amal.open_to_others().len(), 0);
    drop(amal);
    assert_eq!(mode(owner.path()), 0o700);
    for file in ["outbox.db", "mirror.db", "server"] {
        assert_eq!(mode(&owner.path().join(file)), 0o600, "{file}");
    }

    // Somebody's home, say: not ours to close, so it is told. A link is not followed.
    let elsewhere = tempfile::tempdir().unwrap();
    let theirs = elsewhere.path().join("letter.txt");
    fs::write(&theirs, b"theirs").unwrap();
    open(&theirs, 0o644);
    fs::write(owner.path().join("photo.jpg"), b"theirs").unwrap();
    open(&owner.path().join("photo.jpg"), 0o644);
    symlink(&theirs, owner.path().join("clock")).unwrap();
    open(owner.path(), 0o755);
    let amal: Phone = owner.open();
    assert_eq!(amal.open_to_others(), [owner.path().to_owned()]);
    assert_eq!((mode(owner.path()), mode(&theirs), mode(&owner.path().join("photo.jpg"))), (0o755, 0o644, 0o644));
    assert_eq!(mode(&owner.path().join("outbox.db")), 0o600);
}
