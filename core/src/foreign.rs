//! What Kotlin, Swift and Python see instead of types that are not ours: days, times of day, instants, sets and counts.
//! Only with the feature `uniffi`. It must hold no rule and no second copy of a type of ours: those carry their own
//! derives.

// What the macros of uniffi write for the other side of the language border.
#![allow(unsafe_code, missing_docs)]

use crate::domain::{
    attendance::{Validity, stats::Cause},
    record::RecordKind,
    scope::Scope,
};
use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, Utc};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::SystemTime,
};

/// A day of the school's calendar, as ISO 8601 has it: `2026-10-12`.
pub type Day = NaiveDate;
uniffi::custom_type!(Day, String, {
    remote,
    lower: |day| day.to_string(),
    try_lift: |text| Ok(text.parse()?),
});

/// A time of a day in the school's own zone: `08:15:00`.
pub type ClockTime = NaiveTime;
uniffi::custom_type!(ClockTime, String, {
    remote,
    lower: |time| time.to_string(),
    try_lift: |text| Ok(text.parse()?),
});

/// An instant, in whole microseconds, as in every column. Swift holds instants as floating-point numbers, which come back a
/// few nanoseconds off: a place in a list would then be before or after itself.
pub type Moment = DateTime<Utc>;
uniffi::custom_type!(Moment, SystemTime, {
    remote,
    lower: |moment| moment.into(),
    try_lift: |time| Ok(DateTime::<Utc>::from(time).round_subsecs(6)),
});

pub type CountByCause = BTreeMap<Cause, u16>;
uniffi::custom_type!(CountByCause, HashMap<Cause, u16>, {
    remote,
    lower: |counts| counts.into_iter().collect(),
    try_lift: |counts| Ok(counts.into_iter().collect()),
});

pub type CountByValidity = BTreeMap<Validity, u16>;
uniffi::custom_type!(CountByValidity, HashMap<Validity, u16>, {
    remote,
    lower: |counts| counts.into_iter().collect(),
    try_lift: |counts| Ok(counts.into_iter().collect()),
});

pub type Scopes = BTreeSet<Scope>;
uniffi::custom_type!(Scopes, Vec<Scope>, {
    remote,
    lower: |scopes| scopes.into_iter().collect(),
    try_lift: |scopes| Ok(scopes.into_iter().collect()),
});

pub type RecordKinds = BTreeSet<RecordKind>;
uniffi::custom_type!(RecordKinds, Vec<RecordKind>, {
    remote,
    lower: |kinds| kinds.into_iter().collect(),
    try_lift: |kinds| Ok(kinds.into_iter().collect()),
});

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::UniFfiTag;
    use std::time::Duration;
    use uniffi::{Lift, Lower};

    #[test]
    fn an_instant_that_comes_back_a_little_off_is_the_one_that_went_out() {
        let instant = DateTime::from_timestamp_micros(1_774_746_000_123_456).unwrap();
        let went = SystemTime::from(instant);
        // As far off as a floating-point number of seconds since 1970 is in this century.
        for off in [Duration::ZERO, Duration::from_nanos(1), Duration::from_nanos(240)] {
            for came in [went + off, went - off] {
                let lowered = <SystemTime as Lower<UniFfiTag>>::lower(came);
                assert_eq!(<Moment as Lift<UniFfiTag>>::try_lift(lowered).unwrap(), instant);
            }
        }
    }
}
