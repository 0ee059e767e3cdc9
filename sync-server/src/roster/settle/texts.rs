//! Rule sets and calendars that a bundle carries: told to every school of the bundle. A file with a mistake is not used
//! at all, so that half a rule set never holds.

use super::ends::Scope;
use crate::roster::{
    CarriedText,
    codes::Code,
    error::RosterError,
    intake::Intake,
    report::{FileMode, Place},
    staging::{Phase, read_stored},
    told::Told,
};
use skolebro_core::domain::{
    calendar::SchoolCalendar,
    ids::SchoolId,
    names::folded,
    people::Group,
    roster::{Origin, RosterEntry},
    rules::RuleSet,
    toml_file::FileError,
};
use std::collections::BTreeMap;

/// Tells of rules and calendars, and of schools that lack them.
pub fn texts(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    let schools: Vec<SchoolId> = if scope.schools.is_empty() {
        scope.stored.iter().copied().collect()
    } else {
        scope.schools.iter().copied().collect()
    };
    let texts = std::mem::take(&mut intake.texts);
    let mut of_rules = None;
    for text in &texts {
        let rules = text.name.starts_with("rules");
        for school in &schools {
            let read = if rules { rule_sets(text) } else { calendars(intake, text, *school)? };
            match read {
                Ok(entries) => {
                    if rules && !entries.is_empty() {
                        of_rules = Some(text.name.as_str());
                    }
                    for entry in entries {
                        let told = Told::Entry(entry);
                        intake.staging.tell(Phase::Groups, *school, &told, Origin::Legal, (&text.name, None))?;
                    }
                    intake.reporter.report.file(&text.name).mode = FileMode::Bulk;
                }
                Err(mistakes) => {
                    for mistake in mistakes {
                        let place = Place { line: mistake.line.map(|line| line as u64), ..Place::file(&text.name) };
                        intake.reporter.issue(place, Code::TextInvalid, None, mistake.to_string());
                    }
                    intake.rules_unclear |= rules;
                    // Each school would tell the same.
                    break;
                }
            }
        }
    }
    // Of several rules files one may hold what another lacks, so they are all read before anything ends; and where one
    // could not be read, nothing does.
    if let Some(file) = of_rules.filter(|_| !intake.rules_unclear) {
        end_rules(intake, &schools, file)?;
    }
    intake.texts = texts;
    for school in &scope.schools {
        lacking(intake, scope, *school)?;
    }
    Ok(())
}

type Read = Result<Vec<RosterEntry>, Vec<FileError>>;

fn rule_sets(text: &CarriedText) -> Read {
    Ok(RuleSet::from_toml(&text.text, &text.name)?.into_iter().map(RosterEntry::from).collect())
}

fn calendars(intake: &Intake, text: &CarriedText, school: SchoolId) -> Result<Read, RosterError> {
    let groups = groups(intake, school)?;
    let read = SchoolCalendar::from_toml(&text.text, &text.name, |name| groups.get(&folded(name)).cloned());
    Ok(read.map(|calendars| calendars.into_iter().map(RosterEntry::from).collect()))
}

/// The school's groups by name as names are compared, the bundle's over the stored.
fn groups(intake: &Intake, school: SchoolId) -> Result<BTreeMap<String, Group>, RosterError> {
    let query = "SELECT body, origin FROM stored WHERE school = ?1 AND kind = 'group'";
    let mut found = BTreeMap::new();
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let mut rows = statement.query([school.to_string()])?;
    while let Some(row) = rows.next()? {
        let (body, origin): (String, String) = (row.get(0)?, row.get(1)?);
        if let RosterEntry::Group(group) = read_stored(&body, &origin)?.entry {
            found.insert(folded(&group.name), group);
        }
    }
    let mut statement =
        intake.staging.db.prepare_cached("SELECT body FROM told WHERE school = ?1 AND kind = 'group'")?;
    let mut rows = statement.query([school.to_string()])?;
    while let Some(row) = rows.next()? {
        let body: String = row.get(0)?;
        if let Told::Entry(RosterEntry::Group(group)) = serde_json::from_str(&body)? {
            found.insert(folded(&group.name), group);
        }
    }
    Ok(found)
}

/// A bundle's rules are whole: a rule set that an earlier one gave and this one lacks is ended. Calendars are not,
/// because each school year has its own.
fn end_rules(intake: &Intake, schools: &[SchoolId], file: &str) -> Result<(), RosterError> {
    for school in schools {
        let query =
            "SELECT body, origin FROM stored s WHERE school = ?1 AND kind = 'rule_set' AND origin <> '\"staff\"'
                       AND NOT EXISTS (SELECT 1 FROM told t
                           WHERE t.school = s.school AND t.kind = s.kind AND t.key = s.key)";
        let over: Vec<(String, String)> = {
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([school.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for (body, origin) in over {
            let stored = read_stored(&body, &origin)?;
            // Told in the order of the file's own entries: after the new rules, or there would be a moment without any.
            intake.staging.tell(Phase::Groups, *school, &Told::End(stored.entry), Origin::Legal, (file, None))?;
        }
    }
    Ok(())
}

fn lacking(intake: &mut Intake, scope: &Scope, school: SchoolId) -> Result<(), RosterError> {
    for (kind, code, what) in [
        ("rule_set", Code::RulesMissing, "the school has no rule set, and the bundle brings none"),
        ("calendar", Code::CalendarMissing, "the school has no calendar, and the bundle brings none"),
    ] {
        let query = "SELECT 1 FROM told WHERE school = ?1 AND kind = ?2
                     UNION ALL SELECT 1 FROM stored WHERE school = ?1 AND kind = ?2";
        if !intake.staging.db.prepare_cached(query)?.exists([&school.to_string(), kind])? {
            let value = scope.sids.get(&school).cloned().unwrap_or_else(|| school.to_string());
            intake.reporter.issue(Place::file("orgs.csv"), code, Some(&value), what);
        }
    }
    Ok(())
}
