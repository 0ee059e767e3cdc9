//! What surrounds every request: a place among those under way, a time limit, a net under panics, a count and a log line.
//!
//! It must never log a path as typed, a query, a header or a body.

use super::{Face, refusal::Refusal, route::Route};
use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use prometheus_client::metrics::gauge::Gauge;
use std::{any::Any, time::Instant};

pub async fn around(State(face): State<Face>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route =
        request.extensions().get::<MatchedPath>().map_or(Route::Unknown, |path| Route::of_pattern(path.as_str()));
    let method = request.method().clone();
    let response = answer(&face, route, request, next).await;
    note(&face, route, &method, &response, begun);
    response
}

async fn answer(face: &Face, route: Route, request: Request, next: Next) -> Response {
    let after = face.limits.retry_after;
    // Whether it is alive must be told also by a server that is full.
    let counted = !matches!(route, Route::Health | Route::Ready | Route::Metrics);
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
    // One line a request would be most of the log on a school morning.
    if status >= 500 {
        tracing::warn!(route, status, micros, "request failed");
    } else {
        tracing::debug!(route, status, micros, "request");
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
