//! Opening and closing, subscribing and cancelling, ten thousand times each: memory and threads stay where they were.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![cfg(target_os = "linux")]

mod shell;

use shell::{Memory, Silent, nobody_there};
use skolebro_ffi::{Cancellation, Skolebro, testing::allocations_held};
use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

const WINDOW: usize = 1_000;
/// Ten thousand cycles.
const FEWEST: usize = 10;
const MOST: usize = 60;
/// Of which the middle one is asked.
const LAST: usize = 5;
/// In kilobytes: thirty-two bytes for each cycle of a window.
const GROWTH: i64 = 32;

fn status(field: &str) -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap()
}

/// What leaks adds to every window and never stops; what an allocator takes now and then adds to a few. So the middle one
/// of the last windows is asked, and again until it is flat or has been given long enough.
fn flat(what: &str, mut cycle: impl FnMut()) {
    (0..WINDOW).for_each(|_| cycle());
    let before = allocations_held();
    let mut windows = Vec::new();
    let middle = |windows: &[i64]| {
        let mut last = windows[windows.len() - LAST..].to_vec();
        last.sort_unstable();
        last[LAST / 2]
    };
    while windows.len() < FEWEST || (middle(&windows) > GROWTH && windows.len() < MOST) {
        let start = status("VmRSS");
        (0..WINDOW).for_each(|_| cycle());
        windows.push(status("VmRSS") - start);
    }
    // Fewer than one in ten cycles; threads that are ending still hold some.
    let held = || allocations_held().saturating_sub(before);
    wait_until(|| held() < WINDOW as u64, || format!("{what} leaves {} allocations", held()));
    println!("{what}: {windows:?} kB in windows of {WINDOW}, {} allocations", held());
    assert!(middle(&windows) <= GROWTH, "{what} grows: {windows:?} kB");
}

fn wait_for_threads(most: i64) {
    wait_until(|| status("Threads") <= most, || format!("{} threads are left of {most}", status("Threads")));
}

fn wait_until(so: impl Fn() -> bool, otherwise: impl Fn() -> String) {
    let until = Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(Instant::now() < until, "{}", otherwise());
        std::thread::yield_now();
    }
}

#[test]
fn nothing_is_left_of_ten_thousand_cycles() {
    // In memory where there is such a place: what is asked here is not how fast a disk is.
    let shared = std::path::Path::new("/dev/shm");
    let folder = if shared.is_dir() { tempfile::tempdir_in(shared) } else { tempfile::tempdir() }.unwrap();
    let secrets = Arc::new(Memory::default());
    let threads = status("Threads");
    flat("opening and closing", || {
        let phone = Skolebro::open(nobody_there(folder.path()), secrets.clone()).unwrap();
        let _listening = phone.on_change(Arc::new(Silent)).unwrap();
        phone.shut_down();
    });
    wait_for_threads(threads);

    let phone = Skolebro::open(nobody_there(folder.path()), secrets).unwrap();
    flat("subscribing and cancelling", || {
        phone.on_change(Arc::new(Silent)).unwrap().cancel();
        drop(phone.on_sync(Arc::new(Silent)).unwrap());
        // Called off before it began.
        let its = Cancellation::new();
        its.cancel();
        phone.sync_once(Duration::from_mins(1), Some(its)).unwrap();
        phone.start_sync().unwrap();
        phone.stop_sync().unwrap();
    });
    phone.shut_down();
    wait_for_threads(threads);
}
