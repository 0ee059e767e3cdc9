//! Calls that overlap: who stops, closes or syncs while another does. Each comes back when what it asked for is so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shell;

use parking_lot::Mutex;
use shell::{Memory, nobody_there};
use skolebro_core::device::SyncEnd;
use skolebro_ffi::{ListenerError, SecretStore, SecretStoreError, Skolebro, SkolebroError, SyncListener, SyncState};
use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

const LONG: Duration = Duration::from_secs(20);

/// Does something of the test's whenever it is asked for the secret, after the first time, which is that of opening.
struct Asked<F>(F, AtomicUsize);

impl<F: Fn() + Send + Sync> SecretStore for Asked<F> {
    fn load(&self) -> Result<Option<String>, SecretStoreError> {
        if self.1.fetch_add(1, SeqCst) > 0 {
            (self.0)();
        }
        Ok(None)
    }
    fn save(&self, _: String) -> Result<(), SecretStoreError> {
        Ok(())
    }
    fn clear(&self) -> Result<(), SecretStoreError> {
        Ok(())
    }
}

#[test]
fn a_loop_that_is_stopped_while_it_asks_for_the_secret_does_not_sync() {
    let folder = tempfile::tempdir().unwrap();
    let (itself, (asked, asking)) = (Arc::new(Mutex::new(Weak::<Skolebro>::new())), mpsc::channel());
    let store = Asked(
        {
            let itself = itself.clone();
            move || {
                let phone = itself.lock().upgrade();
                // On the loop's own thread: it comes back before the loop has ended.
                phone.unwrap().stop_sync().unwrap();
                asked.send(()).unwrap();
            }
        },
        AtomicUsize::new(0),
    );
    let phone = Skolebro::open(nobody_there(folder.path()), Arc::new(store)).unwrap();
    *itself.lock() = Arc::downgrade(&phone);
    phone.start_sync().unwrap();
    asking.recv_timeout(LONG).unwrap();
    until("the loop has ended", || phone.sync_state().last.map(|last| last.ended) == Some(SyncEnd::Cancelled));
    let state = phone.sync_state();
    assert!(!state.running && !state.syncing, "{state:?}");
    phone.start_sync().unwrap();
    asking.recv_timeout(LONG).unwrap();
}

#[test]
fn whoever_shuts_down_second_does_not_come_back_first() {
    let folder = tempfile::tempdir().unwrap();
    let ((asked, asking), (go_on, going_on)) = (mpsc::channel(), mpsc::channel::<()>());
    let going_on = Mutex::new(going_on);
    let store = move || {
        asked.send(()).unwrap();
        let _ = going_on.lock().recv();
    };
    let phone = Skolebro::open(nobody_there(folder.path()), Arc::new(Asked(store, AtomicUsize::new(0)))).unwrap();
    phone.start_sync().unwrap();
    asking.recv_timeout(LONG).unwrap();
    let released = Arc::new(AtomicBool::new(false));
    let closers: Vec<_> = (0..2)
        .map(|_| {
            let (phone, released) = (phone.clone(), released.clone());
            thread::spawn(move || {
                phone.shut_down();
                released.load(SeqCst)
            })
        })
        .collect();
    until("it is closed", || phone.who() == Err(SkolebroError::Closed));
    released.store(true, SeqCst);
    drop(go_on);
    for closer in closers {
        assert!(closer.join().unwrap(), "it came back while the loop was at work");
    }
}

struct Last(Arc<Mutex<Option<SyncState>>>);

impl SyncListener for Last {
    fn changed(&self, state: SyncState) -> Result<(), ListenerError> {
        *self.0.lock() = Some(state);
        Ok(())
    }
}

#[test]
fn syncs_that_end_together_leave_no_listener_with_one_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let phone = Skolebro::open(nobody_there(folder.path()), Arc::new(Memory::default())).unwrap();
    let heard = Arc::new(Mutex::new(None));
    let _listening = phone.on_sync(Arc::new(Last(heard.clone()))).unwrap();
    for _ in 0..1_000 {
        thread::scope(|all| {
            for _ in 0..3 {
                all.spawn(|| phone.sync_once(LONG, None).unwrap());
            }
        });
        until("what was heard last is so", || *heard.lock() == Some(phone.sync_state()));
    }
    assert!(!phone.sync_state().syncing);
}

fn until(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + LONG;
    while !so() {
        assert!(Instant::now() < end, "never came: {what}");
        thread::yield_now();
    }
}
