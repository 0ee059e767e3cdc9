//! The engine's clock: the machine's, as far as it is believed ([`Belief`]). What is believed is kept, so that the next
//! start goes on from it; an operator can say that a doubted clock is right.
//!
//! A clock that somebody moves on purpose (a test's, the demonstration's) is never doubted, and nothing of it is kept: a
//! folder that was tried out on another day is not to doubt the real one.

use super::{
    Engine,
    belief::{Belief, ClockLimits, Kept, Trust},
    refusal::Refusal,
};
use crate::store::{self, BELIEVED_TIME, Result, Store};
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use skolebro_core::{clock::Clock, protocol::ProblemCode};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// How far it may have gone on since it was kept.
const KEEP_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How it is with the server's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockState {
    /// What the server goes by.
    pub now: DateTime<Utc>,
    /// What the machine shows.
    pub machine: DateTime<Utc>,
    pub trust: Trust,
    /// Whether anything is erased now.
    pub may_destroy: bool,
}

pub(super) struct Timekeeper {
    clock: Arc<dyn Clock>,
    /// None: whatever the clock shows is meant.
    belief: Option<Mutex<Belief>>,
    newest: AtomicI64,
    /// In microseconds: how far what is kept has come.
    kept: AtomicI64,
}

impl Timekeeper {
    pub fn begin(clock: Arc<dyn Clock>, limits: ClockLimits, store: &dyn Store) -> Result<Self> {
        let belief = if clock.is_moved_on_purpose() {
            None
        } else {
            let kept = store::read(store, |reading| reading.meta(BELIEVED_TIME))?;
            let read = kept.as_deref().map(serde_json::from_str::<Kept>);
            if let Some(Err(_)) = read {
                tracing::error!("the instant that was kept of the clock cannot be read; this is like a first start");
            }
            let belief = Belief::begin(limits, read.and_then(Result::ok), clock.now(), clock.elapsed());
            tell(None, &belief, clock.now());
            Some(Mutex::new(belief))
        };
        Ok(Self { clock, belief, newest: AtomicI64::new(i64::MIN), kept: AtomicI64::new(i64::MIN) })
    }

    /// To the microsecond, as stores keep it. Never backwards, but where it turns out that it was wrong.
    pub fn now(&self) -> DateTime<Utc> {
        let wall = self.clock.now();
        let now = match &self.belief {
            None => {
                let micros = wall.timestamp_micros();
                self.newest.fetch_max(micros, Ordering::SeqCst).max(micros)
            }
            Some(belief) => {
                let mut belief = belief.lock();
                let before = belief.trust();
                let now = belief.observe(wall, self.clock.elapsed());
                if before != belief.trust() {
                    tell(Some(before), &belief, wall);
                }
                now.timestamp_micros()
            }
        };
        DateTime::from_timestamp_micros(now).unwrap_or_default()
    }

    pub fn state(&self) -> ClockState {
        let (now, machine) = (self.now(), self.clock.now());
        let (trust, may_destroy) = match &self.belief {
            None => (Trust::Believed, true),
            Some(belief) => {
                let belief = belief.lock();
                (belief.trust(), belief.may_destroy())
            }
        };
        ClockState { now, machine, trust, may_destroy }
    }

    fn believe(&self) {
        if let Some(belief) = &self.belief {
            belief.lock().believe(self.clock.now());
        }
        self.kept.store(i64::MIN, Ordering::SeqCst);
    }

    /// What is worth keeping by now.
    fn to_keep(&self, now: DateTime<Utc>) -> Option<String> {
        let kept = self.kept.load(Ordering::SeqCst);
        let micros = now.timestamp_micros();
        let is_new = kept == i64::MIN || micros < kept || micros - kept >= KEEP_EVERY.num_microseconds().unwrap_or(0);
        let belief = self.belief.as_ref().filter(|_| is_new)?.lock().to_keep()?;
        serde_json::to_string(&belief).ok()
    }
}

/// Once for each change: whoever reads the log is the one who can do something.
fn tell(before: Option<Trust>, belief: &Belief, machine: DateTime<Utc>) {
    match belief.trust() {
        Trust::Waiting => tracing::error!(
            %machine,
            "the machine's clock shows a time that no pause explains: nothing is done until it is right, or until an \
             operator says that it is (skolebro-server clock)"
        ),
        Trust::Doubted => tracing::error!(
            %machine,
            "the machine's clock has jumped: time goes on without it, and nothing is erased until it is right, or until \
             an operator says that it is (skolebro-server clock)"
        ),
        Trust::Believed if before.is_some() => tracing::warn!(%machine, "the machine's clock is believed again"),
        Trust::Believed => {}
    }
}

impl Engine {
    pub fn clock_state(&self) -> ClockState {
        self.shared.time.state()
    }

    /// An operator says that the machine's clock is right. Where time went back, what hung on the wrong one is made anew by
    /// the next tick.
    ///
    /// # Errors
    /// That the store does not answer; the clock is believed until the next start then.
    pub fn believe_clock(&self) -> Result<ClockState, Refusal> {
        self.shared.time.believe();
        self.keep_clock()?;
        tracing::warn!("an operator says that the machine's clock is right");
        Ok(self.clock_state())
    }

    /// Keeps how far time has come, now and then.
    pub(super) fn keep_clock(&self) -> Result<(), Refusal> {
        let now = self.shared.now();
        if let Some(kept) = self.shared.time.to_keep(now) {
            self.writer.write(move |turn| turn.store.put_meta(BELIEVED_TIME, &kept))?;
            self.shared.time.kept.store(now.timestamp_micros(), Ordering::SeqCst);
        }
        Ok(())
    }

    /// What must not be answered while nobody knows what time it is: everything would be of a wrong day, and a right that
    /// has ended might still be read by.
    pub(super) fn knows_the_time(&self) -> Result<(), Refusal> {
        match self.clock_state().trust {
            Trust::Waiting => Err(Refusal::new(
                ProblemCode::Unavailable,
                "the server's clock shows a time that cannot be right; an operator must look",
            )),
            Trust::Believed | Trust::Doubted => Ok(()),
        }
    }
}
