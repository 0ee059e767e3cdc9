//! What must hold: on one phone at any moment, and on all of them at rest. Nothing is done here that a schedule did not
//! ask for, but for a phone that is opened to be looked at and the restart of a server at rest.

use super::{
    oracle::{self, Holding},
    schedule::PHONES,
    server::Server,
    world::World,
};
use crate::village::{person, school};
use skolebro_core::{
    device::{Delivery, Phone, Standing},
    domain::{attendance::Attendance, ids::CommandId, record::RecordKind, rejection::Rejection, scope::Scope},
    protocol::Outcome,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Which of design.md's invariants does not hold, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub invariant: &'static str,
    pub detail: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.detail)
    }
}

pub(super) fn fail<T>(invariant: &'static str, detail: impl Into<String>) -> Result<T, Failure> {
    Err(Failure { invariant, detail: detail.into() })
}

impl World {
    /// What holds on one phone at any moment.
    pub(super) fn check_phone(&mut self, number: usize) -> Result<(), Failure> {
        let phone = self.open(number);
        if let Some(id) = self.phones[number].taken_back.iter().find(|id| self.outcome(**id).is_some()) {
            return fail("6 (taken back is taken back)", format!("{id} reached the school"));
        }
        let Ok(items) = phone.outbox() else { return Ok(()) };
        for item in &items {
            if let Delivery::Rejected { rejection, .. } = &item.delivery
                && self.outcome(item.id).is_some_and(|outcome| matches!(outcome, Outcome::Accepted { .. }))
            {
                return fail(
                    "6 (no false rejection)",
                    format!("{} shows {rejection:?}, the school accepted it", item.id),
                );
            }
        }
        self.check_nothing_blinks(number, &phone)
    }

    /// Invariant 4, where it can be seen at once: what a phone has been sent.
    pub(super) fn check_wire(&self, number: usize) -> Result<(), Failure> {
        match self.phones[number].wire.leak() {
            Some(leak) => fail("4 (nothing that its person may not read)", leak),
            None => Ok(()),
        }
    }

    /// An own report that the school has taken is on the screen, from the tap on.
    fn check_nothing_blinks(&mut self, number: usize, phone: &Phone) -> Result<(), Failure> {
        if self.phones[number].wire.started_over() {
            // What was dropped to be sent anew comes back with its page.
            self.phones[number].shown.clear();
        }
        let Ok(view) = phone.view(school()) else { return Ok(()) };
        let records = view.of_kind(RecordKind::Attendance).unwrap_or_default();
        let on_screen: BTreeSet<CommandId> = records
            .into_iter()
            .filter_map(|record| Attendance::try_from(record.body).ok())
            .flat_map(|attendance| attendance.reports.into_iter().map(|report| report.command))
            .filter(|id| self.phones[number].said.contains(id))
            .collect();
        let engine = self.server.engine();
        let owner = person(self.phones[number].owner);
        let Some(device) = self.phones[number].device else { return Ok(()) };
        let scopes = oracle::readable(engine.store().as_ref(), owner, device, self.server.now());
        for id in self.phones[number].shown.difference(&on_screen) {
            let at_school = matches!(self.outcome(*id), Some(Outcome::Accepted { .. }));
            if at_school && self.report_of(*id).is_some_and(|scope| scopes.contains(&scope) && view.holds(&scope)) {
                return fail(
                    "6 (never gone from the screen)",
                    format!("the report {id} is at the school, but not shown"),
                );
            }
        }
        self.phones[number].shown.extend(on_screen);
        Ok(())
    }

    /// Where an accepted report stands at the school.
    fn report_of(&self, id: CommandId) -> Option<Scope> {
        let engine = self.server.engine();
        oracle::rows(engine.store().as_ref()).into_iter().find_map(|row| {
            let attendance: Attendance = match (row.kind, &row.body) {
                (RecordKind::Attendance, Some(body)) => serde_json::from_str(body).ok()?,
                _ => return None,
            };
            attendance.reports.iter().any(|report| report.command == id).then_some(row.scope)
        })
    }

    fn outcome(&self, id: CommandId) -> Option<Outcome> {
        oracle::logged(&self.server, id).map(|line| serde_json::from_str(&line.outcome).unwrap())
    }

    /// What holds when nothing moves any more, on every phone and at the school.
    pub fn check_at_rest(&mut self) -> Result<(), Failure> {
        let mut effects: BTreeMap<CommandId, usize> = BTreeMap::new();
        let engine = self.server.engine();
        for row in oracle::rows(engine.store().as_ref()) {
            if let (RecordKind::Attendance, Some(body)) = (row.kind, &row.body) {
                let attendance: Attendance = serde_json::from_str(body).unwrap();
                let mut here: Vec<CommandId> = attendance.reports.iter().map(|report| report.command).collect();
                let all = here.len();
                here.dedup();
                if all != here.len() {
                    return fail("2 (at most once)", format!("a report twice in {}", row.id));
                }
                for id in here {
                    *effects.entry(id).or_default() += 1;
                }
            }
        }
        for id in effects.keys() {
            if !matches!(self.outcome(*id), Some(Outcome::Accepted { .. })) {
                return fail("2 (at most once)", format!("{id} has an effect, but was never accepted"));
            }
        }
        for number in 0..PHONES {
            self.check_holding(number)?;
            self.check_commands(number)?;
        }
        drop(engine);
        self.check_memory()?;
        self.check_blocks()
    }

