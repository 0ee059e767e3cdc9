//! What happens: the server, the phones and the bad network between them, and each step of a schedule. What must hold
//! after it is `invariants`' to say.

use super::{
    drawn::{PUPILS, roster_change, sentence},
    faults::Fault,
    handset::{Handset, take_back},
    invariants::{Failure, fail},
    oracle,
    schedule::{Op, PHONES, Schedule},
    server::{Server, folder},
    tables,
    wire::Wire,
};
use crate::village::{self, person, school};
use chrono::TimeDelta;
use skolebro_core::{
    device::{Delivery, Options, Phone, PhoneError, SyncEnd},
    domain::{
        access::other_table::Standing,
        command::{Capacity, CommandBody},
        ids::RecordId,
        people::{Dates, Role},
        roster::RosterChange,
        scope::{Circle, Scope, Topic},
        time::local_date,
    },
};
use skolebro_server::engine::Limits;
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tempfile::TempDir;

const OWNERS: [&str; PHONES] = ["Amal", "Amal", "Erik", "Nora", "Kaj", "Frida", "Sanna", "Olga"];
const PATIENCE: Duration = Duration::from_secs(60);

#[expect(missing_debug_implementations, reason = "phones and wires say nothing of use")]
pub struct World {
    pub(super) server: Arc<Server>,
    pub(super) phones: Vec<Handset>,
    limit: usize,
    fault: Fault,
    /// The school has forgotten what it answered since the backup.
    pub(super) restored: bool,
    /// The access table of the server's version.
    table: Option<Standing>,
    _folder: TempDir,
}

impl World {
    pub fn new(schedule: &Schedule, fault: Fault) -> Self {
        // A Monday in term, before school.
        let doubts = schedule.ops.iter().any(|op| matches!(op, Op::ServerClock { followed: false, .. }));
        let server = Server::start(village::at("2026-11-23T05:30:00Z"), Limits::tiny(schedule.limit), doubts);
        let server = Arc::new(server);
        let folder = folder();
        server.roster(vec![RosterChange::staff(skolebro_core::domain::people::Delegation {
            pupil: person("Liv"),
            to: person("Kaj"),
            by: person("Amal"),
            topics: vec![Topic::Attendance],
            dates: Dates::default(),
        })]);
        let phones = (0..PHONES)
            .map(|number| {
                let folder = folder.path().join(format!("phone-{number}"));
                Handset::new(OWNERS[number], folder, Wire::new(server.clone(), fault), &server)
            })
            .collect();
        let mut world =
            Self { server, phones, limit: schedule.limit, fault, restored: false, table: None, _folder: folder };
        for number in 0..PHONES {
            world.enrol(number);
        }
        world
    }

    fn enrol(&mut self, number: usize) {
        let owner = person(self.phones[number].owner);
        let codes = self.server.engine().make_codes(&[owner]).unwrap();
        let Some((_, code)) = codes.into_iter().next() else { return };
        let phone = self.open(number);
        if phone.even_if_unsent().enrol(&code, "a phone").is_ok() {
            let handset = &mut self.phones[number];
            handset.device = phone.who().map(|who| who.device);
            handset.revoked = false;
            handset.unknown = false;
        }
    }

    /// Opens the phone's folder, as after a death or a start.
    pub(super) fn open(&mut self, number: usize) -> Phone {
        let limit = self.limit;
        let handset = &mut self.phones[number];
        if let Some(phone) = &handset.phone {
            return phone.clone();
        }
        let fuse = handset.fuse.clone();
        let options = Options {
            batch: limit,
            page: Some(limit as u32),
            seed: Some(number as u64),
            crash: Some(Arc::new(move |step| fuse.burns(step))),
            ..Options::default()
        };
        let clock = handset.clock.clone();
        let wire = handset.wire.clone();
        let phone = Phone::open(&handset.folder, wire, clock, handset.secrets.clone(), options).unwrap();
        handset.phone = Some(phone.clone());
        phone
    }

