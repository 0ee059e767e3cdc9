//! The library's values as a story sees them: built field by field, so that a field that is lost on the way fails here.

use crate::library::*;
use serde::Serialize;
use serde_json::{Value, json};

/// The case of an enum in snake_case, whatever it holds.
pub fn snake(case: &impl std::fmt::Debug) -> String {
    let text = format!("{case:?}");
    let name = text.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let mut snake = String::new();
    for (number, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && number > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// A value that is one word.
pub fn word(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

pub fn moment(at: Moment) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub fn refusal(refusal: &Refusal) -> Value {
    json!({ "code": refusal.code, "text": refusal.text, "instead": refusal.instead })
}

pub fn capacity(capacity: &Capacity) -> Value {
    match capacity {
        Capacity::Home => json!("home"),
        Capacity::Staff(role) => word(role),
        Capacity::System => json!("system"),
    }
}

fn buttons(actions: &[Action]) -> Vec<Value> {
    actions.iter().map(|action| json!({ "does": snake(&action.does), "label": action.label })).collect()
}

fn report(line: &ReportLine) -> Value {
    json!({
        "text": line.text, "delivery": snake(&line.delivery.state), "delivery_text": line.delivery.text,
        "late": line.late, "note": line.note, "over": line.over,
    })
}

fn reports(lines: &[ReportLine]) -> Vec<Value> {
    lines.iter().map(report).collect()
}

fn child_today(child: &ChildToday) -> Value {
    json!({
        "name": child.pupil.name,
        "closed": child.closed,
        "status": snake(&child.today.status.state),
        "state": child.today.status.text,
        "delivery": child.delivery.as_ref().map(|delivery| snake(&delivery.state)),
        "delivery_text": child.delivery.as_ref().map(|delivery| delivery.text.clone()),
        "reports": reports(&child.reports),
        "cutoff": child.cutoff.as_ref().map(|cutoff| {
            json!({ "at": cutoff.at.format("%H:%M").to_string(), "past": cutoff.past, "text": cutoff.text })
        }),
        "check": child.check,
        "actions": buttons(&child.actions),
    })
}

pub fn today(screen: &HomeToday) -> Value {
    let mail = &screen.mail;
    json!({
        "school_name": screen.school_name,
        "heading": screen.heading,
        "empty": screen.empty,
        "note_warning": screen.note_warning,
        "children": screen.children.iter().map(child_today).collect::<Vec<_>>(),
        "together": buttons(&screen.together),
        "mail": {
            "unread": mail.unread, "unsent": mail.unsent, "refused": mail.refused,
            "unread_text": mail.unread_text, "unsent_text": mail.unsent_text, "refused_text": mail.refused_text,
        },
        "warning": screen.warning.as_ref().map(|warning| {
            json!({ "text": warning.text, "phone": warning.phone, "past": warning.past })
        }),
    })
}

pub fn child(page: &Child) -> Value {
    let day = |day: &ChildDay| {
        json!({
            "day": day.line.day.to_string(),
            "label": day.line.label,
            "status": snake(&day.line.status.state),
            "state": day.line.status.text,
            "validity": day.validity.as_ref().map(|validity| validity.text.clone()),
            "reports": reports(&day.reports),
        })
    };
    json!({
        "name": page.pupil.name,
        "groups": page.groups,
        "next": page.days.next.map(|next| next.to_string()),
        "days": page.days.items.iter().map(day).collect::<Vec<_>>(),
    })
}

pub fn roll(roll: &RollCall) -> Value {
    let row = |row: &RollRow| {
        json!({
            "name": row.row.pupil.name,
            "status": snake(&row.row.status.state),
            "state": row.row.status.text,
            "reports": reports(&row.row.reports),
        })
    };
    json!({
        "name": roll.name,
        "heading": roll.heading,
        "roll": roll.roll.text,
        "rows": roll.rows.iter().map(row).collect::<Vec<_>>(),
        "seen": roll.seen.len(),
    })
}

pub fn inbox(inbox: &Inbox) -> Value {
    let notice = |notice: &NoticeLine| {
        json!({
            "text": notice.text.text, "instead": notice.text.instead, "lock_screen": notice.text.lock_screen,
            "unread": notice.unread, "time": notice.time,
        })
    };
    json!({
        "empty": inbox.empty,
        "more": inbox.notices.next.is_some(),
        "notices": inbox.notices.items.iter().map(notice).collect::<Vec<_>>(),
    })
}

pub fn outbox(outbox: &Outbox) -> Value {
    let item = |line: &OutboxLine| {
        let can = [
            ("mend", line.can.mend),
            ("resend", line.can.resend),
            ("dismiss", line.can.dismiss),
            ("take_back", line.can.take_back),
        ];
        json!({
            "title": line.title,
            "said": line.said,
            "stands": snake(&line.state.state),
            "state": line.state.text,
            "not_now": line.not_now,
            "advice": line.advice.as_ref().map(refusal),
            "refusal": line.refusal.as_ref().map(refusal),
            "with_it": line.with_it,
            "can": can.into_iter().filter(|(_, can)| *can).map(|(what, _)| what).collect::<Vec<_>>(),
        })
    };
    json!({
        "empty": outbox.empty,
        "next": outbox.items.next,
        "items": outbox.items.items.iter().map(item).collect::<Vec<_>>(),
    })
}

pub fn absences(list: &AbsenceList) -> Value {
    let item = |line: &AbsenceLine| {
        json!({
            "name": line.pupil.name, "class": line.class, "day": line.line.day.to_string(),
            "status": snake(&line.line.status.state), "state": line.line.status.text, "validity": line.validity.text,
        })
    };
    json!({
        "heading": list.heading,
        "empty": list.empty,
        "more": list.absences.next.is_some(),
        "items": list.absences.items.iter().map(item).collect::<Vec<_>>(),
    })
}

pub fn warnings(warnings: &Warnings) -> Value {
    let warning = |warning: &UnsentWarning| {
        json!({
            "phone": warning.phone, "cutoff": moment(warning.cutoff), "passed": warning.passed,
            "unsent": warning.unsent, "text": warning.text,
        })
    };
    json!({
        "next": warnings.next.map(moment),
        "warnings": warnings.warnings.iter().map(warning).collect::<Vec<_>>(),
    })
}

pub fn synced(report: &SyncReport) -> Value {
    json!({
        "ended": snake(&report.ended), "sent": report.sent, "accepted": report.accepted,
        "rejected": report.rejected, "not_now": report.not_now,
    })
}

/// `syncing`, or else how the last one ended, or `idle` where there was none.
pub fn in_a_word(state: &SyncState) -> String {
    match &state.last {
        _ if state.syncing => "syncing".to_owned(),
        Some(report) => snake(&report.ended),
        None => "idle".to_owned(),
    }
}

pub fn sync_state(state: &SyncState) -> Value {
    json!({ "running": state.running, "is": in_a_word(state), "trouble": state.trouble.as_ref().map(refusal) })
}
