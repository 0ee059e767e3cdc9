//! What an organiser decides about leave: caps, who decides which length, and when both guardians sign.

use crate::domain::people::Role;
use serde::{Deserialize, Serialize};

/// All lengths are days in session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveRules {
    /// The longest leave that can be applied for at once. `None`: no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<u16>,
    /// The most that a pupil's leave may come to in a school year, this application included. `None`: no cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_in_year: Option<u16>,
    /// Who decides, shortest leave first; the first step that the leave fits is the one. The last step takes all.
    pub steps: Vec<LeaveStep>,
    /// Above this length, or above it in total this school year, nobody but the principal decides: no deputy and no
    /// delegate (skollagen 7 kap. 18 §: ten days). `None`: the steps say all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_alone_above: Option<u16>,
    /// Above this length every guardian signs before anybody decides. `None`: one applicant is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub both_sign_above: Option<u16>,
    /// How long before its first day a leave should be applied for, in calendar days: later ones warn, and are taken.
    #[serde(default)]
    pub apply_days_before: u16,
}

/// Who decides a leave up to a length and a running total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveStep {
    /// Any one of them decides.
    pub decides: Vec<Role>,
    /// The longest leave that they decide. `None`: any length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_days: Option<u16>,
    /// The highest running total this school year, this leave included, that they decide. `None`: any total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_total: Option<u16>,
}

impl LeaveStep {
    /// Whether a leave of `days` that brings the year's total to `total` is theirs to decide.
    pub fn takes(&self, days: u16, total: u16) -> bool {
        self.up_to_days.is_none_or(|limit| days <= limit) && self.up_to_total.is_none_or(|limit| total <= limit)
    }
}

impl LeaveRules {
    /// The roles that may decide a leave of `days` that brings the pupil's total this school year to `total`.
    pub fn deciders(&self, days: u16, total: u16) -> &[Role] {
        if self.principal_alone_above.is_some_and(|limit| days > limit || total > limit) {
            return &[Role::Principal];
        }
        self.steps.iter().find(|step| step.takes(days, total)).map_or(&[Role::Principal], |step| &step.decides)
    }

    /// Whether a leave of `days` waits for every guardian's signature.
    pub fn both_sign(&self, days: u16) -> bool {
        self.both_sign_above.is_some_and(|limit| days > limit)
    }
}
