//! Names in the order of the language: å, ä, ö last in Swedish; æ, ø, å last in Danish and Norwegian.

use crate::domain::people::Language;

/// A key that sorts names.
pub(super) fn key(language: Language, name: &str) -> Vec<u32> {
    name.chars().flat_map(char::to_lowercase).map(|letter| weight(language, letter)).collect()
}

fn weight(language: Language, letter: char) -> u32 {
    let after_z = |place: u32| u32::from('z') + place;
    match (language, letter) {
        (Language::Sv, 'å') => after_z(1),
        (Language::Sv, 'ä' | 'æ') => after_z(2),
        (Language::Sv, 'ö' | 'ø') => after_z(3),
        (Language::Da | Language::Nb, 'æ' | 'ä') => after_z(1),
        (Language::Da | Language::Nb, 'ø' | 'ö') => after_z(2),
        (Language::Da | Language::Nb, 'å') => after_z(3),
        (Language::En, 'å' | 'ä' | 'æ') => u32::from('a'),
        (Language::En, 'ö' | 'ø') => u32::from('o'),
        (_, 'á' | 'à' | 'â' | 'ã') => u32::from('a'),
        (_, 'é' | 'è' | 'ê' | 'ë') => u32::from('e'),
        (_, 'í' | 'ì' | 'î' | 'ï') => u32::from('i'),
        (_, 'ó' | 'ò' | 'ô' | 'õ') => u32::from('o'),
        (_, 'ú' | 'ù' | 'û' | 'ü') => u32::from('u'),
        (_, 'ç' | 'č' | 'ć') => u32::from('c'),
        (_, 'ñ') => u32::from('n'),
        (_, 'š' | 'ş') => u32::from('s'),
        (_, 'ž') => u32::from('z'),
        // What stands between names comes before any letter; other scripts after all of ours.
        (_, other) if other.is_ascii() => u32::from(other),
        (_, other) => after_z(10) + u32::from(other),
    }
}

/// Numbers inside names of groups by their value: 2A before 10A.
pub(super) fn group_key(language: Language, name: &str) -> Vec<u32> {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    let mut sorted = vec![digits.parse().unwrap_or(u32::MAX)];
    sorted.extend(key(language, &name[digits.len()..]));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(language: Language, names: &[&str]) -> Vec<String> {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort_by_key(|name| key(language, name));
        names
    }

    #[test]
    fn every_language_has_its_own_end_of_the_alphabet() {
        let swedish = sorted(Language::Sv, &["Örjan", "Zara", "Ärla", "Åsa", "adam", "Édith", "Eva"]);
        assert_eq!(swedish, ["adam", "Édith", "Eva", "Zara", "Åsa", "Ärla", "Örjan"]);
        let danish = sorted(Language::Da, &["Åse", "Øjvind", "Zenia", "Ægir"]);
        assert_eq!(danish, ["Zenia", "Ægir", "Øjvind", "Åse"]);
        assert_eq!(sorted(Language::En, &["Örjan", "Otto", "Åsa", "Bo"]), ["Åsa", "Bo", "Örjan", "Otto"]);
    }

    #[test]
    fn two_comes_before_ten() {
        let mut names = ["10A", "Fritids", "2B", "2A"];
        names.sort_by_key(|name| group_key(Language::Sv, name));
        assert_eq!(names, ["2A", "2B", "10A", "Fritids"]);
    }
}
