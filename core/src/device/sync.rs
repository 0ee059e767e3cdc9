//! The exchange with the server: the queue up as a prefix, in order; outcomes into `outbox.db` first, then the page into
//! `mirror.db`. One sync at a time; no lock on a file and no transaction is held while the network is waited for.

use super::{
    crash::Step,
    directory::is_directory,
    error::PhoneError,
    listeners::Change,
    login::ending,
    overlay::Overlay,
    patience::{Patience, Ticket},
    phone::{Inner, Phone},
    secrets::Token,
    store::{
        Files,
        entry::Entry,
        mirror::{Applied, Place, Touched},
        outbox::{Answered, Standing, Who},
    },
    time::HeardTime,
    transport::TransportError,
};
use crate::{
    domain::{
        ids::{CommandId, SchoolId},
        record::RecordKind,
        scope::Scope,
    },
    protocol::{CommandOutcome, Outcome, PROTOCOL, Problem, ProblemCode, Pull, SyncRequest, SyncResponse},
};
use serde_json::value::RawValue;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::MutexGuard;

/// Above this many scopes a screen is better told to read everything again.
const MANY_SCOPES: usize = 200;
/// No deadline is further off: the clock cannot tell of every moment.
const LONGEST: Duration = Duration::from_hours(24 * 365);
/// A server that asks for a fresh start again and again is not obeyed for ever.
const MOST_RESETS: usize = 2;
/// Nor is another process that moves the mirror under every answer.
const MOST_STALE: usize = 10;

/// What a sync did, and why it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncReport {
    pub ended: SyncEnd,
    /// Commands that went up, each counted on every try.
    pub sent: u32,
    pub accepted: u32,
    pub rejected: u32,
    /// Stay queued, as the server asked.
    pub not_now: u32,
    pub pages: u32,
    pub rows: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum SyncEnd {
    /// Everything that could be sent is settled, and every school is held as it was at the last request.
    Complete,
    /// The deadline came first. What was done is kept; go on at the next sync.
    OutOfTime,
    /// Another sync was under way until the deadline.
    Busy,
    Offline,
    /// Whoever answers cannot show that it is the school's server. Nothing was sent.
    Untrusted,
    /// No whole answer in time. What was sent is sent again, and settles once.
    Timeout,
    Garbled,
    /// [`Phone::cancel`]. What was sent is sent again, and settles once.
    Cancelled,
    /// Not now: go on after the pause, if one is asked for. It is never longer than three times the longest of our own.
    Refused {
        status: u16,
        problem: Problem,
        retry_after: Option<Duration>,
    },
    /// The app is too old for this server. The queue is kept.
    TooOld,
    /// Nobody is signed in (any more), as the standing says, or the server does not know this phone; none: nobody has
    /// enrolled.
    SignedOut(Option<Standing>),
}

impl SyncEnd {
    /// Whether another school may fare better: its rows, its size, its place on the server may be what fails here.
    fn is_one_schools(&self) -> bool {
        match self {
            SyncEnd::Refused { .. } | SyncEnd::Garbled | SyncEnd::Timeout | SyncEnd::Busy => true,
            SyncEnd::Complete
            | SyncEnd::OutOfTime
            | SyncEnd::Cancelled
            | SyncEnd::Offline
            | SyncEnd::Untrusted
            | SyncEnd::TooOld
            | SyncEnd::SignedOut(_) => false,
        }
    }
}

/// What a school's turn is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    Send,
    SendAndPull,
}

/// How a school's turn ended.
#[derive(PartialEq, Eq)]
enum Turn {
    Done,
    /// There is more to pull.
    SentAll,
    End(SyncEnd),
}

/// What one sync remembers of a school between its turns.
#[derive(Default)]
struct Tried {
    /// Done, or it failed: not asked again in this sync.
    over: bool,
    /// What the server has left in the queue: sent along in its place, but not alone again.
    left: BTreeSet<CommandId>,
    too_large: BTreeSet<CommandId>,
    resets: usize,
    stale: usize,
}

