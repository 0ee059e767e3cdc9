//! What happens by the clock alone: a substitute's midnight, an 18th birthday, an assurance that runs out, retention, and
//! the floor under those who were away for long.

use crate::{
    phone::Phone,
    reports::{attendance, marks, sick},
    town::{Town, day, group, named, person, time, works},
};
use chrono::TimeDelta;
use rusqlite::Connection;
use skolebro_core::{
    domain::{
        attendance::{Presence, Session},
        command::{Capacity, CommandBody, RollMark},
        people::{AdultConsent, Dates, Reach, Role},
        record::RecordKind,
        scope::Topic,
    },
    protocol::{Outcome, Pull},
};
use skolebro_server::{
    engine::Limits,
    store::{
        self, StoredRow,
        sqlite::{SqliteOptions, SqliteStore},
    },
};
use std::sync::Arc;

fn tick(town: &Town) -> skolebro_server::engine::Ticked {
    let ticked = town.engine.tick(town.engine.now()).unwrap();
    let head = store::read(&*town.store, |reading| reading.head(town.school)).unwrap();
    let again = town.engine.tick(town.engine.now()).unwrap();
    let after = store::read(&*town.store, |reading| reading.head(town.school)).unwrap();
    assert_eq!(
        (head, again.commands, again.lapsed, again.erased),
        (after, 0, 0, 0),
        "repeating a tick changes nothing"
    );
    ticked
}

fn revoked(phone: &mut Phone) -> Vec<String> {
    match phone.sync(Vec::new()).pull {
        Pull::Page(page) => page.revoked,
        Pull::ResetRequired => panic!("a page was expected"),
    }
}

#[test]
fn after_midnight_the_substitutes_rights_are_revoked_by_number_too() {
    for limits in [Limits::default(), Limits { tick_batch: 1, ..Limits::default() }] {
        let town = Town::with(limits);
        let mut assignment = works("Vera", Role::Teacher, Reach::Group(group("4B")));
        assignment.dates = Dates { from: None, until: Some(day("2026-09-15")) };
        town.put(assignment);
        let mut vera = town.phone("Vera");
        vera.pull();
        assert!(!vera.rows.is_empty());
        tick(&town);
        assert!(revoked(&mut vera).is_empty(), "not before");
        town.later(TimeDelta::hours(20));
        let ticked = tick(&town);
        assert!(ticked.lapsed > 0);
        vera.pull();
        assert!(vera.rows.is_empty(), "{:?}", vera.scopes());
        let mut amal = town.phone("Amal");
        amal.pull();
        let cards = amal.held().iter().filter(|(_, _, _, body)| body.contains("Vera")).count();
        assert_eq!(cards, 0, "her card is closed");
    }
}

#[test]
fn a_school_that_is_owed_nothing_costs_the_writer_nothing_until_something_is_said_or_ends() {
    let town = Town::new();
    let mut assignment = works("Vera", Role::Teacher, Reach::Group(group("4B")));
    assignment.dates = Dates { from: None, until: Some(day("2026-09-15")) };
    town.put(assignment);
    let mut vera = town.phone("Vera");
    vera.pull();
    tick(&town);
    let written = || town.engine.commits();
    let before = written();
    for _ in 0..10 {
        town.later(TimeDelta::minutes(1));
        let ticked = tick(&town);
        assert!(ticked.next.is_some_and(|next| next > town.engine.now()), "it says when to look again");
    }
    assert_eq!(written(), before);
    // A mark that nobody has explained is told of, as ever.
    let mut sanna = town.phone("Sanna");
    town.later(TimeDelta::minutes(70));
    sanna.send(&marks(&town, Presence::Unexplained));
    town.later(TimeDelta::minutes(3));
    assert!(tick(&town).commands > 0);
    // And what ends by itself is numbered at once, however quiet it is.
    town.later(TimeDelta::hours(18));
    assert!(tick(&town).lapsed > 0);
    vera.pull();
    assert!(vera.rows.is_empty(), "{:?}", vera.scopes());
}

