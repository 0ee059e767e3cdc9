//! What a row that could not be understood must leave as it stands: what is stored about it neither ends nor changes.
//!
//! Holds are noted while rows are read and put together, and asked for when something is to end by a file's silence, or
//! would change by what is left of a fact whose other row could not be read. A hold never gives anything.

use super::{
    codes::Code,
    error::RosterError,
    intake::{Intake, SchoolOf},
    report::Place,
    staging::parts,
    table::Broken,
};
use rusqlite::params;
use skolebro_core::domain::{
    ids::{GroupId, PersonId, SchoolId},
    people::{Group, Reach},
    roster::RosterEntry,
};
use std::collections::BTreeMap;

/// The kinds of holds. Each has a key: a person, a group, both, a file, or an id of the source.
pub mod kind {
    /// All that hangs on a person.
    pub const PERSON: &str = "person";
    /// All that hangs on a group.
    pub const GROUP: &str = "group";
    /// One person in one group, as pupil or as staff: `person/group`.
    pub const MEMBERSHIP: &str = "membership";
    /// A person in all groups.
    pub const PLACES: &str = "places";
    /// A person in all groups, unless the bundle places the person in another group of the same kind.
    pub const PLACES_UNLESS_ELSEWHERE: &str = "places_unless_elsewhere";
    /// All who are in a group, but those whom the bundle places in another group of the same kind.
    pub const MEMBERS_UNLESS_ELSEWHERE: &str = "members_unless_elsewhere";
    /// What a person is at schools.
    pub const ROLES: &str = "roles";
    /// Whose adult a person is, and who the person's adults are, by `agentSourcedIds`.
    pub const AGENTS: &str = "agents";
    /// What staff.csv gave a person.
    pub const POST: &str = "post";
    /// Whatever a file's silence would end: its name, or `name@school`.
    pub const FILE: &str = "file";
    /// An academic session, by the source's id.
    pub const TERM: &str = "term";
    /// A course, by the source's id.
    pub const COURSE: &str = "course";
}

/// Notes what a line that could not be read may have been about.
pub fn broken(intake: &mut Intake, file: &'static str, line: &Broken) -> Result<(), RosterError> {
    match file {
        "users.csv" => own_id(intake, file, line, kind::PERSON),
        "classes.csv" => own_id(intake, file, line, kind::GROUP),
        "academicSessions.csv" => own_id(intake, file, line, kind::TERM),
        "courses.csv" => own_id(intake, file, line, kind::COURSE),
        "roles.csv" => about_person(intake, file, line, "userSourcedId", "orgSourcedId"),
        "enrollments.csv" => about_person(intake, file, line, "userSourcedId", "schoolSourcedId"),
        "staff.csv" => about_person(intake, file, line, "person", "school"),
        // A school without its row has nothing ended; birth dates and settings stay by silence; legal.csv reads its own.
        _ => Ok(()),
    }
}

fn own_id(intake: &mut Intake, file: &'static str, line: &Broken, kind: &str) -> Result<(), RosterError> {
    let ids: Vec<String> = line.candidates("sourcedId").map(str::to_owned).collect();
    for sid in &ids {
        let key = match kind {
            kind::PERSON => intake.person_id(sid).to_string(),
            kind::GROUP => intake.group_id(sid).to_string(),
            _ => sid.clone(),
        };
        intake.staging.hold(kind, &key)?;
    }
    if ids.is_empty() { intake.hold_file(file, None, line.line) } else { Ok(()) }
}

/// Whom the line is about shows when it is known who there is.
fn about_person(
    intake: &mut Intake,
    file: &'static str,
    line: &Broken,
    person: &str,
    school: &str,
) -> Result<(), RosterError> {
    let schools: Vec<String> = line
        .candidates(school)
        .filter_map(|sid| match intake.school_of_org(sid) {
            SchoolOf::School(school) if intake.orgs.contains_key(sid) => Some(school.to_string()),
            SchoolOf::School(_) | SchoolOf::NotSchool | SchoolOf::Dangling => None,
        })
        .collect();
    let only = match schools.as_slice() {
        [only] => only.as_str(),
        _ => "",
    };
    let mut people: Vec<&str> = line.candidates(person).collect();
    if people.is_empty() {
        people.push("");
    }
    for sid in people {
        intake
            .staging
            .db
            .prepare_cached("INSERT INTO broken (file, line, person, school) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![file, line.at(), sid, only])?;
    }
    Ok(())
}

/// Turns lines that could not be read into holds, now that it is known who is in the bundle and in the store.
pub fn settle(intake: &mut Intake) -> Result<(), RosterError> {
    follow_renamed(intake)?;
    let mut lines: BTreeMap<(String, i64), (Vec<String>, String)> = BTreeMap::new();
    {
        let mut statement = intake.staging.db.prepare_cached("SELECT file, line, person, school FROM broken")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (people, school) = lines.entry((row.get(0)?, row.get(1)?)).or_default();
            people.push(row.get(2)?);
            *school = row.get(3)?;
        }
    }
    for ((file, line), (people, school)) in lines {
        let (file, kind) = match file.as_str() {
            "roles.csv" => ("roles.csv", kind::ROLES),
            "staff.csv" => ("staff.csv", kind::POST),
            _ => ("enrollments.csv", kind::PLACES),
        };
        let mut found = false;
        for sid in people.iter().filter(|sid| !sid.is_empty()) {
            let person = intake.person_id(sid).to_string();
            if intake.is_user_or_stored(sid, &person)? {
                intake.staging.hold(kind, &person)?;
                found = true;
            }
        }
        if !found {
            intake.hold_file(file, school.parse().ok(), line.unsigned_abs())?;
        }
    }
    Ok(())
}

