//! manifest.csv: which version, and which files hold everything, only changes, or nothing.
//!
//! A file that the manifest calls bulk but the bundle lacks is absent: it must never count as empty, which would end all.

use super::{MANIFEST, NOT_NEEDED};
use crate::roster::{
    codes::Code,
    error::RosterError,
    header::nearest,
    intake::Intake,
    report::{FileMode, Place},
    table::{Line, Row, Table},
};
use std::{collections::BTreeMap, io::Read};

/// The files whose mode matters, in the order in which they are read.
pub const FILES: [&str; 8] = [
    "orgs.csv",
    "academicSessions.csv",
    "courses.csv",
    "classes.csv",
    "users.csv",
    "roles.csv",
    "demographics.csv",
    "enrollments.csv",
];

/// Reads the manifest, if there is one, and settles each file's mode. `has` tells which files the bundle holds.
pub fn read<R: Read>(intake: &mut Intake, input: Option<R>, has: impl Fn(&str) -> bool) -> Result<(), RosterError> {
    let mut said: BTreeMap<&'static str, FileMode> = BTreeMap::new();
    let here = input.is_some();
    let table = match input {
        None => {
            if FILES.iter().any(|file| has(file)) {
                let what = "there is no manifest; every file was taken as holding everything";
                intake.reporter.issue(Place::file("manifest.csv"), Code::ManifestMissing, None, what);
            }
            None
        }
        Some(input) => Table::open(input, &MANIFEST, intake.options.limits.row_bytes, &mut intake.reporter)?,
    };
    // One that cannot be read must not make its files whole: what a file lacks would end.
    let manifest = here;
    if let Some(mut table) = table {
        intake.reporter.report.file("manifest.csv").mode = FileMode::Bulk;
        while let Some(line) = table.next_line(&mut intake.reporter)? {
            match line {
                Line::Row(row) => property(intake, &row, &mut said),
                // A file that the line may have named is not named, and ends nothing.
                Line::Broken(_) => {}
            }
        }
    }
    for file in FILES {
        let mode = mode(intake, file, has(file), manifest, said.get(file).copied());
        intake.modes.insert(file, mode);
        if mode != FileMode::Absent {
            intake.reporter.report.file(file).mode = mode;
        }
    }
    Ok(())
}

fn mode(intake: &mut Intake, file: &str, here: bool, manifest: bool, said: Option<FileMode>) -> FileMode {
    let mut differs = |what: &str| intake.reporter.issue(Place::file(file), Code::ManifestDiffers, None, what);
    match (here, said) {
        (true, Some(FileMode::Absent)) => {
            differs("the manifest calls the file absent, so it was not read");
            FileMode::Absent
        }
        (true, Some(mode)) => mode,
        (true, None) if manifest => {
            differs("the manifest does not name the file; it was taken as holding changes only");
            FileMode::Delta
        }
        (true, None) => FileMode::Bulk,
        (false, Some(FileMode::Bulk | FileMode::Delta)) => {
            differs("the manifest names the file, but the bundle lacks it; it was taken as absent");
            FileMode::Absent
        }
        (false, Some(FileMode::Absent) | None) => FileMode::Absent,
    }
}

fn property(intake: &mut Intake, row: &Row, said: &mut BTreeMap<&'static str, FileMode>) {
    const FILE: &str = "manifest.csv";
    let (name, value) = (row.text("propertyName"), row.text("value"));
    let lower = name.to_lowercase();
    if lower == "oneroster.version" {
        intake.reporter.report.version = Some(value.chars().take(10).collect());
        if !["1.0", "1.1", "1.2"].iter().any(|known| value.starts_with(known)) {
            let what = "the version is not known; the files were read all the same";
            intake.issue(FILE, row, "value", Code::ManifestUnknown, Some(value), what);
        }
    } else if let Some(file) = lower.strip_prefix("file.") {
        let mode = match value.to_lowercase().as_str() {
            "absent" => Some(FileMode::Absent),
            "bulk" => Some(FileMode::Bulk),
            "delta" => Some(FileMode::Delta),
            _ => None,
        };
        let known = FILES.iter().find(|known| known.to_lowercase().strip_suffix(".csv") == Some(file));
        match (known, mode) {
            (Some(known), Some(mode)) => {
                // Named twice, the word that ends less counts.
                let mode = match said.get(known) {
                    Some(FileMode::Delta) if mode == FileMode::Bulk => FileMode::Delta,
                    Some(_) | None => mode,
                };
                said.insert(known, mode);
            }
            (Some(known), None) => {
                let what = "the mode is not known; the file was taken as holding changes only, so it ends nothing";
                intake.issue(FILE, row, name, Code::ManifestUnknown, Some(value), what);
                said.insert(known, FileMode::Delta);
            }
            (None, _) if NOT_NEEDED.iter().any(|other| other.strip_suffix(".csv") == Some(file)) => {}
            (None, _) => {
                let what = match nearest(file, FILES.iter().filter_map(|known| known.strip_suffix(".csv"))) {
                    Some(near) => format!("the file is not known; did you mean file.{near}?"),
                    None => "the file is not known".to_owned(),
                };
                intake.issue(FILE, row, "propertyName", Code::ManifestUnknown, Some(name), &what);
            }
        }
    }
}
