//! One door for every command: may this actor ask for it, and what follows.
//!
//! Pure. The server's outcome is final; on a phone the same function is advice.

use super::{
    access, attendance,
    command::{Area, Capacity, Command, CommonCommand},
    notice, people_commands,
    rejection::Rejection,
    retention,
    time::local_date,
    world::{Actor, Changes, World},
};

/// Most pupils, marks or topics that one command may name.
pub const MOST_IN_ONE_COMMAND: usize = 200;

/// Refuses a list that names nothing, or more than one command may.
pub(in crate::domain) fn a_fair_number(named: usize) -> Result<(), Rejection> {
    match named {
        0 => Err(Rejection::NothingNamed),
        1..=MOST_IN_ONE_COMMAND => Ok(()),
        _ => Err(Rejection::TooMany { most: MOST_IN_ONE_COMMAND as u16 }),
    }
}

/// What a phone warns of before a command is sent: what the rules refuse, or what somebody has said before. `decided` is
/// what [`decide`] gives for it there.
pub fn advice(
    world: &dyn World,
    actor: Actor,
    command: &Command,
    decided: &Result<Changes, Rejection>,
) -> Option<Rejection> {
    let said = match command.body.area() {
        Area::Attendance(asked) => attendance::said_already(world, actor, command, asked, decided),
        Area::Common(_) | Area::People(_) => None,
    };
    said.or_else(|| decided.as_ref().err().cloned())
}

/// Decides a command whole. Replaying a command over its own effect gives no changes and no rejection.
///
/// # Errors
/// The [`Rejection`] that the actor is to see.
pub fn decide(world: &dyn World, actor: Actor, command: &Command) -> Result<Changes, Rejection> {
    if (command.capacity == Capacity::System) != actor.person.is_none()
        || (actor.person.is_some() && !command.id.is_from_a_phone())
    {
        return Err(Rejection::NotAPersonsCommand);
    }
    let today = local_date(world.roster().time_zone(), world.now());
    access::may_ask(world.roster(), actor.person, command.capacity, &command.body, today)?;
    let mut changes = match command.body.area() {
        Area::Attendance(asked) => attendance::decide(world, actor, command, asked),
        Area::Common(CommonCommand::MarkNoticeRead { notice: id }) => {
            let person = actor.person.ok_or(Rejection::NotAPersonsCommand)?;
            notice::read(world, person, today, *id)
        }
        Area::Common(CommonCommand::Erase { scope, record }) => retention::erase(world, today, scope, *record),
        Area::People(asked) => people_commands::decide(world, actor, command, asked),
    }?;
    // What is about no day grows old from the day on which it was last written.
    for record in changes.put.iter_mut().filter(|record| record.body.kind().ages()) {
        record.day.get_or_insert(today);
    }
    Ok(changes)
}
