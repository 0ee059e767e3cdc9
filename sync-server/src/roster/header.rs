//! Column names as people and exporters write them, and which of them must not be misread.
//!
//! A misspelt column is never taken for the one that it is near to. In most files it is only reported; where an unread
//! column would widen what somebody may (an end, a bar, a status), nothing of the bundle is applied.

use super::{
    codes::Code,
    report::{Place, Reporter},
};
use std::collections::BTreeMap;

/// What a file of the import is called and which columns it can have.
#[derive(Debug)]
pub struct Shape {
    pub file: &'static str,
    pub columns: &'static [&'static str],
    /// Without these the file cannot be read.
    pub required: &'static [&'static str],
    pub guard: Guard,
}

/// A column, and other words for it.
pub type Words = (&'static str, &'static [&'static str]);

/// Which columns must be understood before anything is applied.
#[derive(Debug)]
pub enum Guard {
    /// A file of our own: every column. The words are other names that mean the same with certainty, and are read.
    All(&'static [Words]),
    /// A file of the standard, which may have columns of its exporter's own: those that narrow. One that the file lacks
    /// must not stand there under a name near to it, or under one of these words, which are not read.
    Narrowing(&'static [Words]),
}

/// Where the columns of a file stand.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub columns: BTreeMap<&'static str, usize>,
    /// Columns of our own files that have no name.
    pub nameless: Vec<usize>,
    pub width: usize,
}

impl Header {
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    pub fn at(&self, column: &str) -> Option<usize> {
        self.columns.get(column).copied()
    }

    /// Required columns that are not there.
    pub fn missing<'a>(&'a self, shape: &'a Shape) -> impl Iterator<Item = &'static str> + 'a {
        shape.required.iter().copied().filter(|column| !self.has(column))
    }

    /// Finds the columns in a line of names; says what was respelt, stands twice or is not known.
    pub fn read(cells: &[String], line: u64, shape: &'static Shape, reporter: &mut Reporter) -> Self {
        let mut header = Self { width: cells.len(), ..Self::default() };
        let place = Place::line(shape.file, line);
        let mut strangers = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            let given = cell.trim();
            if given.is_empty() {
                if matches!(shape.guard, Guard::All(_)) {
                    header.nameless.push(index);
                }
                continue;
            }
            let Some((column, exact)) = find(given, shape) else {
                strangers.push(given);
                continue;
            };
            if header.has(column) {
                if shape.guards(column) {
                    reporter.stop_at(place.column(given), given, None, "the column stands twice");
                } else {
                    reporter.issue(place.column(column), Code::ColumnTwice, None, "the column stands twice");
                }
                continue;
            }
            if !exact {
                let what = format!("the column was read as {column}");
                reporter.issue(place.column(given), Code::ColumnRespelt, None, what);
            }
            header.columns.insert(column, index);
        }
        for given in strangers {
            header.stranger(given, place, shape, reporter);
        }
        header
    }

    fn stranger(&self, given: &str, place: Place<'_>, shape: &'static Shape, reporter: &mut Reporter) {
        let near = match shape.guard {
            Guard::All(_) => nearest(given, shape.columns.iter().copied()),
            Guard::Narrowing(words) => {
                // Extension columns are the standard's own way to say more; nothing is read from them.
                if given.to_ascii_lowercase().starts_with("metadata.") {
                    return;
                }
                let lacking = words.iter().filter(|(column, _)| !self.has(column));
                let meant = lacking.filter(|(column, others)| means(given, column, others)).map(|(column, _)| *column);
                if let Some(column) = meant.min_by_key(|column| distance(&plain(given), &plain(column))) {
                    let what = "the column is not known, and may be one that ends or narrows";
                    reporter.stop_at(place.column(given), given, Some(column), what);
                    return;
                }
                nearest(given, shape.columns.iter().copied())
            }
        };
        let told = match near {
            Some(near) => format!("the column is not known and was not read; did you mean {near}?"),
            None => "the column is not known and was not read".to_owned(),
        };
        match shape.guard {
            Guard::All(_) => reporter.stop_at(place.column(given), given, near, &told),
            Guard::Narrowing(_) => reporter.issue(place.column(given), Code::ColumnUnknown, None, told),
        }
    }

    /// Whether a later line repeats the names, as where two exports were put together.
    pub fn is_repeated_by(cells: &[String], shape: &'static Shape) -> bool {
        let named: Vec<_> =
            cells.iter().filter_map(|cell| find(cell.trim(), shape)).map(|(column, _)| column).collect();
        named.len() > 1 && shape.required.iter().all(|column| named.contains(column))
    }
}

impl Shape {
    fn guards(&self, column: &str) -> bool {
        match self.guard {
            Guard::All(_) => true,
            Guard::Narrowing(words) => words.iter().any(|(guarded, _)| *guarded == column),
        }
    }

    /// Whether a line without its names, or with others, must stop the import.
    pub fn is_ours(&self) -> bool {
        matches!(self.guard, Guard::All(_))
    }
}

/// The column of that name; whether it is spelt as it should be.
fn find(given: &str, shape: &'static Shape) -> Option<(&'static str, bool)> {
    if let Some(column) = shape.columns.iter().copied().find(|column| *column == given) {
        return Some((column, true));
    }
    let given = plain(given);
    if let Some(column) = shape.columns.iter().copied().find(|column| plain(column) == given) {
        return Some((column, false));
    }
    let Guard::All(aliases) = shape.guard else { return None };
    let meant = |(_, others): &&Words| others.iter().any(|other| plain(other) == given);
    aliases.iter().find(meant).map(|(column, _)| (*column, false))
}

/// Whether an unknown name may stand for a column that narrows.
fn means(given: &str, column: &str, others: &[&str]) -> bool {
    let given = plain(given);
    let letters = column.chars().count();
    let most = match letters {
        0..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    distance(&given, &plain(column)) <= most || others.iter().any(|other| plain(other) == given)
}

/// Without case, blanks, full stops, hyphens and underscores.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
