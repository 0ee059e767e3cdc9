//! Too large, too many, too slow, too old and not JSON: each refused with its own word, and nothing else harmed.

use crate::town::{Town, enrol, outcomes, problem, school, sick};
use serde_json::{Value, json};
use skolebro_server::http::HttpLimits;
use std::{
    io::{Read, Write},
    net::TcpStream,
    num::NonZeroU32,
    time::Duration,
};

#[test]
fn a_body_over_the_limit_is_too_large_whether_it_says_so_or_not() {
    let town = Town::with(HttpLimits { body_bytes: 2_000, ..HttpLimits::default() });
    let amal = town.enrol("Amal");
    let long = " ".repeat(2_001);
    let answer = amal.ask("POST", "/v1/sync").body(long.clone()).send().unwrap();
    assert_eq!(problem(answer), (413, "too_large".to_owned()));
    let chunked = reqwest::blocking::Body::new(std::io::Cursor::new(long.into_bytes()));
    let answer = amal.ask("POST", "/v1/sync").body(chunked).send().unwrap();
    assert_eq!(problem(answer), (413, "too_large".to_owned()));
    assert_eq!(outcomes(amal.sync(0, &[sick("Liv")])).len(), 1);
}

/// As Python's http.client: first everything is written, then the answer is read.
#[test]
fn who_writes_all_before_reading_hears_that_it_is_too_large() {
    let town = Town::with(HttpLimits { body_bytes: 4 << 20, ..HttpLimits::default() });
    let amal = town.enrol("Amal");
    let mut phone = TcpStream::connect(town.running.server().address()).unwrap();
    let length = (4 << 20) + 1;
    write!(
        phone,
        "POST /v1/sync HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {length}\r\n\r\n",
        amal.token
    )
    .unwrap();
    phone.write_all(&vec![b' '; length]).unwrap();
    let mut answer = [0; 12];
    phone.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[test]
fn what_is_not_json_is_told_where_and_never_what() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    for (body, place) in [
        ("", "line 1"),
        ("{\"protocol\": 1,\n \"school\": Liv}", "line 2"),
        ("{\"protocol\":\"Liv Haddad\"}", "line 1"),
        ("[]", "line 1"),
    ] {
        let answer = amal.ask("POST", "/v1/sync").body(body).send().unwrap();
        assert_eq!(answer.status(), 400);
        let answer: Value = answer.json().unwrap();
        assert_eq!(answer["code"], json!("malformed"));
        assert!(answer["detail"].as_str().unwrap().contains(place), "{answer}");
        assert!(!answer.to_string().contains("Liv"));
    }
    for plain in ["identity", "Identity"] {
        let answer = amal.ask("POST", "/v1/sync").header("content-encoding", plain);
        let answer = answer.json(&json!({ "protocol": 1, "school": school() })).send().unwrap();
        assert_eq!(answer.status(), 200, "{plain}");
    }
    let answer = amal.ask("POST", "/v1/sync").header("content-encoding", "gzip").body("{}").send().unwrap();
    assert_eq!(problem(answer), (400, "malformed".to_owned()));
}

#[test]
fn one_command_that_cannot_be_read_spoils_no_other() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    let mut strange = sick("Liv");
    strange["body"] = json!({ "do": "fly" });
    let settled = outcomes(amal.sync(0, &[strange, sick("Liv")]));
    assert_eq!(settled[0]["rejected"]["code"], json!("malformed"));
    assert!(settled[1].get("accepted").is_some());
}

#[test]
fn half_a_million_commands_are_refused_whole_and_a_thousand_zeros_get_no_outcome() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    let answer = amal.sync(0, &vec![json!(0); 200_000]);
    assert_eq!(problem(answer), (413, "too_large".to_owned()));
    assert!(outcomes(amal.sync(0, &vec![json!(0); 1_000])).is_empty());
    assert_eq!(outcomes(amal.sync(0, &[sick("Liv")])).len(), 1);
}

#[test]
fn an_app_that_is_too_old_is_told_and_keeps_its_queue() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    let body = json!({ "protocol": 0, "school": school(), "commands": [sick("Liv")] });
    let answer = amal.ask("POST", "/v1/sync").json(&body).send().unwrap();
    assert_eq!(problem(answer), (426, "too_old".to_owned()));
    let answer = reqwest::blocking::Client::new()
        .post(format!("{}/v1/enrol", town.url()))
        .json(&json!({ "protocol": 0, "code": town.code("Erik"), "device_name": "old" }))
        .send()
        .unwrap();
    assert_eq!(problem(answer), (426, "too_old".to_owned()));
}

#[test]
fn an_address_that_tries_too_often_waits_and_the_proxys_word_tells_addresses_apart() {
    let town = Town::with(HttpLimits { enrol_per_minute: Some(2), proxies: 1, ..HttpLimits::default() });
    let from = |address: &str, code: &str| {
        reqwest::blocking::Client::new()
            .post(format!("{}/v1/enrol", town.url()))
            .header("x-forwarded-for", format!("198.51.100.1, {address}"))
            .json(&json!({ "protocol": 1, "code": code, "device_name": "x" }))
            .send()
            .unwrap()
    };
    for _ in 0..2 {
        assert_eq!(from("192.0.2.1", "AAAA-AAAA-AAAA").status(), 403);
    }
    let answer = from("192.0.2.1", &town.code("Amal"));
    assert!(answer.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() <= 30);
    assert_eq!(problem(answer), (429, "too_many_tries".to_owned()));
    assert_eq!(from("192.0.2.2", &town.code("Amal")).status(), 200);
    // With its port, as some proxies write it, it is still the same address, and another one is another.
    assert_eq!(from("192.0.2.1:5555", "AAAA-AAAA-AAAA").status(), 429);
    assert_eq!(from("[2001:db8::1]:443", "AAAA-AAAA-AAAA").status(), 403);
}

