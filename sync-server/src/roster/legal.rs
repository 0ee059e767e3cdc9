//! legal.csv, the legal layer: who is what to a pupil in law, from when until when, blocks and protection. It outranks
//! OneRoster, and docs/import.md describes it.
//!
//! A row that cannot be read gives nothing: what it bars or protects is used all the same, what it grants is not.

use super::{
    codes::Code,
    error::RosterError,
    header::{Guard, Shape},
    intake::{Cell, Intake, Skip},
    lists::{FROM, LANGUAGE, UNTIL},
    marks::is_placeholder,
    report::{Fate, Safeguard},
    table::{Broken, Line, Row, Table},
    told::LegalRelation,
    values::{WrittenDate, read_date, yes_no},
};
use rusqlite::{OptionalExtension, params};
use skolebro_core::domain::{
    names::folded,
    people::{Dates, GuardianshipKind},
    scope::Topic,
};
use std::io::Read;

mod broken;

pub const FILE: &str = "legal.csv";

/// In `same_as`: the id is somebody else's from now on.
const NOBODY: &str = "nobody";

pub const SHAPE: Shape = Shape {
    file: FILE,
    columns: &[
        "pupil",
        "person",
        "given_name",
        "family_name",
        "kind",
        "from",
        "until",
        "topics",
        "confirmed",
        "block",
        "protected_identity",
        "language",
        "birth_date",
        "consent_until",
        "same_as",
    ],
    required: &["pupil", "person"],
    guard: Guard::All(&[
        ("pupil", &["elev", "barn", "elev_id", "barn_id", "pupil_id"]),
        ("person", &["person_id", "vuxen", "voksen"]),
        ("given_name", &["förnamn", "fornavn", "first_name"]),
        ("family_name", &["efternamn", "efternavn", "etternavn", "last_name", "surname"]),
        ("from", FROM),
        ("until", UNTIL),
        ("confirmed", &["bekräftad", "bekräftat", "bekräftade", "bekræftet", "bekreftet"]),
        ("block", &["spärr", "spärrad", "spärrat", "spærret", "spærring", "sperret", "sperre", "spärrning"]),
        (
            "protected_identity",
            &[
                "skyddad_identitet",
                "skyddad_id",
                "skyddade_personuppgifter",
                "beskyttet_identitet",
                "beskyttet",
                "skyddad",
                "navne_og_adressebeskyttelse",
                "navne_og_adressebeskyttet",
                "adressebeskyttelse",
                "adressebeskyttet",
            ],
        ),
        ("language", LANGUAGE),
        ("birth_date", &["födelsedatum", "fødselsdato"]),
        ("consent_until", &["samtycke_till", "samtycke_till_och_med", "samtykke_til", "samtykke_til_og_med"]),
        ("same_as", &["samma_som", "samme_som"]),
    ]),
};

/// What `kind` says.
#[derive(Clone, Copy)]
enum Kind {
    /// The row says nothing about the relation.
    Silent,
    None,
    Is(GuardianshipKind),
}

pub fn read<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        let row = match line {
            Line::Row(row) => row,
            Line::Broken(line) => {
                unreadable(intake, &line)?;
                continue;
            }
        };
        let (pupil, person) = (row.value("pupil"), row.value("person"));
        let names_somebody = !row.text("given_name").is_empty() || !row.text("family_name").is_empty();
        if let Some((code, what)) = lacks(&row, (pupil, person), names_somebody) {
            let column = if person.is_none() { "person" } else { "pupil" };
            intake.issue(FILE, &row, column, code, None, what);
            say(intake, &row, |intake, guard| intake.reporter.safeguard(guard, Fate::NotUnderstood, row.line));
        }
        if pupil.is_none() && person.is_none() {
            continue;
        }
        if person.is_none() && names_somebody {
            continue;
        }
        if let Some(about) = person.or(pupil) {
            attributes(intake, &row, about)?;
            same_as(intake, &row, about)?;
        }
        if let (Some(pupil), Some(person)) = (pupil, person) {
            say(intake, &row, |intake, guard| intake.reporter.safeguard_row(guard, row.line));
            relation(intake, &row, pupil, person)?;
        }
    }
    Ok(())
}

