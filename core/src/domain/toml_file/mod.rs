//! Reading the TOML that an office writes: every mistake at once, each with its line, its place and what to do.
//!
//! `serde` stops at the first mistake and knows no line. So files are read by asking a [`Section`] for each key that
//! may stand in it; what is wrong gathers in [`Mistakes`], and what nobody asked for is unknown. Nothing here opens a
//! file: text comes in, values and mistakes go out.

mod problem;
mod read;
mod section;
mod suggest;

pub use problem::{FileError, Mistakes, Problem};
pub(super) use read::parse_date;
pub use read::{date, list, text, time, toml_word, whole, word};
pub use section::Section;
pub(super) use section::wrong_type;

use toml::de::DeTable;

/// Reads the whole of `text` with `read`. The value comes back only when there was no mistake at all.
pub fn read_file<T>(
    text: &str,
    file_name: &str,
    read: impl FnOnce(&Section<'_, '_>, &mut Mistakes) -> Option<T>,
) -> Result<T, Vec<FileError>> {
    let mut mistakes = Mistakes::new(file_name, text);
    let (root, syntax) = DeTable::parse_recoverable(text);
    for error in syntax {
        let line = error.span().and_then(|span| mistakes.line(span.start));
        mistakes.add(line, String::new(), Problem::Syntax { message: error.message().trim().to_owned() });
    }
    // After an error of syntax a half-read table would make other mistakes out of nothing.
    let value = if mistakes.is_empty() { read(&Section::root(root.get_ref()), &mut mistakes) } else { None };
    match value {
        Some(value) if mistakes.is_empty() => Ok(value),
        _ => Err(mistakes.in_order()),
    }
}

#[cfg(test)]
mod tests;
