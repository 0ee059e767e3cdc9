//! Who may use a phone: revoked, signed out, unknown, somebody else. The queue outlives all of it.

use crate::{
    fake::{FakeServer, Owner, held, in_step, sync},
    saying::{attendance, delivery, say, sick},
    school::{monday, person},
};
use parking_lot::Mutex;
use skolebro_core::{
    device::{
        Change, Delivery, PhoneError, Standing, SyncEnd,
        secrets::{FileSecretStore, Secret, SecretStore, Token},
    },
    domain::ids::DeviceId,
};
use std::sync::Arc;

#[test]
fn a_revoked_phone_wipes_its_mirror_and_seals_its_outbox() {
    let server = FakeServer::new();
    let school = server.school();
    let (lost_owner, lost) = Owner::enrolled(&server, "Amal");
    let (_other_owner, other) = Owner::enrolled(&server, "Amal");
    let id = say(&lost, school, sick("Liv", monday(), monday()));
    let lost_device = lost.who().unwrap().device;
    assert_eq!(other.devices().unwrap().len(), 2);
    other.revoke_device(lost_device).unwrap();

    let heard = Arc::new(Mutex::new(Vec::new()));
    let into = heard.clone();
    let _listening = lost.on_change(move |change| into.lock().push(change.clone()));
    assert_eq!(sync(&lost).ended, SyncEnd::SignedOut(Some(Standing::Revoked)));
    assert!(heard.lock().contains(&Change::Login));
    assert!(matches!(lost.view(school), Err(PhoneError::NotEnrolled)));
    assert!(matches!(lost.outbox(), Err(PhoneError::NotEnrolled)));
    let refused =
        lost.submit(school, skolebro_core::domain::command::Capacity::Home, sick("Liv", monday(), monday()), None);
    assert!(matches!(refused, Err(PhoneError::NotEnrolled)));
    assert_eq!(lost_owner.secrets.load().unwrap(), None);
    drop(lost);
    let liv = person("Liv").0;
    for file in ["mirror.db", "mirror.db-wal"] {
        let bytes = std::fs::read(lost_owner.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows(16).any(|window| window == liv.as_bytes()), "{file} still tells of Liv");
    }

    let found = lost_owner.open();
    assert_eq!(found.who().unwrap().standing, Standing::Revoked);
    found.enrol("Amal", "phone").unwrap();
    assert!(matches!(delivery(&found, id), Delivery::OnThisPhoneOnly { .. }), "unsealed");
    assert_eq!(sync(&found).accepted, 1);
    in_step(&found, "Amal", &server, "");
}

/// As on a full disk: nothing can be deleted from the mirror any more.
fn no_room_to_delete(owner: &Owner) {
    let file = rusqlite::Connection::open(owner.path().join("mirror.db")).unwrap();
    file.execute_batch("CREATE TRIGGER full BEFORE DELETE ON record BEGIN SELECT RAISE(FAIL, 'no room'); END").unwrap();
}

fn tells_of(owner: &Owner, name: &str) -> bool {
    let id = person(name).0;
    ["mirror.db", "mirror.db-wal"].iter().any(|file| {
        let bytes = std::fs::read(owner.path().join(file)).unwrap_or_default();
        bytes.windows(16).any(|window| window == id.as_bytes())
    })
}

#[test]
fn a_revoked_phone_without_room_to_wipe_shows_nothing_and_keeps_nothing() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, lost) = Owner::enrolled(&server, "Amal");
    let (_other_owner, other) = Owner::enrolled(&server, "Amal");
    say(&lost, school, sick("Liv", monday(), monday()));
    other.revoke_device(lost.who().unwrap().device).unwrap();
    no_room_to_delete(&owner);
    assert!(tells_of(&owner, "Liv"));
    assert_eq!(sync(&lost).ended, SyncEnd::SignedOut(Some(Standing::Revoked)));
    assert!(matches!(lost.outbox(), Err(PhoneError::NotEnrolled)));
    assert!(matches!(lost.view(school), Err(PhoneError::NotEnrolled)));
    assert_eq!(owner.secrets.load().unwrap(), None);
    assert!(!tells_of(&owner, "Liv"));
    lost.enrol("Amal", "phone").unwrap();
    assert_eq!(sync(&lost).accepted, 1, "and the queue is as it was left");
    in_step(&lost, "Amal", &server, "");
}

#[test]
fn a_screen_that_is_drawn_just_now_does_not_hold_up_the_wiping() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let view = amal.view(school).unwrap();
    let begun = std::time::Instant::now();
    amal.sign_out().unwrap();
    assert!(begun.elapsed() < std::time::Duration::from_secs(4), "it waited for the screen");
    assert!(matches!(amal.view(school), Err(PhoneError::NotEnrolled)));
    drop(view);
    drop(amal);
    let amal = owner.open();
    assert!(!tells_of(&owner, "Liv"), "what the screen held back goes when the phone is opened next");
    assert_eq!(amal.who().unwrap().standing, Standing::SignedOut);
}

