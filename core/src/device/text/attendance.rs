//! Words of attendance: kinds, marks, how far a report has come, and the warnings around writing one.

use super::Texts;
use crate::{
    domain::attendance::{AbsenceKind, Presence, Validity},
    say,
};

impl Texts {
    pub fn absence_kind(&self, kind: AbsenceKind) -> String {
        self.text(
            match kind {
                AbsenceKind::Sick => "absence-sick",
                AbsenceKind::Appointment => "absence-appointment",
                AbsenceKind::Other => "absence-other",
            },
            &[],
        )
    }

    pub fn presence(&self, presence: Presence) -> String {
        match presence {
            Presence::Present => say!(self, "presence-present"),
            Presence::Late { at } => say!(self, "presence-late", time = self.clock(at)),
            Presence::Unexplained => say!(self, "presence-unexplained"),
            Presence::LeftEarly { at } => say!(self, "presence-left-early", time = self.clock(at)),
            Presence::SentHomeSick { at } => say!(self, "presence-sent-home", time = self.clock(at)),
        }
    }

    pub fn validity(&self, validity: Validity) -> String {
        self.text(
            match validity {
                Validity::Unjudged => "validity-unjudged",
                Validity::Valid => "validity-valid",
                Validity::Invalid => "validity-invalid",
            },
            &[],
        )
    }

    pub fn on_this_phone_only(&self) -> String {
        say!(self, "delivery-here")
    }

    pub fn at_the_school(&self) -> String {
        say!(self, "delivery-at-school")
    }

    /// `time` as [`Texts::moment`] gives it.
    pub fn seen_by(&self, name: &str, time: &str) -> String {
        say!(self, "delivery-seen", name = name, time = time)
    }

    /// A report is still on this phone near the cutoff, or past it. No name, so that it can be shown anywhere.
    pub fn unsent_warning(&self, cutoff: &str, phone: &str, past: bool) -> String {
        let key = if past { "unsent-past-cutoff" } else { "unsent-near-cutoff" };
        say!(self, key, cutoff = cutoff, phone = phone)
    }

    /// Beside the field for a note.
    pub fn note_warning(&self) -> String {
        say!(self, "note-warning")
    }
}
