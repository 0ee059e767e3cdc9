//! legal.csv, the legal layer: who is what to a pupil in law, from when until when, blocks and protection. It outranks
//! OneRoster, and docs/import.md describes it.
//!
//! A row that cannot be read gives nothing: what it bars or protects is used all the same, what it grants is not.

use super::{
    codes::Code,
    error::RosterError,
    intake::{Cell, Intake, Skip},
    marks::is_placeholder,
    table::{Row, Shape, Table},
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
};

/// What `kind` says.
enum Kind {
    /// The row says nothing about the relation.
    Silent,
    None,
    Is(GuardianshipKind),
}

pub fn read<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(row) = table.next_row(&mut intake.reporter)? {
        let (pupil, person) = (row.value("pupil"), row.value("person"));
        if pupil.is_none() && person.is_none() {
            let what = "the row names neither a pupil nor a person; somebody new needs an id of your own choosing";
            intake.issue(FILE, &row, "person", Code::IdMissing, None, what);
            continue;
        }
        if person.is_none() && (!row.text("given_name").is_empty() || !row.text("family_name").is_empty()) {
            let what = "the row names somebody without an id; give the person one of your own choosing";
            intake.issue(FILE, &row, "person", Code::IdMissing, None, what);
            continue;
        }
        if let Some(about) = person.or(pupil) {
            attributes(intake, &row, about)?;
            same_as(intake, &row, about)?;
        }
        if let (Some(pupil), Some(person)) = (pupil, person) {
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

/// `protected_identity`, `language`, `birth_date` and the names are about the person, or the pupil of a row without one.
fn attributes(intake: &mut Intake, row: &Row, about: &str) -> Result<(), RosterError> {
    let protected = match row.value("protected_identity").map(|text| (text, yes_no(text))) {
        Some((text, None)) => {
            // The other reading would show where somebody lives.
            let what = "it is neither yes nor no; the identity was protected";
            intake.issue(FILE, row, "protected_identity", Code::FlagProtects, Some(text), what);
            Some(true)
        }
        Some((_, known)) => known,
        None => None,
    };
    let language = intake.language(FILE, row, "language").map(|language| language.tag());
    let born = intake.birth_date(FILE, row, "birth_date").map(|day| day.to_string());
    let name = |column| Some(row.text(column)).filter(|name| !name.is_empty());
    // Two rows about one person: protection unites, the first word counts for the rest.
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT INTO legal_person (sid, id, line, given, family, protected, language, born)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (sid) DO UPDATE SET given = coalesce(given, excluded.given),
                 family = coalesce(family, excluded.family), language = coalesce(language, excluded.language),
                 born = coalesce(born, excluded.born),
                 protected = max(coalesce(protected, excluded.protected), coalesce(excluded.protected, protected))",
        )?
        .execute(params![
            about,
            intake.person_id(about).to_string(),
            row.at(),
            name("given_name"),
            name("family_name"),
            protected,
            language,
            born
        ])?;
    Ok(())
}

fn relation(intake: &mut Intake, row: &Row, pupil: &str, person: &str) -> Result<(), RosterError> {
    let (block, lift) = match row.value("block").map(|text| (text, text.to_lowercase(), yes_no(text))) {
        Some((_, word, _)) if matches!(word.as_str(), "lift" | "häv" | "hæv" | "opphev") => (false, true),
        Some((_, _, Some(block))) => (block, false),
        Some((text, _, None)) => {
            let what = "it is not yes, no or lift; the row gives nothing";
            intake.issue(FILE, row, "block", Code::FlagUnreadable, Some(text), what);
            return refuse(intake, row, pupil, person, false);
        }
        None => (false, false),
    };
    let Ok(told) = read_relation(intake, row) else { return refuse(intake, row, pupil, person, block) };
    let Ok(consent_until) = legal_date(intake, row, "consent_until") else {
        return refuse(intake, row, pupil, person, block);
    };
    let (relation, none) = match told {
        Told::Silent => (None, false),
        Told::NoRelation => (None, true),
        Told::Relation(relation) => (Some(serde_json::to_string(&relation)?), false),
    };
    if conflicts(intake, row, (pupil, person), (relation.as_deref(), none), consent_until.as_deref())? {
        return refuse(intake, row, pupil, person, block);
    }
    put(intake, row, (pupil, person), (relation, none), (block, lift), consent_until)
}

/// The row grants nothing, and neither does OneRoster against it; its block is kept.
fn refuse(intake: &mut Intake, row: &Row, pupil: &str, person: &str, block: bool) -> Result<(), RosterError> {
    let key = format!("{}/{}", intake.person_id(pupil), intake.person_id(person));
    intake.staging.hold("guardianship", &key)?;
    intake.staging.hold("adult_consent", &key)?;
    put(intake, row, (pupil, person), (None, false), (block, false), None)
}

fn put(
    intake: &mut Intake,
    row: &Row,
    (pupil, person): (&str, &str),
    (relation, none): (Option<String>, bool),
    (block, lift): (bool, bool),
    consent_until: Option<String>,
) -> Result<(), RosterError> {
    intake
        .staging
        .db
        .prepare_cached(
            "INSERT INTO legal (line, pupil, person, relation, none, block, lift, consent_until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![row.at(), pupil, person, relation, none, block, lift, consent_until])?;
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
            let update = "UPDATE legal SET relation = NULL, none = 0, lift = 0, consent_until = NULL
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
    let mut topics = Vec::new();
    for word in row.list("topics") {
        match word.to_lowercase().parse::<Topic>() {
            Ok(topic) => topics.push(topic),
            Err(_) => intake.issue(FILE, row, "topics", Code::TopicUnknown, Some(word), "the topic is not known"),
        }
    }
    topics.sort_unstable();
    topics.dedup();
    Ok(Told::Relation(LegalRelation { kind, confirmed, dates, topics }))
}

fn kind(intake: &mut Intake, row: &Row) -> Cell<Kind> {
    let Some(word) = row.value("kind") else { return Ok(Kind::Silent) };
    Ok(match word.to_lowercase().as_str() {
        "none" => Kind::None,
        "guardian" => Kind::Is(GuardianshipKind::Guardian),
        "specially_appointed_guardian" => Kind::Is(GuardianshipKind::SpeciallyAppointedGuardian),
        "appointed_representative" => Kind::Is(GuardianshipKind::AppointedRepresentative),
        "carer" => Kind::Is(GuardianshipKind::Carer),
        "parent_without_custody" => Kind::Is(GuardianshipKind::ParentWithoutCustody),
        _ => {
            intake.issue(
                FILE,
                row,
                "kind",
                Code::KindUnknown,
                Some(word),
                "the kind is not known; the row gives nothing",
            );
            return Err(Skip);
        }
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
