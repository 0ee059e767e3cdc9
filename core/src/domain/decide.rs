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
