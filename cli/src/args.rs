//! The command line as it is typed. Words only: what a day or a name means is found out in `days` and `find`.

mod home;
mod people;
mod phone;
mod staff;

pub use home::{Explain, Extend, Sick, Well, Withdraw};
pub use people::{Assign, Bar, Code, Confirm, Delegate, GuardianshipWord, Substitute, TopicWord};
pub use phone::{Devices, Enrol, Inbox, Online, Outbox, Watch, WatchWhat, WhichLine, WhichNotice, WhoCanRead};
pub use staff::{Board, Calls, FollowUp, Judge, NameAt, Reached, Roll, Stats};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use skolebro_core::domain::people::Language;
use std::path::PathBuf;

/// Skolebro in a terminal; a phone is a folder.
#[derive(Debug, Parser)]
#[command(name = "skolebro", version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
pub struct Common {
    /// The phone's folder: one for each person and server.
    #[arg(long, global = true, value_name = "DIR", env = "SKOLEBRO_PHONE")]
    pub phone: Option<PathBuf>,
    /// The language of what is shown; else the person's own.
    #[arg(long, global = true, value_name = "LANG", value_parser = language)]
    pub lang: Option<Language>,
    /// One JSON value instead of text, for scripts.
    #[arg(long, global = true)]
    pub json: bool,
    /// In which capacity you act, where you have more than one.
    #[arg(long = "as", global = true, value_name = "WHO")]
    pub acting: Option<ActingAs>,
    /// The school, where a name fits at more than one.
    #[arg(long, global = true, value_name = "NAME")]
    pub school: Option<String>,
    /// How long to try to reach the server; 0 does not try.
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub wait: Option<f64>,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
    /// Seconds that this phone's clock is ahead of the machine's. For tests.
    #[arg(long, global = true, hide = true, allow_hyphen_values = true)]
    pub test_clock_offset: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ActingAs {
    /// An adult at home.
    Home,
    /// The school's office.
    Office,
    /// Any of the roles that work with the children.
    Teacher,
    /// The principal or a deputy.
    Principal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign in with the code from the school's letter.
    Enrol(Enrol),
    /// What is going on today.
    Today,
    /// Report a child sick or otherwise away.
    Sick(Sick),
    /// The child is well again: the running absence ends.
    Well(Well),
    /// The running absence goes on.
    Extend(Extend),
    /// Take a report back before it starts.
    Withdraw(Withdraw),
    /// Show a group's roll, or mark exceptions in it.
    Roll(Roll),
    /// Who is expected, away and missing, for a group or the school.
    Board(Board),
    /// The homes to call, and logging a call.
    Calls(Calls),
    /// Say afterwards why a child was not there.
    Explain(Explain),
    /// The explanations that wait; accepting or refusing one.
    Judge(Judge),
    /// The signals of repeated or long absence that wait; saying that one has been dealt with.
    FollowUp(FollowUp),
    /// A child, its days and its figures.
    Stats(Stats),
    /// Notices to you.
    Inbox(Inbox),
    /// What you have said, and where it is.
    Outbox(Outbox),
    /// Who can read what stands about a child.
    WhoCanRead(WhoCanRead),
    /// Your phones; disconnecting one.
    Devices(Devices),
    /// Send what is queued and fetch what is new.
    Sync,
    /// No network from now on, as in a cellar.
    Offline,
    /// The network again.
    Online(Online),
    /// Show a screen and draw it anew at every change, until Ctrl-C.
    Watch(Watch),
    /// Say what a pending adult is to a child; without names: who waits.
    Confirm(Confirm),
    /// Bar an adult from a child, whatever an import says.
    Block(Bar),
    /// Lift such a bar, as the principal or a deputy.
    Lift(Bar),
    /// Make a code for somebody's next phone, to be handed over face to face.
    Code(Code),
    /// Let an adult without custody, or a carer, see to some topics.
    Delegate(Delegate),
    /// Add a substitute whom the roster does not know, for one group until a last day.
    Substitute(Substitute),
    /// Give somebody an assignment, such as a substitute's, or end it.
    Assign(Assign),
    /// A script that completes commands in a shell.
    Completions { shell: Shell },
}

fn language(text: &str) -> Result<Language, String> {
    Language::from_tag(text).ok_or_else(|| "cli-such-as-language".to_owned())
}

fn seconds(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "cli-such-as-seconds".to_owned())?;
    if (0.0..=3600.0).contains(&number) { Ok(number) } else { Err("cli-such-as-seconds".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_in_order() {
        Cli::command().debug_assert();
    }
}
