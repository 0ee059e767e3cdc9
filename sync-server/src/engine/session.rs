//! Who asks: a device token, looked up by its hash. Never a slow password hash per request, never a token in a log.

use super::{Engine, refusal::Refusal};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use skolebro_core::{
    domain::ids::{DeviceId, PersonId},
    protocol::ProblemCode,
};
use std::sync::atomic::Ordering;

/// An enrolled phone, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub device: DeviceId,
    pub person: PersonId,
}

/// What is kept in memory of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    session: Session,
    last_seen: Option<DateTime<Utc>>,
    /// Of [`super::shared::Shared::devices_version`].
    version: u64,
}

pub(super) fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Engine {
    /// # Errors
    /// `TokenUnknown`, `DeviceRevoked`, or that the store does not answer.
    pub fn authenticate(&self, token: &str) -> Result<Session, Refusal> {
        let hash = hash_of(token);
        let version = self.shared.devices_version.load(Ordering::SeqCst);
        let known = self.shared.tokens.lock().get(&hash).filter(|known| known.version == version);
        let known = match known {
            Some(known) => known,
            None => {
                let device = self.shared.read(|reading| reading.device_by_token(&hash))?;
                let device = device.ok_or(Refusal::new(ProblemCode::TokenUnknown, "no device has this token"))?;
                if device.revoked_at.is_some() {
                    return Err(Refusal::new(ProblemCode::DeviceRevoked, "the device was revoked"));
                }
                let session = Session { device: device.id, person: device.person };
                let token = Token { session, last_seen: device.last_seen, version };
                self.shared.tokens.lock().insert(hash, token, 1);
                token
            }
        };
        self.saw(hash, known);
        Ok(known.session)
    }

    /// Notes that the device was here, once in a while.
    fn saw(&self, hash: [u8; 32], token: Token) {
        let now = self.shared.now();
        if token.last_seen.is_some_and(|seen| now - seen < self.shared.config.limits.last_seen_every) {
            return;
        }
        self.shared.tokens.lock().insert(hash, Token { last_seen: Some(now), ..token }, 1);
        let device = token.session.device;
        self.writer.write_later(move |turn| {
            if let Some(mut device) = turn.store.device(device)?.filter(|device| device.revoked_at.is_none()) {
                device.last_seen = Some(now);
                turn.store.put_device(&device)?;
            }
            Ok(())
        });
    }
}
