//! What an office's phone shows of its school's day: read as a screen reads it, from the phone alone.

use super::town::Town;
use skolebro_core::{
    device::{Phone, PhoneError, View},
    domain::{
        attendance::board::{DayBook, SchoolBoard},
        record::RecordKind,
    },
};
use skolebro_demo::sample::SchoolNo;
use std::fmt;

/// The day's book of a school, from what the phone holds.
///
/// # Errors
/// The phone's files cannot be read.
pub fn day_book<'a>(view: &'a View, town: &Town) -> Result<DayBook<'a>, PhoneError> {
    let mut records = view.on_day(RecordKind::Attendance, town.day)?;
    records.extend(view.on_day(RecordKind::RollTaken, town.day)?);
    Ok(DayBook::new(view.roster(), town.day, view.now(), records))
}

/// One school's line of the live board.
#[derive(Clone, Debug)]
pub struct Standing {
    pub name: String,
    pub board: SchoolBoard,
}

impl Standing {
    pub const HEADING: &str =
        "  school                  pupils expected  present reported unexplained  gone unmarked rolls untaken";

    /// # Errors
    /// The phone's files cannot be read.
    pub fn read(phone: &Phone, town: &Town, school: SchoolNo) -> Result<Self, PhoneError> {
        let view = phone.view(town.school(school))?;
        let board = day_book(&view, town)?.school();
        Ok(Self { name: town.made.school(school).name.clone(), board })
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = &self.board.total;
        write!(
            f,
            "  {:<22} {:>7} {:>8} {:>8} {:>8} {:>11} {:>5} {:>8} {:>13}",
            self.name,
            counts.pupils,
            counts.expected,
            counts.present,
            counts.sick + counts.away + counts.on_leave + counts.explained,
            counts.unexplained,
            counts.gone,
            counts.unmarked,
            self.board.rolls_untaken
        )
    }
}
