//! Who can read this, with names: for the operator, and for staff who already see them. Never for the wire as it is:
//! another guardian's place in the list is not every reader's to know.

use super::{Engine, live::roster_of, refusal::Refusal};
use skolebro_core::domain::{
    access::{self, Relation},
    ids::{PersonId, SchoolId},
    roster::{RosterEntry, RosterKey},
    scope::Scope,
    time::local_date,
};

/// One of those who read a scope today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    pub person: PersonId,
    /// None: the roster knows the person by id only.
    pub name: Option<String>,
    pub relation: Relation,
}

impl Engine {
    /// Everybody who reads a scope today, in order of id; none at a school that is not there.
    ///
    /// # Errors
    /// That the store does not answer.
    pub fn who_can_read(&self, school: SchoolId, scope: &Scope) -> Result<Vec<Reader>, Refusal> {
        let Some(live) = self.shared.live(school) else { return Ok(Vec::new()) };
        let now = self.now();
        self.shared.read(|reading| {
            let version = reading.head(school)?.access_version;
            let roster = roster_of(&live, reading, version)?;
            live.remember_roster(version, &roster);
            let today = local_date(roster.time_zone(), now);
            let mut readers = Vec::new();
            for (person, relation) in access::readers(&roster, scope, today) {
                let key = RosterKey { kind: "person", key: person.to_string() };
                let name = match reading.roster_entry(school, &key)?.map(|stored| stored.entry) {
                    Some(RosterEntry::Person(named)) => Some(named.name()),
                    Some(_) | None => None,
                };
                readers.push(Reader { person, name, relation });
            }
            readers.sort_unstable_by_key(|reader| reader.person);
            Ok(readers)
        })
    }
}
