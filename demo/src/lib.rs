//! Sample data: a municipality that does not exist, made in memory or written as a bundle to import.

pub mod sample;
pub mod writing;