    /// Who reads what is the same from the roster in memory, as commands have changed it, and as a restart reads it.
    fn check_memory(&mut self) -> Result<(), Failure> {
        let scopes: BTreeSet<Scope> =
            oracle::rows(self.server.engine().store().as_ref()).into_iter().map(|row| row.scope).collect();
        let readers = |server: &Server| -> Vec<_> {
            let engine = server.engine();
            scopes.iter().map(|scope| (*scope, engine.who_can_read(school(), scope).unwrap())).collect()
        };
        let live = readers(&self.server);
        self.server.restart();
        let stored = readers(&self.server);
        match live.iter().zip(&stored).find(|(live, stored)| live != stored) {
            Some(((scope, live), (_, stored))) => {
                fail("the roster in memory is the stored one", format!("{scope}: {live:?} and {stored:?}"))
            }
            None => Ok(()),
        }
    }

    /// Invariants 3 and 4: what a phone holds is what the oracle says, no more and no less.
    fn check_holding(&mut self, number: usize) -> Result<(), Failure> {
        let phone = self.open(number);
        let Some(who) = phone.who() else { return Ok(()) };
        if self.phones[number].unknown {
            return Ok(());
        }
        let Ok(view) = phone.view(school()) else { return Ok(()) };
        if self.phones[number].revoked || who.standing != Standing::Enrolled {
            return match view.everything() {
                Ok(rows) if rows.is_empty() => Ok(()),
                _ if self.phones[number].revoked => fail(
                    "4 (a revoked phone is wiped)",
                    format!("{}'s phone still holds rows", self.phones[number].owner),
                ),
                _ => Ok(()),
            };
        }
        let held: Holding =
            view.everything().unwrap().into_iter().map(|row| ((row.scope, row.id.to_string()), row.body)).collect();
        let expected = oracle::expected(&self.server, who.person, who.device);
        if held == expected {
            return Ok(());
        }
        let extra: Vec<_> = held.keys().filter(|key| !expected.contains_key(*key)).take(3).collect();
        let missing: Vec<_> = expected.keys().filter(|key| !held.contains_key(*key)).take(3).collect();
        let stale: Vec<_> =
            held.iter().filter(|(key, body)| expected.get(*key).is_some_and(|b| b != *body)).take(3).collect();
        let detail = format!(
            "{}'s phone {number}: {} extra {extra:?}, {} missing {missing:?}, {} stale {stale:?}",
            self.phones[number].owner,
            extra.len(),
            missing.len(),
            stale.len()
        );
        fail(if extra.is_empty() { "3 (the same records)" } else { "4 (nothing too many)" }, detail)
    }

    /// Invariants 1, 2 and 6: whatever was said is settled at the school and known so, or still queued, or shown as rejected.
    fn check_commands(&mut self, number: usize) -> Result<(), Failure> {
        let phone = self.open(number);
        let gone = self.phones[number].revoked || self.phones[number].unknown;
        if gone || phone.who().is_none_or(|who| who.standing != Standing::Enrolled) {
            return Ok(());
        }
        let items: BTreeMap<CommandId, Delivery> = phone
            .outbox()
            .unwrap()
            .into_iter()
            .flat_map(|item| {
                let rejected = matches!(item.delivery, Delivery::Rejected { .. }).then(|| item.delivery.clone());
                let dependents = item.dependents.into_iter().zip(std::iter::repeat(rejected));
                let dependents = dependents.filter_map(|(id, delivery)| Some((id, delivery?)));
                dependents.chain([(item.id, item.delivery)]).collect::<Vec<_>>()
            })
            .collect();
        for id in &self.phones[number].said {
            let shown = items.get(id);
            match (self.outcome(*id), shown) {
                (Some(Outcome::Accepted { .. }), None | Some(Delivery::AtSchool { .. } | Delivery::Seen { .. })) => {}
                (Some(Outcome::Rejected(_)), Some(Delivery::Rejected { .. })) => {}
                (Some(Outcome::Rejected(_)), None) if self.phones[number].dismissed.contains(id) => {}
                // What depended on a rejected command is told of with it, whether or not the school has seen it.
                (None, Some(Delivery::Rejected { rejection: Rejection::DependencyRejected { .. }, .. })) => {}
                (None, None) if self.phones[number].dismissed.contains(id) => {}
                // The school has forgotten its answer with the restore; to the person it stays said.
                (None, Some(Delivery::Rejected { .. })) if self.restored => {}
                (outcome, shown) => {
                    return fail(
                        "1 and 6 (settled, queued or visibly rejected)",
                        format!(
                            "{}'s {id}: the school says {outcome:?}, the phone {shown:?}",
                            self.phones[number].owner
                        ),
                    );
                }
            }
        }
        Ok(())
    }

    /// Invariant 7: nothing that was replayed or imported again gives a blocked person anything about the pupil.
    fn check_blocks(&mut self) -> Result<(), Failure> {
        let roster = oracle::roster(self.server.engine().store().as_ref());
        for number in 0..PHONES {
            let owner = person(self.phones[number].owner);
            let phone = self.open(number);
            let Ok(view) = phone.view(school()) else { continue };
            for (pupil, _) in roster.blocks().filter(|(_, blocked)| *blocked == owner) {
                let about = format!("pupil:{pupil}/");
                if view.everything().unwrap_or_default().iter().any(|row| row.scope.starts_with(&about)) {
                    return fail("7 (no access past a block)", format!("{} holds rows", self.phones[number].owner));
                }
            }
        }
        Ok(())
    }
}