/// Holds were noted under ids derived from rows; a row may be about somebody who was known by another.
fn follow_renamed(intake: &Intake) -> Result<(), RosterError> {
    let organiser = &intake.options.organiser;
    let renamed: BTreeMap<String, String> = intake
        .renamed
        .iter()
        .map(|(sid, person)| (PersonId::derive(&[organiser, sid]).to_string(), person.to_string()))
        .collect();
    if renamed.is_empty() {
        return Ok(());
    }
    let held: Vec<(String, String)> = {
        let mut statement = intake.staging.db.prepare_cached("SELECT kind, key FROM held")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (kind, key) in held {
        for id in key.split('/') {
            if let Some(person) = renamed.get(id) {
                intake.staging.hold(&kind, &key.replace(id, person))?;
            }
        }
    }
    Ok(())
}

impl Intake {
    fn is_user_or_stored(&self, sid: &str, person: &str) -> Result<bool, RosterError> {
        if self.staging.db.prepare_cached("SELECT 1 FROM user WHERE sid = ?1")?.exists([sid])? {
            return Ok(true);
        }
        Ok(!self.staging.schools_storing("person", person)?.is_empty())
    }

    /// Nothing ends by what the file lacks, at one school or at all: nobody knows whom a row of it is about.
    pub fn hold_file(&mut self, file: &'static str, school: Option<SchoolId>, line: u64) -> Result<(), RosterError> {
        let what = "it does not show whom the row is about, so nothing ends by what the file lacks";
        self.reporter.issue(Place::line(file, line), Code::HeldAll, None, what);
        let key = school.map_or_else(|| file.to_owned(), |school| format!("{file}@{school}"));
        self.staging.hold(kind::FILE, &key)
    }

    /// Whether a row of the file may be about anybody of the school.
    pub fn is_file_held(&self, file: &str, school: SchoolId) -> Result<bool, RosterError> {
        Ok(self.staging.is_held(kind::FILE, file)? || self.staging.is_held(kind::FILE, &format!("{file}@{school}"))?)
    }

    pub fn hold_person(&self, kind: &str, sid: &str) -> Result<(), RosterError> {
        self.staging.hold(kind, &self.person_id(sid).to_string())
    }

    pub fn hold_membership(&self, user: &str, class: &str) -> Result<(), RosterError> {
        self.staging.hold(kind::MEMBERSHIP, &membership(self.person_id(user), self.group_id(class)))
    }
}

fn membership(person: PersonId, group: GroupId) -> String {
    format!("{person}/{group}")
}

/// Whether a row about the entry, or about what it hangs on, could not be used.
pub fn is_held(intake: &Intake, school: SchoolId, entry: &RosterEntry) -> Result<bool, RosterError> {
    let mut keys: Vec<(&str, String)> = vec![(entry.key().kind, entry.key().key)];
    for part in parts(entry).into_iter().flatten() {
        keys.extend([(kind::PERSON, part.clone()), (kind::GROUP, part)]);
    }
    match entry {
        RosterEntry::Membership(place) => keys.push((kind::PLACES, place.pupil.to_string())),
        RosterEntry::StaffMember(member) => keys.push((kind::ROLES, member.person.to_string())),
        RosterEntry::Guardianship(relation) => {
            keys.extend([(kind::AGENTS, relation.pupil.to_string()), (kind::AGENTS, relation.person.to_string())]);
        }
        RosterEntry::Enrolment(place) => {
            keys.extend([(kind::PLACES, place.pupil.to_string()), (kind::ROLES, place.pupil.to_string())]);
        }
        RosterEntry::Assignment(assignment) => {
            let person = assignment.person.to_string();
            keys.extend([(kind::POST, person.clone()), (kind::ROLES, person.clone())]);
            if let Reach::Group(group) = assignment.reach {
                keys.extend([(kind::PLACES, person), (kind::MEMBERSHIP, membership(assignment.person, group))]);
            }
        }
        RosterEntry::School(_)
        | RosterEntry::RuleSet(_)
        | RosterEntry::Calendar(_)
        | RosterEntry::Person(_)
        | RosterEntry::Group(_)
        | RosterEntry::Delegation(_)
        | RosterEntry::Block(_)
        | RosterEntry::AdultConsent(_)
        | RosterEntry::Spell(_)
        | RosterEntry::Unread(_) => {}
    }
    for (kind, key) in keys {
        if intake.staging.is_held(kind, &key)? {
            return Ok(true);
        }
    }
    is_held_unless_elsewhere(intake, school, entry)
}

/// References that lead nowhere: the row may be about this place, misspelt. It stays, unless the person is placed anew.
fn is_held_unless_elsewhere(intake: &Intake, school: SchoolId, entry: &RosterEntry) -> Result<bool, RosterError> {
    let (person, group) = match entry {
        RosterEntry::Membership(place) => (place.pupil, place.group),
        RosterEntry::Assignment(assignment) => match assignment.reach {
            Reach::Group(group) => (assignment.person, group),
            Reach::School => return Ok(false),
        },
        // Who is in a class that is held is still a pupil, where only classes say who is.
        RosterEntry::Enrolment(place) => return has_held_place(intake, school, place.pupil),
        RosterEntry::School(_)
        | RosterEntry::RuleSet(_)
        | RosterEntry::Calendar(_)
        | RosterEntry::Person(_)
        | RosterEntry::Group(_)
        | RosterEntry::Guardianship(_)
        | RosterEntry::Delegation(_)
        | RosterEntry::Block(_)
        | RosterEntry::AdultConsent(_)
        | RosterEntry::StaffMember(_)
        | RosterEntry::Spell(_)
        | RosterEntry::Unread(_) => return Ok(false),
    };
    let held = intake.staging.is_held(kind::PLACES_UNLESS_ELSEWHERE, &person.to_string())?
        || intake.staging.is_held(kind::MEMBERS_UNLESS_ELSEWHERE, &group.to_string())?;
    Ok(held && !is_elsewhere(intake, school, entry.key().kind, person, group)?)
}

fn has_held_place(intake: &Intake, school: SchoolId, pupil: PersonId) -> Result<bool, RosterError> {
    let bodies: Vec<String> = {
        let query = "SELECT body FROM stored WHERE one = ?1 AND kind = 'membership' AND school = ?2";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([pupil.to_string(), school.to_string()], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    for body in bodies {
        let entry: RosterEntry = serde_json::from_str(&body)?;
        if is_held(intake, school, &entry)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the bundle places the person in another group of the same kind.
fn is_elsewhere(
    intake: &Intake,
    school: SchoolId,
    kind: &str,
    person: PersonId,
    group: GroupId,
) -> Result<bool, RosterError> {
    let Some(was) = group_of(intake, &group.to_string())? else { return Ok(false) };
    // A key begins with the person; '0' is what comes after '/'.
    let query = "SELECT key FROM told WHERE school = ?1 AND kind = ?2 AND key > ?3 || '/' AND key < ?3 || '0'";
    let keys: Vec<String> = {
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([school.to_string(), kind.to_owned(), person.to_string()], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    for key in keys {
        let Some(other) = key.rsplit('/').next().filter(|other| *other != group.to_string()) else { continue };
        if group_of(intake, other)?.is_some_and(|other| other.kind == was.kind) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A group as the bundle tells of it, or as it is stored.
fn group_of(intake: &Intake, id: &str) -> Result<Option<Group>, RosterError> {
    let told: Option<String> = {
        let mut statement = intake.staging.db.prepare_cached("SELECT entry FROM class WHERE id = ?1 AND state = 0")?;
        let mut rows = statement.query([id])?;
        rows.next()?.map(|row| row.get(0)).transpose()?
    };
    if let Some(entry) = told {
        return Ok(Some(serde_json::from_str(&entry)?));
    }
    Ok(match intake.staging.stored_group(id)? {
        Some((_, RosterEntry::Group(group))) => Some(group),
        _ => None,
    })
}

/// Takes back what the bundle says about a stored place or role of which another row could not be read: what is left of
/// it would cut off a period, or open an end.
pub fn keep_what_stood(intake: &mut Intake) -> Result<(), RosterError> {
    let people: Vec<String> = {
        // A key is a person, or begins with one.
        let query = "SELECT DISTINCT substr(key, 1, 36) FROM held WHERE kind IN (?1, ?2, ?3)";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([kind::MEMBERSHIP, kind::PLACES, kind::ROLES], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    for person in people {
        type Found = (i64, String, String, String, Option<i64>);
        let told: Vec<Found> = {
            let query = "SELECT t.id, t.school, s.body, t.file, t.line FROM stored s
                         JOIN told t ON t.school = s.school AND t.kind = s.kind AND t.key = s.key
                         WHERE s.one = ?1 AND s.kind IN ('membership', 'enrolment', 'assignment')
                           AND t.origin = '\"import\"'";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement
                .query_map([&person], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for (id, school, body, file, line) in told {
            let Ok(school) = school.parse::<SchoolId>() else { continue };
            let entry: RosterEntry = serde_json::from_str(&body)?;
            if is_held(intake, school, &entry)? {
                let what = "another row about the same could not be read; what is stored stays as it is";
                let place = Place { line: line.map(i64::unsigned_abs), ..Place::file(&file) };
                intake.reporter.issue(place, Code::ReferenceHeld, Some(&person), what);
                intake.staging.db.prepare_cached("DELETE FROM told WHERE id = ?1")?.execute([id])?;
            }
        }
    }
    Ok(())
}