impl Phone {
    /// Sends what is queued, at every school, and then pulls what is new, school by school, until there is no more of either
    /// or the deadline comes. A school that fails does not hold up the others: how it failed is told at the end. Fits a
    /// background task.
    ///
    /// # Errors
    /// The files cannot be written, or [`PhoneError::Suspended`]. What goes wrong on the way to the server is no error: it
    /// is in [`SyncReport::ended`].
    pub fn sync_once(&self, deadline: Duration) -> Result<SyncReport, PhoneError> {
        let until = Instant::now() + deadline.min(LONGEST);
        let mut report =
            SyncReport { ended: SyncEnd::Busy, sent: 0, accepted: 0, rejected: 0, not_now: 0, pages: 0, rows: 0 };
        let ticket = self.ticket();
        let Some(_one_at_a_time) = self.inner.one_at_a_time(until, &ticket)? else {
            if ticket.is_cancelled() {
                report.ended = SyncEnd::Cancelled;
            }
            return Ok(report);
        };
        // Nothing goes up that could not be marked as sent, and nothing comes that could not be kept.
        self.inner.files_to_write()?;
        let ended = match self.inner.sync(until, &ticket, &mut report) {
            Err(error) if error.is_damage() => {
                self.inner.start_mirror_over()?;
                self.inner.sync(until, &ticket, &mut report)
            }
            other => other,
        };
        report.ended = ended?;
        Ok(report)
    }
}

impl Inner {
    /// None: another sync was under way until the deadline, or this one was called off.
    fn one_at_a_time(&self, until: Instant, ticket: &Ticket) -> Result<Option<MutexGuard<'_, ()>>, PhoneError> {
        if ticket.is_cancelled() {
            return Ok(None);
        }
        if let Ok(turn) = self.syncing.try_lock() {
            return Ok(Some(turn));
        }
        let waiting = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        Ok(waiting.block_on(async {
            tokio::select! {
                biased;
                () = ticket.cancelled() => None,
                turn = tokio::time::timeout_at(until.into(), self.syncing.lock()) => turn.ok(),
            }
        }))
    }

    fn sync(&self, until: Instant, ticket: &Ticket, report: &mut SyncReport) -> Result<SyncEnd, PhoneError> {
        self.look_elsewhere();
        let token = match self.token() {
            Ok((_, token)) => token,
            Err(PhoneError::NotEnrolled) => {
                return Ok(SyncEnd::SignedOut(self.state.lock().who.as_ref().map(|who| who.standing)));
            }
            // The platform's store may be locked now: that is a phone that cannot go on yet, not one that is signed out.
            Err(error) => return Err(error),
        };
        // What people have said goes up at every school before any is paged: a first pull may outlast a background task.
        let mut tried: BTreeMap<SchoolId, Tried> = BTreeMap::new();
        let mut bad = None;
        for turn in [Aim::Send, Aim::SendAndPull] {
            let mut asked = BTreeSet::new();
            loop {
                // What is queued is always sent, also for a school that the server lists no more. The list may grow on the
                // way.
                let Ok(who) = self.enrolled() else { return Ok(SyncEnd::SignedOut(None)) };
                let mut schools: BTreeSet<SchoolId> =
                    self.files()?.outbox.lock().schools_with_queue(who.person)?.into_iter().collect();
                if turn == Aim::SendAndPull {
                    schools.extend(who.schools.iter().copied());
                }
                let over = |school: &SchoolId| asked.contains(school) || tried.get(school).is_some_and(|t| t.over);
                let Some(school) = schools.into_iter().find(|school| !over(school)) else { break };
                asked.insert(school);
                let tried = tried.entry(school).or_default();
                let mut turns =
                    SchoolSync { inner: self, who: &who, token: &token, school, until, ticket, report, tried };
                let ended = turns.run(turn)?;
                tried.over |= ended != Turn::SentAll;
                match ended {
                    Turn::Done | Turn::SentAll => {}
                    Turn::End(end) if end.is_one_schools() => bad = bad.or(Some(end)),
                    Turn::End(end) => return Ok(end),
                }
            }
        }
        Ok(bad.unwrap_or(SyncEnd::Complete))
    }

    /// What was written is taken up in memory, and told.
    fn take_up(
        &self,
        files: &Files,
        school: SchoolId,
        wrote: bool,
        touched: Option<&Touched>,
    ) -> Result<(), PhoneError> {
        let before = self.state.lock().schools.get(&school).cloned();
        if wrote {
            self.reload(files)?;
        }
        if let Some(touched) = touched {
            self.directory_stands(touched);
        }
        let (mut scopes, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        if let Some(touched) = touched {
            if touched.scopes.len() > MANY_SCOPES {
                self.listeners.tell(&Change::Everything);
                return Ok(());
            }
            scopes.extend(touched.scopes.iter().filter_map(|name| name.parse::<Scope>().ok()));
            kinds.extend(touched.kinds.iter().filter_map(|name| RecordKind::parse(name)));
        }
        if wrote && let Some(before) = before {
            let (of_scopes, of_kinds) = before.overlay.difference(&Overlay::default());
            scopes.extend(of_scopes);
            kinds.extend(of_kinds);
        }
        if wrote {
            self.listeners.tell(&Change::Outbox);
        }
        self.listeners.tell(&Change::Records { school, scopes, kinds });
        Ok(())
    }

    /// The page brought no card: the roster that was read before it still stands.
    fn directory_stands(&self, touched: &Touched) {
        if touched.kinds.iter().any(|kind| is_directory(kind)) {
            return;
        }
        let mut state = self.state.lock();
        for held in state.schools.values_mut() {
            // One count for the file, whichever school it is that moved.
            if held.directory_at == touched.generation - 1 {
                Arc::make_mut(held).directory_at = touched.generation;
            }
        }
    }
}

