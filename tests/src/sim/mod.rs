//! Random schedules of several phones and one server over a bad network, with deaths between any two steps, and an
//! oracle that knows nothing of cursors.
//!
//! Everything is real but the wire: phones with their two SQLite files, the engine, the SQLite store. One seed is one
//! schedule; the same seed gives the same schedule again.

mod drawn;
pub mod faults;
mod handset;
mod invariants;
pub mod oracle;
pub mod schedule;
pub mod server;
mod tables;
pub mod wire;
pub mod world;

pub use faults::{Fault, counterexample};
pub use invariants::Failure;
pub use schedule::{Op, Schedule};
pub use world::World;

/// Runs one schedule and checks the invariants during and after it.
pub fn run(seed: u64, fault: Fault) -> Result<(), Failure> {
    run_schedule(&Schedule::random(seed), fault)
}

/// Runs a given schedule.
pub fn run_schedule(schedule: &Schedule, fault: Fault) -> Result<(), Failure> {
    let mut world = World::new(schedule, fault);
    for (number, op) in schedule.ops.iter().enumerate() {
        world.step(number, op)?;
    }
    world.come_to_rest()?;
    world.check_at_rest()
}

/// The shortest schedule found that fails in the same way, by leaving operations out.
pub fn shrink(schedule: &Schedule, fault: Fault, failure: &Failure) -> Schedule {
    let mut best = schedule.clone();
    let mut size = (best.ops.len() / 2).max(1);
    while size >= 1 {
        let mut at = 0;
        while at < best.ops.len() {
            let mut shorter = best.clone();
            shorter.ops.drain(at..(at + size).min(shorter.ops.len()));
            match run_schedule(&shorter, fault) {
                Err(found) if found.invariant == failure.invariant => best = shorter,
                Ok(()) | Err(_) => at += size,
            }
        }
        size /= 2;
    }
    best
}
