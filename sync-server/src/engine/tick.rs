//! Time is an actor too: what is due by the clock is done here, in small transactions through the same writer, while
//! phones keep syncing. Repeating a tick changes nothing. Nothing that must hold at an instant waits for one: rights end
//! at their `until` by themselves, and a tick only gives that a number.
//!
//! What can be made anew (numbers of what has ended, cards, grants, notices) goes by the time that is believed. What
//! cannot (erasure, what ends with an 18th birthday) waits besides until that time has stood for a while.

use super::{
    Engine, belief::Trust, due, lapses, live::roster_of, new_day, refusal::Refusal, retention, scrub, turn::Turn,
};
use crate::store::{Reading, Result};
use chrono::{DateTime, Utc};
use skolebro_core::domain::{ids::SchoolId, roster::Roster};
use std::sync::Arc;

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
        let mut schools: Vec<SchoolId> = self.shared.schools.read().keys().copied().collect();
        schools.sort_unstable();
        let mut is_a_new_day = false;
        for school in schools {
            let clock = Clockwork { engine: self, school, now, may_destroy: state.may_destroy };
            // What ends before what begins.
            lapses::number(&clock, &mut ticked)?;
            let is_whole = new_day::begin(&clock, &mut ticked)?;
            due::missing(&clock, &mut ticked)?;
            due::follow_up(&clock, &mut ticked)?;
            retention::erase(&clock, &mut ticked)?;
            // A right that could not be given is tried again at the next tick, and the day is not over with until then.
            if is_whole {
                is_a_new_day |= new_day::finish(&clock, &mut ticked)?;
            }
        }
        self.keep_clock()?;
        scrub::clean(self, now, is_a_new_day);
        Ok(ticked)
    }
}

/// One school's part of a tick.
pub(super) struct Clockwork<'a> {
    pub engine: &'a Engine,
    pub school: SchoolId,
    pub now: DateTime<Utc>,
    /// Whether what cannot be made anew may be done.
    pub may_destroy: bool,
}

impl Clockwork<'_> {
    /// How much goes into one transaction.
    pub fn batch(&self) -> usize {
        self.engine.limits().tick_batch.max(1)
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
        Ok(done.ok())
    }
}

/// A small fact of one school.
pub(super) fn meta_key(what: &str, school: SchoolId) -> String {
    format!("{what}/{school}")
}
