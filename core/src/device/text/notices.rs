//! Notices: in the app they name the child; on the lock screen they have neither name nor content.

use super::Texts;
use crate::{domain::notice::NoticeReason, say};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NoticeText {
    /// For the lock screen: the same for every notice, so that not even its kind is told.
    pub lock_screen: String,
    pub text: String,
    /// What to do about it; none where nothing is left to do.
    pub instead: Option<String>,
}

/// What a notice is about, with names and days already in words.
#[derive(Clone, Copy, Debug)]
pub struct NoticeFacts<'a> {
    pub reason: NoticeReason,
    /// What it said is no longer so.
    pub corrected: bool,
    /// What staff made of the explanation, where this phone can see it.
    pub accepted: Option<bool>,
    /// In words; what to call it where the name is not held.
    pub child: &'a str,
    pub day: &'a str,
}

impl Texts {
    pub fn lock_screen(&self) -> String {
        say!(self, "notice-lock-screen")
    }

    pub fn notice(&self, facts: NoticeFacts<'_>) -> NoticeText {
        let NoticeFacts { reason, corrected, accepted, child, day } = facts;
        let key = match (reason, corrected, accepted) {
            (NoticeReason::UnexplainedAbsence, false, _) => "notice-unexplained",
            (NoticeReason::UnexplainedAbsence, true, _) => "notice-unexplained-corrected",
            (NoticeReason::CheckReport, false, _) => "notice-check",
            (NoticeReason::CheckReport, true, _) => "notice-check-corrected",
            (NoticeReason::SentHomeSick, false, _) => "notice-sent-home",
            (NoticeReason::SentHomeSick, true, _) => "notice-sent-home-corrected",
            (NoticeReason::ExplanationJudged, _, Some(true)) => "notice-accepted",
            (NoticeReason::ExplanationJudged, _, Some(false)) => "notice-refused",
            (NoticeReason::ExplanationJudged, _, None) => "notice-judged",
            (NoticeReason::DelegationChanged, _, _) => "notice-delegation",
            (NoticeReason::CodeMade, _, _) => "notice-code",
        };
        let text = say!(self, key, child = child, day = day);
        let instead = match (reason, corrected) {
            (NoticeReason::UnexplainedAbsence, false) => Some(say!(self, "notice-unexplained-instead")),
            (NoticeReason::CheckReport, false) => Some(say!(self, "notice-check-instead")),
            (NoticeReason::SentHomeSick, false) => Some(say!(self, "notice-sent-home-instead")),
            (NoticeReason::CodeMade, _) => Some(say!(self, "notice-code-instead")),
            (NoticeReason::UnexplainedAbsence | NoticeReason::CheckReport | NoticeReason::SentHomeSick, true)
            | (NoticeReason::ExplanationJudged | NoticeReason::DelegationChanged, _) => None,
        };
        NoticeText { lock_screen: self.lock_screen(), text: self.sentence(&text), instead }
    }
}
