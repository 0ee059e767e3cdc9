//! What staff say.

use crate::days::{ClockTime, DayWord};
use clap::{ArgGroup, Args};
use skolebro_core::domain::attendance::CallOutcome;
use std::str::FromStr;

/// `Liv@08:20`: a pupil and a time of day; `Liv` alone is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAt {
    pub name: String,
    pub at: Option<ClockTime>,
}

impl FromStr for NameAt {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, at) = match text.rsplit_once('@') {
            Some((name, at)) => (name, Some(at.parse()?)),
            None => (text, None),
        };
        match name.trim() {
            "" => Err("cli-such-as-name-at".to_owned()),
            name => Ok(Self { name: name.to_owned(), at }),
        }
    }
}

#[derive(Debug, Args)]
pub struct Roll {
    /// The class or other group; needed only where you have several.
    pub group: Option<String>,
    /// The roll's day; else today.
    #[arg(long, value_name = "DAY")]
    pub day: Option<DayWord>,
    /// The lesson, where the roll is called by lesson.
    #[arg(long, value_name = "N")]
    pub lesson: Option<u8>,
    /// Came late, and when; else now.
    #[arg(long, value_name = "NAME[@HH:MM]")]
    pub late: Vec<NameAt>,
    /// Not there, and nobody has said why.
    #[arg(long, value_name = "NAME")]
    pub missing: Vec<String>,
    /// There after all.
    #[arg(long, value_name = "NAME")]
    pub present: Vec<String>,
    /// Left early, and when; else now.
    #[arg(long, value_name = "NAME[@HH:MM]")]
    pub left: Vec<NameAt>,
    /// Sent home sick, and when; else now.
    #[arg(long, value_name = "NAME[@HH:MM]")]
    pub home_sick: Vec<NameAt>,
    /// Take the mark back, within the first minute.
    #[arg(long, value_name = "NAME")]
    pub undo: Vec<String>,
    /// The roll is taken: all others are there.
    #[arg(long)]
    pub close: bool,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

impl Roll {
    pub fn has_marks(&self) -> bool {
        !(self.late.is_empty()
            && self.missing.is_empty()
            && self.present.is_empty()
            && self.left.is_empty()
            && self.home_sick.is_empty())
    }

    /// Whether it only shows.
    pub fn only_shows(&self) -> bool {
        !self.has_marks() && self.undo.is_empty() && !self.close
    }
}

#[derive(Debug, Args)]
pub struct Board {
    /// One group; else the whole school, or what you may see of it.
    pub group: Option<String>,
    /// Another day than today.
    #[arg(long, value_name = "DAY")]
    pub day: Option<DayWord>,
    /// Who is in the building: of the school, or of your own groups.
    #[arg(long, conflicts_with_all = ["group", "day"])]
    pub evacuation: bool,
}

#[derive(Debug, Args)]
pub struct Calls {
    /// Log a call about this child.
    #[arg(long, value_name = "CHILD", requires = "reached")]
    pub log: Option<String>,
    /// What home said: the child is at home, should be at school, or something else (with --note); or nobody answered.
    #[arg(long, value_name = "home|school|other|no", requires = "log")]
    pub reached: Option<Reached>,
    /// What else was said, for staff alone.
    #[arg(long, value_name = "TEXT", requires = "log")]
    pub note: Option<String>,
    /// Whom you called.
    #[arg(long, value_name = "NAME", requires = "log")]
    pub called: Option<String>,
    /// Another day than today.
    #[arg(long, value_name = "DAY")]
    pub day: Option<DayWord>,
    /// The lesson, where the roll is called by lesson.
    #[arg(long, value_name = "N", requires = "log")]
    pub lesson: Option<u8>,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    No,
    Said(CallOutcome),
}

impl FromStr for Reached {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_lowercase().as_str() {
            "no" | "n" | "nej" | "nei" => Ok(Self::No),
            "home" | "hemma" | "hjemme" => Ok(Self::Said(CallOutcome::AtHome)),
            "school" | "skolan" | "skola" | "skole" | "skolen" => Ok(Self::Said(CallOutcome::ShouldBeAtSchool)),
            "other" | "annat" | "andet" | "annet" => Ok(Self::Said(CallOutcome::Other)),
            "yes" | "y" | "ja" | "j" => Err("cli-such-as-reached-yes".to_owned()),
            _ => Err("cli-such-as-reached".to_owned()),
        }
    }
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("verdict").args(["accept", "refuse"]).requires("child")))]
pub struct Judge {
    /// Without a child: the explanations that wait.
    #[arg(requires = "verdict")]
    pub child: Option<String>,
    /// The day that was explained; needed only where several wait.
    #[arg(long, value_name = "DAY")]
    pub day: Option<DayWord>,
    /// The lesson, where the roll is called by lesson.
    #[arg(long, value_name = "N")]
    pub lesson: Option<u8>,
    #[arg(long)]
    pub accept: bool,
    /// With a reason that the guardians read.
    #[arg(long, value_name = "REASON")]
    pub refuse: Option<String>,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Debug, Args)]
pub struct FollowUp {
    /// The child's signal has been dealt with. Without a child: the signals that wait, and those just dealt with.
    pub child: Option<String>,
    /// Which signal, by the beginning of its name; needed only where the child has several.
    #[arg(long, value_name = "NAME", requires = "child")]
    pub signal: Option<String>,
    /// What was done, for staff alone.
    #[arg(long, value_name = "TEXT", requires = "child")]
    pub note: Option<String>,
    /// It waits again after all.
    #[arg(long, requires = "child")]
    pub take_back: bool,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Debug, Args)]
pub struct Stats {
    pub child: Option<String>,
}
