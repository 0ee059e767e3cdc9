//! The rules of home-school collaboration: pure. No I/O, no clock, no SQL.
pub mod ids;
pub mod people;
pub mod scope;
