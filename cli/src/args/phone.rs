//! The phone itself: signing in, inbox and outbox, devices, watching.

use super::TopicWord;
use clap::{Args, ValueEnum};
use std::str::FromStr;

#[derive(Debug, Args)]
pub struct Enrol {
    /// The school's server, such as https://skolebro.example; kept for next time.
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// The code from the letter.
    #[arg(long, value_name = "CODE")]
    pub code: String,
    /// What you will know this phone by in the list of devices.
    #[arg(long, value_name = "PHONE")]
    pub name: Option<String>,
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
            number => number.parse().map(Self::Number).map_err(|_| "a line's number, or all".to_owned()),
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
    /// You have seen that line's refusal; it goes away.
    #[arg(long, value_name = "N", group = "what")]
    pub dismiss: Option<usize>,
    /// Send that refused line again; the phone may warn.
    #[arg(long, value_name = "N", group = "what")]
    pub resend: Option<usize>,
    /// With --resend: send also where the phone warns.
    #[arg(long, requires = "resend")]
    pub send_anyway: bool,
    /// Take back a line that has never been on its way.
    #[arg(long, value_name = "N", group = "what")]
    pub take_back: Option<usize>,
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
