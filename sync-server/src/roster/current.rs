//! What the import must know of the stored roster. It only reads; the plan is made from one copy, and each change is
//! compared again with what is stored when it is applied, so a copy that has grown old does no harm.

use super::error::RosterError;
use crate::store::{self, Reading, SourceRow, Store, StoredEntry};
use skolebro_core::domain::{ids::SchoolId, roster::RosterEntry};

/// The stored roster, as an import looks at it.
pub trait CurrentRoster {
    /// All schools that are stored.
    ///
    /// # Errors
    /// The store's.
    fn schools(&self) -> Result<Vec<SchoolId>, RosterError>;

    /// Every entry of a school's roster.
    ///
    /// # Errors
    /// The store's, or the closure's.
    fn each(
        &self,
        school: SchoolId,
        each: &mut dyn FnMut(StoredEntry) -> Result<(), RosterError>,
    ) -> Result<(), RosterError>;

    /// What the rows of an organiser's source said when they were last imported.
    ///
    /// # Errors
    /// The store's, or the closure's.
    fn said(
        &self,
        organiser: &str,
        each: &mut dyn FnMut(SourceRow) -> Result<(), RosterError>,
    ) -> Result<(), RosterError>;
}

/// Nothing is stored yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyRoster;

impl CurrentRoster for EmptyRoster {
    fn schools(&self) -> Result<Vec<SchoolId>, RosterError> {
        Ok(Vec::new())
    }
    fn each(&self, _: SchoolId, _: &mut dyn FnMut(StoredEntry) -> Result<(), RosterError>) -> Result<(), RosterError> {
        Ok(())
    }
    fn said(&self, _: &str, _: &mut dyn FnMut(SourceRow) -> Result<(), RosterError>) -> Result<(), RosterError> {
        Ok(())
    }
}

/// A store's roster.
pub struct StoreRoster<'a>(pub &'a dyn Store);

impl std::fmt::Debug for StoreRoster<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreRoster")
    }
}

impl CurrentRoster for StoreRoster<'_> {
    fn schools(&self) -> Result<Vec<SchoolId>, RosterError> {
        Ok(store::read(self.0, |reading: &dyn Reading| reading.schools())?)
    }
    fn each(
        &self,
        school: SchoolId,
        each: &mut dyn FnMut(StoredEntry) -> Result<(), RosterError>,
    ) -> Result<(), RosterError> {
        let mut failed = None;
        self.0.read(&mut |reading| {
            reading.roster(school, &mut |entry| {
                // What cannot be read is compared with nothing: it is told anew, and otherwise stays as it is.
                if failed.is_none() && !matches!(entry.entry, RosterEntry::Unread(_)) {
                    failed = each(entry).err();
                }
            })
        })?;
        failed.map_or(Ok(()), Err)
    }
    fn said(
        &self,
        organiser: &str,
        each: &mut dyn FnMut(SourceRow) -> Result<(), RosterError>,
    ) -> Result<(), RosterError> {
        let mut failed = None;
        self.0.read(&mut |reading| {
            reading.source_rows(organiser, &mut |row| {
                if failed.is_none() {
                    failed = each(row).err();
                }
            })
        })?;
        failed.map_or(Ok(()), Err)
    }
}
