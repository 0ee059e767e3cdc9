//! The demonstration as it is typed, on days when it is easily wrong: the school sees what was said, and it ends well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
};

const DEMO: &str = env!("CARGO_BIN_EXE_skolebro-demo");

fn morning(words: &[&str]) -> Output {
    Command::new(DEMO).args(["--pupils", "200", "--phones", "40"]).args(words).output().unwrap()
}

/// The morning that is told when it is that day today.
fn told_on(today: &str, told: &str) {
    let output = morning(&["--exit", "--today", today]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{today}: {text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains(&format!("It is {told} at 06:50")), "{text}");
    for part in ["rolls untaken", "commands", "syncs", "200 pupils compared one by one", "no difference"] {
        assert!(text.contains(part), "{today} lacks {part:?}: {text}");
    }
    assert!(text.contains("Marcin Zieliński, Ole Myhre, Jens Dahl (blocked, pending, without custody) got no code"));
    assert_eq!(text.lines().last(), Some("The server has ended."), "{text}");
    let folder = text.lines().find_map(|line| line.split_once("its data is in ")).unwrap().1;
    assert!(!std::path::Path::new(folder).exists(), "a fresh folder goes with the end");
}

#[test]
fn on_a_saturday_it_is_the_monday_after() {
    told_on("2026-11-21", "Monday 23 November 2026");
}

#[test]
fn at_midsummer_it_is_the_first_day_of_the_autumn_term() {
    told_on("2027-06-25", "Tuesday 24 August 2027");
}

#[test]
fn on_a_leap_day_in_the_sports_break() {
    told_on("2028-02-29", "Monday 6 March 2028");
}

#[test]
fn after_the_night_that_loses_an_hour() {
    told_on("2026-03-29", "Monday 30 March 2026");
}

#[test]
fn after_the_night_that_gains_an_hour_and_the_autumn_break() {
    told_on("2026-10-25", "Monday 2 November 2026");
}

#[test]
fn it_stays_up_for_whoever_wants_to_try_and_ends_when_told() {
    let mut child = Command::new(DEMO)
        .args(["--pupils", "200", "--phones", "30", "--seed", "2", "--today", "2026-11-24"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut seen = Vec::new();
    let ready = lines.by_ref().find(|line| {
        seen.push(line.clone());
        line.starts_with("The operator's side:")
    });
    assert!(ready.is_some(), "{seen:#?}");
    for said in ["enrol --server http://127.0.0.1:", "sick Liv", "roll ", "board", "calls"] {
        assert!(seen.iter().any(|line| line.contains(said)), "{said:?} is not among {seen:#?}");
    }
    let end = seen.iter().find(|line| line.contains("Ctrl-C ends it")).unwrap();
    assert!(end.contains("and removes ") && end.contains("phones and letters"), "{end}");
    let letters = seen.iter().find_map(|line| line.split_once("to print: ")).unwrap().1;
    assert!(std::fs::read_to_string(letters).unwrap().contains("Amal Haddad"));
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(lines.last().as_deref(), Some("The server has ended."));
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_folder_that_is_not_empty_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("letter.txt"), "mine").unwrap();
    let output = morning(&["--exit", "--data", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