/// Another id of the same person; the row's own: still the same person; `nobody`: the id has gone to somebody else.
fn same_as(intake: &mut Intake, row: &Row, about: &str) -> Result<(), RosterError> {
    let Some(other) = row.value("same_as") else { return Ok(()) };
    if other == about {
        intake.still_same.insert(about.to_owned());
    } else if folded(other) == NOBODY {
        intake.somebody_else.insert(about.to_owned());
    } else if is_placeholder(other) {
        let what = "it stands for no id, so it unites nobody";
        intake.issue(FILE, row, "same_as", Code::IdPlaceholder, Some(other), what);
    } else {
        let (one, two) = (intake.person_id(about).to_string(), intake.person_id(other).to_string());
        let query = "INSERT OR IGNORE INTO same (one, two) VALUES (?1, ?2)";
        intake.staging.db.prepare_cached(query)?.execute([one, two])?;
        intake.same_as.push((about.to_owned(), other.to_owned()));
    }
    Ok(())
}

/// What a row needs and does not have, to be placed.
fn lacks(row: &Row, about: (Option<&str>, Option<&str>), names_somebody: bool) -> Option<(Code, &'static str)> {
    let about_two = ["kind", "from", "until", "topics", "confirmed", "block", "consent_until"];
    let says_of_two = about_two.iter().any(|column| row.value(column).is_some());
    match about {
        (None, None) => Some((
            Code::IdMissing,
            "the row names neither a pupil nor a person; somebody new needs an id of your own choosing",
        )),
        (Some(_), None) if names_somebody => {
            Some((Code::IdMissing, "the row names somebody without an id; give the person one of your own choosing"))
        }
        (None, Some(_)) if says_of_two => Some((Code::BarUnplaced, "the row does not say of which pupil")),
        (Some(_), None) if says_of_two => Some((Code::BarUnplaced, "the row does not say of which person")),
        (Some(_), Some(_)) | (None, Some(_)) | (Some(_), None) => None,
    }
}

/// What guards a child in the row.
fn say(intake: &mut Intake, row: &Row, mut each: impl FnMut(&mut Intake, Safeguard)) {
    if row.value("block").is_some_and(|text| !matches!(read_block(text), Some(Bar::Silent | Bar::No))) {
        each(intake, Safeguard::Bar);
    }
    if ["kind", "consent_until"].iter().any(|column| row.value(column).is_some()) {
        each(intake, Safeguard::Custody);
    }
}

/// A line whose cells do not stand where they should: it bars and protects, and gives nothing.
fn unreadable(intake: &mut Intake, line: &Broken) -> Result<(), RosterError> {
    let found = broken::guess(line, intake.options.time_zone);
    if found.is_empty() {
        intake.reporter.safeguard(Safeguard::Bar, Fate::NotUnderstood, line.line);
    }
    intake.reporter.safeguard_row(Safeguard::Custody, line.line);
    for ((pupil, person), says) in found {
        if says.bars {
            intake.reporter.safeguard(Safeguard::Bar, Fate::NotUnderstood, line.line);
        }
        if says.protects {
            intake.reporter.safeguard(Safeguard::Protection, Fate::NotUnderstood, line.line);
            let silent = Attributes { protected: Some(true), ..Attributes::default() };
            let about = if person.is_empty() { &pupil } else { &person };
            put_attributes(intake, (about, line.at()), silent)?;
        }
        if !pupil.is_empty() && !person.is_empty() {
            refuse(intake, line.at(), &pupil, &person, if says.bars { Bar::Yes } else { Bar::Silent })?;
        }
    }
    Ok(())
}

/// What a row says of one person. `protected_identity`, `language`, `birth_date` and the names are about the person, or
/// about the pupil of a row without one.
#[derive(Default)]
struct Attributes<'r> {
    protected: Option<bool>,
    language: Option<&'static str>,
    born: Option<String>,
    given: Option<&'r str>,
    family: Option<&'r str>,
}

fn attributes(intake: &mut Intake, row: &Row, about: &str) -> Result<(), RosterError> {
    let protected = match row.value("protected_identity").map(|text| (text, yes_no(text))) {
        Some((text, None)) => {
            // The other reading would show where somebody lives.
            let what = "it is neither yes nor no; the identity was protected";
            intake.issue(FILE, row, "protected_identity", Code::FlagProtects, Some(text), what);
            intake.reporter.safeguard(Safeguard::Protection, Fate::NotUnderstood, row.line);
            Some(true)
        }
        Some((_, known)) => known,
        None => None,
    };
    if protected.is_some() {
        intake.reporter.safeguard_row(Safeguard::Protection, row.line);
    }
    let language = intake.language(FILE, row, "language").map(|language| language.tag());
    let born = intake.birth_date(FILE, row, "birth_date").map(|day| day.to_string());
    let name = |column| Some(row.text(column)).filter(|name| !name.is_empty());
    let said = Attributes { protected, language, born, given: name("given_name"), family: name("family_name") };
    put_attributes(intake, (about, row.at()), said)
}

