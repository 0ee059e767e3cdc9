//! A machine's clock that is wrong: by years, for seconds, at a start, or because an operator believed it. Nothing is lost
//! by it, and no right is taken for good.

use crate::{
    phone::{Phone, outcome, raw},
    reports::{attendance, marks, sick},
    town::{MORNING, Town, adult, config, day, group, named, person, time, until, works},
};
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use skolebro_core::{
    clock::Clock,
    domain::{
        attendance::Presence,
        command::{Capacity, CommandBody},
        people::{Dates, GuardianshipKind, Reach, Role},
        record::RecordKind,
        rejection::Rejection,
        roster::RosterEntry,
        scope::Topic,
    },
    protocol::{EnrolRequest, NotNow, Outcome, PROTOCOL, ProblemCode},
};
use skolebro_server::{
    engine::{Engine, Limits, Ticked, Trust},
    store::{self, Store, StoredRow, Subscription, sqlite::SqliteStore},
};
use std::{collections::BTreeMap, sync::Arc};

/// A machine's two clocks, of which the one on the wall can be anything.
#[derive(Debug)]
struct MachineClock(Mutex<(DateTime<Utc>, TimeDelta)>);

impl Clock for MachineClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().0
    }
    fn elapsed(&self) -> TimeDelta {
        self.0.lock().1
    }
}

impl MachineClock {
    fn at(instant: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new((time(instant), TimeDelta::zero()))))
    }
    fn passes(&self, by: TimeDelta) {
        let mut clocks = self.0.lock();
        clocks.0 += by;
        clocks.1 += by;
    }
    fn jumps(&self, by: TimeDelta) {
        self.0.lock().0 += by;
    }
}

const YEARS: TimeDelta = TimeDelta::days(3_653);
const A_TICK: TimeDelta = TimeDelta::seconds(15);

/// The town on a machine whose clock can be wrong.
struct Machine {
    town: Town,
    clock: Arc<MachineClock>,
}

impl Machine {
    /// It has run for long enough that nobody wonders about its time any more.
    fn new() -> Self {
        Self::of(Town::new())
    }

    fn of(town: Town) -> Self {
        let machine = Self::start(town, MORNING);
        machine.tick();
        machine.runs(TimeDelta::hours(24));
        assert!(machine.town.engine.clock_state().may_destroy);
        machine
    }

    fn start(town: Town, at: &str) -> Self {
        let clock = MachineClock::at(at);
        Self { town: Self::on(town, &clock), clock }
    }

    fn on(town: Town, clock: &Arc<MachineClock>) -> Town {
        let Town { engine, store, clock: test_clock, school } = town;
        drop(engine);
        let engine = Engine::open(store.clone(), clock.clone(), config(Limits::default())).unwrap();
        Town { engine, store, clock: test_clock, school }
    }

    /// The server ends and starts again; for so long it was off.
    fn restarts(self, off: TimeDelta) -> Self {
        let Self { town, clock } = self;
        clock.passes(off);
        clock.0.lock().1 = TimeDelta::zero();
        Self { town: Self::on(town, &clock), clock }
    }

    fn tick(&self) -> Ticked {
        self.town.engine.tick(self.town.engine.now()).unwrap()
    }

    /// As a server does: it looks at the clock again and again.
    fn runs(&self, by: TimeDelta) -> Ticked {
        let step = by / 96;
        let mut all = Ticked::default();
        for _ in 0..96 {
            self.clock.passes(step);
            let ticked = self.tick();
            all.commands += ticked.commands;
            all.lapsed += ticked.lapsed;
            all.erased += ticked.erased;
        }
        all
    }

    fn jumps(&self, by: TimeDelta) {
        self.clock.jumps(by);
    }

    /// Who is given what, but for the numbers.
    fn rights(&self) -> BTreeMap<String, Option<DateTime<Utc>>> {
        let held = store::read(&*self.town.store, |reading| {
            let mut held = Vec::new();
            for person in reading.subscribers(self.town.school)? {
                held.extend(reading.subscriptions(self.town.school, person)?.into_iter().map(|one| (person, one)));
            }
            Ok(held)
        });
        let given = held.unwrap().into_iter().filter(|(_, held): &(_, Subscription)| held.revoked.is_none());
        given.map(|(person, held)| (format!("{person} {}", held.scope), held.until)).collect()
    }

