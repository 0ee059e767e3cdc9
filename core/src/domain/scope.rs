//! Scopes: who a record is for. A record is in exactly one; a new audience is a move.

use super::ids::{GroupId, PersonId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};
use strum::VariantArray;

/// What a scope is about, within one school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Subject {
    School,
    Group(GroupId),
    Pupil(PersonId),
    Person(PersonId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Topic {
    Attendance,
    Leave,
    Book,
    Talks,
    Plan,
    Care,
    Info,
}

impl Topic {
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Plans and extended collaboration are read with strong assurance only (domain.md, *Assurance*).
    pub fn is_sensitive(self) -> bool {
        match self {
            Topic::Plan | Topic::Care => true,
            Topic::Attendance | Topic::Leave | Topic::Book | Topic::Talks | Topic::Info => false,
        }
    }

    /// Whether a guardian may delegate it. Plans and care stay with custody unless an authority decides otherwise.
    pub fn is_delegable(self) -> bool {
        match self {
            Topic::Attendance | Topic::Leave | Topic::Book | Topic::Info => true,
            Topic::Talks | Topic::Plan | Topic::Care => false,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Topic::Attendance => "attendance",
            Topic::Leave => "leave",
            Topic::Book => "book",
            Topic::Talks => "talks",
            Topic::Plan => "plan",
            Topic::Care => "care",
            Topic::Info => "info",
        }
    }
}

impl FromStr for Topic {
    type Err = UnknownScope;
    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Topic::ALL.iter().copied().find(|topic| topic.as_str() == text).ok_or(UnknownScope)
    }
}

/// Who, of those with a relation to the subject, is in the circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Circle {
    /// Everybody whom the access table lets read the topic.
    All,
    /// Staff only.
    Staff,
    /// One person at home, and staff.
    Party(PersonId),
}

/// Written `pupil:UUID/attendance/all` on the wire and in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Scope {
    pub subject: Subject,
    pub topic: Topic,
    pub circle: Circle,
}

/// A scope of a newer server, or no scope at all. A phone keeps such rows and skips them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a scope that this version knows")]
pub struct UnknownScope;

impl Scope {
    pub const fn new(subject: Subject, topic: Topic, circle: Circle) -> Self {
        Self { subject, topic, circle }
    }
    pub const fn school(topic: Topic, circle: Circle) -> Self {
        Self::new(Subject::School, topic, circle)
    }
    pub const fn group(group: GroupId, topic: Topic, circle: Circle) -> Self {
        Self::new(Subject::Group(group), topic, circle)
    }
    pub const fn pupil(pupil: PersonId, topic: Topic, circle: Circle) -> Self {
        Self::new(Subject::Pupil(pupil), topic, circle)
    }
    /// What is for one person alone: its own relations and notices.
    pub const fn own(person: PersonId, topic: Topic) -> Self {
        Self::new(Subject::Person(person), topic, Circle::All)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject {
            Subject::School => f.write_str("school")?,
            Subject::Group(id) => write!(f, "group:{id}")?,
            Subject::Pupil(id) => write!(f, "pupil:{id}")?,
            Subject::Person(id) => write!(f, "person:{id}")?,
        }
        write!(f, "/{}/", self.topic.as_str())?;
        match self.circle {
            Circle::All => f.write_str("all"),
            Circle::Staff => f.write_str("staff"),
            Circle::Party(id) => write!(f, "party:{id}"),
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;
    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let mut parts = text.split('/');
        let (Some(subject), Some(topic), Some(circle), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(UnknownScope);
        };
        let subject = match subject.split_once(':') {
            None if subject == "school" => Subject::School,
            Some(("group", id)) => Subject::Group(id.parse().map_err(|_| UnknownScope)?),
            Some(("pupil", id)) => Subject::Pupil(id.parse().map_err(|_| UnknownScope)?),
            Some(("person", id)) => Subject::Person(id.parse().map_err(|_| UnknownScope)?),
            _ => return Err(UnknownScope),
        };
        let circle = match circle.split_once(':') {
            None if circle == "all" => Circle::All,
            None if circle == "staff" => Circle::Staff,
            Some(("party", id)) => Circle::Party(id.parse().map_err(|_| UnknownScope)?),
            _ => return Err(UnknownScope),
        };
        Ok(Self { subject, topic: topic.parse()?, circle })
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
