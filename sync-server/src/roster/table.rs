//! Records become rows with named columns: headers as exporters spell them, the delimiter they chose, short and long lines.
//!
//! It must never take a column that is only similar: a misspelt one is reported with the nearest name, not read.

use super::{
    bundle::read_error,
    codes::Code,
    error::RosterError,
    records::{Record, Records},
    report::{Place, Reporter},
};
use std::{collections::BTreeMap, io::Read, sync::Arc};

/// What a file of the import is called and which columns it can have.
#[derive(Debug)]
pub struct Shape {
    pub file: &'static str,
    pub columns: &'static [&'static str],
    /// Without these the file cannot be read.
    pub required: &'static [&'static str],
}

/// A file being read row by row.
#[derive(Debug)]
pub struct Table<R> {
    pub shape: &'static Shape,
    records: Records<R>,
    header: Arc<BTreeMap<&'static str, usize>>,
    width: usize,
    /// Ids of rows that could not be read; nothing of theirs must end.
    pub broken: Vec<String>,
}

/// A row: its line and its cells by column name.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: u64,
    cells: Vec<String>,
    header: Arc<BTreeMap<&'static str, usize>>,
}

impl Row {
    /// The cell without surrounding blanks; empty when the column is missing.
    pub fn text(&self, column: &str) -> &str {
        let index = self.header.get(column);
        index.and_then(|index| self.cells.get(*index)).map_or("", |cell| cell.trim())
    }

    /// The cell of an id, a date or a word: exporters write `NULL` for nothing. Not for names, which people bear.
    pub fn value(&self, column: &str) -> Option<&str> {
        let text = self.text(column);
        (!text.is_empty() && !text.eq_ignore_ascii_case("null")).then_some(text)
    }

    /// The line, as the staging file keeps it.
    pub fn at(&self) -> i64 {
        i64::try_from(self.line).unwrap_or(i64::MAX)
    }

    pub fn has(&self, column: &str) -> bool {
        self.header.contains_key(column)
    }

    /// A list, separated by commas or semicolons.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        self.value(column)
            .unwrap_or_default()
            .split([',', ';'])
            .map(|item| item.trim().trim_matches('"').trim())
            .filter(|item| !item.is_empty() && !item.eq_ignore_ascii_case("null"))
    }
}

impl<R: Read> Table<R> {
    /// Reads the header. `None` when the file cannot be used; the report says why.
    pub fn open(
        input: R,
        shape: &'static Shape,
        row_bytes: usize,
        reporter: &mut Reporter,
    ) -> Result<Option<Self>, RosterError> {
        let file = shape.file;
        let failed = |error| read_error(file, error);
        let mut records = Records::new(input, row_bytes);
        let mut first = records.peek_line().map_err(failed)?.to_vec();
        // Excel's own first line names the delimiter.
        if let Some(delimiter) = first.strip_prefix(b"sep=").and_then(|rest| rest.first()) {
            records.delimiter = *delimiter;
            records.next_record(None).map_err(failed)?;
            first = records.peek_line().map_err(failed)?.to_vec();
        }
        let count = |delimiter: u8| first.iter().filter(|byte| **byte == delimiter).count();
        let delimiter =
            [b',', b';', b'\t', b'|'].into_iter().max_by_key(|delimiter| (count(*delimiter), *delimiter == b','));
        if let Some(delimiter) = delimiter.filter(|delimiter| *delimiter != b',' && count(*delimiter) > 0) {
            records.delimiter = delimiter;
            let shown = if delimiter == b'\t' { "tab".to_owned() } else { char::from(delimiter).to_string() };
            reporter.issue(
                Place::file(file),
                Code::Delimiter,
                Some(&shown),
                "the file separates its columns in this way",
            );
        }
        let cells = match records.next_record(None).map_err(failed)? {
            Some(Record::Row { cells, .. }) => cells,
            Some(Record::QuoteOpen { .. } | Record::TooLong { .. }) | None => {
                reporter.issue(Place::file(file), Code::HeaderMissing, None, "the file has no readable first line");
                return Ok(None);
            }
        };
        let header = name_columns(&cells, shape, reporter);
        if header.is_empty() {
            reporter.issue(
                Place::line(file, 1),
                Code::HeaderMissing,
                None,
                "the first line holds none of the file's column names",
            );
            return Ok(None);
        }
        let missing: Vec<&str> = shape.required.iter().copied().filter(|column| !header.contains_key(column)).collect();
        for column in &missing {
            let place = Place::line(file, 1).column(column);
            reporter.issue(
                place,
                Code::ColumnMissing,
                None,
                format!("the column {column} is missing, so the file is not read"),
            );
        }
        if !missing.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self { shape, records, header: Arc::new(header), width: cells.len(), broken: Vec::new() }))
    }

    pub fn has(&self, column: &str) -> bool {
        self.header.contains_key(column)
    }

    /// The next row that can be read; the report tells of those that cannot.
    pub fn next_row(&mut self, reporter: &mut Reporter) -> Result<Option<Row>, RosterError> {
        let file = self.shape.file;
        loop {
            let record = self.records.next_record(Some(self.width)).map_err(|error| read_error(file, error))?;
            let (line, mut cells, latin) = match record {
                None => return Ok(None),
                Some(Record::Row { line, cells, latin }) => (line, cells, latin),
                Some(Record::QuoteOpen { line, first }) => {
                    reporter.report.file(file).read += 1;
                    self.broken.push(first);
                    let what = "a quotation mark opens on this line and closes nowhere that makes sense";
                    reporter.issue(Place::line(file, line), Code::QuoteOpen, None, what);
                    continue;
                }
                Some(Record::TooLong { line }) => {
                    reporter.report.file(file).read += 1;
                    reporter.issue(
                        Place::line(file, line),
                        Code::RowTooLong,
                        None,
                        "the line is longer than the limit",
                    );
                    continue;
                }
            };
            reporter.report.file(file).read += 1;
            let place = Place::line(file, line);
            if latin {
                reporter.issue(place, Code::NotUtf8, None, "the line is not UTF-8");
            }
            if cells.iter().any(|cell| is_garbled(cell)) {
                reporter.issue(place, Code::GarbledText, None, "the line holds text that was decoded wrongly before");
            }
            while cells.len() > self.width && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
                cells.pop();
            }
            if cells.len() > self.width {
                let what = format!("the line has {} columns, the header {}", cells.len(), self.width);
                reporter.issue(place, Code::RowLong, None, what);
                self.broken.push(cells.swap_remove(0).trim().to_owned());
                continue;
            }
            if cells.len() < self.width {
                let what = format!("the line has {} columns, the header {}", cells.len(), self.width);
                reporter.issue(place, Code::RowShort, None, what);
            }
            return Ok(Some(Row { line, cells, header: Arc::clone(&self.header) }));
        }
    }
}

