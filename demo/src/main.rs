//! `skolebro-demo`: a fictional municipality's morning, or the sample bundle alone. Exit codes: 0 done, 1 refused or failed,
//! 2 wrong words.

mod story;

use clap::{CommandFactory, Parser, Subcommand, error::ErrorKind};
use skolebro_demo::writing;
use skolebro_server::{
    logs::{self, Level, LogForm},
    operate::answer::{Exit, Trouble},
};
use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};
use story::Story;

/// Play a fictional municipality's morning, check what the school sees, and stay up to be tried.
#[derive(Debug, Parser)]
#[command(name = "skolebro-demo", version, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(flatten)]
    story: Story,
    /// The form of logs; lines in a terminal and JSON elsewhere, unless it is given.
    #[arg(long, value_name = "FORM")]
    log: Option<LogForm>,
    /// error, warn, info, debug, or one of them for a part: skolebro_server::http=debug.
    #[arg(long, value_name = "LEVEL", default_value = "warn")]
    log_level: String,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a fictional municipality to import: a OneRoster 1.2 bundle with its legal layer.
    Sample(writing::Sample),
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let level = Level::read(&line.log_level).unwrap_or_else(|error| {
        CommandLine::command().error(ErrorKind::ValueValidation, format!("--log-level: {error}")).exit()
    });
    let _logs = logs::start(line.log, level);
    let done = match &line.command {
        None => story::run(&line.story),
        Some(Command::Sample(wanted)) => write_sample(wanted),
    };
    let exit = done.unwrap_or_else(|trouble| {
        let _ = writeln!(io::stderr(), "skolebro-demo: {trouble}");
        trouble.exit
    });
    ExitCode::from(exit.code())
}

fn write_sample(wanted: &writing::Sample) -> Result<Exit, Trouble> {
    let said = writing::run(wanted).map_err(|error| {
        let because = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        Trouble::refused(format!("{error}{because}"))
    })?;
    // It is written by now, whether or not anybody can be told.
    let _ = io::stdout().write_all(said.as_bytes());
    Ok(Exit::Ok)
}
