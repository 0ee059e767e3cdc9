//! Days that come back every school year, as an office writes them: a date, `"12-24"`, `"easter-2"`, `"week 44 mon"`,
//! `"sat from 10-31"`.

use super::easter::easter;
use crate::domain::toml_file::{parse_date, parsed};
use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};
use serde::{Deserialize, Deserializer};

/// From this ISO week on, a week belongs to the autumn of a school year; earlier ones to its spring.
const FIRST_WEEK: u32 = 32;
/// A school year starts on the first of this month.
const FIRST_MONTH: u32 = 8;

/// The year that a school year starts in: 2026 for 2026/27.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SchoolYear(pub i32);

impl SchoolYear {
    pub fn of(day: NaiveDate) -> Self {
        Self(if day.month() >= FIRST_MONTH { day.year() } else { day.year() - 1 })
    }

    /// `2026/27`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let year = Self(text.get(..4)?.parse().ok().filter(|year| (2000..=2100).contains(year))?);
        (year.name() == text).then_some(year)
    }

    pub fn name(self) -> String {
        format!("{}/{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }

    /// Whether `name` is this year's, without writing it: asked for every day of every pupil's span.
    pub fn is_named(self, name: &str) -> bool {
        let number = |part: Option<&str>| part.and_then(|digits| digits.parse::<i32>().ok());
        name.len() == 7
            && number(name.get(..4)) == Some(self.0)
            && name.get(4..5) == Some("/")
            && number(name.get(5..)) == Some((self.0 + 1).rem_euclid(100))
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        Self::of(day) == self
    }

    fn year_of_month(self, month: u32) -> i32 {
        if month >= FIRST_MONTH { self.0 } else { self.0 + 1 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayRule {
    /// One day, in one school year.
    Exact(NaiveDate),
    /// The same month and day every year.
    Yearly { month: u32, day: u32 },
    /// Days after Easter Sunday; before it where negative.
    Easter(i64),
    /// A day of an ISO week.
    Week { week: u32, weekday: Weekday },
    /// The first such weekday on or after a day: All Saints' is the Saturday from 31 October.
    From { weekday: Weekday, month: u32, day: u32 },
}

impl DayRule {
    pub fn is_exact(self) -> bool {
        match self {
            Self::Exact(_) => true,
            Self::Yearly { .. } | Self::Easter(_) | Self::Week { .. } | Self::From { .. } => false,
        }
    }

    /// The day in `year`. `None`: that year has none (29 February, week 53), or the exact day is in another year.
    pub fn in_year(self, year: SchoolYear) -> Option<NaiveDate> {
        let day = match self {
            Self::Exact(day) => Some(day),
            Self::Yearly { month, day } => NaiveDate::from_ymd_opt(year.year_of_month(month), month, day),
            Self::Easter(offset) => easter(year.0 + 1)?.checked_add_signed(TimeDelta::days(offset)),
            Self::Week { week, weekday } => {
                NaiveDate::from_isoywd_opt(if week >= FIRST_WEEK { year.0 } else { year.0 + 1 }, week, weekday)
            }
            Self::From { weekday, month, day } => {
                let first = NaiveDate::from_ymd_opt(year.year_of_month(month), month, day)?;
                let wait = (7 + weekday.num_days_from_monday() - first.weekday().num_days_from_monday()) % 7;
                first.checked_add_days(Days::new(u64::from(wait)))
            }
        };
        day.filter(|day| year.contains(*day))
    }

    fn parse(text: &str) -> Option<Self> {
        if let Some(day) = parse_date(text) {
            return Some(Self::Exact(day));
        }
        if let Some((month, day)) = month_day(text) {
            return Some(Self::Yearly { month, day });
        }
        if let Some(offset) = text.strip_prefix("easter") {
            let offset: i64 = match offset {
                "" => 0,
                // Without a sign it would read as another word.
                signed if signed.starts_with(['+', '-']) => signed.parse().ok()?,
                _ => return None,
            };
            return (-100..=100).contains(&offset).then_some(Self::Easter(offset));
        }
        let mut words = text.split(' ');
        match (words.next()?, words.next()?, words.next()?, words.next()) {
            ("week", week, weekday, None) => {
                let week = week.parse().ok().filter(|week| (1..=53).contains(week))?;
                Some(Self::Week { week, weekday: weekday_of(weekday)? })
            }
            (weekday, "from", day, None) => {
                let (month, day) = month_day(day)?;
                Some(Self::From { weekday: weekday_of(weekday)?, month, day })
            }
            _ => None,
        }
    }
}

fn weekday_of(word: &str) -> Option<Weekday> {
    const WEEKDAYS: [(&str, Weekday); 7] = [
        ("mon", Weekday::Mon),
        ("tue", Weekday::Tue),
        ("wed", Weekday::Wed),
        ("thu", Weekday::Thu),
        ("fri", Weekday::Fri),
        ("sat", Weekday::Sat),
        ("sun", Weekday::Sun),
    ];
    WEEKDAYS.iter().find(|(known, _)| *known == word).map(|(_, day)| *day)
}

/// `"12-24"`, checked against a leap year.
fn month_day(text: &str) -> Option<(u32, u32)> {
    if text.len() != 5 {
        return None;
    }
    let (month, day) = text.split_once('-')?;
    let found = NaiveDate::from_ymd_opt(2024, month.parse().ok()?, day.parse().ok()?)?;
    Some((found.month(), found.day()))
}

impl<'de> Deserialize<'de> for DayRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "a day such as 2026-08-18, \"12-24\", \"easter-2\", \"week 44 mon\" or \"sat from 10-31\"";
        parsed(deserializer, expected, Self::parse)
    }
}

impl<'de> Deserialize<'de> for SchoolYear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, "a school year such as \"2026/27\"", Self::parse)
    }
}
