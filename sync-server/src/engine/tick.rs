//! Time is an actor too: what is due by the clock is done here, in small transactions through the same writer, while
//! phones keep syncing. Repeating a tick changes nothing. Nothing that must hold at an instant waits for one: rights end
//! at their `until` by themselves, and a tick only gives that a number.
//!
//! What can be made anew (numbers of what has ended, cards, grants, notices) goes by the time that is believed. What
//! cannot (erasure, what ends with an 18th birthday) waits besides until that time has stood for a while.

use super::{
    Engine,
    belief::Trust,
    due, lapses,
    live::{Quiet, roster_of},
    new_day,
    refusal::Refusal,
    renewal, retention, scrub,
    turn::Turn,
};
use crate::store::{Head, Reading, Result};
use chrono::{DateTime, TimeDelta, Utc};
use skolebro_core::domain::{ids::SchoolId, roster::Roster};
use std::{cell::Cell, sync::Arc};

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Commands of the clock that were carried out.
    pub commands: usize,
    /// Subscriptions and assurances whose end was given a number.
    pub lapsed: usize,
    /// Records past their retention.
    pub erased: usize,
    /// The earliest instant at which more is due, as things stand; no reason to wait so long.
    pub next: Option<DateTime<Utc>>,
    /// Waiting: nothing was done. Doubted: nothing that could not be taken back.
    pub clock: Trust,
}

impl Ticked {
    fn add(&mut self, school: Ticked) {
        let Ticked { commands, lapsed, erased, next, clock: _ } = school;
        self.commands += commands;
        self.lapsed += lapsed;
        self.erased += erased;
        self.again_at(next);
    }

    pub(super) fn again_at(&mut self, at: Option<DateTime<Utc>>) {
        self.next = match (self.next, at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

impl Engine {
    /// Does what is due at `now`, and never what is due later than it is believed to be.
    ///
    /// # Errors
    /// That the store does not answer; then the rest is left for the next tick.
    pub fn tick(&self, now: DateTime<Utc>) -> Result<Ticked, Refusal> {
        let state = self.clock_state();
        let mut ticked = Ticked { clock: state.trust, ..Ticked::default() };
        if state.trust == Trust::Waiting {
            return Ok(ticked);
        }
        let now = now.min(state.now);
        renewal::renew(self, now)?;
        let mut schools: Vec<SchoolId> = self.shared.schools.read().keys().copied().collect();
        schools.sort_unstable();
        let mut is_a_new_day = false;
        for school in schools {
            let clock = Clockwork::new(self, school, now, state.may_destroy);
            if let Some(quiet) = clock.is_quiet() {
                ticked.again_at(quiet.next);
                continue;
            }
            let head = clock.head();
            let mut done = Ticked::default();
            // What ends before what begins.
            lapses::number(&clock, &mut done)?;
            let is_whole = new_day::begin(&clock, &mut done)?;
            due::give_all(&clock, &mut done)?;
            retention::erase(&clock, &mut done)?;
            // A right that could not be given is tried again at the next tick, and the day is not over with until then.
            if is_whole {
                is_a_new_day |= new_day::finish(&clock, &mut done)?;
                clock.quieten(head, done.next);
            }
            ticked.add(done);
        }
        self.keep_clock()?;
        scrub::clean(self, now, is_a_new_day);
        Ok(ticked)
    }
}

/// A school is looked at this often, whatever it was found to owe.
const LONGEST_QUIET: TimeDelta = TimeDelta::minutes(15);

/// One school's part of a tick.
pub(super) struct Clockwork<'a> {
    pub engine: &'a Engine,
    pub school: SchoolId,
    pub now: DateTime<Utc>,
    /// Whether what cannot be made anew may be done.
    pub may_destroy: bool,
    /// Whether something was left undone, to be tried again at the next tick.
    met_a_fault: Cell<bool>,
}

impl<'a> Clockwork<'a> {
    pub fn new(engine: &'a Engine, school: SchoolId, now: DateTime<Utc>, may_destroy: bool) -> Self {
        Self { engine, school, now, may_destroy, met_a_fault: Cell::new(false) }
    }

    /// How much goes into one transaction.
    pub fn batch(&self) -> usize {
        self.engine.limits().tick_batch.max(1)
    }

    /// That nothing is owed: nothing has been written since it was found so, and no right has ended. One look at
    /// memory and two into an index, for each school at each tick.
    fn is_quiet(&self) -> Option<Quiet> {
        let live = self.engine.shared.live(self.school)?;
        let quiet = (*live.quiet.lock())?;
        let holds = live.head() == Some(quiet.head)
            && quiet.since <= self.now
            && self.now < quiet.since + LONGEST_QUIET
            && quiet.next.is_none_or(|next| self.now < next)
            && quiet.may_destroy == self.may_destroy;
        let ended = || self.engine.shared.read(|reading| lapses::any(reading, self.school, self.now)).unwrap_or(true);
        (holds && !ended()).then_some(quiet)
    }

    fn head(&self) -> Option<Head> {
        self.engine.shared.live(self.school)?.head()
    }

    /// `head`: where the school stood before it was looked at. What was found to do has been done, and may owe more.
    fn quieten(&self, head: Option<Head>, next: Option<DateTime<Utc>>) {
        let Some(live) = self.engine.shared.live(self.school) else { return };
        let (since, may_destroy) = (self.now, self.may_destroy);
        let quiet = head.filter(|_| !self.met_a_fault.get()).map(|head| Quiet { head, since, next, may_destroy });
        *live.quiet.lock() = quiet;
    }

    /// One snapshot outside the writer, with the roster of that moment. None: there is no such school, or it could not be
    /// read, which is logged; the rest of the tick does not wait for it.
    pub fn read<T>(&self, mut work: impl FnMut(&dyn Reading, &Arc<Roster>) -> Result<T>) -> Option<T> {
        let shared = &self.engine.shared;
        let live = shared.live(self.school)?;
        let read = shared.read(|reading| {
            let version = reading.head(self.school)?.access_version;
            let roster = roster_of(&live, reading, version)?;
            live.remember_roster(version, &roster);
            work(reading, &roster)
        });
        self.met_a_fault.set(self.met_a_fault.get() || read.is_err());
        read.ok()
    }

    /// One transaction, as at the tick's `now`. None: it met something that this version cannot read, or panicked; that is
    /// logged, and nothing of it was done. Whoever repeats it until there is no more must end then.
    pub fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Turn<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Option<T>, Refusal> {
        let (school, now) = (self.school, self.now);
        let done = self.engine.writer.write(move |turn| {
            let others = std::mem::replace(&mut turn.now, now);
            let done = turn.guarded(school, &mut work);
            turn.now = others;
            done
        })?;
        self.met_a_fault.set(self.met_a_fault.get() || done.is_err());
        Ok(done.ok())
    }
}

/// A small fact of one school.
pub(super) fn meta_key(what: &str, school: SchoolId) -> String {
    format!("{what}/{school}")
}
