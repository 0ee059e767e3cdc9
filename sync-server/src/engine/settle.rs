//! Settles commands, one by one and each whole: accepted, rejected, or not now.
//!
//! A command takes effect at most once, for ever: its id is looked up before anything else, and a replay gets the stored
//! outcome. What is refused as somebody else's id reveals nothing and is stored nowhere.
//!
//! No byte is kept because a client sent it: the log has a command as this version read it, within limits, and one person
//! may have so much written in a day.

use super::{
    apply, budget,
    fair::{Lane, Party},
    limits::Limits,
    refusal::{Fault, Refusal},
    session::{REVOKED, Session},
    shared::Shared,
    turn::Turn,
    wire::{Settled, Told},
    world::{Seen, ServerWorld},
    writer::Work,
};
use crate::store::{LoggedCommand, Result, StoreError};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use sha2::{Digest, Sha256};
use skolebro_core::{
    domain::{
        command::Command,
        decide::decide,
        ids::{CommandId, DeviceId, PersonId, SchoolId},
        rejection::Rejection,
        world::{Actor, Changes},
    },
    protocol::{NotNow, Outcome, PROTOCOL},
    reading::from_json,
};
use std::time::Instant;

/// A command as it came, decoded before the writer's turn.
pub(super) struct Incoming {
    id: CommandId,
    /// Of the bytes that came.
    payload_hash: [u8; 32],
    /// None: this version cannot read it.
    read: Option<Read>,
    /// It was not read for its length.
    is_too_long: bool,
    /// The app that sent it speaks a newer protocol than this server.
    is_from_a_newer_app: bool,
}

/// As this version reads it.
struct Read {
    command: Command,
    /// The command as this version writes it.
    canonical: Box<str>,
    /// What was sent says more than that: fields that this version does not know.
    says_more: bool,
}

impl Read {
    fn of(sent: &str) -> Option<Self> {
        let command: Command = serde_json::from_str(sent).ok()?;
        let canonical = serde_json::to_string(&command).ok()?.into_boxed_str();
        let says_more = says_more(sent, &canonical);
        Some(Self { command, canonical, says_more })
    }
}

/// Whether fields of what was sent are not in what was understood. A phone sends a command as this version would write it,
/// and then there is nothing to look for.
fn says_more(sent: &str, understood: &str) -> bool {
    fn more(sent: &Value, understood: &Value) -> bool {
        match (sent, understood) {
            // A field that is null is one that was left out.
            (Value::Null, _) => false,
            (Value::Object(sent), Value::Object(understood)) => sent
                .iter()
                .any(|(field, value)| understood.get(field).map_or(!value.is_null(), |known| more(value, known))),
            (Value::Array(sent), Value::Array(understood)) => {
                sent.len() > understood.len() || sent.iter().zip(understood).any(|(sent, known)| more(sent, known))
            }
            (Value::Object(_) | Value::Array(_), _) => true,
            (Value::Bool(_) | Value::Number(_) | Value::String(_), _) => false,
        }
    }
    let both = || Some((serde_json::from_str(sent).ok()?, serde_json::from_str(understood).ok()?));
    sent != understood && both().is_none_or(|(sent, understood)| more(&sent, &understood))
}

#[derive(Deserialize)]
struct IdAlone {
    id: CommandId,
}

/// Those that can be told apart by an id; one without any can be answered to nobody, and is left out.
pub(super) fn incoming(commands: Vec<Box<RawValue>>, protocol: u16, limits: &Limits) -> Vec<Incoming> {
    let is_from_a_newer_app = protocol > PROTOCOL;
    let mut without_id = 0_usize;
    let decoded = commands.into_iter().filter_map(|payload| {
        let text = payload.get();
        let is_too_long = text.len() > limits.command_bytes;
        let read = if is_too_long { None } else { Read::of(text) };
        let id = match &read {
            Some(read) => read.command.id,
            None => match serde_json::from_str::<IdAlone>(text) {
                Ok(alone) => alone.id,
                Err(_) => {
                    without_id += 1;
                    return None;
                }
            },
        };
        let payload_hash = Sha256::digest(text.as_bytes()).into();
        Some(Incoming { id, payload_hash, read, is_too_long, is_from_a_newer_app })
    });
    let decoded: Vec<Incoming> = decoded.collect();
    if without_id > 0 {
        // One line a request, and none unless somebody looks for it: a phone could fill the disk with them.
        tracing::debug!(without_id, "commands without an id were left out");
    }
    decoded
}

