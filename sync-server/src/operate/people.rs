//! `people`: what staff must settle before access is right. Nothing here is assumed or mended by itself.

use super::{
    answer::{AdultLine, Ending, People, PupilLine},
    book::Book,
};
use chrono::{DateTime, TimeDelta, Utc};
use skolebro_core::domain::{
    access::{home_holding, majority},
    people::{GuardianshipKind, Standing},
    time::local_date,
};

/// How far ahead an end is announced.
pub const SOON: TimeDelta = TimeDelta::days(60);

pub fn people(book: &Book, now: DateTime<Utc>) -> People {
    let mut list = People {
        school: book.school_name(),
        pending: Vec::new(),
        unknown_birth_dates: Vec::new(),
        ending: Vec::new(),
        blocked: Vec::new(),
        zone: book.roster.time_zone(),
    };
    for pupil in book.pupils() {
        if book.roster.birth_date(pupil).is_none() {
            list.unknown_birth_dates.push(book.pupil_line(pupil));
        }
        for guardianship in book.roster.guardianships(pupil) {
            let line = || book.adult_line(guardianship);
            if book.roster.is_blocked(pupil, guardianship.person) {
                continue;
            }
            if guardianship.standing == Standing::Pending {
                list.pending.push(line());
            } else if let Some(at) = home_holding(&book.roster, guardianship.person, pupil, book.today)
                .and_then(|holding| holding.first_end())
                .filter(|until| *until <= now + SOON)
            {
                let on = local_date(book.roster.time_zone(), at);
                let comes_of_age = book.roster.birth_date(pupil).is_some_and(|born| majority(born) == on);
                list.ending.push(Ending { adult: line(), at, comes_of_age });
            }
        }
    }
    // A block may stand where no relation is known, and for a pupil who has left.
    let mut blocks: Vec<_> = book.roster.blocks().collect();
    blocks.sort_by_cached_key(|(pupil, person)| (book.family_first(*pupil), *pupil, *person));
    for (pupil, person) in blocks {
        let kind = book.roster.guardianship(pupil, person).map_or(GuardianshipKind::Unspecified, |held| held.kind);
        let PupilLine { name, groups, .. } = book.pupil_line(pupil);
        let name_of_adult = book.name(person);
        list.blocked.push(AdultLine { person, name: name_of_adult, pupil, pupil_name: name, groups, kind });
    }
    list
}

impl People {
    /// Whether somebody has something to settle. A block is a decision, not a question.
    pub fn needs_attention(&self) -> bool {
        !self.pending.is_empty() || !self.unknown_birth_dates.is_empty() || !self.ending.is_empty()
    }
}
