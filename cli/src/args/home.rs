//! What an adult at home says.

use crate::days::{ClockTime, DayWord, PartWord};
use clap::{Args, ValueEnum};
use skolebro_core::domain::attendance::AbsenceKind;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum KindWord {
    #[default]
    Sick,
    Appointment,
    Other,
}

impl From<KindWord> for AbsenceKind {
    fn from(word: KindWord) -> Self {
        match word {
            KindWord::Sick => AbsenceKind::Sick,
            KindWord::Appointment => AbsenceKind::Appointment,
            KindWord::Other => AbsenceKind::Other,
        }
    }
}

#[derive(Debug, Args)]
pub struct Sick {
    /// By given name; needed only where there are several.
    #[arg(value_name = "CHILD")]
    pub children: Vec<String>,
    /// What kind of absence it is; never which illness.
    #[arg(long, default_value = "sick")]
    pub kind: KindWord,
    /// The first day; else today, and once the school day is over the next one.
    #[arg(long, alias = "day", value_name = "DAY")]
    pub from: Option<DayWord>,
    /// The last day; else the first.
    #[arg(long, value_name = "DAY")]
    pub to: Option<DayWord>,
    /// Part of each day, such as 08:00-10:00, as far as school is open then; else the whole day.
    #[arg(long, value_name = "PART")]
    pub part: Option<PartWord>,
    /// For practical things; nothing about health.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// The same as on the school day before.
    #[arg(long, conflicts_with_all = ["kind", "from", "to", "part"])]
    pub same: bool,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
    /// Staff: for this guardian, who phoned.
    #[arg(long, value_name = "GUARDIAN")]
    pub on_behalf: Option<String>,
    /// Staff: when the guardian phoned, today.
    #[arg(long, value_name = "HH:MM", requires = "on_behalf")]
    pub phoned: Option<ClockTime>,
}

#[derive(Debug, Args)]
pub struct Well {
    pub child: Option<String>,
    /// The day the child is back; else today.
    #[arg(long, value_name = "DAY")]
    pub back: Option<DayWord>,
    /// Back from this time; else the whole day.
    #[arg(long, value_name = "HH:MM")]
    pub at: Option<ClockTime>,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Debug, Args)]
pub struct Extend {
    pub child: Option<String>,
    /// The last day away.
    #[arg(long, value_name = "DAY")]
    pub to: DayWord,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Debug, Args)]
pub struct Withdraw {
    pub child: Option<String>,
    /// The first day taken back.
    #[arg(long, value_name = "DAY")]
    pub from: DayWord,
    /// The last day taken back; else the first.
    #[arg(long, value_name = "DAY")]
    pub to: Option<DayWord>,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Debug, Args)]
pub struct Explain {
    pub child: Option<String>,
    /// The day to explain; else today.
    #[arg(long, value_name = "DAY")]
    pub day: Option<DayWord>,
    /// The lesson, where the school calls the roll by lesson.
    #[arg(long, value_name = "N")]
    pub lesson: Option<u8>,
    /// What kind of absence it is; never which illness.
    #[arg(long, default_value = "sick")]
    pub kind: KindWord,
    /// For practical things; nothing about health.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}
