//! The roster import: a bundle of CSV files becomes a plan, and the plan becomes small changes of the stored roster.
//!
//! Reading ([`read`]) streams the files into a staging file and never touches the store; planning ([`Staged::plan`])
//! compares with what is stored; applying goes through the engine. One bad row never stops it, nothing is guessed in
//! silence, and no step of it widens what the legal layer or staff have narrowed. docs/import.md describes the formats.

mod alike;
mod brake;
pub mod bundle;
pub mod codes;
pub mod current;
mod encoding;
pub mod error;
mod header;
mod held;
mod intake;
mod legal;
pub(crate) mod lists;
mod marks;
mod oneroster;
pub mod options;
pub mod plan;
mod records;
pub mod remembered;
pub mod report;
mod settle;
mod shown;
mod staging;
mod table;
pub mod told;
mod values;

use bundle::{Bundle, read_error};
use codes::Code;
use encoding::without_mark;
use error::RosterError;
use header::{Shape, nearest};
use intake::Intake;
use oneroster::manifest::FILES;
use options::ReadOptions;
use report::{FileMode, ImportReport, Place};
use staging::Staging;
use std::{collections::BTreeSet, io::Read, path::Path};
use table::Table;

/// The files of our own that a bundle can hold.
pub const OWN_FILES: &[&str] = &["legal.csv", "staff.csv", "school.csv"];

/// A text that the bundle carries for others to read: `rules.toml`, `calendar.toml` and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedText {
    /// The file's name, lower case.
    pub name: String,
    pub text: String,
}

/// How far reading has come; `bytes` counts what was unpacked.
#[derive(Clone, Debug)]
pub struct Progress<'a> {
    pub file: &'a str,
    pub bytes: u64,
}

/// A bundle, read and staged.
#[derive(Debug)]
pub struct Staged {
    intake: Intake,
}

impl Staged {
    /// What reading found so far.
    pub fn report(&self) -> &ImportReport {
        &self.intake.reporter.report
    }

    /// `rules*.toml` and `calendar*.toml`, as they stand.
    pub fn texts(&self) -> &[CarriedText] {
        &self.intake.texts
    }
}

/// Reads a zip, a folder or one of our own files into a staging file in `folder`, row by row.
///
/// # Errors
/// When the bundle as a whole cannot be used; a bad row never is an error.
pub fn read(
    bundle: &Path,
    folder: &Path,
    options: ReadOptions,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Staged, RosterError> {
    let mut bundle = Bundle::open(bundle, options.limits)?;
    let mut intake = Intake::new(options, Staging::open(folder)?);
    intake.texts = inventory(&mut bundle, &mut intake)?;
    let names: BTreeSet<String> = bundle.names().map(str::to_owned).collect();
    let has = |file: &str| names.contains(&file.to_lowercase());
    let manifest = bundle.read("manifest.csv")?.map(without_mark).transpose();
    let manifest = manifest.map_err(|error| read_error("manifest.csv", error))?;
    oneroster::manifest::read(&mut intake, manifest, has)?;
    for file in OWN_FILES {
        if has(file) {
            // Silence of our own files ends nothing, but for staff.csv, which is whole for what it gave.
            let mode = if *file == lists::STAFF { FileMode::Bulk } else { FileMode::Delta };
            intake.modes.insert(file, mode);
            intake.reporter.report.file(file).mode = mode;
        }
    }
    for file in FILES.iter().chain(OWN_FILES) {
        if intake.mode(file) == FileMode::Absent {
            continue;
        }
        progress(Progress { file, bytes: bundle.unpacked() });
        let Some(input) = bundle.read(file)? else { continue };
        let input = without_mark(input).map_err(|error| read_error(file, error))?;
        read_file(&mut intake, file, input)?;
        progress(Progress { file, bytes: bundle.unpacked() });
    }
    Ok(Staged { intake })
}

/// Whether the bundle can be one: it opens, and holds a file that the import knows. It reads no row.
///
/// # Errors
/// Why not.
pub fn look(bundle: &Path) -> Result<(), RosterError> {
    Bundle::open(bundle, options::Limits::default()).map(drop)
}

/// Says what is in the bundle that nobody reads, and takes the texts along.
fn inventory(bundle: &mut Bundle, intake: &mut Intake) -> Result<Vec<CarriedText>, RosterError> {
    for name in std::mem::take(&mut bundle.elsewhere) {
        let what = "the file is outside the folder of the bundle, or stands twice";
        intake.reporter.issue(Place::file(&name), Code::FileElsewhere, None, what);
    }
    let mut texts = Vec::new();
    let names: Vec<String> = bundle.names().map(str::to_owned).collect();
    for name in names {
        if is_text(&name) {
            texts.extend(carried(bundle, intake, name)?);
            continue;
        }
        if is_known(&name) || oneroster::NOT_NEEDED.contains(&name.as_str()) {
            continue;
        }
        let what = match near_file(&name) {
            Some(near) => format!("the file is not known and was not read; did you mean {near}?"),
            None => "the file is not known and was not read".to_owned(),
        };
        intake.reporter.issue(Place::file(&name), Code::FileUnknown, None, what);
    }
    Ok(texts)
}

/// Whether a file of that name, lower case, is read.
fn is_known(name: &str) -> bool {
    name == "manifest.csv" || is_text(name) || FILES.iter().chain(OWN_FILES).any(|file| file.eq_ignore_ascii_case(name))
}

fn is_text(name: &str) -> bool {
    name.ends_with(".toml") && (name.starts_with("rules") || name.starts_with("calendar"))
}

/// The file that a misspelt name is near to.
fn near_file(name: &str) -> Option<&'static str> {
    nearest(name, FILES.iter().chain(OWN_FILES).copied()).filter(|_| name.ends_with(".csv"))
}