/// The same answer for every command, as when nothing could be written.
pub(super) fn not_now(commands: &[Named], why: NotNow) -> Vec<Settled> {
    let outcome = Outcome::NotNow(why);
    commands.iter().filter_map(|command| Some(command.settled(to_json(&outcome).ok()?, word(&outcome)))).collect()
}

/// A command as it is answered and counted.
#[derive(Clone, Copy)]
pub(super) struct Named {
    id: CommandId,
    kind: &'static str,
}

impl Named {
    fn settled(self, outcome: Box<str>, word: &'static str) -> Settled {
        Settled { id: self.id, outcome, told: Told { kind: self.kind, outcome: word } }
    }
}

impl Incoming {
    fn named(&self) -> Named {
        let kind = self.read.as_ref().map_or("unknown", |read| read.command.body.kind().as_str());
        Named { id: self.id, kind }
    }
}

pub(super) fn names(commands: &[Incoming]) -> Vec<Named> {
    commands.iter().map(Incoming::named).collect()
}

/// For metrics.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::Rejected(rejection) => rejection.code(),
        Outcome::NotNow(_) => "not_now",
    }
}

fn to_json(outcome: &Outcome) -> Result<Box<str>> {
    let json = serde_json::to_string(outcome);
    json.map(String::into_boxed_str).map_err(|_| StoreError::Unreadable("an outcome that cannot be written".to_owned()))
}

/// Who asks, in the log.
#[derive(Clone, Copy)]
struct Author {
    person: Option<PersonId>,
    device: Option<DeviceId>,
}

/// What comes of a command.
enum Verdict {
    /// A replay.
    Stored(Box<str>),
    /// Answered, and written nowhere.
    Unstored(Outcome),
    Rejected(Rejection),
    Accepted(Changes, Seen),
}

/// A request's commands on their way, in their order; of more than a request may carry the others stay queued.
pub(super) struct Settling {
    session: Session,
    school: SchoolId,
    commands: Vec<Incoming>,
    /// Of the first commands, whose outcomes are durable.
    kept: Vec<Settled>,
    /// Of those behind them, in the slice under way.
    fresh: Vec<Settled>,
}

impl Settling {
    pub fn new(session: Session, school: SchoolId, commands: Vec<Incoming>) -> Self {
        Self { session, school, commands, kept: Vec::new(), fresh: Vec::new() }
    }

    /// A school that is not there has no turns to give.
    pub fn lane(&self, shared: &Shared) -> Lane {
        let party = if shared.live(self.school).is_some() { Party::School(self.school) } else { Party::Door };
        Lane { party, person: Some(self.session.person) }
    }

    fn one(&self, turn: &mut Turn<'_>, at: usize, known: bool) -> Result<Settled> {
        let command = &self.commands[at];
        let plain = |outcome: Outcome| Ok::<_, StoreError>((to_json(&outcome)?, word(&outcome)));
        let (outcome, word) = if at >= turn.shared.config.limits.commands_per_sync.max(1) {
            plain(Outcome::NotNow(NotNow::TooManyAtOnce))?
        } else if !known {
            plain(Outcome::Rejected(Rejection::NotYours))?
        } else {
            settle(turn, self.session, self.school, command)?
        };
        Ok(command.named().settled(outcome, word))
    }
}

impl Work<Result<Vec<Settled>, Refusal>> for Settling {
    fn slice(&mut self, turn: &mut Turn<'_>) -> Result<Option<Result<Vec<Settled>, Refusal>>> {
        let (begun, longest) = (Instant::now(), turn.shared.config.limits.slice);
        self.fresh.clear();
        // The phone may have been lost and revoked while its request was on the way, or waited.
        if turn.is_revoked(&self.session)? {
            return Ok(Some(Err(REVOKED)));
        }
        // Where the person has and had nothing, it is as if the school were not there: nothing is looked at or stored.
        let known = turn.knows(self.school)? && turn.is_persons(self.school, self.session.person)?;
        for at in self.kept.len()..self.commands.len() {
            if !self.fresh.is_empty() && begun.elapsed() >= longest {
                return Ok(None);
            }
            let settled = self.one(turn, at, known)?;
            self.fresh.push(settled);
        }
        let mut all = self.kept.clone();
        all.append(&mut self.fresh);
        Ok(Some(Ok(all)))
    }

    fn kept(&mut self) {
        self.kept.append(&mut self.fresh);
    }

