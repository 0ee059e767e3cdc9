//! The brake: an import that would take a lot from a school stops and asks. Each school and each kind of fact counts by
//! itself, so that the loss of all staff is not hidden among a thousand pupils.
//!
//! A kind is too much when more than some percent of it and more than three facts would be lost, or all of it. One alone is
//! all of it too: a head teacher may retire and a bar be lifted, so that a single fact counts only where it is the school's
//! last pupil, last place in a group or last member of staff, and nothing comes in its place.

use super::{
    error::RosterError,
    intake::Intake,
    report::{Loss, Outcome},
    staging::Staging,
    told::Settled,
};
use crate::store::StoredEntry;
use chrono::NaiveDate;
use rusqlite::params;
use skolebro_core::domain::{
    people::{Assignment, Dates, Guardianship, Spell, Standing},
    roster::{Origin, RosterEntry},
};
use std::collections::BTreeMap;

/// So many facts of a kind may go without a question, whatever share of it they are.
const FEW: u64 = 3;

/// What a stored fact counts as; nothing where no import can take it, or it is over anyway.
pub fn weight(stored: &StoredEntry, today: NaiveDate) -> String {
    let by_hand = stored.origin == Origin::Staff && !matches!(stored.entry, RosterEntry::Block(_));
    if by_hand || is_past(&stored.entry, today) {
        return String::new();
    }
    match &stored.entry {
        RosterEntry::School(_)
        | RosterEntry::RuleSet(_)
        | RosterEntry::Calendar(_)
        | RosterEntry::Spell(_)
        | RosterEntry::Unread(_) => String::new(),
        RosterEntry::Assignment(assignment) => format!("assignment/{}", assignment.role.as_str()),
        RosterEntry::Person(_)
        | RosterEntry::Group(_)
        | RosterEntry::Enrolment(_)
        | RosterEntry::Membership(_)
        | RosterEntry::Guardianship(_)
        | RosterEntry::Delegation(_)
        | RosterEntry::Block(_)
        | RosterEntry::StaffMember(_)
        | RosterEntry::AdultConsent(_) => stored.entry.key().kind.to_owned(),
    }
}

/// Notes of a statement whether it takes what is stored: ends it, lets it be over already, or takes its force.
pub fn weigh(intake: &Intake, told: i64, settled: &Settled, stored: Option<&StoredEntry>) -> Result<(), RosterError> {
    let Some(stored) = stored else { return Ok(()) };
    let loses = match settled {
        Settled::Remove(_) => true,
        Settled::Put(new) => loses(&stored.entry, &new.entry, intake.options.today),
        Settled::Unchanged | Settled::Outranked | Settled::Unable(_) => false,
    };
    if loses {
        intake.staging.db.prepare_cached("UPDATE told SET loses = 1 WHERE id = ?1")?.execute([told])?;
    }
    Ok(())
}

fn loses(before: &RosterEntry, after: &RosterEntry, today: NaiveDate) -> bool {
    let over = match (dates(before), dates(after)) {
        (Some(was), Some(is)) => is_over(is, today) || (was.contain(today) && !is.contain(today)),
        (None, _) | (_, None) => false,
    };
    let weaker = match (before, after) {
        (RosterEntry::Guardianship(was), RosterEntry::Guardianship(is)) => {
            let force = |held: &Guardianship| (held.standing == Standing::Confirmed, held.kind.has_custody());
            let (was, is) = (force(was), force(is));
            (was.0 && !is.0) || (was.1 && !is.1)
        }
        _ => false,
    };
    over || weaker
}

fn dates(entry: &RosterEntry) -> Option<Dates> {
    match entry {
        RosterEntry::Enrolment(place) => Some(place.dates),
        RosterEntry::Membership(place) => Some(place.dates),
        RosterEntry::Guardianship(held) => Some(held.dates),
        RosterEntry::Delegation(given) => Some(given.dates),
        RosterEntry::AdultConsent(given) => Some(given.dates),
        RosterEntry::Assignment(Assignment { dates, .. }) | RosterEntry::Spell(Spell(Assignment { dates, .. })) => {
            Some(*dates)
        }
        RosterEntry::School(_)
        | RosterEntry::RuleSet(_)
        | RosterEntry::Calendar(_)
        | RosterEntry::Person(_)
        | RosterEntry::Group(_)
        | RosterEntry::StaffMember(_)
        | RosterEntry::Block(_)
        | RosterEntry::Unread(_) => None,
    }
}

/// Whether a fact was of days that are over.
pub fn is_past(entry: &RosterEntry, today: NaiveDate) -> bool {
    dates(entry).is_some_and(|dates| is_over(dates, today))
}

