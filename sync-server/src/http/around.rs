//! What surrounds every request: a look at its Host, a place among those under way, a time limit, a net under panics, a
//! count and a log line; and that nothing of its answer is kept by anybody on the way.
//!
//! It must never log a path as typed, a query, a header or a body.

use super::{Face, connections::Surplus, refusal::Refusal, route::Route};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use parking_lot::Mutex;
use prometheus_client::metrics::gauge::Gauge;
use std::{
    any::Any,
    time::{Duration, Instant},
};

pub async fn around(State(face): State<Face>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route =
        request.extensions().get::<MatchedPath>().map_or(Route::Unknown, |path| Route::of_pattern(path.as_str()));
    let method = request.method().clone();
    let mut response = match host(&request) {
        Ok(()) => answer(&face, route, request, next).await,
        Err(refused) => refused.into_response(),
    };
    // The description of the server is everybody's; all else is one person's, or of this moment.
    if route != Route::OpenApi {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    note(&face, route, &method, &response, begun);
    response
}

/// RFC 9112, 3.2: exactly one, and one that can be an address. A proxy that believes another of two than we do would let
/// one site's requests through to another.
fn host(request: &Request) -> Result<(), Refusal> {
    if request.version() < Version::HTTP_11 {
        return Ok(());
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Refusal::malformed("a request has exactly one Host header"));
    };
    match host.as_bytes() {
        [] => Ok(()),
        host => match Authority::try_from(host) {
            // A user's name is no part of it (RFC 9110, 7.2).
            Ok(_) if !host.contains(&b'@') => Ok(()),
            Ok(_) | Err(_) => Err(Refusal::malformed("the Host header is no address")),
        },
    }
}

async fn answer(face: &Face, route: Route, request: Request, next: Next) -> Response {
    let after = face.limits.retry_after;
    // Whether it is alive must be told also by a server that is full.
    let counted = !matches!(route, Route::Health | Route::Ready | Route::Metrics);
    if counted && request.extensions().get::<Surplus>().is_some() {
        return Refusal::unavailable("too many connections at once", after).into_response();
    }
    let _place = match counted.then(|| face.places.try_acquire()) {
        Some(Err(_)) => return Refusal::unavailable("too many requests at once", after).into_response(),
        Some(Ok(place)) => Some(place),
        None => None,
    };
    let _under_way = Raised::new(&face.metrics.under_way);
    match tokio::time::timeout(face.limits.request, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::unavailable("the request took too long", after).into_response(),
    }
}

fn note(face: &Face, route: Route, method: &Method, response: &Response, begun: Instant) {
    let (status, took) = (response.status(), begun.elapsed());
    face.metrics.answered(route, method, status, took);
    let (route, status, micros) = (route.path(), status.as_u16(), u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    // One line a request would be most of the log on a school morning; and where many fail, which anybody can bring about
    // who asks fast enough, a few tell it. The metrics count them all.
    if status >= 500 && face.failures.may_tell(begun) {
        tracing::warn!(route, status, micros, "request failed");
    } else {
        tracing::debug!(route, status, micros, "request");
    }
}

/// How many lines about failed requests the log takes in a second.
const LINES: u32 = 10;

/// Holds repeated lines back, so that no flood of requests is one of lines.
#[derive(Debug, Default)]
pub struct Seldom(Mutex<Option<(Instant, u32)>>);

impl Seldom {
    fn may_tell(&self, now: Instant) -> bool {
        let mut told = self.0.lock();
        match &mut *told {
            Some((since, lines)) if now.saturating_duration_since(*since) < Duration::from_secs(1) => {
                *lines = lines.saturating_add(1);
                *lines <= LINES
            }
            other => {
                *other = Some((now, 1));
                true
            }
        }
    }
}

/// What a panic leaves behind: a note for the operator, and for the phone that it may try again.
pub fn panicked(face: &Face, why: &(dyn Any + Send)) -> Response {
    // A panic's text may quote a value, so only its kind is logged; the place is in the panic hook's line.
    let kind = if why.is::<&'static str>() || why.is::<String>() { "message" } else { "value" };
    face.metrics.panicked();
    tracing::error!(kind, "a request ended in a panic");
    Refusal::unavailable("a fault of the program", face.limits.retry_after).into_response()
}

/// A gauge that is one higher while this lives.
#[derive(Debug)]
pub struct Raised(Gauge);

impl Raised {
    pub fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Raised {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_failures_a_few_are_told_each_second() {
        let (seldom, start) = (Seldom::default(), Instant::now());
        let told = |at: Duration| (0..1_000).filter(|_| seldom.may_tell(start + at)).count();
        assert_eq!(told(Duration::ZERO), 10);
        assert_eq!(told(Duration::from_millis(999)), 0);
        assert_eq!(told(Duration::from_secs(1)), 10);
    }
}
