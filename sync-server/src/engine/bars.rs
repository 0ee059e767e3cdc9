//! A bar is on a person and a pupil, not on a school: what one school says of it holds at every school where the pupil is
//! stored, at once and in the same transaction. So whoever may lift it where the pupil is now lifts what an old school set,
//! and no import finds a copy to bring back.

use super::{
    Engine,
    refusal::Refusal,
    roster_changes::{self, RosterAuthor},
    turn::Turn,
};
use crate::store::Result;
use skolebro_core::domain::{
    ids::SchoolId,
    people::Block,
    roster::{RosterChange, RosterEntry},
};

/// Where a bar is to be set, or stands and is to be lifted; nowhere, if the change is of something else.
fn schools(turn: &Turn<'_>, change: &RosterChange) -> Result<Vec<SchoolId>> {
    match change {
        RosterChange::Put { entry: RosterEntry::Block(block), .. } => turn.store.schools_of(block.pupil),
        // A bar may wait at a school that the pupil has not come to yet.
        RosterChange::Remove(entry @ RosterEntry::Block(_)) => {
            let mut found = Vec::new();
            for school in turn.store.schools()? {
                if turn.store.roster_entry(school, &entry.key())?.is_some() {
                    found.push(school);
                }
            }
            Ok(found)
        }
        RosterChange::Put { .. } | RosterChange::Remove(_) => Ok(Vec::new()),
    }
}

/// Sets and lifts at the other schools what is set and lifted at this one.
pub(super) fn spread(turn: &mut Turn<'_>, from: SchoolId, changes: &[RosterChange]) -> Result<()> {
    for change in changes {
        for school in schools(turn, change)?.into_iter().filter(|school| *school != from) {
            apply(turn, school, change, RosterAuthor::Elsewhere)?;
        }
    }
    Ok(())
}

fn apply(turn: &mut Turn<'_>, school: SchoolId, change: &RosterChange, author: RosterAuthor) -> Result<bool> {
    let (_, facts) = roster_changes::apply(turn, school, std::slice::from_ref(change))?;
    if !facts.is_empty() {
        roster_changes::log(turn, school, author, &facts)?;
    }
    Ok(!facts.is_empty())
}

impl Engine {
    /// Bars, or lifts a bar, everywhere, for the operator; `at` is where the pupil is known. Whether anything changed.
    ///
    /// # Errors
    /// That the store does not answer.
    pub fn bar(&self, at: SchoolId, block: Block, bar: bool) -> std::result::Result<bool, Refusal> {
        let change = if bar { RosterChange::staff(block) } else { RosterChange::Remove(block.into()) };
        let done = self.writer.write(move |turn| {
            turn.guarded(at, |turn| {
                let mut changed = false;
                for school in schools(turn, &change)? {
                    changed |= apply(turn, school, &change, RosterAuthor::Operator)?;
                }
                Ok(changed)
            })
        })?;
        Ok(done?)
    }
}
