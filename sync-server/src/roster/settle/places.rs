//! Pupils and staff in groups, from enrollments.

use super::{at, dates_of, day, earliest, ends::Scope, latest, period};
use crate::roster::{
    codes::Code,
    error::RosterError,
    held,
    intake::Intake,
    oneroster::words::{bits, teaching_role},
    report::FileMode,
    staging::{Phase, bounds, enabled, state},
    told::Told,
};
use chrono::NaiveDate;
use rusqlite::params;
use skolebro_core::domain::{
    ids::{GroupId, PersonId, SchoolId},
    people::{Assignment, Dates, Group, Membership, Reach, Role},
    roster::{Origin, RosterEntry},
};

const ENROLLMENTS: &str = "enrollments.csv";
const CLASSES: &str = "classes.csv";
const USERS: &str = "users.csv";
const ROLES: &str = "roles.csv";

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
    of_class: Option<OfClass>,
    /// The user's row: state and whether the account is enabled.
    of_user: Option<(i64, i64)>,
    roles: i64,
}

/// The class's row: state, school, group, first and last day of its terms, and whether these are known.
struct OfClass {
    state: i64,
    school: String,
    entry: String,
    days: Dates,
    bounds: i64,
}

const ENROLLMENT: &str = "
SELECT e.class, e.user, e.role, e.lead, e.first, e.until, e.line, e.state, e.school,
       c.state, c.school, c.entry, c.first, c.until, u.state, u.enabled, coalesce(i.roles, 0), e.rowid, c.bounds
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
                        let days = Dates { from: day(row.get(12)?), until: day(row.get(13)?) };
                        let (school, entry, bounds) = (row.get(10)?, row.get(11)?, row.get(18)?);
                        Some(OfClass { state, school, entry, days, bounds })
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
            let own_end = row.dates.until.is_some();
            let pupil = row.role == "pupil";
            let role = if pupil { None } else { Some(teaching_role(row.lead, group.kind, group.form)) };
            let person = intake.person_id(&row.user);
            match &mut open {
                Some(place) if place.is(person, group.id, role) => {
                    place.periods.push(dates);
                    place.line = row.line;
                    place.own_end &= own_end;
                }
                _ => {
                    let next = Place {
                        user: row.user,
                        person,
                        school,
                        group: group.id,
                        role,
                        periods: vec![dates],
                        own_end,
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
    /// The rows say themselves when it ends.
    own_end: bool,
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
                if intake.is_unread(ROLES) || intake.staging.is_held(held::kind::ROLES, &person)? {
                    // Until when they are staff could not be read.
                    let what = "the role at the school could not be read; what is stored stays as it is";
                    let place = at(ENROLLMENTS, self.line, "userSourcedId");
                    intake.reporter.issue(place, Code::ReferenceHeld, Some(&self.user), what);
                    return intake.staging.hold(held::kind::MEMBERSHIP, &format!("{person}/{}", self.group));
                }
                // Nobody teaches longer than they are staff.
                let staff = staff_dates(intake, &self.user, self.school)?;
                if !self.own_end && intake.mode(ROLES) != FileMode::Bulk && !intake.roles_in_users {
                    // The bundle need not repeat the role, and with it its end.
                    let key = format!("{person}/{}/{}", role.as_str(), self.group);
                    let stored = intake.staging.stored(&self.school.to_string(), "assignment", &key)?;
                    let stood = stored.and_then(|stored| dates_of(&stored.entry)).and_then(|dates| dates.until);
                    dates.until = earliest(dates.until, stood);
                }
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
    let group_id = intake.group_id(&row.class).to_string();
    let key = format!("{person}/{group_id}");
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
    let found = match &row.of_class {
        Some(class) if class.state == state::ACTIVE => {
            let group = serde_json::from_str::<Group>(&class.entry)?;
            class.school.parse::<SchoolId>().ok().map(|school| (school, group, class.days, class.bounds))
        }
        Some(class) if class.state == state::GONE => {
            skip(intake, "classSourcedId", Code::ClassDangling, &row.class, "the class is to be deleted");
            return Ok(None);
        }
        Some(_) => {
            skip(intake, "classSourcedId", Code::ReferenceHeld, &row.class, "the class's row could not be used");
            intake.staging.hold(held::kind::MEMBERSHIP, &key)?;
            intake.hold_person(held::kind::PLACES_UNLESS_ELSEWHERE, &row.user)?;
            return Ok(None);
        }
        // A bulk file of classes holds all there are; otherwise the store may know it.
        None if intake.mode(CLASSES) == FileMode::Bulk || intake.is_unread(CLASSES) => None,
        None => match intake.staging.stored_group(&group_id)? {
            Some((school, RosterEntry::Group(group))) => {
                // Its terms, as they were when the class last came: without them a place would be for ever.
                match intake.staging.said_class(&row.class)? {
                    Some(said) => Some((school, group, Dates { from: said.first, until: said.until }, bounds::KNOWN)),
                    None => Some((school, group, Dates::default(), bounds::NOT_HERE)),
                }
            }
            _ => None,
        },
    };
    let Some((school, group, days, bounds)) = found else {
        let held = intake.staging.is_held(held::kind::GROUP, &group_id)?
            || intake.staging.is_held(held::kind::FILE, CLASSES)?;
        let code = if held { Code::ReferenceHeld } else { Code::ClassDangling };
        skip(intake, "classSourcedId", code, &row.class, "classes.csv has no such class that could be used");
        if held || intake.is_unread(CLASSES) {
            intake.staging.hold(held::kind::MEMBERSHIP, &key)?;
        }
        // It may be the class that the person is in, misspelt.
        intake.hold_person(held::kind::PLACES_UNLESS_ELSEWHERE, &row.user)?;
        return Ok(None);
    };
    if !scope.knows(school) {
        skip(intake, "classSourcedId", Code::OrgDangling, &row.class, "the class's school is not known");
        intake.hold_person(held::kind::PLACES_UNLESS_ELSEWHERE, &row.user)?;
        intake.staging.hold(held::kind::MEMBERSHIP, &key)?;
        return Ok(None);
    }
    match row.of_user {
        Some((state::ACTIVE, _)) if row.role == "pupil" => {}
        Some((state::ACTIVE, enabled::YES)) => {}
        Some((state::ACTIVE, enabled::NO)) => {
            skip(intake, "userSourcedId", Code::NotEnabled, &row.user, "the account is disabled");
            return Ok(None);
        }
        Some((state::ACTIVE, _)) => {
            let what = "it does not show whether the account is enabled";
            skip(intake, "userSourcedId", Code::ReferenceHeld, &row.user, what);
            intake.staging.hold(held::kind::MEMBERSHIP, &key)?;
            return Ok(None);
        }
        Some((state::GONE, _)) => {
            skip(intake, "userSourcedId", Code::UserDangling, &row.user, "the user is to be deleted");
            return Ok(None);
        }
        Some(_) => {
            skip(intake, "userSourcedId", Code::ReferenceHeld, &row.user, "the user's row could not be used");
            intake.staging.hold(held::kind::MEMBERSHIP, &key)?;
            return Ok(None);
        }
        None if intake.disputed.contains(&row.user) => {
            skip(intake, "userSourcedId", Code::ReferenceHeld, &row.user, "whose id it is, is in dispute");
            intake.staging.hold("membership", &key)?;
            return Ok(None);
        }
        None => {
            let lacks = intake.mode(USERS) == FileMode::Bulk || intake.is_unread(USERS);
            if lacks || intake.staging.schools_storing("person", &person)?.is_empty() {
                super::unknown_user(intake, &row.user, at(ENROLLMENTS, row.line, "userSourcedId"))?;
                // It may be somebody who is in the class, misspelt.
                intake.staging.hold(held::kind::MEMBERS_UNLESS_ELSEWHERE, &group_id)?;
                return Ok(None);
            }
        }
    }
    let expected = if row.role == "pupil" { bits::PUPIL } else { bits::STAFF | bits::OTHER };
    if row.roles != 0 && row.roles & expected == 0 {
        let (code, what) = match row.roles & bits::UNKNOWN {
            0 => (Code::RoleConflict, "the user's role and the role in the class contradict each other"),
            _ => (Code::ReferenceHeld, "the user's role could not be read"),
        };
        skip(intake, "role", code, &row.user, what);
        intake.hold_person(held::kind::PLACES_UNLESS_ELSEWHERE, &row.user)?;
        intake.staging.hold(held::kind::MEMBERSHIP, &key)?;
        return Ok(None);
    }
    if !row.school.is_empty() && row.school != school.to_string() {
        skip(intake, "schoolSourcedId", Code::SchoolDiffers, &row.class, "the class is at another school");
    }
    let days = match bounds {
        bounds::KNOWN => days,
        _ => match days_that_stood(intake, row, (school, &group), &key, bounds)? {
            Some(days) => days,
            None => {
                let what = "the class's terms could not be read, and the row has no end of its own";
                skip(intake, "endDate", Code::ReferenceHeld, &row.class, what);
                intake.hold_person(held::kind::PLACES_UNLESS_ELSEWHERE, &row.user)?;
                return Ok(None);
            }
        },
    };
    let dates = Dates { from: row.dates.from.or(days.from), until: row.dates.until.or(days.until) };
    if is_empty(dates) {
        let what = "the enrollment and the class's terms have no day in common";
        skip(intake, "endDate", Code::DatesEmpty, &row.class, what);
        intake.hold_person(held::kind::PLACES_UNLESS_ELSEWHERE, &row.user)?;
        intake.staging.hold(held::kind::MEMBERSHIP, &key)?;
        return Ok(None);
    }
    Ok(Some((school, group, dates)))
}

/// The days of a class whose terms are not known: those of the place as it is stored, else those of the others in the
/// class. `None`: nothing tells the end, and the terms that would could not be read.
fn days_that_stood(
    intake: &Intake,
    row: &Row,
    (school, group): (SchoolId, &Group),
    key: &str,
    known: i64,
) -> Result<Option<Dates>, RosterError> {
    let (kind, key) = if row.role == "pupil" {
        ("membership", key.to_owned())
    } else {
        let role = teaching_role(row.lead, group.kind, group.form);
        ("assignment", format!("{}/{}/{}", intake.person_id(&row.user), role.as_str(), group.id))
    };
    if let Some(stored) = intake.staging.stored(&school.to_string(), kind, &key)? {
        return Ok(dates_of(&stored.entry));
    }
    if row.dates.until.is_some() {
        return Ok(Some(Dates::default()));
    }
    if let Some(said) = intake.staging.said_class(&row.class)? {
        return Ok(Some(Dates { from: said.first, until: said.until }));
    }
    let query = "SELECT body FROM stored WHERE two = ?1 AND kind = 'membership' AND school = ?2";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let mut rows = statement.query([group.id.to_string(), school.to_string()])?;
    let mut last: Option<Option<NaiveDate>> = None;
    while let Some(row) = rows.next()? {
        let entry: RosterEntry = serde_json::from_str(row.get_ref(0)?.as_str().unwrap_or_default())?;
        let until = dates_of(&entry).and_then(|dates| dates.until);
        last = Some(match last {
            Some(last) => last.zip(until).map(|(last, until)| last.max(until)),
            None => until,
        });
    }
    Ok(match last {
        Some(until) => Some(Dates { from: None, until }),
        None if known == bounds::UNREADABLE => None,
        None => Some(Dates::default()),
    })
}