#[test]
fn with_one_place_a_slow_request_does_not_keep_health_from_answering() {
    let limits = HttpLimits { in_flight: 1, request: Duration::from_secs(1), ..HttpLimits::default() };
    let town = Town::with(limits);
    let amal = town.enrol("Amal");
    // Headers come, the body does not: the one place is taken.
    let mut slow = TcpStream::connect(town.running.server().address()).unwrap();
    write!(
        slow,
        "POST /v1/sync HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: 100\r\n\r\n{{",
        amal.token
    )
    .unwrap();
    let busy = loop {
        let answer = amal.ask("GET", "/v1/devices").send().unwrap();
        if answer.status() == 503 {
            break answer;
        }
    };
    assert!(busy.headers().contains_key("retry-after"));
    assert_eq!(problem(busy), (503, "unavailable".to_owned()));
    assert_eq!(amal.ask("GET", "/v1/health").send().unwrap().text().unwrap(), "ok\n");
    // The slow one is told to come back, and its place is free again.
    let mut answer = String::new();
    let mut first = [0; 4_096];
    let count = slow.read(&mut first).unwrap();
    answer.push_str(std::str::from_utf8(&first[..count]).unwrap());
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    drop(slow);
    while amal.ask("GET", "/v1/devices").send().unwrap().status() != 200 {}
}

#[test]
fn who_asks_and_does_not_read_is_closed_and_others_get_the_places() {
    let town = Town::with(HttpLimits { connections: 2, stall: Duration::from_millis(200), ..HttpLimits::default() });
    let asked = b"GET /v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1_000);
    let connect = || TcpStream::connect(town.running.server().address()).unwrap();
    // One after the other, so that both stand before Amal: each has an answer's first byte before the next one comes.
    let mut idle: Vec<TcpStream> = (0..2).map(|_| connect()).collect();
    for peer in &mut idle {
        peer.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
        // More answers than all buffers between the two hold; the rest of the questions waits on this side.
        let _ = peer.write_all(&asked);
        peer.read_exact(&mut [0]).unwrap();
    }
    let health = reqwest::blocking::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
    assert_eq!(health.get(format!("{}/v1/health", town.url())).send().unwrap().text().unwrap(), "ok\n");
    drop(idle);
}

#[test]
fn any_number_is_a_number_too() {
    let any = usize::MAX;
    let town = Town::with(HttpLimits { connections: any, in_flight: any, streams: any, ..HttpLimits::default() });
    let amal = town.enrol("Amal");
    assert_eq!(amal.ask("GET", "/v1/events").send().unwrap().status(), 200);
    assert_eq!(outcomes(amal.sync(0, &[sick("Liv")])).len(), 1);
}

#[test]
fn headers_have_a_limit_too() {
    let town = Town::with(HttpLimits { header_bytes: 1_000, ..HttpLimits::default() });
    let amal = town.enrol("Amal");
    assert_eq!(amal.ask("GET", "/v1/devices").send().unwrap().status(), 200);
    let answer = amal.ask("GET", "/v1/devices").header("x-long", "x".repeat(2_000)).send().unwrap();
    assert_eq!(answer.status(), 431);
}

#[test]
fn only_large_answers_are_compressed_and_only_for_those_who_take_it() {
    let town = Town::with(HttpLimits { compress_above: 1_000, ..HttpLimits::default() });
    let amal = town.enrol("Amal");
    let plain = reqwest::blocking::Client::builder().gzip(false).build().unwrap();
    let ask = |cursor: u64, accept: Option<&str>| {
        let body = json!({ "protocol": 1, "school": school(), "cursor": cursor });
        let request = plain.post(format!("{}/v1/sync", town.url())).bearer_auth(&amal.token).json(&body);
        match accept {
            Some(accept) => request.header("accept-encoding", accept),
            None => request,
        }
        .send()
        .unwrap()
    };
    let (head, _) = amal.pull();
    let whole = ask(0, None);
    assert!(whole.headers().get("content-encoding").is_none());
    let whole = whole.bytes().unwrap();
    assert!(whole.len() > 1_000);
    let packed = ask(0, Some("gzip"));
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    assert!(packed.bytes().unwrap().len() < whole.len() / 2);
    let small = ask(head, Some("gzip"));
    assert!(small.headers().get("content-encoding").is_none());
    assert!(small.bytes().unwrap().len() < 1_000);
    // What the phone's own client makes of it is the same.
    assert_eq!(enrol(&town.url(), "x").status(), 403);
}

#[test]
fn a_phone_that_asks_without_end_waits_and_no_other_does() {
    let town = Town::with(HttpLimits { requests_per_minute: NonZeroU32::new(3), ..HttpLimits::default() });
    let (amal, erik) = (town.enrol("Amal"), town.enrol("Erik"));
    let refused = (0..9).map(|_| amal.sync(0, &[])).find(|answer| answer.status() != 200).unwrap();
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(problem(refused), (429, "too_many_tries".to_owned()));
    assert_eq!(erik.sync(0, &[]).status(), 200);
}
