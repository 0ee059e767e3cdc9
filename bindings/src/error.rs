//! What can go wrong, few enough for a screen to switch on. Carries no names, notes or tokens.

use crate::secrets::VaultError;
use skolebro_core::{
    device::{
        PhoneError, Standing,
        text::{Fault, Refusal, Texts},
        transport::TransportError,
    },
    domain::people::Language,
    protocol::ProblemCode,
};
use std::{any::Any, time::Duration};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum SkolebroError {
    /// The object was shut down. Open the folder again.
    #[error("the phone is closed")]
    Closed,
    /// Between `suspend` and `resume` the files are closed.
    #[error("the phone is suspended")]
    Suspended,
    /// Nobody has enrolled this folder (no standing), or its outbox is sealed: sign in first.
    #[error("nobody is signed in on this phone")]
    NotSignedIn { standing: Option<Standing> },
    /// The person has nothing to do with that school (any more).
    #[error("not a school of this person")]
    UnknownSchool,
    /// There is no such item in the outbox, or not in a state in which this can be done to it.
    #[error("no such item in the outbox")]
    NoSuchItem,
    /// So much of what the person has said has not reached the school, and would be sealed. Nothing has been done: show the
    /// outbox, and let the person choose.
    #[error("{waiting} unsent")]
    Unsent { waiting: u32 },
    /// The person is signed in, and the token is gone from the secret store or cannot be read. What is here is shown; nothing
    /// is sent before the person enrols again.
    #[error("the token is gone or damaged")]
    TokenLost,
    /// The outbox could not be read. Its files were put aside, whole, and the next `open` begins with an empty one.
    /// Kept at nothing: it is gone.
    #[error("the outbox is damaged; it is kept at {kept_at}")]
    OutboxDamaged { kept_at: String },
    /// The outbox was written by a newer version of the app. It is left as it is.
    #[error("a newer version of the app has written this phone's outbox (form {form})")]
    OutboxTooNew { form: i64 },
    /// The folder or the server's address cannot be one.
    #[error("the settings: {detail}")]
    BadSettings { detail: String },
    /// The server cannot be reached.
    #[error("the server cannot be reached")]
    Offline,
    /// Whoever answers cannot show that it is the school's server. Nothing was sent.
    #[error("the server's certificate is not trusted")]
    Untrusted,
    /// No whole answer within the time. The server may have done what it was asked.
    #[error("no answer in time")]
    Timeout,
    /// An answer that is not one of this server's: a captive portal, a proxy.
    #[error("the answer cannot be read")]
    Garbled,
    /// Its `Cancellation`, or `cancel`, `suspend` or `shut_down` of the phone, while it waited for the server, which may have
    /// done what it was asked.
    #[error("called off")]
    Cancelled,
    /// The server said no.
    #[error("refused: {code:?}")]
    Refused { code: ProblemCode, retry_after: Option<Duration> },
    /// The shell's secret store failed, as it said.
    #[error("the secret store: {detail}")]
    SecretStore { detail: String },
    /// The phone's files cannot be read or written: a full disk, say.
    #[error("the phone's files: {detail}")]
    Storage { detail: String },
    /// A fault of this library. What is in the outbox is as safe as it was.
    #[error("a fault inside: {detail}")]
    Internal { detail: String },
}

impl SkolebroError {
    /// `standing`: of whoever was signed in last.
    pub(crate) fn of(error: PhoneError, standing: Option<Standing>) -> Self {
        Self::seen(&error, standing)
    }

