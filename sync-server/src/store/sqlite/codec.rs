//! How values stand in the file. A code that has been given here is never given again with another meaning.
//!
//! A scope is its tags and ids as bytes, which sort as [`Scope`] does: a third of the text's length, and no parsing.

use crate::store::StoreError;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use skolebro_core::domain::{
    ids::{GroupId, PersonId},
    record::RecordKind,
    roster::Origin,
    scope::{Circle, Scope, Subject, Topic},
};
use uuid::Uuid;

/// Unlike the errors of rusqlite, these carry no value: a value may be about a child.
#[derive(Debug, thiserror::Error)]
enum CodecError {
    #[error("a {0} that this version does not know")]
    Unknown(&'static str),
    #[error("a number, day or time out of range")]
    OutOfRange,
}

fn unknown(what: &'static str) -> FromSqlError {
    FromSqlError::Other(Box::new(CodecError::Unknown(what)))
}

fn out_of_range() -> FromSqlError {
    FromSqlError::Other(Box::new(CodecError::OutOfRange))
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error, ErrorCode};
        match &error {
            // Their own words may repeat what was there.
            Error::FromSqlConversionFailure(column, ..)
            | Error::InvalidColumnType(column, ..)
            | Error::IntegralValueOutOfRange(column, _) => {
                let why = match &error {
                    Error::FromSqlConversionFailure(_, _, why) => why.downcast_ref::<CodecError>(),
                    _ => None,
                };
                let why = why.map_or_else(|| "a value of another kind".to_owned(), ToString::to_string);
                StoreError::Unreadable(format!("{why}, in column {column}"))
            }
            Error::SqliteFailure(failure, _)
                if matches!(failure.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) =>
            {
                StoreError::Unreadable(error.to_string())
            }
            _ => StoreError::Backend(error.to_string()),
        }
    }
}

/// Any of the ids, as 16 bytes.
pub(super) struct Id(pub Uuid);

impl ToSql for Id {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
    }
}

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        <[u8; 16]>::column_result(value).map(|bytes| Self(Uuid::from_bytes(bytes)))
    }
}

/// A number of the school's sequence, or a count. SQLite's integers have a sign.
pub(super) struct Number(pub u64);

impl Number {
    /// For the upper end of a span, where a larger one means *all*.
    pub fn at_most(number: u64) -> i64 {
        i64::try_from(number).unwrap_or(i64::MAX)
    }
}

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match i64::try_from(self.0) {
            Ok(number) => Ok(ToSqlOutput::Owned(number.into())),
            Err(_) => Err(rusqlite::Error::ToSqlConversionFailure(Box::new(CodecError::OutOfRange))),
        }
    }
}

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        u64::try_from(value.as_i64()?).map(Self).map_err(|_| out_of_range())
    }
}

/// Microseconds since 1970-01-01T00:00Z.
pub(super) struct Micros(pub DateTime<Utc>);

impl ToSql for Micros {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(self.0.timestamp_micros().into()))
    }
}

impl FromSql for Micros {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        DateTime::from_timestamp_micros(value.as_i64()?).map(Self).ok_or_else(out_of_range)
    }
}

/// Days since 1970-01-01.
pub(super) struct Day(pub NaiveDate);

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(i64::from(self.0.to_epoch_days()).into()))
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let days = i32::try_from(value.as_i64()?).map_err(|_| out_of_range())?;
        NaiveDate::from_epoch_days(days).map(Self).ok_or_else(out_of_range)
    }
}

/// A kind by its name.
pub(super) struct Kind(pub RecordKind);

impl ToSql for Kind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.0.as_str().as_bytes())))
    }
}

impl FromSql for Kind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        RecordKind::parse(value.as_str()?).map(Self).ok_or_else(|| unknown("kind of record"))
    }
}

/// A document, which goes to the wire as it is. One that is no JSON at all would spoil the whole answer; a look at its two
/// ends costs nothing.
pub(super) struct Document(pub Box<str>);

impl FromSql for Document {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let ends = text.trim_ascii();
        let is_whole = ends.starts_with('{') && ends.ends_with('}');
        if is_whole { Ok(Self(text.into())) } else { Err(unknown("document")) }
    }
}

pub(super) struct Said(pub Origin);

