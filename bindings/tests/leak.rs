//! Opening and closing, subscribing and cancelling, ten thousand times each: memory and threads stay where they were.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(target_os = "linux")]

mod shell;

use shell::{Memory, Silent, nobody_there};
use skolebro_ffi::Skolebro;
use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

const CYCLES: usize = 10_000;
/// What the second half of the cycles may add, in kilobytes: less than a hundred bytes for each.
const GROWTH: i64 = 500;

fn status(field: &str) -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap()
}

/// How much the second half of the cycles has added to what the process holds.
fn growth(mut cycle: impl FnMut()) -> i64 {
    (0..CYCLES / 2).for_each(|_| cycle());
    let half = status("VmRSS");
    (0..CYCLES / 2).for_each(|_| cycle());
    status("VmRSS") - half
}

fn wait_for_threads(most: i64) {
    let until = Instant::now() + Duration::from_secs(20);
    while status("Threads") > most {
        assert!(Instant::now() < until, "{} threads are left of {most}", status("Threads"));
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
    let grown = growth(|| {
        let phone = Skolebro::open(nobody_there(folder.path()), secrets.clone()).unwrap();
        let _listening = phone.on_change(Arc::new(Silent)).unwrap();
        phone.shut_down();
    });
    assert!(grown < GROWTH, "opening and closing: {grown} kB");
    wait_for_threads(threads);

    let phone = Skolebro::open(nobody_there(folder.path()), secrets).unwrap();
    let grown = growth(|| {
        phone.on_change(Arc::new(Silent)).unwrap().cancel();
        drop(phone.on_sync(Arc::new(Silent)).unwrap());
    });
    assert!(grown < GROWTH, "subscribing and cancelling: {grown} kB");
    phone.shut_down();
    wait_for_threads(threads);
}
