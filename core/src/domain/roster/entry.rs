//! The facts of which a roster is made, one by one: as they are stored, told and compared.

use crate::{
    domain::{
        calendar::SchoolCalendar,
        ids::{GroupId, PersonId},
        people::{
            AdultConsent, Assignment, Block, Dates, Delegation, Enrolment, Group, Guardianship, GuardianshipKind,
            Membership, Person, Reach, School, Spell, StaffMember, Standing,
        },
        rules::RuleSet,
    },
    reading::{Unread, from_json},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Who said so. An import changes what an import said; the legal layer and staff outrank it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Import,
    Legal,
    Staff,
}

macro_rules! entries {
    ($($variant:ident($type:ty) = $name:literal by |$value:ident| $key:expr;)+) => {
        /// One fact of the roster, as it is stored.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "value", rename_all = "snake_case")]
        pub enum RosterEntry {
            $($variant($type),)+
            /// One whose content this version cannot read.
            #[serde(skip)]
            Unread(UnreadEntry),
        }

        /// What an entry is about; a second entry with the same key replaces the first.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct RosterKey { pub kind: &'static str, pub key: String }

        impl RosterEntry {
            pub const KINDS: &[&str] = &[$($name),+];
            pub fn key(&self) -> RosterKey {
                match self {
                    $(RosterEntry::$variant($value) => RosterKey { kind: $name, key: $key },)+
                    RosterEntry::Unread(unread) => RosterKey { kind: unread.kind, key: unread.key.clone() },
                }
            }
        }
        $(impl From<$type> for RosterEntry { fn from(value: $type) -> Self { RosterEntry::$variant(value) } })+
    };
}

entries! {
    School(School) = "school" by |_v| String::new();
    RuleSet(RuleSet) = "rule_set" by |v| format!("{}/{}/{}", v.name, v.form.as_str(), v.valid_from);
    Calendar(SchoolCalendar) = "calendar" by |v| match v.group {
        Some(group) => format!("{}/{}/{group}", v.school_year, v.form.as_str()),
        None => format!("{}/{}", v.school_year, v.form.as_str()),
    };
    Person(Person) = "person" by |v| v.id.to_string();
    Group(Group) = "group" by |v| v.id.to_string();
    Enrolment(Enrolment) = "enrolment" by |v| v.pupil.to_string();
    Membership(Membership) = "membership" by |v| format!("{}/{}", v.pupil, v.group);
    Guardianship(Guardianship) = "guardianship" by |v| format!("{}/{}", v.pupil, v.person);
    Delegation(Delegation) = "delegation" by |v| format!("{}/{}/{}", v.pupil, v.to, v.by);
    Block(Block) = "block" by |v| format!("{}/{}", v.pupil, v.person);
    AdultConsent(AdultConsent) = "adult_consent" by |v| format!("{}/{}", v.pupil, v.person);
    Assignment(Assignment) = "assignment" by |v| match v.reach {
        Reach::School => format!("{}/{}/school", v.person, v.role.as_str()),
        Reach::Group(group) => format!("{}/{}/{group}", v.person, v.role.as_str()),
    };
    StaffMember(StaffMember) = "staff_member" by |v| v.person.to_string();
    Spell(Spell) = "spell" by |v| {
        let (held, day) = (RosterEntry::from(v.0).key(), |day: Option<NaiveDate>| day.map(|day| day.to_string()));
        format!("{}/{}/{}", held.key, day(v.0.dates.from).unwrap_or_default(), day(v.0.dates.until).unwrap_or_default())
    };
}

impl RosterEntry {
    /// An entry as it is stored, also by an earlier version.
    ///
    /// # Errors
    /// That it is not JSON, or not of a form that this version knows.
    pub fn from_json(json: &str) -> Result<Self, Unread> {
        from_json(json).or_else(|unread| Self::of_an_earlier_form(json).ok_or(unread))
    }

    fn of_an_earlier_form(json: &str) -> Option<Self> {
        let mut stored: serde_json::Value = from_json(json).ok()?;
        let rules = stored.get("kind")?.as_str() == Some("rule_set");
        rules.then(|| RuleSet::of_an_earlier_form(stored.get_mut("value")?.take())).flatten().map(Self::RuleSet)
    }
}

/// All that is known of a stored entry whose content cannot be read. It gives nobody anything, and what it may have barred,
/// hidden or ended stays so ([`super::Roster::put`]), until the same is said anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadEntry {
    /// Of [`RosterEntry::KINDS`], or [`UnreadEntry::UNKNOWN`].
    pub kind: &'static str,
    pub key: String,
}

impl UnreadEntry {
    pub const UNKNOWN: &'static str = "unknown";

    /// What is left of an entry, given where it is stored: of a bar nothing is missing.
    pub fn of(kind: &str, key: &str) -> RosterEntry {
        let kind = RosterEntry::KINDS.iter().find(|known| **known == kind).copied().unwrap_or(Self::UNKNOWN);
        let unread = Self { kind, key: key.to_owned() };
        match unread.stands_for() {
            Some(bar @ RosterEntry::Block(_)) => bar,
            Some(_) | None => RosterEntry::Unread(unread),
        }
    }

    /// The ids that the key is made of.
    pub(super) fn ids(&self) -> impl Iterator<Item = uuid::Uuid> + '_ {
        self.key.split('/').filter_map(|part| part.parse().ok())
    }

    /// Whether it may have said how old somebody is, or that nobody is to find them.
    pub(super) fn hides_its_people(&self) -> bool {
        matches!(self.kind, "person" | Self::UNKNOWN)
    }

    /// The fact that its key alone tells: all of a block, and of others as much as opens nothing.
    pub(super) fn stands_for(&self) -> Option<RosterEntry> {
        let mut ids = self.ids();
        let both = ids.next().map(PersonId).zip(ids.next());
        match (self.kind, both) {
            ("block", Some((pupil, person))) => Some(Block { pupil, person: PersonId(person) }.into()),
            // Somebody who is or was at home: nobody decides their own child's matter as staff.
            ("guardianship", Some((pupil, person))) => Some(
                Guardianship {
                    pupil,
                    person: PersonId(person),
                    kind: GuardianshipKind::Unspecified,
                    standing: Standing::Pending,
                    dates: Dates::default(),
                    topics: Vec::new(),
                }
                .into(),
            ),
            // A member once, on no day that is known: whoever is barred from the pupil stays out of what staff keep.
            ("membership", Some((pupil, group))) => {
                let dates = Dates { from: None, until: Some(NaiveDate::default()) };
                Some(Membership { pupil, group: GroupId(group), dates }.into())
            }
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum RosterChange {
    Put { entry: RosterEntry, origin: Origin },
    Remove(RosterEntry),
}

impl RosterChange {
    pub fn staff(entry: impl Into<RosterEntry>) -> Self {
        RosterChange::Put { entry: entry.into(), origin: Origin::Staff }
    }
    pub fn entry(&self) -> &RosterEntry {
        match self {
            RosterChange::Put { entry, .. } | RosterChange::Remove(entry) => entry,
        }
    }
}
