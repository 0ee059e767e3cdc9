//! Records become rows with named columns: the delimiter that exporters chose, short and long lines, names that stand again.
//!
//! It must never read a line one column off: one with more cells than names, or of our own files with fewer, is broken.

use super::{
    bundle::read_error,
    codes::Code,
    error::RosterError,
    header::{Header, Shape},
    records::{Record, Records},
    report::{Place, Reporter},
};
use std::{io::Read, sync::Arc};

/// A file being read row by row.
#[derive(Debug)]
pub struct Table<R> {
    pub shape: &'static Shape,
    records: Records<R>,
    header: Arc<Header>,
}

/// A line of a file that should be a row.
#[derive(Clone, Debug)]
pub enum Line {
    Row(Row),
    /// It cannot be read; the report says so. What it may have been about must not end or change.
    Broken(Broken),
}

/// A row: its line and its cells by column name.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: u64,
    cells: Vec<String>,
    header: Arc<Header>,
}

/// A line whose cells do not stand where they should.
#[derive(Clone, Debug)]
pub struct Broken {
    pub line: u64,
    pub cells: Vec<String>,
    pub header: Arc<Header>,
}

impl Broken {
    /// What may stand in a column: the cells by which it may have moved, those that are not empty.
    pub fn candidates(&self, column: &str) -> impl Iterator<Item = &str> {
        let (cells, width) = (self.cells.len(), self.header.width);
        let places = self.header.at(column).map(|at| {
            let first = at.saturating_sub(width.saturating_sub(cells));
            first..=at + cells.saturating_sub(width)
        });
        let cells = places.and_then(|places| {
            let last = (*places.end()).min(cells.saturating_sub(1));
            self.cells.get(*places.start()..=last)
        });
        cells.unwrap_or_default().iter().map(|cell| cell.trim()).filter(|cell| !is_nothing(cell))
    }

    /// The line, as the staging file keeps it.
    pub fn at(&self) -> i64 {
        i64::try_from(self.line).unwrap_or(i64::MAX)
    }
}

/// Exporters write `NULL` for nothing.
fn is_nothing(text: &str) -> bool {
    text.is_empty() || text.eq_ignore_ascii_case("null")
}

impl Row {
    /// The cell without surrounding blanks; empty when the column is missing.
    pub fn text(&self, column: &str) -> &str {
        let index = self.header.at(column);
        index.and_then(|index| self.cells.get(index)).map_or("", |cell| cell.trim())
    }

    /// The cell of an id, a date or a word: exporters write `NULL` for nothing. Not for names, which people bear.
    pub fn value(&self, column: &str) -> Option<&str> {
        let text = self.text(column);
        (!is_nothing(text)).then_some(text)
    }

    /// Whether the line ends before that column, though the file has it: nobody knows what stood there.
    pub fn is_cut_before(&self, column: &str) -> bool {
        self.header.at(column).is_some_and(|index| index >= self.cells.len())
    }

    /// The line, as the staging file keeps it.
    pub fn at(&self) -> i64 {
        i64::try_from(self.line).unwrap_or(i64::MAX)
    }

    pub fn has(&self, column: &str) -> bool {
        self.header.has(column)
    }

    /// The line as one whose cells may have moved, where it has fewer than names: a separator may be missing anywhere.
    pub fn as_broken(&self) -> Option<Broken> {
        let short = self.cells.len() < self.header.width;
        short.then(|| Broken { line: self.line, cells: self.cells.clone(), header: Arc::clone(&self.header) })
    }

