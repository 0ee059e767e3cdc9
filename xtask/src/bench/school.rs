//! A data folder to measure on: a sample municipality through the real importer, and phones enrolled with real codes.

use super::light::LightPhone;
use chrono::{DateTime, NaiveDate, Utc};
use skolebro_core::{
    clock::MovedClock,
    domain::{
        access,
        attendance::session::pupil_in_session,
        ids::{PersonId, SchoolId},
        roster::Roster,
        scope::Subject,
        time::local_date,
    },
    protocol::{EnrolRequest, PROTOCOL},
};
use skolebro_demo::sample::{Country, Municipality, SampleSpec};
use skolebro_server::{
    engine::ImportOptions,
    roster::options::ReadOptions,
    serve::open_engine,
    store::{self, sqlite::SqliteOptions},
};
use std::{error::Error, ops::ControlFlow, path::Path, sync::Arc};

/// A Monday in term, ten minutes before seven in Stockholm.
pub const MORNING: &str = "2026-11-23T05:50:00Z";

pub fn morning() -> DateTime<Utc> {
    MORNING.parse().unwrap_or_default()
}

pub fn today() -> NaiveDate {
    local_date(chrono_tz::Europe::Stockholm, morning())
}

/// Makes the folder; gives `phones` light phones, each of the only enrolled guardian of its child, where there are enough.
pub fn make(data: &Path, pupils: u32, phones: usize) -> Result<Vec<LightPhone>, Box<dyn Error>> {
    std::fs::create_dir_all(data)?;
    let municipality = Municipality::generate(SampleSpec { pupils, seed: 1, country: Country::Sweden, today: today() });
    let bundle = data.join("bundle.zip");
    municipality.write_zip(&bundle)?;
    let clock = Arc::new(MovedClock::from(morning()));
    let engine = open_engine(data, None, SqliteOptions::default(), clock)?;
    let options = ImportOptions::new(ReadOptions::new(municipality.name, today()));
    let report = engine.import(&bundle, data, options, &mut |_| ControlFlow::Continue(()))?;
    if report.stopped.is_some() {
        return Err(format!("the sample was not imported: {report}").into());
    }
    let mut found: Vec<(PersonId, SchoolId, PersonId, Arc<[NaiveDate]>)> = Vec::new();
    let schools = store::read(engine.store().as_ref(), |reading| reading.schools())?;
    'schools: for school in schools {
        let roster = store::read(engine.store().as_ref(), |reading| {
            let mut roster = Roster::default();
            reading.roster(school, &mut |stored| roster.put(&stored.entry))?;
            Ok(roster)
        })?;
        for (pupil, _) in roster.pupils() {
            for adult in access::related(&roster, Subject::Pupil(pupil), today()) {
                let Some(holding) = access::home_holding(&roster, adult, pupil, today()) else { continue };
                let custody = matches!(holding.relation, access::Relation::Home(kind) if kind.has_custody());
                if custody && !found.iter().any(|(known, _, child, _)| *known == adult || *child == pupil) {
                    let within_reach = today().iter_days().take(30);
                    let days = within_reach.filter(|day| pupil_in_session(&roster, pupil, *day));
                    found.push((adult, school, pupil, days.collect()));
                }
                if found.len() == phones {
                    break 'schools;
                }
            }
        }
    }
    let mut light = Vec::with_capacity(phones);
    let persons: Vec<PersonId> = found.iter().map(|(adult, ..)| *adult).collect();
    let codes = engine.make_codes(&persons)?;
    for (person, code) in codes {
        let Some((_, school, pupil, days)) = found.iter().find(|(adult, ..)| *adult == person) else { continue };
        let request = EnrolRequest { protocol: PROTOCOL, code, device_name: "light".to_owned() };
        let enrolled = engine.enrol(&request)?;
        light.push(LightPhone::new(enrolled.token, person, *school, *pupil, days.clone()));
    }
    if light.is_empty() {
        return Err("the sample has no guardian to measure with".into());
    }
    Ok(light)
}
