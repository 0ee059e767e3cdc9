//! Whole-system tests: many phones, one school, a bad network. Helpers only; the stories are in `tests/`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "everything here is a test")]

pub mod contract;
pub mod earlier;
pub mod raw;
pub mod sim;
pub mod town;
pub mod village;