#[test]
fn what_one_login_has_read_the_next_of_the_same_person_does_not_keep() {
    let server = FakeServer::new();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    assert!(!held(&amal).is_empty());
    let again = amal.clone();
    // The answer to the old device comes after its person has enrolled anew: rights may differ, as strong assurance does.
    server.0.lock().between = Some(Box::new(move || {
        again.enrol("Amal", "phone").unwrap();
        assert!(held(&again).is_empty(), "a device's rights are its own");
    }));
    let answered = amal.sync_once(std::time::Duration::from_secs(20)).unwrap();
    assert!(matches!(answered.ended, SyncEnd::SignedOut(_) | SyncEnd::Busy | SyncEnd::Complete), "{answered:?}");
    assert!(held(&amal).is_empty() || answered.ended == SyncEnd::Complete);
    sync(&amal);
    in_step(&amal, "Amal", &server, "");
}

#[test]
fn revoking_the_phone_in_the_hand_signs_it_out_at_once() {
    let server = FakeServer::new();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    amal.revoke_device(amal.who().unwrap().device).unwrap();
    assert_eq!(amal.who().unwrap().standing, Standing::Revoked);
}

#[test]
fn an_unknown_token_is_kept_and_tried_again_and_the_queue_with_it() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    // Somebody started the server on the wrong folder.
    let devices = std::mem::take(&mut server.0.lock().devices);
    assert_eq!(sync(&amal).ended, SyncEnd::SignedOut(Some(Standing::TokenUnknown)));
    assert_eq!(amal.who().unwrap().standing, Standing::TokenUnknown);
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    assert!(matches!(delivery(&amal, id), Delivery::OnThisPhoneOnly { .. }));
    drop(amal);
    let amal = owner.open();
    assert_eq!(sync(&amal).ended, SyncEnd::SignedOut(Some(Standing::TokenUnknown)));
    // On the right one, nobody has to enrol again.
    server.0.lock().devices = devices;
    let report = sync(&amal);
    assert_eq!((report.ended, report.accepted), (SyncEnd::Complete, 1));
    assert_eq!(amal.who().unwrap().standing, Standing::Enrolled);
    // Where it stays unknown, a new code helps.
    server.0.lock().devices.clear();
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    sync(&amal);
    assert!(matches!(delivery(&amal, id), Delivery::OnThisPhoneOnly { .. }));
    amal.enrol("Amal", "phone").unwrap();
    assert_eq!(sync(&amal).accepted, 1);
}

#[test]
fn another_person_in_the_same_folder_sees_and_sends_nothing_of_the_first() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, phone) = Owner::enrolled(&server, "Amal");
    let hers = say(&phone, school, sick("Liv", monday(), monday()));
    phone.even_if_unsent().sign_out().unwrap();
    phone.enrol("Nora", "phone").unwrap();
    assert_eq!(phone.outbox().unwrap(), []);
    assert!(attendance(&phone, school, "Liv", monday()).is_none());
    sync(&phone);
    in_step(&phone, "Nora", &server, "");
    assert!(server.0.lock().received.is_empty());
    say(&phone, school, sick("Omar", monday(), monday()));
    drop(phone);

    let phone = owner.open();
    phone.even_if_unsent().enrol("Amal", "phone").unwrap();
    assert!(matches!(delivery(&phone, hers), Delivery::OnThisPhoneOnly { .. }));
    sync(&phone);
    assert_eq!(server.0.lock().applied, [hers], "hers, and not Nora's in her name");
    in_step(&phone, "Amal", &server, "");
}

#[test]
fn an_answer_to_the_one_who_left_does_not_reach_the_one_who_came() {
    let server = FakeServer::new();
    let owner = Owner::new(&server);
    let phone = owner.open();
    phone.enrol("Amal", "phone").unwrap();
    let swap = phone.clone();
    server.0.lock().between = Some(Box::new(move || {
        swap.sign_out().unwrap();
        swap.enrol("Nora", "phone").unwrap();
    }));
    sync(&phone);
    let nora = server.expected("Nora");
    assert!(held(&phone).is_subset(&nora), "something of Amal's came to Nora");
    sync(&phone);
    assert_eq!(held(&phone), nora);
}

#[test]
fn a_wrong_code_says_so_and_leaves_the_phone_as_it_was() {
    let server = FakeServer::new();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    assert!(matches!(amal.enrol("guess", "phone"), Err(PhoneError::Transport(_))));
    assert_eq!(amal.who().unwrap().standing, Standing::Enrolled);
}

#[test]
fn the_token_is_in_no_database_and_in_no_debug_text() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let secret = owner.secrets.load().unwrap().unwrap();
    assert!(
        !format!("{secret:?}").contains(secret.token.reveal()) || secret.token.reveal() == secret.device.to_string()
    );
    // The fake's tokens are its device ids, which the outbox may know: a token of its own shows the difference.
    let own = Token::new("a-token-of-its-own".into());
    assert_eq!(format!("{own:?}"), "Token(…)");
    drop(amal);

    let folder = tempfile::tempdir().unwrap();
    let file = FileSecretStore::in_folder(folder.path());
    assert_eq!(file.load().unwrap(), None);
    let kept = Secret { token: own, person: person("Amal"), device: DeviceId::new(), language: None, schools: vec![] };
    file.save(&kept).unwrap();
    assert_eq!(file.load().unwrap(), Some(kept));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path().join("token")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    file.clear().unwrap();
    assert_eq!(file.load().unwrap(), None);
}
