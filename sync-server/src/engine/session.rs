//! Who asks: a device token, looked up by its hash. Never a slow password hash per request, never a token in a log.

use super::{Engine, refusal::Refusal};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use skolebro_core::{
    domain::ids::{DeviceId, PersonId},
    protocol::ProblemCode,
};
use std::{
    num::NonZeroU32,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

/// An enrolled phone, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub device: DeviceId,
    pub person: PersonId,
    /// How many revocations there had been when it was looked up; see [`super::shared::Shared::is_revoked`].
    pub(super) as_of: u64,
}

impl Session {
    /// Of somebody who needs no token: simulations and tests. As if it had been looked up before any revocation.
    pub fn of(device: DeviceId, person: PersonId) -> Self {
        Self { device, person, as_of: 0 }
    }
}

/// What is kept in memory of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub session: Session,
    last_seen: Option<DateTime<Utc>>,
    /// When the device may again ask as often in a row as it may in a minute. It is forgotten with the rest.
    rested: Instant,
}

impl Token {
    /// Counts one request. An error: how long to wait for the next.
    fn take(&mut self, per_minute: NonZeroU32, now: Instant) -> Result<(), Duration> {
        const MINUTE: Duration = Duration::from_secs(60);
        let then = self.rested.max(now) + MINUTE / per_minute.get();
        let over = then.saturating_duration_since(now + MINUTE);
        if over > Duration::ZERO {
            return Err(over);
        }
        self.rested = then;
        Ok(())
    }
}

pub(super) fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

const UNKNOWN: Refusal = Refusal::new(ProblemCode::TokenUnknown, "no device has this token");
pub(super) const REVOKED: Refusal = Refusal::new(ProblemCode::DeviceRevoked, "the device was revoked");

impl Engine {
    /// May wait for the store.
    ///
    /// # Errors
    /// `TokenUnknown`, `DeviceRevoked`, or that the store does not answer.
    pub fn authenticate(&self, token: &str) -> Result<Session, Refusal> {
        let hash = hash_of(token);
        self.recognise(&hash, None).unwrap_or_else(|| self.look_up(hash))
    }

    /// The same from memory, which waits for nothing; none: only the store knows. With a pace, the request is counted.
    ///
    /// # Errors
    /// `TokenUnknown`, `DeviceRevoked`, or `TooManyTries` with a wait: the device asks too often.
    pub fn recognised(&self, token: &str, per_minute: Option<NonZeroU32>) -> Option<Result<Session, Refusal>> {
        self.recognise(&hash_of(token), per_minute)
    }

    fn recognise(&self, hash: &[u8; 32], per_minute: Option<NonZeroU32>) -> Option<Result<Session, Refusal>> {
        let mut tokens = self.shared.tokens.lock();
        let Some(token) = tokens.known.get_mut(hash) else {
            return tokens.refused.get(hash).map(Err);
        };
        if let Some(per_minute) = per_minute
            && let Err(wait) = token.take(per_minute, Instant::now())
        {
            return Some(Err(Refusal::too_often(wait)));
        }
        let as_of = self.shared.revocations.load(Ordering::SeqCst);
        let (session, seen) = (Session { as_of, ..token.session }, self.saw(token));
        drop(tokens);
        self.note(session.device, seen);
        Some(Ok(session))
    }

    fn look_up(&self, hash: [u8; 32]) -> Result<Session, Refusal> {
        let as_of = self.shared.revocations.load(Ordering::SeqCst);
        let device = self.shared.read(|reading| reading.device_by_token(&hash))?;
        let mut seen = None;
        let found = match device {
            None => Err(UNKNOWN),
            Some(device) if device.revoked_at.is_some() => Err(REVOKED),
            Some(device) => {
                let session = Session { device: device.id, person: device.person, as_of };
                let mut token = Token { session, last_seen: device.last_seen, rested: Instant::now() };
                seen = self.saw(&mut token);
                Ok(token)
            }
        };
        let mut tokens = self.shared.tokens.lock();
        // What a revocation overtook is true of the moment that was read, and of no later one.
        if self.shared.revocations.load(Ordering::SeqCst) == as_of {
            match found {
                Ok(token) => tokens.known.insert(hash, token, 1),
                Err(why) => tokens.refused.insert(hash, why, 1),
            }
        }
        drop(tokens);
        let session = found?.session;
        self.note(session.device, seen);
        Ok(session)
    }

    /// Whether it is time to note that the device was here, and when that is.
    fn saw(&self, token: &mut Token) -> Option<DateTime<Utc>> {
        let now = self.shared.now();
        if token.last_seen.is_some_and(|seen| (now - seen).abs() < self.shared.config.limits.last_seen_every) {
            return None;
        }
        token.last_seen = Some(now);
        Some(now)
    }

    fn note(&self, device: DeviceId, seen: Option<DateTime<Utc>>) {
        let Some(seen) = seen else { return };
        self.writer.write_later(move |turn| {
            if let Some(mut device) = turn.store.device(device)?.filter(|device| device.revoked_at.is_none()) {
                device.last_seen = Some(seen);
                turn.store.put_device(&device)?;
            }
            Ok(())
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn as_many_in_a_row_as_in_a_minute_and_then_one_at_a_time() {
        let start = Instant::now();
        let session = Session::of(DeviceId::new(), PersonId::derive(&[&"Amal"]));
        let mut token = Token { session, last_seen: None, rested: start };
        let pace = NonZeroU32::new(600).unwrap();
        for _ in 0..600 {
            token.take(pace, start).unwrap();
        }
        assert_eq!(token.take(pace, start), Err(Duration::from_millis(100)));
        token.take(pace, start + Duration::from_millis(100)).unwrap();
        assert!(token.take(pace, start + Duration::from_millis(100)).is_err());
        for _ in 0..600 {
            token.take(pace, start + Duration::from_secs(120)).unwrap();
        }
    }
}
