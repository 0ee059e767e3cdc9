//! `assign`: who works as what, where and when, given and ended by hand.

use super::{
    answer::{Answer, Trouble},
    book::Book,
    desk::Desk,
    find, order,
};
use chrono::{DateTime, Utc};
use skolebro_core::{
    domain::{
        ids::PersonId,
        people::{Assignment, Dates, Reach},
        roster::RosterChange,
    },
    plain::plain,
};

pub(super) fn assign(desk: &Desk, wanted: &order::Assign, now: DateTime<Utc>) -> Result<Answer, Trouble> {
    let person = desk.somebody(&wanted.person, &wanted.school, now)?;
    // A substitute may be new to the school: then the school must be named where there are several.
    let book = match desk.book_of(person, &wanted.school, now) {
        Ok(book) => book,
        Err(_) => desk.book(&wanted.school, now)?,
    };
    if !book.people.contains_key(&person) {
        return Err(Trouble::usage("the school's roster does not know that person; import the person first"));
    }
    let dates = Dates { from: wanted.from, until: wanted.until };
    if dates.are_reversed() {
        return Err(Trouble::usage("--until is before --from"));
    }
    let reach = match &wanted.group {
        Some(group) => Reach::Group(book.group(group)?),
        None => Reach::School,
    };
    let given = Assignment { person, role: wanted.role, reach, dates };
    let changes = if wanted.end { ended(&book, &given)? } else { begun(&book, given)? };
    let changed = !changes.is_empty();
    desk.apply(book.school, changes)?;
    Ok(Answer::Changed { changed })
}

fn begun(book: &Book, given: Assignment) -> Result<Vec<RosterChange>, Trouble> {
    if let Some(until) = given.dates.until.filter(|until| *until < book.today) {
        return Err(Trouble::usage(format!("--until {until} is past; --end ends an assignment now")));
    }
    match given.reach {
        // What a forgotten group would widen to the whole school.
        Reach::School if given.role.is_for_groups() => {
            return Err(Trouble::usage("that role never holds for a whole school: name the group with --group"));
        }
        Reach::Group(_) if given.role.is_for_school() => {
            return Err(Trouble::usage("that role always holds for the whole school: leave --group out"));
        }
        Reach::Group(_) | Reach::School => {}
    }
    let pupil = book.roster.pupil(given.person).is_some_and(|facts| facts.dates.contain(book.today));
    if pupil && !book.roster.knows_adult(given.person) {
        let name = book.name(given.person);
        return Err(Trouble::refused(format!("{} is a pupil there; pupils are given no assignment", plain(&name))));
    }
    let mut held = held(book, &given);
    Ok(match held.any(|held| given.dates.are_within(held.dates)) {
        true => Vec::new(),
        false => book.roster.given_by_staff(given, book.today),
    })
}

/// Of all periods, or of the one with the days that are given. What has been ended before may be ended again; what never
/// was is a mistake, and said so with what there is.
fn ended(book: &Book, given: &Assignment) -> Result<Vec<RosterChange>, Trouble> {
    let Dates { from, until } = given.dates;
    let meant = |held: &&Assignment| {
        from.is_none_or(|from| held.dates.from == Some(from))
            && until.is_none_or(|until| held.dates.until == Some(until))
    };
    let found: Vec<&Assignment> = held(book, given).filter(meant).collect();
    if found.is_empty() {
        return Err(Trouble::usage(stands(book, given.person)));
    }
    Ok(found.iter().flat_map(|held| book.roster.ended_by_staff(held, Some(held.dates), book.today)).collect())
}

fn held<'a>(book: &'a Book, given: &Assignment) -> impl Iterator<Item = &'a Assignment> {
    let (role, reach) = (given.role, given.reach);
    book.roster.assignments(given.person).iter().filter(move |held| held.role == role && held.reach == reach)
}

fn stands(book: &Book, person: PersonId) -> String {
    let (name, held) = (book.name(person), find::assignments(book, person));
    let (name, school) = (plain(&name), book.school_name());
    let school = plain(&school);
    if held.is_empty() {
        return format!("{name} has no assignment at {school} to end");
    }
    format!("{name} has no such assignment at {school}; what stands: {}", held.join(", "))
}
