//! Who belongs to whom: adults that OneRoster names, pending; and what the legal layer says, which comes first.
//!
//! A name in `agentSourcedIds` never gives custody, and which of two is the pupil is never guessed.

use super::{at, ends::Scope};
use crate::roster::{
    codes::Code,
    error::RosterError,
    held,
    intake::Intake,
    legal,
    oneroster::words::bits,
    report::{Fate, FileMode, Safeguard},
    staging::{Phase, state},
    told::{LegalRelation, Told},
};
use rusqlite::OptionalExtension;
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    people::{AdultConsent, Block, Dates, GuardianshipKind},
    roster::{Origin, RosterEntry},
};
use std::collections::BTreeSet;

const USERS: &str = "users.csv";

pub fn relations(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    legal_layer(intake, scope)?;
    blocks_go_along(intake)?;
    agents(intake)
}

/// The schools that a pupil has a place at, in the bundle or stored.
pub fn schools_of_pupil(intake: &Intake, pupil: &str) -> Result<BTreeSet<SchoolId>, RosterError> {
    let staged = intake.staging.schools("SELECT school FROM place WHERE pupil = ?1", [pupil])?;
    Ok(staged.into_iter().chain(intake.staging.schools_storing("enrolment", pupil)?).collect())
}

struct LegalRow {
    line: i64,
    pupil: String,
    person: String,
    relation: Option<String>,
    none: bool,
    block: bool,
    lift: bool,
    /// It says of no bar that there is one.
    unbarred: bool,
    consent_until: Option<String>,
    /// It could not be used.
    refused: bool,
}

fn legal_layer(intake: &mut Intake, scope: &Scope) -> Result<(), RosterError> {
    let mut after = 0_i64;
    loop {
        let page: Vec<LegalRow> = {
            let query =
                "SELECT line, pupil, person, relation, none, block, lift, unbarred, consent_until, refused FROM legal
                         WHERE line > ?1 ORDER BY line LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([after], |row| {
                Ok(LegalRow {
                    line: row.get(0)?,
                    pupil: row.get(1)?,
                    person: row.get(2)?,
                    relation: row.get(3)?,
                    none: row.get(4)?,
                    block: row.get(5)?,
                    lift: row.get(6)?,
                    unbarred: row.get(7)?,
                    consent_until: row.get(8)?,
                    refused: row.get(9)?,
                })
            })?;
            rows.collect::<Result<_, _>>()?
        };
        let Some(row) = page.last() else { return Ok(()) };
        after = row.line;
        for row in page {
            legal_row(intake, scope, &row)?;
        }
    }
}

fn legal_row(intake: &mut Intake, scope: &Scope, row: &LegalRow) -> Result<(), RosterError> {
    let (pupil, person) = (intake.person_id(&row.pupil), intake.person_id(&row.person));
    let from = (legal::FILE, Some(row.line));
    let mut schools = schools_of_pupil(intake, &pupil.to_string())?;
    let unknown = schools.is_empty();
    let gives = row.relation.is_some() || row.none || row.consent_until.is_some();
    if row.refused && intake.reporter.guards(Safeguard::Custody, row.line.unsigned_abs()) {
        let key = format!("{pupil}/{person}");
        let stored = ["guardianship", "adult_consent"]
            .iter()
            .map(|kind| intake.staging.schools_storing(kind, &key))
            .collect::<Result<Vec<_>, _>>()?;
        let fate = if stored.iter().any(|at| !at.is_empty()) { Fate::Held } else { Fate::NotUnderstood };
        intake.reporter.safeguard(Safeguard::Custody, fate, row.line.unsigned_abs());
    }
    if unknown && gives {
        intake.reporter.safeguard(Safeguard::Custody, Fate::NotUnderstood, row.line.unsigned_abs());
    }
    if unknown {
        let what = "the pupil is not known at any school";
        intake.reporter.issue(at(legal::FILE, row.line, "pupil"), Code::PupilUnknown, Some(&row.pupil), what);
        // A bar waits for a pupil who comes later, wherever that is.
        schools.clone_from(&scope.schools);
    }
    // Where a block stands already, it stays, and goes along with the pupil.
    let known = known_name(intake, &row.person)?;
    if !known && !unknown && (row.relation.is_some() || row.consent_until.is_some()) {
        let what = "the person is neither in the roster nor named in the row";
        intake.reporter.issue(at(legal::FILE, row.line, "person"), Code::PersonUnknown, Some(&row.person), what);
        intake.reporter.safeguard(Safeguard::Custody, Fate::NotUnderstood, row.line.unsigned_abs());
    }
    let another = bars_in_another_row(intake, row)?;
    let disputed = [&row.pupil, &row.person].into_iter().find(|sid| intake.disputed.contains(*sid)).cloned();
    if let Some(sid) = &disputed {
        let what = "whose id it is, is in dispute; of the row only what bars was used";
        intake.reporter.issue(at(legal::FILE, row.line, ""), Code::ReferenceHeld, Some(sid), what);
    }
    // What the other row says may narrow what this one gives.
    let contested = gives && !row.refused && is_refused_in_another_row(intake, row)?;
    if contested {
        let what = "another row about the same two could not be used; what is stored stays as it is";
        intake.reporter.issue(at(legal::FILE, row.line, ""), Code::ReferenceHeld, Some(&row.person), what);
        intake.reporter.safeguard(Safeguard::Custody, Fate::Held, row.line.unsigned_abs());
    }
    if row.unbarred && !another && !intake.staging.schools_storing("block", &format!("{pupil}/{person}"))?.is_empty() {
        let what = "the person is barred from the pupil, and stays so: `no` takes no bar away";
        intake.reporter.issue(at(legal::FILE, row.line, "block"), Code::BarStands, None, what);
        intake.reporter.safeguard(Safeguard::Bar, Fate::Held, row.line.unsigned_abs());
    }
    for school in schools {
        let block = Block { pupil, person };
        if row.block {
            tell_block(intake, school, block, from)?;
        } else if row.lift && !another && disputed.is_none() {
            intake.staging.tell(Phase::Lifts, school, &Told::Lift(block), Origin::Legal, from)?;
        }
        if unknown || contested || disputed.is_some() {
            continue;
        }
        if row.none {
            let told = Told::NoRelation { pupil, person };
            tell_once(intake, Phase::Narrowing, school, &told, from)?;
        }
        if !known {
            continue;
        }
        if let Some(relation) = &row.relation {
            let relation: LegalRelation = serde_json::from_str(relation)?;
            let narrows = relation.confirmed == Some(false) || relation.kind == GuardianshipKind::ParentWithoutCustody;
            let phase = if narrows { Phase::Narrowing } else { Phase::Relations };
            intake.staging.present(&person.to_string(), school)?;
            tell_once(intake, phase, school, &Told::Legal { pupil, person, relation }, from)?;
        }
        if let Some(until) = &row.consent_until {
            let dates = Dates { from: None, until: until.parse().ok() };
            let consent = RosterEntry::AdultConsent(AdultConsent { pupil, person, dates });
            intake.staging.present(&person.to_string(), school)?;
            tell_once(intake, Phase::Relations, school, &Told::Entry(consent), from)?;
        }
    }
    Ok(())
}

