//! What the same calls cost in Rust that the other languages make through the border: `cargo xtask bindings --figures` runs
//! this and theirs, one after the other, and prints them side by side. Each line is JSON: `{"lang", "what", "ns"}`.
//!
//! `SKOLEBRO_CONTRACT_HOST` names the server's program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../tests/contract/host.rs"]
mod host;
#[path = "../tests/shell/mod.rs"]
mod shell;

use serde_json::json;
use skolebro_core::{
    device::screens::{AbsencePlace, Screen, ScreenRequest},
    domain::ids::SchoolId,
};
use skolebro_ffi::{Settings, Skolebro};
use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

/// The median of so many runs, in nanoseconds.
fn median(runs: usize, mut run: impl FnMut()) -> u128 {
    let mut took: Vec<u128> = (0..runs)
        .map(|_| {
            let since = Instant::now();
            run();
            since.elapsed().as_nanos()
        })
        .collect();
    took.sort_unstable();
    took[runs / 2]
}

fn show(what: &str, ns: u128) {
    println!("{}", json!({ "lang": "rust", "what": what, "ns": u64::try_from(ns).unwrap() }));
}

fn page(phone: &Skolebro, school: SchoolId, after: Option<AbsencePlace>) -> (usize, Option<AbsencePlace>) {
    let (from, to) = ("2026-09-01".parse().unwrap(), "2026-10-30".parse().unwrap());
    let wanted = ScreenRequest::Absences { from, to, after, limit: 200 };
    match phone.screen(school, wanted).unwrap() {
        Screen::Absences { shown } => (shown.absences.items.len(), shown.absences.next),
        other => panic!("{other:?}"),
    }
}

fn main() {
    let ask = |request| host::ask(&request).unwrap();
    let town = ask(json!({ "host": "open", "at": "2026-09-15T04:50:00Z" }));
    let (number, url) = (town["town"].clone(), town["url"].as_str().unwrap().to_owned());
    ask(json!({ "host": "grow", "town": number, "pupils": 500 }));
    ask(json!({ "host": "absences", "town": number, "pupils": 500, "days": 20, "from": "2026-09-08" }));
    let school: SchoolId = town["school"].as_str().unwrap().parse().unwrap();
    let code = |person: &str| {
        let answer = ask(json!({ "host": "code", "town": number, "person": person }));
        answer["code"].as_str().unwrap().to_owned()
    };
    let folder = tempfile::tempdir().unwrap();
    let enrolled = |person: &str| {
        let settings =
            Settings { folder: folder.path().join(person).display().to_string(), server: url.clone(), language: None };
        let secrets = Arc::new(shell::Memory::default());
        let phone = Skolebro::open(settings.clone(), secrets.clone()).unwrap();
        phone.enrol(code(person), "figures".to_owned(), None, false).unwrap();
        phone.sync_once(Duration::from_secs(60), None).unwrap();
        (settings, secrets, phone)
    };
    let (settings, secrets, amal) = enrolled("Amal");
    let (_, _, olga) = enrolled("Olga");

    show(
        "trivial_call",
        median(1000, || {
            for _ in 0..100 {
                black_box(amal.sync_state());
            }
        }) / 100,
    );
    show(
        "today",
        median(300, || {
            black_box(amal.screen(school, ScreenRequest::Home).unwrap());
        }),
    );
    show(
        "page_200",
        median(50, || {
            black_box(page(&olga, school, None));
        }),
    );
    show(
        "pages_10000",
        median(5, || {
            let (mut total, mut after) = (0, None);
            loop {
                let (items, next) = page(&olga, school, after);
                total += items;
                after = next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(total, 10_000);
        }),
    );
    amal.shut_down();
    show(
        "cold_open",
        median(50, || {
            let phone = Skolebro::open(settings.clone(), secrets.clone()).unwrap();
            black_box(phone.screen(school, ScreenRequest::Home).unwrap());
            phone.shut_down();
        }),
    );
}
