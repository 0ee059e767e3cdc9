//! Something stored has a form that this version cannot read: it costs itself, opens nothing, and is told of without what it
//! says.

use crate::{
    phone::{Phone, outcome, raw},
    reports::sick,
    town::{Town, config, group, person, put, works},
};
use parking_lot::Mutex;
use rusqlite::Connection;
use skolebro_core::{
    domain::{
        command::{Capacity, CommandBody},
        people::{Block, GuardianshipKind, Reach, Role},
        record::RecordKind,
        roster::RosterChange,
        scope::Topic,
    },
    protocol::{NotNow, Outcome},
};
use skolebro_server::{
    engine::{Engine, Limits, Session},
    store::{
        self, Store,
        sqlite::{SqliteOptions, SqliteStore},
    },
};
use std::{io, path::Path, sync::Arc};
use tempfile::TempDir;

const SECRET: &str = "Hemliga Gatan 7";

fn open(folder: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(folder, SqliteOptions::default()).unwrap())
}

fn town(folder: &TempDir) -> Town {
    Town::on(open(folder.path()), Limits::default())
}

/// The server stops, the file is written by somebody else, and the server starts.
fn garbled(folder: &TempDir, town: Town, sql: &str) -> Town {
    let Town { engine, store, clock, school } = town;
    drop((engine, store));
    let file = Connection::open(folder.path().join("school.db")).unwrap();
    file.execute_batch(sql).unwrap();
    drop(file);
    let store = open(folder.path());
    let engine = Engine::open(store.clone(), clock.clone(), config(Limits::default())).unwrap();
    Town { engine, store, clock, school }
}

/// A phone that has pulled nothing yet.
fn phone(town: &Town, session: Session) -> Phone {
    Phone::new(town.engine.clone(), town.school, session)
}

fn reads(town: &Town, session: Session) -> Vec<String> {
    let mut fresh = phone(town, session);
    fresh.pull();
    fresh.scopes().into_iter().map(str::to_owned).collect()
}

fn about_liv(scopes: &[String]) -> bool {
    scopes.iter().any(|scope| scope.starts_with(&format!("pupil:{}/", person("Liv"))))
}

/// Every entry of a kind that names this person, in a form of nobody's.
fn unread(kind: &str, name: &str) -> String {
    let entry = format!(r#"{{"kind":"{kind}","value":{{"as_of":["{SECRET}"],"form":9}}}}"#);
    format!("UPDATE roster SET entry = '{entry}' WHERE kind = '{kind}' AND key LIKE '%{}%';", person(name))
}

#[test]
fn a_bar_that_cannot_be_read_still_bars_and_can_be_lifted() {
    let folder = tempfile::tempdir().unwrap();
    let town = town(&folder);
    let amal = town.session("Amal");
    let town = garbled(&folder, town, &unread("block", "Bo"));
    town.engine.rebuild(town.school).unwrap();
    assert!(town.code("Bo").is_none());
    assert!(about_liv(&reads(&town, amal)), "nobody else is the worse for it");
    let bar = Block { pupil: person("Liv"), person: person("Bo") };
    town.roster(vec![RosterChange::Remove(bar.into())]);
    assert!(town.code("Bo").is_some());
}

#[test]
fn of_whom_the_age_cannot_be_read_home_is_told_nothing_and_the_school_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let town = town(&folder);
    let (amal, greta, sanna) = (town.session("Amal"), town.session("Greta"), town.session("Sanna"));
    let town = garbled(&folder, town, &unread("person", "Liv"));
    assert_eq!(town.engine.rebuild(town.school).unwrap().left, 0);
    assert!(!about_liv(&reads(&town, amal)));
    assert!(about_liv(&reads(&town, sanna)));
    assert!(!reads(&town, greta).is_empty(), "Nils' guardian is served as ever");
    let mut greta = phone(&town, greta);
    let nils = CommandBody::DelegateTopics {
        pupil: person("Nils"),
        to: person("Pia"),
        topics: vec![Topic::Info],
        dates: skolebro_core::domain::people::Dates::default(),
    };
    let answered = greta.send(&town.command(Capacity::Home, nils));
    assert!(matches!(answered, Outcome::Rejected(_)), "judged, and not put off: {answered:?}");
    // The import says it anew.
    town.put(crate::town::named("Liv"));
    assert!(about_liv(&reads(&town, amal)));
}

