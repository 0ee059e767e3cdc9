//! Puts the staged rows together into statements about each school: who is where, as what, and who belongs to whom.
//!
//! It runs after the stored roster was copied in, so that a delta may refer to what only the store has. It writes
//! statements and issues, nothing else.

mod again;
mod days;
mod ends;
mod memory;
mod namesakes;
mod people;
mod places;
mod pupils;
mod relations;
mod same;
mod schools;
mod shared;
mod staff;
mod texts;
mod who;

pub use ends::Scope;

use super::{
    codes::Code,
    error::RosterError,
    held,
    intake::Intake,
    report::{FileMode, Place},
};
use chrono::NaiveDate;
use skolebro_core::domain::{people::Dates, roster::RosterEntry};

/// All of it, in the order in which one builds on the other.
pub fn settle(intake: &mut Intake) -> Result<Scope, RosterError> {
    who::who(intake)?;
    held::settle(intake)?;
    let scope = schools::schools(intake)?;
    again::again(intake)?;
    texts::texts(intake, &scope)?;
    places::enrollments(intake, &scope)?;
    pupils::pupils(intake, &scope)?;
    staff::leading(intake, &scope)?;
    staff::posts(intake, &scope)?;
    staff::not_taken(intake, &scope)?;
    relations::relations(intake, &scope)?;
    same::same(intake)?;
    people::people(intake)?;
    namesakes::namesakes(intake)?;
    held::keep_what_stood(intake)?;
    ends::ends(intake, &scope)?;
    days::days_without_class(intake, &scope)?;
    memory::memory(intake, &scope)?;
    Ok(scope)
}

/// The place of an issue found while putting together.
fn at<'a>(file: &'a str, line: i64, column: &'a str) -> Place<'a> {
    let place = Place::line(file, u64::try_from(line).unwrap_or_default());
    if column.is_empty() { place } else { place.column(column) }
}

fn day(text: Option<String>) -> Option<NaiveDate> {
    text.and_then(|text| text.parse().ok())
}

/// Whether a user is in the bundle, or stored where the bundle need not have it.
fn is_known_user(intake: &Intake, user: &str) -> Result<bool, RosterError> {
    if intake.staging.db.prepare_cached("SELECT 1 FROM user WHERE sid = ?1 AND state = 0")?.exists([user])? {
        return Ok(true);
    }
    if intake.disputed.contains(user) {
        return Ok(false);
    }
    let person = intake.person_id(user).to_string();
    if intake.is_unread("users.csv") {
        return Ok(false);
    }
    Ok(intake.mode("users.csv") != FileMode::Bulk && !intake.staging.schools_storing("person", &person)?.is_empty())
}

/// From when until when an entry holds, of those that a source dates.
fn dates_of(entry: &RosterEntry) -> Option<Dates> {
    match entry {
        RosterEntry::Membership(place) => Some(place.dates),
        RosterEntry::Enrolment(place) => Some(place.dates),
        RosterEntry::Assignment(assignment) => Some(assignment.dates),
        RosterEntry::School(_)
        | RosterEntry::RuleSet(_)
        | RosterEntry::Calendar(_)
        | RosterEntry::Person(_)
        | RosterEntry::Group(_)
        | RosterEntry::Guardianship(_)
        | RosterEntry::Delegation(_)
        | RosterEntry::Block(_)
        | RosterEntry::AdultConsent(_)
        | RosterEntry::StaffMember(_)
        | RosterEntry::Spell(_)
        | RosterEntry::Unread(_) => None,
    }
}

/// Says that a row's user is not there. Where the user's own row may be one that could not be read, what is stored stays.
fn unknown_user(intake: &mut Intake, user: &str, place: Place<'_>) -> Result<(), RosterError> {
    let unread = intake.is_unread("users.csv");
    let held = intake.staging.is_held(held::kind::FILE, "users.csv")?
        || intake.staging.is_held(held::kind::PERSON, &intake.person_id(user).to_string())?;
    let code = if held && !unread { Code::ReferenceHeld } else { Code::UserDangling };
    intake.reporter.issue(place, code, Some(user), "users.csv has no such user that could be used");
    if held || unread { intake.hold_person(held::kind::PERSON, user) } else { Ok(()) }
}

/// The later of two begins.
fn latest(a: Option<NaiveDate>, b: Option<NaiveDate>) -> Option<NaiveDate> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

/// The earlier of two ends.
fn earliest(a: Option<NaiveDate>, b: Option<NaiveDate>) -> Option<NaiveDate> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// One period out of several: those that touch unite; of separate ones the last counts. Whether one was left out.
fn period(mut periods: Vec<Dates>) -> Option<(Dates, bool)> {
    periods.sort_by_key(|dates| dates.from);
    let mut periods = periods.into_iter();
    let mut current = periods.next()?;
    let mut left_out = false;
    for next in periods {
        let touches = match (current.until, next.from) {
            (Some(until), Some(from)) => until.succ_opt().is_none_or(|after| from <= after),
            (None, _) | (_, None) => true,
        };
        if touches {
            current.until = match (current.until, next.until) {
                (Some(a), Some(b)) => Some(a.max(b)),
                (None, _) | (_, None) => None,
            };
        } else {
            left_out = true;
            current = next;
        }
    }
    Some((current, left_out))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn dates(from: &str, until: &str) -> Dates {
        Dates { from: from.parse().ok(), until: until.parse().ok() }
    }

    #[test]
    fn periods_that_touch_unite_and_of_separate_ones_the_last_counts() {
        let autumn = dates("2026-08-17", "2026-12-18");
        let winter = dates("2026-12-19", "2027-01-31");
        let spring = dates("2027-03-01", "");
        assert_eq!(period(vec![winter, autumn]), Some((dates("2026-08-17", "2027-01-31"), false)));
        assert_eq!(period(vec![autumn, spring]), Some((spring, true)));
        assert_eq!(period(vec![Dates::default(), autumn]), Some((Dates::default(), false)));
        assert_eq!(period(Vec::new()), None);
    }
}
