//! Every limit of the HTTP face, as a parameter: tests run with small ones.

use std::{num::NonZeroU32, time::Duration};

#[derive(Clone, Debug)]
pub struct HttpLimits {
    /// Bytes of a request's body. More is `too_large`.
    pub body_bytes: usize,
    /// Bytes of the request line and headers. More is answered with a bare 431 before any handler.
    pub header_bytes: usize,
    /// From the first byte that is waited for to the end of the headers; also how long an idle connection is kept. Longer
    /// than a reverse proxy keeps its own, so that the proxy is the one that closes.
    pub idle: Duration,
    /// A connection whose peer takes nothing of its answer for so long is closed.
    pub stall: Duration,
    /// From the headers' end to the answer's beginning, reading the body included. More is `unavailable`.
    pub request: Duration,
    /// Connections open at once, and never more than leave some of the process's files to the store. One more ends the
    /// one that has been idle for longest.
    pub connections: usize,
    /// Where none is idle, so many more are told that there is no room, or how the server is; further ones wait in the
    /// kernel's backlog.
    pub spare_connections: usize,
    /// Requests being answered at once, event streams not counted. More is `unavailable`, at once.
    pub in_flight: usize,
    /// The same of one device; one more is to wait.
    pub in_flight_of_one: usize,
    /// Answers of more bytes are compressed for those who accept gzip.
    pub compress_above: u64,
    /// What `unavailable` says in Retry-After; the phone adds its own jitter.
    pub retry_after: Duration,
    /// Tries of `POST /v1/enrol` from one address, in a row and per minute. None: no pace, for load tests.
    pub enrol_per_minute: Option<u32>,
    /// Requests of one device, in a row and per minute; more are 429 with Retry-After. None: no pace, for load tests.
    pub requests_per_minute: Option<NonZeroU32>,
    /// Addresses whose pace is remembered.
    pub enrol_addresses: usize,
    /// The number of reverse proxies in front whose word in X-Forwarded-For is taken. 0: the peer's address counts.
    pub proxies: usize,
    /// Event streams open at once. More is `unavailable`; such a phone polls.
    pub streams: usize,
    /// Event streams of one device; a newer one ends the oldest.
    pub streams_per_device: usize,
    /// Silence on an event stream after which a comment line says that it is alive.
    pub heartbeat: Duration,
    /// Pokes are spread so that about this many phones a second come back. 0: not spread.
    pub pokes_per_second: u32,
    /// Changes within this time of a phone's last poke melt into one.
    pub poke_gap: Duration,
    /// The longest that a poke lets a phone wait.
    pub longest_spread: Duration,
    /// How long the requests under way may take after the server was told to stop.
    pub drain: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            header_bytes: 16 << 10,
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
            request: Duration::from_secs(30),
            connections: 50_000,
            spare_connections: 16,
            in_flight: 4_096,
            in_flight_of_one: 64,
            compress_above: 8 << 10,
            retry_after: Duration::from_secs(5),
            enrol_per_minute: Some(20),
            requests_per_minute: NonZeroU32::new(600),
            enrol_addresses: 20_000,
            proxies: 0,
            streams: 40_000,
            streams_per_device: 2,
            heartbeat: Duration::from_secs(25),
            pokes_per_second: 1_000,
            poke_gap: Duration::from_secs(1),
            longest_spread: Duration::from_secs(60),
            drain: Duration::from_secs(20),
        }
    }
}
