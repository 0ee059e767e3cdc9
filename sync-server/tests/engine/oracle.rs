//! Random schedules against brute force: whatever was lost, came late, was granted, revoked, ended or forgotten on the
//! way, a phone that has pulled to the head holds exactly what its person may read, and never was sent anything else.

use crate::{
    phone::Phone,
    town::{Town, adult, day, group, person, school, until, works},
};
use chrono::{NaiveDate, TimeDelta};
use skolebro_core::{
    domain::{
        access,
        attendance::AbsenceKind,
        command::{Capacity, CommandBody},
        ids::RecordId,
        people::{Block, Dates, GuardianshipKind, Membership, Reach, Role, Spell},
        record::RecordKind,
        roster::{Roster, RosterChange, RosterEntry},
        scope::{Circle, Scope, Topic},
        time::local_date,
    },
    protocol::{Pull, SyncResponse},
};
use skolebro_server::{
    engine::Limits,
    store::{self, Store, StoredRow, sqlite::SqliteStore},
};
use std::{collections::BTreeSet, sync::Arc};

/// xorshift64*: the same seed, the same schedule.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }
    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len())]
    }
}

/// The scopes that a session may read at this moment, from the roster alone.
fn readable(town: &Town, phone: &Phone) -> BTreeSet<Scope> {
    let now = town.engine.now();
    store::read(&*town.store, |reading| {
        let mut roster = Roster::default();
        reading.roster(town.school, &mut |stored| roster.put(&stored.entry))?;
        let today = local_date(roster.time_zone(), now);
        let strong = reading.assurance(town.school, phone.session.device)?.is_some_and(|held| held.is_strong(now));
        let scopes = access::subscriptions(&roster, phone.session.person, today).0.into_keys();
        Ok(scopes.filter(|scope| strong || !scope.topic.is_sensitive()).collect())
    })
    .unwrap()
}

type Held = BTreeSet<(String, RecordId, u64, String)>;

fn expected(town: &Town, phone: &Phone) -> Held {
    let readable = readable(town, phone);
    store::read(&*town.store, |reading| {
        let mut rows = Held::new();
        let head = reading.head(town.school)?.seq;
        reading.rows_by_sequence(town.school, 0, head, &mut |row| {
            if let Some(body) = row.body.filter(|_| readable.contains(&row.scope)) {
                rows.insert((row.scope.to_string(), row.id, row.seq, body.to_string()));
            }
            true
        })?;
        Ok(rows)
    })
    .unwrap()
}

fn none_leaked(town: &Town, phone: &Phone, response: &SyncResponse) {
    if let Pull::Page(page) = &response.pull {
        let readable = readable(town, phone);
        for row in &page.rows {
            assert!(readable.contains(&row.scope.parse().unwrap()), "{} was sent {}", phone.session.person, row.scope);
        }
    }
}

const DAYS: [&str; 4] = ["2026-09-15", "2026-09-16", "2026-09-17", "2026-09-21"];

fn dates(dice: &mut Dice) -> Dates {
    match dice.roll(4) {
        0 => until(dice.of(&DAYS)),
        1 => Dates { from: Some(day(dice.of(&DAYS))), until: None },
        _ => Dates::default(),
    }
}

fn roster_change(dice: &mut Dice) -> RosterChange {
    let class = group(dice.of(&["4B", "4C"]));
    let pupil = dice.of(&["Liv", "Nils"]);
    let entry: RosterEntry = match dice.roll(5) {
        0 => {
            let mut held = works(dice.of(&["Sanna", "Omar"]), Role::Teacher, Reach::Group(class));
            held.dates = dates(dice);
            if dice.roll(2) == 0 { held.into() } else { Spell(held).into() }
        }
        1 => Membership { pupil: person(pupil), group: class, dates: dates(dice) }.into(),
        2 => {
            let kind = dice.of(&[GuardianshipKind::Guardian, GuardianshipKind::ParentWithoutCustody]);
            let mut held = adult(pupil, dice.of(&["Amal", "Erik", "Greta"]), kind);
            held.dates = dates(dice);
            held.into()
        }
        3 => Block { pupil: person("Liv"), person: person(dice.of(&["Amal", "Erik", "Omar", "Sanna", "Olle"])) }.into(),
        _ => works(dice.of(&["Olle", "Omar"]), Role::Office, Reach::School).into(),
    };
    match dice.roll(3) {
        0 => RosterChange::Remove(entry),
        _ => crate::town::put(entry),
    }
}

fn reports(town: &Town, dice: &mut Dice) -> skolebro_core::domain::command::Command {
    let from: NaiveDate = day(dice.of(&DAYS));
    let pupils = vec![person(dice.of(&["Liv", "Nils"]))];
    let (kind, part, note) = (AbsenceKind::Sick, None, (dice.roll(2) == 0).then(|| "tandläkare".to_owned()));
    let body =
        CommandBody::ReportAbsence { pupils, kind, from, to: from, part, note, on_behalf_of: None, phoned_at: None };
    town.command(Capacity::Home, body)
}

