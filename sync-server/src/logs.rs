//! Structured logs on standard error: JSON for machines, lines for people. What may stand in them is docs/operating.md's
//! list of fields; a person's name, note, token, code or address is never among them.

mod lossy;

use clap::ValueEnum;
pub use lossy::lost;
use lossy::{Lossy, Writing};
use std::{io::IsTerminal, panic};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// What is logged, as tracing writes it: `info`, `debug`, `skolebro_server::http=debug`.
#[derive(Debug)]
pub struct Level(EnvFilter);

impl Level {
    /// # Errors
    /// What is not understood. Taken for something else, a mistyped level would be found when the logs are needed.
    pub fn read(level: &str) -> Result<Self, String> {
        if !Self::names_levels(level) {
            return Err(format!("{level:?} is none of error, warn, info, debug and off, nor a part and one of them"));
        }
        EnvFilter::builder().parse(level).map(Self).map_err(|error| error.to_string())
    }

    /// Each part names a level; a word that names none would be taken for a part of the program, and silence the rest.
    fn names_levels(level: &str) -> bool {
        level.split(',').all(|part| {
            let word = part.rsplit_once('=').map_or(part, |(_, word)| word).trim();
            !word.is_empty() && word.parse::<LevelFilter>().is_ok()
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    Json,
    Pretty,
}

/// Without `form`: lines in a terminal, JSON elsewhere. What is given back writes what is still waiting when it is dropped:
/// keep it until the process ends.
#[must_use]
pub fn start(form: Option<LogForm>, level: Level) -> Writing {
    let filter = level.0;
    let terminal = std::io::stderr().is_terminal();
    let form = form.unwrap_or(if terminal { LogForm::Pretty } else { LogForm::Json });
    let (lossy, writing) = Lossy::start(std::io::stderr());
    // Nothing may complain about a line that could not be written: it would be written to the same place.
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lossy).log_internal_errors(false);
    // An error means that somebody else has started logs already: then theirs are used.
    let _ = match form {
        LogForm::Json => logs.json().flatten_event(true).with_current_span(false).try_init(),
        LogForm::Pretty => logs.with_ansi(terminal).compact().try_init(),
    };
    panic::set_hook(Box::new(|info| {
        // The place only: the message may quote a value, and a value may be a name.
        let place = info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    writing
}
