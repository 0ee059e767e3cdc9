//! Reading the TOML that an office writes: each mistake with its line, its place and what to do, and as many at once as can
//! be told.
//!
//! The values of a table are read by `serde`, which stops at the first that is wrong; so each table is read by itself, and
//! keys that nothing reads, empty values, ranges and what belongs together are looked at besides. Nothing here opens a
//! file: text comes in, values and mistakes go out.

mod problem;
mod section;
mod suggest;
mod words;

pub use problem::{FileError, Mistakes, Problem};
pub use section::Section;
pub use words::toml_word;
pub(super) use words::{date, date_if_given, parse_date, parsed};

use toml::de::DeTable;

/// Reads the whole of `text` with `read`. The value comes back only when there was no mistake at all.
pub fn read_file<T>(
    text: &str,
    file_name: &str,
    read: impl FnOnce(Section<'_>, &mut Mistakes) -> T,
) -> Result<T, Vec<FileError>> {
    let mut mistakes = Mistakes::new(file_name, text);
    let (root, syntax) = DeTable::parse_recoverable(text);
    for error in syntax {
        let line = error.span().and_then(|span| mistakes.line(span.start));
        mistakes.add(line, String::new(), Problem::Syntax { message: error.message().trim().to_owned() });
    }
    // After an error of syntax a half-read table would make other mistakes out of nothing.
    if !mistakes.is_empty() {
        return Err(mistakes.in_order());
    }
    let value = read(Section::root(root.into_inner()), &mut mistakes);
    if mistakes.is_empty() { Ok(value) } else { Err(mistakes.in_order()) }
}

#[cfg(test)]
mod tests;
