//! Whether two rows can be about one human: by name, birth date and `userMasterIdentifier`.
//!
//! It judges likeness only; what comes of it is decided where it is asked. A name that an exporter has masked says nothing.

use super::header::distance;
use chrono::NaiveDate;
use skolebro_core::domain::names::folded;

/// What is known of a human, for comparing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// Folded: one normal form, one letter case.
    pub given: String,
    pub family: String,
    pub born: Option<NaiveDate>,
    /// Fingerprints of `userMasterIdentifier`.
    pub masters: Vec<String>,
    /// None: it does not show.
    pub pupil: Option<bool>,
}

/// How one trait of two rows compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    Same,
    Different,
    /// One of them does not say.
    Unknown,
}

impl Traits {
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    fn given_names(&self, other: &Self, slack: Slack) -> Likeness {
        names(&self.given, &other.given, slack)
    }

    fn family_names(&self, other: &Self, slack: Slack) -> Likeness {
        names(&self.family, &other.family, slack)
    }

    /// Both names, letter for letter once folded.
    pub fn is_called_the_same(&self, other: &Self) -> bool {
        self.given == other.given && self.family == other.family && !is_masked(&self.given) && !is_masked(&self.family)
    }

    /// A given name in common, whatever the family name.
    pub fn has_given_name_of(&self, other: &Self) -> bool {
        self.given_names(other, Slack::None) == Likeness::Same
    }

    pub fn birth_dates(&self, other: &Self) -> Likeness {
        match (self.born, other.born) {
            (Some(a), Some(b)) if a == b => Likeness::Same,
            (Some(_), Some(_)) => Likeness::Different,
            (None, _) | (_, None) => Likeness::Unknown,
        }
    }

    pub fn masters(&self, other: &Self) -> Likeness {
        if self.masters.is_empty() || other.masters.is_empty() {
            Likeness::Unknown
        } else if self.masters.iter().any(|mark| other.masters.contains(mark)) {
            Likeness::Same
        } else {
            Likeness::Different
        }
    }

    fn natures(&self, other: &Self) -> Likeness {
        match (self.pupil, other.pupil) {
            (Some(a), Some(b)) if a == b => Likeness::Same,
            (Some(_), Some(_)) => Likeness::Different,
            (None, _) | (_, None) => Likeness::Unknown,
        }
    }

    /// Two rows that stand side by side and share an identifier: whether they can be one person under two ids. A given
    /// name in common will do, for family names change; a pupil is nobody's parent at school.
    pub fn can_be(&self, other: &Self) -> bool {
        self.given_names(other, Slack::None) != Likeness::Different
            && self.birth_dates(other) != Likeness::Different
            && self.natures(other) != Likeness::Different
    }

    /// A row under an id that was somebody's: whether the id has gone to another human. One difference is a change of
    /// name, a corrected birth date or a new number; two are another human.
    pub fn is_another(&self, before: &Self) -> bool {
        let (given, family) = (self.given_names(before, Slack::Slips), self.family_names(before, Slack::Slips));
        let (born, masters) = (self.birth_dates(before), self.masters(before));
        let different = [given, born, masters].iter().filter(|trait_| **trait_ == Likeness::Different).count();
        let agrees = [family, born, masters].contains(&Likeness::Same);
        different >= 2 || (given == Likeness::Different && family == Likeness::Different && !agrees)
    }

    /// A row under a new id that shares a `userMasterIdentifier` with somebody who is no longer there: whether anything
    /// speaks against that they are one.
    pub fn contradicts(&self, gone: &Self) -> bool {
        let born = self.birth_dates(gone);
        born == Likeness::Different
            || self.natures(gone) == Likeness::Different
            || (self.given_names(gone, Slack::None) == Likeness::Different && born != Likeness::Same)
    }
}

/// How much two spellings of one name may differ.
#[derive(Clone, Copy, PartialEq)]
enum Slack {
    None,
    /// Of one row yesterday and today.
    Slips,
}

