//! `import`: hands a roster bundle to the engine, under the organiser's id that this server has had from the first one on.

use super::{
    answer::{Answer, Progress, Trouble},
    desk::Desk,
    order,
};
use crate::{
    engine::{ImportError, ImportOptions, ImportProgress},
    roster::options::{EndDates, ReadOptions},
    store::{read, write},
};
use chrono::{DateTime, Utc};
use skolebro_core::domain::time::local_date;
use std::ops::ControlFlow;

/// The organisers whose rosters came here, as a JSON list.
const ORGANISERS: &str = "import/organisers";
/// Of a server that holds one organiser only, and was never told an id.
const THE_ONLY_ONE: &str = "organiser";

pub(super) fn import(
    desk: &Desk,
    wanted: &order::Import,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Answer, Trouble> {
    let (organiser, known) = organiser(desk, wanted)?;
    let options = ReadOptions {
        organiser_name: wanted.organiser_name.clone(),
        time_zone: wanted.time_zone,
        language: wanted.language,
        end_dates: if wanted.end_dates_count { EndDates::Inclusive } else { EndDates::Exclusive },
        ..ReadOptions::new(&organiser, local_date(wanted.time_zone, now))
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
    let report = desk.engine.import(&wanted.file, &desk.data, options, &mut tell).map_err(|error| match error {
        // The path is the operator's own; nothing else of a bundle is in these.
        ImportError::Roster(_) | ImportError::Busy | ImportError::Refused(_) | ImportError::Stopped => {
            Trouble::refused(error.to_string())
        }
    })?;
    tracing::info!(dry_run = report.dry_run, stopped = report.stopped.is_some(), "roster import ended");
    Ok(Answer::Imported(report))
}

/// The organiser that the bundle is of, and those that are known.
fn organiser(desk: &Desk, wanted: &order::Import) -> Result<(String, Vec<String>), Trouble> {
    let known = read(desk.store(), |reading| reading.meta(ORGANISERS))?;
    let known: Vec<String> = match known {
        Some(text) => serde_json::from_str(&text).map_err(|error| Trouble::refused(error.to_string()))?,
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
