//! Schools with their settings, and groups.

use super::{at, ends::Scope};
use crate::roster::{
    codes::Code,
    error::RosterError,
    held,
    intake::{Intake, OrgKind},
    report::{FileMode, Place},
    staging::{Phase, assumed, course, state},
    table::is_garbled,
    told::{Told, ToldSchool},
};
use skolebro_core::domain::{
    ids::SchoolId,
    people::{Group, GroupKind, School},
    roster::{Origin, RosterEntry},
};
use std::collections::{BTreeMap, BTreeSet};

const ORGS: &str = "orgs.csv";
const CLASSES: &str = "classes.csv";

/// Tells of the bundle's schools and groups; gives back which schools the bundle is about.
pub fn schools(intake: &mut Intake) -> Result<Scope, RosterError> {
    let mut scope = Scope { stored: stored_schools(intake)?, ..Scope::default() };
    let orgs: Vec<_> = intake.orgs.iter().map(|(sid, org)| (sid.clone(), org.clone())).collect();
    let organiser = intake.options.organiser_name.clone().or_else(|| {
        let above = orgs.iter().find(|(_, org)| org.kind == OrgKind::Above && org.parent.is_none());
        above.or_else(|| orgs.iter().find(|(_, org)| org.kind == OrgKind::Above)).map(|(_, org)| org.name.clone())
    });
    for (sid, org) in orgs.iter().filter(|(_, org)| org.kind == OrgKind::School) {
        let school = intake.school_id(sid);
        if org.gone {
            let what = "the school is to be deleted; a school is closed by the operator, not by an import";
            intake.reporter.issue(Place::line(ORGS, org.line), Code::SchoolMissing, Some(sid), what);
            continue;
        }
        let stored = scope.stored.contains(&school);
        if !intake.settings.contains_key(sid) && !stored {
            let what = "the school is new and school.csv does not have it; the defaults were used, without a telephone";
            intake.reporter.issue(Place::line(ORGS, org.line), Code::SettingsMissing, Some(sid), what);
        }
        tell_school(intake, sid, Some(&org.name), organiser.as_deref())?;
        scope.sids.insert(school, sid.clone());
        scope.schools.insert(school);
    }
    // Settings of schools that the bundle does not repeat.
    let others: Vec<String> = intake.settings.keys().filter(|sid| !intake.orgs.contains_key(*sid)).cloned().collect();
    for sid in others {
        let school = intake.school_id(&sid);
        if scope.stored.contains(&school) {
            tell_school(intake, &sid, None, None)?;
        } else {
            let line = intake.settings.get(&sid).map_or(0, |settings| settings.line);
            let place = Place::line("school.csv", line);
            intake.reporter.issue(place, Code::OrgDangling, Some(&sid), "the school is not known");
        }
    }
    if intake.mode(ORGS) == FileMode::Bulk {
        for school in scope.stored.difference(&scope.schools) {
            // One server may serve several organisers.
            let name = organiser.as_deref().unwrap_or(&intake.options.organiser);
            match intake.staging.stored(&school.to_string(), "school", "")?.map(|stored| stored.entry) {
                Some(RosterEntry::School(stored)) if stored.organiser == name => {}
                _ => continue,
            }
            let what = "the school is stored, but the bundle does not have it";
            let value = school.to_string();
            intake.reporter.issue(Place::file(ORGS), Code::SchoolMissing, Some(&value), what);
        }
    }
    groups(intake, &mut scope)?;
    Ok(scope)
}

fn stored_schools(intake: &Intake) -> Result<BTreeSet<SchoolId>, RosterError> {
    let schools = intake.staging.schools("SELECT school FROM stored WHERE kind = ?1", ["school"])?;
    Ok(schools.into_iter().collect())
}

fn tell_school(intake: &Intake, sid: &str, name: Option<&str>, organiser: Option<&str>) -> Result<(), RosterError> {
    let settings = intake.settings.get(sid).cloned().unwrap_or_default();
    let id = intake.school_id(sid);
    let new = School {
        id,
        name: name.unwrap_or(sid).to_owned(),
        organiser: organiser.unwrap_or(&intake.options.organiser).to_owned(),
        time_zone: intake.options.time_zone,
        phone: String::new(),
        language: intake.options.language,
    };
    let told = ToldSchool {
        new,
        name: name.map(str::to_owned),
        organiser: organiser.map(str::to_owned),
        time_zone: settings.time_zone,
        phone: settings.phone,
        language: settings.language,
    };
    let line = intake.orgs.get(sid).map(|org| i64::try_from(org.line).unwrap_or(i64::MAX));
    intake.staging.tell(Phase::Schools, id, &Told::School(Box::new(told)), Origin::Import, (ORGS, line))
}

