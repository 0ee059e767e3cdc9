//! What is wrong with a whole exchange: a code that does not work, a phone that was revoked, a server that is away.

use super::{Refusal, Texts};
use crate::{
    device::{CannotKeep, PhoneError, transport::TransportError},
    domain::access::NoCode,
    protocol::{NotNow, ProblemCode},
    say,
};
use chrono::NaiveDate;
use strum::VariantArray;

/// As it is on the wire and in the catalogues (`problem-CODE`).
pub(super) fn code(problem: ProblemCode) -> &'static str {
    match problem {
        ProblemCode::TokenUnknown => "token_unknown",
        ProblemCode::DeviceRevoked => "device_revoked",
        ProblemCode::CodeWrong => "code_wrong",
        ProblemCode::CodeExpired => "code_expired",
        ProblemCode::CodeUsed => "code_used",
        ProblemCode::TooManyTries => "too_many_tries",
        ProblemCode::Malformed => "malformed",
        ProblemCode::NotFound => "not_found",
        ProblemCode::TooLarge => "too_large",
        ProblemCode::TooOld => "too_old",
        ProblemCode::Unavailable => "unavailable",
        ProblemCode::Other => "other",
    }
}

/// What can be wrong on the phone itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum Fault {
    Closed,
    NotSignedIn,
    NoSuchItem,
    Unsent,
    TokenLost,
    OutboxDamaged,
    OutboxGone,
    OutboxTooNew,
    BadSettings,
    Offline,
    Untrusted,
    Cancelled,
    SecretStore,
    Storage,
    StorageFull,
    StorageReadOnly,
    StorageDenied,
    Internal,
}

impl Fault {
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// As it is in the catalogues (`fault-CODE`).
    pub fn code(self) -> &'static str {
        match self {
            Fault::Closed => "closed",
            Fault::NotSignedIn => "not_signed_in",
            Fault::NoSuchItem => "no_such_item",
            Fault::Unsent => "unsent",
            Fault::TokenLost => "token_lost",
            Fault::OutboxDamaged => "outbox_damaged",
            Fault::OutboxGone => "outbox_gone",
            Fault::OutboxTooNew => "outbox_too_new",
            Fault::BadSettings => "bad_settings",
            Fault::Offline => "offline",
            Fault::Untrusted => "untrusted",
            Fault::Cancelled => "cancelled",
            Fault::SecretStore => "secret_store",
            Fault::Storage => "storage",
            Fault::StorageFull => "storage_full",
            Fault::StorageReadOnly => "storage_read_only",
            Fault::StorageDenied => "storage_denied",
            Fault::Internal => "internal",
        }
    }
}

impl Texts {
    pub fn fault(&self, fault: Fault) -> Refusal {
        let code = fault.code();
        Refusal {
            code: code.to_owned(),
            text: self.text(&format!("fault-{code}"), &[]),
            instead: self.text(&format!("fault-{code}.instead"), &[]),
        }
    }

    pub fn problem(&self, problem: ProblemCode) -> Refusal {
        let code = code(problem);
        Refusal {
            code: code.to_owned(),
            text: self.text(&format!("problem-{code}"), &[]),
            instead: self.text(&format!("problem-{code}.instead"), &[]),
        }
    }

    /// Why staff get no code for somebody's next phone. `name`: whose.
    pub fn no_code(&self, why: NoCode, name: &str) -> Refusal {
        let code = why.as_str();
        let args = [("name", name.into())];
        Refusal {
            code: code.to_owned(),
            text: self.text(&format!("no-code-{code}"), &args),
            instead: self.text(&format!("no-code-{code}.instead"), &args),
        }
    }

    /// What has gone wrong on the phone, or on the way to the server.
    pub fn phone_error(&self, error: &PhoneError) -> Refusal {
        let fault = match error {
            PhoneError::NotEnrolled => Fault::NotSignedIn,
            PhoneError::Suspended => Fault::Closed,
            PhoneError::Unsent { .. } => Fault::Unsent,
            PhoneError::TokenLost => Fault::TokenLost,
            PhoneError::OutboxDamaged { .. } => Fault::OutboxDamaged,
            PhoneError::OutboxGone => Fault::OutboxGone,
            PhoneError::OutboxTooNew { .. } => Fault::OutboxTooNew,
            PhoneError::NoSuchItem => Fault::NoSuchItem,
            PhoneError::Transport(error) => return self.transport_error(error),
            PhoneError::CannotKeep(_) | PhoneError::Folder(_) | PhoneError::Database(_) => match error.cannot_keep() {
                Some(CannotKeep::Full) => Fault::StorageFull,
                Some(CannotKeep::ReadOnly) => Fault::StorageReadOnly,
                Some(CannotKeep::Denied) => Fault::StorageDenied,
                Some(CannotKeep::Other) | None => Fault::Storage,
            },
            PhoneError::Json(_) | PhoneError::Panicked | PhoneError::Died(_) => Fault::Internal,
        };
        self.fault(fault)
    }

    /// Why there was no answer of the school's server.
    pub fn transport_error(&self, error: &TransportError) -> Refusal {
        match error {
            TransportError::Refused { problem, .. } => self.problem(problem.code),
            TransportError::Untrusted => self.fault(Fault::Untrusted),
            TransportError::Offline | TransportError::Timeout | TransportError::Garbled | TransportError::Cancelled => {
                self.problem(ProblemCode::Unavailable)
            }
        }
    }

    /// This phone shows another day than the school's.
    pub fn other_day(&self, by_phone: NaiveDate, by_school: NaiveDate) -> Refusal {
        let (phone, school) = (self.date(by_phone, by_school), self.date(by_school, by_school));
        Refusal {
            code: "other_day".to_owned(),
            text: say!(self, "advice-other-day", phone = phone, school = school),
            instead: say!(self, "advice-other-day.instead"),
        }
    }

    /// The person signed out on this phone.
    pub fn signed_out(&self) -> Refusal {
        Refusal {
            code: "signed_out".to_owned(),
            text: say!(self, "standing-signed-out"),
            instead: say!(self, "standing-signed-out.instead"),
        }
    }

    /// Why something is still queued although the server has answered.
    pub fn not_now(&self, why: NotNow) -> String {
        self.text(
            match why {
                NotNow::TooOld => "not-now-too-old",
                NotNow::Fault => "not-now-fault",
                NotNow::WaitingForAnother => "not-now-waiting-for-another",
                NotNow::TooManyAtOnce => "not-now-too-many-at-once",
                NotNow::TooMuchToday => "not-now-too-much-today",
                NotNow::ClockDoubted => "not-now-clock-doubted",
                NotNow::Other => "not-now-other",
            },
            &[],
        )
    }
}
