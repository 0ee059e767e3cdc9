//! Days and times as they are said: *i dag*, *mandag 12. oktober*, *kl. 08.12*. All in the school's time zone.

use super::Texts;
use crate::{
    domain::{
        attendance::{Extent, PartOfDay, Session},
        people::Dates,
        time::local_datetime,
    },
    say,
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;

impl Texts {
    /// `måndag 12 oktober`, with the year where it is another than `today`'s.
    pub fn date(&self, day: NaiveDate, today: NaiveDate) -> String {
        let weekday = say!(self, "date-weekday", number = day.weekday().number_from_monday());
        let month = say!(self, "date-month", number = day.month());
        let date = day.day().to_string();
        if day.year() == today.year() {
            say!(self, "date-in-year", weekday = weekday, date = date, month = month)
        } else {
            let year = day.year().to_string();
            say!(self, "date-with-year", weekday = weekday, date = date, month = month, year = year)
        }
    }

    /// *i dag*, *i går*, *i morgon*, or the date. For the middle of a sentence.
    pub fn day(&self, day: NaiveDate, today: NaiveDate) -> String {
        match day.signed_duration_since(today).num_days() {
            -1 => say!(self, "date-yesterday"),
            0 => say!(self, "date-today"),
            1 => say!(self, "date-tomorrow"),
            _ => self.date(day, today),
        }
    }

    /// *i dag, måndag*, or the date: for a button, so that no day is taken for another.
    pub fn day_by_name(&self, day: NaiveDate, today: NaiveDate) -> String {
        let weekday = say!(self, "date-weekday", number = day.weekday().number_from_monday());
        self.named(day, today, weekday)
    }

    /// *i dag, måndag 12 oktober*, or the date: for a receipt.
    pub fn day_in_full(&self, day: NaiveDate, today: NaiveDate) -> String {
        self.named(day, today, self.date(day, today))
    }

    fn named(&self, day: NaiveDate, today: NaiveDate, more: String) -> String {
        match day.signed_duration_since(today).num_days() {
            -1..=1 => say!(self, "date-named", day = self.day(day, today), date = more),
            _ => self.date(day, today),
        }
    }

    /// One day, or from the first to the last, each in full.
    pub fn days_in_full(&self, from: NaiveDate, to: NaiveDate, today: NaiveDate) -> String {
        if from == to {
            return self.day_in_full(from, today);
        }
        say!(self, "date-span", from = self.day_in_full(from, today), to = self.day_in_full(to, today))
    }

    /// The day, and the time on it where there is one.
    pub fn day_and_time(&self, day: NaiveDate, time: Option<NaiveTime>, today: NaiveDate) -> String {
        match time {
            Some(time) => say!(self, "date-moment", day = self.day(day, today), time = self.clock(time)),
            None => self.day(day, today),
        }
    }

    /// From when to when something holds; none: without an end.
    pub fn span_of(&self, dates: &Dates, today: NaiveDate) -> Option<String> {
        let day = |day: NaiveDate| self.day_in_full(day, today);
        match (dates.from, dates.until) {
            (None, None) => None,
            (Some(from), None) => Some(say!(self, "date-from", day = day(from))),
            (None, Some(until)) => Some(say!(self, "date-until", day = day(until))),
            (Some(from), Some(until)) => Some(self.days_in_full(from, until, today)),
        }
    }

    /// One day, or from the first to the last.
    pub fn days(&self, from: NaiveDate, to: NaiveDate, today: NaiveDate) -> String {
        if from == to {
            return self.day(from, today);
        }
        say!(self, "date-span", from = self.day(from, today), to = self.day(to, today))
    }

    /// `08:12`, as the language writes it.
    pub fn clock(&self, time: NaiveTime) -> String {
        say!(self, "clock", hour = format!("{:02}", time.hour()), minute = format!("{:02}", time.minute()))
    }

    pub fn clock_at(&self, instant: DateTime<Utc>, tz: Tz) -> String {
        self.clock(local_datetime(tz, instant).time())
    }

    /// The time alone where it was today, else the day and the time.
    pub fn moment(&self, instant: DateTime<Utc>, tz: Tz, today: NaiveDate) -> String {
        let local = local_datetime(tz, instant);
        if local.date() == today {
            return self.clock(local.time());
        }
        say!(self, "date-moment", day = self.day(local.date(), today), time = self.clock(local.time()))
    }

    pub fn part(&self, part: PartOfDay) -> String {
        say!(self, "clock-span", from = self.clock(part.from), to = self.clock(part.to))
    }

    /// *hela dagen*, or the parts.
    pub fn extent(&self, extent: &Extent) -> String {
        match extent {
            Extent::Whole => say!(self, "extent-whole"),
            Extent::Parts(parts) => self.list(&parts.iter().map(|part| self.part(*part)).collect::<Vec<_>>()),
        }
    }

    /// The same, with the day in full.
    pub fn session_in_full(&self, day: NaiveDate, session: Session, today: NaiveDate) -> String {
        let day = self.day_in_full(day, today);
        match session {
            Session::Day => day,
            Session::Lesson(number) => {
                say!(self, "session-on-day", session = say!(self, "session-lesson", number = number), day = day)
            }
        }
    }

    /// The day, and the lesson where it is about one.
    pub fn day_and_session(&self, day: NaiveDate, session: Session, today: NaiveDate) -> String {
        let day = self.day(day, today);
        match session {
            Session::Day => day,
            Session::Lesson(number) => {
                say!(self, "session-on-day", session = say!(self, "session-lesson", number = number), day = day)
            }
        }
    }
}
