//! What a phone adds to the rules: two files, the outbox replayed over the mirror, and the exchange with the server.
//!
//! `phone` is the door. It must never lose what a person said, never show a rejection that the server has not given, and
//! never hold a lock or a transaction across the network.
//!
//! Saying: `submit`, and `together` for a child at several schools. Reading: `view` (with `merged`, `overlay`, `held`,
//! `directory`, `world`), `delivery`. Keeping: `store`, `secrets`, `remembered`, `private`. Exchanging: `login`, `unsent`,
//! `sync`, `sync_loop`, over a `transport` such as `http`. Asking: `which_day`.
//! Showing: `screens` in the words of `text`.
mod capacity;
pub mod crash;
pub mod cutoff;
pub mod delivery;
mod directory;
pub mod error;
mod held;
pub mod http;
pub mod listeners;
mod login;
mod merged;
#[cfg(feature = "testing")]
mod misreading;
pub mod options;
mod overlay;
pub mod patience;
pub mod phone;
pub mod private;
mod remembered;
mod scopes;
pub mod screens;
pub mod secrets;
mod signal;
mod store;
pub mod submit;
pub mod sync;
pub mod sync_loop;
pub mod text;
pub mod time;
mod together;
pub mod transport;
mod trust;
mod unsent;
pub mod view;
mod which_day;
mod world;

pub use cutoff::{CutoffWarning, CutoffWarnings};
pub use delivery::{Delivery, OutboxItem};
pub use error::{CannotKeep, PhoneError};
pub use listeners::{Change, Subscription};
pub use merged::Said;
pub use options::Options;
pub use patience::{Cancellation, Patience, Ticket};
pub use phone::Phone;
pub use remembered::Remembered;
pub use store::{
    outbox::{Standing, Who},
    reader::HeldRow,
};
pub use submit::{Draft, IfAdvised, Submission, Submitted, Together};
pub use sync::{SyncEnd, SyncReport};
pub use sync_loop::{SyncLoop, Told};
pub use view::View;
