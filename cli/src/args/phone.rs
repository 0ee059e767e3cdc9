//! The phone itself: signing in, inbox and outbox, devices, watching.

use super::TopicWord;
use clap::{Args, ValueEnum};
use std::str::FromStr;

#[derive(Debug, Args)]
pub struct Enrol {
    /// The school's server, such as https://skolebro.example; kept for next time.
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// The code from the letter, as it stands there or with what was pasted around it; the letter's link is taken too.
    #[arg(long, value_name = "CODE")]
    pub code: String,
    /// What you will know this phone by in the list of devices.
    #[arg(long, value_name = "PHONE")]
    pub name: Option<String>,
    /// Sign in although something said on this phone has not reached the school: it stays here, sealed, until the same
    /// person signs in again.
    #[arg(long)]
    pub keep_waiting: bool,
}

#[derive(Debug, Args)]
pub struct Online {
    /// The school's server, where the folder has lost the address.
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

/// A line of the inbox by its number, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichNotice {
    All,
    Number(usize),
}

impl FromStr for WhichNotice {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            number => number.parse().map(Self::Number).map_err(|_| "cli-such-as-line".to_owned()),
        }
    }
}

/// A line of the outbox by its number, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichLine {
    All,
    Number(u32),
}

impl FromStr for WhichLine {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            number => number.parse().map(Self::Number).map_err(|_| "cli-such-as-line".to_owned()),
        }
    }
}

#[derive(Debug, Args)]
pub struct Inbox {
    /// Mark as read: a line's number, or all.
    #[arg(long, value_name = "N|all")]
    pub read: Option<WhichNotice>,
}

#[derive(Debug, Args)]
pub struct Outbox {
    /// You have seen that line's refusal, or all of them; it goes away.
    #[arg(long, value_name = "N|all", group = "what")]
    pub dismiss: Option<WhichLine>,
    /// Send that refused line again; the phone may warn.
    #[arg(long, value_name = "N", group = "what")]
    pub resend: Option<u32>,
    /// With --resend: send also where the phone warns.
    #[arg(long, requires = "resend")]
    pub send_anyway: bool,
    /// Take back a line that has never been on its way.
    #[arg(long, value_name = "N", group = "what")]
    pub take_back: Option<u32>,
}

#[derive(Debug, Args)]
pub struct WhoCanRead {
    pub child: Option<String>,
    #[arg(default_value = "attendance")]
    pub topic: TopicWord,
}

#[derive(Debug, Args)]
pub struct Devices {
    /// Disconnect that line's phone.
    #[arg(long, value_name = "N")]
    pub revoke: Option<usize>,
    /// With --revoke of this phone: although something said on it has not reached the school.
    #[arg(long, requires = "revoke")]
    pub keep_waiting: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WatchWhat {
    #[default]
    Today,
    Board,
    Roll,
    Calls,
    Inbox,
    Outbox,
}

#[derive(Debug, Args)]
pub struct Watch {
    #[arg(default_value = "today")]
    pub what: WatchWhat,
    /// For the board and the roll.
    pub group: Option<String>,
    /// For the roll: another lesson than the one that is now.
    #[arg(long, value_name = "N")]
    pub lesson: Option<u8>,
}
