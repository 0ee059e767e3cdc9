//! *Did you mean*: the known word that a misspelt one is nearest to.

/// The nearest of `known`, if it is near: at most a third of the letters wrong, two that changed places being one.
pub(super) fn nearest(written: &str, known: &[String]) -> Option<String> {
    let written = written.to_lowercase();
    known
        .iter()
        .map(|word| (strsim::osa_distance(&written, word), word))
        .filter(|(distance, word)| *distance * 3 <= word.chars().count().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_finds_its_own_and_a_strange_one_finds_none() {
        let known: Vec<String> = ["cutoff", "day_starts", "day_ends", "roll"].map(str::to_owned).to_vec();
        for (written, expected) in [
            ("cutof", Some("cutoff")),
            ("ctuoff", Some("cutoff")),
            ("Cutoff", Some("cutoff")),
            ("day_start", Some("day_starts")),
            ("dayends", Some("day_ends")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, &known).as_deref(), expected, "{written}");
        }
    }
}
