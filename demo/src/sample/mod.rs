//! A municipality that does not exist: schools, classes, staff, pupils, the adults around them and what the law says of
//! each, to try the real importer, the demo and the benchmarks with.
//!
//! Everything follows from the [`SampleSpec`]: the same spec gives the same bytes. It must never read a clock or a file,
//! and never make anything that looks like a personal identity number.

mod archive;
mod columns;
mod country;
mod families;
mod households;
mod layer;
mod model;
mod names;
mod personas;
mod roster;
mod schools;
mod staff;

pub use country::Country;
pub use model::*;
pub use personas::{Persona, PersonaKind};

use archive::Target;
use chrono::{Datelike, NaiveDate};
use std::path::{Path, PathBuf};

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleSpec {
    /// At least [`SampleSpec::FEWEST`], or there are no seats for the personas; fewer are raised to it.
    pub pupils: u32,
    pub seed: u64,
    pub country: Country,
    /// The day that everything dated is told from: ages, the substitute's last day.
    pub today: NaiveDate,
}

impl SampleSpec {
    pub const FEWEST: u32 = 200;

    /// The calendar year in which the school year of `today` began; it turns on 1 July.
    pub fn school_year(&self) -> i32 {
        if self.today.month() >= 7 { self.today.year() } else { self.today.year() - 1 }
    }
}

/// Why a sample could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    #[error("cannot write {path}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("cannot write the table {table}")]
    Table { table: &'static str, source: csv::Error },
    #[error("cannot write the zip file {path}")]
    Zip { path: PathBuf, source: zip::result::ZipError },
}

impl Municipality {
    /// Makes it. About 150 bytes of memory a person; tables are written row by row.
    pub fn generate(spec: SampleSpec) -> Self {
        families::Town::build(SampleSpec { pupils: spec.pupils.max(SampleSpec::FEWEST), ..spec })
    }

    /// Writes the bundle and the legal layer as one zip file with fixed times inside. Returns the rows of each table.
    pub fn write_zip(&self, path: &Path) -> Result<Vec<(&'static str, u64)>, SampleError> {
        archive::write(self, Target::Zip(path))
    }

    /// Writes the same tables as files in `dir`, which is made if it is not there.
    pub fn write_folder(&self, dir: &Path) -> Result<Vec<(&'static str, u64)>, SampleError> {
        archive::write(self, Target::Folder(dir))
    }
}
