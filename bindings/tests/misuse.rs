//! What a shell does wrong: calls after the end, from any thread, with listeners and stores that fail. Each gets a typed
//! error, and nothing aborts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shell;

use parking_lot::Mutex;
use shell::{Memory, Silent, nobody_there};
use skolebro_core::{
    device::{Change, SyncEnd},
    domain::ids::{CommandId, DeviceId, SchoolId},
};
use skolebro_ffi::{
    ChangeListener, ListenerError, SecretStore, SecretStoreError, Settings, Skolebro, SkolebroError, testing,
};
use std::{
    net::TcpListener,
    sync::{Arc, Weak, mpsc},
    thread,
    time::Duration,
};
use tempfile::TempDir;

const LONG: Duration = Duration::from_secs(20);

fn phone() -> (TempDir, Arc<Skolebro>) {
    let folder = tempfile::tempdir().unwrap();
    let phone = Skolebro::open(nobody_there(folder.path()), Arc::new(Memory::default())).unwrap();
    (folder, phone)
}

#[test]
fn a_closed_phone_says_so_to_every_call() {
    let (_folder, phone) = phone();
    phone.shut_down();
    phone.shut_down();
    let (id, school) = (CommandId::new(), SchoolId::derive(&[&"no school"]));
    let closed = [
        phone.who().map(drop),
        phone.enrol("CODE".into(), "phone".into(), None, false).map(drop),
        phone.sign_out(false),
        phone.sealed().map(drop),
        phone.devices(None).map(drop),
        phone.make_code(school, skolebro_core::domain::ids::PersonId::derive(&[&"Amal"]), None).map(drop),
        phone.revoke_device(DeviceId::new(), None, false),
        phone.language().map(drop),
        phone.set_language(None),
        phone.screen(school, skolebro_core::device::screens::ScreenRequest::Home).map(drop),
        phone.now().map(drop),
        phone.warnings().map(drop),
        phone.resend(id).map(drop),
        phone.dismiss(id),
        phone.take_back(id),
        phone.sync_once(LONG, None).map(drop),
        phone.cancel(),
        phone.start_sync(),
        phone.stop_sync(),
        phone.sync_now(),
        phone.suspend(),
        phone.resume(),
        phone.kept_aside().map(drop),
        phone.on_change(Arc::new(Silent)).map(drop),
        phone.on_sync(Arc::new(Silent)).map(drop),
    ];
    for (call, answer) in closed.into_iter().enumerate() {
        assert_eq!(answer, Err(SkolebroError::Closed), "call {call}");
    }
    assert!(!phone.sync_state().running);
}

#[test]
fn nobody_is_signed_in_and_that_is_what_is_said() {
    let (_folder, phone) = phone();
    let school = SchoolId::derive(&[&"no school"]);
    assert_eq!(phone.who(), Ok(None));
    let wanted = skolebro_core::device::screens::ScreenRequest::Home;
    assert_eq!(phone.screen(school, wanted).map(drop), Err(SkolebroError::NotSignedIn { standing: None }));
    assert_eq!(phone.sync_once(LONG, None).unwrap().ended, SyncEnd::SignedOut(None));
    assert_eq!(phone.enrol("CODE".into(), "phone".into(), None, false).map(drop), Err(SkolebroError::Offline));
}

#[test]
fn a_panic_inside_is_an_error_and_the_phone_goes_on() {
    let (_folder, phone) = phone();
    for _ in 0..3 {
        let answer = testing::panic_inside(&phone);
        assert_eq!(answer, Err(SkolebroError::Internal { detail: "asked for".to_owned() }));
    }
    assert_eq!(phone.who(), Ok(None));
}

#[test]
fn addresses_that_would_send_a_code_in_the_open_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for server in ["http://skole.example.se", "http://127.evil.example", "ftp://127.0.0.1", "skole", ""] {
        let settings = Settings { server: server.to_owned(), ..nobody_there(folder.path()) };
        let opened = Skolebro::open(settings, Arc::new(Memory::default()));
        assert!(matches!(opened, Err(SkolebroError::BadSettings { .. })), "{server}");
    }
    for folder in ["", "  ", "a\0b"] {
        let settings = Settings { folder: folder.to_owned(), ..nobody_there(std::path::Path::new("x")) };
        let opened = Skolebro::open(settings, Arc::new(Memory::default()));
        assert!(matches!(opened, Err(SkolebroError::BadSettings { .. })), "{folder:?}");
    }
}

/// Calls the phone from within, and then fails in the worst way.
struct Meddler {
    phone: Mutex<Weak<Skolebro>>,
    heard: mpsc::Sender<Change>,
    shuts_down: bool,
}

