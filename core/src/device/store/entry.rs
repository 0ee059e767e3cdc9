//! One command in the outbox, and where it stands.

use crate::{
    domain::{
        command::Command,
        ids::{CommandId, SchoolId},
        rejection::Rejection,
    },
    protocol::NotNow,
};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Local order; what is sent is a prefix of the queue in this order.
    pub position: i64,
    pub id: CommandId,
    pub school: SchoolId,
    /// None: an app of another version wrote it, and this one cannot read it. It is sent all the same.
    pub command: Option<Arc<Command>>,
    /// The JSON as it is sent, byte for byte on every try.
    pub payload: Arc<str>,
    pub depends_on: Option<CommandId>,
    /// The server's time, as far as the phone knew it, when the person said so.
    pub said_at: DateTime<Utc>,
    /// What the phone warned of when it was queued.
    pub advice: Option<Rejection>,
    /// How often it has been on its way.
    pub sent: u32,
    pub state: EntryState,
    /// The rejected command that the person sent this one instead of.
    pub replaces: Option<CommandId>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum EntryState {
    Queued { not_now: Option<NotNow> },
    Accepted { seq: u64, epoch: Uuid, at: DateTime<Utc>, reached: bool },
    Rejected { rejection: Rejection, at: DateTime<Utc> },
}

impl Entry {
    pub fn is_queued(&self) -> bool {
        matches!(self.state, EntryState::Queued { .. })
    }
}
