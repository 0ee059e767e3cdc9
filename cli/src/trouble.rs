//! What can go wrong, with the exit code and the words that belong to it, in the person's language.

use crate::{
    exit::Exit,
    output::{Out, complain},
};
use serde_json::{Value, json};
use skolebro_core::{
    device::{
        PhoneError, Standing,
        text::{Refusal, Texts},
    },
    protocol::ProblemCode,
    say,
};

#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The command line cannot be understood, or a name fits nobody or several.
    #[error("{0}")]
    Usage(String),
    /// A name fits nobody whom this phone knows.
    #[error("{0}")]
    Nobody(String),
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
    /// Not done: the phone asks first, in words.
    #[error("{0}")]
    Asks(String),
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
            Trouble::Usage(_) | Trouble::Nobody(_) => Exit::Usage,
            Trouble::NotSignedIn(_) | Trouble::Phone(PhoneError::TokenLost) => Exit::NotSignedIn,
            Trouble::Asks(_) => Exit::Advised,
            Trouble::Offline | Trouble::NotTheirs(_) | Trouble::Failed(_) | Trouble::Phone(_) => Exit::Failed,
        }
    }

    fn words(&self, texts: Texts) -> Option<Refusal> {
        match self {
            Trouble::NotSignedIn(standing) => standing.and_then(|standing| standing_words(standing, texts)),
            Trouble::Phone(error) => Some(texts.phone_error(error)),
            Trouble::Usage(_)
            | Trouble::Nobody(_)
            | Trouble::Offline
            | Trouble::NotTheirs(_)
            | Trouble::Failed(_)
            | Trouble::Asks(_) => None,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Trouble::Usage(_) | Trouble::Nobody(_) => "usage",
            Trouble::NotSignedIn(_) => "not_signed_in",
            Trouble::Offline => "offline",
            Trouble::NotTheirs(_) => "not_yours",
            Trouble::Asks(_) => "asks",
            Trouble::Failed(_) | Trouble::Phone(_) => "failed",
        }
    }

    /// On standard error, or as a value for scripts. `offices`: the telephone numbers to call.
    pub fn tell(&self, out: &mut Out, texts: Texts, offices: &[String]) {
        if out.is_json() {
            out.set(self.value(texts, offices));
        } else {
            out.flush();
            complain(&self.told(texts, offices));
        }
    }

    /// Whom to call, where the phone itself is what fails.
    fn to_call<'a>(&self, offices: &'a [String]) -> &'a [String] {
        match self {
            Trouble::Phone(PhoneError::Transport(_)) => &[],
            Trouble::Phone(_) => offices,
            Trouble::Usage(_)
            | Trouble::Nobody(_)
            | Trouble::NotSignedIn(_)
            | Trouble::Offline
            | Trouble::NotTheirs(_)
            | Trouble::Failed(_)
            | Trouble::Asks(_) => &[],
        }
    }

    pub fn told(&self, texts: Texts, offices: &[String]) -> String {
        let mut told = self.plainly_told(texts);
        if let Trouble::Phone(PhoneError::OutboxDamaged { kept }) = self {
            told = format!("{told}\n{}", kept.display());
        }
        match self.to_call(offices) {
            [] => told,
            phones => format!("{told}\n{}", say!(texts, "cli-office", phones = phones.join(", "))),
        }
    }

    fn plainly_told(&self, texts: Texts) -> String {
        match self.words(texts) {
            Some(words) => format!("{}\n{}", words.text, words.instead),
            None => match self {
                Trouble::NotSignedIn(_) => {
                    let command = "skolebro --phone DIR enrol --server URL --code CODE";
                    say!(texts, "cli-not-signed-in", command = command)
                }
                Trouble::Offline => say!(texts, "cli-offline", command = "skolebro online"),
                Trouble::Usage(_)
                | Trouble::Nobody(_)
                | Trouble::NotTheirs(_)
                | Trouble::Failed(_)
                | Trouble::Asks(_)
                | Trouble::Phone(_) => self.to_string(),
            },
        }
    }

    fn value(&self, texts: Texts, offices: &[String]) -> Value {
        let mut value = match self.words(texts) {
            Some(words) => json!({ "error": words }),
            None => json!({ "error": { "code": self.code(), "text": self.plainly_told(texts) } }),
        };
        if let phones @ [_, ..] = self.to_call(offices) {
            value["call"] = json!(phones);
        }
        value
    }
}
