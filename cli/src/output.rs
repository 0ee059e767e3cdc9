//! Where everything that is shown goes: text for people, or one JSON value for scripts.
//!
//! Lines are gathered and written whole. A closed pipe is no error: whoever reads has seen enough, and what was said is
//! said. Nothing else in the program may write to standard output.

use crate::args::ColorWhen;
use serde_json::Value;
use std::io::{self, IsTerminal, Write};
use unicode_width::UnicodeWidthStr;

/// How a piece of text is meant, not how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Title,
    Quiet,
    Good,
    Warn,
    Bad,
}

impl Tone {
    fn start(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Title => "\x1b[1m",
            Tone::Quiet => "\x1b[2m",
            Tone::Good => "\x1b[32m",
            Tone::Warn => "\x1b[33m",
            Tone::Bad => "\x1b[31m",
        }
    }
}

/// One cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    tone: Tone,
}

pub fn cell(text: impl Into<String>, tone: Tone) -> Cell {
    Cell { text: one_line(&text.into()), tone }
}

/// What a person or a server wrote must not steer the terminal, nor break a line of a table.
fn one_line(text: &str) -> String {
    skolebro_core::plain::isolated(text)
}

#[derive(Debug)]
pub struct Out {
    json: bool,
    colors: bool,
    terminal: bool,
    closed: bool,
    gathered: String,
    value: Option<Value>,
}

impl Out {
    pub fn new(json: bool, when: ColorWhen) -> Self {
        let terminal = io::stdout().is_terminal();
        let wanted = || terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let colors = match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => wanted(),
        };
        Self { json, colors, terminal, closed: false, gathered: String::new(), value: None }
    }

    pub fn is_json(&self) -> bool {
        self.json
    }
    /// Nobody reads any more.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The value for scripts; the last one counts. Written by [`Out::finish`].
    pub fn set(&mut self, value: Value) {
        self.value = Some(value);
    }

    pub fn line(&mut self, text: &str, tone: Tone) {
        self.paint(&one_line(text), tone);
        self.gathered.push('\n');
    }
    pub fn title(&mut self, text: &str) {
        self.line(text, Tone::Title);
    }
    pub fn plain(&mut self, text: &str) {
        self.line(text, Tone::Plain);
    }
    pub fn quiet(&mut self, text: &str) {
        self.line(text, Tone::Quiet);
    }
    /// A title, and on its own line how it stands.
    pub fn titled(&mut self, title: &str, state: &str, tone: Tone) {
        self.paint(&one_line(title), Tone::Title);
        self.gathered.push_str(" – ");
        self.line(state, tone);
    }
    pub fn blank(&mut self) {
        if !self.gathered.is_empty() && !self.gathered.ends_with("\n\n") {
            self.gathered.push('\n');
        }
    }
    pub fn indented(&mut self, text: &str, tone: Tone) {
        self.gathered.push_str("  ");
        self.line(text, tone);
    }
    /// As it is, several lines too: completions.
    pub fn verbatim(&mut self, text: &str) {
        self.gathered.push_str(text);
    }

    /// Rows under one another, each column as wide as its widest cell is shown.
    pub fn table(&mut self, rows: &[Vec<Cell>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width_of = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.text.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width_of).collect();
        for row in rows {
            let last = row.iter().rposition(|cell| !cell.text.is_empty());
            self.gathered.push_str("  ");
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                if last.is_none_or(|last| column > last) {
                    break;
                }
                self.paint(&cell.text, cell.tone);
                if last != Some(column) {
                    let fill = width.saturating_sub(cell.text.width()) + 2;
                    self.gathered.extend(std::iter::repeat_n(' ', fill));
                }
            }
            self.gathered.push('\n');
        }
    }

    fn paint(&mut self, text: &str, tone: Tone) {
        if self.colors && tone != Tone::Plain {
            self.gathered.push_str(tone.start());
            self.gathered.push_str(text);
            self.gathered.push_str("\x1b[0m");
        } else {
            self.gathered.push_str(text);
        }
    }

    /// Shows what has been gathered so far. Nothing while JSON is wanted.
    pub fn flush(&mut self) {
        let text = std::mem::take(&mut self.gathered);
        if !self.json {
            self.write(&text);
        }
    }

    /// What has been gathered, unshown.
    pub fn take(&mut self) -> (String, Option<Value>) {
        (std::mem::take(&mut self.gathered), self.value.take())
    }

    /// A screen again: on a terminal in the place of the last one, for scripts one value a line.
    pub fn show_anew(&mut self, text: &str, value: Option<&Value>) {
        match value {
            Some(value) if self.json => self.write(&format!("{value}\n")),
            Some(_) | None if self.json => {}
            Some(_) | None => {
                let clear = if self.terminal { "\x1b[H\x1b[2J\x1b[3J" } else { "\n" };
                self.write(&format!("{clear}{text}"));
            }
        }
    }

    /// Shows what is left, and the value for scripts.
    pub fn finish(&mut self) {
        self.flush();
        if let Some(value) = self.value.take()
            && self.json
        {
            self.write(&format!("{value}\n"));
        }
    }

    fn write(&mut self, text: &str) {
        if self.closed || text.is_empty() {
            return;
        }
        let mut stdout = io::stdout().lock();
        // Whatever stands in the way of the one who reads, the work is done: only writing ends.
        self.closed = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_err();
    }
}

/// For what went wrong: standard error, and no complaint if that is closed, too.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_straight_under_wide_and_combining_names() {
        let mut out = Out::new(false, ColorWhen::Never);
        let row = |name: &str, what: &str| vec![cell(name, Tone::Plain), cell(what, Tone::Good)];
        out.table(&[row("Åsa", "1"), row("A\u{30a}sa", "2"), row("李小龙", "3"), row("Liv", "")]);
        let straight = "  Åsa     1\n  A\u{30a}sa     2\n  李小龙  3\n  Liv\n";
        assert_eq!(out.gathered, straight);
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        let mut out = Out::new(false, ColorWhen::Always);
        out.line("Liv\x1b[2J\nBerg", Tone::Bad);
        assert_eq!(out.gathered, "\x1b[31mLiv [2J Berg\x1b[0m\n");
    }
}
