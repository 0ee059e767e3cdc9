//! Plays one story: reads its file, takes its steps in order, and holds what they share.

use super::{asked::text, host, matching::difference, phone::Phone};
use crate::library::*;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// What became of a step: its result, and the error's name where it failed.
#[derive(Debug)]
pub struct Outcome {
    pub result: Value,
    pub error: Option<String>,
}

pub struct Story {
    /// What the host answered to `open`.
    town: Value,
    pub clock: Arc<TestClock>,
    pub folder: TempDir,
    pub phones: Mutex<HashMap<String, Arc<Phone>>>,
    /// Ids of what was reported, by the names that the story gives.
    pub items: Mutex<HashMap<String, CommandId>>,
}

/// Closes the town however the story ends.
struct Town(Value);

impl Drop for Town {
    fn drop(&mut self) {
        let _ = host::ask(&json!({ "host": "close", "town": self.0 }));
    }
}

fn stories() -> PathBuf {
    let here = std::env::var_os("SKOLEBRO_CONTRACT").map(PathBuf::from);
    here.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("contract"))
}

/// Every story's name, in order.
pub fn all() -> Vec<String> {
    let files = stories().read_dir().unwrap().map(|entry| entry.unwrap().path());
    let stories = files.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let mut names: Vec<String> = stories.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

pub fn read(name: &str) -> Value {
    let file = std::fs::read_to_string(stories().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&file).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub fn run(name: &str) {
    let story = read(name);
    let steps = story["steps"].as_array().expect("a story has steps");
    let opening = &steps[0];
    assert_eq!(opening["host"], "open", "{name} begins by opening a school");
    let town = host::ask(opening).unwrap();
    let _town = Town(town["town"].clone());
    let story = Arc::new(Story {
        clock: TestClock::new(text(opening, "at").parse().unwrap()),
        town,
        folder: tempfile::tempdir().unwrap(),
        phones: Mutex::default(),
        items: Mutex::default(),
    });
    let mut background: HashMap<String, JoinHandle<Outcome>> = HashMap::new();
    for (number, step) in steps.iter().enumerate().skip(1) {
        let at = format!("{name}, step {number}: {step}");
        if let Some(apart) = step["background"].as_str().filter(|_| step["do"] != "join") {
            let (story, step) = (Arc::clone(&story), step.clone());
            background.insert(apart.to_owned(), std::thread::spawn(move || take(&story, &step)));
            continue;
        }
        let began = Instant::now();
        let until = Duration::from_millis(step["until_ms"].as_u64().unwrap_or(0));
        let wrong = loop {
            let outcome = if step["do"] == "join" {
                background.remove(text(step, "background")).expect("a step of that name").join().expect(&at)
            } else {
                take(&story, step)
            };
            let wrong = judge(step, &outcome);
            if wrong.is_none() || began.elapsed() >= until {
                break wrong;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        if let Some(wrong) = wrong {
            panic!("{at}\n  {wrong}");
        }
        if let Some(within) = step["within_ms"].as_u64() {
            assert!(began.elapsed() <= Duration::from_millis(within), "{at}\n  took {:?}", began.elapsed());
        }
    }
}

/// What is wrong with it, if anything is.
fn judge(step: &Value, outcome: &Outcome) -> Option<String> {
    let (wanted, got) = (step["error"].as_str(), outcome.error.as_deref());
    if wanted != got {
        return Some(format!("error {got:?} {}, and not {wanted:?}", outcome.result));
    }
    step.get("expect").and_then(|expected| difference(expected, &outcome.result))
}

fn take(story: &Arc<Story>, step: &Value) -> Outcome {
    if let Some(verb) = step["host"].as_str() {
        let mut request = step.clone();
        request["town"] = story.town["town"].clone();
        if verb == "clock" {
            story.clock.advance_to(text(step, "to").parse().unwrap());
        }
        let result = host::ask(&request).unwrap_or_else(|error| panic!("{step}: {error}"));
        return Outcome { result, error: None };
    }
    let name = text(step, "phone");
    let phone = Arc::clone(story.phones.lock().unwrap().entry(name.to_owned()).or_default());
    match phone.act(story, name, step) {
        Ok(result) => Outcome { result, error: None },
        Err(error) => Outcome { result: super::error::fields(&error), error: Some(super::error::name(&error)) },
    }
}

impl Story {
    pub fn url(&self) -> String {
        text(&self.town, "url").to_owned()
    }
    pub fn school(&self) -> SchoolId {
        text(&self.town, "school").parse().unwrap()
    }
    pub fn person(&self, given: &str) -> PersonId {
        text(&self.town["people"], given).parse().unwrap()
    }
    pub fn group(&self, name: &str) -> GroupId {
        text(&self.town["groups"], name).parse().unwrap()
    }
    /// The name of a person that the host named.
    pub fn name_of(&self, person: PersonId) -> Option<String> {
        let people = self.town["people"].as_object()?;
        people.iter().find(|(_, id)| **id == json!(person.to_string())).map(|(name, _)| name.clone())
    }
    pub fn code(&self, given: &str) -> String {
        let asked = json!({ "host": "code", "person": given, "town": self.town["town"] });
        text(&host::ask(&asked).unwrap(), "code").to_owned()
    }
    /// For steps that name it, where this one gives it a name.
    pub fn name_item(&self, step: &Value, id: CommandId) {
        if let Some(name) = step["as"].as_str() {
            self.items.lock().unwrap().insert(name.to_owned(), id);
        }
    }
    pub fn item(&self, name: &str) -> CommandId {
        *self.items.lock().unwrap().get(name).unwrap_or_else(|| panic!("nothing is called {name}"))
    }
}
