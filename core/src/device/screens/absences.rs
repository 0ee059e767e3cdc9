//! Every absence between two days, newest day first: what an office prints, and what a teacher has before a talk. Read
//! day by day, over the days that have records: a page costs what those that it passes hold, and empty days cost nothing.

use super::{
    Source,
    desk::{Desk, not_theirs, reaches},
    evacuation::class_of,
    frame::Frame,
    today_staff::sees_school,
    values::{AbsenceLines, DayLine, Page, Person, SaidValidity, at_most},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        attendance::{board::DayBook, stats::validity_of},
        ids::PersonId,
        names,
        record::RecordKind,
    },
    say,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AbsenceList {
    pub heading: String,
    /// In words, where there is none.
    pub empty: Option<String>,
    /// Newest day first; by class and name within a day.
    pub absences: AbsenceLines,
}

/// Where the next page begins: after this pupil's line of this day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AbsencePlace {
    pub day: NaiveDate,
    pub pupil: PersonId,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AbsenceLine {
    pub pupil: Person,
    /// Its name; empty where the pupil has none now.
    pub class: String,
    pub line: DayLine,
    pub validity: SaidValidity,
}

/// By class, name and id.
type Key = (Vec<u8>, Vec<u8>, PersonId);

/// Both days inclusive. None: this person has no such list.
///
/// # Errors
/// The mirror cannot be read.
pub fn absences(
    source: &dyn Source,
    texts: Texts,
    (from, to): (NaiveDate, NaiveDate),
    after: Option<AbsencePlace>,
    limit: u32,
) -> Result<Option<AbsenceList>, PhoneError> {
    if not_theirs(source, texts, Desk::School).is_some() {
        return Ok(None);
    }
    let frame = Frame::new(source, texts);
    let limit = at_most(limit.max(1));
    // Nothing is known of what lies outside what a school keeps.
    let (first, last) = (from.max(frame.ago(FARTHEST)), to.min(frame.ahead(AHEAD)));
    let newest = after.map_or(last, |place| place.day.min(last));
    let mut items = Vec::new();
    let mut next = None;
    let day_with_any = |to: NaiveDate| source.newest_day(RecordKind::Attendance, first, to);
    let mut found = day_with_any(newest)?;
    while let Some(day) = found {
        let mut here = of_day(&frame, day)?;
        if let Some(place) = after.filter(|place| place.day == day) {
            let seen = key(&frame, place.pupil);
            here.retain(|line| key(&frame, line.pupil.id) > seen);
        }
        let room = limit - items.len();
        if here.len() > room {
            here.truncate(room);
            items.append(&mut here);
            next = items.last().map(|line: &AbsenceLine| AbsencePlace { day: line.line.day, pupil: line.pupil.id });
            break;
        }
        items.append(&mut here);
        found = day.pred_opt().map(day_with_any).transpose()?.flatten();
    }
    Ok(Some(AbsenceList {
        heading: frame.texts.sentence(&frame.texts.days(from, to, frame.today)),
        empty: (items.is_empty() && after.is_none()).then(|| say!(texts, "absences-empty")),
        absences: AbsenceLines::from(Page { items, next }),
    }))
}

/// How far back and ahead there is anything to read, in days.
const FARTHEST: u64 = 366 * 14;
const AHEAD: u64 = 200;

fn of_day(frame: &Frame<'_>, day: NaiveDate) -> Result<Vec<AbsenceLine>, PhoneError> {
    let records = frame.day_records(day)?;
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let book = DayBook::new(frame.source.roster(), day, frame.now, records);
    let whole = sees_school(frame);
    let mut found: Vec<(Key, AbsenceLine)> = Vec::new();
    for facts in book.pupils() {
        let Some(validity) = validity_of(facts) else { continue };
        if !whole && !is_of_this_persons_groups(frame, facts.pupil, day) {
            continue;
        }
        let line = AbsenceLine {
            pupil: frame.pupil(facts.pupil),
            class: class_of(frame, facts.pupil),
            line: frame.day_line(day, book.whereabouts(facts.pupil), Some(facts)),
            validity: SaidValidity::new(validity, frame.texts.validity(validity)),
        };
        found.push((key(frame, facts.pupil), line));
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found.into_iter().map(|(_, line)| line).collect())
}

fn is_of_this_persons_groups(frame: &Frame<'_>, pupil: PersonId, day: NaiveDate) -> bool {
    let places = frame.source.roster().pupil(pupil).map(|facts| facts.memberships.as_slice()).unwrap_or_default();
    places.iter().filter(|place| place.dates.contain(day)).any(|place| reaches(frame, place.group))
}

fn key(frame: &Frame<'_>, pupil: PersonId) -> Key {
    let language = frame.texts.language();
    let class = names::sort_key(language, &class_of(frame, pupil));
    (class, names::sort_key(language, &frame.pupil(pupil).name), pupil)
}
