//! Makes anew what follows from the roster: the directory's cards and everybody's rights, as of today. For a school whose
//! projections are not what they should be: time was wrong when they were made, or a fault of an older version left them.
//!
//! What is as it should be keeps its number, so that no phone fetches again what it has.

use super::{Engine, apply, belief::Trust, directory, refusal::Refusal, subscriptions, tick::Clockwork};
use crate::store::StoredRow;
use skolebro_core::{
    domain::{
        ids::{PersonId, RecordId, SchoolId},
        roster::RosterEntry,
        scope::Scope,
    },
    protocol::ProblemCode,
};
use std::collections::BTreeSet;

/// What was not as it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Cards written or closed.
    pub rows: usize,
    pub granted: usize,
    pub revoked: usize,
    /// Facts' cards and persons' rights that could not be made anew, which the log tells of.
    pub left: usize,
}

impl Engine {
    /// In small transactions, while phones keep syncing.
    ///
    /// # Errors
    /// `NotFound`: there is no such school. `Unavailable`: the store does not answer, or nobody knows what time it is.
    pub fn rebuild(&self, school: SchoolId) -> Result<Rebuilt, Refusal> {
        let state = self.clock_state();
        if state.trust == Trust::Waiting {
            self.knows_the_time()?;
        }
        if self.shared.live(school).is_none() {
            return Err(Refusal::new(ProblemCode::NotFound, "there is no such school"));
        }
        self::school(&Clockwork::new(self, school, state.now, false))
    }
}

pub(super) fn school(clock: &Clockwork<'_>) -> Result<Rebuilt, Refusal> {
    everything(clock).map(|(rebuilt, _)| rebuilt)
}

/// The same, and whose rights could not be made anew.
pub(super) fn everything(clock: &Clockwork<'_>) -> Result<(Rebuilt, BTreeSet<PersonId>), Refusal> {
    let school = clock.school;
    let (mut rebuilt, mut left) = (Rebuilt::default(), BTreeSet::new());
    let read = clock.read(|reading, roster| {
        let mut facts: Vec<RosterEntry> = Vec::new();
        reading.roster(school, &mut |stored| facts.push(stored.entry))?;
        let mut persons: BTreeSet<PersonId> = reading.subscribers(school)?.into_iter().collect();
        persons.extend(roster.adults());
        persons.extend(roster.pupils().map(|(pupil, _)| pupil));
        Ok((facts, persons, reading.head(school)?.seq))
    });
    let Some((facts, persons, head)) = read else { return Ok((Rebuilt { left: 1, ..rebuilt }, left)) };
    let current = cards(clock, &facts, &mut rebuilt)?;
    // A fault that hides a card's fact is no ground to close the card.
    if rebuilt.left == 0 {
        close_others(clock, &current, head, &mut rebuilt)?;
    }
    for person in persons {
        if !rights_of(clock, person, &mut rebuilt)? {
            rebuilt.left += 1;
            left.insert(person);
        }
    }
    tracing::info!(%school, ?rebuilt, "cards and rights made anew from the roster");
    Ok((rebuilt, left))
}

/// One person's rights, so many subjects at a time: a principal has thousands. Whether it could be done.
fn rights_of(clock: &Clockwork<'_>, person: PersonId, rebuilt: &mut Rebuilt) -> Result<bool, Refusal> {
    let school = clock.school;
    let pairs = clock.write(move |turn| subscriptions::all_of(turn, school, &[person]))?;
    let Some(pairs) = pairs else { return Ok(false) };
    let pairs: Vec<_> = pairs.into_iter().collect();
    for pairs in pairs.chunks(clock.batch()) {
        let pairs: subscriptions::Pairs = pairs.iter().copied().collect();
        let renewed = clock.write(move |turn| subscriptions::renew(turn, school, pairs.clone()))?;
        let Some((granted, revoked)) = renewed else { return Ok(false) };
        rebuilt.granted += granted;
        rebuilt.revoked += revoked;
    }
    Ok(true)
}

/// Writes every card of the roster; where they stand.
fn cards(
    clock: &Clockwork<'_>,
    facts: &[RosterEntry],
    rebuilt: &mut Rebuilt,
) -> Result<BTreeSet<(Scope, RecordId)>, Refusal> {
    let school = clock.school;
    let mut current = BTreeSet::new();
    let mut write = |facts: &[RosterEntry]| {
        let facts = facts.to_vec();
        let done = clock.write(move |turn| {
            let (roster, today, mut here) = (turn.roster(school)?, turn.today(school)?, Vec::new());
            let cards = directory::touched(&[&*roster], &facts, today);
            let rows = directory::project_each(turn, school, cards, &mut |scope, id| here.push((scope, id)))?;
            Ok((rows, here))
        })?;
        let is_done = done.is_some();
        if let Some((rows, here)) = done {
            rebuilt.rows += rows;
            current.extend(here);
        }
        Ok::<_, Refusal>(is_done)
    };
    let mut left = 0;
    for facts in facts.chunks(clock.batch()) {
        if !write(facts)? {
            // One of them spoils the batch.
            for fact in facts {
                left += usize::from(!write(std::slice::from_ref(fact))?);
            }
        }
    }
    rebuilt.left += left;
    Ok(current)
}

/// Closes cards of which the roster says nothing any more. Only those that stood at `head`: what has been written since
/// was written by somebody who knew.
fn close_others(
    clock: &Clockwork<'_>,
    current: &BTreeSet<(Scope, RecordId)>,
    head: u64,
    rebuilt: &mut Rebuilt,
) -> Result<(), Refusal> {
    let school = clock.school;
    let others = clock.read(|reading, _| {
        let mut others: Vec<StoredRow> = Vec::new();
        reading.rows_by_sequence(school, 0, head, &mut |row| {
            if row.body.is_some() && !row.kind.ages() && !current.contains(&(row.scope, row.id)) {
                others.push(row);
            }
            true
        })?;
        Ok(others)
    });
    for others in others.unwrap_or_default().chunks(clock.batch()) {
        let others: Vec<(Scope, RecordId)> = others.iter().map(|row| (row.scope, row.id)).collect();
        let closed = clock.write(move |turn| {
            let mut closed = 0;
            for (scope, id) in &others {
                let row = turn.store.row(school, scope, *id)?.filter(|row| row.seq <= head);
                closed += usize::from(apply::remove(turn, school, row)?);
            }
            Ok(closed)
        })?;
        rebuilt.rows += closed.unwrap_or_default();
    }
    Ok(())
}
