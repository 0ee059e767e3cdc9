//! Finding what a typed name means among those that this phone knows: exactly, by given name, or by the beginnings of
//! words; by id, for namesakes in one class and for scripts. It never guesses between two.

use crate::trouble::Trouble;
use skolebro_core::{device::text::Texts, domain::names, say};

/// What is looked for, and in which language its absence is told.
#[derive(Clone, Copy, Debug)]
pub struct Sought {
    pub texts: Texts,
    /// `child`, `pupil`, `group`, `adult`, `staff`: chooses the words of `cli-which` and `cli-none-called`.
    pub what: &'static str,
}

impl Sought {
    fn which(self) -> String {
        say!(self.texts, "cli-which", what = self.what)
    }
}

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
        match none {
            NoPick::Nobody(told) => Trouble::Nobody(told),
            NoPick::Several(told) => Trouble::Usage(told),
        }
    }
}

/// What something can be found by.
#[derive(Clone, Debug, Default)]
pub struct Label {
    pub name: String,
    /// Tells namesakes apart: the class, the school.
    pub more: String,
    pub id: String,
}

impl Label {
    fn shown(&self) -> String {
        if self.more.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.more) }
    }
}

/// As they are shown; those that look the same with their ids, or nobody could choose between them.
fn told_apart<'a>(labels: impl Iterator<Item = &'a Label> + Clone) -> Vec<String> {
    let alike = |shown: &str| labels.clone().filter(|label| label.shown() == shown).count() > 1;
    let one = |label: &Label| {
        let shown = label.shown();
        if alike(&shown) { format!("{shown} {}", label.id) } else { shown }
    };
    labels.clone().map(one).collect()
}

/// Most names that are listed when none or several fit.
const LISTED: usize = 8;

/// # Errors
/// Nobody or several fit.
pub fn pick<'a, T>(what: Sought, wanted: &str, among: &'a [T], label: impl Fn(&T) -> Label) -> Result<&'a T, NoPick> {
    let whole = names::folded(wanted);
    let labels: Vec<Label> = among.iter().map(label).collect();
    let is_id = |label: &Label| label.id == whole;
    let is_whole = |label: &Label| names::folded(&label.name) == whole;
    let is_first = |label: &Label| names::folded(&label.name).split(' ').next() == Some(whole.as_str());
    let begins = |label: &Label| names::begins(&format!("{} {}", label.name, label.more), wanted);
    let tries: [&dyn Fn(&Label) -> bool; 4] = [&is_id, &is_whole, &is_first, &begins];
    for fits in tries {
        let hits: Vec<usize> = labels.iter().enumerate().filter(|(_, label)| fits(label)).map(|(at, _)| at).collect();
        match hits.as_slice() {
            [] => {}
            [only] => return among.get(*only).ok_or_else(|| none(what, wanted, &labels)),
            several => {
                let shown = told_apart(several.iter().filter_map(|at| labels.get(*at)));
                let (which, wanted) = (what.which(), what.texts.quoted(wanted));
                let names = listed(what.texts, shown);
                return Err(NoPick::Several(say!(
                    what.texts,
                    "cli-which-fits",
                    which = which,
                    wanted = wanted,
                    names = names
                )));
            }
        }
    }
    Err(none(what, wanted, &labels))
}

fn none(Sought { texts, what }: Sought, wanted: &str, labels: &[Label]) -> NoPick {
    let mut told = say!(texts, "cli-none-called", what = what, wanted = texts.quoted(wanted));
    if !labels.is_empty() && labels.len() <= LISTED {
        let shown = labels.iter().map(Label::shown).collect();
        told = format!("{told} {}", say!(texts, "cli-there-is", names = listed(texts, shown)));
    }
    NoPick::Nobody(told)
}

/// Without a name: the only one there is.
///
/// # Errors
/// There is none, or several.
pub fn only<T>(what: Sought, among: &[T], label: impl Fn(&T) -> Label) -> Result<&T, NoPick> {
    match among {
        [only] => Ok(only),
        [] => Err(NoPick::Nobody(say!(what.texts, "cli-which-none", which = what.which()))),
        [_, ..] => {
            let labels: Vec<Label> = among.iter().map(label).collect();
            let names = listed(what.texts, told_apart(labels.iter()));
            Err(NoPick::Several(say!(what.texts, "cli-which-there-is", which = what.which(), names = names)))
        }
    }
}

fn listed(texts: Texts, mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    let tail = if more > 0 { format!(" {}", say!(texts, "cli-and-more", count = more)) } else { String::new() };
    format!("{}{tail}", names.join(", "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use skolebro_core::domain::people::Language;

    fn sought(what: &'static str) -> Sought {
        Sought { texts: Texts::new(Language::En), what }
    }

    fn label(name: &&'static str) -> Label {
        let mut parts = name.split('/').map(str::to_owned);
        let mut part = || parts.next().unwrap_or_default();
        Label { name: part(), more: part(), id: part() }
    }

    #[test]
    fn namesakes_in_one_class_are_told_apart_by_their_ids() {
        let pupils = ["Halima Hassan/4B/id-1", "Halima Hassan/4B/id-2", "Liv Berg/4B/id-3"];
        let find = |wanted: &str| pick(sought("pupil"), wanted, &pupils, label).copied();
        let several = "Which pupil? “halima” fits Halima Hassan (4B) id-1, Halima Hassan (4B) id-2";
        assert_eq!(find("halima").unwrap_err().to_string(), several);
        assert_eq!(find("id-2").unwrap(), pupils[1]);
    }

    #[test]
    fn a_name_is_found_and_never_guessed() {
        let pupils = ["Liv Berg/4B", "Liv Ek/5A", "Livia Holm/4B", "Anna Karin Dahl/4B", "Åsa Öst/4B"];
        let find = |wanted: &str| pick(sought("child"), wanted, &pupils, label).copied();
        assert_eq!(find("livia").unwrap(), "Livia Holm/4B");
        assert_eq!(find("liv ek").unwrap(), "Liv Ek/5A");
        assert_eq!(
            find("Liv 4B").unwrap_err().to_string(),
            "Which child? “Liv 4B” fits Liv Berg (4B), Livia Holm (4B)"
        );
        assert_eq!(find("anna karin").unwrap(), "Anna Karin Dahl/4B");
        assert_eq!(find("åsa").unwrap(), "Åsa Öst/4B");
        assert_eq!(find("A\u{30A}SA o\u{308}st").unwrap(), "Åsa Öst/4B");
        assert_eq!(find("liv").unwrap_err().to_string(), "Which child? “liv” fits Liv Berg (4B), Liv Ek (5A)");
        assert!(find("Omar").unwrap_err().to_string().starts_with("No child is called “Omar” here. There is Liv Berg"));
    }
}
