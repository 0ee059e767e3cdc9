//! What ends: what a bulk file no longer has, and what a row says is to be deleted.
//!
//! It never ends what the legal layer or staff gave, what hangs on a row that could not be read, or anything of a school
//! that the bundle does not have.

use crate::roster::{
    brake::is_past,
    codes::Code,
    error::RosterError,
    held::is_held,
    intake::Intake,
    lists,
    report::{FileMode, Place},
    staging::{Phase, parts, read_stored},
    told::Told,
};
use rusqlite::{OptionalExtension, params};
use skolebro_core::domain::{
    ids::SchoolId,
    people::Reach,
    roster::{Origin, RosterEntry},
};
use std::collections::{BTreeMap, BTreeSet};

/// Which schools a bundle is about.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Those that the bundle has whole.
    pub schools: BTreeSet<SchoolId>,
    /// Those that are stored.
    pub stored: BTreeSet<SchoolId>,
    /// The source's own ids.
    pub sids: BTreeMap<SchoolId, String>,
}

impl Scope {
    pub fn knows(&self, school: SchoolId) -> bool {
        self.schools.contains(&school) || self.stored.contains(&school)
    }
}

/// The kinds that a roster gives and takes, in the order in which they end: first what grants, last whom it is about. An
/// enrolment comes before the places that end with it.
const KINDS: [&str; 7] = ["assignment", "guardianship", "enrolment", "membership", "staff_member", "person", "group"];

