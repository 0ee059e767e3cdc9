//! A real bundle through the operator's command: by itself, to a running server, twice, and wrongly.

use crate::town::parse;
use chrono::NaiveDate;
use serde_json::Value;
use skolebro_demo::sample::{Country, Municipality, SampleSpec};
use skolebro_server::{
    operate::{answer::Answer, socket},
    roster::report::ImportReport,
    serve::{Running, ServeOptions},
};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn bundle(folder: &Path) -> PathBuf {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let spec = SampleSpec { pupils: 200, seed: 7, country: Country::Sweden, today };
    let file = folder.join("roster.zip");
    Municipality::generate(spec).write_zip(&file).unwrap();
    file
}

fn run(data: &Path, words: &[&str]) -> Output {
    let before = ["--data", data.to_str().unwrap(), "--test-clock", "2026-11-23T05:50:00Z"];
    Command::new(env!("CARGO_BIN_EXE_skolebro-server")).args(before).args(words).output().unwrap()
}

fn report(output: &Output) -> ImportReport {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn a_roster_comes_in_without_a_server_and_the_second_time_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (bundle(folder.path()), folder.path().join("data"));
    let file = file.to_str().unwrap();
    let first = run(&data, &["import", file, "--json"]);
    assert!(matches!(first.status.code(), Some(0 | 3)), "{first:?}");
    assert!(!report(&first).is_quiet());
    let again = run(&data, &["import", file, "--json"]);
    assert!(report(&again).is_quiet(), "{}", report(&again));
    let people = run(&data, &["people", "--json", "--school", "none of them"]);
    assert_eq!(people.status.code(), Some(2));
    let status: Value = serde_json::from_slice(&run(&data, &["status", "--json"]).stdout).unwrap();
    let pupils: u64 =
        status["schools"].as_array().unwrap().iter().map(|school| school["pupils"].as_u64().unwrap()).sum();
    assert!(pupils >= 190, "{status}");
    // Somebody else's ids would make everybody anew.
    let other = run(&data, &["import", file, "--organiser", "another"]);
    assert_eq!(other.status.code(), Some(2));
}

#[test]
fn a_running_server_takes_a_roster_and_tells_how_far_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (bundle(folder.path()), folder.path().join("data"));
    let running = Running::start(ServeOptions { tick_every: None, ..ServeOptions::on(&data) }).unwrap();
    let mut seen = Vec::new();
    let order = parse(&["import", file.to_str().unwrap()]);
    let answer = socket::ask(&data, &order, &mut |progress| seen.push(progress.what)).expect("a server runs").unwrap();
    let Answer::Imported(report) = answer else { panic!("{answer:?}") };
    assert!(report.stopped.is_none() && !report.is_quiet());
    assert!(seen.iter().any(|what| what == "applying") && seen.iter().any(|what| what.contains("users.csv")));
    // Codes are made for whom the legal layer confirms; the report is the same on paper.
    assert!(report.to_string().contains("users.csv"));
    let nothing = socket::ask(&data, &parse(&["import", "/nowhere.zip"]), &mut |_| ()).expect("a server runs");
    assert!(nothing.is_err());
    assert!(running.stop());
}