    fn rows(&self) -> Vec<StoredRow> {
        let mut rows = Vec::new();
        self.town
            .store
            .read(&mut |reading| {
                rows.clear();
                reading.rows_by_sequence(self.town.school, 0, u64::MAX, &mut |row| {
                    rows.push(row);
                    true
                })
            })
            .unwrap();
        rows
    }
}

fn held(phone: &mut Phone) -> Vec<(String, String)> {
    phone.pull();
    phone.held().into_iter().map(|(scope, id, _, body)| (format!("{scope} {id}"), body)).collect()
}

#[test]
fn eighteen_seconds_of_another_year_take_nothing_and_hold_up_nobody() {
    for years in [YEARS, -YEARS] {
        let town = Town::new();
        let mut vera = works("Vera", Role::Teacher, Reach::Group(group("4B")));
        vera.dates = until("2026-12-31");
        town.put(vera);
        let machine = Machine::of(town);
        let (mut amal, mut sanna) = (machine.town.phone("Amal"), machine.town.phone("Sanna"));
        assert!(matches!(amal.send(&sick(&machine.town)), Outcome::Accepted { .. }));
        let before = (machine.rights(), machine.rows(), held(&mut amal), held(&mut sanna));
        machine.jumps(years);
        let trust = || machine.town.engine.clock_state().trust;
        for _ in 0..3 {
            let ticked = machine.tick();
            assert_eq!((ticked.commands, ticked.lapsed, ticked.erased), (0, 0, 0));
            assert_eq!(ticked.clock, Trust::Doubted);
            machine.clock.passes(A_TICK);
        }
        let during = (machine.rights(), machine.rows(), held(&mut amal), held(&mut sanna));
        assert_eq!(before, during);
        // What is said meanwhile is of the day that it is.
        let response = sanna.sync(vec![raw(&marks(&machine.town, Presence::Present))]);
        assert!(matches!(response.outcomes[0].outcome, Outcome::Accepted { .. }), "{:?}", response.outcomes);
        assert!((response.server_time - time("2026-09-16T05:30:45Z")).abs() < TimeDelta::minutes(1));
        machine.jumps(-years);
        assert_eq!((machine.tick().erased, trust()), (0, Trust::Believed));
        assert_eq!(before.0, machine.rights());
        assert!(attendance(&amal, &machine.town).is_some());
    }
}

#[test]
fn what_is_refused_while_the_clock_is_doubted_is_not_refused_for_good() {
    let machine = Machine::new();
    let mut greta = machine.town.phone("Greta");
    let command = sick(&machine.town);
    machine.jumps(YEARS);
    machine.tick();
    assert_eq!(greta.send(&command), Outcome::NotNow(NotNow::ClockDoubted));
    let logged = store::read(&*machine.town.store, |reading| reading.command(machine.town.school, command.id));
    assert_eq!(logged.unwrap(), None);
    machine.jumps(-YEARS);
    assert_eq!(greta.send(&command), Outcome::Rejected(Rejection::NotYours), "Liv is not hers");
}

#[test]
fn a_start_with_a_clock_that_is_days_ahead_refuses_nothing_for_good_that_phones_say_by_another_day() {
    let machine = Machine::new();
    let (mut amal, mut greta) = (machine.town.phone("Amal"), machine.town.phone("Greta"));
    // Both by clocks that are right.
    let (liv_is_sick, not_hers) = (sick(&machine.town), sick(&machine.town));
    let ahead = TimeDelta::days(14);
    machine.jumps(ahead);
    let machine = machine.restarts(TimeDelta::minutes(5));
    amal.engine = machine.town.engine.clone();
    greta.engine = machine.town.engine.clone();
    machine.tick();
    assert_eq!(machine.town.engine.clock_state().trust, Trust::Believed, "it may have been off for a fortnight");
    assert_eq!(amal.send(&liv_is_sick), Outcome::NotNow(NotNow::ClockDoubted));
    assert_eq!(greta.send(&not_hers), Outcome::NotNow(NotNow::ClockDoubted));
    // A phone that shows the same time bears the server out: what it hears is final.
    let by_that_day = machine.town.command(Capacity::Home, liv_is_sick.body.clone());
    assert!(matches!(amal.send(&by_that_day), Outcome::Rejected(Rejection::TooFarBack { .. })));
    machine.jumps(-ahead);
    machine.runs(TimeDelta::minutes(75));
    assert!(matches!(amal.send(&liv_is_sick), Outcome::Accepted { .. }));
    assert_eq!(greta.send(&not_hers), Outcome::Rejected(Rejection::NotYours), "Liv is not hers");
}

