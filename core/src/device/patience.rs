//! How long a call to the server may take, and whether somebody has called it off meanwhile.

use parking_lot::Mutex;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Calls off the calls that go by it: those that wait, and those that have not begun. For good.
#[derive(Clone, Debug, Default)]
pub struct Cancellation(CancellationToken);

impl Cancellation {
    pub fn cancel(&self) {
        self.0.cancel();
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// Calls off what is under way; what begins afterwards is not touched by it.
#[derive(Debug, Default)]
pub struct Cancels(Mutex<Cancellation>);

impl Cancels {
    pub fn cancel(&self) {
        let under_way = std::mem::take(&mut *self.0.lock());
        under_way.cancel();
    }

    /// For what begins now.
    pub fn now(&self) -> Cancellation {
        self.0.lock().clone()
    }
}

/// Held by a call that either of two may call off: whoever made it, and whoever ends all of the phone's.
#[derive(Clone, Debug, Default)]
pub struct Ticket {
    pub call: Cancellation,
    pub phone: Cancellation,
}

impl Ticket {
    pub fn is_cancelled(&self) -> bool {
        self.call.is_cancelled() || self.phone.is_cancelled()
    }

    /// Comes back when it is.
    pub async fn cancelled(&self) {
        tokio::select! {
            () = self.call.0.cancelled() => {}
            () = self.phone.0.cancelled() => {}
        }
    }
}

impl From<Cancellation> for Ticket {
    fn from(call: Cancellation) -> Self {
        Self { call, phone: Cancellation::default() }
    }
}

/// What a call to the server goes by.
#[derive(Clone, Debug)]
pub struct Patience {
    pub within: Duration,
    pub ticket: Ticket,
}

impl Patience {
    /// Nobody calls it off.
    pub fn of(within: Duration) -> Self {
        Self { within, ticket: Ticket::default() }
    }
}
