//! Changes of the roster: by a command, by an import, by the operator. What follows from them (the directory's cards,
//! grants and revocations) is written in the same transaction.
//!
//! Changes nothing and takes no number where nothing changes. An unchanged grant keeps its number.

use super::{Engine, directory, new_day, refusal::Refusal, scrub, subscriptions, turn::Turn};
use crate::store::{LoggedCommand, Result, StoreError, StoredEntry, known_person};
use sha2::{Digest, Sha256};
use skolebro_core::{
    domain::{
        ids::{CommandId, SchoolId},
        roster::{Roster, RosterChange, RosterEntry, RosterKey},
    },
    protocol::Outcome,
};
use std::sync::Arc;

/// Who changes a roster without being one of its people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterAuthor {
    Import,
    Operator,
    /// Staff of another school, who barred somebody or lifted a bar.
    Elsewhere,
}

impl RosterAuthor {
    fn as_str(self) -> &'static str {
        match self {
            RosterAuthor::Import => "import",
            RosterAuthor::Operator => "operator",
            RosterAuthor::Elsewhere => "elsewhere",
        }
    }
}

/// What some roster changes did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RosterReport {
    pub put: usize,
    pub removed: usize,
    pub unchanged: usize,
    /// Directory rows written or closed.
    pub rows: usize,
    pub granted: usize,
    pub revoked: usize,
}

impl RosterReport {
    fn add(&mut self, other: &Self) {
        self.put += other.put;
        self.removed += other.removed;
        self.unchanged += other.unchanged;
        self.rows += other.rows;
        self.granted += other.granted;
        self.revoked += other.revoked;
    }
    pub fn changed(&self) -> usize {
        self.put + self.removed
    }
}

/// A change that was planned some time ago: what it comes to is decided against what is stored when it is applied.
pub trait PlannedChange: Clone + Send + 'static {
    fn key(&self) -> RosterKey;
    /// None: there is nothing to do.
    fn change(&self, stored: Option<&StoredEntry>) -> Option<RosterChange>;
}

impl PlannedChange for RosterChange {
    fn key(&self) -> RosterKey {
        self.entry().key()
    }
    fn change(&self, _: Option<&StoredEntry>) -> Option<RosterChange> {
        Some(self.clone())
    }
}

/// Applies the changes within the transaction; also which facts they were, by their keys.
pub(super) fn apply<C: PlannedChange>(
    turn: &mut Turn<'_>,
    school: SchoolId,
    changes: &[C],
) -> Result<(RosterReport, Vec<String>)> {
    let mut report = RosterReport::default();
    let before = turn.roster(school)?;
    let mut after: Option<Roster> = None;
    let (mut touched, mut facts) = (Vec::new(), Vec::new());
    for planned in changes {
        let key = planned.key();
        let stored = turn.store.roster_entry(school, &key)?;
        let Some(change) = planned.change(stored.as_ref()) else {
            report.unchanged += 1;
            continue;
        };
        match &change {
            RosterChange::Put { entry, origin } => {
                if stored.as_ref().is_some_and(|stored| stored.entry == *entry && stored.origin == *origin) {
                    report.unchanged += 1;
                    continue;
                }
                turn.store.put_roster(school, &StoredEntry { entry: entry.clone(), origin: *origin })?;
                report.put += 1;
                facts.push(format!("put {}:{}", key.kind, key.key));
                if stored.as_ref().is_some_and(|stored| stored.entry == *entry) {
                    continue;
                }
            }
            RosterChange::Remove(_) => {
                if stored.is_none() {
                    report.unchanged += 1;
                    continue;
                }
                turn.store.remove_roster(school, &key)?;
                if matches!(change.entry(), RosterEntry::Person(_)) {
                    scrub::is_due(turn)?;
                }
                report.removed += 1;
                facts.push(format!("remove {}:{}", key.kind, key.key));
            }
        }
        if let RosterEntry::Person(person) = change.entry() {
            turn.school(school)?.people.remove(&person.id);
        }
        after.get_or_insert_with(|| Roster::clone(&before)).apply(&change);
        // The entry as it was counts too: a person whose birth date is taken away, say.
        touched.extend(stored.map(|stored| stored.entry));
        touched.push(change.entry().clone());
    }
    let Some(after) = after else { return Ok((report, facts)) };
    let after = Arc::new(after);
    turn.school(school)?.told_of.extend(touched.iter().filter_map(known_person));
    turn.set_roster(school, after.clone())?;
    turn.bump_access(school)?;
    new_day::note(turn, school)?;
    let (both, today) = ([&*before, &*after], turn.today(school)?);
    report.rows = directory::project(turn, school, directory::touched(&both, &touched, today))?;
    let given = subscriptions::renew(turn, school, subscriptions::touched(&both, &touched, today))?;
    (report.granted, report.revoked) = given;
    Ok((report, facts))
}

impl Engine {
    /// Applies changes in small transactions, in their order, through the same writer as everything else: changes as they
    /// are, or planned ones that look again at what is stored.
    ///
    /// # Errors
    /// Unavailable; then what the batches before had changed stays.
    pub fn apply_roster<C: PlannedChange>(
        &self,
        school: SchoolId,
        changes: Vec<C>,
        author: RosterAuthor,
    ) -> Result<RosterReport, Refusal> {
        let mut report = RosterReport::default();
        let size = self.shared.config.limits.roster_batch.max(1);
        let mut rest = changes;
        while !rest.is_empty() {
            let later = rest.split_off(size.min(rest.len()));
            let batch = std::mem::replace(&mut rest, later);
            let done = self.writer.write(move |turn| {
                turn.guarded(school, |turn| {
                    let (report, facts) = apply(turn, school, &batch)?;
                    if !facts.is_empty() {
                        log(turn, school, author, &facts)?;
                    }
                    Ok(report)
                })
            })?;
            report.add(&done?);
        }
        Ok(report)
    }
}

/// A line of the audit trail: which facts, by their keys; never names.
pub(super) fn log(turn: &mut Turn<'_>, school: SchoolId, author: RosterAuthor, facts: &[String]) -> Result<()> {
    let payload = serde_json::json!({ "do": "roster", "by": author.as_str(), "facts": facts }).to_string();
    let seq = turn.school(school)?.head.seq;
    let outcome = serde_json::to_string(&Outcome::Accepted { seq })
        .map_err(|_| StoreError::Unreadable("an outcome that cannot be written".to_owned()))?;
    let line = LoggedCommand {
        id: CommandId::new(),
        author: None,
        device: None,
        payload_hash: Sha256::digest(payload.as_bytes()).into(),
        outcome: outcome.into(),
        seq,
        at: turn.now,
        payload: Some(payload.into()),
    };
    turn.store.log_command(school, &line)
}