#[test]
fn a_substitute_of_tomorrow_reads_from_midnight_on() {
    let town = Town::new();
    let mut assignment = works("Sanna", Role::Teacher, Reach::Group(group("4C")));
    assignment.dates = Dates { from: Some(day("2026-09-16")), until: Some(day("2026-09-16")) };
    town.put(assignment);
    let mut sanna = town.phone("Sanna");
    sanna.pull();
    let nils = person("Nils").to_string();
    assert!(!sanna.scopes().iter().any(|scope| scope.contains(&nils)));
    // The server was down for the night.
    let town = town.restarted(Limits::default());
    sanna.engine = town.engine.clone();
    town.later(TimeDelta::hours(24));
    tick(&town);
    sanna.pull();
    assert!(sanna.scopes().iter().any(|scope| scope.contains(&nils)));
    town.later(TimeDelta::days(3));
    tick(&town);
    sanna.pull();
    assert!(!sanna.scopes().iter().any(|scope| scope.contains(&nils)));
}

#[test]
fn on_the_eighteenth_birthday_guardians_stop_reading_unless_the_pupil_consents() {
    let town = Town::new();
    let mut liv = named("Liv");
    liv.birth_date = Some(day("2008-09-16"));
    town.put(liv);
    let mut amal = town.phone("Amal");
    let mut erik = town.phone("Erik");
    let granted = amal.page().reset;
    let own = |scope: &str| scope.contains(&person("Liv").to_string());
    let midnight = Some(time("2026-09-15T22:00:00Z"));
    assert!(granted.iter().filter(|granted| own(&granted.scope)).all(|granted| granted.until == midnight));
    amal.send(&town.delegates(&[Topic::Attendance]));
    amal.pull();
    erik.pull();
    town.later(TimeDelta::hours(24));
    let ticked = tick(&town);
    assert!(ticked.lapsed > 0);
    assert_eq!(ticked.commands, 1, "what was delegated ends with the custody");
    amal.pull();
    erik.pull();
    assert!(!amal.scopes().iter().any(|scope| own(scope)));
    town.put(AdultConsent { pupil: person("Liv"), person: person("Erik"), dates: Dates::default() });
    amal.pull();
    erik.pull();
    assert!(erik.scopes().iter().any(|scope| own(scope)));
    assert!(!amal.scopes().iter().any(|scope| own(scope)));
}

#[test]
fn from_the_eighteenth_birthday_the_pupil_has_a_phone_of_its_own_and_reports_itself() {
    let town = Town::new();
    let born = |date: &str| {
        let mut liv = named("Liv");
        liv.birth_date = Some(day(date));
        town.put(liv);
    };
    assert_eq!(town.code("Liv"), None, "an unknown birth date makes nobody of age");
    born("2008-09-16");
    assert_eq!(town.code("Liv"), None, "not before the day");
    let (mut nils, mut sanna) = (town.code("Nils"), town.phone("Sanna"));
    assert_eq!(nils.take(), None);
    town.later(TimeDelta::hours(24));
    tick(&town);
    let mut liv = town.phone("Liv");
    liv.pull();
    let own = |scope: &&str| scope.contains(&format!("pupil:{}", person("Liv")));
    assert!(liv.scopes().iter().any(own));
    assert!(!liv.scopes().iter().any(|scope| scope.contains("pupil:") && !own(scope)), "and of nobody else");
    let outcome = liv.send(&sick(&town));
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    sanna.pull();
    assert!(attendance(&sanna, &town).is_some());
    // The date was a slip of the pen: what was given by it goes, and the report stays.
    born("2009-09-16");
    liv.pull();
    assert!(liv.scopes().is_empty(), "{:?}", liv.scopes());
    assert!(matches!(liv.send(&sick(&town)), Outcome::Rejected(_)));
    assert!(attendance(&sanna, &town).is_some());
}

#[test]
fn an_assurance_that_ran_out_is_revoked_by_number() {
    let town = Town::new();
    let (mut amal, mut olle) = (town.phone("Amal"), town.phone("Olle"));
    let until = town.engine.now() + TimeDelta::hours(1);
    let body = CommandBody::GrantStrongAssurance { person: person("Amal"), device: amal.session.device, until };
    assert!(matches!(olle.send(&town.command(Capacity::Staff(Role::Office), body)), Outcome::Accepted { .. }));
    amal.pull();
    town.later(TimeDelta::hours(2));
    tick(&town);
    let lost = revoked(&mut amal);
    assert!(
        lost.iter().any(|scope| scope.contains("/plan/"))
            && lost.iter().all(|scope| scope.contains(&person("Liv").to_string()))
    );
}

