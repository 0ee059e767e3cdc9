//! What can go wrong, with the exit code and the words that belong to it. In the person's language; only what clap says of
//! the command line's form is in English.

use crate::{
    exit::Exit,
    output::{Out, complain},
};
use serde_json::{Value, json};
use skolebro_core::{
    device::{
        PhoneError, Standing,
        text::{Refusal, Texts},
        transport::TransportError,
    },
    protocol::ProblemCode,
    say,
};

#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The command line cannot be understood, or a name fits nobody or several.
    #[error("{0}")]
    Usage(String),
    /// Nobody is signed in here; with a standing: nobody any longer.
    #[error("nobody is signed in")]
    NotSignedIn(Option<Standing>),
    #[error("there is no network")]
    Offline,
    /// A screen of staff's, in words.
    #[error("{0}")]
    NotTheirs(String),
    #[error("{0}")]
    Failed(String),
    #[error(transparent)]
    Phone(PhoneError),
}

impl From<PhoneError> for Trouble {
    fn from(error: PhoneError) -> Self {
        match error {
            PhoneError::NotEnrolled => Trouble::NotSignedIn(None),
            other => Trouble::Phone(other),
        }
    }
}

pub fn usage(text: impl Into<String>) -> Trouble {
    Trouble::Usage(text.into())
}

/// How a refusal to the whole exchange is said.
pub fn transport_words(error: &TransportError, texts: Texts) -> Refusal {
    match error {
        TransportError::Refused { problem, .. } => texts.problem(problem.code),
        TransportError::Offline | TransportError::Timeout | TransportError::Garbled | TransportError::Cancelled => {
            texts.problem(ProblemCode::Unavailable)
        }
    }
}

pub fn standing_words(standing: Standing, texts: Texts) -> Option<Refusal> {
    match standing {
        Standing::Enrolled => None,
        Standing::TokenUnknown => Some(texts.problem(ProblemCode::TokenUnknown)),
        Standing::SignedOut => Some(texts.signed_out()),
        Standing::Revoked => Some(texts.problem(ProblemCode::DeviceRevoked)),
    }
}

impl Trouble {
    pub fn exit(&self) -> Exit {
        match self {
            Trouble::Usage(_) => Exit::Usage,
            Trouble::NotSignedIn(_) => Exit::NotSignedIn,
            Trouble::Offline | Trouble::NotTheirs(_) | Trouble::Failed(_) | Trouble::Phone(_) => Exit::Failed,
        }
    }

    fn words(&self, texts: Texts) -> Option<Refusal> {
        match self {
            Trouble::NotSignedIn(standing) => standing.and_then(|standing| standing_words(standing, texts)),
            Trouble::Phone(PhoneError::Transport(error)) => Some(transport_words(error, texts)),
            Trouble::Usage(_) | Trouble::Offline | Trouble::NotTheirs(_) | Trouble::Failed(_) | Trouble::Phone(_) => {
                None
            }
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Trouble::Usage(_) => "usage",
            Trouble::NotSignedIn(_) => "not_signed_in",
            Trouble::Offline => "offline",
            Trouble::NotTheirs(_) => "not_yours",
            Trouble::Failed(_) | Trouble::Phone(_) => "failed",
        }
    }

    /// On standard error, or as a value for scripts.
    pub fn tell(&self, out: &mut Out, texts: Texts) {
        if out.is_json() {
            out.set(self.value(texts));
        } else {
            out.flush();
            complain(&self.told(texts));
        }
    }

    fn told(&self, texts: Texts) -> String {
        match self.words(texts) {
            Some(words) => format!("{}\n{}", words.text, words.instead),
            None => match self {
                Trouble::NotSignedIn(_) => {
                    let command = "skolebro --phone DIR enrol --server URL --code CODE";
                    say!(texts, "cli-not-signed-in", command = command)
                }
                Trouble::Offline => say!(texts, "cli-offline", command = "skolebro online"),
                Trouble::Usage(_) | Trouble::NotTheirs(_) | Trouble::Failed(_) | Trouble::Phone(_) => self.to_string(),
            },
        }
    }

    fn value(&self, texts: Texts) -> Value {
        match self.words(texts) {
            Some(words) => json!({ "error": words }),
            None => json!({ "error": { "code": self.code(), "text": self.told(texts) } }),
        }
    }
}
