//! Screens as lines and columns. Every word comes from core; here are only places and tones.

mod home;
mod mail;
mod staff;

pub use home::{child, home_today, mail, who_can_read};
pub use mail::{devices, inbox, outbox};
pub use staff::{calls, evacuation, explanations, follow_ups, group_board, roll, school_board, staff_today};

use crate::output::{Out, Tone};
use serde::Serialize;
use serde_json::Value;
use skolebro_core::{
    device::{
        screens::{EndedLine, Figure, Reached, ReportLine},
        text::Texts,
    },
    domain::attendance::{Status, Told},
};

/// A screen's value for scripts.
pub fn value<T: Serialize>(screen: &T) -> Value {
    serde_json::to_value(screen).unwrap_or(Value::Null)
}

fn status_tone(status: &Status) -> Tone {
    match status {
        Status::NotInSession => Tone::Quiet,
        Status::Expected | Status::Back { .. } => Tone::Plain,
        Status::Present => Tone::Good,
        Status::Late { .. } | Status::LeftEarly { .. } | Status::OnLeave => Tone::Warn,
        Status::Reported { .. } | Status::SentHome { .. } => Tone::Warn,
        Status::Unexplained { told: Told::Nothing } => Tone::Bad,
        Status::Unexplained { told: Told::Waiting | Told::Accepted | Told::Refused } => Tone::Warn,
    }
}

fn reached_tone(reached: &Reached) -> Tone {
    match reached {
        Reached::OnThisPhoneOnly => Tone::Warn,
        Reached::AtSchool { .. } | Reached::Seen { .. } => Tone::Good,
    }
}

fn figures(figures: &[Figure]) -> String {
    figures.iter().map(|figure| figure.text.as_str()).collect::<Vec<_>>().join(" · ")
}

/// The school's name, where this person may know it.
fn titled(heading: &str, school: &str) -> String {
    if school.is_empty() { heading.to_owned() } else { format!("{heading} · {school}") }
}

fn some(out: &mut Out, text: Option<&String>, tone: Tone) {
    if let Some(text) = text {
        out.indented(text, tone);
    }
}

/// What home has said, in the order in which it was said: the last line is how it stands.
fn said(out: &mut Out, texts: Texts, reports: &[ReportLine], ended: Option<&EndedLine>) {
    let (before, after): (Vec<_>, Vec<_>) =
        reports.iter().partition(|report| ended.is_none_or(|ended| report.filed_at < ended.filed_at));
    for line in before {
        report(out, texts, line);
    }
    if let Some(ended) = ended {
        out.indented(&format!("  {}", ended.text), if ended.over { Tone::Quiet } else { Tone::Plain });
    }
    for line in after {
        report(out, texts, line);
    }
}

fn report(out: &mut Out, texts: Texts, report: &ReportLine) {
    let tone = if report.over { Tone::Quiet } else { Tone::Plain };
    out.indented(&format!("  {} – {}", report.text, report.delivery.text), tone);
    if let Some(late) = &report.late {
        out.indented(&format!("  {late}"), Tone::Warn);
    }
    if let Some(note) = &report.note {
        out.indented(&format!("  {}", texts.quoted(note)), Tone::Plain);
    }
}
