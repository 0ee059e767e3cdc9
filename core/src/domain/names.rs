//! Names of people, groups and schools as they are compared, searched and put in order: one form everywhere, in imports,
//! codes, the terminal, on the phone and in letters. Unicode's own rules do it (ICU4X: normal form C, case folding, CLDR's
//! collations); what is stored and shown stays as it was written.

use super::people::Language;
use icu_casemap::CaseMapper;
use icu_collator::{
    Collator, CollatorBorrowed, CollatorPreferences, options::CollatorOptions, preferences::CollationNumericOrdering,
};
use icu_locale_core::{Locale, locale};
use icu_normalizer::ComposingNormalizer;
use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
use std::sync::LazyLock;

/// A name as it is compared: normal form C, case folded, single blanks, without characters that cannot be seen (zero
/// width, direction marks, soft hyphens); every hyphen and apostrophe is the plain one.
pub fn folded(name: &str) -> String {
    let invisible = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let seen: String = name.chars().filter(|letter| !invisible.contains(*letter)).map(plain).collect();
    let case_folded = CaseMapper::new().fold_string(&seen).into_owned();
    let normal = ComposingNormalizer::new_nfc().normalize(&case_folded).into_owned();
    normal.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Two ways of writing one name.
pub fn same(one: &str, other: &str) -> bool {
    one == other || folded(one) == folded(other)
}

/// The words of a search or of a name, folded: what stands between blanks, commas and brackets.
pub fn words(text: &str) -> Vec<String> {
    let between = |letter: char| letter.is_whitespace() || matches!(letter, ',' | '(' | ')');
    folded(text).split(between).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Every word that is looked for begins a word of the name, in any order. Nothing looked for fits nothing.
pub fn begins(name: &str, looked_for: &str) -> bool {
    let (held, wanted) = (words(name), words(looked_for));
    !wanted.is_empty() && wanted.iter().all(|word| held.iter().any(|held| held.starts_with(word.as_str())))
}

fn plain(letter: char) -> char {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{00B4}' | '\u{0060}' | '\u{FF07}' => '\'',
        other => other,
    }
}

/// Sorts names as the language does: å, ä, ö last in Swedish; æ, ø, å last in Danish and Norwegian, where *aa* is å.
/// Numbers go by their value: 2A before 10A. Keys of different languages cannot be compared.
pub fn sort_key(language: Language, name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    match collator(language) {
        Some(collator) => {
            let Ok(()) = collator.write_sort_key_to(name, &mut key);
        }
        None => key.extend_from_slice(folded(name).as_bytes()),
    }
    key
}

static SWEDISH: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| made(locale!("sv")));
static DANISH: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| made(locale!("da")));
static NORWEGIAN: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| made(locale!("nb")));
static ENGLISH: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| made(locale!("en")));

fn made(locale: Locale) -> Option<CollatorBorrowed<'static>> {
    let mut preferences = CollatorPreferences::from(&locale);
    preferences.numeric_ordering = Some(CollationNumericOrdering::True);
    Collator::try_new(preferences, CollatorOptions::default()).ok()
}

fn collator(language: Language) -> &'static Option<CollatorBorrowed<'static>> {
    match language {
        Language::Sv => &SWEDISH,
        Language::Da => &DANISH,
        Language::Nb => &NORWEGIAN,
        Language::En => &ENGLISH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(language: Language, names: &[&str]) -> Vec<String> {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort_by_key(|name| sort_key(language, name));
        names
    }

    #[test]
    fn a_name_is_the_same_however_it_was_typed() {
        for other in
            ["åsa öst", "A\u{30A}sa O\u{308}st", "ÅSA  ÖST", " Åsa\u{A0}Öst\u{200B}", "\u{202A}Åsa Öst\u{202C}"]
        {
            assert!(same("Åsa Öst", other), "{other:?}");
        }
        assert!(same("Anne-Marie O'Brien", "anne‑marie o’brien"));
        assert!(same("Strauß", "STRAUSS"));
        for other in ["Asa Ost", "ÅsaÖst", "Åsa Öster", ""] {
            assert!(!same("Åsa Öst", other), "{other:?}");
        }
    }

    #[test]
    fn a_search_finds_the_beginnings_of_words_in_any_order() {
        assert!(begins("Åsa Öst (4B)", "o\u{308}s ÅS"));
        assert!(begins("Åsa Öst (4B)", "4b"));
        assert!(!begins("Åsa Öst (4B)", "sa"));
        assert!(!begins("Åsa Öst (4B)", " "));
    }

    #[test]
    fn every_language_has_its_own_end_of_the_alphabet() {
        let swedish = sorted(Language::Sv, &["Örjan", "Zara", "Ärla", "A\u{30A}sa", "adam", "Édith", "Eva"]);
        assert_eq!(swedish, ["adam", "Édith", "Eva", "Zara", "A\u{30A}sa", "Ärla", "Örjan"]);
        let danish = sorted(Language::Da, &["Åse", "Øjvind", "Zenia", "Ægir", "Aage", "Abel"]);
        assert_eq!(danish, ["Abel", "Zenia", "Ægir", "Øjvind", "Aage", "Åse"]);
        assert_eq!(sorted(Language::Nb, &["Åse", "Øyvind", "Zenia", "Ægir"]), ["Zenia", "Ægir", "Øyvind", "Åse"]);
        assert_eq!(sorted(Language::En, &["Örjan", "Otto", "Åsa", "Bo"]), ["Åsa", "Bo", "Örjan", "Otto"]);
    }

    #[test]
    fn two_comes_before_ten() {
        assert_eq!(sorted(Language::Sv, &["10A", "Fritids", "2B", "2A"]), ["2A", "2B", "10A", "Fritids"]);
    }
}
