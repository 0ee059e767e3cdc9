//! What the clock owes: the commands of the `System` actor that are due, with ids derived from what and when, so that a
//! repeated tick says the same thing; and when the next one will be. Each area says what it watches.

use super::{
    attendance,
    command::{AreaKind, Capacity, Command, CommandBody, system_command_id},
    ids::PersonId,
    record::RecordKind,
    world::World,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::fmt::Display;

/// What an area watches: of which records the clock may owe something to their pupil.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// Under which the server keeps how far it has come; never changed.
    pub name: &'static str,
    /// The records to look at, by their day.
    pub kind: RecordKind,
    pub when: When,
    /// Whether a stored document is worth asking about: by a look at its text.
    pub may_owe: fn(&str) -> bool,
    /// What is owed to a pupil of a day.
    pub owes: fn(&dyn World, PersonId, NaiveDate) -> Due,
}

/// Which days are looked at.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// Today, again and again.
    Today,
    /// Each day once, when it is over for its pupils; and what was written since of earlier ones.
    DayOver { over: fn(&dyn World, PersonId, NaiveDate) -> DateTime<Utc> },
}

/// What an area watches. Erasure, birthdays and rights that end are the server's own.
pub fn watches(area: AreaKind) -> &'static [Watch] {
    match area {
        AreaKind::Attendance => attendance::due::WATCHES,
        AreaKind::Common | AreaKind::People => &[],
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Due {
    /// To be given now, in this order.
    pub commands: Vec<Command>,
    /// The earliest instant at which more will be due, as things stand.
    pub next: Option<DateTime<Utc>>,
}

impl Due {
    pub fn add(&mut self, at: DateTime<Utc>, now: DateTime<Utc>, command: Command) {
        if at <= now {
            self.commands.push(command);
        } else {
            self.next = Some(self.next.map_or(at, |next| next.min(at)));
        }
    }

    pub fn merge(&mut self, other: Due) {
        self.commands.extend(other.commands);
        self.next = match (self.next, other.next) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

/// A command of the clock. `cause` is what makes it another one than last time.
pub fn system(world: &dyn World, body: CommandBody, cause: &[&dyn Display]) -> Command {
    let school = world.school();
    let mut about: Vec<&dyn Display> = vec![&school];
    about.extend_from_slice(cause);
    Command {
        id: system_command_id(body.kind(), &about),
        school,
        capacity: Capacity::System,
        device_time: world.now(),
        depends_on: None,
        body,
    }
}
