//! What time it is at the school: the last server time plus the time that has passed since, whatever the phone's own
//! clock says. A wrong clock never stops a report, and never drops what is held.

use crate::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use std::sync::Arc;

/// A server time, and what the phone's clock showed when it was heard. Kept in the mirror, so that a phone that was off
/// goes on from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeardTime {
    pub server: DateTime<Utc>,
    pub phone: DateTime<Utc>,
}

#[derive(Debug)]
pub(super) struct PhoneTime {
    clock: Arc<dyn Clock>,
    anchor: Mutex<Anchor>,
}

#[derive(Debug)]
struct Anchor {
    /// Heard from the server since this process began or the phone last slept; else the phone's own clock has told of time
    /// that nothing else counted.
    heard_awake: bool,
    at: DateTime<Utc>,
    elapsed: TimeDelta,
    heard: Option<HeardTime>,
}

impl PhoneTime {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let anchor = Anchor { heard_awake: false, at: clock.now(), elapsed: clock.elapsed(), heard: None };
        Self { clock, anchor: Mutex::new(anchor) }
    }

    /// The server's time, as well as this phone can know it.
    pub fn now(&self) -> DateTime<Utc> {
        let anchor = self.anchor.lock();
        anchor.at + (self.clock.elapsed() - anchor.elapsed).max(TimeDelta::zero())
    }

    /// What the phone itself shows.
    pub fn device_now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn hear(&self, server: DateTime<Utc>) -> HeardTime {
        let heard = HeardTime { server, phone: self.clock.now() };
        *self.anchor.lock() =
            Anchor { heard_awake: true, at: server, elapsed: self.clock.elapsed(), heard: Some(heard) };
        heard
    }

    /// When the server was last heard, by its own clock.
    pub fn last_heard(&self) -> Option<DateTime<Utc>> {
        self.anchor.lock().heard.map(|heard| heard.server)
    }

    /// Whether [`PhoneTime::now`] owes nothing to the phone's own clock.
    pub fn is_sure(&self) -> bool {
        self.anchor.lock().heard_awake
    }

    /// After a start or a sleep, in which the steady clock stood still: the phone's own clock says how long, from what
    /// was last heard on, but never back before it.
    pub fn wake(&self, kept: Option<HeardTime>) {
        let mut anchor = self.anchor.lock();
        // What is kept was heard last, here or by another process.
        if let Some(heard) = kept.or(anchor.heard) {
            let by_phone = heard.server + (self.clock.now() - heard.phone).max(TimeDelta::zero());
            let elapsed = self.clock.elapsed();
            let by_steady = anchor
                .heard
                .filter(|own| own.server.timestamp_micros() == heard.server.timestamp_micros())
                .map(|_| anchor.at + (elapsed - anchor.elapsed).max(TimeDelta::zero()));
            let at = by_steady.map_or(by_phone, |steady| steady.max(by_phone));
            *anchor = Anchor { heard_awake: false, at, elapsed, heard: Some(heard) };
        }
    }
}
