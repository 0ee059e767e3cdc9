//! A large bundle is read row by row: memory stays small whatever the roster's size.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod roster_desk;

use roster_desk::{Desk, USERS_1_2, lilla};
use skolebro_server::roster::{self, codes::Code, current::EmptyRoster, plan::Cursor};
use std::{fmt::Write, time::Instant};

const PUPILS: usize = 20_000;
const SCHOOLS: usize = 40;

/// Resident memory now, in bytes.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

#[test]
fn twenty_thousand_pupils_with_their_guardians_are_read_in_little_memory() {
    let mut orgs = lilla().text("orgs.csv");
    let mut classes = lilla().text("classes.csv");
    let mut users = USERS_1_2.to_owned();
    let mut roles = "sourcedId,userSourcedId,role,orgSourcedId\n".to_owned();
    let mut born = "sourcedId,birthDate\n".to_owned();
    let mut enrollments = "sourcedId,classSourcedId,userSourcedId,role,primary\n".to_owned();
    for number in 0..SCHOOLS {
        writeln!(orgs, "U{number},,,Skola {number},school,,O").unwrap();
    }
    for number in 0..PUPILS {
        let (class, at) = (number / 25, number / (PUPILS / SCHOOLS));
        if number % 25 == 0 {
            writeln!(classes, "K{class},,,{class}A,04,,K{class},homeroom,,U{at},,,,").unwrap();
            writeln!(classes, "L{class},,,{class} Ma,04,,L{class},scheduled,,U{at},,,,").unwrap();
            writeln!(users, "t{class},,,true,t{class},,Lärare,Nr{class},,,,,,,,").unwrap();
            writeln!(roles, "rt{class},t{class},teacher,U{at}").unwrap();
            writeln!(enrollments, "et{class},K{class},t{class},teacher,true").unwrap();
        }
        writeln!(users, "p{number},,,true,p{number},,Barn,Nr{number},,,,,,\"a{number},b{number}\",04,").unwrap();
        for adult in ["a", "b"] {
            writeln!(users, "{adult}{number},,,true,x,,Vuxen,Nr{number},,,{adult}{number}@example.org,,,,,").unwrap();
            writeln!(roles, "r{adult}{number},{adult}{number},guardian,U{at}").unwrap();
        }
        writeln!(roles, "rp{number},p{number},student,U{at}").unwrap();
        writeln!(born, "p{number},2016-{:02}-{:02}", number % 12 + 1, number % 28 + 1).unwrap();
        for group in ["K", "L"] {
            writeln!(enrollments, "e{group}{number},{group}{class},p{number},student,").unwrap();
        }
    }
    let files = lilla()
        .with("orgs.csv", orgs)
        .with("classes.csv", classes)
        .with("users.csv", users)
        .with("roles.csv", roles)
        .with("demographics.csv", born)
        .with("enrollments.csv", enrollments);
    let desk = Desk::new();
    let path = desk.path(&files);
    drop(files);

    let (before, start) = (resident(), Instant::now());
    let mut most = before;
    let mut seen = |_: roster::Progress<'_>| most = most.max(resident());
    let staged = roster::read(&path, desk.folder.path(), desk.options.clone(), &mut seen).unwrap();
    let read = start.elapsed();
    let plan = staged.plan(&EmptyRoster).unwrap();
    let planned = start.elapsed();
    most = most.max(resident());
    let (mut cursor, mut steps) = (Cursor::default(), 0);
    loop {
        let batch = plan.batch(&mut cursor, 500).unwrap();
        if batch.is_empty() {
            break;
        }
        steps += batch.len();
    }
    most = most.max(resident());
    let report = plan.report();
    println!(
        "{} users, {} enrollments: read in {read:?}, planned after {planned:?}, {steps} steps after {:?}, {} MiB more memory",
        report.files["users.csv"].read,
        report.files["enrollments.csv"].read,
        start.elapsed(),
        most.saturating_sub(before) >> 20
    );
    assert_eq!(report.files["users.csv"].read, 3 * PUPILS as u64 + 800);
    assert_eq!(report.facts["guardianship"].created, 2 * PUPILS as u64);
    assert_eq!(report.facts["membership"].created, 2 * PUPILS as u64);
    assert_eq!(report.facts["person"].created, 3 * PUPILS as u64 + 800);
    assert_eq!(report.times(Code::UserDangling), 0);
    assert!(most.saturating_sub(before) < 128 << 20, "reading must not hold the roster in memory");
}
