//! A line of legal.csv whose cells do not stand where they should: what it may bar and protect holds all the same, and
//! nothing else of it is used.
//!
//! Cells are missing or too many at some place. Every place that makes sense of the whole line is a reading; where one
//! of them bars or protects, the line does.

use super::{Bar, kind_of, read_block};
use crate::roster::{
    table::Broken,
    values::{WrittenDate, read_date, yes_no},
};
use skolebro_core::domain::{people::Language, scope::Topic};
use std::collections::BTreeMap;

/// By how many cells a line may be off for its readings to be tried.
const MOST_CELLS_OFF: usize = 8;

/// What a line may say of one pupil and one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Says {
    pub bars: bool,
    pub protects: bool,
}

/// Whom the line may be about (pupil, person), and what it says of them; one of the two may be empty.
pub fn guess(line: &Broken, zone: chrono_tz::Tz) -> BTreeMap<(String, String), Says> {
    let mut found: BTreeMap<(String, String), Says> = BTreeMap::new();
    for reading in readings(line) {
        let cell = |column: &str| cell(line, &reading, column);
        if !makes_sense(line, &reading, zone) {
            continue;
        }
        let says = found.entry((cell("pupil").to_owned(), cell("person").to_owned())).or_default();
        says.bars |= read_block(cell("block")).is_some_and(|bar| bar == Bar::Yes);
        says.protects |= yes_no(cell("protected_identity")) == Some(true);
    }
    let is_id = |id: &&str| !id.contains([',', ';']);
    if found.is_empty()
        && let Some(pupil) = line.candidates("pupil").next().filter(is_id)
        && let Some(person) = line.candidates("person").next().filter(is_id)
    {
        // No reading makes sense: whatever stands near the two columns, and is no clear no, counts.
        let says = Says {
            bars: line.candidates("block").any(|cell| read_block(cell).is_none_or(|bar| bar == Bar::Yes)),
            protects: line.candidates("protected_identity").any(|cell| yes_no(cell) != Some(false)),
        };
        found.insert((pupil.to_owned(), person.to_owned()), says);
    }
    found
}

fn cell<'a>(line: &Broken, reading: &'a [String], column: &str) -> &'a str {
    let at = line.header.at(column);
    at.and_then(|at| reading.get(at)).map_or("", |cell| cell.trim())
}

/// The line with its cells moved to where they may belong.
fn readings(line: &Broken) -> Vec<Vec<String>> {
    let (cells, width) = (&line.cells, line.header.width);
    let off = cells.len().abs_diff(width);
    if off > MOST_CELLS_OFF {
        return Vec::new();
    }
    if cells.len() < width {
        let filled = |at: usize| {
            let (before, after) = cells.split_at(at);
            before.iter().cloned().chain(vec![String::new(); off]).chain(after.iter().cloned()).collect()
        };
        return (0..=cells.len()).map(filled).collect();
    }
    let joined = |at: usize| {
        let part = |from: usize, to: usize| cells.get(from..to).unwrap_or_default();
        let spread = part(at, at + off + 1).iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        let one = spread.collect::<Vec<_>>().join(",");
        part(0, at).iter().cloned().chain([one]).chain(part(at + off + 1, cells.len()).iter().cloned()).collect()
    };
    if off == 0 { vec![cells.clone()] } else { (0..=width).map(joined).collect() }
}

/// Whether every cell can be what its column says.
fn makes_sense(line: &Broken, reading: &[String], zone: chrono_tz::Tz) -> bool {
    let cell = |column: &str| cell(line, reading, column);
    let is_date =
        |text: &str| text.is_empty() || matches!(read_date(text, zone), WrittenDate::Standard(_) | WrittenDate::Odd(_));
    let is_id = |text: &str| !text.contains([',', ';']);
    let is_name = |text: &str| text.is_empty() || !(kind_of(text).is_some() || yes_no(text).is_some() || is_date(text));
    !(cell("pupil").is_empty() && cell("person").is_empty())
        && is_id(cell("pupil"))
        && is_id(cell("person"))
        && is_name(cell("given_name"))
        && is_name(cell("family_name"))
        && (cell("kind").is_empty() || kind_of(cell("kind")).is_some())
        && ["from", "until", "birth_date", "consent_until"].into_iter().all(|column| is_date(cell(column)))
        && cell("topics")
            .split([',', ';'])
            .all(|word| word.trim().is_empty() || word.trim().to_lowercase().parse::<Topic>().is_ok())
        && (cell("confirmed").is_empty() || yes_no(cell("confirmed")).is_some())
        && read_block(cell("block")).is_some()
        && (cell("protected_identity").is_empty() || yes_no(cell("protected_identity")).is_some())
        && (cell("language").is_empty() || Language::from_tag(cell("language")).is_some())
}