    /// What the phone's operation gave; a death closes it.
    fn outlive<T>(&mut self, number: usize, result: Result<T, PhoneError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(PhoneError::Died(_)) => {
                self.phones[number].phone = None;
                None
            }
            Err(_) => None,
        }
    }

    pub fn step(&mut self, number: usize, op: &Op) -> Result<(), Failure> {
        match op {
            Op::Say { phone, what } => {
                self.say(*phone, *what);
                self.misread(*phone);
                self.check_phone(*phone)?;
            }
            Op::Sync { phone, weather, dies } => {
                self.phones[*phone].wire.forecast(weather);
                self.phones[*phone].fuse.set(self.phones[*phone].wire.mirror_first(*dies));
                let handset = self.open(*phone);
                let report = handset.sync_once(PATIENCE);
                drop(handset);
                self.outlive(*phone, report);
                self.phones[*phone].fuse.set(None);
                self.phones[*phone].wire.forecast(&[]);
                self.misread(*phone);
                self.check_phone(*phone)?;
            }
            Op::LateArrives => {
                for handset in &self.phones {
                    handset.wire.late_arrives();
                }
            }
            Op::Advance { minutes } => self.server.advance(*minutes),
            Op::Tick => self.server.tick(),
            Op::Roster { what } => self.change_roster(*what),
            Op::Sensitive { pupil, id, scope } => self.write_sensitive(number, *pupil, *id, *scope),
            Op::Assure { phone, minutes } => self.assure(*phone, *minutes),
            Op::Purge { part } => self.server.purge(*part),
            Op::Backup => self.server.backup(),
            Op::Restore => self.restore(),
            Op::Restart => self.server.restart(),
            Op::RevokeDevice { phone } => {
                if let Some(device) = self.phones[*phone].device {
                    let _ = self.server.engine().revoke_any_device(device);
                    self.phones[*phone].revoked = true;
                }
            }
            Op::EnrolAgain { phone } => self.enrol(*phone),
            Op::Dismiss { phone } => self.dismiss(*phone),
            Op::TakeBack { phone, midway } => {
                self.take_back(*phone, *midway);
                self.check_phone(*phone)?;
            }
            Op::PhoneClock { phone, minutes } => {
                self.phones[*phone].clock.wrong_by.store(*minutes, Ordering::SeqCst);
                self.phones[*phone].phone = None;
                self.check_phone(*phone)?;
            }
            Op::ServerClock { years, followed: _ } => self.server.set_wall(*years),
            Op::Upgrade { version } => {
                // The one before it goes first, so that none is left behind at the end.
                self.table = None;
                self.table = Some(tables::version(*version));
                self.server.restart();
            }
        }
        (0..PHONES).try_for_each(|phone| self.check_wire(phone))
    }

    fn restore(&mut self) {
        if self.server.restore() {
            self.restored = true;
            // Phones enrolled since the backup are unknown to the restored server; their people enrol again.
            for number in 0..PHONES {
                let known = self.phones[number].device.is_some_and(|device| {
                    let engine = self.server.engine();
                    skolebro_server::store::read(engine.store().as_ref(), |reading| reading.device(device))
                        .unwrap()
                        .is_some_and(|device| device.revoked_at.is_none())
                });
                self.phones[number].revoked = false;
                self.phones[number].unknown = !known;
                if !known {
                    self.enrol(number);
                }
            }
        }
    }

    fn dismiss(&mut self, number: usize) {
        let phone = self.open(number);
        for item in phone.outbox().unwrap_or_default() {
            if matches!(item.delivery, Delivery::Rejected { .. }) && phone.dismiss(item.id).is_ok() {
                self.phones[number].dismissed.insert(item.id);
                self.phones[number].dismissed.extend(item.dependents);
            }
        }
    }

    fn take_back(&mut self, number: usize, midway: bool) {
        let phone = self.open(number);
        let taken = if midway {
            *self.phones[number].fuse.taking.lock() = Some(phone.clone());
            let report = phone.sync_once(PATIENCE);
            self.outlive(number, report);
            *self.phones[number].fuse.taking.lock() = None;
            std::mem::take(&mut *self.phones[number].fuse.taken.lock())
        } else {
            take_back(&phone)
        };
        let handset = &mut self.phones[number];
        for id in taken {
            handset.said.remove(&id);
            handset.taken_back.insert(id);
        }
    }

    /// What a phone that misreads the rules makes of what it holds.
    fn misread(&mut self, number: usize) {
        if let Some(own_unknown) = self.fault.misreads_refusals() {
            let _ = self.open(number).take_refusals_for_rejections(school(), own_unknown);
        }
    }

    fn say(&mut self, number: usize, what: u32) {
        let phone = self.open(number);
        let owner = self.phones[number].owner;
        let today = local_date(chrono_tz::Europe::Stockholm, phone.now());
        let (capacity, body) = sentence(owner, what, today);
        // Now and then a command that only makes sense after the one before.
        let depends_on =
            (what.is_multiple_of(7)).then(|| self.phones[number].said.iter().next_back().copied()).flatten();
        let said = phone.submit(school(), capacity, body, depends_on);
        if let Some(submitted) = self.outlive(number, said) {
            self.phones[number].said.insert(submitted.id);
        }
    }

    fn change_roster(&mut self, what: u32) {
        let roster = oracle::roster(self.server.engine().store().as_ref());
        let today = local_date(chrono_tz::Europe::Stockholm, self.server.now());
        self.server.roster(roster_change(what, &roster, today));
    }

    fn write_sensitive(&mut self, number: usize, pupil: u32, id: u32, scope: u32) {
        let pupil = person(PUPILS[pupil as usize]);
        let scope = match scope {
            0 | 1 => Some(Scope::pupil(pupil, Topic::Plan, Circle::All)),
            2 | 3 => Some(Scope::pupil(pupil, Topic::Care, Circle::All)),
            _ => None,
        };
        let id = RecordId::derive(&[&"sensitive", &pupil, &id]);
        self.server.write_sensitive(pupil, id, scope, &format!("written at step {number}"));
    }

    /// The office grants it face to face, with its own command, straight at the school.
    fn assure(&mut self, phone: usize, minutes: i64) {
        let Some(device) = self.phones[phone].device else { return };
        let office = self.open(OWNERS.iter().position(|owner| *owner == "Olga").unwrap());
        let body = CommandBody::GrantStrongAssurance {
            person: person(self.phones[phone].owner),
            device,
            until: self.server.now() + TimeDelta::minutes(minutes),
        };
        let number = OWNERS.iter().position(|owner| *owner == "Olga").unwrap();
        let said = office.submit(school(), Capacity::Staff(Role::Office), body, None);
        if let Some(submitted) = self.outlive(number, said) {
            self.phones[number].said.insert(submitted.id);
        }
    }

    /// Clear weather until nothing moves any more. What the server puts off, as it refuses nothing for good in the day after
    /// a start, is given that day.
    pub fn come_to_rest(&mut self) -> Result<(), Failure> {
        self.server.set_wall(0);
        for handset in &self.phones {
            handset.wire.late_arrives();
        }
        let mut put_off = false;
        for round in 0..8 {
            if round == 3 && put_off {
                self.server.advance(25 * 60);
            }
            put_off = false;
            self.server.tick();
            let before = oracle::head(&self.server).seq;
            let mut quiet = true;
            for number in 0..PHONES {
                let phone = self.open(number);
                for _ in 0..60 {
                    let report = phone.sync_once(PATIENCE);
                    put_off |= report.as_ref().is_ok_and(|report| report.not_now > 0);
                    match report {
                        Ok(report) if report.ended == SyncEnd::Complete => {
                            quiet &= report.sent == 0 && report.rows == 0;
                            break;
                        }
                        // Signed out, sealed or revoked: it has nothing to say.
                        Ok(report) if matches!(report.ended, SyncEnd::SignedOut(_)) => break,
                        Ok(_) => quiet = false,
                        Err(PhoneError::Died(step)) => {
                            return fail("the simulation", format!("died at {step:?} unasked"));
                        }
                        Err(_) => break,
                    }
                }
                drop(phone);
                self.check_phone(number)?;
                self.check_wire(number)?;
            }
            if quiet && round > 1 && oracle::head(&self.server).seq == before {
                return Ok(());
            }
        }
        fail("the simulation", "does not come to rest")
    }
}
