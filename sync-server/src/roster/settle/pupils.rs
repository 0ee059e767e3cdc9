//! Pupils at schools: from their roles, and from their groups where roles are silent.

use super::{at, day, ends::Scope, is_known_user, period, unknown_user};
use crate::roster::{
    codes::Code,
    error::RosterError,
    held,
    intake::Intake,
    oneroster::words::highest,
    report::FileMode,
    staging::{Phase, state},
    told::Told,
};
use rusqlite::params;
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    people::{Dates, Enrolment, Group, GroupKind, SchoolForm},
    roster::{Origin, RosterEntry},
};

const ENROLLMENTS: &str = "enrollments.csv";

/// Pupils' places at schools: by their roles, and by their groups where roles are silent.
pub fn pupils(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    let mut last = (String::new(), String::new());
    loop {
        let page: Vec<(String, String, i64, String, bool)> = {
            let query = "SELECT DISTINCT r.user, r.school, min(r.line), r.file, u.state IS NULL OR u.state = 0
                         FROM user_role r LEFT JOIN user u ON u.sid = r.user
                         WHERE r.role = 'pupil' AND (r.user, r.school) > (?1, ?2)
                         GROUP BY r.user, r.school ORDER BY r.user, r.school LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([&last.0, &last.1], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((user, school, ..)) = page.last() else { break };
        last = (user.clone(), school.clone());
        for (user, school, line, file, usable) in page {
            let Ok(school) = school.parse::<SchoolId>() else { continue };
            let pupil = intake.person_id(&user);
            if !usable {
                continue;
            }
            if !scope.knows(school) {
                let what = "the pupil's school is not known";
                intake.reporter.issue(at(&file, line, ""), Code::OrgDangling, Some(&user), what);
                intake.hold_person(held::kind::ROLES, &user)?;
                continue;
            }
            if !is_known_user(intake, &user)? {
                unknown_user(intake, &user, at(&file, line, "userSourcedId"))?;
                continue;
            }
            let periods = {
                let query = "SELECT first, until FROM user_role WHERE user = ?1 AND school = ?2 AND role = 'pupil'";
                let mut statement = intake.staging.db.prepare_cached(query)?;
                let rows = statement.query_map(params![user, school.to_string()], |row| {
                    Ok(Dates { from: day(row.get(0)?), until: day(row.get(1)?) })
                })?;
                rows.collect::<Result<Vec<_>, _>>()?
            };
            let Some((dates, left_out)) = period(periods) else { continue };
            if left_out {
                let what = "there are several separate periods of the same pupil at the same school";
                intake.reporter.issue(at(&file, line, ""), Code::PeriodSuperseded, Some(&user), what);
            }
            tell_pupil(intake, scope, (&user, pupil), school, dates, (&file, line))?;
        }
    }
    by_groups(intake, scope)
}

/// Pupils in groups of a school where no role places them.
fn by_groups(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    let mut last = String::new();
    loop {
        let page: Vec<(String, String, i64)> = {
            let query =
                "SELECT DISTINCT e.user, c.school, min(e.line) FROM enrollment e JOIN class c ON c.sid = e.class
                         WHERE e.role = 'pupil' AND e.state = 0 AND c.state = 0 AND e.user || '/' || c.school > ?1
                           AND NOT EXISTS (SELECT 1 FROM user_role r
                               WHERE r.user = e.user AND r.school = c.school AND r.role = 'pupil')
                         GROUP BY e.user, c.school ORDER BY e.user || '/' || c.school LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([&last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((user, school, _)) = page.last() else { return by_stored_groups(intake, scope) };
        last = format!("{user}/{school}");
        for (user, school_text, line) in page {
            let Ok(school) = school_text.parse::<SchoolId>() else { continue };
            let pupil = intake.person_id(&user);
            // Only where the membership itself was told; a place that is stored already needs no repeating.
            let told = {
                let query = "SELECT 1 FROM place WHERE pupil = ?1 AND school = ?2";
                intake.staging.db.prepare_cached(query)?.exists([&pupil.to_string(), &school_text])?
            };
            let delta = intake.mode("users.csv") != FileMode::Bulk;
            if !told || (delta && intake.staging.stored(&school_text, "enrolment", &pupil.to_string())?.is_some()) {
                continue;
            }
            tell_pupil(intake, scope, (&user, pupil), school, Dates::default(), (ENROLLMENTS, line))?;
        }
    }
}

/// Pupils whom a delta puts into a stored class that it does not repeat, where they have no place yet.
fn by_stored_groups(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    let found: Vec<(String, String, i64)> = {
        let query = "SELECT e.user, e.class, min(e.line) FROM enrollment e
                     WHERE e.role = 'pupil' AND e.state = 0 AND NOT EXISTS (SELECT 1 FROM class c WHERE c.sid = e.class)
                     GROUP BY e.user, e.class ORDER BY e.user, e.class";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (user, class, line) in found {
        let pupil = intake.person_id(&user);
        let stored = intake.staging.stored_group(&intake.group_id(&class).to_string())?;
        let Some((school, RosterEntry::Group(group))) = stored else { continue };
        let (at, key) = (school.to_string(), pupil.to_string());
        let placed = intake
            .staging
            .db
            .prepare_cached("SELECT 1 FROM place WHERE pupil = ?1 AND school = ?2")?
            .exists([&key, &at])?;
        let known =
            intake.staging.is_told(&at, "enrolment", &key)? || intake.staging.stored(&at, "enrolment", &key)?.is_some();
        if placed && !known {
            let form = form_of(intake, scope, &user, pupil, school)?.unwrap_or(group.form);
            let told = Told::Entry(RosterEntry::Enrolment(Enrolment { pupil, form, dates: Dates::default() }));
            intake.staging.tell(Phase::Places, school, &told, Origin::Import, (ENROLLMENTS, Some(line)))?;
        }
    }
    Ok(())
}

fn tell_pupil(
    intake: &mut Intake,
    scope: &Scope,
    (user, pupil): (&str, PersonId),
    school: SchoolId,
    dates: Dates,
    (file, line): (&str, i64),
) -> Result<(), RosterError> {
    intake.staging.place(&pupil.to_string(), school)?;
    let form = match form_of(intake, scope, user, pupil, school)? {
        Some(form) => form,
        None => {
            let what =
                "neither grades, a class nor school.csv tell the school form; the compulsory school's was assumed";
            intake.reporter.issue(at(file, line, "grades"), Code::FormAssumed, Some(user), what);
            SchoolForm::Compulsory
        }
    };
    let told = Told::Entry(RosterEntry::Enrolment(Enrolment { pupil, form, dates }));
    intake.staging.tell(Phase::Places, school, &told, Origin::Import, (file, Some(line)))
}

/// A pupil's school form: by the pupil's own grade, the homeroom's, the school's, or what is stored.
fn form_of(
    intake: &Intake,
    scope: &Scope,
    user: &str,
    pupil: PersonId,
    school: SchoolId,
) -> Result<Option<SchoolForm>, RosterError> {
    let (own, unclear) = {
        let query = "SELECT form, grade_unclear OR EXISTS (
                         SELECT 1 FROM enrollment e LEFT JOIN class c ON c.sid = e.class
                         WHERE e.user = u.sid AND e.role = 'pupil' AND e.state = 0 AND coalesce(c.state, ?2) = ?2)
                     FROM user u WHERE u.sid = ?1";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let mut rows = statement.query(params![user, state::HELD])?;
        match rows.next()? {
            Some(row) => (row.get::<_, Option<String>>(0)?, row.get::<_, bool>(1)?),
            None => (None, false),
        }
    };
    if let Some(form) = own {
        return Ok(Some(serde_json::from_str(&form)?));
    }
    let stored = match intake.staging.stored(&school.to_string(), "enrolment", &pupil.to_string())?.map(|s| s.entry) {
        Some(RosterEntry::Enrolment(place)) => Some(place.form),
        _ => None,
    };
    // A grade or a class that could not be read leaves the form as it is.
    if let (true, Some(form)) = (unclear, stored) {
        return Ok(Some(form));
    }
    let mut forms: Vec<(GroupKind, SchoolForm)> = Vec::new();
    {
        let query = "SELECT c.entry FROM enrollment e JOIN class c ON c.sid = e.class
                     WHERE e.user = ?1 AND c.school = ?2 AND e.role = 'pupil' AND e.state = 0 AND c.state = 0";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let mut rows = statement.query(params![user, school.to_string()])?;
        while let Some(row) = rows.next()? {
            let group: Group = serde_json::from_str(row.get_ref(0)?.as_str().unwrap_or_default())?;
            forms.push((group.kind, group.form));
        }
    }
    let classes = forms.iter().filter(|(kind, _)| *kind == GroupKind::Class).map(|(_, form)| *form);
    let of_groups = highest(classes).or_else(|| highest(forms.iter().map(|(_, form)| *form)));
    let set = scope.sids.get(&school).and_then(|sid| intake.settings.get(sid)).and_then(|settings| settings.form);
    Ok(of_groups.or(set).or(stored).or(intake.options.form))
}
