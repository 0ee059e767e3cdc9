//! CSV as bytes become records: quotes, quoted newlines, every kind of line end, and lines that went wrong.
//!
//! It must never hold more than one row (bounded by a limit) and never let one open quotation mark swallow the rest of a
//! file: a row that cannot be right is given back as broken, and reading goes on at the next line. That is why this is
//! not the `csv` crate, which reads on to the closing mark wherever it is.

use std::io::{self, Read};

/// One record with the line that it begins on.
#[derive(Debug, PartialEq, Eq)]
pub enum Record {
    Row {
        line: u64,
        cells: Vec<String>,
        latin: bool,
        /// The file ends within the line: no line end follows it.
        unended: bool,
    },
    /// A quotation mark opens and never sensibly closes. `cells` is the line cut at every separator, marks or not.
    QuoteOpen { line: u64, cells: Vec<String> },
    /// Longer than the limit. `cells` is the beginning, cut at every separator; the last one may be half of a cell.
    TooLong { line: u64, cells: Vec<String> },
}

/// Reads records one by one. The bytes are UTF-8 or a superset of ASCII.
pub struct Records<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    line: u64,
    after_cr: bool,
    /// Whether a line end followed the last row.
    line_ended: bool,
    pub delimiter: u8,
    row_bytes: usize,
}

impl<R> std::fmt::Debug for Records<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("line", &self.line).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Plain,
    Quoted,
    Closing,
}

enum End {
    /// The row's bytes end here; the terminator takes one more byte or none (end of file).
    Row {
        end: usize,
        quoted_newline: bool,
        /// Something other than a separator follows a closing mark.
        odd: bool,
    },
    OpenQuote,
    TooLong,
    Eof,
}

impl<R: Read> Records<R> {
    pub fn new(input: R, row_bytes: usize) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            at: 0,
            ended: false,
            line: 1,
            after_cr: false,
            line_ended: true,
            delimiter: b',',
            row_bytes: row_bytes.max(16),
        }
    }

    /// The first line as it stands, without taking it; for finding the delimiter.
    pub fn peek_line(&mut self) -> io::Result<&[u8]> {
        let mut end = self.at;
        while self.byte(end)?.is_some_and(|byte| byte != b'\n' && byte != b'\r') && end - self.at < self.row_bytes {
            end += 1;
        }
        Ok(self.buffer.get(self.at..end).unwrap_or_default())
    }

    /// The next record that is not blank. `expected` is the number of columns, once the header is known.
    pub fn next_record(&mut self, expected: Option<usize>) -> io::Result<Option<Record>> {
        loop {
            self.compact();
            if self.after_cr && self.byte(self.at)? == Some(b'\n') {
                self.at += 1;
            }
            self.after_cr = false;
            let line = self.line;
            match self.find_end()? {
                End::Eof => return Ok(None),
                End::TooLong => {
                    let cells = self.cut(self.row_bytes);
                    self.skip_line()?;
                    return Ok(Some(Record::TooLong { line, cells }));
                }
                End::OpenQuote => return self.broken(line).map(Some),
                End::Row { end, quoted_newline, odd } => {
                    let bytes = self.buffer.get(self.at..end).unwrap_or_default();
                    let cells = split(bytes, self.delimiter);
                    let adds_up = expected.is_none_or(|columns| columns == cells.len());
                    let swallows = || expected.is_some_and(|most| swallows_a_row(bytes, self.delimiter, most));
                    // A mark that opens by mistake and closes at another one: within the line, or in a later one.
                    if (quoted_newline || odd) && !adds_up || quoted_newline && (odd || swallows()) {
                        return self.broken(line).map(Some);
                    }
                    self.take(end)?;
                    if cells.iter().all(|cell| is_blank(cell)) {
                        continue;
                    }
                    let unended = !self.line_ended;
                    let (cells, latin) = decode(cells);
                    return Ok(Some(Record::Row { line, cells, latin, unended }));
                }
            }
        }
    }

    fn broken(&mut self, line: u64) -> io::Result<Record> {
        let cells = self.cut(self.row_bytes);
        self.skip_line()?;
        Ok(Record::QuoteOpen { line, cells })
    }

    /// The physical line as far as it is held, at most `most` bytes, cut at every separator whatever marks say.
    fn cut(&self, most: usize) -> Vec<String> {
        let ready = self.buffer.get(self.at..).unwrap_or_default();
        let ready = ready.get(..most).unwrap_or(ready);
        let line = ready.split(|byte| *byte == b'\n' || *byte == b'\r').next().unwrap_or_default();
        let (cells, _) = decode(line.split(|byte| *byte == self.delimiter).map(<[u8]>::to_vec).collect());
        cells.into_iter().map(|cell| cell.trim().trim_matches('"').trim().to_owned()).collect()
    }

    /// Where the record at `at` ends.
    fn find_end(&mut self) -> io::Result<End> {
        let mut state = State::Start;
        let (mut quoted_newline, mut odd) = (false, false);
        let mut i = self.at;
        loop {
            if i - self.at > self.row_bytes {
                return Ok(if state == State::Quoted { End::OpenQuote } else { End::TooLong });
            }
            let Some(byte) = self.byte(i)? else {
                return Ok(match state {
                    State::Quoted => End::OpenQuote,
                    _ if i == self.at => End::Eof,
                    State::Start | State::Plain | State::Closing => End::Row { end: i, quoted_newline, odd },
                });
            };
            let newline = byte == b'\n' || byte == b'\r';
            state = match state {
                State::Quoted if byte == b'"' => State::Closing,
                State::Quoted => {
                    quoted_newline |= newline;
                    State::Quoted
                }
                State::Closing if byte == b'"' => State::Quoted,
                _ if newline => return Ok(End::Row { end: i, quoted_newline, odd }),
                _ if byte == self.delimiter => State::Start,
                State::Start if byte == b'"' => State::Quoted,
                State::Closing => {
                    odd |= !byte.is_ascii_whitespace();
                    State::Plain
                }
                State::Start | State::Plain => State::Plain,
            };
            i += 1;
        }
    }

    /// Takes the bytes up to `end` and the line end after them.
    fn take(&mut self, end: usize) -> io::Result<()> {
        let taken = self.buffer.get(self.at..end).unwrap_or_default();
        let mut inner = taken.iter().filter(|byte| **byte == b'\n').count();
        if inner == 0 {
            inner = taken.iter().filter(|byte| **byte == b'\r').count();
        }
        self.line += inner as u64;
        self.at = end;
        self.line_ended = false;
        if let Some(byte) = self.byte(end)? {
            self.at += 1;
            self.line += 1;
            self.after_cr = byte == b'\r';
            self.line_ended = true;
        }
        Ok(())
    }

    /// Goes to the next physical line. A line past the limit is dropped as it is read.
    fn skip_line(&mut self) -> io::Result<()> {
        let mut i = self.at;
        while let Some(byte) = self.byte(i)? {
            if byte == b'\n' || byte == b'\r' {
                break;
            }
            i += 1;
            if i - self.at > self.row_bytes {
                self.at = i;
                self.compact();
                i = self.at;
            }
        }
        self.at = i;
        if let Some(byte) = self.byte(i)? {
            self.at += 1;
            self.line += 1;
            self.after_cr = byte == b'\r';
        }
        Ok(())
    }

    fn byte(&mut self, index: usize) -> io::Result<Option<u8>> {
        while index >= self.buffer.len() && !self.ended {
            let old = self.buffer.len();
            self.buffer.resize(old + 32 * 1024, 0);
            let free = self.buffer.get_mut(old..).unwrap_or_default();
            let read = loop {
                match self.input.read(free) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other,
                }
            };
            let count = *read.as_ref().unwrap_or(&0);
            self.buffer.truncate(old + count);
            self.ended = read? == 0;
        }
        Ok(self.buffer.get(index).copied())
    }

    fn compact(&mut self) {
        if self.at > 64 * 1024 || self.at >= self.buffer.len() {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
    }
}

