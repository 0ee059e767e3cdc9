//! The contract suite's host as its runners meet it: whatever they ask, there is an answer, and it goes when they go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

struct Host {
    process: Child,
    asked: Option<ChildStdin>,
    told: BufReader<ChildStdout>,
}

impl Host {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_contract-host"));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (asked, told) = (process.stdin.take(), process.stdout.take().unwrap());
        Self { process, asked, told: BufReader::new(told) }
    }

    fn say(&mut self, line: &str) -> Value {
        writeln!(self.asked.as_ref().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.told.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    fn ok(&mut self, request: &Value) -> Value {
        let mut answer = self.say(&request.to_string());
        assert!(answer.get("ok").is_some(), "{request}: {answer}");
        answer["ok"].take()
    }

    fn refused(&mut self, line: &str) -> String {
        let answer = self.say(line);
        answer["error"].as_str().unwrap_or_else(|| panic!("{line}: {answer}")).to_owned()
    }
}

#[test]
fn whatever_is_asked_is_answered_and_the_next_question_too() {
    let mut host = Host::start();
    host.refused("not a line of JSON");
    host.refused(r#"{"host":"dance"}"#);
    host.refused(r#"{"host":"open","at":"soon"}"#);
    assert_eq!(host.refused(r#"{"host":"code","person":"Amal","town":7}"#), "there is no town 7");
    let open = json!({ "host": "open", "at": "2026-09-15T04:50:00Z" });
    let (first, second) = (host.ok(&open), host.ok(&open));
    assert_ne!(first["url"], second["url"], "a school of its own");
    let town = &first["town"];

    let code = host.ok(&json!({ "host": "code", "town": town, "person": "Amal" }));
    assert!(code["code"].is_string());
    assert_eq!(host.refused(&format!(r#"{{"host":"code","person":"Ingen","town":{town}}}"#)), "nobody is called Ingen");
    host.ok(&json!({ "host": "block", "town": town, "pupil": "Liv", "adult": "Amal" }));
    host.refused(&format!(r#"{{"host":"code","person":"Amal","town":{town}}}"#));
    host.ok(&json!({ "host": "lift", "town": town, "pupil": "Liv", "adult": "Amal" }));
    host.ok(&json!({ "host": "code", "town": town, "person": "Amal" }));

    host.ok(&json!({ "host": "stop", "town": town }));
    assert_eq!(host.refused(&format!(r#"{{"host":"revoke","person":"Amal","town":{town}}}"#)), "the server is down");
    host.ok(&json!({ "host": "start", "town": town }));
    assert_eq!(host.ok(&json!({ "host": "revoke", "town": town, "person": "Amal" }))["revoked"], 0);

    host.ok(&json!({ "host": "close", "town": town }));
    host.refused(&format!(r#"{{"host":"close","town":{town}}}"#));
    host.ok(&json!({ "host": "code", "town": second["town"], "person": "Amal" }));

    drop(host.asked.take());
    assert!(host.process.wait().unwrap().success(), "it goes when nobody can ask any more");
}

#[test]
fn what_stands_in_the_servers_place_answers_at_the_servers_address() {
    let mut host = Host::start();
    let open = host.ok(&json!({ "host": "open", "at": "2026-09-15T04:50:00Z" }));
    let town = &open["town"];
    let address = open["url"].as_str().unwrap().strip_prefix("http://").unwrap();
    let ask = || {
        let mut connection = TcpStream::connect(address).unwrap();
        connection.write_all(b"GET /v1/devices HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        connection
    };
    let first_line = |connection: TcpStream| BufReader::new(connection).lines().next().map(Result::unwrap);

    assert_eq!(first_line(ask()).unwrap(), "HTTP/1.1 401 Unauthorized");
    host.ok(&json!({ "host": "busy", "town": town }));
    assert_eq!(first_line(ask()).unwrap(), "HTTP/1.1 503 Service Unavailable");
    host.ok(&json!({ "host": "garble", "town": town }));
    assert_eq!(first_line(ask()).unwrap(), "HTTP/1.1 200 OK");
    host.ok(&json!({ "host": "hang", "town": town }));
    let mut waiting = ask();
    host.ok(&json!({ "host": "hung", "town": town, "count": 1 }));
    host.ok(&json!({ "host": "start", "town": town }));
    assert_eq!(waiting.read(&mut [0; 1]).unwrap_or(0), 0, "it was never answered");
    assert_eq!(first_line(ask()).unwrap(), "HTTP/1.1 401 Unauthorized");
}
