//! Staff of whole schools, from roles; and what staff.csv gives, which outranks OneRoster.

use super::{at, day, ends::Scope, is_known_user, relations::known_name, unknown_user};
use crate::roster::{
    codes::Code,
    error::RosterError,
    held,
    intake::Intake,
    report::FileMode,
    staging::{Phase, enabled},
    told::Told,
};
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    people::{Assignment, Dates, Reach, Role, StaffMember},
    roster::{Origin, RosterEntry},
};

const STAFF: &str = "staff.csv";

/// Roles that hold for a whole school; and teachers and aides, who belong to it.
pub fn leading(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    let mut after = 0_i64;
    loop {
        type Found = (i64, String, String, String, Dates, String, i64, i64);
        let page: Vec<Found> = {
            let query = "SELECT r.rowid, r.user, r.school, r.role, r.first, r.until, r.file, r.line,
                                coalesce(u.enabled, 1)
                         FROM user_role r LEFT JOIN user u ON u.sid = r.user
                         WHERE r.rowid > ?1 AND r.role <> 'pupil' ORDER BY r.rowid LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([after], |row| {
                let dates = Dates { from: day(row.get(4)?), until: day(row.get(5)?) };
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, dates, row.get(6)?, row.get(7)?, row.get(8)?))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((rowid, ..)) = page.last() else { return Ok(()) };
        after = *rowid;
        for (_, user, school, role, dates, file, line, enabled) in page {
            let Ok(school) = school.parse::<SchoolId>() else { continue };
            let place = at(&file, line, "");
            if !scope.knows(school) {
                intake.reporter.issue(place, Code::OrgDangling, Some(&user), "the school is not known");
                intake.hold_person(held::kind::ROLES, &user)?;
                continue;
            }
            if !is_known_user(intake, &user)? {
                unknown_user(intake, &user, place)?;
                continue;
            }
            let person = intake.person_id(&user);
            intake.staging.present(&person.to_string(), school)?;
            match enabled {
                enabled::YES => works_here(intake, school, person, (&file, line))?,
                enabled::NO => {}
                // Whether the account is enabled could not be read.
                _ => intake.hold_person(held::kind::ROLES, &user)?,
            }
            let role = match role.as_str() {
                "principal" => Role::Principal,
                "office" => Role::Office,
                _ => continue,
            };
            match enabled {
                enabled::YES => {}
                enabled::NO => {
                    intake.reporter.issue(place, Code::NotEnabled, Some(&user), "the account is disabled");
                    continue;
                }
                _ => {
                    let what = "it does not show whether the account is enabled";
                    intake.reporter.issue(place, Code::ReferenceHeld, Some(&user), what);
                    continue;
                }
            }
            let entry = RosterEntry::Assignment(Assignment { person, role, reach: Reach::School, dates });
            let told = Told::Entry(entry);
            intake.staging.tell(Phase::Assignments, school, &told, Origin::Import, (&file, Some(line)))?;
        }
    }
}

/// Whoever has a role at a school works there, with or without a class: staff find such a one by name. Said once, by the
/// first row of several.
fn works_here(
    intake: &Intake,
    school: SchoolId,
    person: PersonId,
    (file, line): (&str, i64),
) -> Result<(), RosterError> {
    let told = Told::Entry(RosterEntry::StaffMember(StaffMember { person, added_here: false }));
    let key = told.key();
    let query = "SELECT 1 FROM told WHERE school = ?1 AND kind = ?2 AND key = ?3";
    if intake.staging.db.prepare_cached(query)?.exists([&school.to_string(), key.kind, &key.key])? {
        return Ok(());
    }
    intake.staging.tell(Phase::People, school, &told, Origin::Import, (file, Some(line)))
}

/// What staff.csv gives; it outranks what OneRoster says about the same role and place.
pub fn posts(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    type Post = (i64, String, String, String, Option<String>, Dates);
    let posts: Vec<Post> = {
        let query = "SELECT line, person, role, school, class, first, until FROM post ORDER BY line";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([], |row| {
            let dates = Dates { from: day(row.get(5)?), until: day(row.get(6)?) };
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, dates))
        })?;
        rows.collect::<Result<_, _>>()?
    };
    for (line, sid, role, school, class, dates) in posts {
        let role: Role = serde_json::from_str(&role)?;
        let person = intake.person_id(&sid);
        if intake.disputed.contains(&sid) {
            let what = "whose id it is, is in dispute";
            intake.reporter.issue(at(STAFF, line, "person"), Code::ReferenceHeld, Some(&sid), what);
            intake.staging.hold("post", &person.to_string())?;
            continue;
        }
        if !is_somebody(intake, &sid)? {
            let what = "the person is neither in the roster nor named in the row";
            intake.reporter.issue(at(STAFF, line, "person"), Code::PersonUnknown, Some(&sid), what);
            if intake.is_unread("users.csv") {
                // Told once, of the file.
                intake.staging.hold(held::kind::FILE, STAFF)?;
            } else {
                // The id may be somebody else's, misspelt.
                intake.hold_file(STAFF, school.parse().ok(), line.unsigned_abs())?;
            }
            continue;
        }
        let (reach, schools) = match &class {
            None if school.is_empty() => (Reach::School, scope.schools.iter().copied().collect()),
            None => (Reach::School, school.parse().into_iter().collect::<Vec<SchoolId>>()),
            Some(class) => {
                let found = group_school(intake, class)?;
                let Some(of_group) = found else {
                    let what = "the group is not known";
                    intake.reporter.issue(at(STAFF, line, "group"), Code::ClassDangling, Some(class), what);
                    intake.staging.hold(held::kind::POST, &person.to_string())?;
                    continue;
                };
                if !school.is_empty() && school != of_group.to_string() {
                    let what = "the group is at another school than the row says";
                    intake.reporter.issue(at(STAFF, line, "school"), Code::ClassDangling, Some(class), what);
                    intake.staging.hold(held::kind::POST, &person.to_string())?;
                    continue;
                }
                (Reach::Group(intake.group_id(class)), vec![of_group])
            }
        };
        for school in schools {
            if !scope.knows(school) {
                let what = "the school is not known";
                intake.reporter.issue(at(STAFF, line, "school"), Code::OrgDangling, Some(&sid), what);
                intake.staging.hold(held::kind::POST, &person.to_string())?;
                continue;
            }
            intake.staging.present(&person.to_string(), school)?;
            let told = Told::Entry(RosterEntry::Assignment(Assignment { person, role, reach, dates }));
            // One statement per key: this one instead of OneRoster's.
            let key = told.key();
            let delete = "DELETE FROM told WHERE school = ?1 AND kind = ?2 AND key = ?3";
            intake.staging.db.prepare_cached(delete)?.execute([&school.to_string(), key.kind, &key.key])?;
            intake.staging.tell(Phase::Assignments, school, &told, Origin::Legal, (STAFF, Some(line)))?;
        }
    }
    Ok(())
}

