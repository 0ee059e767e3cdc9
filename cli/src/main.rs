//! Skolebro in a terminal; a phone is a folder. It draws what core's screens say and sends back their commands. No rules
//! here.

mod args;
mod clock;
mod commands;
mod days;
mod draw;
mod exit;
mod find;
mod folder;
mod matching;
mod network;
mod output;
mod say;
mod session;
mod spoken;
mod trouble;

use std::process::ExitCode;

fn main() -> ExitCode {
    match spoken::parse(std::env::args_os().collect()) {
        Ok(cli) => commands::run(cli).into(),
        Err(told) => told.tell().into(),
    }
}