pub fn ends(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    for kind in KINDS {
        let mut after = (String::new(), String::new());
        loop {
            let page: Vec<(String, String, String, String)> = {
                let query = "SELECT s.school, s.key, s.body, s.origin FROM stored s
                             WHERE (s.school, s.key) > (?1, ?2) AND s.kind = ?3 AND s.origin <> '\"staff\"'
                               AND NOT EXISTS (SELECT 1 FROM told t
                                   WHERE t.school = s.school AND t.kind = s.kind AND t.key = s.key)
                             ORDER BY s.school, s.key LIMIT 500";
                let mut statement = intake.staging.db.prepare_cached(query)?;
                let rows = statement.query_map(params![after.0, after.1, kind], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?;
                rows.collect::<Result<_, _>>()?
            };
            let Some((school, key, ..)) = page.last() else { break };
            after = (school.clone(), key.clone());
            for (school, _, body, origin) in page {
                let Ok(school) = school.parse::<SchoolId>() else { continue };
                let stored = read_stored(&body, &origin)?;
                end(intake, scope, school, &stored.entry, stored.origin)?;
            }
        }
    }
    Ok(())
}

fn end(
    intake: &mut Intake,
    scope: &Scope,
    school: SchoolId,
    entry: &RosterEntry,
    origin: Origin,
) -> Result<(), RosterError> {
    let post = origin == Origin::Legal && matches!(entry, RosterEntry::Assignment(_));
    if origin == Origin::Legal && !post {
        return Ok(());
    }
    let row = match gone(intake, school, entry)? {
        None => ended_with(intake, school, entry)?,
        row => row,
    };
    let (file, line) = match row {
        Some(row) if origin == Origin::Import => row,
        _ if is_held(intake, school, entry)? || !scope.schools.contains(&school) => return Ok(()),
        _ => match bulk_file(intake, entry, post) {
            Some(file) if !intake.is_file_held(file, school)? => (file.to_owned(), None),
            Some(_) | None => return Ok(()),
        },
    };
    if let RosterEntry::Person(person) = entry
        && is_still_given(intake, school, &person.id.to_string())?
    {
        let what = "staff or the legal layer gave the person something that still stands";
        let value = person.id.to_string();
        intake.reporter.issue(Place::file(&file), Code::StillGiven, Some(&value), what);
        return Ok(());
    }
    intake.staging.tell(Phase::Ends, school, &Told::End(entry.clone()), origin, (&file, line))
}

/// The row that says that the entry, or what it hangs on, is to be deleted.
fn gone(intake: &Intake, school: SchoolId, entry: &RosterEntry) -> Result<Option<(String, Option<i64>)>, RosterError> {
    let key = entry.key();
    let mut keys = vec![(key.kind, key.key.clone()), (key.kind, format!("{school}:{}", key.key))];
    for part in parts(entry).into_iter().flatten() {
        // A group that is at another school now has left this one.
        keys.extend([("group", format!("{school}:{part}")), ("person", part.clone()), ("group", part)]);
    }
    if let RosterEntry::Assignment(assignment) = entry
        && let Reach::Group(group) = assignment.reach
    {
        keys.push(("teaching", format!("{}/{group}", assignment.person)));
    }
    let mut statement = intake.staging.db.prepare_cached("SELECT file, line FROM gone WHERE kind = ?1 AND key = ?2")?;
    for (kind, key) in keys {
        let found = statement.query_row([kind, &key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The row that ends the enrolment to which a place belongs: who is no pupil here is in no class either, also where
/// nothing says so of the class.
fn ended_with(
    intake: &Intake,
    school: SchoolId,
    entry: &RosterEntry,
) -> Result<Option<(String, Option<i64>)>, RosterError> {
    let RosterEntry::Membership(place) = entry else { return Ok(None) };
    let query = "SELECT file, line FROM told WHERE school = ?1 AND kind = 'enrolment' AND key = ?2 AND phase = ?3";
    let values = params![school.to_string(), place.pupil.to_string(), Phase::Ends as i64];
    let mut statement = intake.staging.db.prepare_cached(query)?;
    Ok(statement.query_row(values, |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The file whose silence ends such an entry, if it holds everything.
fn bulk_file(intake: &Intake, entry: &RosterEntry, post: bool) -> Option<&'static str> {
    let bulk = |file: &'static str| (intake.mode(file) == FileMode::Bulk).then_some(file);
    let roles = || if intake.roles_in_users { bulk("users.csv") } else { bulk("roles.csv") };
    match entry {
        RosterEntry::Assignment(_) if post => bulk(lists::STAFF),
        RosterEntry::Assignment(assignment) => match assignment.reach {
            Reach::School => roles(),
            Reach::Group(_) => bulk("enrollments.csv"),
        },
        RosterEntry::Guardianship(_) => bulk("users.csv").filter(|_| intake.agents_told),
        RosterEntry::Membership(_) => bulk("enrollments.csv"),
        // Who is a pupil shows from roles, and from enrollments where roles are silent.
        RosterEntry::Enrolment(_) => match (roles(), bulk("users.csv"), bulk("enrollments.csv")) {
            (Some(file), Some(_), _) => Some(file),
            (None, Some(_), Some(file))
                if intake.mode("roles.csv") == FileMode::Absent && !intake.is_unread("roles.csv") =>
            {
                Some(file)
            }
            _ => None,
        },
        RosterEntry::StaffMember(_) => roles(),
        RosterEntry::Person(_) => bulk("users.csv"),
        RosterEntry::Group(_) => bulk("classes.csv"),
        RosterEntry::School(_)
        | RosterEntry::RuleSet(_)
        | RosterEntry::Calendar(_)
        | RosterEntry::Delegation(_)
        // Staff's own word.
        | RosterEntry::Spell(_)
        | RosterEntry::Block(_)
        | RosterEntry::AdultConsent(_)
        | RosterEntry::Unread(_) => None,
    }
}

/// Whether something that does not end, and is not over, hangs on a person.
fn is_still_given(intake: &Intake, school: SchoolId, person: &str) -> Result<bool, RosterError> {
    let query = "SELECT s.body, s.origin FROM stored s WHERE (s.one = ?1 OR s.two = ?1) AND s.school = ?2
                   AND s.kind <> 'person' AND s.kind <> 'block' AND NOT EXISTS (SELECT 1 FROM told t
                       WHERE t.school = s.school AND t.kind = s.kind AND t.key = s.key AND t.phase = ?3)";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let values = params![person, school.to_string(), Phase::Ends as i64];
    let rows = statement.query_map(values, |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    for row in rows {
        let (body, origin) = row?;
        if !is_past(&read_stored(&body, &origin)?.entry, intake.options.today) {
            return Ok(true);
        }
    }
    Ok(false)
}