/// Two rows about the same two may say the same; it is told once.
fn tell_once(
    intake: &Intake,
    phase: Phase,
    school: SchoolId,
    told: &Told,
    from: (&str, Option<i64>),
) -> Result<(), RosterError> {
    let key = told.key();
    if intake.staging.is_told(&school.to_string(), key.kind, &key.key)? {
        return Ok(());
    }
    intake.staging.tell(phase, school, told, Origin::Legal, from)
}

pub fn tell_block(
    intake: &Intake,
    school: SchoolId,
    block: Block,
    from: (&str, Option<i64>),
) -> Result<(), RosterError> {
    tell_once(intake, Phase::Blocks, school, &Told::Entry(RosterEntry::Block(block)), from)
}

/// `yes` outranks `lift`: of two rows that contradict each other, the bar holds.
fn bars_in_another_row(intake: &Intake, row: &LegalRow) -> Result<bool, RosterError> {
    let query = "SELECT 1 FROM legal WHERE pupil = ?1 AND person = ?2 AND block";
    Ok(intake.staging.db.prepare_cached(query)?.exists([&row.pupil, &row.person])?)
}

fn is_refused_in_another_row(intake: &Intake, row: &LegalRow) -> Result<bool, RosterError> {
    let query = "SELECT 1 FROM legal WHERE pupil = ?1 AND person = ?2 AND refused";
    Ok(intake.staging.db.prepare_cached(query)?.exists([&row.pupil, &row.person])?)
}

/// Whether the person is a usable user, stored, or named by the legal layer.
pub fn known_name(intake: &Intake, sid: &str) -> Result<bool, RosterError> {
    let query = "SELECT 1 FROM user WHERE sid = ?1 AND state = 0
                 UNION ALL SELECT 1 FROM legal_person WHERE sid = ?1 AND given IS NOT NULL AND family IS NOT NULL";
    if intake.staging.db.prepare_cached(query)?.exists([sid])? {
        return Ok(true);
    }
    Ok(!intake.staging.schools_storing("person", &intake.person_id(sid).to_string())?.is_empty())
}

