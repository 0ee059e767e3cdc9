//! What can go wrong on a phone, few enough for a screen to switch on. Carries no names, notes or tokens.

use super::transport::TransportError;
use crate::reading::Unread;
use std::{io, path::PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// Nobody has enrolled this folder, or its outbox is sealed: sign in first.
    #[error("nobody is signed in on this phone")]
    NotEnrolled,
    /// Between `suspend` and `resume` the files are closed.
    #[error("the phone is suspended")]
    Suspended,
    /// Something that this person has said has not reached the school, and would be sealed. Nothing has been done: see the
    /// outbox, and [`super::Phone::even_if_unsent`].
    #[error("{waiting} unsent")]
    Unsent { waiting: u32 },
    /// The person is signed in, and the token with which the server knows this phone is gone or cannot be read. What is
    /// here is shown; nothing is sent before the person enrols again.
    #[error("the token is gone or damaged")]
    TokenLost,
    /// The outbox could not be read. Its files were put aside, whole, and the next `open` begins with an empty one.
    #[error("the outbox is damaged; it is kept at {}", kept.display())]
    OutboxDamaged { kept: PathBuf },
    /// The folder is somebody's, and its outbox is gone from it. The next `open` begins with an empty one.
    #[error("the outbox is gone")]
    OutboxGone,
    /// The outbox was written by a newer version of the app. It is left as it is.
    #[error("a newer version of the app has written this phone's outbox (form {form})")]
    OutboxTooNew { form: i64 },
    /// There is no such item in the outbox, or not in a state in which this can be done to it.
    #[error("no such item in the outbox")]
    NoSuchItem,
    /// Nothing can be written now, so this was not done, nor a part of it. What is here can be read.
    #[error("nothing can be written: {0:?}")]
    CannotKeep(CannotKeep),
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("the phone's folder: {0}")]
    Folder(#[from] io::Error),
    #[error("the phone's files: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("what was to be kept cannot be written as JSON: {0}")]
    Json(Unread),
    /// A fault of this program on the sync loop's thread. The loop goes on.
    #[error("a fault inside")]
    Panicked,
    /// Only in tests and simulations: the process is to be taken for dead at this step.
    #[error("died at {0:?}")]
    Died(super::crash::Step),
}

/// Why nothing can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotKeep {
    /// The disk, or what of it this person may use.
    Full,
    ReadOnly,
    /// The folder or its files belong to somebody else.
    Denied,
    /// The disk does not do it.
    Other,
}

impl CannotKeep {
    pub(super) fn of_io(error: &io::Error) -> Option<Self> {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => Some(Self::Full),
            Kind::ReadOnlyFilesystem => Some(Self::ReadOnly),
            Kind::PermissionDenied => Some(Self::Denied),
            _ => None,
        }
    }

    pub(super) fn of_sqlite(error: &rusqlite::Error) -> Option<Self> {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code()? {
            Code::DiskFull => Some(Self::Full),
            Code::ReadOnly => Some(Self::ReadOnly),
            Code::PermissionDenied => Some(Self::Denied),
            // What it was that could not be opened or done, SQLite does not say.
            Code::CannotOpen | Code::SystemIoFailure => Some(Self::Other),
            _ => None,
        }
    }
}

impl From<serde_json::Error> for PhoneError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.into())
    }
}

impl PhoneError {
    /// Whether SQLite says that the file itself is no (whole) database.
    pub(super) fn is_damage(&self) -> bool {
        match self {
            PhoneError::Database(error) => is_damage(error),
            PhoneError::NotEnrolled
            | PhoneError::Suspended
            | PhoneError::Unsent { .. }
            | PhoneError::TokenLost
            | PhoneError::OutboxDamaged { .. }
            | PhoneError::OutboxGone
            | PhoneError::OutboxTooNew { .. }
            | PhoneError::NoSuchItem
            | PhoneError::CannotKeep(_)
            | PhoneError::Transport(_)
            | PhoneError::Folder(_)
            | PhoneError::Json(_)
            | PhoneError::Panicked
            | PhoneError::Died(_) => false,
        }
    }

    /// Why nothing can be written, where that is what is wrong.
    pub fn cannot_keep(&self) -> Option<CannotKeep> {
        match self {
            PhoneError::CannotKeep(why) => Some(*why),
            PhoneError::Database(error) => CannotKeep::of_sqlite(error),
            PhoneError::Folder(error) => CannotKeep::of_io(error),
            PhoneError::NotEnrolled
            | PhoneError::Suspended
            | PhoneError::Unsent { .. }
            | PhoneError::TokenLost
            | PhoneError::OutboxDamaged { .. }
            | PhoneError::OutboxGone
            | PhoneError::OutboxTooNew { .. }
            | PhoneError::NoSuchItem
            | PhoneError::Transport(_)
            | PhoneError::Json(_)
            | PhoneError::Panicked
            | PhoneError::Died(_) => None,
        }
    }
}

pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode;
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}