/// A plan, as a later issue will write them: past the engine, whose memory must not mind.
fn plan(town: &Town, dice: &mut Dice) {
    let pupil = person(dice.of(&["Liv", "Nils"]));
    let scope = Scope::pupil(pupil, dice.of(&[Topic::Plan, Topic::Care]), Circle::All);
    let id = RecordId::derive(&[&"plan", &dice.roll(3)]);
    let body = (dice.roll(4) > 0).then(|| format!("{{\"version\":{}}}", dice.roll(1000)).into_boxed_str());
    store::write(&*town.store, |writing| {
        let seq = writing.take_number(town.school)?;
        let (pupil, day) = (Some(pupil), None);
        writing.put_row(
            town.school,
            &StoredRow { scope, id, seq, kind: RecordKind::AttendanceNote, pupil, day, body: body.clone() },
        )
    })
    .unwrap();
}

fn schedule(seed: u64, store: Arc<dyn Store>) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let size = 1 + dice.roll(3);
    let limits = Limits {
        commands_per_sync: 9,
        tail_rows: dice.of(&[1, 3, 1000]),
        wide_scopes: dice.of(&[1, 8, 1000]),
        ..Limits::tiny(size)
    };
    let mut town = Town::on(store, limits.clone());
    let mut phones: Vec<Phone> =
        ["Amal", "Amal", "Erik", "Greta", "Sanna", "Omar", "Petra"].map(|name| town.phone(name)).into();
    let olle = town.session("Olle");
    let mut late: Vec<Option<(skolebro_core::protocol::SyncRequest, SyncResponse)>> =
        phones.iter().map(|_| None).collect();
    for _ in 0..60 {
        let at = dice.roll(phones.len());
        match dice.roll(20) {
            0..=3 => drop(town.roster((0..=dice.roll(3)).map(|_| roster_change(&mut dice)).collect())),
            4 => {
                plan(&town, &mut dice);
                // The engine notices that it is not alone at its next own writes.
                for _ in 0..2 {
                    town.put(crate::town::named(&format!("{}", dice.roll(1_000_000))));
                }
            }
            5 => {
                let (person, device) = (phones[at].session.person, phones[at].session.device);
                let until = town.engine.now() + TimeDelta::hours(dice.of(&[1, 30, 300]));
                let body = CommandBody::GrantStrongAssurance { person, device, until };
                let command = town.command(Capacity::Staff(Role::Office), body);
                Phone::new(town.engine.clone(), school(), olle).ask(vec![crate::phone::raw(&command)]).unwrap();
            }
            6 => town.later(TimeDelta::hours(dice.of(&[1, 7, 20]))),
            7 => drop(town.engine.tick(town.engine.now()).unwrap()),
            8 => {
                let part = dice.roll(4) as u64;
                store::write(&*town.store, |writing| {
                    let head = writing.head(town.school)?;
                    writing.raise_floor(town.school, head.floor + (head.seq - head.floor) * part / 3, usize::MAX)
                })
                .unwrap();
                town.put(crate::town::named(&format!("{}", dice.roll(1_000_000))));
            }
            9 if dice.roll(3) == 0 => {
                town = town.restarted(limits.clone());
                phones.iter_mut().for_each(|phone| phone.engine = town.engine.clone());
            }
            10..=12 => {
                let command = reports(&town, &mut dice);
                let response = phones[at].ask(vec![crate::phone::raw(&command)]).unwrap();
                none_leaked(&town, &phones[at], &response);
                if dice.roll(3) > 0 {
                    phones[at].apply(&response);
                }
            }
            _ => {
                let phone = &mut phones[at];
                phone.limit = Some(1 + dice.roll(3) as u32);
                let request = phone.request(Vec::new());
                let response = phone.ask(Vec::new()).unwrap();
                none_leaked(&town, phone, &response);
                match dice.roll(6) {
                    0 => {}
                    1 => late[at] = Some((request, response)),
                    _ => {
                        phone.apply(&response);
                    }
                }
                // One that came late applies only if it answers what would be asked now.
                if let Some((asked, answer)) = late[at].take_if(|_| dice.roll(2) == 0) {
                    let same = (asked.cursor, asked.epoch, &asked.continuation)
                        == (phone.cursor, phone.epoch, &phone.continuation);
                    if same {
                        phone.apply(&answer);
                    }
                }
            }
        }
    }
    // What begins on a day begins with the day's first tick; what ends needs none.
    let now = town.engine.now();
    town.engine.tick(now).unwrap();
    for phone in &mut phones {
        phone.limit = Some(1 + dice.roll(3) as u32);
        phone.pull();
        phone.honour_ends(now);
        let held: Held = phone.held().into_iter().collect();
        let expected = expected(&town, phone);
        let (missing, extra): (Vec<_>, Vec<_>) =
            (expected.difference(&held).collect(), held.difference(&expected).collect());
        assert!(
            missing.is_empty() && extra.is_empty(),
            "seed {seed}: {} misses {missing:#?} and has too much {extra:#?}",
            phone.session.person
        );
    }
}

fn named(seed: u64, run: impl FnOnce() + std::panic::UnwindSafe) {
    if let Err(panic) = std::panic::catch_unwind(run) {
        eprintln!("seed {seed} fails: SKOLEBRO_SEED={seed} cargo test -p skolebro-server --test engine oracle");
        std::panic::resume_unwind(panic);
    }
}

fn seeds(count: u64) -> Vec<u64> {
    match std::env::var("SKOLEBRO_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (1..=count).collect(),
    }
}

#[test]
fn every_phone_ends_with_what_it_may_read() {
    for seed in seeds(60) {
        named(seed, || schedule(seed, Arc::new(SqliteStore::temporary().unwrap())));
    }
}
