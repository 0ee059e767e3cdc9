//! What the clock owes a pupil: the commands of the `System` actor that are due, with ids derived from what and when, so
//! that a repeated tick says the same thing; and when the next one will be.

use super::{PupilDay, about::About, follow_up};
use crate::domain::{
    command::{Capacity, Command, CommandBody, system_command_id},
    ids::{CommandId, PersonId},
    world::{Actor, World},
};
use chrono::{DateTime, NaiveDate, Utc};
use std::fmt::Display;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Due {
    /// To be given now, in this order.
    pub commands: Vec<Command>,
    /// The earliest instant at which more will be due, as things stand.
    pub next: Option<DateTime<Utc>>,
}

impl Due {
    fn add(&mut self, at: DateTime<Utc>, now: DateTime<Utc>, command: Command) {
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
fn system(world: &dyn World, body: CommandBody, cause: &[&dyn Display]) -> Command {
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

/// Whether a stored attendance document is worth asking [`missing`] about: it says somewhere that nobody knows why. As it
/// is written; one that says so elsewhere, in a note, is asked about in vain.
pub fn may_be_missing(json: &str) -> bool {
    json.contains("unexplained")
}

/// The notices and calls that an unexplained absence of that pupil and day owes. Worth asking for whoever has a mark of
/// [`super::Presence::Unexplained`] today.
pub fn missing(world: &dyn World, pupil: PersonId, day: NaiveDate) -> Due {
    let asking = system(world, CommandBody::FollowUp { pupil, day }, &[]);
    let actor = Actor { person: None, command: CommandId(asking.id.0) };
    let about = About::new(world, actor, &asking);
    let facts = PupilDay::load(world, pupil, day);
    let mut due = Due::default();
    for session in facts.sessions.keys().copied() {
        let cause = facts.missing(session).map(|mark| mark.command);
        let (Some(at), Some(cause)) = (about.notice_due_at(&facts, session), cause) else { continue };
        let untold = about.untold(&facts, session);
        if !untold.is_empty() {
            let body = CommandBody::NotifyUnexplained { pupil, day, session };
            // Whoever joins, or must be told again, is another thing due.
            let to = untold.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            due.add(at, about.now, system(world, body, &[&pupil, &day, &session, &cause, &at.timestamp(), &to]));
        }
        if let Some(at) = about.call_due_at(&facts, session) {
            let body = CommandBody::EscalateToCallList { pupil, day, session };
            due.add(at, about.now, system(world, body, &[&pupil, &day, &session, &cause, &at.timestamp()]));
        }
    }
    due
}

/// When a pupil's absence of a day is counted: once the day is over for it.
pub fn counted_at(world: &dyn World, pupil: PersonId, day: NaiveDate) -> DateTime<Utc> {
    follow_up::counted_at(world, pupil, day)
}

/// The follow-up that a pupil's absence owes on a day. Worth asking, once the day is over, for whoever had absence on it
/// or had an absence judged.
pub fn follow_up(world: &dyn World, pupil: PersonId, day: NaiveDate) -> Due {
    let mut due = Due::default();
    let at = follow_up::counted_at(world, pupil, day);
    if at > world.now() {
        due.next = Some(at);
        return due;
    }
    let passed = follow_up::passed(world, pupil, day);
    let names: Vec<String> = passed.into_iter().filter(|p| !p.told).map(|p| p.threshold.name).collect();
    if !names.is_empty() {
        let names = names.join(",");
        due.add(at, world.now(), system(world, CommandBody::FollowUp { pupil, day }, &[&pupil, &day, &names]));
    }
    due
}
