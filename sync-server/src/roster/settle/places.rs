//! Pupils and staff in groups, from enrollments.

use super::{at, day, earliest, ends::Scope, latest, period};
use crate::roster::{
    codes::Code,
    error::RosterError,
    intake::Intake,
    oneroster::words::{bits, teaching_role},
    report::FileMode,
    staging::{Phase, state},
    told::Told,
};
use rusqlite::params;
use skolebro_core::domain::{
    ids::{GroupId, PersonId, SchoolId},
    people::{Assignment, Dates, Group, Membership, Reach, Role},
    roster::{Origin, RosterEntry},
};

const ENROLLMENTS: &str = "enrollments.csv";

/// A staged enrollment with what it refers to.
struct Row {
    class: String,
    user: String,
    role: String,
    lead: bool,
    dates: Dates,
    line: i64,
    state: i64,
    school: String,
    /// The class's row: state, school, group, first and last day of its terms.
    of_class: Option<(i64, String, String, Dates)>,
    /// The user's row: state and whether the account is enabled.
    of_user: Option<(i64, bool)>,
    roles: i64,
}

const ENROLLMENT: &str = "
SELECT e.class, e.user, e.role, e.lead, e.first, e.until, e.line, e.state, e.school,
       c.state, c.school, c.entry, c.first, c.until, u.state, u.enabled, coalesce(i.roles, 0), e.rowid
FROM enrollment e LEFT JOIN class c ON c.sid = e.class LEFT JOIN user u ON u.sid = e.user
     LEFT JOIN user_is i ON i.user = e.user
WHERE (e.class, e.user, e.role, e.lead, e.rowid) > (?1, ?2, ?3, ?4, ?5)
ORDER BY e.class, e.user, e.role, e.lead, e.rowid LIMIT 500";