    /// The same of one that somebody else holds.
    pub(crate) fn seen(error: &PhoneError, standing: Option<Standing>) -> Self {
        match error {
            PhoneError::NotEnrolled => Self::NotSignedIn { standing },
            PhoneError::Suspended => Self::Suspended,
            PhoneError::OutboxDamaged { kept } => Self::OutboxDamaged { kept_at: kept.display().to_string() },
            PhoneError::OutboxGone => Self::OutboxDamaged { kept_at: String::new() },
            PhoneError::Unsent { waiting } => Self::Unsent { waiting: *waiting },
            PhoneError::TokenLost => Self::TokenLost,
            PhoneError::CannotKeep(why) => Self::Storage { detail: format!("nothing can be written: {why:?}") },
            PhoneError::OutboxTooNew { form } => Self::OutboxTooNew { form: *form },
            PhoneError::NoSuchItem => Self::NoSuchItem,
            PhoneError::Transport(error) => error.clone().into(),
            PhoneError::Folder(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<VaultError>()) {
                Some(VaultError(detail)) => Self::SecretStore { detail: detail.clone() },
                None => Self::Storage { detail: error.to_string() },
            },
            PhoneError::Database(error) => Self::Storage { detail: error.to_string() },
            PhoneError::Json(error) => Self::Internal { detail: error.to_string() },
            PhoneError::Panicked => Self::Internal { detail: "a panic on the sync loop's thread".to_owned() },
            PhoneError::Died(step) => Self::Internal { detail: format!("died at {step:?}") },
        }
    }

    /// A panic's own words may hold what it was about, unless they were written into the program.
    pub(crate) fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let words = panic.downcast_ref::<&'static str>().copied().unwrap_or("a panic");
        Self::Internal { detail: words.to_owned() }
    }
}

impl From<TransportError> for SkolebroError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Offline => Self::Offline,
            TransportError::Untrusted => Self::Untrusted,
            TransportError::Timeout => Self::Timeout,
            TransportError::Garbled => Self::Garbled,
            TransportError::Cancelled => Self::Cancelled,
            TransportError::Refused { problem, retry_after, .. } => Self::Refused { code: problem.code, retry_after },
        }
    }
}

/// An error in a person's words, and what can be done about it.
#[uniffi::export]
pub fn explain(error: SkolebroError, language: Language) -> Refusal {
    words(&error, Texts::new(language))
}

pub(crate) fn words(error: &SkolebroError, texts: Texts) -> Refusal {
    match error {
        SkolebroError::Closed | SkolebroError::Suspended => texts.fault(Fault::Closed),
        SkolebroError::NotSignedIn { standing } => match standing {
            Some(Standing::Revoked) => texts.problem(ProblemCode::DeviceRevoked),
            Some(Standing::TokenUnknown) => texts.problem(ProblemCode::TokenUnknown),
            Some(Standing::SignedOut) => texts.signed_out(),
            Some(Standing::Enrolled) | None => texts.fault(Fault::NotSignedIn),
        },
        SkolebroError::UnknownSchool => texts.problem(ProblemCode::NotFound),
        SkolebroError::NoSuchItem => texts.fault(Fault::NoSuchItem),
        SkolebroError::Unsent { .. } => texts.fault(Fault::Unsent),
        SkolebroError::TokenLost => texts.fault(Fault::TokenLost),
        SkolebroError::OutboxDamaged { kept_at } if kept_at.is_empty() => texts.fault(Fault::OutboxGone),
        SkolebroError::OutboxDamaged { .. } => texts.fault(Fault::OutboxDamaged),
        SkolebroError::OutboxTooNew { .. } => texts.fault(Fault::OutboxTooNew),
        SkolebroError::BadSettings { .. } => texts.fault(Fault::BadSettings),
        SkolebroError::Offline => texts.fault(Fault::Offline),
        SkolebroError::Untrusted => texts.fault(Fault::Untrusted),
        SkolebroError::Timeout | SkolebroError::Garbled => texts.problem(ProblemCode::Unavailable),
        SkolebroError::Cancelled => texts.fault(Fault::Cancelled),
        SkolebroError::Refused { code, .. } => texts.problem(*code),
        SkolebroError::SecretStore { .. } => texts.fault(Fault::SecretStore),
        SkolebroError::Storage { .. } => texts.fault(Fault::Storage),
        SkolebroError::Internal { .. } => texts.fault(Fault::Internal),
    }
}
