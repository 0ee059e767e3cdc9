//! The door to the server, as the phone sees it. Blocking, with a deadline on every call; knows nothing of the databases.

use super::{
    patience::{Patience, Ticket},
    secrets::Token,
};
use crate::{
    domain::ids::DeviceId,
    protocol::{
        CodeAnswer, CodeRequest, DeviceList, EnrolRequest, EnrolResponse, Poke, Problem, SyncRequest, SyncResponse,
    },
};
use std::{fmt, ops::ControlFlow, time::Duration};

/// Why there is no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The server cannot be reached.
    #[error("the server cannot be reached")]
    Offline,
    /// What answers cannot show that it is the school's server: its certificate is not one that this phone trusts, or not
    /// for this address or this day. Nothing was sent.
    #[error("the server's certificate is not trusted")]
    Untrusted,
    /// No whole answer within the deadline. The server may have done what it was asked.
    #[error("no answer in time")]
    Timeout,
    #[error("refused with {status} {:?}", problem.code)]
    Refused {
        status: u16,
        problem: Problem,
        /// The server asks for this pause.
        retry_after: Option<Duration>,
    },
    /// Called off while it was waited for. The server may have done what it was asked.
    #[error("called off")]
    Cancelled,
    /// An answer that is not one of this server's: a captive portal, a proxy, a cut body.
    #[error("the answer cannot be read")]
    Garbled,
}

/// What a listener hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The connection stands. Pull once: what happened before it was not heard.
    Connected,
    /// Something changed.
    Poke(Poke),
    /// Nothing, but the server is there.
    Alive,
}

pub trait Transport: Send + Sync + fmt::Debug {
    /// # Errors
    /// [`TransportError`]
    fn enrol(&self, request: &EnrolRequest, patience: &Patience) -> Result<EnrolResponse, TransportError>;
    /// # Errors
    /// [`TransportError`]
    fn sync(&self, token: &Token, request: &SyncRequest, patience: &Patience) -> Result<SyncResponse, TransportError>;
    /// # Errors
    /// [`TransportError`]
    fn devices(&self, token: &Token, patience: &Patience) -> Result<DeviceList, TransportError>;
    /// # Errors
    /// [`TransportError`]
    fn revoke_device(&self, token: &Token, device: DeviceId, patience: &Patience) -> Result<(), TransportError>;
    /// # Errors
    /// [`TransportError`]
    fn make_code(
        &self,
        token: &Token,
        request: &CodeRequest,
        patience: &Patience,
    ) -> Result<CodeAnswer, TransportError>;
    /// Listens on `GET /v1/events` until the connection ends, `heard` breaks or it is called off. Blocks.
    ///
    /// # Errors
    /// [`TransportError`]
    fn listen(
        &self,
        token: &Token,
        ticket: &Ticket,
        heard: &mut dyn FnMut(Heard) -> ControlFlow<()>,
    ) -> Result<(), TransportError>;
}
