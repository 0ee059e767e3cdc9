//! What an organiser decides about talks between home and school.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TalkRules {
    /// Talks that every pupil has in a school year (seed 003: two; seed 001: one a term, preschool one a year).
    pub per_year: u8,
    /// How long before a talk its round should be open, in months (seed 003: three). Aimed for, not enforced.
    pub lead_months: u8,
    /// The kinds of talk before which a plan is to be out.
    #[serde(default)]
    pub plans: Vec<PlanBeforehand>,
    /// Until how many hours before a slot's start home may change or cancel its booking.
    pub change_deadline_hours: u16,
}

impl TalkRules {
    /// How many calendar days before a talk of `kind` its plan is to be shared. `None`: it needs no plan.
    pub fn plan_days_before(&self, kind: TalkKind) -> Option<u16> {
        self.plans.iter().find(|plan| plan.kind == kind).map(|plan| plan.days_before)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanBeforehand {
    pub kind: TalkKind,
    /// Calendar days.
    pub days_before: u16,
}

/// What a talk is for (domain.md, *Talks*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum TalkKind {
    /// Utvecklingssamtal, skole-hjem-samtale, utviklingssamtale.
    Development,
    /// Inskolningssamtal, oppstartssamtale.
    Introduction,
    /// Bli-kjent-samtale.
    GetToKnow,
    FollowUp,
    Extra,
}

impl TalkKind {
    pub const ALL: &'static [Self] = Self::VARIANTS;
}
