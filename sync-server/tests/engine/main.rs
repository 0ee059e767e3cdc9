//! Stories of the engine with named people, over the stores that ship: no HTTP, no phone core, the real engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod budgets;
mod clock;
mod commands;
mod days;
mod enrolment;
mod erased;
mod faults;
mod handed_codes;
mod oracle;
mod phone;
mod pokes;
mod pulls;
mod reports;
mod rights;
mod together;
mod town;
mod unread;
mod upgrade;
