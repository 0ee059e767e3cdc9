//! Takes back what was written for one person about a pupil, once that person may not read its topic of the pupil any more.
//! It stands in the person's own scope, which stays open for the sake of another child; so the grants and revocations alone
//! would leave it on the phone.

use super::{apply, turn::Turn};
use crate::store::{Result, StoredRow};
use skolebro_core::domain::{
    access::home_holding,
    ids::{PersonId, SchoolId},
    record::{Body, RecordKind},
    scope::{Scope, Topic},
};
use std::collections::BTreeSet;

/// A topic of a pupil.
pub(super) type Lost = BTreeSet<(Topic, PersonId)>;

/// A notice that speaks of the relation itself, and not of what the topic holds, stays while there is a relation
/// ([`skolebro_core::domain::notice::NoticeReason::goes_with_the_topic`]).
pub(super) fn take_back(turn: &mut Turn<'_>, school: SchoolId, person: PersonId, lost: &Lost) -> Result<()> {
    let (roster, today) = (turn.roster(school)?, turn.today(school)?);
    let topics: BTreeSet<Topic> = lost.iter().map(|(topic, _)| *topic).collect();
    for topic in topics {
        // By scope: what was told to one person is little, and staff are told nothing there.
        for row in turn.store.rows_by_scope(school, &Scope::own(person, topic), 0, u64::MAX, false, usize::MAX)? {
            // The directory's own cards are made anew by themselves.
            let Some(pupil) = row.pupil.filter(|pupil| row.kind.ages() && lost.contains(&(topic, *pupil))) else {
                continue;
            };
            let related = || home_holding(&roster, person, pupil, today).is_some();
            if !(stays_while_related(&row) && related()) {
                apply::remove(turn, school, Some(row))?;
            }
        }
    }
    Ok(())
}

/// One that cannot be read goes.
fn stays_while_related(row: &StoredRow) -> bool {
    let notice = || row.body.as_deref().map(|json| Body::from_json(row.kind, json));
    row.kind == RecordKind::Notice
        && matches!(notice(), Some(Ok(Body::Notice(told))) if !told.reason.goes_with_the_topic())
}
