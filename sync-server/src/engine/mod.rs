//! The school's side, without HTTP: takes a session and a request, and returns a response.
//!
//! One writer settles commands in their order and makes them durable before anybody is answered (`writer`, `turn`,
//! `settle`, `apply`); readers pull pages of one snapshot, from memory where that is enough (`pull`, `live`). What a
//! roster change means for cards and rights follows in the same transaction (`directory`, `subscriptions`). It must never
//! answer what is not durable, nor send a row that the session may not read at that moment.

mod apply;
mod bars;
mod belief;
mod bounded;
mod budget;
mod code;
mod devices;
mod directory;
mod due;
mod enrol;
mod fair;
mod handed_codes;
mod import;
mod lapses;
mod limits;
mod live;
mod lost;
mod new_day;
mod pokes;
mod pull;
mod rebuild;
mod refusal;
mod renewal;
mod retention;
mod rights;
mod roster_changes;
mod scrub;
mod session;
mod settle;
mod shared;
mod subscriptions;
mod sync;
mod tail;
mod tick;
mod timekeeping;
mod tries;
mod turn;
mod who;
mod wire;
mod world;
mod writer;

pub use belief::{ClockLimits, Trust};
pub use enrol::{Living, Offer, TYPED_MAX};
pub use import::{ImportError, ImportOptions, ImportProgress};
pub use limits::Limits;
pub use pokes::Poked;
pub use rebuild::Rebuilt;
pub use refusal::{EngineError, Refusal};
pub use roster_changes::{PlannedChange, RosterAuthor, RosterReport};
pub use session::Session;
pub use sync::SCOPE_MAX;
pub use tick::Ticked;
pub use timekeeping::ClockState;
pub use who::Reader;
pub use wire::{SyncReply, Told};
pub use writer::WriterMode;

use crate::store::Store;
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use shared::Shared;
use skolebro_core::clock::Clock;
use std::{fmt, sync::Arc};
use uuid::Uuid;
use writer::Writer;

#[derive(Clone)]
pub struct EngineConfig {
    pub limits: Limits,
    /// Keys the hashes of activation codes; kept outside the database.
    pub code_key: [u8; 32],
    pub writer: WriterMode,
}

impl fmt::Debug for EngineConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limits, code_key: _, writer } = self;
        f.debug_struct("EngineConfig").field("limits", limits).field("writer", writer).finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    writer: Writer,
    /// One import at a time: two plans that were made side by side know nothing of each other's ends.
    importing: Mutex<()>,
}

impl Engine {
    /// # Errors
    /// That the store cannot be read, or the writer's thread not be started.
    pub fn open(store: Arc<dyn Store>, clock: Arc<dyn Clock>, config: EngineConfig) -> Result<Arc<Self>, EngineError> {
        let shared = Arc::new(Shared::open(store, clock, config)?);
        let writer = Writer::start(shared.clone())?;
        let engine = Self { shared, writer, importing: Mutex::new(()) };
        // What the start went by is not to be gone by twice: a restored copy takes any later time, once. Where it cannot be
        // kept now, the first tick does.
        let _ = engine.keep_clock();
        Ok(Arc::new(engine))
    }

    /// What time it is, as far as the machine's clock is believed.
    pub fn now(&self) -> DateTime<Utc> {
        self.shared.now()
    }

    /// What a restore from backup changes.
    pub fn epoch(&self) -> Uuid {
        self.shared.epoch
    }

    pub fn limits(&self) -> &Limits {
        &self.shared.config.limits
    }

    /// Durable commits since the start, and the requests that shared them.
    pub fn commits(&self) -> (u64, u64) {
        self.shared.commits.so_far()
    }

    pub fn store(&self) -> &Arc<dyn Store> {
        &self.shared.store
    }
}