struct SchoolSync<'a> {
    inner: &'a Inner,
    who: &'a Who,
    token: &'a Token,
    school: SchoolId,
    until: Instant,
    ticket: &'a Ticket,
    report: &'a mut SyncReport,
    tried: &'a mut Tried,
}

impl SchoolSync<'_> {
    fn run(&mut self, aim: Aim) -> Result<Turn, PhoneError> {
        let inner = self.inner;
        let mut batch_most = inner.options.batch.max(1);
        loop {
            if self.ticket.is_cancelled() {
                return Ok(Turn::End(SyncEnd::Cancelled));
            }
            let Some(within) = self.until.checked_duration_since(Instant::now()).filter(|within| !within.is_zero())
            else {
                return Ok(Turn::End(SyncEnd::OutOfTime));
            };
            let files = inner.files()?;
            let place = files.mirror.lock().place(self.school)?;
            let mut batch = self.choose(&files, batch_most)?;
            inner.at(Step::SyncChosen)?;
            self.mark(&files, &mut batch)?;
            inner.at(Step::SyncMarked)?;
            let request = self.request(&place, &batch)?;
            drop(files);
            let within = within.min(inner.options.request_timeout);
            let patience = Patience { within, ticket: self.ticket.clone() };
            let answer = inner.transport.sync(self.token, &request, &patience);
            let answer = match answer {
                Ok(answer) => answer,
                Err(TransportError::Refused { problem, .. })
                    if problem.code == ProblemCode::TooLarge && !batch.is_empty() =>
                {
                    // Less at a time; one that is too large alone is passed over.
                    match batch.as_slice() {
                        [one] => drop(self.tried.too_large.insert(one.id)),
                        more => batch_most = (more.len() / 2).max(1),
                    }
                    continue;
                }
                Err(error) => return self.refused(error),
            };
            inner.at(Step::SyncAnswered)?;
            // Before anything of it is looked at: what is listed, and what has ended, goes by it.
            let heard = inner.time.hear(answer.server_time);
            let settled = self.keep(&place, &batch, &answer, heard)?;
            self.tried.left.extend(batch.iter().map(|entry| entry.id).filter(|id| !settled.contains(id)));
            match self.apply(&place, &answer, heard)? {
                Applied::Stale => {
                    self.tried.stale += 1;
                    if self.tried.stale > MOST_STALE {
                        return Ok(Turn::End(SyncEnd::Busy));
                    }
                    continue;
                }
                Applied::StartedOver => {
                    self.tried.resets += 1;
                    if self.tried.resets > MOST_RESETS {
                        return Ok(Turn::End(SyncEnd::Garbled));
                    }
                    self.tried.left.clear();
                    continue;
                }
                Applied::Page(_) => {}
            }
            if inner.enrolled().is_err() {
                return Ok(Turn::End(SyncEnd::SignedOut(None)));
            }
            let more = match &answer.pull {
                Pull::Page(page) => page.more.is_some() || page.behind,
                Pull::ResetRequired => true,
            };
            let files = inner.files()?;
            match (self.choose(&files, batch_most)?.is_empty(), more, aim) {
                (true, false, Aim::Send | Aim::SendAndPull) => return Ok(Turn::Done),
                (true, true, Aim::Send) => return Ok(Turn::SentAll),
                (true, true, Aim::SendAndPull) | (false, _, Aim::Send | Aim::SendAndPull) => {}
            }
        }
    }

    /// The next prefix of the queue, in local order; nothing if the server has left all of it in the queue just now.
    fn choose(&self, files: &Files, most: usize) -> Result<Vec<Entry>, PhoneError> {
        let Tried { left, too_large, .. } = &*self.tried;
        // What was left counts on top, so that one that is never taken holds up nothing behind it.
        let window = most + left.len() + too_large.len();
        let mut batch = files.outbox.lock().prefix(self.who.person, self.school, window)?;
        batch.retain(|entry| !too_large.contains(&entry.id));
        batch.truncate(most + left.len());
        let fresh = batch.iter().any(|entry| !left.contains(&entry.id));
        Ok(if fresh { batch } else { Vec::new() })
    }

    fn request(&self, place: &Place, batch: &[Entry]) -> Result<SyncRequest, PhoneError> {
        let raw = |entry: &Entry| RawValue::from_string(entry.payload.as_ref().to_owned());
        Ok(SyncRequest {
            protocol: PROTOCOL,
            school: self.school,
            epoch: place.epoch,
            cursor: place.cursor,
            continuation: place.continuation.clone(),
            commands: batch.iter().map(raw).collect::<Result<_, _>>()?,
            limit: self.inner.options.page,
        })
    }

    /// From now on nobody can take these back; what was taken back since it was chosen leaves the batch.
    fn mark(&mut self, files: &Files, batch: &mut Vec<Entry>) -> Result<(), PhoneError> {
        if batch.is_empty() {
            return Ok(());
        }
        let ids: Vec<CommandId> = batch.iter().map(|entry| entry.id).collect();
        let mut outbox = files.outbox.lock();
        let ids = outbox.mark_sent(&ids)?;
        batch.retain(|entry| ids.contains(&entry.id));
        let mut state = self.inner.state.lock();
        let entries = Arc::make_mut(&mut state.entries);
        for entry in entries.iter_mut().filter(|entry| ids.contains(&entry.id)) {
            entry.sent += 1;
        }
        self.report.sent += count(ids.len());
        Ok(())
    }

    /// Outcomes into the outbox, before anything of the answer goes to the mirror. Gives the ids that are settled.
    fn keep(
        &mut self,
        place: &Place,
        batch: &[Entry],
        answer: &SyncResponse,
        heard: HeardTime,
    ) -> Result<BTreeSet<CommandId>, PhoneError> {
        let inner = self.inner;
        let outcomes: Vec<CommandOutcome> =
            answer.outcomes.iter().filter(|o| batch.iter().any(|entry| entry.id == o.id)).cloned().collect();
        let mut settled = BTreeSet::new();
        for CommandOutcome { id, outcome } in &outcomes {
            match outcome {
                Outcome::Accepted { .. } => {
                    self.report.accepted += 1;
                    settled.insert(*id);
                }
                Outcome::Rejected(_) => {
                    self.report.rejected += 1;
                    settled.insert(*id);
                }
                Outcome::NotNow(_) => self.report.not_now += 1,
            }
        }
        let answered = Answered {
            owner: self.who.person,
            school: self.school,
            epoch: answer.epoch,
            heard,
            outcomes: &outcomes,
            held: place.epoch.map(|epoch| (epoch, place.cursor)),
        };
        let files = inner.files()?;
        let wrote = files.outbox.lock().keep_answer(&answered)?;
        inner.at(Step::SyncOutcomesKept)?;
        if wrote {
            inner.take_up(&files, self.school, true, None)?;
        }
        Ok(settled)
    }

    fn apply(&mut self, place: &Place, answer: &SyncResponse, heard: HeardTime) -> Result<Applied, PhoneError> {
        let inner = self.inner;
        let files = inner.files()?;
        let applied = files.mirror.lock().apply(
            self.who.mirror_owner(),
            self.school,
            place,
            answer.epoch,
            &answer.pull,
            heard,
        )?;
        match &applied {
            Applied::Page(touched) => {
                inner.at(Step::SyncPageKept)?;
                self.report.pages += 1;
                self.report.rows += count(touched.rows);
                inner.take_up(&files, self.school, false, Some(touched))?;
            }
            Applied::StartedOver => {
                inner.at(Step::SyncMirrorDropped)?;
                inner.listeners.tell(&Change::Everything);
            }
            Applied::Stale => {}
        }
        inner.set_schools(self.who, &answer.schools)?;
        Ok(applied)
    }

    fn refused(&self, error: TransportError) -> Result<Turn, PhoneError> {
        Ok(Turn::End(match error {
            TransportError::Offline => SyncEnd::Offline,
            TransportError::Untrusted => SyncEnd::Untrusted,
            TransportError::Timeout => SyncEnd::Timeout,
            TransportError::Garbled => SyncEnd::Garbled,
            TransportError::Cancelled => SyncEnd::Cancelled,
            TransportError::Refused { status, problem, retry_after } => match (ending(problem.code), problem.code) {
                (Some(standing), _) => {
                    self.inner.end_login(standing, Some(self.who.device))?;
                    SyncEnd::SignedOut(Some(standing))
                }
                (None, ProblemCode::TooOld) => SyncEnd::TooOld,
                // Not this person's school (any more): what is queued for it stays, and the others have their turn.
                (None, ProblemCode::NotFound) => return Ok(Turn::Done),
                (None, _) => {
                    let retry_after = retry_after.map(|asked| self.inner.options.heed(asked));
                    SyncEnd::Refused { status, problem, retry_after }
                }
            },
        }))
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
