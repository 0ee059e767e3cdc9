//! An activation code as people pass it on: printed in a letter as `4K7M-9QXT-2B8C`, then typed, pasted with what stood
//! around it, or read from the letter's square as a link.
//!
//! The one place that reads it, for the phone and the server. It knows shapes only, never whether a code is good.

/// Crockford's: no letter that is taken for a digit, none that makes words.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code, in groups of [`GROUP`].
pub const LENGTH: usize = 12;
pub const GROUP: usize = 4;

/// Nothing that is longer is looked through: a whole letter is shorter.
const LONGEST: usize = 8 * 1024;

/// In groups of four, as a letter prints it.
pub fn printed(letters: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// The twelve letters of the one code in what was typed or pasted. Case, blanks, dashes of every kind, quotation marks, full
/// stops, invisible and full-width letters do not matter; O, I and L are what they look like; words and a link may stand
/// around it. None: there is no code in it, or more than one.
pub fn read(typed: &str) -> Option<String> {
    if typed.len() > LONGEST {
        return None;
    }
    let text: String = typed.chars().filter(|c| !is_invisible(*c)).map(narrow).collect();
    if let Some(value) = value_of(&text, "code") {
        return whole(&value);
    }
    whole(&text).or_else(|| the_only(grouped(&text))).or_else(|| the_only(words(&text)))
}

/// The server's address in a letter's link, `skolebro:enrol?server=…&code=…`. None where it names none, or it is no link.
pub fn server_in(typed: &str) -> Option<String> {
    value_of(typed.trim(), "server").filter(|server| !server.is_empty())
}

/// Nothing but a code's letters and what is no letter.
fn whole(text: &str) -> Option<String> {
    let read: Option<String> = text.chars().filter(|c| c.is_alphanumeric()).map(letter).collect();
    read.filter(|letters| letters.len() == LENGTH)
}

/// Three groups of four with one dash or blank between them, and no letter touching them.
fn grouped(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for between in [is_dash as fn(char) -> bool, char::is_whitespace] {
        for piece in text.split(|c: char| !c.is_alphanumeric() && !between(c)) {
            let groups: Vec<&str> = piece.split(between).collect();
            for three in groups.windows(LENGTH / GROUP) {
                if three.iter().all(|group| group.chars().count() == GROUP) {
                    found.extend(whole(&three.concat()));
                }
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// Twelve letters in one piece.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter_map(whole).collect()
}

fn the_only(mut found: Vec<String>) -> Option<String> {
    found.dedup();
    match found.as_slice() {
        [only] => Some(only.clone()),
        [] | [_, ..] => None,
    }
}

fn letter(c: char) -> Option<char> {
    let read = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    u8::try_from(read).ok().filter(|byte| ALPHABET.contains(byte)).map(char::from)
}

/// Full-width letters, digits and signs as the plain ones.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

fn is_invisible(c: char) -> bool {
    crate::plain::is_unseen(c) || matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' | '\u{fe58}' | '\u{fe63}' | '\u{30fc}')
}

/// The value of `key=` in a link's query, decoded.
fn value_of(link: &str, key: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let query = query.split(|c: char| c == '#' || c.is_whitespace()).next().unwrap_or_default();
    let named = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        name.eq_ignore_ascii_case(key).then(|| decoded(value))
    };
    query.split('&').find_map(named)
}

/// `%3A` is `:`. What cannot be decoded stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const CODE: &str = "4K7M9QXT2B8C";

    #[test]
    fn a_code_is_read_however_it_was_typed_or_pasted() {
        for typed in [
            "4K7M-9QXT-2B8C",
            "4k7m9qxt2b8c",
            " 4 K 7 M 9 Q X T 2 B 8 C ",
            "4K7M\u{2212}9QXT\u{2212}2B8C",
            "4K7M\u{2013}9QXT\u{2014}2B8C",
            "4K7M-9QXT-2B8C.",
            "\u{201d}4K7M-9QXT-2B8C\u{201d}",
            "»4K7M-9QXT-2B8C«,",
            "\u{feff}\u{200b}4K7M-\u{200d}9QXT\u{ad}-2B8C",
            "４Ｋ７Ｍ－９ＱＸＴ－２Ｂ８Ｃ",
            "4K7M\u{a0}9QXT\n2B8C",
            "Kod: 4K7M-9QXT-2B8C",
            "Koden är 4K7M-9QXT-2B8C, giltig till 2026-12-01.",
            "kode: 4k7m 9qxt 2b8c",
            "Din kod 4K7M9QXT2B8C gäller",
            "skolebro:enrol?server=https%3A%2F%2Fskola.example&code=4K7M-9QXT-2B8C",
            "Öppna skolebro:enrol?CODE=4K7M%2D9QXT%2D2B8C#x nu",
        ] {
            assert_eq!(read(typed).as_deref(), Some(CODE), "{typed:?}");
        }
        assert_eq!(read("o1l0-0000-0000").as_deref(), Some("011000000000"));
        assert_eq!(printed(CODE), "4K7M-9QXT-2B8C");
    }

    #[test]
    fn what_is_no_code_or_may_be_two_is_none() {
        for typed in [
            "",
            "4K7M-9QXT",
            "4K7M-9QXT-2B8Ö",
            "4K7M-9QXT-2B8C-0000",
            "4K7M-9QXT-2B8C eller 0000-1111-2222",
            "https://skola.example/?code=",
            "Code ABCD EFGH JKMN",
        ] {
            assert_eq!(read(typed), None, "{typed:?}");
        }
        assert_eq!(read(&"4K7M-9QXT-2B8C ".repeat(10_000)), None);
    }

    #[test]
    fn a_letters_link_names_its_server() {
        let link = "skolebro:enrol?server=https%3A%2F%2Fskola.example%3A8443&code=4K7M-9QXT-2B8C";
        assert_eq!(server_in(link).as_deref(), Some("https://skola.example:8443"));
        assert_eq!(server_in("4K7M-9QXT-2B8C"), None);
        assert_eq!(server_in("skolebro:enrol?code=4K7M-9QXT-2B8C"), None);
    }
}
