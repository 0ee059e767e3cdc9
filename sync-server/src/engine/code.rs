//! An activation code's text: a public selector and a secret, as a letter prints them: `4K7M-9QXT-2B8C`.
//!
//! Only the keyed hash of the secret is ever stored; the key is not in the database, so that a copied database opens
//! nothing.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use skolebro_core::domain::activation;
use subtle::ConstantTimeEq;

const SELECTOR: usize = activation::GROUP;

/// Both parts, in the alphabet.
pub(super) struct Code {
    pub selector: String,
    pub secret: String,
}

impl Code {
    /// From the operating system's randomness.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; activation::LENGTH];
        getrandom::fill(&mut bytes)?;
        let letter = |byte: &u8| char::from(activation::ALPHABET[usize::from(byte % 32)]);
        Ok(Self::of(&bytes.iter().map(letter).collect::<String>()))
    }

    /// As a person types or pastes it.
    pub fn read(typed: &str) -> Option<Self> {
        activation::read(typed).map(|letters| Self::of(&letters))
    }

    fn of(letters: &str) -> Self {
        let (selector, secret) = letters.split_at(SELECTOR);
        Self { selector: selector.to_owned(), secret: secret.to_owned() }
    }

    /// In groups of four.
    pub fn print(&self) -> String {
        activation::printed(&format!("{}{}", self.selector, self.secret))
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
        assert!(Code::read("4K7M-9QXT").is_none());
    }
}
