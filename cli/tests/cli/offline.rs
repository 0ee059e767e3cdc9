//! With the server down: said at once, on this phone only, and settled once when the school can be reached again.

use crate::harness::Terminal;
use skolebro_core::device::Options;
use skolebro_tests::town::Town;
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    time::Instant,
};

fn address(town: &Town) -> String {
    town.url().trim_start_matches("http://").to_owned()
}

#[test]
fn a_report_with_the_server_down_waits_and_settles_once() {
    let mut town = Town::open();
    let (amal, erik) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"));
    let (sanna, nora) = (Terminal::of(&town, "Sanna"), Terminal::of(&town, "Nora"));
    town.stop();
    amal.run(&["sick", "Liv"]).ends(3).says("Sick: Liv Berg, today").says("On this phone only");
    amal.run(&["today"]).ends(0).says("Sick, all day").says("On this phone only");
    erik.run(&["today"]).ends(0).says("Expected at school");
    amal.run(&["sync"]).ends(1);

    town.start();
    amal.run(&["sync"]).ends(0).says("1 sent: 1 accepted");
    amal.run(&["sync"]).ends(0).says("0 sent");
    amal.run(&["outbox"]).ends(0).says("At the school");
    erik.run(&["today"]).ends(0).says("Reported by Amal Nilsson").says("At the school");
    sanna.run(&["roll", "4B"]).ends(0).says("Sick, all day").says("Reported by Amal Nilsson");
    amal.run(&["today"]).ends(0).says("Seen by Sanna Dahl");
    nora.run(&["today"]).ends(0).keeps_silent_of("Liv").keeps_silent_of("Amal");
}

#[test]
fn killed_while_it_waits_for_a_server_that_does_not_answer_the_report_is_kept() {
    let mut town = Town::open();
    let (amal, sanna) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Sanna"));
    town.stop();
    // Takes the connection, and says nothing.
    let hole = TcpListener::bind(address(&town)).unwrap();
    let mut waiting = amal.start(&["sick", "Liv", "--wait", "600"]);
    let mut said = String::new();
    BufReader::new(waiting.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(
        said, "Sick: Liv Berg, today, Tuesday 15 September – On this phone only\n",
        "before anything is waited for"
    );
    waiting.kill().unwrap();
    waiting.wait().unwrap();
    amal.run(&["outbox", "--wait", "0"]).ends(0).says("On this phone only");
    drop(hole);

    town.start();
    amal.run(&["sync"]).ends(0).says("1 sent: 1 accepted");
    sanna.run(&["board", "4B"]).ends(0).says("Sick, all day");
}

#[test]
fn a_server_that_does_not_answer_is_waited_for_a_moment_only() {
    let mut town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    town.stop();
    let _hole = TcpListener::bind(address(&town)).unwrap();
    let asked = Instant::now();
    amal.run(&["sick", "Liv"]).ends(3).says("On this phone only");
    // And not as long as a request may take.
    assert!(asked.elapsed() < Options::default().request_timeout, "{:?}", asked.elapsed());
}

#[test]
fn offline_tries_no_network_until_online() {
    let town = Town::open();
    let (amal, erik) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"));
    amal.run(&["offline"]).ends(0);
    amal.run(&["sick"]).ends(3).says("On this phone only").says("skolebro online");
    amal.run(&["sync"]).ends(1).complains("There is no network");
    amal.run(&["devices"]).ends(1);
    erik.run(&["today"]).ends(0).says("Expected at school");
    // What has never been on its way can be taken back.
    amal.run(&["outbox", "--take-back", "1"]).ends(0).says("Everything you have sent has arrived");
    amal.run(&["sick"]).ends(3);
    amal.run(&["online"]).ends(0);
    amal.run(&["outbox"]).ends(0).says("At the school");
    erik.run(&["today"]).ends(0).says("Reported by Amal Nilsson");
}

#[test]
fn near_the_cutoff_an_unsent_report_warns_without_a_name_and_shows_whom_to_call() {
    let mut town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    town.stop();
    amal.run(&["sick"]).ends(3).keeps_silent_of("021-000 00");
    let later = |now: &str, args: &[&str]| amal.command(args).env("SKOLEBRO_TEST_NOW", now).output().unwrap().into();
    let near: crate::harness::Ran = later("2026-09-15T06:05:00Z", &["today"]);
    let warning = near.ends(0).says("call 021-000 00");
    let line = warning.out.lines().find(|line| line.contains("021-000 00")).unwrap().to_owned();
    assert!(!line.contains("Liv"), "{line}");
    let past: crate::harness::Ran = later("2026-09-15T06:30:00Z", &["today"]);
    past.ends(0).says("it is past 08:15. Call 021-000 00");
}