#[test]
fn a_server_that_starts_while_the_clock_is_wrong_answers_nobody_until_it_is_right() {
    for years in [YEARS, -YEARS] {
        let machine = Machine::new();
        let mut amal = machine.town.phone("Amal");
        let code = machine.town.code("Erik").unwrap();
        let before = (machine.rights(), machine.rows());
        machine.jumps(years);
        let machine = machine.restarts(TimeDelta::minutes(1));
        amal.engine = machine.town.engine.clone();
        let ticked = machine.tick();
        assert_eq!((ticked.commands + ticked.lapsed + ticked.erased, ticked.clock), (0, Trust::Waiting));
        let refused = amal.ask(vec![raw(&sick(&machine.town))]).unwrap_err();
        assert_eq!(refused.code, ProblemCode::Unavailable);
        let request = EnrolRequest { protocol: PROTOCOL, code, device_name: "Eriks telefon".to_owned() };
        assert_eq!(machine.town.engine.enrol(&request).unwrap_err().code, ProblemCode::Unavailable);
        machine.runs(TimeDelta::hours(5));
        assert_eq!(machine.town.engine.clock_state().trust, Trust::Waiting, "it does not come right by itself");
        assert_eq!((machine.rights(), machine.rows()), before);
        machine.jumps(-years);
        assert!(matches!(amal.send(&sick(&machine.town)), Outcome::Accepted { .. }));
        machine.town.engine.enrol(&request).unwrap();
        machine.tick();
        assert_eq!(machine.rights(), before.0);
    }
}

/// A clock ten years ahead that an operator believed, and days of ticks by it.
#[test]
fn what_an_operators_mistake_took_is_given_back_when_time_is_right_again() {
    let town = Town::new();
    let mut vera = works("Vera", Role::Teacher, Reach::Group(group("4B")));
    vera.dates = until("2027-06-10");
    town.put(vera);
    let mut liv = named("Liv");
    liv.birth_date = Some(day("2016-03-01"));
    town.put(liv);
    let machine = Machine::of(town);
    let (mut amal, mut sanna, mut vera) =
        (machine.town.phone("Amal"), machine.town.phone("Sanna"), machine.town.phone("Vera"));
    amal.send(&machine.town.delegates(&[Topic::Attendance]));
    amal.send(&sick(&machine.town));
    let before = (machine.rights(), held(&mut amal), held(&mut sanna), held(&mut vera));
    machine.jumps(YEARS);
    machine.town.engine.believe_clock().unwrap();
    let ticked = machine.runs(TimeDelta::hours(2));
    assert!(ticked.lapsed > 0, "{ticked:?}");
    assert_eq!(ticked.erased, 0, "what cannot be made anew waits");
    assert!(machine.rights().len() < before.0.len());
    assert!(held(&mut vera).is_empty());
    // Put right, and it stands: the server goes by it by itself.
    machine.jumps(-YEARS);
    let ticked = machine.runs(TimeDelta::hours(2));
    assert_eq!(ticked.erased, 0);
    assert_eq!(machine.town.engine.clock_state().trust, Trust::Believed);
    assert_eq!(machine.rights(), before.0);
    for (phone, before) in [(&mut amal, &before.1), (&mut sanna, &before.2), (&mut vera, &before.3)] {
        assert_eq!(&held(phone), before);
    }
    let roster = store::read(&*machine.town.store, |reading| {
        let mut delegations = 0;
        reading.roster(machine.town.school, &mut |stored| {
            delegations += usize::from(matches!(stored.entry, RosterEntry::Delegation(_)));
        })?;
        Ok(delegations)
    });
    assert_eq!(roster.unwrap(), 1, "Liv has not come of age");
}

