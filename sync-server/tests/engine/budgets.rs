//! One token cannot fill the disk, hold the writer, or act after it was revoked.

use crate::{
    phone::{Phone, outcome, raw, text},
    reports::sick,
    town::{Town, config, day, group, named, person, until, works},
};
use chrono::TimeDelta;
use parking_lot::{Condvar, Mutex};
use serde_json::{Value, json};
use skolebro_core::{
    domain::{
        attendance::AbsenceKind,
        command::{Capacity, Command, CommandBody},
        ids::{CommandId, PersonId},
        people::{Assignment, Dates, Enrolment, Membership, Reach, Role, SchoolForm},
        people_commands::MOST_SPELLS,
        rejection::Rejection,
    },
    protocol::{NotNow, Outcome, PROTOCOL, ProblemCode, SyncRequest},
};
use skolebro_server::{
    engine::{Engine, EngineConfig, Limits, WriterMode},
    store::{self, LoggedCommand, Reading, Result, Store, Writing, sqlite::SqliteStore},
};
use std::{path::Path, sync::Arc, thread, time::Duration};

fn logged(town: &Town, id: CommandId) -> Option<LoggedCommand> {
    store::read(&*town.store, |reading| reading.command(town.school, id)).unwrap()
}

pub fn with_note(town: &Town, note: &str) -> Command {
    let today = day("2026-09-15");
    town.command(
        Capacity::Home,
        CommandBody::ReportAbsence {
            pupils: vec![person("Liv")],
            kind: AbsenceKind::Sick,
            from: today,
            to: today,
            part: None,
            note: Some(note.to_owned()),
            on_behalf_of: None,
            phoned_at: None,
        },
    )
}

/// The command as JSON, with a field that nobody reads.
fn stuffed(command: &Command, bytes: usize) -> Value {
    let mut value = serde_json::to_value(command).unwrap();
    value["body"]["essay"] = json!("x".repeat(bytes));
    value
}

#[test]
fn what_a_client_writes_besides_is_not_kept_and_a_replay_is_still_known() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let command = sick(&town);
    let essay = text(&stuffed(&command, 20_000).to_string());
    assert_eq!(outcome(&amal.sync(vec![essay]), command.id), Outcome::NotNow(NotNow::Other));
    assert_eq!(logged(&town, command.id), None);
    let spaced =
        |spaces: usize| text(&json!(command).to_string().replacen(':', &format!(":{}", " ".repeat(spaces)), 1));
    let first = outcome(&amal.sync(vec![spaced(20_000)]), command.id);
    assert!(matches!(first, Outcome::Accepted { .. }));
    let line = logged(&town, command.id).unwrap();
    assert_eq!(line.payload.as_deref(), Some(serde_json::to_string(&command).unwrap().as_str()));
    assert_eq!(outcome(&amal.sync(vec![spaced(20_000)]), command.id), first);
    // The same id with other bytes is another command, as ever.
    let other = spaced(20_001);
    assert_eq!(outcome(&amal.sync(vec![other]), command.id), Outcome::Rejected(Rejection::IdReused));
}

#[test]
fn a_command_that_is_too_long_is_told_so_and_nothing_of_it_is_kept() {
    let town = Town::with(Limits { command_bytes: 2_000, ..Limits::default() });
    let mut amal = town.phone("Amal");
    let (long, good) = (sick(&town), sick(&town));
    let sent = text(&stuffed(&long, 2_000).to_string());
    let response = amal.sync(vec![sent.clone(), raw(&good)]);
    assert_eq!(outcome(&response, long.id), Outcome::Rejected(Rejection::CommandTooLong));
    assert!(matches!(outcome(&response, good.id), Outcome::Accepted { .. }));
    assert_eq!(logged(&town, long.id).unwrap().payload, None);
    // One of a newer app may be right to be long: the server that comes after this one will know.
    let newer = SyncRequest { protocol: PROTOCOL + 1, ..amal.request(vec![sent]) };
    let response = town.engine.sync_blocking(&amal.session, newer).unwrap().parse().unwrap();
    assert_eq!(outcome(&response, long.id), Outcome::Rejected(Rejection::CommandTooLong), "it is settled");
    let next = sick(&town);
    let newer = SyncRequest { protocol: PROTOCOL + 1, ..amal.request(vec![text(&stuffed(&next, 2_000).to_string())]) };
    let response = town.engine.sync_blocking(&amal.session, newer).unwrap().parse().unwrap();
    assert_eq!(outcome(&response, next.id), Outcome::NotNow(NotNow::Other));
}

