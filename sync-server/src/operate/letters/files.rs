//! The letters and the list as files of a folder: readable by the operator alone, and never over something that is there.

use super::{letters, list};
use crate::operate::answer::{Letters, Trouble};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

pub const LETTERS: &str = "letters.html";
pub const LIST: &str = "list.html";

/// Asked before codes are made: new ones kill those in the letters that are there.
///
/// # Errors
/// The folder cannot be made, or holds letters already.
pub fn make_room(out: &Path) -> Result<(), Trouble> {
    let failed = |error| cannot_write(out, &error);
    fs::create_dir_all(out).map_err(failed)?;
    for name in [LETTERS, LIST] {
        if out.join(name).try_exists().map_err(failed)? {
            return Err(Trouble::refused(format!(
                "{} is there already; give another folder",
                out.join(name).display()
            )));
        }
    }
    Ok(())
}

/// Into a folder that is there.
///
/// # Errors
/// A letter that cannot be made, or a file that cannot be written.
pub fn write(out: &Path, made: &Letters) -> Result<(), Trouble> {
    let failed = |error| cannot_write(out, &error);
    let letters = letters(made).map_err(|error| Trouble::refused(error.to_string()))?;
    for (name, text) in [(LETTERS, letters), (LIST, list(made))] {
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(out.join(name)).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
    }
    Ok(())
}

fn cannot_write(out: &Path, error: &io::Error) -> Trouble {
    Trouble::refused(format!("cannot write to {}: {error}", out.display()))
}