impl ToSql for Said {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let name: &'static str = match self.0 {
            Origin::Import => "import",
            Origin::Legal => "legal",
            Origin::Staff => "staff",
        };
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(name.as_bytes())))
    }
}

impl FromSql for Said {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "import" => Ok(Self(Origin::Import)),
            "legal" => Ok(Self(Origin::Legal)),
            "staff" => Ok(Self(Origin::Staff)),
            _ => Err(unknown("origin")),
        }
    }
}

/// Never changed, and never given to another.
fn topic_tag(topic: Topic) -> u8 {
    match topic {
        Topic::Attendance => 0,
        Topic::Leave => 1,
        Topic::Book => 2,
        Topic::Talks => 3,
        Topic::Plan => 4,
        Topic::Care => 5,
        Topic::Info => 6,
    }
}

/// A scope as bytes: subject's tag and id, topic, circle's tag and id.
pub(super) struct ScopeKey {
    bytes: [u8; 35],
    length: usize,
}

impl ScopeKey {
    pub fn of(scope: &Scope) -> Self {
        let mut key = Self { bytes: [0; 35], length: 0 };
        match scope.subject {
            Subject::School => key.push(0, None),
            Subject::Group(id) => key.push(1, Some(id.0)),
            Subject::Pupil(id) => key.push(2, Some(id.0)),
            Subject::Person(id) => key.push(3, Some(id.0)),
        }
        key.push(topic_tag(scope.topic), None);
        match scope.circle {
            Circle::All => key.push(0, None),
            Circle::Staff => key.push(1, None),
            Circle::Party(id) => key.push(2, Some(id.0)),
        }
        key
    }

    fn push(&mut self, tag: u8, id: Option<Uuid>) {
        self.bytes[self.length] = tag;
        self.length += 1;
        if let Some(id) = id {
            self.bytes[self.length..self.length + 16].copy_from_slice(id.as_bytes());
            self.length += 16;
        }
    }

    pub fn parse(bytes: &[u8]) -> Option<Scope> {
        let (subject, rest) = bytes.split_first()?;
        let (subject, rest) = match subject {
            0 => (Subject::School, rest),
            1..=3 => {
                let (id, rest) = rest.split_first_chunk::<16>()?;
                let id = Uuid::from_bytes(*id);
                let subject = match subject {
                    1 => Subject::Group(GroupId(id)),
                    2 => Subject::Pupil(PersonId(id)),
                    _ => Subject::Person(PersonId(id)),
                };
                (subject, rest)
            }
            _ => return None,
        };
        let (tag, rest) = rest.split_first()?;
        let topic = Topic::ALL.iter().copied().find(|topic| topic_tag(*topic) == *tag)?;
        let circle = match rest {
            [0] => Circle::All,
            [1] => Circle::Staff,
            [2, id @ ..] => Circle::Party(PersonId(Uuid::from_bytes(id.try_into().ok()?))),
            _ => return None,
        };
        Some(Scope { subject, topic, circle })
    }
}

impl ToSql for ScopeKey {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.bytes[..self.length])))
    }
}

/// A scope out of the file.
pub(super) struct Scoped(pub Scope);

impl FromSql for Scoped {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        ScopeKey::parse(value.as_blob()?).map(Self).ok_or_else(|| unknown("scope"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn scopes_come_back_and_sort_as_they_do_in_memory() {
        let (low, high) = (Uuid::from_u128(1), Uuid::from_u128(u128::MAX));
        let mut scopes = Vec::new();
        for topic in Topic::ALL.iter().copied() {
            for id in [low, high] {
                let (person, group) = (PersonId(id), GroupId(id));
                for subject in [Subject::School, Subject::Group(group), Subject::Pupil(person), Subject::Person(person)]
                {
                    for circle in [Circle::All, Circle::Staff, Circle::Party(person)] {
                        scopes.push(Scope { subject, topic, circle });
                    }
                }
            }
        }
        scopes.sort();
        scopes.dedup();
        let keys: Vec<_> = scopes.iter().map(ScopeKey::of).map(|key| key.bytes[..key.length].to_vec()).collect();
        assert!(keys.is_sorted());
        for (scope, key) in scopes.iter().zip(&keys) {
            assert_eq!(ScopeKey::parse(key), Some(*scope));
            assert_eq!(ScopeKey::parse(&key[..key.len() - 1]), None);
        }
    }
}