/// A pupil who comes to a new school brings the bars that hold elsewhere.
fn blocks_go_along(intake: &mut Intake) -> Result<(), RosterError> {
    let found: Vec<(String, String)> = {
        // Blocks are few; so are the pupils who change schools.
        let query = "SELECT DISTINCT p.school, s.body FROM stored s JOIN place p ON p.pupil = s.one
                     WHERE s.kind = 'block' AND NOT EXISTS (SELECT 1 FROM stored h
                         WHERE h.school = p.school AND h.kind = 'block' AND h.key = s.key)";
        let mut statement = intake.staging.db.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (school, body) in found {
        if let (Ok(school), RosterEntry::Block(block)) = (school.parse(), serde_json::from_str(&body)?) {
            tell_block(intake, school, block, (USERS, None))?;
        }
    }
    Ok(())
}

/// Adults whom `agentSourcedIds` names, on either row.
fn agents(intake: &mut Intake) -> Result<(), RosterError> {
    let mut after = (String::new(), String::new());
    loop {
        let page: Vec<(String, String, i64)> = {
            let query =
                "SELECT user, other, line FROM agent WHERE (user, other) > (?1, ?2) ORDER BY user, other LIMIT 500";
            let mut statement = intake.staging.db.prepare_cached(query)?;
            let rows = statement.query_map([&after.0, &after.1], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        let Some((user, other, _)) = page.last() else { return Ok(()) };
        after = (user.clone(), other.clone());
        for (user, other, line) in page {
            agent(intake, &user, &other, line)?;
        }
    }
}

/// What somebody is, for telling the pupil from the adult.
#[derive(Clone, Copy)]
struct Nature {
    /// A row that cannot be used, or one that is to be deleted.
    unusable: bool,
    known: bool,
    pupil: bool,
    adult: bool,
}

fn nature(intake: &Intake, sid: &str) -> Result<Nature, RosterError> {
    let person = intake.person_id(sid).to_string();
    let query = "SELECT state, (SELECT roles FROM user_is WHERE user = sid) FROM user WHERE sid = ?1";
    let staged: Option<(i64, Option<i64>)> =
        intake.staging.db.prepare_cached(query)?.query_row([sid], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let stored = {
        let query = "SELECT max(kind = 'enrolment'), count(*) FROM stored
                     WHERE one = ?1 AND kind IN ('enrolment', 'person')";

        intake.staging.db.prepare_cached(query)?.query_row([&person], |row| {
            Ok((row.get::<_, Option<bool>>(0)?.unwrap_or(false), row.get::<_, i64>(1)? > 0))
        })?
    };
    let placed = intake.staging.db.prepare_cached("SELECT 1 FROM place WHERE pupil = ?1")?.exists([&person])?;
    Ok(match staged {
        Some((state, roles)) => {
            let roles = roles.unwrap_or_default();
            let pupil = roles & bits::PUPIL != 0 || placed || (roles == 0 && stored.0);
            let adult = roles & (bits::STAFF | bits::HOME | bits::OTHER) != 0 || (!pupil && roles == 0);
            Nature { unusable: state != state::ACTIVE, known: true, pupil, adult }
        }
        None if intake.disputed.contains(sid) => Nature { unusable: true, known: true, pupil: stored.0, adult: false },
        None => {
            let known = stored.1 && intake.mode(USERS) != FileMode::Bulk;
            Nature { unusable: false, known, pupil: stored.0, adult: known && !stored.0 }
        }
    })
}

fn agent(intake: &mut Intake, user: &str, other: &str, line: i64) -> Result<(), RosterError> {
    let (row, named) = (nature(intake, user)?, nature(intake, other)?);
    if row.unusable || named.unusable {
        hold_pair(intake, user, other)?;
        if named.unusable && !row.unusable {
            let what = "the row of the one named is to be deleted or could not be used";
            intake.reporter.issue(at(USERS, line, "agentSourcedIds"), Code::AgentDangling, Some(other), what);
        }
        return Ok(());
    }
    if !named.known {
        // It may be somebody whom the row named before, misspelt.
        intake.hold_person(held::kind::AGENTS, user)?;
        let what = "users.csv has no such user";
        intake.reporter.issue(at(USERS, line, "agentSourcedIds"), Code::AgentDangling, Some(other), what);
        return Ok(());
    }
    let names_adult = row.pupil && named.adult;
    let names_pupil = named.pupil && row.adult;
    let (pupil, adult) = match (names_adult, names_pupil) {
        (true, false) => (user, other),
        (false, true) => (other, user),
        (true, true) | (false, false) => {
            let what = "it does not show which of the two is the pupil and which the adult";
            intake.reporter.issue(at(USERS, line, "agentSourcedIds"), Code::AgentUnclear, Some(other), what);
            hold_pair(intake, user, other)?;
            return Ok(());
        }
    };
    let (pupil, person) = (intake.person_id(pupil), intake.person_id(adult));
    name(intake, pupil, person, line)
}

fn name(intake: &Intake, pupil: PersonId, person: PersonId, line: i64) -> Result<(), RosterError> {
    for school in schools_of_pupil(intake, &pupil.to_string())? {
        let told = Told::Named { pupil, person };
        let key = told.key();
        // The legal layer has spoken, or the other row has named the two already.
        intake.staging.present(&person.to_string(), school)?;
        if intake.staging.is_told(&school.to_string(), key.kind, &key.key)? {
            continue;
        }
        intake.staging.tell(Phase::Relations, school, &told, Origin::Import, (USERS, Some(line)))?;
    }
    Ok(())
}

/// What is stored between two whose rows are unclear stays, whichever is the pupil.
fn hold_pair(intake: &Intake, one: &str, two: &str) -> Result<(), RosterError> {
    let (one, two) = (intake.person_id(one), intake.person_id(two));
    intake.staging.hold("guardianship", &format!("{one}/{two}"))?;
    intake.staging.hold("guardianship", &format!("{two}/{one}"))
}
