//! What can go wrong on a phone, few enough for a screen to switch on. Carries no names, notes or tokens.

use super::transport::TransportError;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// Nobody has enrolled this folder, or its outbox is sealed: sign in first.
    #[error("nobody is signed in on this phone")]
    NotEnrolled,
    /// Between `suspend` and `resume` the files are closed.
    #[error("the phone is suspended")]
    Suspended,
    /// The outbox could not be read. Its files were put aside, whole, and the next `open` begins with an empty one.
    #[error("the outbox is damaged; it is kept at {}", kept.display())]
    OutboxDamaged { kept: PathBuf },
    /// The outbox was written by a newer version of the app. It is left as it is.
    #[error("a newer version of the app has written this phone's outbox (form {form})")]
    OutboxTooNew { form: i64 },
    /// There is no such item in the outbox, or not in a state in which this can be done to it.
    #[error("no such item in the outbox")]
    NoSuchItem,
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("the phone's folder: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the phone's files: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("what was to be kept cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A fault of this program on the sync loop's thread. The loop goes on.
    #[error("a fault inside")]
    Panicked,
    /// Only in tests and simulations: the process is to be taken for dead at this step.
    #[error("died at {0:?}")]
    Died(super::crash::Step),
}

impl PhoneError {
    /// Whether SQLite says that the file itself is no (whole) database.
    pub(super) fn is_damage(&self) -> bool {
        match self {
            PhoneError::Database(error) => is_damage(error),
            PhoneError::NotEnrolled
            | PhoneError::Suspended
            | PhoneError::OutboxDamaged { .. }
            | PhoneError::OutboxTooNew { .. }
            | PhoneError::NoSuchItem
            | PhoneError::Transport(_)
            | PhoneError::Folder(_)
            | PhoneError::Json(_)
            | PhoneError::Panicked
            | PhoneError::Died(_) => false,
        }
    }
}

pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode;
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}
