//! The roster import on a running server: read and compared outside the writer, applied through it in small transactions,
//! while phones keep syncing.
//!
//! Every statement is compared again, within its transaction, with what is stored by then: what staff did in the meantime
//! stands. A run that stops half-way has barred, ended and narrowed, and widened nothing; running it again finishes it.

use super::{Engine, refusal::Refusal, roster_changes::RosterAuthor};
use crate::roster::{
    self,
    current::StoreRoster,
    error::RosterError,
    options::ReadOptions,
    plan::{Cursor, Plan, is_safe},
    report::ImportReport,
};
use std::{ops::ControlFlow, path::Path};

/// Rows of one transaction: small beside what a phone's turn takes.
const ROWS_REMEMBERED_AT_ONCE: usize = 500;

/// How a bundle is imported.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    pub read: ReadOptions,
    /// Only look.
    pub dry_run: bool,
    /// Go on even if a school loses more than `ending_percent` of what imports gave it.
    pub allow_ending: bool,
    /// In percent of the school's imported facts.
    pub ending_percent: u32,
}

impl ImportOptions {
    pub fn new(read: ReadOptions) -> Self {
        Self { read, dry_run: false, allow_ending: false, ending_percent: 5 }
    }
}

/// How far an import has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportProgress {
    /// Bytes unpacked so far, at the beginning and the end of each file.
    Reading { file: String, bytes: u64 },
    /// The bundle is being compared with what is stored.
    Comparing,
    /// Statements applied, of all that change something.
    Applying { done: u64, total: u64 },
}

/// Why an import did not finish.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// What was applied until then stays; run it again.
    #[error("the import stopped half-way and has widened nothing; run it again: {0}")]
    Refused(#[from] Refusal),
    #[error("another import is running; wait for it to end")]
    Busy,
    /// The caller asked for it. What was applied until then stays; run it again.
    #[error("the import was stopped; run it again to finish it")]
    Stopped,
}

impl Engine {
    /// Imports a bundle; `folder` is where the staging file goes, in the data folder. `progress` can stop it between two
    /// transactions. A report whose `stopped` says why has applied nothing.
    ///
    /// # Errors
    /// When the bundle cannot be used as a whole, the store does not answer, or another import is running.
    pub fn import(
        &self,
        bundle: &Path,
        folder: &Path,
        options: ImportOptions,
        progress: &mut dyn FnMut(ImportProgress) -> ControlFlow<()>,
    ) -> Result<ImportReport, ImportError> {
        let _alone = self.importing.try_lock().ok_or(ImportError::Busy)?;
        let mut stopped = false;
        let staged = roster::read(bundle, folder, options.read, &mut |seen| {
            let seen = ImportProgress::Reading { file: seen.file.to_owned(), bytes: seen.bytes };
            stopped |= progress(seen).is_break();
        })?;
        if stopped || progress(ImportProgress::Comparing).is_break() {
            return Err(ImportError::Stopped);
        }
        if staged.report().stopped.is_some() {
            // What is not understood might bar or end; leave cannot be given for it.
            let mut report = staged.report().clone();
            report.dry_run = options.dry_run;
            return Ok(report);
        }
        let mut plan = staged.plan(&StoreRoster(&**self.store()))?;
        plan.report_mut().dry_run = options.dry_run;
        let too_much = plan.too_much_ending(options.ending_percent)?;
        if !options.allow_ending {
            plan.report_mut().stopped = too_much;
        }
        if !options.dry_run && plan.report().stopped.is_none() {
            self.apply_plan(&plan, progress)?;
        }
        Ok(plan.report().clone())
    }

    fn apply_plan(
        &self,
        plan: &Plan,
        progress: &mut dyn FnMut(ImportProgress) -> ControlFlow<()>,
    ) -> Result<(), ImportError> {
        let (mut done, total) = (0, plan.len()?);
        let mut cursor = Cursor::default();
        let mut remembered = false;
        loop {
            if progress(ImportProgress::Applying { done, total }).is_break() {
                return Err(ImportError::Stopped);
            }
            let steps = plan.batch(&mut cursor, self.limits().roster_batch)?;
            if !remembered && (steps.is_empty() || !is_safe(&cursor)) {
                self.remember(plan)?;
                remembered = true;
            }
            let Some(school) = steps.first().map(|step| step.school) else { return Ok(()) };
            done += steps.len() as u64;
            let report = self.apply_roster(school, steps, RosterAuthor::Import)?;
            tracing::debug!(%school, ?report, "roster statements applied");
        }
    }

    /// Keeps what the bundle's rows say for the next import, between what this one ends and what it gives.
    fn remember(&self, plan: &Plan) -> Result<(), ImportError> {
        let mut after = None;
        loop {
            let rows = plan.remember(&mut after, ROWS_REMEMBERED_AT_ONCE)?;
            if rows.is_empty() {
                return Ok(());
            }
            let organiser = plan.organiser().to_owned();
            let kept = self.writer.write(move |turn| {
                rows.iter().try_for_each(|row| match row.row(&organiser) {
                    Some(row) => turn.store.put_source_row(&row),
                    None => turn.store.remove_source_row(&organiser, &row.file, &row.id),
                })
            });
            kept.map_err(Refusal::from)?;
        }
    }
}
