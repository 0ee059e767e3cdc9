//! What stops an import whole. A bad row never does; it is in the report.

use skolebro_core::reading::Unread;

/// An error of the bundle or of the machine. It names files, never people.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    #[error("cannot open the bundle: {0}")]
    Open(std::io::Error),
    #[error("the file is neither a zip, a folder nor a CSV file that the import knows")]
    NotABundle,
    #[error("the zip is damaged: {0}")]
    Damaged(String),
    #[error("the zip or {file} is encrypted; give it without a password")]
    Encrypted { file: String },
    #[error("{file} is packed in a way that is not read; pack it with deflate")]
    Packing { file: String },
    #[error("{file} unpacks to more than the limit allows ({limit}); it is refused as a zip bomb")]
    TooLarge { file: String, limit: &'static str },
    #[error("the zip holds two bundles, in {first} and in {second}; give one at a time")]
    TwoBundles { first: String, second: String },
    #[error("nothing in the bundle is a file that the import knows; it holds {holds}")]
    Empty { holds: String },
    #[error("cannot read {file}: {error}")]
    Read { file: String, error: std::io::Error },
    #[error("cannot stage the bundle: {0}")]
    Staging(#[from] rusqlite::Error),
    #[error("cannot stage the bundle: {0}")]
    StagingFile(std::io::Error),
    #[error("the staged bundle is not what was written: {0}")]
    Staged(#[from] Unread),
    #[error("cannot read the stored roster: {0}")]
    Current(#[from] crate::store::StoreError),
}

impl From<serde_json::Error> for RosterError {
    fn from(error: serde_json::Error) -> Self {
        Self::Staged(error.into())
    }
}
