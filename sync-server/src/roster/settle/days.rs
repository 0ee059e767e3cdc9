//! Pupils whom no class has on a day in session: they belong to the school, and nobody would call the roll for them.
//!
//! It only tells; nothing is given or taken because of it.

use super::ends::Scope;
use crate::roster::{
    codes::Code,
    error::RosterError,
    intake::Intake,
    report::{FileMode, Place},
    staging::Phase,
    told::Told,
};
use chrono::{Datelike, NaiveDate, Weekday};
use rusqlite::{OptionalExtension, params};
use skolebro_core::domain::{
    calendar::{SchoolCalendar, school_year_of},
    ids::SchoolId,
    people::{Dates, Enrolment, Group, GroupKind, SchoolForm},
    roster::RosterEntry,
};
use std::collections::BTreeMap;

const ENROLLMENTS: &str = "enrollments.csv";

/// Tells of the pupils whom the bundle leaves without a class on days of this school year.
pub fn days_without_class(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    if intake.mode(ENROLLMENTS) == FileMode::Absent {
        return Ok(());
    }
    // Days ahead first: for them there is something to do.
    let (mut ahead, mut past) = (Vec::new(), Vec::new());
    for school in &scope.schools {
        let mut days = SessionDays::of(intake, *school)?;
        for pupil in pupils(intake, *school)? {
            let Some(enrolment) = enrolment(intake, *school, &pupil)? else { continue };
            let open = days.without(enrolment.form, enrolment.dates, &places(intake, *school, &pupil)?);
            let Some(first) = open.first() else { continue };
            let next = open.iter().find(|day| **day >= intake.options.today);
            let what = format!("{} days in session without a class, one of them {}", open.len(), next.unwrap_or(first));
            let list = if next.is_some() { &mut ahead } else { &mut past };
            list.push((sid(intake, &pupil)?, what));
        }
    }
    for (pupil, what) in ahead.into_iter().chain(past) {
        intake.reporter.issue(Place::file(ENROLLMENTS), Code::DaysWithoutClass, Some(&pupil), what);
    }
    Ok(())
}

