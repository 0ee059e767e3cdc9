//! The HTTP face and the operator's commands against the real thing: a server on a free port, SQLite in a folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod beginning;
mod clock;
mod doors;
mod ends;
mod floods;
mod import;
mod import_report;
mod limits;
mod logs;
mod openapi;
mod operator;
mod pokes;
mod schema;
mod town;
mod trouble;