    fn so_far(&mut self) -> Option<Result<Vec<Settled>, Refusal>> {
        if self.kept.is_empty() {
            return None;
        }
        let rest: Vec<Named> = self.commands[self.kept.len()..].iter().map(Incoming::named).collect();
        Some(Ok(self.kept.iter().cloned().chain(not_now(&rest, NotNow::Fault)).collect()))
    }
}

/// The outcome as JSON, and as a word for metrics.
fn settle(
    turn: &mut Turn<'_>,
    session: Session,
    school: SchoolId,
    incoming: &Incoming,
) -> Result<(Box<str>, &'static str)> {
    let plain = |outcome: Outcome| Ok((to_json(&outcome)?, word(&outcome)));
    let author = Author { person: Some(session.person), device: Some(session.device) };
    turn.growth = 0;
    let (changes, seen) = match turn.attempt(school, |turn| judge(turn, school, author, incoming))? {
        Err(Fault::Failed | Fault::Doubtful | Fault::Full | Fault::TooOften) => {
            return plain(Outcome::NotNow(NotNow::Fault));
        }
        Ok(Verdict::Stored(outcome)) => return Ok((outcome, "replayed")),
        Ok(Verdict::Unstored(outcome)) => return plain(outcome),
        Ok(Verdict::Rejected(rejection)) => {
            let outcome = Outcome::Rejected(rejection);
            let json = to_json(&outcome)?;
            let most = turn.shared.config.limits.rejected_bytes;
            let written = log(turn, school, author, incoming, json.clone(), most)?;
            turn.spend(session.person, written);
            return Ok((json, word(&outcome)));
        }
        Ok(Verdict::Accepted(changes, seen)) => (changes, seen),
    };
    let only_rows = changes.roster.is_empty() && changes.assurance.is_none();
    let write = |turn: &mut Turn<'_>| {
        apply::apply(turn, school, changes, seen)?;
        let outcome = Outcome::Accepted { seq: turn.school(school)?.head.seq };
        let json = to_json(&outcome)?;
        let written = log(turn, school, author, incoming, json.clone(), usize::MAX)?;
        turn.spend(session.person, written + turn.growth);
        Ok((json, word(&outcome)))
    };
    if only_rows {
        // What was to be read has been read: this fails as the whole transaction fails, or not at all. A savepoint would
        // have SQLite copy every page that it touches.
        return write(turn);
    }
    match turn.guarded(school, write)? {
        Ok(settled) => Ok(settled),
        Err(Fault::Failed | Fault::Doubtful | Fault::Full | Fault::TooOften) => plain(Outcome::NotNow(NotNow::Fault)),
    }
}

fn judge(turn: &mut Turn<'_>, school: SchoolId, author: Author, incoming: &Incoming) -> Result<Verdict> {
    // Derived ids belong to the clock; storing one for a phone could stand in the clock's way.
    if !incoming.id.is_from_a_phone() {
        return Ok(Verdict::Unstored(Outcome::Rejected(Rejection::NotAPersonsCommand)));
    }
    if let Some(stored) = turn.store.command(school, incoming.id)? {
        if stored.author != author.person || stored.payload_hash != incoming.payload_hash {
            return Ok(Verdict::Unstored(Outcome::Rejected(Rejection::IdReused)));
        }
        // It goes into the answer as it stands there, and is to spoil nothing else in it.
        stored_outcome(&stored)?;
        return Ok(Verdict::Stored(stored.outcome));
    }
    // A replay costs nothing, and what stays queued is written tomorrow.
    if author.person.is_some_and(|person| turn.is_over_budget(person)) {
        return Ok(Verdict::Unstored(Outcome::NotNow(NotNow::TooMuchToday)));
    }
    let Some(Read { command, says_more, .. }) = &incoming.read else {
        // Nothing is wrong with it: the server that comes after this one will know it.
        if incoming.is_from_a_newer_app {
            return Ok(Verdict::Unstored(Outcome::NotNow(NotNow::Other)));
        }
        return Ok(Verdict::Rejected(match incoming.is_too_long {
            true => Rejection::CommandTooLong,
            false => Rejection::Malformed,
        }));
    };
    // Without what is not understood it would be another command, and a refusal could be wrong.
    if *says_more {
        return Ok(Verdict::Unstored(Outcome::NotNow(NotNow::Other)));
    }
    if command.school != school {
        return Ok(Verdict::Rejected(Rejection::NotYours));
    }
    if let Some(on) = command.depends_on {
        match dependency(turn, school, author, on)? {
            Dependency::Accepted => {}
            Dependency::Unsettled => return Ok(Verdict::Unstored(Outcome::NotNow(NotNow::WaitingForAnother))),
            Dependency::Rejected => {
                return Ok(Verdict::Rejected(Rejection::DependencyRejected { on }));
            }
        }
    }
    Ok(match decided(turn, school, author.person, command)? {
        Ok((changes, seen)) => Verdict::Accepted(changes, seen),
        // Final, and perhaps only because the server has a wrong day.
        Err(_) if turn.may_have_a_wrong_day(command.device_time) => {
            Verdict::Unstored(Outcome::NotNow(NotNow::ClockDoubted))
        }
        Err(rejection) => Verdict::Rejected(rejection),
    })
}