/// Roles that give nothing by themselves: a note where staff.csv or staff give the person something at that school, so
/// that a bundle that is in order says so.
pub fn not_taken(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    type Found = (String, String, String, String, i64);
    let found: Vec<Found> = {
        let query = "SELECT user, school, word, file, line FROM not_taken ORDER BY rowid";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (user, school, word, file, line) in found {
        let person = intake.person_id(&user).to_string();
        let mut given = false;
        match school.parse::<SchoolId>() {
            Ok(school) => given = is_given(intake, school, &person)?,
            Err(_) => {
                for school in scope.schools.union(&scope.stored) {
                    given = given || is_given(intake, *school, &person)?;
                }
            }
        }
        let (code, what) = match given {
            true => (Code::RoleInStaff, "the role gives nothing by itself, and something else was given"),
            false => {
                (Code::RoleNotTaken, "the role does not tell what its holder may see at a school, so it gives nothing")
            }
        };
        intake.reporter.issue(at(&file, line, "role"), code, Some(&word), what);
    }
    Ok(())
}

/// Whether staff.csv gives the person an assignment at the school, or staff did by hand.
fn is_given(intake: &Intake, school: SchoolId, person: &str) -> Result<bool, RosterError> {
    // An assignment's key begins with the person; '0' is what comes after '/'.
    let query = "SELECT 1 FROM told WHERE school = ?1 AND kind = 'assignment' AND key > ?2 || '/' AND key < ?2 || '0'
                     AND file = ?3
                 UNION ALL
                 SELECT 1 FROM stored WHERE school = ?1 AND kind = 'assignment' AND one = ?2
                     AND (origin = '\"staff\"' OR (origin = '\"legal\"' AND ?4))";
    let absent = intake.mode(STAFF) == FileMode::Absent;
    let values = rusqlite::params![school.to_string(), person, STAFF, absent];
    Ok(intake.staging.db.prepare_cached(query)?.exists(values)?)
}

/// Whether there is a name to the person. Nobody without one gets anything: not a role, and so not a code.
fn is_somebody(intake: &Intake, sid: &str) -> Result<bool, RosterError> {
    if known_name(intake, sid)? {
        return Ok(true);
    }
    let query = "SELECT 1 FROM post WHERE person = ?1 GROUP BY person HAVING max(given) IS NOT NULL AND max(family) IS NOT NULL";
    Ok(intake.staging.db.prepare_cached(query)?.exists([sid])?)
}

fn group_school(intake: &Intake, class: &str) -> Result<Option<SchoolId>, RosterError> {
    let staged = {
        let query = "SELECT school FROM class WHERE sid = ?1 AND state = 0";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let mut rows = statement.query([class])?;
        rows.next()?.map(|row| row.get::<_, String>(0)).transpose()?
    };
    match staged {
        Some(school) => Ok(school.parse().ok()),
        None => Ok(intake.staging.stored_group(&intake.group_id(class).to_string())?.map(|(school, _)| school)),
    }
}
