//! How long a call to the server may take, and whether somebody has called it off meanwhile.

use std::time::Duration;
use tokio::sync::watch;

/// Calls off what is under way; what begins afterwards is not touched by it.
#[derive(Debug)]
pub struct Cancels(watch::Sender<u64>);

impl Default for Cancels {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Cancels {
    pub fn cancel(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    /// For what begins now.
    pub fn ticket(&self) -> Ticket {
        let count = self.0.subscribe();
        let began = *count.borrow();
        Ticket { count, began }
    }
}

/// Held by whatever may be called off. Who called it off may be gone by then.
#[derive(Clone, Debug)]
pub struct Ticket {
    count: watch::Receiver<u64>,
    began: u64,
}

impl Ticket {
    pub fn is_cancelled(&self) -> bool {
        *self.count.borrow() != self.began
    }

    /// Comes back when it is; never, if nobody can any more.
    pub async fn cancelled(&self) {
        let mut count = self.count.clone();
        if count.wait_for(|count| *count != self.began).await.is_err() {
            std::future::pending().await
        }
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
        Self { within, ticket: Cancels::default().ticket() }
    }
}