fn carried(bundle: &mut Bundle, intake: &mut Intake, name: String) -> Result<Option<CarriedText>, RosterError> {
    let limit = intake.options.limits.text_bytes;
    let mut bytes = Vec::new();
    if let Some(input) = bundle.read(&name)? {
        input.take(limit + 1).read_to_end(&mut bytes).map_err(|error| read_error(&name, error))?;
    }
    let text = String::from_utf8(bytes).ok().filter(|text| text.len() as u64 <= limit);
    let Some(text) = text else {
        let what = "the text is not UTF-8, or larger than the limit";
        intake.reporter.issue(Place::file(&name), Code::TextUnreadable, None, what);
        intake.rules_unclear |= name.starts_with("rules");
        return Ok(None);
    };
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(Some(CarriedText { name, text }))
}

fn shape(file: &str) -> Option<&'static Shape> {
    Some(match file {
        "orgs.csv" => &oneroster::ORGS,
        "academicSessions.csv" => &oneroster::SESSIONS,
        "courses.csv" => &oneroster::COURSES,
        "classes.csv" => &oneroster::CLASSES,
        "users.csv" => &oneroster::USERS,
        "roles.csv" => &oneroster::ROLES,
        "demographics.csv" => &oneroster::DEMOGRAPHICS,
        "enrollments.csv" => &oneroster::ENROLLMENTS,
        legal::FILE => &legal::SHAPE,
        lists::STAFF => &lists::STAFF_SHAPE,
        lists::SCHOOL => &lists::SCHOOL_SHAPE,
        _ => return None,
    })
}

fn read_file<R: Read>(intake: &mut Intake, file: &'static str, input: R) -> Result<(), RosterError> {
    let Some(shape) = shape(file) else { return Ok(()) };
    let row_bytes = intake.options.limits.row_bytes;
    let Some(table) = Table::open(input, shape, row_bytes, &mut intake.reporter)? else {
        // A file that cannot be used ends nothing, and what refers to it stays as it is.
        intake.unread.insert(shape.file);
        intake.modes.insert(file, FileMode::Absent);
        intake.reporter.report.file(file).mode = FileMode::Absent;
        return Ok(());
    };
    match file {
        "orgs.csv" => oneroster::orgs::read(intake, table)?,
        "academicSessions.csv" => oneroster::classes::sessions(intake, table)?,
        "courses.csv" => oneroster::classes::courses(intake, table)?,
        "classes.csv" => oneroster::classes::classes(intake, table)?,
        "users.csv" => oneroster::users::users(intake, table)?,
        "roles.csv" => oneroster::roles::roles(intake, table)?,
        "demographics.csv" => oneroster::demographics::demographics(intake, table)?,
        "enrollments.csv" => oneroster::enrollments::read(intake, table)?,
        legal::FILE => legal::read(intake, table)?,
        lists::STAFF => lists::staff(intake, table)?,
        lists::SCHOOL => lists::schools(intake, table)?,
        _ => {}
    }
    let report = intake.reporter.report.file(file);
    if report.counts.contains_key(&Code::FileCut) {
        intake.staging.hold(held::kind::FILE, file)?;
    }
    if intake.reporter.report.file(file).read == 0 {
        let what = "the file has a first line and no rows";
        intake.reporter.issue(Place::file(file), Code::FileEmpty, None, what);
    }
    Ok(())
}
