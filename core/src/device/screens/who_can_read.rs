//! *Who can read this*: everybody whom the access table lets read a scope, as far as this person may know of them. It
//! never says who has read it, and never names a protected identity to another home.

use super::{
    Source,
    frame::Frame,
    values::{Person, Readers, Window},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        access::{Relation, readers},
        command::CommandKind,
        directory::{PupilCard, RelationCard, pupil_card},
        ids::PersonId,
        names,
        people::{Assignment, Reach, Role},
        scope::{Circle, Scope, Subject, Topic},
    },
    say,
};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct WhoCanRead {
    pub scope: Scope,
    /// What it is about, in words.
    pub heading: String,
    /// This person first, then home, then staff by role and name.
    pub readers: Readers,
    /// Who is barred from the pupil, for those who may lift the bar; empty for everybody else.
    pub barred: Vec<Person>,
    /// That, in words, before their names.
    pub barred_text: Option<String>,
    /// Sensitive things are read with a strong login only.
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Reader {
    pub person: Person,
    pub is_me: bool,
    /// Why: what the person is to the pupil, or does at school.
    pub because: String,
}

/// Where it is sorted (place, role, name), and the line.
type Found = (u8, Option<Role>, Vec<u8>, Reader);

/// The absence and presence of a pupil: what *child* shows.
pub fn attendance_scope(pupil: PersonId) -> Scope {
    Scope::pupil(pupil, Topic::Attendance, Circle::All)
}

/// # Errors
/// The mirror cannot be read.
pub fn who_can_read(source: &dyn Source, texts: Texts, scope: Scope, window: Window) -> Result<WhoCanRead, PhoneError> {
    let frame = Frame::new(source, texts);
    let cards = source.relations()?;
    let own = match scope.subject {
        Subject::Pupil(pupil) => cards.iter().find(|card| card.pupil == pupil),
        Subject::School | Subject::Group(_) | Subject::Person(_) => None,
    };
    let mut found: Vec<Found> = Vec::new();
    for (person, relation) in readers(source.roster(), &scope, frame.today) {
        let me = person == source.me();
        let place = match relation {
            Relation::Itself | Relation::AdultPupil => 0,
            Relation::Home(_) if !me && own.is_some() => continue,
            Relation::Home(_) => 1,
            Relation::Staff(_) => 2,
        };
        let because = because(&frame, &scope, person, relation);
        found.push(entry(&frame, person, me, place, relation, because));
    }
    if let Some(card) = own {
        found.extend(others_at_home(&frame, card, &scope));
    }
    found.extend(of_age(&frame, &scope)?);
    found.sort_by(|a, b| (a.0, a.1, &a.2, a.3.person.id).cmp(&(b.0, b.1, &b.2, b.3.person.id)));
    found.dedup_by(|a, b| a.3.person.id == b.3.person.id);
    let readers = window.cut(found.into_iter().map(|(_, _, _, reader)| reader).collect());
    let topic = texts.topic(scope.topic);
    let heading = match scope.subject {
        Subject::Pupil(pupil) => say!(texts, "readers-of-child", name = frame.pupil(pupil).name, topic = topic),
        Subject::School | Subject::Group(_) | Subject::Person(_) => say!(texts, "readers-of", topic = topic),
    };
    let note = scope.topic.is_sensitive().then(|| say!(texts, "readers-strong"));
    let barred = barred(&frame, &scope)?;
    let barred_text = (!barred.is_empty()).then(|| say!(texts, "readers-barred"));
    Ok(WhoCanRead { scope, heading, readers, barred, barred_text, note })
}

fn entry(frame: &Frame<'_>, person: PersonId, me: bool, place: u8, relation: Relation, because: String) -> Found {
    let name = if me { frame.texts.sentence(&say!(frame.texts, "reader-you")) } else { named(frame, person, relation) };
    let rank = match relation {
        Relation::Staff(role) => Some(role),
        Relation::Home(_) | Relation::AdultPupil | Relation::Itself => None,
    };
    let key = names::sort_key(frame.texts.language(), &name);
    (if me { 0 } else { place }, rank, key, Reader { person: Person { id: person, name }, is_me: me, because })
}

fn named(frame: &Frame<'_>, person: PersonId, relation: Relation) -> String {
    let name = match relation {
        Relation::Home(_) => frame.texts.guardian_named(frame, person),
        Relation::Staff(_) => frame.texts.staff_named(frame, person),
        Relation::AdultPupil | Relation::Itself => frame.texts.pupil_named(frame, person),
    };
    frame.texts.sentence(&name)
}

/// The other adults at home as the directory tells them, who read this topic; protected identities are not among them.
fn others_at_home(frame: &Frame<'_>, card: &RelationCard, scope: &Scope) -> Vec<Found> {
    match scope.circle {
        // What one home writes is between it and staff.
        Circle::Party(_) | Circle::Staff => Vec::new(),
        Circle::All => card
            .others
            .iter()
            .filter(|other| other.reads.contains(&scope.topic))
            .map(|other| {
                let relation = Relation::Home(other.kind);
                entry(frame, other.person, false, 1, relation, frame.texts.guardianship(other.kind))
            })
            .collect(),
    }
}

fn barred(frame: &Frame<'_>, scope: &Scope) -> Result<Vec<Person>, PhoneError> {
    let Subject::Pupil(pupil) = scope.subject else { return Ok(Vec::new()) };
    if frame.capacity_about(CommandKind::LiftBlock, &[pupil]).is_none() {
        return Ok(Vec::new());
    }
    let cards = frame.source.contacts(pupil)?.into_iter().filter(|card| card.blocked);
    let mut barred: Vec<Person> = cards.map(|card| Person { id: card.person, name: card.name }).collect();
    barred.sort_by_cached_key(|person| (names::sort_key(frame.texts.language(), &person.name), person.id));
    Ok(barred)
}

/// A pupil of age reads what is about itself: others know that by its card alone.
fn of_age(frame: &Frame<'_>, scope: &Scope) -> Result<Option<Found>, PhoneError> {
    let (Subject::Pupil(pupil), Circle::All) = (scope.subject, scope.circle) else { return Ok(None) };
    if pupil == frame.source.me() {
        return Ok(None);
    }
    let (at, id) = pupil_card(frame.source.school(), pupil);
    let card = frame.source.record(&at, id)?.known().and_then(|record| PupilCard::try_from(record.body).ok());
    let because = say!(frame.texts, "reader-itself");
    let is_of_age = card.is_some_and(|card| card.of_age);
    Ok(is_of_age.then(|| entry(frame, pupil, false, 0, Relation::AdultPupil, because)))
}

fn because(frame: &Frame<'_>, scope: &Scope, person: PersonId, relation: Relation) -> String {
    match relation {
        Relation::AdultPupil | Relation::Itself => say!(frame.texts, "reader-itself"),
        Relation::Home(kind) => frame.texts.guardianship(kind),
        Relation::Staff(role) => {
            let held = frame.source.roster().assignments(person).iter();
            let reaching = held.filter(|assignment| assignment.role == role && reaches(frame, scope, assignment));
            let role = frame.texts.role(role);
            let mut groups: Vec<String> = reaching
                .filter_map(|assignment| match assignment.reach {
                    Reach::Group(group) => Some(frame.group(group)),
                    Reach::School => None,
                })
                .collect();
            groups.sort_unstable();
            groups.dedup();
            if groups.is_empty() {
                role
            } else {
                say!(frame.texts, "reader-role-in-group", role = role, group = frame.texts.list(&groups))
            }
        }
    }
}

fn reaches(frame: &Frame<'_>, scope: &Scope, assignment: &Assignment) -> bool {
    assignment.dates.contain(frame.today)
        && match (scope.subject, assignment.reach) {
            (_, Reach::School) => true,
            (Subject::Pupil(pupil), Reach::Group(group)) => frame.source.roster().is_member(pupil, group, frame.today),
            (Subject::Group(of), Reach::Group(group)) => of == group,
            (Subject::School | Subject::Person(_), Reach::Group(_)) => false,
        }
}
