//! Answers as an operator reads them in a terminal. `--json` prints the same values whole.

use super::{
    answer::{
        AdultLine, Answer, Clock, Confirmed, Exit, FoundList, Letters, People, ReaderIs, ReaderList, RebuiltSchool,
        Status, Ticked, WhyNot,
    },
    find,
};
use crate::{
    engine::Trust,
    roster::{codes::Effect, report::ImportReport},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use skolebro_core::{domain::time::local_date, plain::isolated};
use std::fmt::{self, Display, Write};

impl Answer {
    /// What the process ends with.
    pub fn exit(&self) -> Exit {
        let attention = match self {
            Answer::People(people) => people.needs_attention(),
            Answer::Confirmed(confirmed) => !confirmed.unclear.is_empty(),
            Answer::Codes(letters) => letters.letters.is_empty(),
            Answer::Ticked(ticked) => ticked.clock == Trust::Waiting,
            Answer::Rebuilt { schools } => schools.iter().any(|school| school.left > 0),
            Answer::Clock(clock) => clock.trust != Trust::Believed,
            Answer::Status(status) => {
                status.clock.trust != Trust::Believed || status.schools.iter().any(|school| school.unread > 0)
            }
            Answer::Imported(report) if report.stopped.is_some() => return Exit::Refused,
            Answer::Imported(report) => left_something_out(report),
            Answer::Changed { .. }
            | Answer::Devices { .. }
            | Answer::Found(_)
            | Answer::Readers(_)
            | Answer::BackedUp { .. } => false,
        };
        if attention { Exit::NeedsAttention } else { Exit::Ok }
    }
}

impl Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Confirmed(confirmed) => confirmations(f, confirmed),
            Answer::People(people) => settle(f, people),
            Answer::Codes(letters) => codes(f, letters),
            Answer::Changed { changed: true } => writeln!(f, "Done."),
            Answer::Changed { changed: false } => writeln!(f, "It was so already."),
            Answer::Devices { devices, zone } => {
                for device in devices {
                    let seen = device.last_seen.map_or("never".to_owned(), |at| local(at, *zone));
                    let state = if device.revoked_at.is_some() { "revoked" } else { "active" };
                    writeln!(f, "{}  {state:<7}  seen {seen}  {}", device.device, isolated(&device.name))?;
                }
                if devices.is_empty() { writeln!(f, "No phone.") } else { Ok(()) }
            }
            Answer::Found(list) => found(f, list),
            Answer::Readers(readers) => read_by(f, readers),
            Answer::BackedUp { dir } => {
                writeln!(f, "Copied to {}. The keys are not in it: keep them apart.", dir.display())
            }
            Answer::Imported(report) => write!(f, "{report}"),
            Answer::Ticked(ticked) => {
                let Ticked { commands, lapsed, erased, next, clock, zone } = ticked;
                if *clock == Trust::Waiting {
                    return writeln!(f, "Nothing was done: the machine's clock cannot be right. `clock` tells more.");
                }
                write!(f, "{commands} commands of the clock, {lapsed} rights ended, {erased} records erased.")?;
                match next {
                    Some(at) => writeln!(f, " More is due at {}.", local(*at, *zone)),
                    None => writeln!(f),
                }
            }
            Answer::Clock(clock) => time(f, clock),
            Answer::Rebuilt { schools } => {
                for school in schools {
                    let RebuiltSchool { school, rows, granted, revoked, left } = school;
                    let school = isolated(school);
                    writeln!(f, "{school}: {rows} cards written, {granted} rights given, {revoked} taken back.")?;
                    if *left > 0 {
                        writeln!(f, "  {left} parts could not be done; the server's log tells why.")?;
                    }
                }
                Ok(())
            }
            Answer::Status(status) => how_it_is(f, status),
        }
    }
}

