//! The evacuation list: who is in the building, for whoever stands outside it with a phone and perhaps no network.

use super::{
    Source,
    frame::Frame,
    today_staff::sees_school,
    values::{EvacuationLines, Person, Window},
    waiting::groups_answered_for,
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{attendance::board::DayBook, ids::PersonId, names, people::GroupKind},
    say,
};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct EvacuationList {
    pub heading: String,
    /// Of whom it is: the whole school, or which groups.
    pub of: String,
    /// How old what the phone knows is, said in words by the shell's own sync state; this is what it counts.
    pub summary: String,
    pub inside: u32,
    pub uncertain: u32,
    /// By class, then by name.
    pub pupils: EvacuationLines,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct EvacuationLine {
    pub pupil: Person,
    pub class: String,
    /// Seen at school and not seen to leave; or else not ruled out.
    pub inside: bool,
    pub text: String,
}

/// Class and name as they sort, who, whether inside, and the class.
type Line = (Vec<u8>, Vec<u8>, PersonId, bool, String);

/// The whole school for whoever sees it, or else the groups that this person has today: of those that the school gives
/// whole, for a list that leaves a child out is worse than none. None: this person has no such list.
///
/// # Errors
/// The mirror cannot be read.
pub fn evacuation_list(
    source: &dyn Source,
    texts: Texts,
    window: Window,
) -> Result<Option<EvacuationList>, PhoneError> {
    let frame = Frame::new(source, texts);
    let whole = sees_school(&frame);
    let own = groups_answered_for(&frame);
    if !whole && own.is_empty() {
        return Ok(None);
    }
    let book = DayBook::new(source.roster(), frame.today, frame.now, frame.day_records(frame.today)?);
    let found = if whole { book.school().evacuation } else { book.evacuation(&own) };
    let of = if whole {
        say!(texts, "evacuation-of-school")
    } else {
        let names: Vec<String> = own.iter().map(|group| frame.group(*group)).collect();
        say!(texts, "evacuation-of-groups", groups = texts.list(&names))
    };
    let mut lines: Vec<Line> = Vec::new();
    for (pupils, inside) in [(&found.inside, true), (&found.uncertain, false)] {
        for pupil in pupils {
            let class = class_of(&frame, *pupil);
            let name = names::sort_key(texts.language(), &frame.pupil(*pupil).name);
            lines.push((names::sort_key(texts.language(), &class), name, *pupil, inside, class));
        }
    }
    lines.sort();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let (inside, uncertain) = (number(found.inside.len()), number(found.uncertain.len()));
    Ok(Some(EvacuationList {
        heading: frame.heading(frame.today),
        of,
        summary: say!(texts, "office-inside", count = inside, uncertain = uncertain),
        inside,
        uncertain,
        pupils: window.make(&lines, |(_, _, pupil, inside, class)| {
            let text = if *inside { say!(texts, "evacuation-inside") } else { say!(texts, "evacuation-uncertain") };
            let (pupil, class) = (frame.pupil(*pupil), class.clone());
            Ok::<_, PhoneError>(EvacuationLine { pupil, class, inside: *inside, text })
        })?,
    }))
}

/// The class, or else any group.
pub(super) fn class_of(frame: &Frame<'_>, pupil: PersonId) -> String {
    let roster = frame.source.roster();
    let places = roster.pupil(pupil).map(|facts| facts.memberships.as_slice()).unwrap_or_default();
    let mut groups: Vec<_> = places
        .iter()
        .filter(|place| place.dates.contain(frame.today))
        .filter_map(|place| roster.group(place.group))
        .collect();
    groups.sort_by_key(|group| {
        let rank = match group.kind {
            GroupKind::Class => 0,
            GroupKind::MentorGroup => 1,
            GroupKind::Department => 2,
            GroupKind::Club => 3,
            GroupKind::TeachingGroup => 4,
        };
        (rank, group.id)
    });
    groups.first().map(|group| group.name.clone()).unwrap_or_default()
}