/// Nothing in it, or only the end mark that DOS put after a file.
fn is_blank(cell: &[u8]) -> bool {
    cell.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0x1a)
}

/// A mark that opens by mistake may close at somebody else's, so that the columns add up all the same. Then one of the
/// lines between them is a row by itself: no cell of a roster holds a line of so many columns.
fn swallows_a_row(bytes: &[u8], delimiter: u8, columns: usize) -> bool {
    let columns_of = |line: &[u8]| line.iter().filter(|byte| **byte == delimiter).count() + 1;
    columns > 1 && bytes.split(|byte| *byte == b'\n' || *byte == b'\r').any(|line| columns_of(line) >= columns)
}

fn split(bytes: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
    let mut cells = Vec::new();
    let mut cell = Vec::new();
    let mut state = State::Start;
    for &byte in bytes {
        state = match state {
            State::Quoted if byte == b'"' => State::Closing,
            State::Quoted => {
                cell.push(byte);
                State::Quoted
            }
            State::Closing if byte == b'"' => {
                cell.push(byte);
                State::Quoted
            }
            _ if byte == delimiter => {
                cells.push(std::mem::take(&mut cell));
                State::Start
            }
            State::Start if byte == b'"' => State::Quoted,
            State::Start | State::Plain | State::Closing => {
                cell.push(byte);
                State::Plain
            }
        };
    }
    cells.push(cell);
    cells
}

/// UTF-8 if the whole row is; otherwise Windows-1252, of which Latin-1's letters are a part. Row by row, because files are
/// joined from parts that were written differently.
fn decode(cells: Vec<Vec<u8>>) -> (Vec<String>, bool) {
    let latin = cells.iter().any(|cell| std::str::from_utf8(cell).is_err());
    let text = cells
        .into_iter()
        .map(|cell| {
            let text = if latin {
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(&cell).0.into_owned()
            } else {
                String::from_utf8_lossy(&cell).into_owned()
            };
            if text.contains('\0') { text.replace('\0', "") } else { text }
        })
        .enumerate()
        // A mark of the byte order stands within the file where two were put together.
        .map(|(at, text)| match text.strip_prefix('\u{feff}') {
            Some(rest) if at == 0 => rest.to_owned(),
            Some(_) | None => text,
        })
        .collect();
    (text, latin)
}
