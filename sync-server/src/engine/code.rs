//! An activation code's text: a public selector and a secret, as a letter prints them: `4K7M-9QXT-2B8C`.
//!
//! Only the keyed hash of the secret is ever stored; the key is not in the database, so that a copied database opens
//! nothing.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Crockford's: no letter that is taken for a digit, none that makes words.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SELECTOR: usize = 4;
const SECRET: usize = 8;

/// Both parts, in the alphabet.
pub(super) struct Code {
    pub selector: String,
    pub secret: String,
}

impl Code {
    /// From the operating system's randomness.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; SELECTOR + SECRET];
        getrandom::fill(&mut bytes)?;
        let text: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
        let (selector, secret) = text.split_at(SELECTOR);
        Ok(Self { selector: selector.to_owned(), secret: secret.to_owned() })
    }

    /// As a person types it: case, spaces and hyphens do not matter, and O, I and L are what they look like.
    pub fn read(typed: &str) -> Option<Self> {
        let kept = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'));
        let text: Option<String> = kept.map(|c| letter(c.to_ascii_uppercase())).collect();
        let text = text.filter(|text| text.len() == SELECTOR + SECRET)?;
        let (selector, secret) = text.split_at(SELECTOR);
        Some(Self { selector: selector.to_owned(), secret: secret.to_owned() })
    }

    /// In groups of four.
    pub fn print(&self) -> String {
        let (first, second) = self.secret.split_at(SECRET / 2);
        format!("{}-{first}-{second}", self.selector)
    }

    fn keyed(&self, key: &[u8; 32]) -> Hmac<Sha256> {
        // HMAC fills a key shorter than the hash's block with zeros.
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(self.selector.as_bytes());
        mac.update(self.secret.as_bytes());
        mac
    }

    pub fn hash(&self, key: &[u8; 32]) -> [u8; 32] {
        self.keyed(key).finalize().into_bytes().into()
    }

    /// In the same time whatever is wrong.
    pub fn matches(&self, key: &[u8; 32], stored: &[u8; 32]) -> bool {
        self.hash(key).ct_eq(stored).into()
    }
}

fn letter(c: char) -> Option<char> {
    let read = match c {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    u8::try_from(read).ok().filter(|byte| ALPHABET.contains(byte)).map(char::from)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_code_is_read_as_it_was_printed_however_it_is_typed() {
        let code = Code::random().unwrap();
        let key = [7; 32];
        let stored = code.hash(&key);
        for typed in [code.print(), code.print().to_lowercase(), code.print().replace('-', " ")] {
            let read = Code::read(&typed).unwrap();
            assert_eq!(read.selector, code.selector);
            assert!(read.matches(&key, &stored));
            assert!(!read.matches(&[8; 32], &stored));
        }
        assert_eq!(Code::read("o1l0-0000-0000").unwrap().selector, "0110");
        assert!(Code::read("4K7M-9QXT").is_none());
        assert!(Code::read("4K7M-9QXT-2B8Ö").is_none());
        assert!(Code::read("").is_none());
    }
}
