//! Whom and what a typed name means to an operator: people, groups and schools of the data folder, compared in the one form
//! that names have everywhere. A name fits whole first, and by the beginnings of its words after that; an id always fits.
//! It never guesses between two: it tells what tells them apart.

use super::{
    answer::{Found, FoundKind, FoundList, Trouble},
    book::Book,
    order,
    render::word,
};
use skolebro_core::{
    domain::{
        access::is_of_age,
        ids::{GroupId, PersonId, SchoolId},
        names,
        people::{Assignment, Dates, Reach, Standing},
    },
    plain::plain,
};
use std::{collections::BTreeMap, fmt::Write as _};
use uuid::Uuid;

/// Most of those that a name fits and that are told in a refusal.
const TOLD: usize = 12;

/// Everything that the words fit, in the order of schools, then kinds, then names; a page of it.
pub fn find(books: &[Book], wanted: &order::Find) -> FoundList {
    let words = wanted.words.join(" ");
    let mut found = Vec::new();
    for book in books {
        if is_id(book.school.0, &words) || names::begins(&book.school_name(), &words) {
            found.push(school_line(book));
        }
        let mut groups: Vec<(Vec<u8>, GroupId)> = book
            .roster
            .groups()
            .filter(|group| is_id(group.id.0, &words) || names::begins(&group.name, &words))
            .map(|group| (names::sort_key(book.language(), &group.name), group.id))
            .collect();
        groups.sort();
        found.extend(groups.into_iter().filter_map(|(_, group)| group_line(book, group)));
        let fits = |person: PersonId| is_id(person.0, &words) || names::begins(&book.name(person), &words);
        let mut people: Vec<PersonId> = book.people.keys().copied().filter(|person| fits(*person)).collect();
        people.sort_by_cached_key(|person| (book.family_first(*person), *person));
        found.extend(people.into_iter().map(|person| person_line(book, person)));
    }
    let (total, limit) = (found.len(), wanted.limit.max(1) as usize);
    let first = (wanted.page.max(1) as usize - 1).saturating_mul(limit);
    let found: Vec<Found> = found.into_iter().skip(first).take(limit).collect();
    FoundList { found, total, page: wanted.page.max(1), limit: wanted.limit.max(1) }
}

/// The one person that a name or an id means, at whatever school. An id is taken as it is: what becomes of one that nobody
/// has, each order says itself.
///
/// # Errors
/// The name fits nobody, or several.
pub fn person(books: &[Book], wanted: &str, among: impl Fn(&Book, PersonId) -> bool) -> Result<PersonId, Trouble> {
    if let Ok(id) = wanted.trim().parse() {
        return Ok(id);
    }
    let whole = |name: &str| names::same(name, wanted);
    let begins = |name: &str| names::begins(name, wanted);
    for fits in [&whole as &dyn Fn(&str) -> bool, &begins] {
        let mut hits: BTreeMap<PersonId, &Book> = BTreeMap::new();
        for book in books {
            for (id, person) in &book.people {
                if fits(&person.name()) && among(book, *id) {
                    hits.entry(*id).or_insert(book);
                }
            }
        }
        let lines = || {
            let mut hits: Vec<_> = hits.iter().collect();
            hits.sort_by_cached_key(|(id, book)| (book.family_first(**id), **id));
            hits.into_iter().map(|(id, book)| person_line(book, *id)).collect()
        };
        match hits.len() {
            0 => {}
            1 => return hits.into_keys().next().ok_or_else(|| nobody(wanted)),
            _ => return Err(several(wanted, lines())),
        }
    }
    Err(nobody(wanted))
}

/// Whether it may be a pupil: one who has or had a place at the school.
pub fn is_pupil(book: &Book, person: PersonId) -> bool {
    book.roster.pupil(person).is_some()
}

fn nobody(wanted: &str) -> Trouble {
    let wanted = plain(wanted);
    Trouble::usage(format!("nobody here is called “{wanted}”; `find` shows whom a part of a name fits"))
}

