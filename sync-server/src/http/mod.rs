//! The engine's thin face on the network: axum routes, limits, metrics and the accept loop. No rule lives here.
//!
//! No body, token, name or address ever reaches a log or a metric.

mod around;
mod at_once;
mod bearer;
mod body;
mod codes;
mod connections;
mod devices;
mod enrol;
mod events;
mod limits;
mod listen;
mod metrics;
mod openapi;
mod pace;
mod refusal;
mod route;
mod stall;
mod state;
mod streams;
mod sync;

pub use limits::HttpLimits;
pub use listen::{Peer, serve};
pub use metrics::{Enrolled, Metrics};
pub use openapi::document as openapi_document;
pub use refusal::{Refusal, status_of};
pub use route::Route;

use crate::engine::{self, Engine};
use around::Seldom;
use at_once::AtOnce;
use axum::{
    Router,
    http::{Response, StatusCode, header},
    middleware::from_fn_with_state,
    routing::{delete, get, post},
};
use pace::Pace;
use skolebro_core::protocol::ProblemCode;
use std::{any::Any, sync::Arc, time::Duration};
use streams::Streams;
use tokio::sync::{Semaphore, watch};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
};

/// What every handler sees.
#[derive(Clone, Debug)]
pub struct Face {
    pub engine: Arc<Engine>,
    pub limits: Arc<HttpLimits>,
    pub metrics: Arc<Metrics>,
    places: Arc<Semaphore>,
    streams: Arc<Streams>,
    pace: Option<Arc<Pace>>,
    failures: Arc<Seldom>,
    devices: Arc<AtOnce>,
    closing: watch::Receiver<bool>,
}

impl Face {
    /// `closing` turning true ends event streams, so that a graceful end is not held up by them.
    pub fn new(engine: Arc<Engine>, limits: HttpLimits, closing: watch::Receiver<bool>) -> Self {
        Self {
            metrics: Arc::new(Metrics::new(Arc::clone(&engine))),
            engine,
            places: places(limits.in_flight.max(1)),
            streams: Arc::new(Streams::new(places(limits.streams), limits.streams_per_device)),
            pace: limits.enrol_per_minute.map(|tries| Arc::new(Pace::new(tries, limits.enrol_addresses))),
            failures: Arc::default(),
            devices: Arc::new(AtOnce::new(limits.in_flight_of_one)),
            limits: Arc::new(limits),
            closing,
        }
    }
}

impl Face {
    /// Runs what waits for the store's file off the network's threads.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, engine::Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        match tokio::task::spawn_blocking(work).await {
            Ok(answer) => answer.map_err(|refused| self.refuse(refused)),
            Err(_) => Err(Refusal::unavailable("a fault of the program", self.limits.retry_after)),
        }
    }

    fn refuse(&self, refused: engine::Refusal) -> Refusal {
        let refusal = Refusal::new(refused.code, refused.detail);
        match refusal.status {
            StatusCode::SERVICE_UNAVAILABLE => refusal.retry_after(self.limits.retry_after),
            // The pace of an address, and of a device, says itself how long it takes.
            StatusCode::TOO_MANY_REQUESTS => refusal.retry_after(refused.wait.unwrap_or(TRY_IS_BACK)),
            _ => refusal,
        }
    }
}

/// Room for so many at once. "Any number" is written as some very large one, and a semaphore panics above its own.
fn places(most: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)))
}

/// When to try again with a code that has had its tries for now.
const TRY_IS_BACK: Duration = Duration::from_secs(600);

/// Every route of [`Route::ALL`], and what surrounds them.
pub fn router(face: Face) -> Router {
    let packed = CompressionLayer::new()
        .gzip(true)
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(face.limits.compress_above).and(NotAStream));
    let routes = Router::new()
        .route(Route::Sync.path(), post(sync::sync))
        .route(Route::Devices.path(), get(devices::list))
        .route(Route::OpenApi.path(), get(state::openapi))
        .layer(packed)
        .route(Route::Events.path(), get(events::events))
        .route(Route::Enrol.path(), post(enrol::enrol))
        .route(Route::Codes.path(), post(codes::make))
        .route(Route::Device.path(), delete(devices::revoke))
        .route(Route::Health.path(), get(state::health))
        .route(Route::Ready.path(), get(state::ready))
        .route(Route::Metrics.path(), get(state::metrics))
        .fallback(unknown_route)
        .method_not_allowed_fallback(wrong_method);
    surround(routes, face)
}

fn surround(routes: Router<Face>, face: Face) -> Router {
    let on_panic = {
        let face = face.clone();
        move |why: Box<dyn Any + Send>| around::panicked(&face, why.as_ref())
    };
    routes
        .layer(CatchPanicLayer::custom(on_panic))
        .layer(from_fn_with_state(face.clone(), around::around))
        .with_state(face)
}

async fn unknown_route() -> Refusal {
    Refusal::new(ProblemCode::NotFound, "there is no such address")
}

/// The status and the Allow header say it; no phone of ours ever asks so.
async fn wrong_method() -> Refusal {
    Refusal { status: StatusCode::METHOD_NOT_ALLOWED, ..Refusal::malformed("that address takes other methods") }
}

/// Compressing a stream would hold its events back.
#[derive(Clone, Copy, Debug)]
struct NotAStream;

impl Predicate for NotAStream {
    fn should_compress<B: axum::body::HttpBody>(&self, response: &Response<B>) -> bool {
        response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != "text/event-stream")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::{
        engine::{EngineConfig, Limits, WriterMode},
        store::sqlite::SqliteStore,
    };
    use axum::{body::Body, extract::Request};
    use skolebro_core::clock::SystemClock;
    use tower::ServiceExt as _;

    fn face() -> Face {
        let config = EngineConfig { limits: Limits::default(), code_key: [0; 32], writer: WriterMode::Inline };
        let engine =
            Engine::open(Arc::new(SqliteStore::temporary().unwrap()), Arc::new(SystemClock::default()), config)
                .unwrap();
        Face::new(engine, HttpLimits::default(), watch::channel(false).1)
    }

    #[tokio::test]
    async fn a_panic_is_a_503_that_tells_nothing_and_is_counted() {
        async fn faulty() -> &'static str {
            panic!("Liv Haddad")
        }
        let face = face();
        let router = surround(Router::new().route(Route::Devices.path(), get(faulty)), face.clone());
        let request = Request::get(Route::Devices.path()).header(header::HOST, "x").body(Body::empty()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers().contains_key(header::RETRY_AFTER));
        let body = axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("Liv"));
        let metrics = face.metrics.render();
        assert!(metrics.contains("skolebro_http_panics_total 1"), "{metrics}");
        assert!(metrics.contains("route=\"/v1/devices\",status=\"503\""), "{metrics}");
    }

    #[tokio::test]
    async fn a_server_that_is_ending_is_not_ready() {
        let (close, closing) = watch::channel(false);
        let face = Face { closing, ..face() };
        let ask = |face: Face| async {
            let request = Request::get(Route::Ready.path()).header(header::HOST, "x").body(Body::empty()).unwrap();
            router(face).oneshot(request).await.unwrap().status()
        };
        assert_eq!(ask(face.clone()).await, StatusCode::OK);
        close.send_replace(true);
        assert_eq!(ask(face).await, StatusCode::SERVICE_UNAVAILABLE);
    }
}
