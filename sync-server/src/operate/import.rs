//! `import`: hands a roster bundle to the engine, under the organiser's id that this server has had from the first one on.

use super::{
    answer::{Answer, Progress, Trouble},
    desk::Desk,
    order,
};
use crate::{
    engine::{ImportError, ImportOptions, ImportProgress},
    roster::{
        options::{EndDates, ReadOptions},
        report::ReadWith,
    },
    store::{read, write},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use skolebro_core::{
    domain::{people::Language, time::local_date},
    reading::from_json,
};
use std::{collections::BTreeMap, ops::ControlFlow};

/// The organisers whose rosters came here, as a JSON list.
const ORGANISERS: &str = "import/organisers";
/// What was said once about their exports, as a JSON object by organiser.
const SAID: &str = "import/said";
/// Of a server that holds one organiser only, and was never told an id.
const THE_ONLY_ONE: &str = "organiser";

pub(super) fn import(
    desk: &Desk,
    wanted: &order::Import,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Answer, Trouble> {
    let (organiser, known) = organiser(desk, wanted)?;
    let mut said = SaidOnce::read(desk)?;
    let before = said.0.get(&organiser).copied().unwrap_or_default();
    let read_with = before.with(wanted);
    let options = ReadOptions {
        organiser_name: wanted.organiser_name.clone(),
        time_zone: read_with.time_zone,
        language: read_with.language,
        end_dates: read_with.end_dates,
        ..ReadOptions::new(&organiser, local_date(read_with.time_zone, now))
    };
    let options =
        ImportOptions { dry_run: wanted.dry_run, allow_ending: wanted.allow_ending, ..ImportOptions::new(options) };
    if !wanted.dry_run && !known.contains(&organiser) {
        // Before anything is applied: after a run that stopped half-way the next one must derive the same ids.
        remember(desk, known, &organiser)?;
    }
    let mut tell = |seen: ImportProgress| {
        progress(match seen {
            ImportProgress::Reading { file, bytes } => {
                Progress { what: format!("reading {file}"), done: bytes, total: 0 }
            }
            ImportProgress::Comparing => Progress { what: "comparing".to_owned(), done: 0, total: 0 },
            ImportProgress::Applying { done, total } => Progress { what: "applying".to_owned(), done, total },
        });
        if *desk.closing.borrow() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let result = desk.engine.import(&wanted.file, &desk.data, options, &mut tell);
    let applied = match &result {
        Ok(report) => !report.dry_run && report.stopped.is_none(),
        // Perhaps half of it: the next run must read the rest in the same way.
        Err(ImportError::Refused(_) | ImportError::Stopped) => !wanted.dry_run,
        Err(ImportError::Roster(_) | ImportError::Busy) => false,
    };
    if applied {
        said.0.insert(organiser, Said::from(read_with));
        said.write(desk)?;
    }
    // The path is the operator's own; nothing else of a bundle is in these.
    let mut report = result.map_err(|error| Trouble::refused(error.to_string()))?;
    report.read_with = Some(read_with);
    tracing::info!(dry_run = report.dry_run, stopped = report.stopped.is_some(), "roster import ended");
    Ok(Answer::Imported(report))
}

/// What was said once about each organiser's exports, by the organiser's id: a later import that is silent means the same.
struct SaidOnce(BTreeMap<String, Said>);

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Said {
    #[serde(default)]
    end_dates: Option<EndDates>,
    #[serde(default)]
    time_zone: Option<Tz>,
    #[serde(default)]
    language: Option<Language>,
}

impl From<ReadWith> for Said {
    fn from(used: ReadWith) -> Self {
        Self { end_dates: Some(used.end_dates), time_zone: Some(used.time_zone), language: Some(used.language) }
    }
}

impl Said {
    /// What holds, given what is said now.
    fn with(self, wanted: &order::Import) -> ReadWith {
        let now = wanted.end_dates_count.map(|count| if count { EndDates::Inclusive } else { EndDates::Exclusive });
        let end_dates = now.or(self.end_dates).unwrap_or_default();
        ReadWith {
            end_dates,
            time_zone: wanted.time_zone.or(self.time_zone).unwrap_or(Tz::Europe__Stockholm),
            language: wanted.language.or(self.language).unwrap_or(Language::Sv),
            end_dates_before: self.end_dates.filter(|before| *before != end_dates),
        }
    }
}

impl SaidOnce {
    fn read(desk: &Desk) -> Result<Self, Trouble> {
        let text = read(desk.store(), |reading| reading.meta(SAID))?;
        let said = text.map(|text| from_json(&text)).transpose();
        Ok(Self(
            said.map_err(|error| Trouble::refused(format!("what imports were told cannot be read: {error}")))?
                .unwrap_or_default(),
        ))
    }

    fn write(&self, desk: &Desk) -> Result<(), Trouble> {
        let text = serde_json::to_string(&self.0).map_err(|error| Trouble::refused(error.to_string()))?;
        Ok(write(desk.store(), |writing| writing.put_meta(SAID, &text))?)
    }
}

/// The organiser that the bundle is of, and those that are known.
fn organiser(desk: &Desk, wanted: &order::Import) -> Result<(String, Vec<String>), Trouble> {
    let known = read(desk.store(), |reading| reading.meta(ORGANISERS))?;
    let known: Vec<String> = match known {
        Some(text) => from_json(&text)
            .map_err(|error| Trouble::refused(format!("the names of the organisers cannot be read: {error}")))?,
        None => Vec::new(),
    };
    let organiser = match (&wanted.organiser, known.as_slice()) {
        (Some(given), held) if held.is_empty() || held.contains(given) || wanted.new_organiser => given.clone(),
        (Some(given), held) => {
            return Err(Trouble::usage(format!(
                "rosters came from {} until now, and {given} would make everybody anew under other ids; give \
                 --new-organiser if it is another organiser",
                held.join(", ")
            )));
        }
        (None, []) => THE_ONLY_ONE.to_owned(),
        (None, [only]) => only.clone(),
        (None, several) => {
            return Err(Trouble::usage(format!("say whose roster it is with --organiser: {}", several.join(", "))));
        }
    };
    Ok((organiser, known))
}

fn remember(desk: &Desk, mut known: Vec<String>, organiser: &str) -> Result<(), Trouble> {
    known.push(organiser.to_owned());
    let text = serde_json::to_string(&known).map_err(|error| Trouble::refused(error.to_string()))?;
    Ok(write(desk.store(), |writing| writing.put_meta(ORGANISERS, &text))?)
}