/// A name in common, or an initial of it.
fn names(a: &str, b: &str, slack: Slack) -> Likeness {
    if a.is_empty() || b.is_empty() || is_masked(a) || is_masked(b) {
        return Likeness::Unknown;
    }
    let parts = |name: &str| -> Vec<String> {
        name.split(|c: char| c.is_whitespace() || c == '-').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let others = parts(b);
    let alike = |part: &String| {
        others.iter().any(|other| are_one(part, other) || (slack == Slack::Slips && is_slip(part, other)))
    };
    if a == b || parts(a).iter().any(alike) { Likeness::Same } else { Likeness::Different }
}

fn are_one(a: &str, b: &str) -> bool {
    let is_initial = |short: &str, long: &str| {
        let letter = short.trim_end_matches('.');
        letter.chars().count() == 1 && long.starts_with(letter)
    };
    a == b || is_initial(a, b) || is_initial(b, a)
}

/// Two fifths of the letters: a slip of the pen, or letters that an export has garbled.
fn is_slip(a: &str, b: &str) -> bool {
    let (short, long) = (a.chars().count().min(b.chars().count()), a.chars().count().max(b.chars().count()));
    let numbered = [a, b].iter().any(|name| name.chars().any(|c| c.is_ascii_digit()));
    short > 4 && !numbered && distance(a, b) * 5 <= long * 2
}

/// What systems write in place of a protected name.
fn is_masked(name: &str) -> bool {
    const SIGNS: [&str; 12] = [
        "skyddad",
        "skyddat",
        "sekretess",
        "hemlig",
        "beskyttet",
        "beskyttelse",
        "skjermet",
        "sperret",
        "fortrolig",
        "protected",
        "anonym",
        "****",
    ];
    SIGNS.iter().any(|sign| name.contains(sign))
}

/// Traits from names as they are written.
pub fn traits(given: &str, family: &str, born: Option<NaiveDate>) -> Traits {
    Traits { given: folded(given), family: folded(family), born, ..Traits::default() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn human(name: &str, born: &str, master: &str) -> Traits {
        let (given, family) = name.rsplit_once(' ').unwrap();
        let masters = Some(master.to_owned()).filter(|mark| !mark.is_empty()).into_iter().collect();
        Traits { masters, ..traits(given, family, born.parse().ok()) }
    }

    #[test]
    fn an_id_has_gone_to_another_human_when_two_things_say_so() {
        let liv = human("Liv Åkesson", "2016-03-08", "M-1");
        for (same, who) in [
            (human("Liv Nyman", "2016-03-08", "M-1"), "a new family name"),
            (human("Liv Nyman", "", ""), "and nothing else said"),
            (human("Leo Åkesson", "2016-03-08", ""), "a new given name"),
            (human("Liv Åkesson", "2016-03-09", "M-1"), "a corrected birth date"),
            (human("Liv Åkesson", "2016-03-08", "M-2"), "a new number"),
            (human("Skyddad Identitet", "", ""), "a masked name"),
            (human("Nora Vik", "2016-03-08", "M-1"), "a new name altogether, and the same number"),
            (human("Liv Ã…kesson", "", ""), "garbled"),
        ] {
            assert!(!same.is_another(&liv), "{who}");
        }
        for (other, who) in [
            (human("Nora Vik", "", ""), "another name"),
            (human("Nora Vik", "2015-01-01", "M-1"), "another name and birth date"),
            (human("Nora Åkesson", "2015-01-01", ""), "a sister"),
            (human("Liv Åkesson", "2015-01-01", "M-2"), "a namesake"),
            (human("Nora Åkesson", "", "M-2"), "a sister of unknown age"),
        ] {
            assert!(other.is_another(&liv), "{who}");
        }
    }

    #[test]
    fn two_rows_of_one_identifier_can_be_one_person_or_cannot() {
        let teacher = human("Anna Maria Berg", "", "M-1");
        assert!(teacher.can_be(&human("Anna Lind", "", "M-1")));
        assert!(teacher.can_be(&human("A. Berg", "", "M-1")));
        assert!(!teacher.can_be(&human("Olle Berg", "", "M-1")));
        let (one, other) = (human("Liv Ask", "2016-03-08", "M"), human("Liv Ask", "2017-03-08", "M"));
        assert!(!one.can_be(&other));
        let (pupil, adult) = (Traits { pupil: Some(true), ..one.clone() }, Traits { pupil: Some(false), ..one });
        assert!(!pupil.can_be(&adult));
    }
}