/// A folder in which an older version followed its clock to another year and back.
#[test]
fn a_folder_that_was_in_another_year_is_put_right_at_the_first_tick() {
    let town = Town::new();
    let mut vera = works("Vera", Role::Teacher, Reach::Group(group("4B")));
    vera.dates = until("2027-06-10");
    town.put(vera);
    let engine = town.engine.clone();
    let given = |town: &Town| {
        store::read(&*town.store, |reading| {
            let held = reading.subscriptions(town.school, person("Vera"))?;
            Ok(held.into_iter().filter(|held| held.revoked.is_none()).map(|held| held.scope).collect::<Vec<_>>())
        })
        .unwrap()
    };
    let before = given(&town);
    town.later(YEARS);
    engine.tick(engine.now()).unwrap();
    let followed = format!("followed/{}", town.school);
    store::write(&*town.store, |writing| writing.put_meta(&followed, "2036-09-15 7")).unwrap();
    assert!(given(&town).is_empty() && !before.is_empty());
    drop(engine);
    let machine = Machine::start(town, "2026-09-16T05:30:00Z");
    machine.tick();
    assert_eq!(given(&machine.town), before);
    // Nor have the days of ten years been followed up already.
    let mut sanna = machine.town.phone("Sanna");
    let mut signals = 0;
    for _ in 0..3 {
        let today = machine.town.engine.now().date_naive();
        let mut missing = marks(&machine.town, Presence::Unexplained);
        if let CommandBody::MarkRoll { day, .. } = &mut missing.body {
            *day = today;
        }
        machine.clock.passes(TimeDelta::hours(1));
        let marked = sanna.send(&missing);
        machine.clock.passes(TimeDelta::hours(23));
        machine.tick();
        sanna.pull();
        signals = sanna.of_kind(RecordKind::FollowUpSignal).len();
        assert!(matches!(marked, Outcome::Accepted { .. }), "{marked:?}");
    }
    assert_eq!(signals, 1);
}

#[test]
fn after_a_summer_an_operator_says_that_it_is_autumn_and_birthdays_and_erasure_follow_a_day_later() {
    let town = Town::new();
    let mut liv = named("Liv");
    liv.birth_date = Some(day("2009-07-15"));
    town.put(liv);
    town.put(adult("Nils", "Pia", GuardianshipKind::ParentWithoutCustody));
    town.put(town.delegation(&[Topic::Attendance], Dates::default()));
    let machine = Machine::of(town);
    let mut amal = machine.town.phone("Amal");
    amal.send(&sick(&machine.town));
    machine.runs(TimeDelta::days(30));
    let machine = machine.restarts(TimeDelta::days(330));
    amal.engine = machine.town.engine.clone();
    assert_eq!(machine.tick().clock, Trust::Waiting);
    assert_eq!(amal.ask(Vec::new()).unwrap_err().code, ProblemCode::Unavailable);
    let believed = machine.town.engine.believe_clock().unwrap();
    assert_eq!((believed.trust, believed.may_destroy), (Trust::Believed, false));
    let ticked = machine.tick();
    assert!(ticked.lapsed > 0, "custody ended on its day: {ticked:?}");
    assert_eq!((ticked.commands, ticked.erased), (0, 0));
    let ticked = machine.runs(TimeDelta::hours(49));
    assert_eq!(ticked.commands, 1, "what was delegated ends with the custody");
    // A restart goes on from there.
    let machine = machine.restarts(TimeDelta::minutes(2));
    assert!(machine.town.engine.clock_state().may_destroy);
}

