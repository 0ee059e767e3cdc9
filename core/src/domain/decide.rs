//! One door for every command: may this actor ask for it, and what follows.
//!
//! Pure. The server's outcome is final; on a phone the same function is advice.

use super::{
    attendance,
    command::{Area, Capacity, Command},
    people_commands,
    rejection::Rejection,
    world::{Actor, Changes, World},
};

/// Most pupils, marks or topics that one command may name.
pub const MOST_IN_ONE_COMMAND: usize = 200;

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
        Area::People(_) => None,
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
    match command.body.area() {
        Area::Attendance(asked) => attendance::decide(world, actor, command, asked),
        Area::People(asked) => people_commands::decide(world, actor, command, asked),
    }
}
