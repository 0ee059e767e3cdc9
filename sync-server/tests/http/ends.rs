//! How a server ends and begins again: nothing acknowledged is lost, streams end, a restored copy has a new epoch.

use crate::town::{Phone, Town, order, outcomes, person, school, sick};
use serde_json::{Value, json};
use skolebro_server::{
    operate::{answer::Answer, socket},
    serve::{Running, ServeOptions},
    store::sqlite,
};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

/// Reports for single days, one after the other, as long as they are acknowledged; gives the ids of those that were.
fn report_until_the_end(phone: &Phone, acknowledged: &AtomicUsize, stop: &AtomicBool) -> Vec<Value> {
    let mut accepted = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let command = sick("Liv");
        let body = json!({ "protocol": 1, "school": school(), "cursor": 0, "limit": 1, "commands": [command] });
        let Ok(answer) = phone.ask("POST", "/v1/sync").json(&body).send() else { break };
        if answer.status() != 200 {
            break;
        }
        let Ok(answer) = answer.json::<Value>() else { break };
        if answer["outcomes"][0]["outcome"].get("accepted").is_some() {
            accepted.push(command);
            acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }
    accepted
}

/// Sends commands again: each gets the outcome that it had.
fn still_there(phone: &Phone, accepted: &[Value]) {
    for commands in accepted.chunks(20) {
        for outcome in outcomes(phone.sync(0, commands)) {
            assert!(outcome.get("accepted").is_some(), "{outcome}");
        }
    }
}

