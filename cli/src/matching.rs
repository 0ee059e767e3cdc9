//! Finding what a typed name means among those that this phone knows: exactly, by given name, or by the beginnings of
//! words. It never guesses between two.

use crate::trouble::Trouble;

/// Why nothing is found, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPick {
    #[error("{0}")]
    Nobody(String),
    #[error("{0}")]
    Several(String),
}

impl From<NoPick> for Trouble {
    fn from(none: NoPick) -> Self {
        Trouble::Usage(none.to_string())
    }
}

/// What something can be found by.
#[derive(Clone, Debug, Default)]
pub struct Label {
    pub name: String,
    /// Tells namesakes apart: the class, the school.
    pub more: String,
}

impl Label {
    fn shown(&self) -> String {
        if self.more.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.more) }
    }
}

/// Most names that are listed when none or several fit.
const LISTED: usize = 8;

/// `what`: *child*, *group*, for the complaint.
///
/// # Errors
/// Nobody or several fit.
pub fn pick<'a, T>(what: &str, wanted: &str, among: &'a [T], label: impl Fn(&T) -> Label) -> Result<&'a T, NoPick> {
    let words: Vec<String> = wanted.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let whole = words.join(" ");
    let labels: Vec<Label> = among.iter().map(label).collect();
    let is_whole = |label: &Label| label.name.to_lowercase() == whole;
    let is_first = |label: &Label| label.name.to_lowercase().split_whitespace().next() == Some(whole.as_str());
    let begins = |label: &Label| {
        let held = format!("{} {}", label.name, label.more).to_lowercase();
        let held: Vec<&str> = held.split(|letter: char| letter.is_whitespace() || ",()".contains(letter)).collect();
        !words.is_empty() && words.iter().all(|word| held.iter().any(|held| held.starts_with(word.as_str())))
    };
    let tries: [&dyn Fn(&Label) -> bool; 3] = [&is_whole, &is_first, &begins];
    for fits in tries {
        let hits: Vec<usize> = labels.iter().enumerate().filter(|(_, label)| fits(label)).map(|(at, _)| at).collect();
        match hits.as_slice() {
            [] => {}
            [only] => return among.get(*only).ok_or_else(|| none(what, wanted, &labels)),
            several => {
                let shown = several.iter().filter_map(|at| labels.get(*at)).map(Label::shown);
                return Err(NoPick::Several(format!("which {what}? {wanted:?} fits {}", listed(shown.collect()))));
            }
        }
    }
    Err(none(what, wanted, &labels))
}

fn none(what: &str, wanted: &str, labels: &[Label]) -> NoPick {
    match labels {
        [] => NoPick::Nobody(format!("no {what} is called {wanted:?}: this phone knows of none")),
        [_, ..] if labels.len() <= LISTED => {
            let shown = labels.iter().map(Label::shown).collect();
            NoPick::Nobody(format!("no {what} is called {wanted:?} here; there is {}", listed(shown)))
        }
        [_, ..] => NoPick::Nobody(format!("no {what} is called {wanted:?} here")),
    }
}

/// Without a name: the only one there is.
///
/// # Errors
/// There is none, or several.
pub fn only<'a, T>(what: &str, among: &'a [T], label: impl Fn(&T) -> Label) -> Result<&'a T, NoPick> {
    match among {
        [only] => Ok(only),
        [] => Err(NoPick::Nobody(format!("which {what}? This phone knows of none of yours"))),
        [_, ..] => Err(NoPick::Several(format!(
            "which {what}? There is {}",
            listed(among.iter().map(|one| label(one).shown()).collect())
        ))),
    }
}

fn listed(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{tail}", names.join(", "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn label(name: &&'static str) -> Label {
        let (name, more) = name.split_once('/').unwrap_or((name, ""));
        Label { name: name.to_owned(), more: more.to_owned() }
    }

    #[test]
    fn a_name_is_found_and_never_guessed() {
        let pupils = ["Liv Berg/4B", "Liv Ek/5A", "Livia Holm/4B", "Anna Karin Dahl/4B", "Åsa Öst/4B"];
        let find = |wanted: &str| pick("child", wanted, &pupils, label).copied();
        assert_eq!(find("livia").unwrap(), "Livia Holm/4B");
        assert_eq!(find("liv ek").unwrap(), "Liv Ek/5A");
        assert_eq!(
            find("Liv 4B").unwrap_err().to_string(),
            "which child? \"Liv 4B\" fits Liv Berg (4B), Livia Holm (4B)"
        );
        assert_eq!(find("anna karin").unwrap(), "Anna Karin Dahl/4B");
        assert_eq!(find("åsa").unwrap(), "Åsa Öst/4B");
        assert_eq!(find("liv").unwrap_err().to_string(), "which child? \"liv\" fits Liv Berg (4B), Liv Ek (5A)");
        assert!(
            find("Omar").unwrap_err().to_string().starts_with("no child is called \"Omar\" here; there is Liv Berg")
        );
    }
}