fn put_attributes(intake: &Intake, (about, line): (&str, i64), said: Attributes<'_>) -> Result<(), RosterError> {
    // Two rows about one person: protection unites, the first word counts for the rest.
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT INTO legal_person (sid, id, line, given, family, protected, language, born, protected_line)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?6 IS NULL, NULL, ?3))
             ON CONFLICT (sid) DO UPDATE SET given = coalesce(given, excluded.given),
                 family = coalesce(family, excluded.family), language = coalesce(language, excluded.language),
                 born = coalesce(born, excluded.born),
                 protected_line = iif(coalesce(excluded.protected, -1) > coalesce(protected, -1),
                     excluded.protected_line, protected_line),
                 protected = max(coalesce(protected, excluded.protected), coalesce(excluded.protected, protected))",
        )?
        .execute(params![
            about,
            intake.person_id(about).to_string(),
            line,
            said.given,
            said.family,
            said.protected,
            said.language,
            said.born
        ])?;
    Ok(())
}

/// What the cell says of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bar {
    Silent,
    Yes,
    No,
    Lift,
}

/// `None`: it is none of the words.
fn read_block(text: &str) -> Option<Bar> {
    let word = text.trim().to_lowercase();
    match (word.as_str(), yes_no(text)) {
        ("", _) => Some(Bar::Silent),
        ("lift" | "häv" | "hæv" | "opphev" | "ophæv" | "upphäv", _) => Some(Bar::Lift),
        (_, Some(true)) => Some(Bar::Yes),
        (_, Some(false)) => Some(Bar::No),
        (_, None) => None,
    }
}

fn relation(intake: &mut Intake, row: &Row, pupil: &str, person: &str) -> Result<(), RosterError> {
    let word = row.value("block").unwrap_or_default();
    let Some(bar) = read_block(word) else {
        // The other reading would let somebody near whom the office means to keep away.
        let what = "it is not yes, no or lift; the person was barred, and the row gives nothing";
        intake.issue(FILE, row, "block", Code::FlagBars, Some(word), what);
        intake.reporter.safeguard(Safeguard::Bar, Fate::NotUnderstood, row.line);
        return refuse(intake, row.at(), pupil, person, Bar::Yes);
    };
    let Ok(told) = read_relation(intake, row) else { return refuse(intake, row.at(), pupil, person, bar) };
    let Ok(consent_until) = legal_date(intake, row, "consent_until") else {
        return refuse(intake, row.at(), pupil, person, bar);
    };
    let (relation, none) = match told {
        Told::Silent => (None, false),
        Told::NoRelation => (None, true),
        Told::Relation(relation) => (Some(serde_json::to_string(&relation)?), false),
    };
    if conflicts(intake, row, (pupil, person), (relation.as_deref(), none), consent_until.as_deref())? {
        return refuse(intake, row.at(), pupil, person, bar);
    }
    put(intake, row.at(), (pupil, person), (relation, none), (bar, false), consent_until)
}

/// The row grants nothing, and neither does OneRoster against it; its block is kept.
fn refuse(intake: &mut Intake, line: i64, pupil: &str, person: &str, bar: Bar) -> Result<(), RosterError> {
    let key = format!("{}/{}", intake.person_id(pupil), intake.person_id(person));
    intake.staging.hold("guardianship", &key)?;
    intake.staging.hold("adult_consent", &key)?;
    let bar = if bar == Bar::Lift { Bar::Silent } else { bar };
    put(intake, line, (pupil, person), (None, false), (bar, true), None)
}

fn put(
    intake: &Intake,
    line: i64,
    (pupil, person): (&str, &str),
    (relation, none): (Option<String>, bool),
    (bar, refused): (Bar, bool),
    consent_until: Option<String>,
) -> Result<(), RosterError> {
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT INTO legal (line, pupil, person, relation, none, block, lift, unbarred, consent_until, refused)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            line,
            pupil,
            person,
            relation,
            none,
            bar == Bar::Yes,
            bar == Bar::Lift,
            bar == Bar::No,
            consent_until,
            refused
        ])?;
    Ok(())
}

