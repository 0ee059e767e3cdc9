//! *Did you mean*: the known word that a misspelt one is nearest to.

/// The nearest of `known`, if it is near: at most a third of the letters wrong.
pub(super) fn nearest(written: &str, known: &[String]) -> Option<String> {
    let written = written.to_lowercase();
    known
        .iter()
        .map(|word| (distance(&written, word), word))
        .filter(|(distance, word)| *distance * 3 <= word.chars().count().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word.clone())
}

/// How many letters to add, drop or exchange, two neighbours that changed places being one (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = Vec::with_capacity(other.len() + 1);
        row.push(i + 1);
        for (j, b) in other.iter().enumerate() {
            let mut least = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()]
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
