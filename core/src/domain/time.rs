//! Between the school's clock on the wall and the instants that are stored.
//!
//! Days and times of day belong to the school's time zone; stored instants are UTC. Everything that turns one into the
//! other goes through here, so that both days on which the clocks change have one answer. It must never read a clock.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// No gap in any zone is longer than a day; Samoa left out 30 December 2011 whole.
const LONGEST_GAP_MINUTES: i64 = 26 * 60;

/// The day that it is at the school at `utc`.
pub fn local_date(tz: Tz, utc: DateTime<Utc>) -> NaiveDate {
    local_datetime(tz, utc).date()
}

/// What the clock on the school's wall shows at `utc`.
pub fn local_datetime(tz: Tz, utc: DateTime<Utc>) -> NaiveDateTime {
    utc.with_timezone(&tz).naive_local()
}

/// The instant at which the school's clock shows `time` on `day`.
///
/// A time that the spring change leaves out is the first instant after the gap; a time that the autumn change repeats is
/// the earlier one, so that nothing that closes at a time of day closes an hour late.
pub fn instant(tz: Tz, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let wall = day.and_time(time);
    if let Some(found) = tz.from_local_datetime(&wall).earliest() {
        return found.with_timezone(&Utc);
    }
    let minute = wall - TimeDelta::seconds(i64::from(time.second()));
    (1..=LONGEST_GAP_MINUTES)
        .find_map(|minutes| tz.from_local_datetime(&(minute + TimeDelta::minutes(minutes))).earliest())
        .map_or_else(|| Utc.from_utc_datetime(&wall), |found| found.with_timezone(&Utc))
}

/// The instant at which `day` is over: a grant whose last day is `day` ends here.
pub fn midnight_after(tz: Tz, day: NaiveDate) -> DateTime<Utc> {
    match day.checked_add_days(Days::new(1)) {
        Some(next) => instant(tz, next, NaiveTime::MIN),
        None => DateTime::<Utc>::MAX_UTC,
    }
}

/// Times of day as a school writes them: `"08:15"`. For `#[serde(with = "hh_mm")]`.
pub mod hh_mm {
    use crate::domain::toml_file::parsed;
    use chrono::NaiveTime;
    use serde::{Deserializer, Serializer};

    /// Hours and minutes, two digits each: `08:15`, not `8.15` and not `08:15:00`.
    pub fn parse(text: &str) -> Option<NaiveTime> {
        if text.len() != 5 {
            return None;
        }
        NaiveTime::parse_from_str(text, "%H:%M").ok()
    }

    pub fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format("%H:%M"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        parsed(deserializer, "a time of day such as \"08:15\"", parse)
    }
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
