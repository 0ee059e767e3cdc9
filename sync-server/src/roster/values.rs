//! Values as exporters write them: dates in every form, yes and no, school forms.
//!
//! A value with two readings has none: it is reported, never guessed.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use skolebro_core::domain::people::SchoolForm;

/// What a written date says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenDate {
    /// As the standard writes it.
    Standard(NaiveDate),
    /// Another form, with one reading.
    Odd(NaiveDate),
    /// A machine's way of writing nothing (`0001-01-01`), or for ever (`9999-12-31`).
    Never,
    /// Day and month could be either way round.
    Ambiguous,
    Unreadable,
}

/// Reads a date. A time that is midnight where the school is names that day, so that `2026-08-16T22:00:00Z` is the
/// 17th in Stockholm; a day's last second names the day that it ends, so that `2027-06-30T21:59:59Z` is the 30th.
pub fn read_date(text: &str, zone: chrono_tz::Tz) -> WrittenDate {
    let text = text.trim();
    if let Some(day) = iso(text) {
        return sensible(day, true);
    }
    if text.len() > 10 && text.get(4..5) == Some("-") {
        return with_time(text, zone);
    }
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let numbers: Option<Vec<u32>> = parts.iter().map(|part| part.parse().ok()).collect();
    let dotted = text.contains('.');
    match (parts.as_slice(), numbers.as_deref()) {
        ([whole], Some([_])) if whole.len() == 8 => {
            NaiveDate::parse_from_str(whole, "%Y%m%d").map_or(WrittenDate::Unreadable, |day| sensible(day, false))
        }
        ([year, ..], Some([y, m, d])) if year.len() == 4 => ymd(*y, *m, *d),
        ([.., year], Some([first, second, y])) if year.len() == 4 => {
            // With dots it is the Nordic and German way, day first; with strokes both ways are in use.
            if dotted || first == second || *first > 12 {
                ymd(*y, *second, *first)
            } else if *second > 12 {
                ymd(*y, *first, *second)
            } else if *first >= 1 && *second >= 1 {
                WrittenDate::Ambiguous
            } else {
                WrittenDate::Unreadable
            }
        }
        _ => {
            // "17/08/2026 00:00:00": the day, then a midnight; or its last second.
            match text.split_once([' ', 'T']) {
                Some((day, time)) if is_midnight(time) || is_last_second(time) => match read_date(day, zone) {
                    WrittenDate::Standard(day) => WrittenDate::Odd(day),
                    other => other,
                },
                _ => WrittenDate::Unreadable,
            }
        }
    }
}

fn iso(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

fn ymd(year: u32, month: u32, day: u32) -> WrittenDate {
    let year = i32::try_from(year).unwrap_or(0);
    NaiveDate::from_ymd_opt(year, month, day).map_or(WrittenDate::Unreadable, |day| sensible(day, false))
}

fn sensible(day: NaiveDate, standard: bool) -> WrittenDate {
    use chrono::Datelike;
    match day.year() {
        1901..=2399 if standard => WrittenDate::Standard(day),
        1901..=2399 => WrittenDate::Odd(day),
        _ => WrittenDate::Never,
    }
}

fn is_midnight(time: &str) -> bool {
    let digits: String = time.chars().filter(char::is_ascii_digit).collect();
    !digits.is_empty() && digits.chars().all(|digit| digit == '0') && !time.contains(['+', '-'])
}

/// An end that is written as the day's last second (or minute), at the place's own clock.
fn is_last_second(time: &str) -> bool {
    let clock = time.split(['.', ',']).next().unwrap_or_default();
    matches!(clock, "23:59:59" | "23:59" | "235959")
}

/// Hours of UTC in whose last second a day ends at a clock of the Nordic countries: Finland in summer is three hours
/// ahead, Iceland none. An exporter that takes winter's clock in summer writes one of them too.
const NORDIC_LAST_HOURS: std::ops::RangeInclusive<u32> = 20..=23;

fn with_time(text: &str, zone: chrono_tz::Tz) -> WrittenDate {
    let Some(day) = text.get(..10).and_then(iso) else { return WrittenDate::Unreadable };
    let text = text.replacen(' ', "T", 1);
    let midnight = |time: NaiveTime| time == NaiveTime::MIN;
    if let Ok(instant) = DateTime::parse_from_rfc3339(&text) {
        let local = instant.with_timezone(&zone).naive_local();
        let utc = instant.naive_utc();
        let last_second = |time: NaiveTime| time.hour() == 23 && time.minute() == 59;
        return if midnight(instant.naive_local().time()) || last_second(instant.naive_local().time()) {
            sensible(day, false)
        } else if midnight(local.time()) || last_second(local.time()) {
            sensible(local.date(), false)
        } else if utc.minute() == 59 && utc.second() == 59 && NORDIC_LAST_HOURS.contains(&utc.hour()) {
            sensible(utc.date(), false)
        } else if local.date() == day && utc.date() == day {
            sensible(day, false)
        } else {
            WrittenDate::Unreadable
        };
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(&text, form) {
            return sensible(time.date(), false);
        }
    }
    WrittenDate::Unreadable
}

/// A birth date as a report may show it: its form without its digits.
pub fn masked(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// Yes or no, in the languages of the organisers. `None` is neither.
pub fn yes_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "ja" | "j" | "x" | "sant" | "sand" => Some(true),
        "no" | "n" | "false" | "0" | "nej" | "nei" | "falskt" | "falsk" | "usann" => Some(false),
        _ => None,
    }
}

