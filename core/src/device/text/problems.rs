//! What is wrong with a whole exchange: a code that does not work, a phone that was revoked, a server that is away.

use super::{Refusal, Texts};
use crate::{
    domain::access::NoCode,
    protocol::{NotNow, ProblemCode},
    say,
};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Closed,
    NotSignedIn,
    NoSuchItem,
    OutboxDamaged,
    OutboxTooNew,
    BadSettings,
    Offline,
    Cancelled,
    SecretStore,
    Storage,
    Internal,
}

impl Fault {
    pub const ALL: [Fault; 11] = [
        Fault::Closed,
        Fault::NotSignedIn,
        Fault::NoSuchItem,
        Fault::OutboxDamaged,
        Fault::OutboxTooNew,
        Fault::BadSettings,
        Fault::Offline,
        Fault::Cancelled,
        Fault::SecretStore,
        Fault::Storage,
        Fault::Internal,
    ];

    /// As it is in the catalogues (`fault-CODE`).
    pub fn code(self) -> &'static str {
        match self {
            Fault::Closed => "closed",
            Fault::NotSignedIn => "not_signed_in",
            Fault::NoSuchItem => "no_such_item",
            Fault::OutboxDamaged => "outbox_damaged",
            Fault::OutboxTooNew => "outbox_too_new",
            Fault::BadSettings => "bad_settings",
            Fault::Offline => "offline",
            Fault::Cancelled => "cancelled",
            Fault::SecretStore => "secret_store",
            Fault::Storage => "storage",
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
