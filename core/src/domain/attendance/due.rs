//! What attendance owes by the clock.

use super::{PupilDay, about::About, follow_up};
use crate::domain::{
    command::CommandBody,
    due::{Due, Watch, When, system},
    ids::{CommandId, PersonId},
    record::RecordKind,
    world::{Actor, World},
};
use chrono::NaiveDate;

/// Those of attendance: who is missing today, and what the absence of a day that is over amounts to.
pub const WATCHES: &[Watch] = &[
    Watch { name: "missing", kind: RecordKind::Attendance, when: When::Today, may_owe: may_be_missing, owes: missing },
    Watch {
        name: "followed",
        kind: RecordKind::Attendance,
        when: When::DayOver { over: follow_up::counted_at },
        may_owe: |_| true,
        owes: absences,
    },
];

/// Whether a stored attendance document is worth asking [`missing`] about: it says somewhere that nobody knows why. As it
/// is written; one that says so elsewhere, in a note, is asked about in vain.
fn may_be_missing(json: &str) -> bool {
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

/// The follow-up that a pupil's absence owes on a day. Worth asking, once the day is over, for whoever had absence on it
/// or had an absence judged.
fn absences(world: &dyn World, pupil: PersonId, day: NaiveDate) -> Due {
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