#[test]
fn a_rebuild_makes_cards_and_rights_as_the_roster_says_and_leaves_the_rest_alone() {
    let town = Town::with(Limits { tick_batch: 3, ..Limits::default() });
    let (mut amal, mut sanna) = (town.phone("Amal"), town.phone("Sanna"));
    amal.send(&sick(&town));
    let (of_amal, of_sanna) = (held(&mut amal), held(&mut sanna));
    assert_eq!(town.engine.rebuild(town.school).unwrap(), skolebro_server::engine::Rebuilt::default());
    assert_eq!(amal.pull(), 1, "nothing is fetched again");
    // Somebody has what the roster does not give, nobody has what it does, and the cards are others.
    let everything = store::read(&*town.store, |reading| {
        let mut rows = Vec::new();
        reading.rows_by_sequence(town.school, 0, u64::MAX, &mut |row| {
            rows.push(row);
            true
        })?;
        Ok((rows, reading.subscriptions(town.school, person("Sanna"))?))
    });
    let (rows, sannas) = everything.unwrap();
    store::write(&*town.store, |writing| {
        for held in &sannas {
            let number = writing.take_number(town.school)?;
            writing.put_subscription(
                town.school,
                person("Sanna"),
                &Subscription { revoked: Some(number), ..held.clone() },
            )?;
            writing.put_subscription(town.school, person("Svea"), &Subscription { granted: number, ..held.clone() })?;
        }
        for row in rows.iter().filter(|row| row.kind == RecordKind::PupilCard) {
            let seq = writing.take_number(town.school)?;
            writing.put_row(town.school, &StoredRow { seq, body: None, pupil: None, day: None, ..row.clone() })?;
        }
        let stale = rows.iter().find(|row| row.kind == RecordKind::StaffCard).unwrap();
        let (seq, id) = (writing.take_number(town.school)?, skolebro_core::domain::ids::RecordId::derive(&[&"stale"]));
        writing.put_row(town.school, &StoredRow { seq, id, ..stale.clone() })?;
        writing.bump_access_version(town.school)
    })
    .unwrap();
    let town = town.restarted(Limits { tick_batch: 3, ..Limits::default() });
    for phone in [&mut amal, &mut sanna] {
        phone.engine = town.engine.clone();
    }
    assert_ne!(held(&mut sanna), of_sanna);
    let rebuilt = town.engine.rebuild(town.school).unwrap();
    assert!(rebuilt.rows >= 3 && rebuilt.granted >= sannas.len() && rebuilt.revoked >= sannas.len(), "{rebuilt:?}");
    assert_eq!(rebuilt.left, 0);
    assert_eq!((held(&mut amal), held(&mut sanna)), (of_amal, of_sanna));
    let sveas = store::read(&*town.store, |reading| reading.subscriptions(town.school, person("Svea"))).unwrap();
    assert!(sveas.iter().all(|held| held.revoked.is_some()));
    assert_eq!(town.engine.rebuild(town.school).unwrap(), skolebro_server::engine::Rebuilt::default());
}

#[test]
fn a_clock_that_is_moved_on_purpose_is_believed_and_leaves_no_doubt_behind() {
    let town = Town::new();
    town.later(YEARS);
    town.engine.tick(town.engine.now()).unwrap();
    assert_eq!(town.engine.now(), time(MORNING) + YEARS);
    let machine = Machine::start(town, "2026-09-15T05:30:00Z");
    assert_eq!(machine.town.engine.clock_state().trust, Trust::Believed);
}

#[test]
fn in_the_middle_of_an_import_the_day_stays_what_it_was() {
    let machine = Machine::new();
    let mut olle = machine.town.phone("Olle");
    machine.jumps(YEARS);
    let mut vera = works("Vera", Role::Teacher, Reach::Group(group("4B")));
    vera.dates = until("2026-12-31");
    machine.town.put(vera);
    machine.jumps(-YEARS);
    machine.tick();
    assert!(machine.rights().keys().any(|held| held.starts_with(&person("Vera").to_string())));
    let command = machine.town.command(
        Capacity::Staff(Role::Office),
        CommandBody::MarkSeen { pupils: vec![person("Liv")], day: day("2026-09-16") },
    );
    let response = olle.sync(vec![raw(&command)]);
    assert!(matches!(outcome(&response, command.id), Outcome::Accepted { .. }));
}

#[test]
fn nothing_of_a_store_needs_a_clock_before_it_has_one() {
    let clock = MachineClock::at("1980-01-01T00:00:00Z");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::temporary().unwrap());
    let engine = Engine::open(store, clock.clone(), config(Limits::default())).unwrap();
    assert_eq!(engine.tick(engine.now()).unwrap().clock, Trust::Waiting);
    clock.jumps(TimeDelta::days(17_000));
    assert_eq!(engine.tick(engine.now()).unwrap().clock, Trust::Believed);
}
