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
mod trouble;

use args::Cli;
use clap::Parser;
use exit::Exit;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(told) => {
            // A closed pipe is no error here either.
            let _ = told.print();
            return if told.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    commands::run(cli).into()
}
