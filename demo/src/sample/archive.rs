//! Puts the tables into a folder or a zip file, row by row. Must never let the hour or the machine into the bytes.

use super::{Municipality, SampleError, layer, roster};
use skolebro_core::domain::samples;
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// One file: its columns and what fills it.
pub(super) struct Table {
    pub name: &'static str,
    pub columns: &'static [&'static str],
    pub fill: fn(&Municipality, &mut Rows<'_>) -> Result<(), csv::Error>,
}

/// Takes rows, in CSV with CRLF (RFC 4180).
pub(super) struct Rows<'a> {
    writer: csv::Writer<&'a mut dyn Write>,
    count: u64,
}

impl Rows<'_> {
    pub fn row<const N: usize>(&mut self, cells: [&str; N]) -> Result<(), csv::Error> {
        self.count += 1;
        self.writer.write_record(cells)
    }
}

#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    Folder(&'a Path),
    Zip(&'a Path),
}

/// The rules and calendars of the sample's country, for the import to take along.
fn texts(town: &Municipality) -> [(&'static str, &'static str); 2] {
    let country = town.spec.country.law();
    [("rules.toml", samples::rules_toml(country)), ("calendar.toml", samples::calendars_toml(country))]
}

/// Writes all tables, and the texts; how many rows each table has, in the order written.
pub(super) fn write(town: &Municipality, target: Target<'_>) -> Result<Vec<(&'static str, u64)>, SampleError> {
    let tables = roster::TABLES.iter().chain(&layer::TABLES);
    let mut counts = Vec::new();
    match target {
        Target::Folder(dir) => {
            let io = |source| SampleError::Io { path: dir.to_owned(), source };
            fs::create_dir_all(dir).map_err(io)?;
            for table in tables {
                let path = dir.join(table.name);
                let io = |source| SampleError::Io { path: path.clone(), source };
                let mut file = BufWriter::new(File::create(&path).map_err(io)?);
                counts.push((table.name, write_table(town, table, &mut file)?));
                file.flush().map_err(io)?;
            }
            for (name, text) in texts(town) {
                let path = dir.join(name);
                fs::write(&path, text).map_err(|source| SampleError::Io { path, source })?;
            }
        }
        Target::Zip(path) => {
            let io = |source| SampleError::Io { path: path.to_owned(), source };
            let zip = |source| SampleError::Zip { path: path.to_owned(), source };
            let mut archive = ZipWriter::new(BufWriter::new(File::create(path).map_err(io)?));
            // The earliest time that the format knows, 1 January 1980, and the same permissions everywhere.
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(DateTime::default())
                .unix_permissions(0o644);
            for table in tables {
                archive.start_file(table.name, options).map_err(zip)?;
                counts.push((table.name, write_table(town, table, &mut archive)?));
            }
            for (name, text) in texts(town) {
                archive.start_file(name, options).map_err(zip)?;
                archive.write_all(text.as_bytes()).map_err(io)?;
            }
            archive.finish().map_err(zip)?.flush().map_err(io)?;
        }
    }
    Ok(counts)
}

fn write_table(town: &Municipality, table: &Table, out: &mut dyn Write) -> Result<u64, SampleError> {
    let failed = |source| SampleError::Table { table: table.name, source };
    let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let mut rows = Rows { writer, count: 0 };
    rows.writer.write_record(table.columns).map_err(failed)?;
    (table.fill)(town, &mut rows).map_err(failed)?;
    rows.writer.flush().map_err(|error| failed(error.into()))?;
    Ok(rows.count)
}