fn time(f: &mut fmt::Formatter<'_>, clock: &Clock) -> fmt::Result {
    let Clock { now, machine, trust, erases, zone } = clock;
    let (now, machine, day) = (local(*now, *zone), local(*machine, *zone), local_date(*zone, *machine));
    match trust {
        Trust::Believed => writeln!(f, "It is {now}, as the machine's clock says.")?,
        Trust::Doubted => writeln!(
            f,
            "The machine's clock has jumped to {machine}. The server goes on without it, at {now}, and erases nothing.\n\
             Set the clock right. If it is right: skolebro-server clock --today {day}"
        )?,
        Trust::Waiting => writeln!(
            f,
            "The machine's clock shows {machine}; the server last ran at {now}. Nobody is answered and nothing is done.\n\
             Set the clock right. If it is right (the server was stopped for so long): skolebro-server clock --today {day}"
        )?,
    }
    if *trust == Trust::Believed && !erases {
        writeln!(f, "Nothing is erased yet: not within a day of a first start, a long pause or a correction.")?;
    }
    Ok(())
}

/// Whether a row, a value or a file was not used, or what guards a child was not understood: somebody should read why.
fn left_something_out(report: &ImportReport) -> bool {
    if report.has_safeguards_to_look_at() {
        return true;
    }
    let codes = report.files.values().flat_map(|file| file.counts.keys());
    codes.map(|code| code.effect()).any(|effect| effect != Effect::Note)
}

pub(super) fn word(value: impl serde::Serialize) -> String {
    let text = serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned));
    text.unwrap_or_default().replace('_', "-")
}

fn adults(f: &mut fmt::Formatter<'_>, title: &str, lines: &[AdultLine]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "{title} ({}):", lines.len())?;
    for line in lines {
        adult(f, line)?;
        f.write_char('\n')?;
    }
    f.write_char('\n')
}

fn adult(f: &mut fmt::Formatter<'_>, line: &AdultLine) -> fmt::Result {
    let groups = line.groups.join(" ");
    write!(
        f,
        "  {groups:<6} {} — {}, {}\n         --person {} --pupil {}",
        isolated(&line.pupil_name),
        isolated(&line.name),
        word(line.kind),
        line.person,
        line.pupil
    )
}

/// As the clock on the school's wall shows it, and which clock that is.
fn local(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%F %H:%M %Z").to_string()
}

fn confirmations(f: &mut fmt::Formatter<'_>, confirmed: &Confirmed) -> fmt::Result {
    let title = if confirmed.dry_run { "Would be confirmed" } else { "Confirmed" };
    adults(f, title, &confirmed.confirmed)?;
    adults(f, "Still pending: say what they are with --kind", &confirmed.unclear)?;
    adults(f, "Left alone: a block stands", &confirmed.blocked)?;
    let nothing = confirmed.confirmed.is_empty() && confirmed.unclear.is_empty() && confirmed.blocked.is_empty();
    if nothing { writeln!(f, "Nobody is pending there.") } else { Ok(()) }
}

fn settle(f: &mut fmt::Formatter<'_>, people: &People) -> fmt::Result {
    writeln!(f, "{}\n", isolated(&people.school))?;
    adults(f, "Pending: confirm or block", &people.pending)?;
    if !people.unknown_birth_dates.is_empty() {
        writeln!(f, "Birth date unknown ({}):", people.unknown_birth_dates.len())?;
        for pupil in &people.unknown_birth_dates {
            writeln!(f, "  {:<6} {}  {}", pupil.groups.join(" "), isolated(&pupil.name), pupil.pupil)?;
        }
        writeln!(f)?;
    }
    if !people.ending.is_empty() {
        writeln!(f, "Ends soon ({}):", people.ending.len())?;
        for ending in &people.ending {
            adult(f, &ending.adult)?;
            let why = if ending.comes_of_age { "18 years" } else { "by its date" };
            writeln!(f, "\n         at {}, {why}", local(ending.at, people.zone))?;
        }
        writeln!(f)?;
    }
    if !people.needs_attention() {
        writeln!(f, "Nothing to settle.\n")?;
    }
    adults(f, "Blocked", &people.blocked)
}

