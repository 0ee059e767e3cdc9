//! Event streams: a poke when something changed, without content, for those whom it concerns, until revocation.

use crate::town::{Phone, Town, outcomes, person, sick};
use skolebro_server::http::HttpLimits;
use std::{
    io::{BufRead, BufReader},
    time::{Duration, Instant},
};

/// Lines of a stream as they come.
struct Stream(BufReader<reqwest::blocking::Response>);

impl Stream {
    fn open(phone: &Phone) -> Self {
        let answer = phone.ask("GET", "/v1/events").send().unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let mut stream = Self(BufReader::new(answer));
        assert_eq!(stream.event().unwrap().0, "poke", "the first comes at once");
        stream
    }

    /// The next event and its data; none: the stream ended. Comments are passed over.
    fn event(&mut self) -> Option<(String, String)> {
        let (mut name, mut data) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end().split_once(':') {
                Some(("event", value)) => name = value.trim().to_owned(),
                Some(("data", value)) => data = value.trim().to_owned(),
                Some(_) => {}
                None if !name.is_empty() => return Some((name, data)),
                None => {}
            }
        }
    }
}

fn quick() -> HttpLimits {
    HttpLimits { poke_gap: Duration::ZERO, heartbeat: Duration::from_millis(50), ..HttpLimits::default() }
}

#[test]
fn eriks_phone_is_poked_by_amals_report_and_learns_nothing_from_the_poke() {
    let town = Town::with(quick());
    let (amal, erik) = (town.enrol("Amal"), town.enrol("Erik"));
    let mut stream = Stream::open(&erik);
    let (before, _) = erik.pull();
    assert!(outcomes(amal.sync(0, &[sick("Liv")]))[0].get("accepted").is_some());
    let (name, data) = stream.event().unwrap();
    assert_eq!(name, "poke");
    let poke: skolebro_core::protocol::Poke = serde_json::from_str(&data).unwrap();
    assert!(poke.wait_ms <= 1_000, "two phones come back at once");
    assert!(data.len() < 40, "{data}");
    let (after, rows) = erik.pull();
    assert!(after > before && rows.iter().any(|row| row["kind"] == "attendance"));
}

#[test]
fn nils_who_has_another_child_is_not_poked() {
    let town = Town::with(quick());
    let (amal, nils, nils_other) = (town.enrol("Amal"), town.enrol("Nils"), town.enrol("Nils"));
    let mut stream = Stream::open(&nils);
    outcomes(amal.sync(0, &[sick("Liv")]));
    outcomes(nils_other.sync(0, &[sick("Ida")]));
    stream.event().unwrap();
    // The one at the start and the one of Ida's report; commits are told in their order, so Liv's would have been first.
    assert!(town.metrics().contains("skolebro_pokes_total 2\n"), "{}", town.metrics());
}

#[test]
fn a_quiet_stream_shows_that_it_is_alive() {
    let town = Town::with(quick());
    let amal = town.enrol("Amal");
    let mut stream = Stream::open(&amal);
    let mut line = String::new();
    stream.0.read_line(&mut line).unwrap();
    assert!(line.starts_with(':'), "{line}");
}

#[test]
fn a_stream_ends_at_revocation_and_another_persons_goes_on() {
    let town = Town::with(quick());
    let (lost, kept, erik) = (town.enrol("Amal"), town.enrol("Amal"), town.enrol("Erik"));
    let (mut ending, mut going) = (Stream::open(&lost), Stream::open(&erik));
    kept.ask("DELETE", &format!("/v1/devices/{}", lost.device)).send().unwrap();
    loop {
        match ending.event() {
            Some((name, _)) if name == "poke" => {}
            Some((name, _)) => {
                assert_eq!(name, "revoked");
                break;
            }
            None => panic!("the stream ended without saying why"),
        }
    }
    assert!(ending.event().is_none());
    outcomes(kept.sync(0, &[sick("Liv")]));
    assert_eq!(going.event().unwrap().0, "poke");
}

#[test]
fn one_stream_more_than_there_is_room_for_polls_instead() {
    let town = Town::with(HttpLimits { streams: 1, ..quick() });
    let (amal, erik) = (town.enrol("Amal"), town.enrol("Erik"));
    let stream = Stream::open(&amal);
    assert_eq!(erik.ask("GET", "/v1/events").send().unwrap().status(), 503);
    drop(stream);
    let patience = Instant::now();
    while erik.ask("GET", "/v1/events").send().unwrap().status() != 200 {
        assert!(patience.elapsed() < Duration::from_secs(20), "the place never came free");
    }
}

#[test]
fn a_phone_that_opens_stream_after_stream_ends_its_own_and_takes_nobody_elses_place() {
    let town = Town::with(HttpLimits { streams: 3, streams_per_device: 2, ..quick() });
    let (amal, erik) = (town.enrol("Amal"), town.enrol("Erik"));
    let mut eriks = Stream::open(&erik);
    let mut streams: Vec<Stream> = (0..2).map(|_| Stream::open(&amal)).collect();
    for _ in 0..5 {
        // Full, but for the places that Amal's own phone has: the oldest is told to end, and its place is free then.
        let patience = Instant::now();
        while amal.ask("GET", "/v1/events").send().unwrap().status() == 503 {
            assert!(patience.elapsed() < Duration::from_secs(20), "the place never came free");
        }
    }
    assert!(streams.remove(0).event().is_none(), "the oldest has ended");
    outcomes(amal.sync(0, &[sick("Liv")]));
    assert_eq!(eriks.event().unwrap().0, "poke", "Erik's goes on");
}

#[test]
fn a_block_pokes_the_one_it_concerns_and_closes_what_was_open() {
    let town = Town::with(quick());
    let erik = town.enrol("Erik");
    let (_, before) = erik.pull();
    assert!(before.iter().any(|row| row["pupil"] == serde_json::json!(person("Liv"))));
    let mut stream = Stream::open(&erik);
    town.order(&["block", "--person", &person("Erik").to_string(), "--pupil", &person("Liv").to_string()]).unwrap();
    assert_eq!(stream.event().unwrap().0, "poke");
    let (_, after) = erik.pull();
    assert!(after.iter().all(|row| row["pupil"] != serde_json::json!(person("Liv"))));
}
