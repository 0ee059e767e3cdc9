//! What a phone still knows when nothing else can be read or shown: in which language to speak, and whom to call.
//!
//! In a file of its own (`known.json`), since the outbox may be damaged and the mirror empty. It holds no name and nothing
//! of a child, and whatever is wrong with it is as if it were not there.

use super::private;
use crate::domain::{
    ids::{PersonId, SchoolId},
    people::Language,
};
use serde::{Deserialize, Serialize};
use std::path::Path;

const FILE: &str = "known.json";
/// A school more than these and the oldest is forgotten.
const MOST_SCHOOLS: usize = 8;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Whose it is; another person's is not used.
    #[serde(default)]
    person: Option<PersonId>,
    /// In which things were shown last.
    #[serde(default)]
    pub language: Option<Language>,
    #[serde(default)]
    offices: Vec<Office>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Office {
    school: SchoolId,
    phone: String,
}

impl Remembered {
    /// Of a phone's folder, also of one that cannot be opened.
    pub fn of(folder: &Path) -> Self {
        let Ok(bytes) = private::read(&folder.join(FILE)) else { return Self::default() };
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// The offices' telephone numbers: of these schools, or, where none of them is known, of those that were.
    pub fn phones(&self, schools: &[SchoolId]) -> Vec<String> {
        let numbers = |held: &dyn Fn(&Office) -> bool| {
            let mut numbers: Vec<String> =
                self.offices.iter().filter(|office| held(office)).map(|office| office.phone.clone()).collect();
            numbers.dedup();
            numbers
        };
        let now = numbers(&|office| schools.contains(&office.school));
        if now.is_empty() { numbers(&|_| true) } else { now }
    }

    /// Begins anew for another person.
    pub(super) fn belong_to(&mut self, person: PersonId) {
        if self.person != Some(person) {
            *self = Self { person: Some(person), ..Self::default() };
        }
    }

    pub(super) fn office(&mut self, school: SchoolId, phone: &str) {
        let known = self.offices.iter().any(|office| office.school == school && office.phone == phone);
        if known || phone.is_empty() {
            return;
        }
        self.offices.retain(|office| office.school != school);
        self.offices.push(Office { school, phone: phone.to_owned() });
        let more = self.offices.len().saturating_sub(MOST_SCHOOLS);
        self.offices.drain(..more);
    }

    /// As far as it goes: on a full disk the old one stands.
    pub(super) fn keep(&self, folder: &Path) {
        if let Ok(json) = serde_json::to_vec(self) {
            let _ = private::write(&folder.join(FILE), &json);
        }
    }
}
