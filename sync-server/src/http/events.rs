//! `GET /v1/events`: pokes. A poke says that something changed and nothing else; what it was comes with the next sync,
//! under the rights of that moment.

use super::{
    Face,
    around::Raised,
    bearer::{SignedIn, session},
    limits::HttpLimits,
    refusal::Refusal,
    streams::Place,
};
use crate::{closing::closed, engine::Poked};
use axum::{
    extract::State,
    response::{
        IntoResponse,
        sse::{Event, Sse},
    },
};
use skolebro_core::protocol::{self, ProblemCode};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{sync::mpsc, time::Instant};
use tokio_stream::wrappers::ReceiverStream;

pub async fn events(
    State(face): State<Face>,
    SignedIn { session: who, token, .. }: SignedIn,
) -> Result<impl IntoResponse, Refusal> {
    let busy = || Refusal::unavailable("too many event streams; poll instead", face.limits.retry_after);
    let place = face.streams.open(who.device).ok_or_else(busy)?;
    // One waiting event is enough: a second poke would say nothing new.
    let (send, receive) = mpsc::channel(1);
    let engine = Arc::clone(&face.engine);
    let pokes = face.blocking(move || engine.subscribe(&who)).await?;
    tokio::spawn(pump(face, Listener { pokes, token }, send, place));
    Ok(([("x-accel-buffering", "no")], Sse::new(ReceiverStream::new(receive))))
}

/// Who listens.
struct Listener {
    pokes: Poked,
    token: Box<str>,
}

/// Feeds one stream until the phone goes or opens a newer one, the device is revoked, or the server ends.
async fn pump(face: Face, mut listener: Listener, send: mpsc::Sender<Result<Event, Infallible>>, mut place: Place) {
    let _connected = Raised::new(&face.metrics.phones_connected);
    let mut closing = face.closing.clone();
    // The first comes at once: what changed since the phone's last sync is not missed between two streams.
    let mut event = Some(poke(&face));
    let mut rested = Instant::now();
    loop {
        if let Some(event) = event.take() {
            face.metrics.pokes.inc();
            rested = Instant::now() + face.limits.poke_gap;
            if send.send(Ok(event)).await.is_err() {
                return;
            }
        }
        let heard = tokio::select! {
            biased;
            () = closed(&mut closing) => return,
            () = send.closed() => return,
            () = place.taken() => return,
            heard = hear(&face, &mut listener, rested) => heard,
        };
        match heard {
            Heard::Changed => event = Some(poke(&face)),
            Heard::Silence => {
                if send.send(Ok(Event::default().comment(""))).await.is_err() {
                    return;
                }
            }
            Heard::Revoked => {
                // The phone's next request tells it the same, with the reason.
                let _ = send.send(Ok(Event::default().event("revoked").data("{}"))).await;
                return;
            }
            Heard::End => return,
        }
    }
}

enum Heard {
    Changed,
    Silence,
    Revoked,
    End,
}

/// What comes first. Changes before `rested` melt into one; a revocation waits for nothing.
async fn hear(face: &Face, listener: &mut Listener, rested: Instant) -> Heard {
    let first = tokio::time::timeout(face.limits.heartbeat, listener.pokes.next()).await;
    // Whatever woke us: a revoked phone is not told that anything changed, nor that it is still listened to.
    if let Err(refused) = session(face, &listener.token, None).await {
        return if refused.code == ProblemCode::Unavailable { Heard::End } else { Heard::Revoked };
    }
    match first {
        Ok(true) => {}
        Ok(false) => return Heard::End,
        Err(_) => return Heard::Silence,
    }
    while let Ok(true) = tokio::time::timeout_at(rested, listener.pokes.next()).await {
        if session(face, &listener.token, None).await.is_err() {
            return Heard::Revoked;
        }
    }
    Heard::Changed
}

fn poke(face: &Face) -> Event {
    let wait = spread(&face.limits, face.metrics.phones_connected.get()).mul_f64(chance());
    let poke = protocol::Poke { wait_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX) };
    // Two numbers and two brackets: it cannot fail, and without data an event would not be handed on.
    let data = serde_json::to_string(&poke).unwrap_or_else(|_| "{}".to_owned());
    Event::default().event("poke").data(data)
}

/// From 0 to 1. Without the system's randomness phones are poked in the middle, all at once but not worse.
fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}

/// So long that about `pokes_per_second` phones a second come back when every one of them is poked.
fn spread(limits: &HttpLimits, phones: i64) -> Duration {
    let (Ok(phones), true) = (u32::try_from(phones), limits.pokes_per_second > 0) else { return Duration::ZERO };
    (Duration::from_secs(1) * phones / limits.pokes_per_second).min(limits.longest_spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_is_poked_at_once_and_a_country_over_a_minute() {
        let limits = HttpLimits::default();
        assert!(spread(&limits, 30) <= Duration::from_millis(30));
        assert_eq!(spread(&limits, 20_000), Duration::from_secs(20));
        assert_eq!(spread(&limits, 1_300_000), limits.longest_spread);
        assert_eq!(spread(&HttpLimits { pokes_per_second: 0, ..limits }, 20_000), Duration::ZERO);
    }
}
