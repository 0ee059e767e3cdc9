//! The phone, for Kotlin, Swift and Python: one coarse object over `skolebro_core::device`, and nothing of its own.
//!
//! Commands, screens and values are core's own types. Calls block, and the host chooses the thread; the sync loop has a
//! thread of its own. Code of the host is called from one thread (`telling`), never under a lock. Nothing here may abort
//! the host: a panic becomes [`SkolebroError::Internal`].

// What the macros of uniffi write for the other side of the language border.
#![allow(unsafe_code)]

mod cancellation;
mod error;
mod listeners;
mod login;
mod object;
mod open;
mod saying;
mod secrets;
mod showing;
mod syncing;
mod telling;
#[cfg(feature = "testing")]
pub mod testing;
mod warnings;

pub use cancellation::Cancellation;
pub use error::{SkolebroError, explain};
pub use listeners::{ChangeListener, ListenerError, Subscription, SyncListener};
pub use object::{Settings, Skolebro};
pub use saying::{AdvisedAt, KeptAt, Submission, Together};
pub use secrets::{SecretStore, SecretStoreError};
pub use syncing::SyncState;
pub use warnings::{UnsentWarning, Warnings};

use skolebro_core::foreign::Moment;

uniffi::setup_scaffolding!();
uniffi::use_remote_type!(skolebro_core::Moment);