#[test]
fn the_long_text_of_a_refused_command_is_not_kept_and_a_short_ones_is() {
    let town = Town::new();
    let (mut amal, mut greta) = (town.phone("Amal"), town.phone("Greta"));
    let long = with_note(&town, &"å".repeat(8_000));
    let refused = outcome(&amal.sync(vec![raw(&long)]), long.id);
    assert_eq!(refused, Outcome::Rejected(Rejection::NoteTooLong { most: 300 }));
    assert_eq!(logged(&town, long.id).unwrap().payload, None);
    // Not Greta's child: what she asked for is a line of the audit trail.
    let not_hers = sick(&town);
    assert_eq!(greta.send(&not_hers), Outcome::Rejected(Rejection::NotYours));
    assert!(logged(&town, not_hers.id).unwrap().payload.is_some());
}

#[test]
fn who_has_written_enough_today_waits_until_tomorrow_and_nobody_else_does() {
    let town = Town::with(Limits { bytes_per_day: 6_000, ..Limits::default() });
    let (mut amal, mut erik) = (town.phone("Amal"), town.phone("Erik"));
    let commands: Vec<Command> = (0..20).map(|_| sick(&town)).collect();
    let response = amal.sync(commands.iter().map(raw).collect());
    let settled: Vec<Outcome> = commands.iter().map(|command| outcome(&response, command.id)).collect();
    let accepted = settled.iter().take_while(|outcome| matches!(outcome, Outcome::Accepted { .. })).count();
    assert!((2..15).contains(&accepted), "{accepted}");
    for (command, outcome) in commands.iter().zip(&settled).skip(accepted) {
        assert_eq!(*outcome, Outcome::NotNow(NotNow::TooMuchToday));
        assert_eq!(logged(&town, command.id), None);
    }
    // Refused ones cost as well, and her other phone is no other person.
    let malformed = CommandId::new();
    let response = town.phone("Amal").sync(vec![text(&format!(r#"{{"id":"{malformed}"}}"#))]);
    assert_eq!(outcome(&response, malformed), Outcome::NotNow(NotNow::TooMuchToday));
    // What is settled is settled; she reads on; and Erik reports.
    assert_eq!(amal.send(&commands[0]), settled[0]);
    assert!(matches!(erik.send(&sick(&town)), Outcome::Accepted { .. }));
    // Nothing was lost: it goes up the next day.
    town.later(TimeDelta::hours(24));
    let last = commands.last().unwrap();
    assert!(matches!(amal.send(last), Outcome::Accepted { .. }));
}

#[test]
fn a_day_in_the_office_is_far_below_what_one_may_have_written() {
    let town = Town::new();
    let mut olle = town.phone("Olle");
    let limits = Limits::default();
    // Each child of a large school, phoned in one by one, with a note.
    let before: u64 = 1_500;
    let mut written = 0;
    for _ in 0..20 {
        let mut command = with_note(&town, &"Ringde själv, hostar, tillbaka på onsdag. ".repeat(7));
        command.capacity = Capacity::Staff(Role::Office);
        if let CommandBody::ReportAbsence { on_behalf_of, .. } = &mut command.body {
            *on_behalf_of = Some(person("Amal"));
        }
        assert!(matches!(olle.send(&command), Outcome::Accepted { .. }));
        // The line, its payload, the day's record as it has grown, and the note.
        written = 2 * (serde_json::to_string(&command).unwrap().len() as u64 + 1_500);
    }
    assert!(before * written < limits.bytes_per_day / 2, "{}", before * written);
}

#[test]
fn what_the_office_gives_one_person_by_hand_stays_small_enough_for_everybodys_phone() {
    let town = Town::new();
    let mut olle = town.phone("Olle");
    let mut gives = |name: &str, at: i64| {
        let first = day("2026-09-15") + TimeDelta::days(2 * at);
        let dates = Dates { from: Some(first), until: Some(first) };
        let assignment = Assignment { dates, ..works(name, Role::Teacher, Reach::Group(group("4B"))) };
        let office = Capacity::Staff(Role::Office);
        olle.send(&town.command(office, CommandBody::AssignStaff { assignment }))
    };
    let most = MOST_SPELLS as i64;
    for at in 0..most {
        assert!(matches!(gives("Omar", at), Outcome::Accepted { .. }), "{at}");
    }
    assert_eq!(gives("Omar", most), Outcome::Rejected(Rejection::TooMany { most: MOST_SPELLS as u16 }));
    // What he has been given may be said again, and others are not held up by it.
    assert!(matches!(gives("Omar", 0), Outcome::Accepted { .. }));
    assert!(matches!(gives("Sanna", most), Outcome::Accepted { .. }));
    // What is over makes room.
    town.later(TimeDelta::days(2));
    assert!(matches!(gives("Omar", most), Outcome::Accepted { .. }));
}

#[test]
fn the_rights_that_a_command_gives_count_as_written() {
    let bytes_per_day = 300_000;
    let town = Town::with(Limits { bytes_per_day, ..Limits::default() });
    for number in 0..25 {
        let pupil = format!("Elev {number}");
        let dates = Dates::default();
        town.put(named(&pupil));
        town.put(Enrolment { pupil: person(&pupil), form: SchoolForm::Compulsory, dates });
        town.put(Membership { pupil: person(&pupil), group: group("4B"), dates });
    }
    let mut olle = town.phone("Olle");
    let mut rights = 0;
    for _ in 0..100 {
        let command = town.command(
            Capacity::Staff(Role::Office),
            CommandBody::AddSubstitute {
                given_name: "Vik".to_owned(),
                family_name: "Arie".to_owned(),
                role: Role::Teacher,
                group: group("4B"),
                dates: until("2026-09-15"),
            },
        );
        match olle.send(&command) {
            Outcome::Accepted { .. } => {}
            Outcome::NotNow(NotNow::TooMuchToday) => break,
            other => panic!("{other:?}"),
        }
        let substitute = PersonId::derive(&[&"substitute", &command.id]);
        rights += store::read(&*town.store, |reading| reading.subscriptions(town.school, substitute)).unwrap().len();
    }
    assert!((50..bytes_per_day as usize / 200).contains(&rights), "{rights}");
}

#[test]
fn a_phone_that_is_revoked_while_its_request_is_under_way_does_and_reads_nothing_more() {
    for limits in [Limits::default(), Limits { tail_rows: 1, cached_sessions: 1, ..Limits::default() }] {
        let town = Town::with(limits);
        // The session begins, as the headers have come; the body takes its time.
        let (lost, mut kept, mut erik) = (town.phone("Amal"), town.phone("Amal"), town.phone("Erik"));
        kept.pull();
        town.engine.revoke_device(&kept.session, lost.session.device).unwrap();
        let command = sick(&town);
        let refused = lost.ask(vec![raw(&command)]).unwrap_err();
        assert_eq!(refused.code, ProblemCode::DeviceRevoked);
        assert_eq!(logged(&town, command.id), None);
        assert_eq!(lost.ask(Vec::new()).unwrap_err().code, ProblemCode::DeviceRevoked, "nor reads");
        // Nor takes the others with it.
        let refused = town.engine.revoke_device(&lost.session, kept.session.device).unwrap_err();
        assert_eq!(refused.code, ProblemCode::DeviceRevoked);
        assert!(matches!(kept.send(&sick(&town)), Outcome::Accepted { .. }));
        assert!(matches!(erik.send(&sick(&town)), Outcome::Accepted { .. }));
    }
}

/// Lets one write through for each token that it is given.
struct Gated {
    inner: SqliteStore,
    tokens: Mutex<usize>,
    given: Condvar,
}

impl Gated {
    fn give(&self, tokens: usize) {
        *self.tokens.lock() += tokens;
        self.given.notify_all();
    }
}

impl Store for Gated {
    fn read(&self, work: &mut dyn FnMut(&dyn Reading) -> Result<()>) -> Result<()> {
        self.inner.read(work)
    }
    fn write(&self, work: &mut dyn FnMut(&mut dyn Writing) -> Result<()>) -> Result<()> {
        let mut tokens = self.tokens.lock();
        while *tokens == 0 {
            self.given.wait(&mut tokens);
        }
        *tokens -= 1;
        drop(tokens);
        self.inner.write(work)
    }
    fn backup(&self, to: &Path) -> Result<()> {
        self.inner.backup(to)
    }
    fn scrub(&self) -> Result<()> {
        self.inner.scrub()
    }
}

#[test]
fn a_long_batch_is_done_in_slices_and_greta_comes_in_between() {
    let store = Arc::new(Gated {
        inner: SqliteStore::temporary().unwrap(),
        tokens: Mutex::new(usize::MAX / 2),
        given: Condvar::new(),
    });
    let limits = Limits { slice: Duration::ZERO, turn: Duration::ZERO, ..Limits::default() };
    let mut town = Town::on(store.clone(), limits.clone());
    let sessions = [town.session("Olle"), town.session("Greta")];
    let config = EngineConfig { writer: WriterMode::Thread, ..config(limits) };
    town.engine = Engine::open(town.store.clone(), town.clock.clone(), config).unwrap();
    let [mut olle, mut greta] = sessions.map(|session| Phone::new(town.engine.clone(), town.school, session));
    olle.pull();
    greta.pull();
    let batch: Vec<Command> = (0..50)
        .map(|_| {
            let mut command = sick(&town);
            command.capacity = Capacity::Staff(Role::Office);
            command
        })
        .collect();
    let hers = town.command(
        Capacity::Home,
        CommandBody::ReportAbsence {
            pupils: vec![person("Nils")],
            kind: AbsenceKind::Sick,
            from: day("2026-09-15"),
            to: day("2026-09-15"),
            part: None,
            note: None,
            on_behalf_of: None,
            phoned_at: None,
        },
    );
    *store.tokens.lock() = 0;
    let (last, hers_id) = (batch.last().unwrap().id, hers.id);
    thread::scope(|scope| {
        let olles = scope.spawn(|| olle.sync(batch.iter().map(raw).collect()));
        // His batch is at the writer when its first commands are durable.
        store.give(3);
        while logged(&town, batch[1].id).is_none() {
            thread::yield_now();
        }
        let gretas = scope.spawn(|| greta.sync(vec![raw(&hers)]));
        // One commit at a time, until hers is in one of them: long before the last of his.
        while logged(&town, hers_id).is_none() {
            while *store.tokens.lock() > 0 && logged(&town, hers_id).is_none() {
                thread::yield_now();
            }
            assert!(logged(&town, last).is_none(), "she waited for all of his");
            if *store.tokens.lock() == 0 {
                store.give(1);
            }
        }
        store.give(usize::MAX / 4);
        assert!(matches!(outcome(&gretas.join().unwrap(), hers_id), Outcome::Accepted { .. }));
        let olles = olles.join().unwrap();
        for command in &batch {
            assert!(matches!(outcome(&olles, command.id), Outcome::Accepted { .. }));
        }
    });
}

#[test]
fn one_person_cannot_take_all_the_places_of_those_who_wait() {
    let store = Arc::new(Gated {
        inner: SqliteStore::temporary().unwrap(),
        tokens: Mutex::new(usize::MAX / 2),
        given: Condvar::new(),
    });
    let limits = Limits { requests_waiting_of_one: 2, ..Limits::default() };
    let mut town = Town::on(store.clone(), limits.clone());
    let sessions = [town.session("Olle"), town.session("Greta")];
    let config = EngineConfig { writer: WriterMode::Thread, ..config(limits) };
    town.engine = Engine::open(town.store.clone(), town.clock.clone(), config).unwrap();
    let [olle, greta] = sessions.map(|session| Phone::new(town.engine.clone(), town.school, session));
    *store.tokens.lock() = 0;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ask = |phone: &Phone| {
        let (engine, session) = (town.engine.clone(), phone.session);
        let request = phone.request(vec![raw(&sick(&town))]);
        runtime.spawn(async move { engine.sync(&session, request).await.map(|_| ()) })
    };
    // The first is in its turn, or waits for it; some wait behind it; and then there is no room for more of his.
    let olles: Vec<_> = (0..10).map(|_| ask(&olle)).collect();
    while !olles.iter().any(tokio::task::JoinHandle::is_finished) {
        thread::yield_now();
    }
    let gretas = ask(&greta);
    store.give(usize::MAX / 4);
    runtime.block_on(async {
        assert_eq!(gretas.await.unwrap(), Ok(()));
        let mut refused = 0;
        for his in olles {
            if let Err(why) = his.await.unwrap() {
                assert_eq!(why.code, ProblemCode::TooManyTries);
                assert!(why.wait.is_some());
                refused += 1;
            }
        }
        assert!((1..9).contains(&refused), "{refused}");
    });
}