/// School form by grade, as the Nordic systems and CEDS write grades (docs/import.md lists them).
pub fn form_of_grade(grade: &str) -> Option<SchoolForm> {
    let grade = grade.trim().to_lowercase();
    let bare = grade.trim_start_matches("ext:").trim_start_matches("åk").trim_start_matches("år").trim();
    if let Ok(number) = bare.parse::<u32>() {
        return match number {
            0 => Some(SchoolForm::PreschoolClass),
            1..=10 => Some(SchoolForm::Compulsory),
            11..=13 => Some(SchoolForm::UpperSecondary),
            _ => None,
        };
    }
    match bare {
        "it" | "pr" | "pk" | "preschool" | "förskola" | "forskola" | "barnehage" | "børnehave" | "vuggestue"
        | "dagtilbud" => Some(SchoolForm::Preschool),
        "f" | "kg" | "tk" | "fsk" | "f-klass" | "förskoleklass" | "forskoleklass" | "børnehaveklasse"
        | "preschool_class" => Some(SchoolForm::PreschoolClass),
        "grundskola" | "folkeskole" | "grunnskole" | "compulsory" => Some(SchoolForm::Compulsory),
        "fritids" | "fritidshem" | "sfo" | "aks" | "after_school" | "afterschool" => Some(SchoolForm::AfterSchool),
        "gy" | "gy1" | "gy2" | "gy3" | "gy4" | "vg1" | "vg2" | "vg3" | "1g" | "2g" | "3g" | "gymnasieskola"
        | "videregående" | "upper_secondary" => Some(SchoolForm::UpperSecondary),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    #[test]
    fn a_date_has_one_reading_or_none() {
        let stockholm = chrono_tz::Europe::Stockholm;
        let the_17th = day("2026-08-17");
        for (text, reading) in [
            ("2026-08-17", WrittenDate::Standard(the_17th)),
            ("2026-08-17T00:00:00.000Z", WrittenDate::Odd(the_17th)),
            ("2026-08-17T00:00:00", WrittenDate::Odd(the_17th)),
            ("2026-08-17 00:00:00", WrittenDate::Odd(the_17th)),
            ("2026-08-16T22:00:00.000Z", WrittenDate::Odd(the_17th)),
            ("2026-08-17T00:00:00+02:00", WrittenDate::Odd(the_17th)),
            ("2026-08-16T23:30:00Z", WrittenDate::Unreadable),
            ("2026-08-17T23:59:59", WrittenDate::Odd(the_17th)),
            ("2026-08-17T23:59:59Z", WrittenDate::Odd(the_17th)),
            ("2026-08-17 23:59:59.000Z", WrittenDate::Odd(the_17th)),
            ("2026-08-17T23:59:59.9999999+02:00", WrittenDate::Odd(the_17th)),
            ("2026-08-17T23:59:00Z", WrittenDate::Odd(the_17th)),
            ("2026-08-17T21:59:59Z", WrittenDate::Odd(the_17th)),
            ("2026-08-17T21:59:59.999Z", WrittenDate::Odd(the_17th)),
            ("2026-08-17T22:59:59Z", WrittenDate::Odd(the_17th)),
            ("2026-08-17T20:59:59Z", WrittenDate::Odd(the_17th)),
            ("17.08.2026 23:59:59", WrittenDate::Odd(the_17th)),
            ("17/08/2026 23:59", WrittenDate::Odd(the_17th)),
            ("07/08/2026 23:59:59", WrittenDate::Ambiguous),
            ("2026-08-17T22:30:00Z", WrittenDate::Unreadable),
            ("20260817", WrittenDate::Odd(the_17th)),
            ("2026/08/17", WrittenDate::Odd(the_17th)),
            ("2026-8-17", WrittenDate::Odd(the_17th)),
            ("17/08/2026", WrittenDate::Odd(the_17th)),
            ("17/08/2026 00:00:00", WrittenDate::Odd(the_17th)),
            ("08/17/2026", WrittenDate::Odd(the_17th)),
            ("17.8.2026", WrittenDate::Odd(the_17th)),
            ("07.08.2026", WrittenDate::Odd(day("2026-08-07"))),
            ("08/08/2026", WrittenDate::Odd(day("2026-08-08"))),
            ("07/08/2026", WrittenDate::Ambiguous),
            ("07-08-2026", WrittenDate::Ambiguous),
            ("17/08/26", WrittenDate::Unreadable),
            ("46251", WrittenDate::Unreadable),
            ("2026-02-30", WrittenDate::Unreadable),
            ("0001-01-01", WrittenDate::Never),
            ("0001-01-01T00:00:00", WrittenDate::Never),
            ("9999-12-31", WrittenDate::Never),
            ("høst", WrittenDate::Unreadable),
            ("é2026-08-17", WrittenDate::Unreadable),
        ] {
            assert_eq!(read_date(text, stockholm), reading, "{text}");
        }
    }

    #[test]
    fn grades_tell_the_school_form() {
        for (grade, form) in [
            ("F", SchoolForm::PreschoolClass),
            ("00", SchoolForm::PreschoolClass),
            ("KG", SchoolForm::PreschoolClass),
            ("04", SchoolForm::Compulsory),
            ("10", SchoolForm::Compulsory),
            ("11", SchoolForm::UpperSecondary),
            ("VG2", SchoolForm::UpperSecondary),
            ("PK", SchoolForm::Preschool),
            ("SFO", SchoolForm::AfterSchool),
        ] {
            assert_eq!(form_of_grade(grade), Some(form), "{grade}");
        }
        assert_eq!(form_of_grade("14"), None);
        assert_eq!(form_of_grade("Other"), None);
    }
}