/// Whether an earlier row about the same two says something else; then neither gives anything.
fn conflicts(
    intake: &mut Intake,
    row: &Row,
    (pupil, person): (&str, &str),
    (relation, none): (Option<&str>, bool),
    consent: Option<&str>,
) -> Result<bool, RosterError> {
    if relation.is_none() && !none && consent.is_none() {
        return Ok(false);
    }
    let query = "SELECT line, relation IS ?3 AND none = ?4 AND consent_until IS ?5 FROM legal
                 WHERE pupil = ?1 AND person = ?2 AND (relation IS NOT NULL OR none OR consent_until IS NOT NULL)";
    let found: Option<(i64, bool)> = intake
        .staging
        .db
        .prepare_cached(query)?
        .query_row(params![pupil, person, relation, none, consent], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        None | Some((_, true)) => Ok(false),
        Some((line, false)) => {
            let what = format!("line {line} says something else about the same two; neither row gives anything");
            intake.issue(FILE, row, "kind", Code::LegalConflict, row.value("kind"), &what);
            intake.reporter.report.file(FILE).skipped += 1;
            let update = "UPDATE legal SET relation = NULL, none = 0, lift = 0, consent_until = NULL, refused = 1
                          WHERE pupil = ?1 AND person = ?2";
            intake.staging.db.prepare_cached(update)?.execute([pupil, person])?;
            Ok(true)
        }
    }
}

enum Told {
    Silent,
    NoRelation,
    Relation(LegalRelation),
}

fn read_relation(intake: &mut Intake, row: &Row) -> Cell<Told> {
    let kind = match kind(intake, row)? {
        Kind::Silent => return Ok(Told::Silent),
        Kind::None => return Ok(Told::NoRelation),
        Kind::Is(kind) => kind,
    };
    let day = |text: Option<String>| text.and_then(|day| day.parse().ok());
    let dates = Dates { from: day(legal_date(intake, row, "from")?), until: day(legal_date(intake, row, "until")?) };
    intake.span(FILE, row, dates.from, dates.until, "until")?;
    let confirmed = match row.value("confirmed").map(|text| (text, yes_no(text))) {
        None => None,
        Some((_, Some(confirmed))) => Some(confirmed),
        Some((text, None)) => {
            intake.issue(FILE, row, "confirmed", Code::FlagUnreadable, Some(text), "it is neither yes nor no");
            return Err(Skip);
        }
    };
    let (mut topics, mut topics_unclear) = (Vec::new(), false);
    for word in row.list("topics") {
        match word.to_lowercase().parse::<Topic>() {
            Ok(topic) => topics.push(topic),
            Err(_) => {
                topics_unclear = true;
                intake.issue(FILE, row, "topics", Code::TopicUnknown, Some(word), "the topic is not known");
            }
        }
    }
    topics.sort_unstable();
    topics.dedup();
    Ok(Told::Relation(LegalRelation { kind, confirmed, dates, topics, topics_unclear }))
}

fn kind(intake: &mut Intake, row: &Row) -> Cell<Kind> {
    let Some(word) = row.value("kind") else { return Ok(Kind::Silent) };
    kind_of(word).ok_or_else(|| {
        let what = "the kind is not known; the row gives nothing";
        intake.issue(FILE, row, "kind", Code::KindUnknown, Some(word), what);
        Skip
    })
}

fn kind_of(word: &str) -> Option<Kind> {
    Some(match word.to_lowercase().as_str() {
        "none" => Kind::None,
        "guardian" => Kind::Is(GuardianshipKind::Guardian),
        "specially_appointed_guardian" => Kind::Is(GuardianshipKind::SpeciallyAppointedGuardian),
        "appointed_representative" => Kind::Is(GuardianshipKind::AppointedRepresentative),
        "carer" => Kind::Is(GuardianshipKind::Carer),
        "parent_without_custody" => Kind::Is(GuardianshipKind::ParentWithoutCustody),
        _ => return None,
    })
}

/// A date of our own files: the last day that counts, both ends inclusive.
fn legal_date(intake: &mut Intake, row: &Row, column: &str) -> Cell<Option<String>> {
    // "For ever" and "never" are no dates of law; an empty cell says it.
    if let Some(text) = row.value(column)
        && read_date(text, intake.options.time_zone) == WrittenDate::Never
    {
        intake.issue(FILE, row, column, Code::DateUnreadable, Some(text), "leave the cell empty if there is no date");
        return Err(Skip);
    }
    Ok(intake.date(FILE, row, column)?.map(|day| day.to_string()))
}