fn is_over(dates: Dates, today: NaiveDate) -> bool {
    dates.until.is_some_and(|until| until < today)
}

/// What there is of a kind at a school, and what becomes of it.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    stored: u64,
    ending: u64,
    new: u64,
}

impl Share {
    fn is_too_much(self, kind: &str, percent: u32) -> bool {
        let many = self.ending > FEW && self.ending * 100 > self.stored * u64::from(percent);
        let all = self.ending > 0 && self.ending == self.stored;
        let last = matches!(kind, "enrolment" | "membership" | "assignment") && self.new == 0;
        many || (all && (self.stored > 1 || last))
    }
}

/// What schools would lose too much of, in order of school and kind.
pub fn losses(staging: &Staging, percent: u32) -> Result<Vec<Loss>, RosterError> {
    let mut shares: BTreeMap<(String, String), Share> = BTreeMap::new();
    // A role counts by itself and as staff.
    let mut add = |school: &str, weight: &str, share: Share| {
        let whole = weight.split('/').next().unwrap_or(weight);
        let kinds = if whole == weight { vec![weight] } else { vec![whole, weight] };
        for kind in kinds {
            let sum = shares.entry((school.to_owned(), kind.to_owned())).or_default();
            sum.stored += share.stored;
            sum.ending += share.ending;
            sum.new += share.new;
        }
    };
    {
        let query = "SELECT s.school, s.weighs, count(*), sum(EXISTS (SELECT 1 FROM told t
                         WHERE t.school = s.school AND t.kind = s.kind AND t.key = s.key AND t.loses = 1))
                     FROM stored s WHERE s.weighs <> '' GROUP BY s.school, s.weighs";
        let mut statement = staging.db.prepare_cached(query)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let count = |at: usize| Ok::<_, RosterError>(row.get::<_, i64>(at)?.unsigned_abs());
            let share = Share { stored: count(2)?, ending: count(3)?, new: 0 };
            add(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?, share);
        }
    }
    {
        let query = "SELECT school, kind, count(*) FROM told WHERE outcome = ?1 AND kind IN ('enrolment', 'membership', 'assignment')
                     GROUP BY school, kind";
        let mut statement = staging.db.prepare_cached(query)?;
        let mut rows = statement.query([super::plan::code(Outcome::Created)])?;
        while let Some(row) = rows.next()? {
            let share = Share { new: row.get::<_, i64>(2)?.unsigned_abs(), ..Share::default() };
            add(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?, share);
        }
    }
    let mut losses = Vec::new();
    for ((school, kind), share) in shares {
        if share.is_too_much(&kind, percent) {
            losses.push(Loss {
                name: name_of(staging, &school)?,
                files: files(staging, &school, &kind)?,
                ending: share.ending,
                stored: share.stored,
                school,
                kind,
            });
        }
    }
    Ok(losses)
}

fn name_of(staging: &Staging, school: &str) -> Result<String, RosterError> {
    Ok(match staging.stored(school, "school", "")?.map(|stored| stored.entry) {
        Some(RosterEntry::School(school)) => school.name,
        _ => String::new(),
    })
}

/// How many facts of a school and kind each file would take.
fn files(staging: &Staging, school: &str, kind: &str) -> Result<BTreeMap<String, u64>, RosterError> {
    let query = "SELECT t.file, count(*) FROM told t
                 JOIN stored s ON s.school = t.school AND s.kind = t.kind AND s.key = t.key
                 WHERE t.school = ?1 AND t.loses = 1 AND (s.weighs = ?2 OR s.weighs LIKE ?2 || '/%') GROUP BY t.file";
    let mut statement = staging.db.prepare_cached(query)?;
    let rows =
        statement.query_map(params![school, kind], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_may_go_and_all_may_not() {
        let too_much =
            |kind: &str, ending: u64, stored: u64, new: u64| Share { stored, ending, new }.is_too_much(kind, 5);
        assert!(!too_much("membership", 3, 20, 0), "three");
        assert!(too_much("membership", 4, 20, 0), "four of twenty");
        assert!(!too_much("membership", 4, 80, 0), "one in twenty");
        assert!(too_much("membership", 5, 80, 0));
        assert!(too_much("assignment", 3, 3, 3), "all of it, whoever comes");
        assert!(too_much("block", 2, 2, 0) && !too_much("block", 1, 1, 0), "a single bar may be lifted");
        assert!(!too_much("assignment/principal", 1, 1, 0), "a head teacher retires");
        assert!(too_much("assignment", 1, 1, 0) && !too_much("assignment", 1, 1, 1), "the last member of staff");
        assert!(!too_much("enrolment", 0, 0, 0));
    }
}
