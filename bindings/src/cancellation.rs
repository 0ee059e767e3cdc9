//! Calling off one call that waits for the server.

use skolebro_core::device::{self, Phone};
use std::sync::Arc;

/// Handed to a call that waits for the server, it calls that one off: also when it is cancelled before the call has begun.
/// Good for one call, or for several that end together.
#[derive(Debug, Default, uniffi::Object)]
pub struct Cancellation(device::Cancellation);

#[uniffi::export]
impl Cancellation {
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// At once, and for good. A sync ends with `Cancelled`, any other call says so. What has reached the server settles at
    /// the next sync.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

/// The phone as a call goes through it that may be called off. To be taken before the secret store is asked, which may take
/// its time: what is cancelled meanwhile is not to begin.
pub(crate) fn phone(phone: &Phone, cancellation: Option<&Arc<Cancellation>>) -> Phone {
    phone.called_off_by(cancellation.map_or(&device::Cancellation::default(), |its| &its.0))
}
