//! The one place where a request becomes a session: `Authorization: Bearer TOKEN`. The token is never logged.

use super::{Face, at_once::Place, refusal::Refusal};
use crate::engine::{self, Session};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use skolebro_core::protocol::ProblemCode;
use std::{num::NonZeroU32, sync::Arc};

/// A session, and the token that it came with: an event stream asks again whether it still opens anything.
pub struct SignedIn {
    pub session: Session,
    pub token: Box<str>,
    /// Among the requests of the device; kept until the request has its answer.
    _place: Place,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").finish_non_exhaustive()
    }
}

impl FromRequestParts<Face> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, face: &Face) -> Result<Self, Refusal> {
        let token = token(&parts.headers)
            .ok_or_else(|| Refusal::new(ProblemCode::TokenUnknown, "an Authorization: Bearer header is needed"))?;
        // Before the token is looked up: a token that is not in memory could otherwise not even ask the store to recover.
        face.engine.wait_until_sound().await.map_err(|refused| face.refuse(refused))?;
        let session =
            session(face, token, face.limits.requests_per_minute).await.map_err(|refused| face.refuse(refused))?;
        let place = face.devices.take(session.device).ok_or_else(|| {
            let detail = "the device asks too much at once";
            Refusal::new(ProblemCode::TooManyTries, detail).retry_after(face.limits.retry_after)
        })?;
        Ok(SignedIn { session, token: token.into(), _place: place })
    }
}

/// What a token opens. The file is read off the network's threads, and only where memory does not say it.
pub async fn session(face: &Face, token: &str, per_minute: Option<NonZeroU32>) -> Result<Session, engine::Refusal> {
    if let Some(known) = face.engine.recognised(token, per_minute) {
        return known;
    }
    let (engine, token) = (Arc::clone(&face.engine), Box::<str>::from(token));
    let looked_up = tokio::task::spawn_blocking(move || engine.authenticate(&token));
    looked_up.await.unwrap_or(Err(engine::Refusal::UNAVAILABLE))
}

/// None also where two tokens stand: which of them would count is not for a proxy to decide.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