/// UTF-8 that was taken for Latin-1 and encoded again, or a character that was already lost.
fn is_garbled(cell: &str) -> bool {
    cell.contains('\u{fffd}')
        || cell.match_indices('Ã').any(|(at, _)| {
            let next = cell.get(at..).and_then(|rest| rest.chars().nth(1));
            next.is_some_and(|next| "¤¥¶¸¦©…„–˜†‰".contains(next) || ('\u{80}'..='\u{bf}').contains(&next))
        })
}

fn name_columns(cells: &[String], shape: &'static Shape, reporter: &mut Reporter) -> BTreeMap<&'static str, usize> {
    let mut header = BTreeMap::new();
    let place = Place::line(shape.file, 1);
    for (index, cell) in cells.iter().enumerate() {
        let given = cell.trim();
        let exact = shape.columns.iter().copied().find(|column| *column == given);
        let loose = || shape.columns.iter().copied().find(|column| plain(column) == plain(given));
        let Some(column) = exact.or_else(loose) else {
            // Extension columns are the standard's own way to say more; nothing is read from them.
            if !given.is_empty() && !given.to_ascii_lowercase().starts_with("metadata.") {
                let near = nearest(given, shape.columns.iter().copied());
                let what = match near {
                    Some(near) => format!("the column is not known and was not read; did you mean {near}?"),
                    None => "the column is not known and was not read".to_owned(),
                };
                reporter.issue(place.column(given), Code::ColumnUnknown, None, what);
            }
            continue;
        };
        if header.contains_key(column) {
            reporter.issue(place.column(column), Code::ColumnTwice, None, "the column stands twice");
            continue;
        }
        if exact.is_none() {
            reporter.issue(place.column(given), Code::ColumnRespelt, None, format!("the column was read as {column}"));
        }
        header.insert(column, index);
    }
    header
}

/// Without case, blanks, hyphens and underscores.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect()
}

/// The known name that differs by at most two letters, or a third of it.
pub fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let given = plain(given);
    known
        .map(|name| (distance(&given, &plain(name)), name))
        .filter(|(distance, name)| *distance <= 2.max(name.len() / 3).min(4) && *distance < name.len())
        .min()
        .map(|(_, name)| name)
}

/// Levenshtein's.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut last = i;
        let mut next = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let up = row.get(j + 1).copied().unwrap_or_default();
            let left = next.last().copied().unwrap_or_default();
            next.push((last + usize::from(from != *to)).min(up + 1).min(left + 1));
            last = up;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
