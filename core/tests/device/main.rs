//! What a phone adds, as stories over real files and a school in memory that can lose, refuse and forget.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod crashes;
mod damage;
mod exchange;
mod fake;
mod hindered;
mod login;
mod newer;
mod saying;
#[path = "../attendance/school.rs"]
#[allow(dead_code, unused_imports)]
mod school;
mod stepping;
mod time;
mod transport;
mod unsent;