pub(super) fn several(wanted: &str, mut found: Vec<Found>) -> Trouble {
    let mut what = format!("“{}” fits several; give the id of the one that is meant:", plain(wanted));
    for line in found.iter().take(TOLD) {
        // Writing to a String cannot fail.
        let _ = write!(what, "\n  {}  {}", line.id, told(line));
    }
    if found.len() > TOLD {
        let _ = write!(what, "\n  and {} more; `find` shows all of them", found.len() - TOLD);
    }
    found.truncate(TOLD);
    Trouble { candidates: found, ..Trouble::usage(what) }
}

/// A line for people: the name, and what tells it apart.
pub fn told(found: &Found) -> String {
    let mut parts = vec![plain(&found.name).to_string()];
    parts.extend(found.is.iter().map(|is| plain(is).to_string()));
    if found.kind != FoundKind::School {
        parts.push(plain(&found.school).to_string());
    }
    parts.join(" · ")
}

fn is_id(id: Uuid, words: &str) -> bool {
    words.trim().parse() == Ok(id)
}

fn line(book: &Book, kind: FoundKind, id: Uuid, name: String, is: Vec<String>) -> Found {
    Found { kind, id, name, is, school_id: book.school, school: book.school_name() }
}

fn school_line(book: &Book) -> Found {
    let SchoolId(id) = book.school;
    let pupils = format!("school with {} pupils", book.pupils().len());
    line(book, FoundKind::School, id, book.school_name(), vec![pupils])
}

pub(super) fn group_line(book: &Book, group: GroupId) -> Option<Found> {
    let found = book.roster.group(group)?;
    let is = vec![word(found.kind), format!("{} pupils", book.members(group).len())];
    // The title, which tells groups of one name apart.
    let name = book.roster.group_title(group).unwrap_or_else(|| found.name.clone());
    Some(line(book, FoundKind::Group, group.0, name, is))
}

pub(super) fn person_line(book: &Book, person: PersonId) -> Found {
    let (roster, today) = (&book.roster, book.today);
    let mut is = Vec::new();
    if let Some(facts) = roster.pupil(person) {
        let groups = book.groups_of(person).join(" ");
        is.push(match (facts.dates.contain(today), groups.is_empty()) {
            (true, true) => "pupil".to_owned(),
            (true, false) => format!("pupil in {groups}"),
            (false, _) => "pupil, not now".to_owned(),
        });
        if is_of_age(roster, person, today) {
            is.push("of age".to_owned());
        }
    }
    for child in roster.children(person) {
        let Some(held) = roster.guardianship(*child, person) else { continue };
        let groups = book.groups_of(*child).join(" ");
        let class = if groups.is_empty() { String::new() } else { format!(" ({groups})") };
        let state = match held.standing {
            _ if roster.is_blocked(*child, person) => "blocked ",
            Standing::Pending => "pending ",
            Standing::Confirmed => "",
        };
        is.push(format!("{state}{} of {}{class}", word(held.kind), book.name(*child)));
    }
    is.extend(assignments(book, person));
    if let Some(member) = roster.staff_member(person)
        && roster.assignments(person).iter().all(|held| over(held.dates, book))
    {
        let how = if member.added_here { "added by the school, no assignment" } else { "works here, no assignment" };
        is.push(how.to_owned());
    }
    if roster.is_protected(person) {
        is.push("protected identity".to_owned());
    }
    if is.is_empty() {
        is.push("known by name only".to_owned());
    }
    line(book, FoundKind::Person, person.0, book.name(person), is)
}

/// What a person does at the school now or later, in words.
pub(super) fn assignments(book: &Book, person: PersonId) -> Vec<String> {
    let held = book.roster.assignments(person).iter().filter(|held| !over(held.dates, book));
    held.map(|held| assignment(book, held)).collect()
}

fn over(dates: Dates, book: &Book) -> bool {
    dates.until.is_some_and(|until| until < book.today)
}

fn assignment(book: &Book, held: &Assignment) -> String {
    let place = match held.reach {
        Reach::School => String::new(),
        Reach::Group(group) => {
            let name = book.roster.group_title(group).unwrap_or_else(|| group.to_string());
            format!(" in {name}")
        }
    };
    let from = held.dates.from.filter(|from| *from > book.today).map(|from| format!(" from {from}"));
    let until = held.dates.until.map(|until| format!(" until {until}"));
    format!("{}{place}{}{}", word(held.role), from.unwrap_or_default(), until.unwrap_or_default())
}
