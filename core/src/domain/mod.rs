//! The rules of home-school collaboration: pure. No I/O, no clock, no SQL; nothing here may import from elsewhere.
//!
//! `people`, `scope` and `rules` are words; `roster` holds a school's facts; `access` is the one table of who may what;
//! `command` → [`decide::decide`] → [`world::Changes`] or a [`rejection::Rejection`].
pub mod access;
pub mod access_page;
pub mod activation;
pub mod attendance;
pub mod calendar;
pub mod command;
pub mod decide;
pub mod directory;
pub mod due;
pub mod fingerprint;
pub mod ids;
pub mod names;
pub mod notice;
pub mod people;
pub mod people_commands;
pub mod record;
pub mod rejection;
pub mod retention;
pub mod roster;
pub mod rules;
pub mod samples;
pub mod scope;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod time;
pub mod toml_file;
pub mod world;
