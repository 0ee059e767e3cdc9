//! Byte order marks: UTF-8's is dropped, UTF-16 becomes UTF-8 as it streams. What has no mark is left to the rows.

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use std::io::{self, Cursor, Read};

/// The bytes of a file as UTF-8 (or, without a mark, as they are), streaming.
pub fn without_mark<'a>(mut input: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut start = Vec::with_capacity(4);
    input.by_ref().take(4).read_to_end(&mut start)?;
    let (decoder, skip) = match start.as_slice() {
        [0xef, 0xbb, 0xbf, ..] => (None, 3),
        [0xff, 0xfe, ..] => (Some(UTF_16LE.new_decoder_without_bom_handling()), 2),
        [0xfe, 0xff, ..] => (Some(UTF_16BE.new_decoder_without_bom_handling()), 2),
        // No mark, but every other byte of ASCII headers is zero.
        [first, 0, third, 0] if *first != 0 && *third != 0 => (Some(UTF_16LE.new_decoder_without_bom_handling()), 0),
        [0, second, 0, fourth] if *second != 0 && *fourth != 0 => {
            (Some(UTF_16BE.new_decoder_without_bom_handling()), 0)
        }
        _ => (None, 0),
    };
    start.drain(..skip);
    let whole = Cursor::new(start).chain(input);
    Ok(match decoder {
        None => Box::new(whole),
        Some(decoder) => {
            Box::new(Utf16 { input: whole, decoder, raw: Vec::new(), text: Vec::new(), at: 0, done: false })
        }
    })
}

struct Utf16<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    done: bool,
}

impl<R: Read> Utf16<R> {
    fn fill(&mut self) -> io::Result<()> {
        self.raw.resize(8 * 1024, 0);
        let count = self.input.read(&mut self.raw)?;
        self.done = count == 0;
        self.text.resize(self.decoder.max_utf8_buffer_length(count).unwrap_or(64 * 1024), 0);
        let raw = self.raw.get(..count).unwrap_or_default();
        let (result, _, written, _) = self.decoder.decode_to_utf8(raw, &mut self.text, self.done);
        debug_assert!(matches!(result, CoderResult::InputEmpty));
        self.text.truncate(written);
        self.at = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.text.len() {
            if self.done {
                return Ok(0);
            }
            self.fill()?;
        }
        let ready = self.text.get(self.at..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}