#[test]
fn who_may_have_been_at_home_does_not_decide_as_staff_and_who_was_barred_from_a_member_stays_out() {
    let folder = tempfile::tempdir().unwrap();
    let town = town(&folder);
    // Sanna has been a guardian of Liv, her pupil; Omar is barred from Nils, who is in the class that he teaches.
    town.put(crate::town::adult("Liv", "Sanna", GuardianshipKind::Guardian));
    town.put(Block { pupil: person("Nils"), person: person("Omar") });
    let omar = town.session("Omar");
    let town = garbled(&folder, town, &(unread("guardianship", "Sanna") + &unread("membership", "Nils")));
    town.engine.rebuild(town.school).unwrap();
    let roster = |town: &Town| {
        store::read(&*town.store, |reading| {
            let mut roster = skolebro_core::domain::roster::Roster::default();
            reading.roster(town.school, &mut |stored| roster.put(&stored.entry))?;
            Ok(roster)
        })
        .unwrap()
    };
    let held = roster(&town);
    assert!(held.guardianship(person("Liv"), person("Sanna")).is_some(), "her own child");
    assert!(held.is_barred_from_group(person("Omar"), group("4C")));
    assert_eq!(held.unread().len(), 2);
    let staff_of_4c = format!("group:{}/attendance/staff", group("4C"));
    assert!(!reads(&town, omar).contains(&staff_of_4c));
    // An import does not take for its own what staff said; what it said itself it says again.
    town.roster(vec![put(works("Omar", Role::Teacher, Reach::Group(group("4C"))).into())]);
    assert_eq!(roster(&town).unread().len(), 2);
}

#[test]
fn a_row_of_a_later_version_costs_itself_and_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let town = town(&folder);
    assert!(matches!(town.phone("Amal").send(&sick(&town)), Outcome::Accepted { .. }));
    let (sanna, olle) = (town.session("Sanna"), town.session("Olle"));
    let held = {
        let mut sanna = phone(&town, sanna);
        sanna.pull();
        sanna.held().len()
    };
    let rows = "UPDATE record SET kind = 'hologram' WHERE kind = 'staff_card';
                UPDATE record SET body = substr(body, 1, 9) WHERE kind = 'calendar';
                UPDATE subscription SET scope = x'0763' WHERE scope = (SELECT max(scope) FROM subscription);";
    let town = garbled(&folder, town, rows);
    for session in [sanna, olle] {
        for limit in [1, 2, 500] {
            let mut phone = phone(&town, session);
            phone.limit = Some(limit);
            phone.pull();
            for gone in [RecordKind::StaffCard, RecordKind::Calendar] {
                assert!(phone.of_kind(gone).is_empty());
            }
            assert!(!phone.of_kind(RecordKind::Attendance).is_empty(), "what can be read is all there");
            if session == sanna {
                assert!(phone.held().len() < held);
            }
        }
    }
}

#[test]
fn an_outcome_that_cannot_be_read_costs_its_own_command_only() {
    let folder = tempfile::tempdir().unwrap();
    let town = town(&folder);
    let (amal, said) = (town.session("Amal"), sick(&town));
    phone(&town, amal).send(&said);
    let town = garbled(&folder, town, "UPDATE command_log SET outcome = '{\"accepted\": nine'");
    let mut depends = sick(&town);
    depends.depends_on = Some(said.id);
    let good = town.delegates(&[Topic::Attendance]);
    let response = phone(&town, amal).ask(vec![raw(&said), raw(&depends), raw(&good)]).unwrap();
    for spoilt in [said.id, depends.id] {
        assert_eq!(outcome(&response, spoilt), Outcome::NotNow(NotNow::Fault));
    }
    assert!(matches!(outcome(&response, good.id), Outcome::Accepted { .. }));
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(line);
        Ok(line.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_that_is_stored_is_in_the_log_whatever_cannot_be_read() {
    let lines = Lines::default();
    let writer = lines.clone();
    let log =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(log, || {
        let secret = format!(r#"{{"kind":"{SECRET}","value":"{SECRET}","reports":"{SECRET}","name":["{SECRET}"]}}"#);
        let folder = tempfile::tempdir().unwrap();
        let town = town(&folder);
        let (amal, said) = (town.session("Amal"), sick(&town));
        phone(&town, amal).send(&said);
        let everything = format!(
            "UPDATE roster SET entry = '{secret}'; UPDATE record SET body = '{secret}' WHERE body IS NOT NULL;
             UPDATE command_log SET outcome = '{secret}', payload = '{secret}'; UPDATE meta SET value = '{secret}';
             UPDATE source_row SET said = '{secret}';"
        );
        let town = garbled(&folder, town, &everything);
        let mut again = sick(&town);
        again.depends_on = Some(said.id);
        let _ = town.engine.renew();
        let _ = town.engine.rebuild(town.school);
        if let Ok(response) = phone(&town, amal).ask(vec![raw(&again)]) {
            assert!(matches!(outcome(&response, again.id), Outcome::NotNow(_) | Outcome::Rejected(_)));
        }
        let _ = town.engine.tick(town.engine.now() + chrono::TimeDelta::days(400));
        let _ = town.engine.make_codes(&[person("Amal")]);
    });
    let log = String::from_utf8_lossy(&lines.0.lock()).into_owned();
    assert!(log.contains("cannot be read"), "{log}");
    assert!(!log.contains("Hemliga"), "{log}");
}
