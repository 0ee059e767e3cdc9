//! What the clock costs where nothing is due: many small schools in one folder.

use super::{figures::Figure, school};
use skolebro_core::{
    clock::MovedClock,
    domain::{
        ids::{GroupId, PersonId, SchoolId},
        people::*,
        roster::{Origin, RosterChange, RosterEntry},
        rules::Country,
        samples,
        toml_file::FileError,
    },
};
use skolebro_server::{
    engine::{Engine, RosterAuthor},
    serve::open_engine,
    store::sqlite::SqliteOptions,
};
use std::{error::Error, path::Path, sync::Arc, time::Instant};

const SCHOOLS: usize = 500;
const PUPILS: usize = 20;
/// A server ticks every fifteen seconds; a hundredth of that.
const AIM: &str = "< 150 ms (1 % of a core)";

pub fn measure(figures: &mut Vec<Figure>, folder: &Path) -> Result<(), Box<dyn Error>> {
    let clock = Arc::new(MovedClock::from(school::morning()));
    let engine = open_engine(&folder.join("many"), None, SqliteOptions::default(), clock)?;
    for number in 0..SCHOOLS {
        let school = SchoolId::derive(&[&"tick", &number]);
        engine.apply_roster(school, roster(number, school)?, RosterAuthor::Import)?;
    }
    let first = one(&engine)?;
    figures.push(Figure::plain("tick of 500 schools, the first of the day", first, " ms", ""));
    // What the first has done is looked at once more.
    one(&engine)?;
    let mut idle: Vec<f64> = (0..20).map(|_| one(&engine)).collect::<Result<_, _>>()?;
    idle.sort_by(f64::total_cmp);
    figures.push(Figure::plain("tick of 500 schools, nothing due", idle[idle.len() / 2], " ms", AIM));
    Ok(())
}

fn unreadable(errors: Vec<FileError>) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// In milliseconds.
fn one(engine: &Engine) -> Result<f64, Box<dyn Error>> {
    let started = Instant::now();
    engine.tick(engine.now())?;
    Ok(started.elapsed().as_secs_f64() * 1000.0)
}

fn roster(number: usize, id: SchoolId) -> Result<Vec<RosterChange>, Box<dyn Error>> {
    let form = SchoolForm::Compulsory;
    let class = GroupId::derive(&[&id, &"1A"]);
    let mut entries: Vec<RosterEntry> = vec![
        School {
            id,
            name: format!("Skola {number}"),
            organiser: "Stora kommunen".into(),
            time_zone: chrono_tz::Europe::Stockholm,
            phone: "021-000 00".into(),
            language: Language::Sv,
        }
        .into(),
        Group { id: class, name: "1A".into(), kind: GroupKind::Class, form, code: None, location: None }.into(),
    ];
    entries.extend(samples::rules(Country::Sweden).map_err(unreadable)?.into_iter().map(RosterEntry::from));
    entries.extend(samples::calendars(Country::Sweden).map_err(unreadable)?.into_iter().map(RosterEntry::from));
    for child in 0..PUPILS {
        let (pupil, adult) = (PersonId::derive(&[&id, &"pupil", &child]), PersonId::derive(&[&id, &"adult", &child]));
        for (person, given_name) in [(pupil, "Elev"), (adult, "Vuxen")] {
            let card = Person {
                id: person,
                given_name: given_name.into(),
                family_name: format!("Nummer {child}"),
                language: None,
                phone: None,
                email: None,
                birth_date: None,
                protected_identity: false,
            };
            entries.push(card.into());
        }
        entries.push(Enrolment { pupil, form, dates: Dates::default() }.into());
        entries.push(Membership { pupil, group: class, dates: Dates::default() }.into());
        let guardianship = Guardianship {
            pupil,
            person: adult,
            kind: GuardianshipKind::Guardian,
            standing: Standing::Confirmed,
            dates: Dates::default(),
            topics: Vec::new(),
        };
        entries.push(guardianship.into());
    }
    Ok(entries.into_iter().map(|entry| RosterChange::Put { entry, origin: Origin::Import }).collect())
}