#[test]
fn told_to_stop_in_the_middle_of_load_it_loses_nothing_that_it_acknowledged() {
    let town = Town::open();
    let phones: Vec<Phone> = ["Amal", "Erik", "Amal", "Erik"].iter().map(|name| town.enrol(name)).collect();
    let (acknowledged, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let mut stream = BufReader::new(phones[0].ask("GET", "/v1/events").send().unwrap());
    let (town, accepted) = thread::scope(|scope| {
        let work: Vec<_> =
            phones.iter().map(|phone| scope.spawn(|| report_until_the_end(phone, &acknowledged, &stop))).collect();
        while acknowledged.load(Ordering::SeqCst) < 40 {
            thread::yield_now();
        }
        let town = town.restarted();
        stop.store(true, Ordering::SeqCst);
        let accepted: Vec<Vec<Value>> = work.into_iter().map(|work| work.join().unwrap()).collect();
        (town, accepted)
    });
    // The stream ended by itself, or the server would have waited for it.
    let mut rest = String::new();
    while stream.read_line(&mut rest).is_ok_and(|count| count > 0) {}
    assert_eq!(acknowledged.load(Ordering::SeqCst), accepted.iter().map(Vec::len).sum::<usize>());
    for (phone, accepted) in phones.iter().zip(&accepted) {
        still_there(&phone.at(&town.url()), accepted);
    }
}

#[test]
fn a_copy_made_while_phones_report_is_whole_and_restored_under_a_new_epoch() {
    let town = Town::open();
    let (amal, erik) = (town.enrol("Amal"), town.enrol("Erik"));
    let (acknowledged, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let backup = town.folder.path().join("backup");
    let before = thread::scope(|scope| {
        let work = scope.spawn(|| report_until_the_end(&amal, &acknowledged, &stop));
        while acknowledged.load(Ordering::SeqCst) < 5 {
            thread::yield_now();
        }
        let certain = acknowledged.load(Ordering::SeqCst);
        town.order(&["backup", backup.to_str().unwrap()]).unwrap();
        stop.store(true, Ordering::SeqCst);
        work.join().unwrap().into_iter().take(certain).collect::<Vec<_>>()
    });
    let late = sick("Liv");
    assert!(outcomes(erik.sync(0, std::slice::from_ref(&late)))[0].get("accepted").is_some());
    let epoch = |phone: &Phone| -> Value { phone.sync(0, &[]).json::<Value>().unwrap()["epoch"].clone() };
    let (old_epoch, (cursor, _)) = (epoch(&amal), amal.pull());
    assert!(town.running.stop());

    assert!(sqlite::restore(&backup, town.folder.path()).is_err(), "a restore never overwrites");
    let restored = town.folder.path().join("restored");
    sqlite::restore(&backup, &restored).unwrap();
    // The key of the codes is kept apart, and brought along.
    let keys = Some(town.folder.path().join("keys"));
    let options = ServeOptions { clock: town.clock.clone(), tick_every: None, keys, ..ServeOptions::on(&restored) };
    let running = Running::start(options).unwrap();
    let (amal, erik) = (amal.at(&running.server().url()), erik.at(&running.server().url()));
    assert_ne!(epoch(&amal), old_epoch);
    let body = json!({ "protocol": 1, "school": school(), "epoch": old_epoch, "cursor": cursor });
    let answer: Value = amal.ask("POST", "/v1/sync").json(&body).send().unwrap().json().unwrap();
    assert_eq!(answer["pull"], json!("reset_required"));
    // What the copy has is found by its id; what came after is simply accepted now.
    still_there(&amal, &before);
    assert!(outcomes(erik.sync(0, &[late]))[0].get("accepted").is_some());
    let Answer::Status(status) = order(&restored, &["status"]).unwrap() else { panic!("no status") };
    assert_eq!(status.schools[0].pupils, 2);
    assert!(running.stop());
}

/// The real binary, for what only a process can show.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(data: &std::path::Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_skolebro-server"))
            .args(["--data", data.to_str().unwrap(), "--test-clock", "2026-11-23T05:50:00Z"])
            .args(["--log", "json", "serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("skolebro-server ready on ").unwrap().to_owned();
        Self { child, url }
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }
}

#[test]
fn killed_in_the_middle_of_load_it_has_everything_that_it_acknowledged_once() {
    let town = Town::open();
    let phones: Vec<Phone> = ["Amal", "Erik"].iter().map(|name| town.enrol(name)).collect();
    let Town { running, folder, .. } = town;
    assert!(running.stop());
    let mut process = Process::start(folder.path());
    let phones: Vec<Phone> = phones.iter().map(|phone| phone.at(&process.url)).collect();
    let (acknowledged, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let accepted: Vec<Vec<Value>> = thread::scope(|scope| {
        let work: Vec<_> =
            phones.iter().map(|phone| scope.spawn(|| report_until_the_end(phone, &acknowledged, &stop))).collect();
        while acknowledged.load(Ordering::SeqCst) < 40 {
            thread::yield_now();
        }
        process.signal("-KILL");
        process.child.wait().unwrap();
        work.into_iter().map(|work| work.join().unwrap()).collect()
    });

    let mut process = Process::start(folder.path());
    for (phone, accepted) in phones.iter().zip(&accepted) {
        let phone = phone.at(&process.url);
        still_there(&phone, accepted);
        let (_, rows) = phone.pull();
        let day: Vec<&Value> = rows.iter().filter(|row| row["kind"] == "attendance").collect();
        assert_eq!(day.len(), 1, "one pupil, one day: one absence, however often it was said");
        assert_eq!(day[0]["pupil"], json!(person("Liv")));
    }
    process.signal("-TERM");
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on() {
    let town = Town::open();
    let answer = Command::new(env!("CARGO_BIN_EXE_skolebro-server"))
        .args(["--data", town.folder.path().to_str().unwrap(), "serve", "--listen", "127.0.0.1:0"])
        .output()
        .unwrap();
    assert_eq!(answer.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&answer.stderr).contains("in use"));
    // Its operators still reach it: the second one left the socket alone.
    assert!(matches!(town.order(&["status"]), Ok(Answer::Status(_))));
}

#[test]
fn an_operator_who_says_nothing_does_not_hold_up_the_end() {
    let Town { running, folder, .. } = Town::open();
    let silent = std::os::unix::net::UnixStream::connect(socket::path(folder.path())).unwrap();
    assert!(running.stop(), "nothing was cut off");
    drop(silent);
}