pub fn enrollments(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    let mut after = (String::new(), String::new(), String::new(), false, 0_i64);
    let mut open: Option<Place> = None;
    loop {
        let page: Vec<(Row, i64)> = {
            let mut statement = intake.staging.db.prepare_cached(ENROLLMENT)?;
            let rows = statement.query_map(params![after.0, after.1, after.2, after.3, after.4], |row| {
                let class: Option<i64> = row.get(9)?;
                let user: Option<i64> = row.get(14)?;
                let of_class = match class {
                    Some(state) => {
                        let bounds = Dates { from: day(row.get(12)?), until: day(row.get(13)?) };
                        Some((state, row.get(10)?, row.get(11)?, bounds))
                    }
                    None => None,
                };
                let read = Row {
                    class: row.get(0)?,
                    user: row.get(1)?,
                    role: row.get(2)?,
                    lead: row.get(3)?,
                    dates: Dates { from: day(row.get(4)?), until: day(row.get(5)?) },
                    line: row.get(6)?,
                    state: row.get(7)?,
                    school: row.get(8)?,
                    of_class,
                    of_user: match user {
                        Some(state) => Some((state, row.get(15)?)),
                        None => None,
                    },
                    roles: row.get(16)?,
                };
                Ok((read, row.get(17)?))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((row, rowid)) = page.last() else { break };
        after = (row.class.clone(), row.user.clone(), row.role.clone(), row.lead, *rowid);
        for (row, _) in page {
            let Some((school, group, dates)) = checked(intake, scope, &row)? else { continue };
            let pupil = row.role == "pupil";
            let role = if pupil { None } else { Some(teaching_role(row.lead, group.kind, group.form)) };
            let person = intake.person_id(&row.user);
            match &mut open {
                Some(place) if place.is(person, group.id, role) => {
                    place.periods.push(dates);
                    place.line = row.line;
                }
                _ => {
                    let next = Place {
                        user: row.user,
                        person,
                        school,
                        group: group.id,
                        role,
                        periods: vec![dates],
                        line: row.line,
                    };
                    if let Some(done) = open.replace(next) {
                        done.tell(intake)?;
                    }
                }
            }
        }
    }
    match open {
        Some(done) => done.tell(intake),
        None => Ok(()),
    }
}

/// A pupil or member of staff in a group, over one or more rows.
struct Place {
    user: String,
    person: PersonId,
    school: SchoolId,
    group: GroupId,
    /// `None`: a pupil.
    role: Option<Role>,
    periods: Vec<Dates>,
    line: i64,
}

impl Place {
    fn is(&self, person: PersonId, group: GroupId, role: Option<Role>) -> bool {
        self.person == person && self.group == group && self.role == role
    }

    fn tell(self, intake: &mut Intake) -> Result<(), RosterError> {
        let Some((mut dates, left_out)) = period(self.periods) else { return Ok(()) };
        if left_out {
            let what = "there are several separate periods of the same person in the same group";
            intake.reporter.issue(at(ENROLLMENTS, self.line, ""), Code::PeriodSuperseded, Some(&self.user), what);
        }
        let person = self.person.to_string();
        let entry = match self.role {
            None => {
                intake.staging.place(&person, self.school)?;
                RosterEntry::Membership(Membership { pupil: self.person, group: self.group, dates })
            }
            Some(role) => {
                intake.staging.present(&person, self.school)?;
                // Nobody teaches longer than they are staff.
                let staff = staff_dates(intake, &self.user, self.school)?;
                dates = Dates { from: latest(dates.from, staff.from), until: earliest(dates.until, staff.until) };
                if is_empty(dates) {
                    let what = "the role at the school and the time in the class have no day in common";
                    let place = at(ENROLLMENTS, self.line, "endDate");
                    intake.reporter.issue(place, Code::DatesEmpty, Some(&self.user), what);
                    return Ok(());
                }
                RosterEntry::Assignment(Assignment {
                    person: self.person,
                    role,
                    reach: Reach::Group(self.group),
                    dates,
                })
            }
        };
        let phase = if self.role.is_none() { Phase::Places } else { Phase::Assignments };
        intake.staging.tell(phase, self.school, &Told::Entry(entry), Origin::Import, (ENROLLMENTS, Some(self.line)))
    }
}

fn is_empty(dates: Dates) -> bool {
    matches!((dates.from, dates.until), (Some(from), Some(until)) if until < from)
}

/// From when until when somebody is staff at a school; open without roles.
fn staff_dates(intake: &Intake, user: &str, school: SchoolId) -> Result<Dates, RosterError> {
    let query = "SELECT CASE WHEN sum(first IS NULL) > 0 THEN NULL ELSE min(first) END,
                        CASE WHEN sum(until IS NULL) > 0 THEN NULL ELSE max(until) END
                 FROM user_role WHERE user = ?1 AND school = ?2 AND role <> 'pupil'";
    let row = intake.staging.db.prepare_cached(query)?.query_row(params![user, school.to_string()], |row| {
        Ok(Dates { from: day(row.get(0)?), until: day(row.get(1)?) })
    })?;
    Ok(row)
}

/// The school, group and dates of a row that holds.
fn checked(intake: &mut Intake, scope: &Scope, row: &Row) -> Result<Option<(SchoolId, Group, Dates)>, RosterError> {
    let person = intake.person_id(&row.user).to_string();
    let key = format!("{person}/{}", intake.group_id(&row.class));
    let skip = |intake: &mut Intake, column: &str, code: Code, value: &str, what: &str| {
        intake.reporter.issue(at(ENROLLMENTS, row.line, column), code, Some(value), what);
    };
    match row.state {
        state::GONE => {
            let kind = if row.role == "pupil" { "membership" } else { "teaching" };
            intake.staging.gone(kind, &key, ENROLLMENTS, row.line)?;
            return Ok(None);
        }
        state::HELD => return Ok(None),
        _ => {}
    }
    let (school, group, bounds) = match &row.of_class {
        Some((state::ACTIVE, school, entry, bounds)) => {
            (school.parse::<SchoolId>().ok(), Some(serde_json::from_str::<Group>(entry)?), *bounds)
        }
        Some((state::GONE, ..)) => {
            skip(intake, "classSourcedId", Code::ClassDangling, &row.class, "the class is to be deleted");
            return Ok(None);
        }
        Some(_) => {
            skip(intake, "classSourcedId", Code::ReferenceHeld, &row.class, "the class's row could not be used");
            intake.staging.hold("membership", &key)?;
            return Ok(None);
        }
        None => {
            // A bulk file of classes holds all there are; otherwise the store may know it.
            let stored = if intake.mode("classes.csv") == FileMode::Bulk {
                None
            } else {
                intake.staging.stored_group(&intake.group_id(&row.class).to_string())?
            };
            match stored {
                Some((school, RosterEntry::Group(group))) => {
                    // Its terms, as they were when the class last came: without them a place would be for ever.
                    let terms = intake.staging.said_class(&row.class)?;
                    let bounds = terms.map(|said| Dates { from: said.first, until: said.until }).unwrap_or_default();
                    (Some(school), Some(group), bounds)
                }
                _ => (None, None, Dates::default()),
            }
        }
    };
    let (Some(school), Some(group)) = (school, group) else {
        skip(intake, "classSourcedId", Code::ClassDangling, &row.class, "classes.csv has no such class");
        return Ok(None);
    };
    if !scope.knows(school) {
        skip(intake, "classSourcedId", Code::OrgDangling, &row.class, "the class's school is not known");
        return Ok(None);
    }
    match row.of_user {
        Some((state::ACTIVE, enabled)) => {
            if !enabled && row.role != "pupil" {
                skip(intake, "userSourcedId", Code::NotEnabled, &row.user, "the account is disabled");
                return Ok(None);
            }
        }
        Some((state::GONE, _)) => {
            skip(intake, "userSourcedId", Code::UserDangling, &row.user, "the user is to be deleted");
            return Ok(None);
        }
        Some(_) => {
            skip(intake, "userSourcedId", Code::ReferenceHeld, &row.user, "the user's row could not be used");
            intake.staging.hold("membership", &key)?;
            return Ok(None);
        }
        None if intake.disputed.contains(&row.user) => {
            skip(intake, "userSourcedId", Code::ReferenceHeld, &row.user, "whose id it is, is in dispute");
            intake.staging.hold("membership", &key)?;
            return Ok(None);
        }
        None => {
            let bulk = intake.mode("users.csv") == FileMode::Bulk;
            if bulk || intake.staging.schools_storing("person", &person)?.is_empty() {
                skip(intake, "userSourcedId", Code::UserDangling, &row.user, "users.csv has no such user");
                return Ok(None);
            }
        }
    }
    let expected = if row.role == "pupil" { bits::PUPIL } else { bits::STAFF | bits::OTHER };
    if row.roles != 0 && row.roles & expected == 0 {
        let what = "the user's role and the role in the class contradict each other";
        skip(intake, "role", Code::RoleConflict, &row.user, what);
        return Ok(None);
    }
    if !row.school.is_empty() && row.school != school.to_string() {
        skip(intake, "schoolSourcedId", Code::SchoolDiffers, &row.class, "the class is at another school");
    }
    let dates = Dates { from: row.dates.from.or(bounds.from), until: row.dates.until.or(bounds.until) };
    if is_empty(dates) {
        skip(
            intake,
            "endDate",
            Code::DatesEmpty,
            &row.class,
            "the enrollment and the class's terms have no day in common",
        );
        intake.staging.hold("membership", &key)?;
        return Ok(None);
    }
    Ok(Some((school, group, dates)))
}
