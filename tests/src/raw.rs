//! A token and a socket: what somebody can do who has taken the app apart. Sends what no phone of ours would, and shows
//! answers as they came.

use crate::village::school;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use skolebro_core::domain::{
    command::{Capacity, Command, CommandBody},
    ids::{CommandId, DeviceId},
};
use std::{
    io::{BufRead, BufReader},
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub struct Raw {
    pub url: String,
    pub token: String,
    pub device: DeviceId,
    client: Client,
}

pub fn command(capacity: Capacity, body: CommandBody, device_time: &str) -> Command {
    let device_time = crate::village::at(device_time);
    Command { id: CommandId::new(), school: school(), capacity, device_time, depends_on: None, body }
}

impl Raw {
    pub fn new(url: &str, token: &str, device: DeviceId) -> Self {
        let client = Client::builder().timeout(PATIENCE).build().unwrap();
        Self { url: url.to_owned(), token: token.to_owned(), device, client }
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.url);
        self.client.request(method.parse().unwrap(), url).bearer_auth(&self.token)
    }

    /// Status and body, whatever they are.
    pub fn ask(&self, method: &str, path: &str) -> (u16, String) {
        read(self.request(method, path).send().unwrap())
    }

    /// Adds to the least that a sync request says.
    pub fn sync(&self, more: &Value) -> (u16, Value) {
        let mut body = json!({ "protocol": 1, "school": school() });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, text) = read(self.request("POST", "/v1/sync").json(&body).send().unwrap());
        (status, serde_json::from_str(&text).unwrap())
    }

    /// One outcome for each, in their order.
    pub fn push(&self, commands: &[Command]) -> Vec<Value> {
        let mut outcomes = Vec::new();
        for some in commands.chunks(20) {
            let (status, answer) = self.sync(&json!({ "commands": some, "limit": 1 }));
            assert_eq!(status, 200, "{answer}");
            let answered = answer["outcomes"].as_array().unwrap();
            assert_eq!(answered.len(), some.len());
            outcomes.extend(answered.iter().map(|outcome| outcome["outcome"].clone()));
        }
        outcomes
    }

    /// Everything from the beginning, page by page; every answer as it came.
    pub fn pull(&self) -> Vec<Value> {
        let mut asked = json!({});
        let mut answers = Vec::new();
        loop {
            let (status, answer) = self.sync(&asked);
            assert_eq!(status, 200, "{answer}");
            let more = answer["pull"]["page"].get("more").cloned();
            asked = json!({ "epoch": answer["epoch"].clone(), "continuation": more.clone() });
            answers.push(answer);
            if more.is_none() {
                return answers;
            }
        }
    }

    pub fn rows(&self) -> Vec<Value> {
        let rows = |answer: &Value| answer["pull"]["page"]["rows"].as_array().cloned().unwrap_or_default();
        self.pull().iter().flat_map(rows).collect()
    }

    pub fn listen(&self) -> Stream {
        let answer = self.request("GET", "/v1/events").send().unwrap();
        assert_eq!(answer.status(), 200);
        let mut stream = Stream(BufReader::new(answer));
        assert_eq!(stream.line(), Some(Line::Poke), "the first comes at once");
        stream
    }
}

fn read(answer: Response) -> (u16, String) {
    (answer.status().as_u16(), answer.text().unwrap())
}

/// The lines of `GET /v1/events`, as they come.
#[derive(Debug)]
pub struct Stream(BufReader<Response>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Poke,
    Silence,
    Other,
}

impl Stream {
    /// None: the stream has ended.
    pub fn line(&mut self) -> Option<Line> {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end().split_once(':') {
                Some(("", _)) => return Some(Line::Silence),
                Some(("event", name)) if name.trim() == "poke" => return Some(Line::Poke),
                Some(("event", _)) => return Some(Line::Other),
                Some(_) | None => {}
            }
        }
    }

    pub fn wait_for_poke(&mut self) {
        while self.line().expect("the stream ended") != Line::Poke {}
    }

    /// Whether a poke comes before the server, which has nothing else to say, has said several times that it is silent.
    pub fn is_poked(&mut self) -> bool {
        let enough = Instant::now() + Duration::from_millis(200);
        loop {
            match self.line().expect("the stream ended") {
                Line::Poke => return true,
                Line::Silence if Instant::now() > enough => return false,
                Line::Silence | Line::Other => {}
            }
        }
    }
}