impl ChangeListener for Meddler {
    fn changed(&self, change: Change) -> Result<(), ListenerError> {
        let phone = self.phone.lock().upgrade();
        if let Some(phone) = phone {
            let _ = phone.who();
            let _ = phone.on_change(Arc::new(Silent)).map(|subscription| subscription.cancel());
            if self.shuts_down {
                phone.shut_down();
            }
        }
        self.heard.send(change).unwrap();
        panic!("a listener that fails");
    }
}

#[test]
fn a_listener_may_call_back_and_fail_and_still_hears_the_next_change() {
    let (_folder, phone) = phone();
    let (heard, hearing) = mpsc::channel();
    let meddler = Meddler { phone: Mutex::new(Arc::downgrade(&phone)), heard, shuts_down: false };
    let _listening = phone.on_change(Arc::new(meddler)).unwrap();
    for _ in 0..3 {
        assert_eq!(hearing.recv_timeout(LONG), Ok(Change::Everything));
        phone.set_language(None).unwrap();
    }
}

#[test]
fn a_listener_may_shut_the_phone_down() {
    let (_folder, phone) = phone();
    let (heard, hearing) = mpsc::channel();
    phone.start_sync().unwrap();
    let meddler = Meddler { phone: Mutex::new(Arc::downgrade(&phone)), heard, shuts_down: true };
    let listening = phone.on_change(Arc::new(meddler)).unwrap();
    assert_eq!(hearing.recv_timeout(LONG), Ok(Change::Everything));
    assert_eq!(phone.who(), Err(SkolebroError::Closed));
    listening.cancel();
}

/// Fails, or panics.
struct Broken {
    panics: bool,
}

impl SecretStore for Broken {
    fn load(&self) -> Result<Option<String>, SecretStoreError> {
        assert!(!self.panics, "a store that fails");
        Err(SecretStoreError::Locked)
    }
    fn save(&self, _: String) -> Result<(), SecretStoreError> {
        Err(SecretStoreError::Failed { detail: "no".into() })
    }
    fn clear(&self) -> Result<(), SecretStoreError> {
        Err(SecretStoreError::Failed { detail: "no".into() })
    }
}

#[test]
fn a_secret_store_that_fails_is_told_of_and_one_that_panics_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let phone = Skolebro::open(nobody_there(folder.path()), Arc::new(Broken { panics: false })).unwrap();
    assert_eq!(phone.who(), Ok(None));
    phone.shut_down();
    let opened = Skolebro::open(nobody_there(folder.path()), Arc::new(Broken { panics: true }));
    assert!(matches!(opened, Err(SkolebroError::Internal { .. })));
}

#[test]
fn closing_does_not_wait_for_a_server_that_is_silent() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = format!("http://{}", silent.local_addr().unwrap());
    let settings = Settings { server, ..nobody_there(folder.path()) };
    let phone = Skolebro::open(settings, Arc::new(Memory::default())).unwrap();
    let waiting = thread::spawn({
        let phone = phone.clone();
        move || phone.enrol("CODE".into(), "phone".into(), None, false)
    });
    // Held, so that the server stays silent rather than away.
    let _held = silent.accept().unwrap();
    phone.shut_down();
    assert_eq!(waiting.join().unwrap().map(drop), Err(SkolebroError::Cancelled));
}

#[test]
fn opened_here_used_there_and_closed_elsewhere() {
    let (_folder, phone) = phone();
    let users: Vec<_> = (0..8)
        .map(|_| {
            let phone = phone.clone();
            thread::spawn(move || (0..50).all(|_| phone.who() == Ok(None) && phone.now().is_ok()))
        })
        .collect();
    assert!(users.into_iter().all(|user| user.join().unwrap()));
    thread::spawn({
        let phone = phone.clone();
        move || phone.shut_down()
    })
    .join()
    .unwrap();
    assert_eq!(phone.who(), Err(SkolebroError::Closed));
}

#[test]
fn every_error_has_words_in_every_language() {
    for variant in testing::error_variants() {
        let error = testing::fail_with(variant.clone()).unwrap_err();
        for language in skolebro_core::domain::people::Language::ALL.iter().copied() {
            let words = skolebro_ffi::explain(error.clone(), language);
            assert!(!words.text.is_empty() && !words.instead.is_empty(), "{variant} in {}", language.tag());
            assert!(!words.text.contains("prov"), "{variant} says its detail to a person");
        }
    }
    assert_eq!(testing::fail_with("None".into()), Ok(()));
}