    /// A list, separated by commas or semicolons.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        self.value(column)
            .unwrap_or_default()
            .split([',', ';'])
            .map(|item| item.trim().trim_matches('"').trim())
            .filter(|item| !is_nothing(item))
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
        let (line, cells) = match records.next_record(None).map_err(failed)? {
            Some(Record::Row { line, cells, .. }) => (line, cells),
            None => {
                reporter.issue(Place::file(file), Code::HeaderMissing, None, "the file is empty");
                return Ok(None);
            }
            Some(Record::QuoteOpen { .. } | Record::TooLong { .. }) => {
                let what = "the file has no readable first line";
                reporter.issue(Place::file(file), Code::HeaderMissing, None, what);
                if shape.is_ours() {
                    reporter.stop_at(Place::line(file, 1), "", None, what);
                }
                return Ok(None);
            }
        };
        let header = Header::read(&cells, line, shape, reporter);
        if header.columns.is_empty() {
            let what = "the first line holds none of the file's column names";
            reporter.issue(Place::line(file, line), Code::HeaderMissing, None, what);
            return Ok(None);
        }
        let missing: Vec<&str> = header.missing(shape).collect();
        for column in &missing {
            let place = Place::line(file, line).column(column);
            let what = format!("the column {column} is missing, so the file is not read");
            if shape.is_ours() {
                reporter.stop_at(place, column, None, &what);
            }
            reporter.issue(place, Code::ColumnMissing, None, what);
        }
        if !missing.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self { shape, records, header: Arc::new(header) }))
    }

    pub fn has(&self, column: &str) -> bool {
        self.header.has(column)
    }

    /// The next line that should be a row; the report tells of those that cannot be read.
    pub fn next_line(&mut self, reporter: &mut Reporter) -> Result<Option<Line>, RosterError> {
        let file = self.shape.file;
        loop {
            let width = self.header.width;
            let record = self.records.next_record(Some(width)).map_err(|error| read_error(file, error))?;
            let (line, cells, latin, unended) = match record {
                None => return Ok(None),
                Some(Record::Row { line, cells, latin, unended }) => (line, cells, latin, unended),
                Some(Record::QuoteOpen { line, cells }) => {
                    let what = "a quotation mark opens on this line and closes nowhere that makes sense";
                    return Ok(Some(self.broken(line, cells, Code::QuoteOpen, what, reporter)));
                }
                Some(Record::TooLong { line, cells }) => {
                    return Ok(Some(self.broken(
                        line,
                        cells,
                        Code::RowTooLong,
                        "the line is longer than the limit",
                        reporter,
                    )));
                }
            };
            let place = Place::line(file, line);
            if is_no_row(&cells, width) {
                reporter.issue(place, Code::LineNoRow, None, "the line is a rule of dashes or a count");
                continue;
            }
            if Header::is_repeated_by(&cells, self.shape) {
                self.names_again(&cells, line, reporter);
                continue;
            }
            if latin {
                reporter.issue(place, Code::NotUtf8, None, "the line is not UTF-8");
            }
            if cells.iter().any(|cell| is_garbled(cell)) {
                reporter.issue(place, Code::GarbledText, None, "the line holds text that was decoded wrongly before");
            }
            if cells.len() > width {
                let what = format!("the line has {} columns, the header {width}", cells.len());
                return Ok(Some(self.broken(line, cells, Code::RowLong, &what, reporter)));
            }
            let is_filled = |at: &usize| cells.get(*at).is_some_and(|cell| !cell.trim().is_empty());
            if self.header.nameless.iter().any(is_filled) {
                let what = "a cell stands under no column name";
                return Ok(Some(self.broken(line, cells, Code::RowLong, what, reporter)));
            }
            let flat = self.cut_at_every_separator(&cells);
            if cells.len() < width && flat.len() >= width {
                let what = "quotation marks stand around several cells";
                return Ok(Some(self.broken(line, flat, Code::RowCut, what, reporter)));
            }
            if cells.len() < width && (unended || self.shape.is_ours()) {
                let what = format!("the line has {} columns, the header {width}", cells.len());
                if unended {
                    reporter.issue(place, Code::FileCut, None, "the file breaks off within its last line");
                }
                return Ok(Some(self.broken(line, cells, Code::RowCut, &what, reporter)));
            }
            reporter.report.file(file).read += 1;
            if cells.len() < width {
                let what = format!("the line has {} columns, the header {width}", cells.len());
                reporter.issue(place, Code::RowShort, None, what);
            }
            return Ok(Some(Line::Row(Row { line, cells, header: Arc::clone(&self.header) })));
        }
    }

    fn cut_at_every_separator(&self, cells: &[String]) -> Vec<String> {
        let separator = char::from(self.records.delimiter);
        cells.iter().flat_map(|cell| cell.split(separator)).map(|cell| cell.trim().to_owned()).collect()
    }

    fn broken(&self, line: u64, cells: Vec<String>, code: Code, what: &str, reporter: &mut Reporter) -> Line {
        let file = self.shape.file;
        reporter.report.file(file).read += 1;
        reporter.issue(Place::line(file, line), code, None, what);
        Line::Broken(Broken { line, cells, header: Arc::clone(&self.header) })
    }

    /// Two exports put together: the names stand again, and may stand in another order from here on.
    fn names_again(&mut self, cells: &[String], line: u64, reporter: &mut Reporter) {
        let place = Place::line(self.shape.file, line);
        reporter.issue(place, Code::HeaderRepeated, None, "the line repeats the column names");
        let same = |(column, at): (&&'static str, &usize)| cells.get(*at).is_some_and(|cell| cell.trim().eq(*column));
        if cells.len() != self.header.width || !self.header.columns.iter().all(same) {
            self.header = Arc::new(Header::read(cells, line, self.shape, reporter));
        }
    }
}

/// What database tools write around rows: a rule of dashes, and how many rows there were.
fn is_no_row(cells: &[String], width: usize) -> bool {
    let mut filled = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).peekable();
    if let [only] = cells
        && width > 1
    {
        let only = only.trim();
        return only.starts_with('(') && only.ends_with(')');
    }
    width > 1 && filled.peek().is_some() && filled.all(|cell| cell.len() > 1 && cell.chars().all(|c| c == '-'))
}

/// UTF-8 that was taken for Latin-1 and encoded again, or a character that was already lost.
pub fn is_garbled(cell: &str) -> bool {
    cell.contains('\u{fffd}')
        || cell.match_indices('Ã').any(|(at, _)| {
            let next = cell.get(at..).and_then(|rest| rest.chars().nth(1));
            next.is_some_and(|next| "¤¥¶¸¦©…„–˜†‰".contains(next) || ('\u{80}'..='\u{bf}').contains(&next))
        })
}
