//! The real transport with a stopwatch: how long each exchange took and how much went over the wire.

use parking_lot::Mutex;
use serde::Serialize;
use skolebro_core::{
    device::{
        Patience, Ticket,
        http::HttpTransport,
        secrets::Token,
        transport::{Heard, Transport, TransportError},
    },
    domain::ids::DeviceId,
    protocol::{CodeAnswer, CodeRequest, DeviceList, EnrolRequest, EnrolResponse, SyncRequest, SyncResponse},
};
use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Of all phones together.
#[derive(Debug, Default)]
pub struct Figures {
    pub exchanges: Mutex<Vec<Duration>>,
    /// JSON, before compression and without headers.
    pub up: AtomicU64,
    pub down: AtomicU64,
}

impl Figures {
    /// How many, and how long the median and the hundredth slowest took; then the count begins anew.
    pub fn take(&self) -> (usize, Duration, Duration) {
        let mut took = std::mem::take(&mut *self.exchanges.lock());
        took.sort_unstable();
        let at = |percent: usize| took.get((took.len() * percent / 100).min(took.len().saturating_sub(1)));
        (took.len(), at(50).copied().unwrap_or_default(), at(99).copied().unwrap_or_default())
    }
}

#[derive(Debug)]
pub struct Measured {
    pub http: HttpTransport,
    pub figures: Arc<Figures>,
}

fn size(value: &impl Serialize) -> u64 {
    serde_json::to_vec(value).map_or(0, |json| json.len() as u64)
}

impl Transport for Measured {
    fn enrol(&self, request: &EnrolRequest, patience: &Patience) -> Result<EnrolResponse, TransportError> {
        self.http.enrol(request, patience)
    }

    fn sync(&self, token: &Token, request: &SyncRequest, patience: &Patience) -> Result<SyncResponse, TransportError> {
        let since = Instant::now();
        let answer = self.http.sync(token, request, patience);
        self.figures.exchanges.lock().push(since.elapsed());
        self.figures.up.fetch_add(size(request), Ordering::Relaxed);
        if let Ok(answer) = &answer {
            self.figures.down.fetch_add(size(answer), Ordering::Relaxed);
        }
        answer
    }

    fn devices(&self, token: &Token, patience: &Patience) -> Result<DeviceList, TransportError> {
        self.http.devices(token, patience)
    }

    fn revoke_device(&self, token: &Token, device: DeviceId, patience: &Patience) -> Result<(), TransportError> {
        self.http.revoke_device(token, device, patience)
    }

    fn make_code(
        &self,
        token: &Token,
        request: &CodeRequest,
        patience: &Patience,
    ) -> Result<CodeAnswer, TransportError> {
        self.http.make_code(token, request, patience)
    }

    fn listen(
        &self,
        token: &Token,
        ticket: &Ticket,
        heard: &mut dyn FnMut(Heard) -> ControlFlow<()>,
    ) -> Result<(), TransportError> {
        self.http.listen(token, ticket, heard)
    }
}
