//! Orders that run by themselves, with no server on the data folder; and the making of an empty one.
//!
//! Only what is asked to begin may make a store. One mistyped folder would otherwise be a new, empty school, and a phone
//! that meets a server of it hears that nobody knows it.

use super::{
    answer::{Answer, Progress, Trouble},
    desk::Desk,
    order::Order,
};
use crate::{
    engine::{self, Engine, EngineConfig, WriterMode},
    keys, roster,
    serve::{ServeError, open_engine},
    store::{
        StoreError,
        sqlite::{SqliteOptions, SqliteStore},
    },
};
use skolebro_core::clock::Clock;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::watch;

/// Where an order that no server takes is carried out.
#[derive(Clone, Debug)]
pub struct Alone {
    /// The data folder.
    pub data: PathBuf,
    /// Where the code key lies; none: in the data folder.
    pub keys: Option<PathBuf>,
    pub clock: Arc<dyn Clock>,
}

/// Whether the folder has a store. A file of no bytes is not one: a disk that filled up, or a hand, left it.
pub fn holds_a_store(data: &Path) -> bool {
    fs::metadata(data.join("school.db")).is_ok_and(|file| file.is_file() && file.len() > 0)
}

/// # Errors
/// There is none; the folder is named in full, because a mistyped one is what this is for.
pub fn must_hold_a_store(data: &Path) -> Result<(), Trouble> {
    if holds_a_store(data) {
        return Ok(());
    }
    let looked_in = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    Err(Trouble::refused(format!(
        "there is no school's data in {}; is that the right --data? A roster import makes it, and so do `restore` and, \
         empty, `init`",
        looked_in.display()
    )))
}

impl Alone {
    /// # Errors
    /// The order's own, or that there is nothing to carry it out on.
    pub fn carry_out(&self, order: &Order, progress: &mut dyn FnMut(Progress)) -> Result<Answer, Trouble> {
        if let Order::Import(wanted) = order
            && !holds_a_store(&self.data)
        {
            if wanted.dry_run {
                return self.on_nothing(order, progress);
            }
            // Before a store is made for a bundle that cannot be one.
            roster::look(&wanted.file).map_err(|error| Trouble::refused(error.to_string()))?;
        } else {
            must_hold_a_store(&self.data)?;
        }
        let desk = Desk { engine: self.open()?, data: self.data.clone(), since: None, closing: never() };
        desk.carry_out(order, progress)
    }

    /// Makes a store with no school in it.
    ///
    /// # Errors
    /// There is one already.
    pub fn init(&self) -> Result<(), Trouble> {
        if holds_a_store(&self.data) {
            return Err(Trouble::refused(format!("there is a school's data in {} already", self.data.display())));
        }
        self.open().map(drop)
    }

    /// Whether the key of the folder's codes is where it is to be.
    ///
    /// # Errors
    /// It is not, or the store cannot be opened; in words for the operator.
    pub fn look_for_key(&self) -> Result<(), ServeError> {
        let store = SqliteStore::open(&self.data, SqliteOptions::default())?;
        keys::of_store(&store, &self.data, self.keys.as_deref(), self.clock.now())?;
        Ok(())
    }

    /// Another key for codes; gives how many unused ones that ends.
    ///
    /// # Errors
    /// A server runs, or the store or the file fails.
    pub fn new_key(&self) -> Result<usize, Trouble> {
        let renewed = SqliteStore::open(&self.data, SqliteOptions::default())
            .map_err(ServeError::from)
            .and_then(|store| Ok(keys::renew(&store, &self.data, self.keys.as_deref(), self.clock.now())?));
        let renewed = renewed.map_err(|error| match error {
            ServeError::Store(StoreError::InUse) => {
                Trouble::refused("a server or an order has the data folder: stop it first, then give `new-key` again")
            }
            other => said(other),
        })?;
        renewed.ok_or_else(|| {
            Trouble::refused(
                "the key that is there is the one already, and every unused code is good; for another, take its codes.key away first",
            )
        })
    }

    fn open(&self) -> Result<Arc<Engine>, Trouble> {
        let clock = Arc::clone(&self.clock);
        let engine = open_engine(&self.data, self.keys.as_deref(), SqliteOptions::default(), clock);
        engine.map_err(said)
    }

    /// The first bundle is the one that most needs a look beforehand: it is compared with an empty store beside
    /// the staged bundle, and the data folder is not touched.
    fn on_nothing(&self, order: &Order, progress: &mut dyn FnMut(Progress)) -> Result<Answer, Trouble> {
        let failed = |error: io::Error| Trouble::refused(format!("cannot stage the bundle: {error}"));
        let staging = tempfile::Builder::new().prefix("skolebro-dry-run-").tempdir().map_err(failed)?;
        // No code is made, so none is hashed.
        let config = EngineConfig { limits: engine::Limits::default(), code_key: [0; 32], writer: WriterMode::Inline };
        let store = SqliteStore::open(staging.path(), SqliteOptions::default()).map_err(ServeError::from)?;
        let engine = Engine::open(Arc::new(store), Arc::clone(&self.clock), config).map_err(ServeError::from)?;
        let desk = Desk { engine, data: staging.path().to_owned(), since: None, closing: never() };
        desk.carry_out(order, progress)
    }
}

fn said(error: ServeError) -> Trouble {
    match error {
        ServeError::Store(StoreError::InUse) => {
            Trouble::refused("a server has the data folder but does not answer; is it just starting or stopping?")
        }
        other => other.into(),
    }
}

/// Nobody tells an order that runs by itself to end, but for killing it.
fn never() -> watch::Receiver<bool> {
    watch::channel(false).1
}
