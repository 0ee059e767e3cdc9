//! Who asks, about whom and when: what every command of this area looks up first.

use super::NOTE_MAX;
use crate::domain::{
    access::homes_reading,
    command::{Capacity, Command},
    ids::{PersonId, RecordId, SchoolId},
    record::{Body, Record},
    rejection::Rejection,
    roster::Roster,
    scope::{Scope, Topic},
    time::local_date,
    world::{Actor, Fact, World},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// A device's clock may run ahead by this much and still be believed.
pub(super) const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// A report may have waited for a network this long and still count from when it was filed.
const WAITED: TimeDelta = TimeDelta::days(3);

/// A command on its way to being decided.
pub(super) struct About<'a> {
    pub world: &'a dyn World,
    pub actor: Actor,
    pub command: &'a Command,
    pub now: DateTime<Utc>,
    /// The school's day now; access is asked of this one.
    pub today: NaiveDate,
    /// When the command was given: the device's time where that is plausible, or else now.
    pub filed_at: DateTime<Utc>,
    pub filed_day: NaiveDate,
}

impl<'a> About<'a> {
    pub fn new(world: &'a dyn World, actor: Actor, command: &'a Command) -> Self {
        let now = world.now();
        let tz = world.roster().time_zone();
        let filed_at = plausible(command.device_time, now);
        let (today, filed_day) = (local_date(tz, now), local_date(tz, filed_at));
        Self { world, actor, command, now, today, filed_at, filed_day }
    }

    pub fn roster(&self) -> &'a Roster {
        self.world.roster()
    }

    pub fn school(&self) -> SchoolId {
        self.world.school()
    }

    pub fn person(&self) -> Result<PersonId, Rejection> {
        match self.command.capacity {
            Capacity::Home | Capacity::Staff(_) => self.actor.person.ok_or(Rejection::NotAPersonsCommand),
            Capacity::System => Err(Rejection::NotAPersonsCommand),
        }
    }

    pub fn is_staff(&self) -> bool {
        match self.command.capacity {
            Capacity::Staff(_) => true,
            Capacity::Home | Capacity::System => false,
        }
    }

    /// Those at home who are told.
    pub fn homes(&self, pupil: PersonId) -> Vec<PersonId> {
        homes_reading(self.roster(), pupil, Topic::Attendance, self.today)
    }

    /// The document at a place. A place that this phone does not hold reads like an empty one.
    pub fn document<T: TryFrom<Body>>(&self, (scope, id): (Scope, RecordId)) -> Option<T> {
        self.world.record(&scope, id).known().and_then(|record| T::try_from(record.body).ok())
    }

    /// Whether a place is known to be empty, rather than unseen.
    pub fn is_absent(&self, (scope, id): (Scope, RecordId)) -> bool {
        match self.world.record(&scope, id) {
            Fact::Absent => true,
            Fact::Known(_) | Fact::Unseen => false,
        }
    }
}

/// A record at its place, for look-up by pupil and day.
pub(super) fn record(key: (Scope, RecordId), pupil: Option<PersonId>, day: NaiveDate, body: impl Into<Body>) -> Record {
    let (scope, id) = key;
    Record { id, scope, pupil, day: Some(day), body: body.into() }
}

/// A device's time, unless its clock cannot be right.
pub(super) fn plausible(told: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    if told <= now + AHEAD && told >= now - WAITED { told } else { now }
}

/// The text of a note or reason without blank ends; blank is none.
pub(super) fn text(given: Option<&String>) -> Result<Option<String>, Rejection> {
    let given = given.map(|text| text.trim()).filter(|text| !text.is_empty());
    if given.is_some_and(|text| text.chars().count() > NOTE_MAX) {
        return Err(Rejection::NoteTooLong { most: NOTE_MAX as u16 });
    }
    Ok(given.map(str::to_owned))
}
