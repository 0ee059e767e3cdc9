//! The real server process is killed in the middle of load, again and again, and started on the same folder: nothing that
//! it acknowledged is lost, and nothing takes effect twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde_json::{Value, json};
use skolebro_core::domain::{
    attendance::Attendance,
    command::{Capacity, Command},
    ids::CommandId,
    record::RecordKind,
};
use skolebro_tests::{
    raw::{Raw, command},
    town::{MORNING, TUESDAY, Town, sick_on},
    village::{day, person},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

const KILLS: usize = 4;
/// Acknowledgements between two kills.
const BETWEEN: usize = 30;
/// A day's record keeps its newest 20 reports; so many from one guardian stay within that, spread over the days.
const MOST_EACH: usize = 90;
const PATIENCE: Duration = Duration::from_secs(120);

fn newest_source(folder: &Path) -> SystemTime {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let times = entries.map(|path| match path.is_dir() {
        true => newest_source(&path),
        false => fs::metadata(&path).unwrap().modified().unwrap(),
    });
    times.max().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// The binary beside this test's own; built, once, where it is missing or older than its sources.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let this = std::env::current_exe().unwrap();
        let built = this.parent().unwrap().parent().unwrap().join("skolebro-server");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let sources = ["core/src", "sync-server/src"].map(|folder| newest_source(&root.join(folder)));
        let made = fs::metadata(&built).and_then(|file| file.modified()).ok();
        if made.is_none_or(|made| sources.iter().any(|source| *source > made)) {
            let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
            // With this crate, so that the dependencies are those that are built already.
            let done = std::process::Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
                .current_dir(root)
                .args(["build", "--quiet", "--profile", profile, "-p", "skolebro-tests", "-p", "skolebro-server"])
                .status();
            assert!(done.unwrap().success(), "skolebro-server cannot be built");
        }
        built
    })
}

struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(data: &Path) -> Self {
        let mut child = std::process::Command::new(binary())
            .arg("--data")
            .arg(data)
            .args(["--test-clock", MORNING, "--log-level", "error", "serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("skolebro-server ready on ").expect("it began").to_owned();
        Self { child, url }
    }

    /// SIGKILL, to the process that was started here and to no other.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A failed test leaves nothing running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// School days from Tuesday on, as far ahead as one may report.
fn school_days() -> Vec<NaiveDate> {
    let all = (0..14).map(|later| day(TUESDAY) + Days::new(later));
    all.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)).collect()
}

/// One guardian's phone: what it said, and what it was answered.
struct Guardian {
    pupil: &'static str,
    phone: Raw,
    acknowledged: Vec<(Command, Value)>,
    /// Sent, and no answer came.
    unanswered: Option<Command>,
}

impl Guardian {
    /// Until the connection breaks: first what is unanswered, as it was; then new reports.
    fn report(&mut self, url: &str, counted: &AtomicUsize, stop: &AtomicBool) {
        self.phone.url = url.to_owned();
        let days = school_days();
        while !stop.load(Ordering::SeqCst) && self.acknowledged.len() < MOST_EACH {
            let next = self.unanswered.take().unwrap_or_else(|| {
                let day = days[self.acknowledged.len() % days.len()].to_string();
                command(Capacity::Home, sick_on(&day, vec![person(self.pupil)]), MORNING)
            });
            let Some(outcome) = self.send(&next) else {
                self.unanswered = Some(next);
                return;
            };
            assert!(outcome.get("accepted").is_some(), "{outcome}");
            self.acknowledged.push((next, outcome));
            counted.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// None: it broke before there was a whole answer.
    fn send(&self, command: &Command) -> Option<Value> {
        let body = json!({ "protocol": 1, "school": command.school, "limit": 1, "commands": [command] });
        let answer = self.phone.request("POST", "/v1/sync").json(&body).send().ok()?;
        let answer: Value = answer.json().ok()?;
        answer["outcomes"].get(0).map(|outcome| outcome["outcome"].clone())
    }
}

fn wait_until(counted: &AtomicUsize, wanted: usize) {
    let patience = Instant::now() + PATIENCE;
    while counted.load(Ordering::SeqCst) < wanted {
        assert!(Instant::now() < patience, "the load does not get on");
        thread::yield_now();
    }
}

#[test]
fn killed_again_and_again_it_keeps_what_it_acknowledged_and_does_nothing_twice() {
    let mut town = Town::open();
    let mut guardians: Vec<Guardian> = [("Amal", "Liv"), ("Erik", "Liv"), ("Nora", "Siri"), ("Hassan", "Omar")]
        .map(|(name, pupil)| Guardian { pupil, phone: town.raw(name), acknowledged: Vec::new(), unanswered: None })
        .into();
    let mut olga = town.raw("Olga");
    town.stop();

    let counted = AtomicUsize::new(0);
    let mut interrupted = 0;
    for round in 1..=KILLS {
        let mut process = Process::start(town.data());
        let (stop, url) = (AtomicBool::new(false), process.url.clone());
        thread::scope(|scope| {
            for guardian in &mut guardians {
                scope.spawn(|| guardian.report(&url, &counted, &stop));
            }
            wait_until(&counted, round * BETWEEN);
            process.kill();
            stop.store(true, Ordering::SeqCst);
        });
        interrupted += guardians.iter().filter(|guardian| guardian.unanswered.is_some()).count();
    }
    assert!(interrupted > 0, "the kills came in the middle of something");

    let process = Process::start(town.data());
    let mut said = BTreeMap::new();
    let mut numbers = BTreeSet::new();
    for guardian in &mut guardians {
        guardian.phone.url = process.url.clone();
        for (command, outcome) in &guardian.acknowledged {
            assert_eq!(guardian.send(command).as_ref(), Some(outcome), "the outcome that it had");
            assert!(numbers.insert(outcome["accepted"]["seq"].as_u64().unwrap()), "each changed something of its own");
            said.insert(command.id, guardian.pupil);
        }
        if let Some(command) = &guardian.unanswered {
            let first = guardian.send(command).unwrap();
            assert!(first.get("accepted").is_some(), "{first}");
            assert_eq!(guardian.send(command), Some(first));
            said.insert(command.id, guardian.pupil);
        }
    }

    olga.url = process.url.clone();
    let mut found: BTreeMap<CommandId, usize> = BTreeMap::new();
    for row in olga.rows().iter().filter(|row| row["kind"] == RecordKind::Attendance.as_str()) {
        let document: Attendance = serde_json::from_value(row["body"].clone()).unwrap();
        for report in &document.reports {
            *found.entry(report.command).or_default() += 1;
            let pupil = said.get(&report.command).expect("nobody said that");
            assert_eq!(row["pupil"], json!(person(pupil)));
        }
    }
    let once: BTreeMap<CommandId, usize> = said.keys().map(|id| (*id, 1)).collect();
    assert_eq!(found, once, "every report, once");
}
