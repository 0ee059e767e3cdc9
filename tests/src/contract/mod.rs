//! The host of the contract suite: real schools for runners in other languages, driven by lines of JSON. One request, one
//! answer, in order; whatever goes wrong within a request is its answer, and never ends the process.

mod crowd;
mod stand_in;

use crate::{
    town::Town,
    village::{self, PEOPLE, at, club, group, person, school},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use skolebro_core::domain::people::Block;
use skolebro_server::store;
use stand_in::{Manner, StandIn};
use std::{
    collections::BTreeMap,
    io::{self, BufRead, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

/// The longest that `hung` waits.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Deserialize)]
struct Line {
    /// Which school: as `open` answered.
    #[serde(default)]
    town: u32,
    #[serde(flatten)]
    request: Request,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "host", rename_all = "snake_case")]
enum Request {
    Open { at: String },
    Close,
    Code { person: String },
    Clock { to: String },
    Stop,
    Start,
    Hang,
    Hung { count: usize },
    Garble,
    Busy,
    Revoke { person: String },
    Block { pupil: String, adult: String },
    Lift { pupil: String, adult: String },
    Club,
    Grow { pupils: usize },
    Absences { pupils: usize, days: usize, from: String },
}

/// Answers until there are no more lines. Only a broken pipe is an error.
pub fn answer(asked: impl BufRead, mut told: impl Write) -> io::Result<()> {
    let mut host = Host::default();
    for line in asked.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match catch_unwind(AssertUnwindSafe(|| host.answer(&line))) {
            Ok(Ok(value)) => json!({ "ok": value }),
            Ok(Err(error)) => json!({ "error": error }),
            Err(panic) => json!({ "error": words(panic.as_ref()) }),
        };
        writeln!(told, "{answer}")?;
        told.flush()?;
    }
    Ok(())
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it failed".to_owned())
}

#[derive(Debug, Default)]
struct Host {
    last: u32,
    towns: BTreeMap<u32, Place>,
}

/// A school, and what stands in its server's place.
#[derive(Debug)]
struct Place {
    town: Town,
    stand_in: Option<StandIn>,
    /// The pupils that were added.
    crowd: Vec<String>,
}

impl Host {
    fn answer(&mut self, line: &str) -> Result<Value, String> {
        let Line { town, request } = serde_json::from_str(line).map_err(|error| error.to_string())?;
        match request {
            Request::Open { at } => Ok(self.open(&at)),
            Request::Close => {
                self.towns.remove(&town).map(|_| json!({})).ok_or_else(|| format!("there is no town {town}"))
            }
            other => {
                let place = self.towns.get_mut(&town).ok_or_else(|| format!("there is no town {town}"))?;
                place.answer(other)
            }
        }
    }

    fn open(&mut self, now: &str) -> Value {
        let town = Town::open_at(at(now));
        self.last += 1;
        let named = |id: Box<dyn Fn(&str) -> String>, names: &[&str]| -> Map<String, Value> {
            names.iter().map(|name| ((*name).to_owned(), Value::String(id(name)))).collect()
        };
        let people = named(Box::new(|name| person(name).to_string()), &PEOPLE.map(|(given, _)| given));
        let groups = named(Box::new(|name| group(name).to_string()), &["4B", "5A", crowd::CLASS]);
        let answer = json!({
            "town": self.last, "url": town.url(), "school": school(), "people": people, "groups": groups,
        });
        self.towns.insert(self.last, Place { town, stand_in: None, crowd: Vec::new() });
        answer
    }
}

impl Place {
    fn answer(&mut self, request: Request) -> Result<Value, String> {
        match request {
            Request::Open { .. } | Request::Close => return Err("that is the host's, not a town's".to_owned()),
            Request::Code { person } => {
                let code = self.town.code(known(&person)?).ok_or_else(|| format!("no code for {person}"))?;
                return Ok(json!({ "code": code }));
            }
            Request::Clock { to } => {
                self.town.clock.advance_to(to.parse().map_err(|_| format!("no instant: {to}"))?);
                if self.town.is_running() {
                    self.town.tick();
                }
            }
            Request::Stop => self.nobody(),
            Request::Start => {
                self.nobody();
                self.town.start();
            }
            Request::Hang => self.instead(Manner::Hang),
            Request::Garble => self.instead(Manner::Garble),
            Request::Busy => self.instead(Manner::Busy),
            Request::Hung { count } => {
                let stand_in = self.stand_in.as_ref().ok_or("nothing hangs")?;
                if !stand_in.wait_for(count, PATIENCE) {
                    return Err(format!("not {count} requests within {PATIENCE:?}"));
                }
            }
            Request::Revoke { person } => return Ok(json!({ "revoked": self.revoke(known(&person)?) })),
            Request::Block { pupil, adult } => self.town.put(block(&pupil, &adult)?),
            Request::Lift { pupil, adult } => self.town.remove(block(&pupil, &adult)?),
            Request::Club => {
                self.town.open_club();
                return Ok(json!({ "school": club() }));
            }
            Request::Grow { pupils } => {
                self.crowd.extend(crowd::grow(&self.town, self.crowd.len(), pupils));
                return Ok(json!({ "added": pupils }));
            }
            Request::Absences { pupils, days, from } => {
                let some = self.crowd.get(..pupils).ok_or("6C is not so large: grow it first")?;
                let filed = crowd::absences(&self.town, some, days, village::day(&from))?;
                return Ok(json!({ "filed": filed }));
            }
        }
        Ok(json!({}))
    }

    /// No server and nothing in its place.
    fn nobody(&mut self) {
        self.stand_in = None;
        if self.town.is_running() {
            self.town.stop();
        }
    }

    fn instead(&mut self, manner: Manner) {
        self.nobody();
        self.stand_in = Some(StandIn::open(self.town.address(), manner));
    }

    fn revoke(&self, given: &str) -> usize {
        let engine = self.town.engine();
        let devices = store::read(engine.store().as_ref(), |reading| reading.devices_of(person(given))).unwrap();
        let open: Vec<_> = devices.into_iter().filter(|device| device.revoked_at.is_none()).collect();
        for device in &open {
            engine.revoke_any_device(device.id).unwrap();
        }
        open.len()
    }
}

fn known(given: &str) -> Result<&str, String> {
    if PEOPLE.iter().any(|(name, _)| *name == given) { Ok(given) } else { Err(format!("nobody is called {given}")) }
}

fn block(pupil: &str, adult: &str) -> Result<Block, String> {
    Ok(Block { pupil: person(known(pupil)?), person: person(known(adult)?) })
}