#[test]
fn what_is_past_its_retention_goes_from_the_school_the_phones_and_the_log() {
    let town = Town::new();
    let (mut amal, mut sanna) = (town.phone("Amal"), town.phone("Sanna"));
    let command = sick(&town);
    amal.send(&command);
    sanna.pull();
    assert!(attendance(&sanna, &town).is_some());
    let mut erased = 0;
    for _ in 0..30 {
        town.later(TimeDelta::days(60));
        erased += tick(&town).erased;
    }
    assert!(erased > 0);
    for phone in [&mut amal, &mut sanna] {
        phone.pull();
        assert!(attendance(phone, &town).is_none());
        assert!(phone.of_kind(RecordKind::Attendance).is_empty());
    }
    let line = store::read(&*town.store, |reading| reading.command(town.school, command.id)).unwrap().unwrap();
    assert_eq!(line.payload, None, "the text is gone");
    assert_eq!(line.author, Some(person("Amal")), "the line is not");
    assert!(matches!(amal.send(&command), Outcome::Accepted { .. }), "and it still has happened");
    assert!(attendance(&amal, &town).is_none());
}

#[test]
fn who_was_away_longer_than_gone_rows_are_kept_starts_over() {
    let town = Town::with(Limits { gone_days: 10, tick_batch: 1, ..Limits::default() });
    tick(&town);
    let (mut amal, mut erik) = (town.phone("Amal"), town.phone("Erik"));
    amal.pull();
    erik.pull();
    let nothing = town.phone("Erik");
    for _ in 0..15 {
        let class = works("Omar", Role::Teacher, Reach::Group(group("4B")));
        town.put(class);
        town.remove(class);
        town.later(TimeDelta::days(1));
        tick(&town);
        amal.pull();
    }
    let head = store::read(&*town.store, |reading| reading.head(town.school)).unwrap();
    assert!(head.floor > erik.cursor, "{head:?}");
    assert!(matches!(erik.ask(Vec::new()).unwrap().pull, Pull::ResetRequired));
    assert!(matches!(nothing.ask(Vec::new()).unwrap().pull, Pull::Page(_)), "who has nothing needs none");
    erik.pull();
    let rows = |phone: &Phone| phone.rows.len();
    assert_eq!(rows(&erik), rows(&amal));
}

#[test]
fn repeated_absence_is_told_once_the_day_is_over_also_of_days_when_the_server_was_down() {
    let town = Town::new();
    let (mut sanna, mut petra) = (town.phone("Sanna"), town.phone("Petra"));
    let (mut amal, mut omar) = (town.phone("Amal"), town.phone("Omar"));
    let signals = |phone: &mut Phone| {
        phone.pull();
        phone.of_kind(RecordKind::FollowUpSignal).len()
    };
    // Three days without a word: the sample's threshold for invalid absence.
    town.later(TimeDelta::minutes(70));
    for date in ["2026-09-15", "2026-09-16", "2026-09-17"] {
        let marks = vec![RollMark { pupil: person("Liv"), presence: Presence::Unexplained }];
        let body = CommandBody::MarkRoll { group: group("4B"), day: day(date), session: Session::Day, marks };
        let marked = sanna.send(&town.command(Capacity::Staff(Role::ContactTeacher), body));
        assert!(matches!(marked, Outcome::Accepted { .. }), "{marked:?}");
        tick(&town);
        assert_eq!(signals(&mut sanna), 0, "she may still come");
        if date == "2026-09-15" {
            town.later(TimeDelta::hours(10));
            tick(&town);
            assert_eq!(signals(&mut sanna), 0, "one day is none to follow up");
            town.later(TimeDelta::hours(14));
        } else {
            // Nobody ticks in the afternoon or the night: the server is down.
            town.later(TimeDelta::days(1));
        }
    }
    let ticked = tick(&town);
    assert!(ticked.commands > 0);
    assert_eq!((signals(&mut sanna), signals(&mut petra)), (1, 1));
    assert_eq!((signals(&mut amal), signals(&mut omar)), (0, 0));
    // Told once.
    town.later(TimeDelta::days(1));
    tick(&town);
    assert_eq!(signals(&mut sanna), 1);
}

