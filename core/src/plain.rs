//! What people wrote, made safe to stand beside other text: on one line, and in the order that it is read in.
//!
//! It changes how a text is shown, never what is kept of a note; and no letter of any language is lost.

use icu_properties::{CodePointMapData, props::BidiClass};

/// One line: what steers a terminal is a space, and what reorders or hides its neighbours is not there.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !is_unseen(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// One line that keeps its own direction to itself: where a name is written from right to left, the numbers and names
/// beside it stay where they are (Unicode's first strong isolate).
pub fn isolated(text: &str) -> String {
    let text = plain(text);
    let right_to_left =
        |c| matches!(CodePointMapData::<BidiClass>::new().get(c), BidiClass::RightToLeft | BidiClass::ArabicLetter);
    if text.chars().any(right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text }
}

/// Unicode's format characters (Cf): directions, soft hyphens, tags. A name with one can turn round what stands beside
/// it. The two joiners are part of how names are spelt, and of emoji.
pub fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            // Line and paragraph separators too: no format characters, and no part of one line.
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_turns_its_neighbours_round_and_no_letter_is_lost() {
        assert_eq!(plain("Liv\u{202e}vaF\u{2066}x\u{2069}"), "LivvaFx");
        assert_eq!(plain("Liv\u{1b}[2J\nHaddad"), "Liv [2J Haddad");
        for name in ["Åsa Ødegård", "عمل حداد", "می\u{200c}خواهم", "👩\u{200d}🏫", "Nguyễn"] {
            assert_eq!(plain(name), name);
        }
    }

    #[test]
    fn a_name_from_right_to_left_keeps_its_direction_to_itself() {
        assert_eq!(isolated("عمل حداد"), "\u{2068}عمل حداد\u{2069}");
        assert_eq!(isolated("Liv \u{202e}Berg"), "Liv Berg");
    }
}
