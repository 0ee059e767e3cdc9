//! An error of the library as a story sees it: the variant's name, and its fields.

use super::shown::{snake, word};
use crate::library::SkolebroError;
use serde_json::{Value, json};

/// The variant's name.
pub fn name(error: &SkolebroError) -> String {
    let text = format!("{error:?}");
    text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

pub fn fields(error: &SkolebroError) -> Value {
    match error {
        SkolebroError::NotSignedIn { standing } => json!({ "standing": standing.as_ref().map(snake) }),
        SkolebroError::Unsent { waiting } => json!({ "waiting": waiting }),
        SkolebroError::OutboxDamaged { kept_at } => json!({ "kept_at": kept_at }),
        SkolebroError::OutboxTooNew { form } => json!({ "form": form }),
        SkolebroError::Refused { code, retry_after } => {
            json!({ "code": word(code), "retry_after": retry_after.map(|pause| pause.as_secs()) })
        }
        SkolebroError::BadSettings { detail }
        | SkolebroError::SecretStore { detail }
        | SkolebroError::Storage { detail }
        | SkolebroError::Internal { detail } => json!({ "detail": detail }),
        SkolebroError::Closed
        | SkolebroError::Suspended
        | SkolebroError::UnknownSchool
        | SkolebroError::NoSuchItem
        | SkolebroError::TokenLost
        | SkolebroError::Offline
        | SkolebroError::Untrusted
        | SkolebroError::Timeout
        | SkolebroError::Garbled
        | SkolebroError::Cancelled => json!({}),
    }
}
