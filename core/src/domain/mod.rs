//! The rules of home-school collaboration: pure. No I/O, no clock, no SQL.
pub mod calendar;
pub mod ids;
pub mod people;
pub mod rules;
pub mod scope;
pub mod time;
