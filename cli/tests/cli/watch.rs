//! Watching: the screen follows what others say.

use crate::harness::Terminal;
use skolebro_tests::town::Town;
use std::{
    io::{BufRead, BufReader},
    sync::mpsc,
    time::Duration,
};

/// Reads lines until one says so; fails after a minute without it.
fn until(lines: &mpsc::Receiver<String>, words: &str) {
    loop {
        let line = lines.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("never said: {words}"));
        if line.contains(words) {
            return;
        }
    }
}

#[test]
fn a_teachers_watched_roll_follows_a_guardian_and_tells_her_that_it_is_seen() {
    let town = Town::open();
    let (amal, sanna) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Sanna"));
    let mut watching = sanna.start(&["watch", "roll"]);
    let (line, lines) = mpsc::channel();
    let out = BufReader::new(watching.stdout.take().unwrap());
    let reading = std::thread::spawn(move || {
        for text in out.lines().map_while(Result::ok) {
            if line.send(text).is_err() {
                return;
            }
        }
    });
    until(&lines, "Liv Berg     Expected at school");
    amal.run(&["sick"]).ends(0);
    until(&lines, "Liv Berg     Sick, all day");
    until(&lines, "Seen by you");
    // Another process in the same folder.
    sanna.run(&["roll", "--missing", "Omar"]).ends(0);
    until(&lines, "nobody has said why");
    watching.kill().unwrap();
    watching.wait().unwrap();
    reading.join().unwrap();
    amal.run(&["outbox"]).ends(0).says("Seen by Sanna Dahl");
}

#[test]
fn who_stops_reading_ends_it() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    let mut watching = amal.start(&["watch", "--json"]);
    drop(watching.stdout.take());
    // The first thing that is shown finds nobody.
    assert_eq!(watching.wait().unwrap().code(), Some(0));
}
