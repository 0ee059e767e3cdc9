//! Takes back what was told to an adult at home about a pupil, once that adult reads nothing of the pupil's attendance any
//! more. Notices stand in the person's own scope, which stays open for the sake of another child; so the grants and
//! revocations alone would leave them on the phone.

use super::{apply, turn::Turn};
use crate::store::Result;
use skolebro_core::domain::{
    access::home_holding,
    attendance::NoticeReason,
    ids::{PersonId, SchoolId},
    record::{Body, RecordKind},
    scope::{Scope, Topic},
};

/// That a delegation ended is still for the one who had it to know, unless that person has been barred or is nobody to
/// the pupil any more.
pub(super) fn take_back(turn: &mut Turn<'_>, school: SchoolId, person: PersonId, pupils: &[PersonId]) -> Result<()> {
    if pupils.is_empty() {
        return Ok(());
    }
    let (roster, today) = (turn.roster(school)?, turn.today(school)?);
    let own = Scope::own(person, Topic::Attendance);
    // By scope: what was told to one person is little, and staff are told nothing there.
    for row in turn.store.rows_by_scope(school, &own, 0, u64::MAX, false, usize::MAX)? {
        let Some(pupil) = row.pupil.filter(|pupil| row.kind == RecordKind::Notice && pupils.contains(pupil)) else {
            continue;
        };
        let notice = row.body.as_deref().map(|json| Body::from_json(row.kind, json));
        let of_delegation =
            matches!(notice, Some(Ok(Body::Notice(told))) if told.reason == NoticeReason::DelegationChanged);
        if !(of_delegation && home_holding(&roster, person, pupil, today).is_some()) {
            apply::remove(turn, school, Some(row))?;
        }
    }
    Ok(())
}
