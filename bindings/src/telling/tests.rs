//! Order, one call at a time, nothing after the end, and a bound on what waits for a slow listener.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use std::sync::mpsc;

const LONG: Duration = Duration::from_secs(20);

/// Tells what it heard, and waits to be let go on where it is a slow one.
fn hearing(teller: &Teller, listeners: &Listeners<u32>) -> (Arc<Listener<u32>>, mpsc::Receiver<Option<u32>>) {
    assert!(teller.start());
    let (heard, hearing) = mpsc::channel();
    let tell = move |what| heard.send(what).unwrap();
    (listeners.add(teller, Box::new(tell)), hearing)
}

#[test]
fn the_current_state_comes_first_and_then_everything_in_order() {
    let (teller, listeners) = (Teller::default(), Listeners::default());
    let (_listener, heard) = hearing(&teller, &listeners);
    assert_eq!(heard.recv_timeout(LONG), Ok(None));
    for what in 0..50 {
        listeners.tell(&teller, &what);
    }
    for what in 0..50 {
        assert_eq!(heard.recv_timeout(LONG), Ok(Some(what)));
    }
}

#[test]
fn nothing_is_told_after_a_cancel() {
    let (teller, listeners) = (Teller::default(), Listeners::default());
    let (first, heard) = hearing(&teller, &listeners);
    let (_second, also) = hearing(&teller, &listeners);
    assert_eq!((heard.recv_timeout(LONG), also.recv_timeout(LONG)), (Ok(None), Ok(None)));
    listeners.remove(&teller, &first);
    listeners.tell(&teller, &7);
    // One thread, in order: what the first would have heard came before this.
    assert_eq!(also.recv_timeout(LONG), Ok(Some(7)));
    assert!(heard.try_recv().is_err());
}

#[test]
fn a_slow_listener_hears_the_current_state_in_place_of_what_it_could_not_take() {
    let (teller, listeners) = (Teller::default(), Listeners::default());
    assert!(teller.start());
    let (go, going) = mpsc::channel::<()>();
    let (heard, hearing) = mpsc::channel();
    let going = Mutex::new(going);
    let tell = move |what: Option<u32>| {
        heard.send(what).unwrap();
        let _ = going.lock().recv_timeout(LONG);
    };
    let _listener = listeners.add(&teller, Box::new(tell));
    assert_eq!(hearing.recv_timeout(LONG), Ok(None));
    for what in 0..1000 {
        listeners.tell(&teller, &what);
    }
    let waiting = teller.shared.queue.lock().tasks.len();
    assert!(waiting <= MOST_PENDING + 1, "{waiting} wait");
    for what in (0..64).map(Some).chain([None]) {
        go.send(()).unwrap();
        assert_eq!(hearing.recv_timeout(LONG), Ok(what));
    }
    go.send(()).unwrap();
    listeners.tell(&teller, &1000);
    assert_eq!(hearing.recv_timeout(LONG), Ok(Some(1000)), "what comes after that is told again");
    drop(go);
}

#[test]
fn a_listener_that_panics_is_told_the_next_thing_and_so_are_the_others() {
    let (teller, listeners) = (Teller::default(), Listeners::default());
    let (heard, hearing) = mpsc::channel();
    assert!(teller.start());
    let tell = move |what: Option<u32>| {
        heard.send(what).unwrap();
        panic!("a listener that fails");
    };
    let _failing = listeners.add(&teller, Box::new(tell));
    let (_other, also) = self::hearing(&teller, &listeners);
    listeners.tell(&teller, &1);
    for heard in [&hearing, &also] {
        assert_eq!(heard.recv_timeout(LONG), Ok(None));
        assert_eq!(heard.recv_timeout(LONG), Ok(Some(1)));
    }
}
