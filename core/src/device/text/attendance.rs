//! Words of attendance: kinds, marks, how far a report has come, and the warnings around writing one.

use super::Texts;
use crate::{
    domain::attendance::{AbsenceKind, Extent, Presence, Status, Told, Validity},
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

    /// How far a report has come, where it stands beside a child's name: *At the school* alone would read as where the child
    /// is.
    pub fn reached_by_report(&self, reached: &str) -> String {
        say!(self, "delivery-of-report", reached = self.within(reached))
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

impl Texts {
    /// *Sjuk, hela dagen*.
    pub fn absence(&self, kind: Option<AbsenceKind>, extent: &Extent) -> String {
        let kind = self.absence_kind(kind.unwrap_or(AbsenceKind::Other));
        say!(self, "absence-extent", kind = kind, extent = self.extent(extent))
    }

    /// Where a pupil stands. `over`: on a day that has been.
    pub fn status(&self, status: &Status, over: bool) -> String {
        match status {
            Status::NotInSession => say!(self, "status-not-in-session"),
            Status::Expected if over => say!(self, "status-nothing-noted"),
            Status::Expected => say!(self, "status-expected"),
            Status::Present => self.presence(Presence::Present),
            Status::Late { at } => self.presence(Presence::Late { at: *at }),
            Status::Reported { kind, extent } => self.absence(Some(*kind), extent),
            Status::Back { at: None } => say!(self, "status-back"),
            Status::Back { at: Some(at) } => say!(self, "status-back-at", time = self.clock(*at)),
            Status::OnLeave => say!(self, "status-on-leave"),
            Status::Unexplained { told: Told::Nothing } => self.presence(Presence::Unexplained),
            Status::Unexplained { told: Told::Waiting } => say!(self, "status-explained"),
            Status::Unexplained { told: Told::Accepted } => say!(self, "status-accepted"),
            Status::Unexplained { told: Told::Refused } => say!(self, "status-refused"),
            Status::LeftEarly { at } => self.presence(Presence::LeftEarly { at: *at }),
            Status::SentHome { at } => self.presence(Presence::SentHomeSick { at: *at }),
        }
    }
}
