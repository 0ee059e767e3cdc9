//! Reports that have not left the phone near the cutoff: what to warn of, and when to look again.

use crate::{error::SkolebroError, object::Skolebro};
use skolebro_core::{domain::ids::SchoolId, foreign::Moment};

/// One school that has not got a report for today.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct UnsentWarning {
    pub school: SchoolId,
    /// In the person's language and without any name, as for a lock screen.
    pub text: String,
    /// The office's telephone number.
    pub phone: String,
    pub cutoff: Moment,
    /// The cutoff is over: call.
    pub passed: bool,
    /// How many reports.
    pub unsent: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct Warnings {
    pub warnings: Vec<UnsentWarning>,
    /// When to ask again, by the server's clock: for a local alarm.
    pub next: Option<Moment>,
}

#[uniffi::export]
impl Skolebro {
    /// What to warn of now. To be asked when something was said, and again at `next`.
    pub fn warnings(&self) -> Result<Warnings, SkolebroError> {
        self.with(|open| {
            let found = open.phone.cutoff_warning(open.phone.now()).map_err(|error| open.error(error))?;
            let texts = open.texts();
            let mut warnings = Vec::with_capacity(found.warnings.len());
            for warning in found.warnings {
                let tz = open.view(warning.school)?.time_zone();
                let text = texts.unsent_warning(&texts.clock_at(warning.cutoff, tz), &warning.phone, warning.passed);
                warnings.push(UnsentWarning {
                    school: warning.school,
                    text,
                    phone: warning.phone,
                    cutoff: warning.cutoff,
                    passed: warning.passed,
                    unsent: u32::try_from(warning.unsent).unwrap_or(u32::MAX),
                });
            }
            Ok(Warnings { warnings, next: found.next })
        })
    }
}
