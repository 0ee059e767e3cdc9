//! Days and times as people type them. What cannot be understood gives the key of the words that say what can. It must never read a clock: what today is comes from the school's.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};
use skolebro_core::domain::{attendance::PartOfDay, time::hh_mm};
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayWord {
    Today,
    Tomorrow,
    Yesterday,
    Weekday(Weekday),
    Date(NaiveDate),
}

const TODAY: [&str; 4] = ["today", "idag", "i dag", "i-dag"];
const TOMORROW: [&str; 7] = ["tomorrow", "imorgon", "i morgon", "imorgen", "i morgen", "i-morgon", "i-morgen"];
const YESTERDAY: [&str; 7] = ["yesterday", "igår", "i går", "i-går", "igaar", "i gaar", "igar"];
const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Mon, &["måndag", "mandag"]),
    (Weekday::Tue, &["tisdag", "tirsdag"]),
    (Weekday::Wed, &["onsdag"]),
    (Weekday::Thu, &["torsdag"]),
    (Weekday::Fri, &["fredag"]),
    (Weekday::Sat, &["lördag", "lørdag", "lordag"]),
    (Weekday::Sun, &["söndag", "søndag", "sondag"]),
];

impl FromStr for DayWord {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let word = text.trim().to_lowercase();
        let is_in = |words: &[&str]| words.contains(&word.as_str());
        if is_in(&TODAY) {
            return Ok(Self::Today);
        }
        if is_in(&TOMORROW) {
            return Ok(Self::Tomorrow);
        }
        if is_in(&YESTERDAY) {
            return Ok(Self::Yesterday);
        }
        if let Some((weekday, _)) = WEEKDAYS.iter().find(|(_, words)| is_in(words)) {
            return Ok(Self::Weekday(*weekday));
        }
        if let Ok(weekday) = word.parse() {
            return Ok(Self::Weekday(weekday));
        }
        NaiveDate::parse_from_str(&word, "%Y-%m-%d").map(Self::Date).map_err(|_| "cli-such-as-day".to_owned())
    }
}

impl DayWord {
    /// A weekday is the next one, today included.
    pub fn coming(self, today: NaiveDate) -> NaiveDate {
        self.on(today, today, |from, days| from.checked_add_days(days), |wanted, from| wanted + 7 - from)
    }

    /// A weekday is the first one from `from` on; other words are seen from today.
    pub fn coming_after(self, from: NaiveDate, today: NaiveDate) -> NaiveDate {
        self.on(from, today, |from, days| from.checked_add_days(days), |wanted, from| wanted + 7 - from)
    }

    /// A weekday is the last one, today included.
    pub fn past(self, today: NaiveDate) -> NaiveDate {
        self.on(today, today, |from, days| from.checked_sub_days(days), |wanted, from| from + 7 - wanted)
    }

    fn on(
        self,
        from: NaiveDate,
        today: NaiveDate,
        step: impl Fn(NaiveDate, Days) -> Option<NaiveDate>,
        apart: impl Fn(u64, u64) -> u64,
    ) -> NaiveDate {
        match self {
            DayWord::Today => today,
            DayWord::Tomorrow => today.succ_opt().unwrap_or(today),
            DayWord::Yesterday => today.pred_opt().unwrap_or(today),
            DayWord::Date(date) => date,
            DayWord::Weekday(weekday) => {
                let number = |weekday: Weekday| u64::from(weekday.num_days_from_monday());
                step(from, Days::new(apart(number(weekday), number(from.weekday())) % 7)).unwrap_or(from)
            }
        }
    }
}

/// `08:20`, also `8:20` and `8.20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTime(pub NaiveTime);

impl FromStr for ClockTime {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().replace('.', ":");
        let padded = if text.len() == 4 { format!("0{text}") } else { text };
        hh_mm::parse(&padded).map(Self).ok_or_else(|| "cli-such-as-time".to_owned())
    }
}

/// `08:00-10:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartWord(pub PartOfDay);

impl FromStr for PartWord {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text.split_once(['-', '–']).ok_or("cli-such-as-part")?;
        let (ClockTime(from), ClockTime(to)) = (from.parse()?, to.parse()?);
        if from >= to {
            return Err("cli-such-as-part-order".to_owned());
        }
        Ok(Self(PartOfDay { from, to }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn word(text: &str) -> DayWord {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_understood_in_every_language() {
        // A Wednesday.
        let today = day("2026-10-14");
        for (text, meant) in [
            ("today", "2026-10-14"),
            ("I dag", "2026-10-14"),
            ("imorgon", "2026-10-15"),
            ("i går", "2026-10-13"),
            ("Wednesday", "2026-10-14"),
            ("fri", "2026-10-16"),
            ("måndag", "2026-10-19"),
            ("lørdag", "2026-10-17"),
            ("2026-12-24", "2026-12-24"),
        ] {
            assert_eq!(word(text).coming(today), day(meant), "{text}");
        }
        for (text, meant) in [("monday", "2026-10-12"), ("onsdag", "2026-10-14"), ("torsdag", "2026-10-08")] {
            assert_eq!(word(text).past(today), day(meant), "{text}");
        }
        assert_eq!(word("tuesday").coming_after(day("2026-10-19"), today), day("2026-10-20"));
        assert!("someday".parse::<DayWord>().is_err());
        assert!("2026-13-01".parse::<DayWord>().is_err());
    }

    #[test]
    fn times_are_understood_as_they_are_written() {
        let time = |text: &str| text.parse::<ClockTime>().map(|time| time.0.format("%H:%M").to_string());
        assert_eq!(time("08:20").as_deref(), Ok("08:20"));
        assert_eq!(time("8.20").as_deref(), Ok("08:20"));
        assert!(time("25:00").is_err());
        let PartWord(part) = "8:00–10:30".parse().unwrap();
        assert_eq!((part.from.to_string(), part.to.to_string()), ("08:00:00".to_owned(), "10:30:00".to_owned()));
        assert!("0800".parse::<PartWord>().is_err());
        assert!("10:00-08:00".parse::<PartWord>().unwrap_err().contains("part-order"));
    }
}