enum Dependency {
    Accepted,
    Rejected,
    Unsettled,
}

/// Another person's command is as good as none: whether it is there is not for this one to know.
fn dependency(turn: &Turn<'_>, school: SchoolId, author: Author, on: CommandId) -> Result<Dependency> {
    let stored = turn.store.command(school, on)?.filter(|stored| stored.author == author.person);
    let Some(stored) = stored else { return Ok(Dependency::Unsettled) };
    Ok(match stored_outcome(&stored)? {
        Outcome::Accepted { .. } => Dependency::Accepted,
        Outcome::Rejected(_) => Dependency::Rejected,
        Outcome::NotNow(_) => Dependency::Unsettled,
    })
}

fn stored_outcome(stored: &LoggedCommand) -> Result<Outcome> {
    from_json(&stored.outcome)
        .map_err(|unread| StoreError::Unreadable(format!("the outcome of command {}: {unread}", stored.id)))
}

/// What the rules say, and the rows that they looked at. Writes nothing.
fn decided(
    turn: &mut Turn<'_>,
    school: SchoolId,
    person: Option<PersonId>,
    command: &Command,
) -> Result<Result<(Changes, Seen), Rejection>> {
    let roster = turn.roster(school)?;
    let world = ServerWorld::new(&*turn.store, school, turn.now, &roster);
    let decided = decide(&world, Actor { person, command: command.id }, command);
    let seen = world.into_seen()?;
    Ok(decided.map(|changes| (changes, seen)))
}

/// A line of the log, and its size in bytes. The payload is the command as it was read: what a client wrote besides, and
/// what nobody can read, says nothing to anybody later and could be of any size. Nor is it kept where it is longer than
/// `most`: who asks for what is refused writes what they like.
fn log(
    turn: &mut Turn<'_>,
    school: SchoolId,
    author: Author,
    incoming: &Incoming,
    outcome: Box<str>,
    most: usize,
) -> Result<u64> {
    let payload = incoming.read.as_ref().map(|read| read.canonical.clone()).filter(|payload| payload.len() <= most);
    let written = budget::LINE + (outcome.len() + payload.as_ref().map_or(0, |payload| payload.len())) as u64;
    let seq = turn.school(school)?.head.seq;
    let line = LoggedCommand {
        id: incoming.id,
        author: author.person,
        device: author.device,
        payload_hash: incoming.payload_hash,
        outcome,
        seq,
        at: turn.now,
        payload,
    };
    turn.store.log_command(school, &line)?;
    Ok(written)
}

/// A command of the clock. Its refusals are not stored, and it is carried out once; whether it was now.
pub(super) fn settle_system(turn: &mut Turn<'_>, school: SchoolId, command: &Command) -> Result<bool> {
    if turn.store.command(school, command.id)?.is_some() {
        return Ok(false);
    }
    let done = turn.guarded(school, |turn| {
        let Ok((changes, seen)) = decided(turn, school, None, command)? else { return Ok(false) };
        let before = turn.school(school)?.head;
        apply::apply(turn, school, changes, seen)?;
        let head = turn.school(school)?.head;
        // What changed nothing is not worth a line, and may be asked again.
        if head == before {
            return Ok(false);
        }
        let seq = head.seq;
        let payload = serde_json::to_string(command)
            .map_err(|_| StoreError::Unreadable("a command of the clock that cannot be written".to_owned()))?;
        let line = LoggedCommand {
            id: command.id,
            author: None,
            device: None,
            payload_hash: Sha256::digest(payload.as_bytes()).into(),
            outcome: to_json(&Outcome::Accepted { seq })?,
            seq,
            at: turn.now,
            payload: Some(payload.into()),
        };
        turn.store.log_command(school, &line)?;
        Ok(true)
    })?;
    Ok(done.unwrap_or(false))
}
