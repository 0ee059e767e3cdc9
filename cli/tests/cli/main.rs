//! The command line as people and scripts use it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod capacity;
mod devices;
mod harness;
mod hindered;
mod home;
mod office;
mod offline;
mod people;
mod refused;
mod roll;
mod scripts;
mod spoken;
mod two_schools;
mod upgrade;
mod watch;
