//! Refusals of a whole request, and faults. Rich inside, few outside; neither ever carries personal data.

use crate::store::StoreError;
use skolebro_core::protocol::{Problem, ProblemCode};
use std::time::Duration;

/// A refusal that the phone is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code:?}: {detail}")]
pub struct Refusal {
    pub code: ProblemCode,
    /// For the one who reads logs.
    pub detail: &'static str,
    /// When to ask again, where that is known: whoever asks is asking too often.
    pub wait: Option<Duration>,
}

impl Refusal {
    pub(crate) const fn new(code: ProblemCode, detail: &'static str) -> Self {
        Self { code, detail, wait: None }
    }
    pub(crate) const UNAVAILABLE: Self = Self::new(ProblemCode::Unavailable, "the store does not answer; try again");

    pub(crate) const fn too_often(wait: Duration) -> Self {
        let detail = "the device asks too often";
        Self { code: ProblemCode::TooManyTries, detail, wait: Some(wait) }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code, detail: refusal.detail.to_owned() }
    }
}

/// Why a transaction was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing happened.
    Failed,
    /// Too many wait already; nothing happened.
    Full,
    /// Too many of the same person's wait already; nothing happened.
    TooOften,
    /// Nobody knows what happened until the store has been opened again.
    Doubtful,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::TooOften => Self::too_often(Duration::from_secs(1)),
            Fault::Failed | Fault::Full | Fault::Doubtful => Self::UNAVAILABLE,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a read failed");
        Self::UNAVAILABLE
    }
}

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the writer could not start: {0}")]
    Writer(#[from] std::io::Error),
    /// An operator's work was stopped by this.
    #[error("{0}")]
    Refused(#[from] Refusal),
}
