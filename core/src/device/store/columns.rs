//! How ids, days and instants stand in columns: UUIDs as 16 bytes or text, days as numbers, instants as microseconds.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use rusqlite::{Error, types::Type};
use uuid::Uuid;

pub(in crate::device) fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce())
}

pub(in crate::device) fn day_of(number: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?)
}

pub(in crate::device) fn micros(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

pub(in crate::device) fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

/// Numbers of the school's sequence are `u64` on the wire, and SQLite's integers are signed.
pub(in crate::device) fn seq(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

pub(in crate::device) fn unseq(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

pub(in crate::device) fn parse<T: std::str::FromStr>(column: usize, text: &str) -> Result<T, Error>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error| Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

pub(in crate::device) fn uuid(bytes: [u8; 16]) -> Uuid {
    Uuid::from_bytes(bytes)
}
