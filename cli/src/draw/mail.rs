//! Inbox, outbox and the person's phones: numbered lines.

use crate::output::{Out, Tone, cell};
use chrono::NaiveDate;
use chrono_tz::Tz;
use skolebro_core::{
    device::{
        screens::{NoticeLine, OutboxLine, Reached, Stands},
        text::Texts,
    },
    domain::ids::SchoolId,
    protocol::DeviceEntry,
    say,
};

fn number(number: usize) -> String {
    format!("{number:>2}")
}

pub fn inbox(out: &mut Out, lines: &[(SchoolId, NoticeLine)], empty: &str) {
    if lines.is_empty() {
        out.quiet(empty);
    }
    for ((_, line), at) in lines.iter().zip(1..) {
        let tone = match (line.unread, line.corrected) {
            (true, false) => Tone::Title,
            (true, true) => Tone::Plain,
            (false, _) => Tone::Quiet,
        };
        out.table(&[vec![cell(number(at), Tone::Quiet), cell(&line.time, Tone::Quiet), cell(&line.text.text, tone)]]);
        if let Some(instead) = line.text.instead.as_ref().filter(|_| line.unread) {
            out.indented(&format!("    {instead}"), Tone::Plain);
        }
    }
}

pub fn outbox(out: &mut Out, lines: &[(SchoolId, OutboxLine)], empty: &str) {
    if lines.is_empty() {
        out.quiet(empty);
    }
    let rows: Vec<_> = lines
        .iter()
        .map(|(_, line)| {
            let at = usize::try_from(line.number).unwrap_or(usize::MAX);
            let tone = match &line.state.state {
                Stands::Waiting | Stands::Arrived { reached: Reached::OnThisPhoneOnly } => Tone::Warn,
                Stands::Arrived { reached: Reached::AtSchool { .. } | Reached::Seen { .. } } => Tone::Good,
                Stands::Refused => Tone::Bad,
            };
            vec![
                cell(number(at), Tone::Quiet),
                cell(&line.said, Tone::Quiet),
                cell(&line.title, Tone::Plain),
                cell(&line.state.text, tone),
            ]
        })
        .collect();
    out.table(&rows);
    for (_, line) in lines {
        let at = usize::try_from(line.number).unwrap_or(usize::MAX);
        let mut told: Vec<&String> = Vec::new();
        told.extend(line.refusal.iter().flat_map(|refusal| [&refusal.text, &refusal.instead]));
        told.extend(&line.not_now);
        told.extend(&line.clock);
        told.extend(&line.with_it);
        for text in told {
            out.table(&[vec![cell(number(at), Tone::Quiet), cell(text, Tone::Plain)]]);
        }
    }
}

pub fn devices(out: &mut Out, texts: Texts, devices: &[DeviceEntry], tz: Tz, today: NaiveDate) {
    let rows: Vec<_> = devices
        .iter()
        .zip(1..)
        .map(|(device, at)| {
            let moment = |at| texts.moment(at, tz, today);
            let when = match (device.revoked_at, device.last_seen) {
                (Some(at), _) => cell(say!(texts, "cli-disconnected", time = moment(at)), Tone::Bad),
                (None, Some(at)) => cell(say!(texts, "cli-last-seen", time = moment(at)), Tone::Quiet),
                (None, None) => cell(say!(texts, "cli-enrolled", time = moment(device.enrolled_at)), Tone::Quiet),
            };
            let this = if device.this { say!(texts, "cli-this-phone") } else { String::new() };
            let tone = if device.revoked_at.is_some() { Tone::Quiet } else { Tone::Plain };
            vec![cell(number(at), Tone::Quiet), cell(&device.name, tone), when, cell(this, Tone::Good)]
        })
        .collect();
    out.table(&rows);
}