#[test]
fn what_was_refused_and_what_wrote_no_record_is_no_longer_told_either_once_all_is_past_retention() {
    let town = Town::new();
    let (mut amal, mut greta) = (town.phone("Amal"), town.phone("Greta"));
    let (refused, delegated) = (sick(&town), town.delegates(&[Topic::Attendance]));
    assert!(matches!(greta.send(&refused), Outcome::Rejected(_)), "Liv is not hers");
    amal.send(&delegated);
    let strange = skolebro_core::domain::ids::CommandId::new();
    amal.sync(vec![crate::phone::text(&format!(r#"{{"id":"{strange}","note":"Liv has a fever"}}"#))]);
    let payload = |id| {
        store::read(&*town.store, |reading| reading.command(town.school, id))
            .unwrap()
            .map(|line| line.payload.is_some())
    };
    assert_eq!(payload(strange), Some(false), "what cannot be read is not kept");
    tick(&town);
    town.later(TimeDelta::days(400));
    tick(&town);
    assert_eq!((payload(refused.id), payload(delegated.id)), (Some(true), Some(true)), "not before");
    town.later(TimeDelta::days(3_000));
    tick(&town);
    assert_eq!((payload(refused.id), payload(delegated.id)), (Some(false), Some(false)));
    assert!(matches!(greta.send(&refused), Outcome::Rejected(_)), "the line stays");
}

/// A town on a real file, and a way to damage it behind the server's back.
fn on_a_file(folder: &tempfile::TempDir) -> (Town, Connection) {
    let store = Arc::new(SqliteStore::open(folder.path(), SqliteOptions::default()).unwrap());
    let town = Town::on(store, Limits { tick_batch: 2, ..Limits::default() });
    (town, Connection::open(folder.path().join("school.db")).unwrap())
}

#[test]
fn one_substitute_whose_card_cannot_be_written_keeps_no_other_from_the_class() {
    let folder = tempfile::tempdir().unwrap();
    let (town, file) = on_a_file(&folder);
    for name in ["Vera", "Omar"] {
        let mut assignment = works(name, Role::Teacher, Reach::Group(group("4B")));
        assignment.dates = Dates { from: Some(day("2026-09-16")), until: None };
        town.put(assignment);
    }
    tick(&town);
    let reads = |name: &str| {
        let held = store::read(&*town.store, |reading| reading.subscriptions(town.school, person(name))).unwrap();
        let liv = person("Liv").to_string();
        held.iter().any(|held| held.is_active(town.engine.now()) && held.scope.to_string().contains(&liv))
    };
    let vera = "kind = 'staff_card' AND instr(body, ?1) > 0";
    let id = person("Vera").to_string();
    let (row, whole): (i64, String) = file
        .query_row(&format!("SELECT rowid, body FROM record WHERE {vera}"), [&id], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    file.execute("UPDATE record SET body = 'torn' WHERE rowid = ?1", [row]).unwrap();
    town.later(TimeDelta::hours(24));
    tick(&town);
    assert!(reads("Omar") && !reads("Vera"));
    // The day is not over with: mended, what is owed is given at the next tick.
    file.execute("UPDATE record SET body = ?2 WHERE rowid = ?1", rusqlite::params![row, whole]).unwrap();
    tick(&town);
    assert!(reads("Vera"));
}

#[test]
fn retention_ends_where_the_file_is_damaged_and_what_can_be_read_goes_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (town, file) = on_a_file(&folder);
    let mut amal = town.phone("Amal");
    amal.send(&sick(&town));
    let garbled = |name: &str, on: &str, body: &str| StoredRow {
        scope: skolebro_core::domain::scope::Scope::pupil(
            person(name),
            Topic::Attendance,
            skolebro_core::domain::scope::Circle::All,
        ),
        id: skolebro_core::domain::ids::RecordId::derive(&[&name, &on]),
        seq: 0,
        kind: RecordKind::Attendance,
        pupil: Some(person(name)),
        day: Some(day(on)),
        body: Some(body.into()),
    };
    store::write(&*town.store, |writing| {
        for row in ["2026-09-11", "2026-09-14"].map(|on| garbled("Nils", on, r#"{"reports":7}"#)) {
            let seq = writing.take_number(town.school)?;
            writing.put_row(town.school, &StoredRow { seq, ..row })?;
        }
        Ok(())
    })
    .unwrap();
    // A day that is none: whoever reads the oldest notices of the school meets it.
    let sql = "INSERT INTO record (place, id, seq, school, scope, kind, pupil, day, gone, body)
               SELECT place, zeroblob(16), 1000000, school, scope, 'notice', pupil, -99999999999, 0, body
               FROM record WHERE kind = 'attendance' LIMIT 1";
    assert_eq!(file.execute(sql, []).unwrap(), 1);
    town.later(TimeDelta::days(3_000));
    let ticked = town.engine.tick(town.engine.now()).unwrap();
    assert!(ticked.erased > 0, "{ticked:?}");
    amal.pull();
    assert!(attendance(&amal, &town).is_none());
    assert_eq!(town.engine.tick(town.engine.now()).unwrap().erased, 0);
}