fn codes(f: &mut fmt::Formatter<'_>, letters: &Letters) -> fmt::Result {
    let group = if letters.group.is_empty() { String::new() } else { format!(", {}", isolated(&letters.group)) };
    writeln!(f, "{}{group}: good until {}", isolated(&letters.school), letters.until)?;
    for letter in &letters.letters {
        writeln!(f, "  {}  {}", letter.code, isolated(&letter.to.name))?;
    }
    left(f, letters)
}

/// What is said where the codes themselves went to a file.
pub fn codes_written(letters: &Letters) -> String {
    struct Left<'a>(&'a Letters);
    impl Display for Left<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            left(f, self.0)
        }
    }
    format!("{} letters, good until {}\n{}", letters.letters.len(), letters.until, Left(letters))
}

fn left(f: &mut fmt::Formatter<'_>, letters: &Letters) -> fmt::Result {
    let has_one = |why: &WhyNot| matches!(why, WhyNot::HasCode { .. });
    let (have, none): (Vec<_>, Vec<_>) = letters.left.iter().partition(|(_, why)| has_one(why));
    for (title, left) in [
        ("Have a code already that still works; --again makes a new one, and that one is dead then", have),
        ("No code", none),
    ] {
        if left.is_empty() {
            continue;
        }
        writeln!(f, "{title} ({}):", left.len())?;
        for (person, why) in left {
            writeln!(f, "  {}  {}: {}", person.person, isolated(&person.name), why_not(*why))?;
        }
    }
    Ok(())
}

fn why_not(why: WhyNot) -> String {
    match why {
        WhyNot::HasCode { made } => format!("made on {made}"),
        WhyNot::Nothing => "may read nothing here: without custody, and no topic is delegated".to_owned(),
        WhyNot::Pending | WhyNot::Blocked | WhyNot::NoName => word(why),
    }
}

fn found(f: &mut fmt::Formatter<'_>, list: &FoundList) -> fmt::Result {
    if list.total == 0 {
        return writeln!(f, "Nothing here is called that. A search is the beginnings of words: `find am ber`.");
    }
    for line in &list.found {
        writeln!(f, "{}  {}", line.id, find::told(line))?;
    }
    if list.total > list.found.len() {
        writeln!(f, "{} of {}, page {}; --page shows others.", list.found.len(), list.total, list.page)?;
    }
    Ok(())
}

fn read_by(f: &mut fmt::Formatter<'_>, list: &ReaderList) -> fmt::Result {
    writeln!(f, "{}", list.scope)?;
    for reader in &list.readers {
        let relation = match reader.relation {
            ReaderIs::Home(kind) => word(kind),
            ReaderIs::Staff(role) => word(role),
            ReaderIs::Itself => "itself".to_owned(),
        };
        writeln!(f, "  {relation:<26} {}", isolated(&reader.name))?;
    }
    if list.readers.is_empty() { writeln!(f, "  nobody") } else { Ok(()) }
}

fn how_it_is(f: &mut fmt::Formatter<'_>, status: &Status) -> fmt::Result {
    write!(f, "skolebro-server {}, ", status.version)?;
    match status.since {
        Some(since) => writeln!(f, "running since {}", local(since, status.zone))?,
        None => writeln!(f, "not running")?,
    }
    writeln!(f, "now {}, epoch {}", local(status.now, status.zone), status.epoch)?;
    if status.clock.trust != Trust::Believed {
        time(f, &status.clock)?;
    }
    for school in &status.schools {
        writeln!(
            f,
            "  {}: {} pupils, {} groups, {} adults, {} pending, at {}",
            isolated(&school.name),
            school.pupils,
            school.groups,
            school.adults,
            school.pending,
            school.head
        )?;
        if school.unread > 0 {
            writeln!(
                f,
                "    {} entries of its roster cannot be read. They give nobody anything; an import that says them anew mends them.",
                school.unread
            )?;
        }
    }
    Ok(())
}
