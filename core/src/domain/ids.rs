//! Identifiers. Each kind of thing has a type of its own, so that a pupil's id never lands where a group's belongs.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id that nature allows only one of: the same parts give the same id on every phone (UUIDv5).
            pub fn derive(parts: &[&dyn fmt::Display]) -> Self {
                Self(derive_uuid(stringify!($name), parts))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({})", stringify!($name), self.0) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::from_str(text).map(Self) }
        }
        #[cfg(feature = "uniffi")]
        uniffi::custom_type!($name, String, {
            lower: |id| id.to_string(),
            try_lift: |text| Ok(text.parse()?),
        });
    )+};
}

id_types! {
    /// A school unit (skolenhet, skole).
    SchoolId,
    /// A person: pupil, guardian or staff. The same person has the same id at every school of one organiser.
    PersonId,
    /// A class, mentor group, club or department.
    GroupId,
    /// A command. Phones make UUIDv7; the clock's own commands (`System`) have derived ids.
    CommandId,
    /// A record, unique within its scope.
    RecordId,
    /// An enrolled phone.
    DeviceId,
}

impl CommandId {
    /// A new id for a command that a person gives now.
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// Phones may use version 7 only; derived ids belong to the clock.
    pub fn is_from_a_phone(self) -> bool {
        self.0.get_version_num() == 7
    }
}

impl Default for CommandId {
    fn default() -> Self {
        Self::new()
    }
}

impl DeviceId {
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for DeviceId {
    fn default() -> Self {
        Self::new()
    }
}

const NAMESPACE: Uuid = Uuid::from_u128(0x5c01_eb20_0000_5000_8000_736b_6f6c_6562);

fn derive_uuid(kind: &str, parts: &[&dyn fmt::Display]) -> Uuid {
    use fmt::Write;
    let mut name = String::with_capacity(64);
    name.push_str(kind);
    for part in parts {
        // U+001F keeps ("a", "bc") and ("ab", "c") apart; writing to a String cannot fail.
        let _ = write!(name, "\u{1f}{part}");
    }
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}