/// The pupils about whom the bundle says something at the school.
fn pupils(intake: &Intake, school: SchoolId) -> Result<Vec<String>, RosterError> {
    let query =
        "SELECT DISTINCT substr(key, 1, 36) FROM told WHERE school = ?1 AND kind IN ('enrolment', 'membership')";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let rows = statement.query_map([school.to_string()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn sid(intake: &Intake, pupil: &str) -> Result<String, RosterError> {
    let mut statement = intake.staging.db.prepare_cached("SELECT sid FROM user WHERE id = ?1")?;
    Ok(statement.query_row([pupil], |row| row.get(0)).optional()?.unwrap_or_else(|| pupil.to_owned()))
}

/// What will be stored after the import under keys that begin with a pupil: what is told, and what is stored of which
/// nothing is told.
fn coming(intake: &Intake, school: SchoolId, kind: &str, pupil: &str) -> Result<Vec<RosterEntry>, RosterError> {
    let mut entries = Vec::new();
    {
        let query = "SELECT body FROM told WHERE school = ?1 AND kind = ?2 AND key >= ?3 AND key < ?3 || '0'
                       AND phase <> ?4";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let mut rows = statement.query(params![school.to_string(), kind, pupil, Phase::Ends as i64])?;
        while let Some(row) = rows.next()? {
            if let Told::Entry(entry) = serde_json::from_str(row.get_ref(0)?.as_str().unwrap_or_default())? {
                entries.push(entry);
            }
        }
    }
    let query = "SELECT body FROM stored s WHERE school = ?1 AND kind = ?2 AND one = ?3 AND NOT EXISTS (
                     SELECT 1 FROM told t WHERE t.school = s.school AND t.kind = s.kind AND t.key = s.key)";
    let mut statement = intake.staging.db.prepare_cached(query)?;
    let mut rows = statement.query([school.to_string().as_str(), kind, pupil])?;
    while let Some(row) = rows.next()? {
        entries.push(serde_json::from_str(row.get_ref(0)?.as_str().unwrap_or_default())?);
    }
    Ok(entries)
}

fn enrolment(intake: &Intake, school: SchoolId, pupil: &str) -> Result<Option<Enrolment>, RosterError> {
    let mut found = coming(intake, school, "enrolment", pupil)?.into_iter();
    Ok(found.find_map(|entry| if let RosterEntry::Enrolment(found) = entry { Some(found) } else { None }))
}

/// When the pupil is in which kind of group.
fn places(intake: &Intake, school: SchoolId, pupil: &str) -> Result<Vec<(GroupKind, Dates)>, RosterError> {
    let mut places = Vec::new();
    for entry in coming(intake, school, "membership", pupil)? {
        let RosterEntry::Membership(place) = entry else { continue };
        let told = {
            let query = "SELECT entry FROM class WHERE id = ?1 AND state = 0";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            statement.query_row([place.group.to_string()], |row| row.get::<_, String>(0)).optional()?
        };
        let group: Option<Group> = match told {
            Some(entry) => Some(serde_json::from_str(&entry)?),
            None => match intake.staging.stored_group(&place.group.to_string())? {
                Some((_, RosterEntry::Group(group))) => Some(group),
                Some(_) | None => None,
            },
        };
        places.extend(group.map(|group| (group.kind, place.dates)));
    }
    Ok(places)
}

/// The days on which a school is in session, by form.
struct SessionDays {
    calendars: Vec<SchoolCalendar>,
    /// First and last day of the school's terms, where it has no calendar.
    terms: Option<(NaiveDate, NaiveDate)>,
    today: NaiveDate,
    found: BTreeMap<&'static str, Vec<NaiveDate>>,
}

impl SessionDays {
    fn of(intake: &Intake, school: SchoolId) -> Result<Self, RosterError> {
        let mut calendars: BTreeMap<String, SchoolCalendar> = BTreeMap::new();
        let queries = [
            "SELECT key, body FROM stored WHERE school = ?1 AND kind = 'calendar'",
            "SELECT key, json_extract(body, '$.entry') FROM told WHERE school = ?1 AND kind = 'calendar'",
        ];
        for query in queries {
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let mut rows = statement.query([school.to_string()])?;
            while let Some(row) = rows.next()? {
                let (key, body): (String, String) = (row.get(0)?, row.get(1)?);
                if let RosterEntry::Calendar(calendar) = serde_json::from_str(&body)? {
                    calendars.insert(key, calendar);
                }
            }
        }
        let query = "SELECT min(first), max(until) FROM class WHERE school = ?1 AND state = 0 AND first IS NOT NULL
                       AND until IS NOT NULL";
        let terms = intake
            .staging
            .db
            .prepare_cached(query)?
            .query_row([school.to_string()], |row| Ok(super::day(row.get(0)?).zip(super::day(row.get(1)?))))?;
        let today = intake.options.today;
        Ok(Self { calendars: calendars.into_values().collect(), terms, today, found: BTreeMap::new() })
    }

    /// The days in session on which no class has a pupil of the form, within the time that the pupil is there.
    fn without(&mut self, form: SchoolForm, there: Dates, places: &[(GroupKind, Dates)]) -> Vec<NaiveDate> {
        let counting = counting(places);
        let mut days = Vec::new();
        for day in self.days(form) {
            if there.contain(*day) && !counting.iter().any(|dates| dates.contain(*day)) {
                days.push(*day);
            }
        }
        days
    }

    fn days(&mut self, form: SchoolForm) -> &[NaiveDate] {
        let Self { calendars, terms, today, found } = self;
        found.entry(form.as_str()).or_insert_with(|| {
            let year = school_year_of(*today);
            // Groups that have a calendar of their own are few; the form's says on which days most are there.
            let of_form =
                calendars.iter().filter(|one| one.form == form && one.group.is_none() && one.school_year == year);
            let mut days: Vec<NaiveDate> = of_form
                .filter_map(|calendar| calendar.bounds().map(|(first, last)| calendar.days_in_session(first, last)))
                .flatten()
                .collect();
            if let (true, Some((first, last))) = (calendars.is_empty(), *terms) {
                let open = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
                days.extend(first.iter_days().take_while(|day| *day <= last).filter(open));
            }
            days
        })
    }
}

/// The groups that count: those with a daily roll; for who is in none of them, lessons; or else the after-school club.
fn counting(places: &[(GroupKind, Dates)]) -> Vec<Dates> {
    let rank = |kind: GroupKind| match kind {
        GroupKind::Class | GroupKind::MentorGroup | GroupKind::Department => 0,
        GroupKind::TeachingGroup => 1,
        GroupKind::Club => 2,
    };
    let best = places.iter().map(|(kind, _)| rank(*kind)).min();
    places.iter().filter(|(kind, _)| Some(rank(*kind)) == best).map(|(_, dates)| *dates).collect()
}
