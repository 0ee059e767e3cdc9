//! What can be set on a phone. Every limit is here, so that tests run with 1, 2 and 3.

use super::crash::CrashPoint;
use std::{fmt, time::Duration};

#[derive(Clone)]
pub struct Options {
    /// Most commands in one request.
    pub batch: usize,
    /// Most rows wanted in one page; none: the server's limit.
    pub page: Option<u32>,
    /// The longest that one request may take, within the deadline of its sync.
    pub request_timeout: Duration,
    /// How often the sync loop pulls when nothing calls for it.
    pub poll_every: Duration,
    /// The first pause after a failed sync. It doubles, with jitter, up to `longest_pause`.
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// For the jitter; none: from the system.
    pub seed: Option<u64>,
    /// Where tests and simulations let the phone die.
    pub crash: Option<CrashPoint>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            batch: 50,
            page: None,
            request_timeout: Duration::from_secs(20),
            poll_every: Duration::from_secs(15 * 60),
            first_pause: Duration::from_secs(2),
            longest_pause: Duration::from_secs(5 * 60),
            seed: None,
            crash: None,
        }
    }
}

impl Options {
    /// How much of a pause that was asked for is kept. The word may be a proxy's under maintenance, and a day is not heeded
    /// when a report waits to be sent.
    pub(super) fn heed(&self, asked: Duration) -> Duration {
        asked.min(self.longest_pause.saturating_mul(3))
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("batch", &self.batch)
            .field("page", &self.page)
            .field("request_timeout", &self.request_timeout)
            .field("poll_every", &self.poll_every)
            .finish_non_exhaustive()
    }
}