fn groups(intake: &mut Intake, scope: &mut Scope) -> Result<(), RosterError> {
    // By school: whether it has a group with a day roll.
    let mut homerooms: BTreeMap<SchoolId, bool> = BTreeMap::new();
    let mut last = String::new();
    loop {
        let page: Vec<(String, i64, String, String, i64, i64)> = {
            let query = "SELECT sid, line, school, entry, assumed, course_unclear FROM class
                         WHERE sid > ?1 AND state = ?2 ORDER BY sid LIMIT 200";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map(rusqlite::params![last, state::ACTIVE], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((sid, ..)) = page.last() else { break };
        last.clone_from(sid);
        for (sid, line, school, entry, assumed, course) in page {
            let Ok(school) = school.parse::<SchoolId>() else { continue };
            let mut group: Group = serde_json::from_str(&entry)?;
            if !scope.knows(school) {
                let place = at(CLASSES, line, "schoolSourcedId");
                intake.reporter.issue(place, Code::OrgDangling, Some(&sid), "the class's school is not known");
                intake.staging.hold("group", &group.id.to_string())?;
                continue;
            }
            if intake.mode(ORGS) == FileMode::Absent && !intake.is_unread(ORGS) {
                scope.schools.insert(school);
            }
            if !(intake.codes_told && intake.locations_told)
                && let Some((_, RosterEntry::Group(stored))) = intake.staging.stored_group(&group.id.to_string())?
            {
                group.code = if intake.codes_told { group.code } else { stored.code };
                group.location = if intake.locations_told { group.location } else { stored.location };
            }
            if is_garbled(&group.name)
                && let Some((_, RosterEntry::Group(stored))) = intake.staging.stored_group(&group.id.to_string())?
            {
                group.name = stored.name;
            }
            if course != course::KNOWN && !without_course(intake, &mut group, (&sid, line), course)? {
                continue;
            }
            if assumed != assumed::NO && group.kind != GroupKind::Club {
                form(intake, scope, &mut group, school, (&sid, line, assumed))?;
            }
            let day = group.kind != GroupKind::TeachingGroup;
            *homerooms.entry(school).or_default() |= day;
            let told = Told::Entry(RosterEntry::Group(group));
            intake.staging.tell(Phase::Groups, school, &told, Origin::Import, (CLASSES, Some(line)))?;
        }
    }
    if intake.mode(CLASSES) == FileMode::Bulk {
        for (school, _) in homerooms.iter().filter(|(_, day)| !**day) {
            let value = scope.sids.get(school).cloned().unwrap_or_else(|| school.to_string());
            let what = "all classes of the school are scheduled, so it has no daily roll";
            intake.reporter.issue(Place::file(CLASSES), Code::NoHomerooms, Some(&value), what);
        }
    }
    Ok(())
}

/// A class whose course is not there, or could not be read: what is stored stands, because a scheduled class may be the
/// after-school club by its course. `false`: nothing is stored, and nothing can be given.
fn without_course(
    intake: &mut Intake,
    group: &mut Group,
    (sid, line): (&str, i64),
    course: i64,
) -> Result<bool, RosterError> {
    if group.kind != GroupKind::TeachingGroup {
        return Ok(true);
    }
    match intake.staging.stored_group(&group.id.to_string())? {
        Some((_, RosterEntry::Group(stored))) => {
            if stored.kind == GroupKind::Club {
                (group.kind, group.form) = (stored.kind, stored.form);
                keep_entry(intake, sid, group)?;
            }
            Ok(true)
        }
        _ if course == course::UNREADABLE => {
            let what = "the class's course could not be read, and it may be the after-school club";
            intake.reporter.issue(at(CLASSES, line, "courseSourcedId"), Code::ReferenceHeld, Some(sid), what);
            intake.staging.hold(held::kind::GROUP, &group.id.to_string())?;
            let update = "UPDATE class SET state = ?2 WHERE sid = ?1";
            intake.staging.db.prepare_cached(update)?.execute(rusqlite::params![sid, state::HELD])?;
            Ok(false)
        }
        _ => Ok(true),
    }
}

/// Kept for the pupils of the group.
fn keep_entry(intake: &Intake, sid: &str, group: &Group) -> Result<(), RosterError> {
    let update = "UPDATE class SET entry = ?2 WHERE sid = ?1";
    intake.staging.db.prepare_cached(update)?.execute([sid, &serde_json::to_string(group)?])?;
    Ok(())
}

/// A class whose grades do not tell its form: school.csv, then what is stored, then the default.
fn form(
    intake: &mut Intake,
    scope: &Scope,
    group: &mut Group,
    school: SchoolId,
    (sid, line, assumed): (&str, i64, i64),
) -> Result<(), RosterError> {
    let set = scope.sids.get(&school).and_then(|sid| intake.settings.get(sid)).and_then(|settings| settings.form);
    let stored = match intake.staging.stored_group(&group.id.to_string())? {
        Some((_, RosterEntry::Group(stored))) => Some(stored.form),
        _ => None,
    };
    // What could not be read leaves the form as it is.
    let told = if assumed == assumed::UNREADABLE { stored.or(set) } else { set.or(stored) };
    match told.or(intake.options.form) {
        Some(form) => group.form = form,
        None => {
            let what = "neither grades nor school.csv tell the school form; the compulsory school's was assumed";
            intake.reporter.issue(at(CLASSES, line, "grades"), Code::FormAssumed, Some(sid), what);
        }
    }
    keep_entry(intake, sid, group)
}
