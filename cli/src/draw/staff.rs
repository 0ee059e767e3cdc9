//! What staff see: their day, rolls, boards, the call list, who is in the building.

use super::{figures, home::mail, said, some, status_tone, titled};
use crate::output::{Cell, Out, Tone, cell};
use skolebro_core::{
    device::{
        screens::{
            AlarmLine, CallList, EvacuationList, ExplanationLine, ExplanationList, FollowUpList, GroupBoard,
            GroupToday, PupilRow, RollCall, SaidRoll, SchoolBoard, SignalLine, StaffToday,
        },
        text::Texts,
    },
    domain::attendance::{Presence, board::RollState},
};

fn roll_tone(roll: &RollState) -> Tone {
    match roll {
        RollState::NoRoll => Tone::Quiet,
        RollState::Open => Tone::Plain,
        RollState::Untaken => Tone::Bad,
        RollState::Taken { .. } => Tone::Good,
    }
}

fn roll_cell(roll: &SaidRoll) -> Cell {
    cell(&roll.text, roll_tone(&roll.state))
}

fn group_rows(groups: &[GroupToday]) -> Vec<Vec<Cell>> {
    groups
        .iter()
        .map(|group| {
            let waits = [&group.unseen_text, &group.to_judge_text];
            let waits: Vec<&str> = waits.into_iter().flatten().map(String::as_str).collect();
            vec![
                cell(&group.name, Tone::Title),
                roll_cell(&group.roll),
                cell(figures(&group.figures), Tone::Plain),
                cell(waits.join(" · "), Tone::Warn),
            ]
        })
        .collect()
}

pub fn staff_today(out: &mut Out, texts: Texts, screen: &StaffToday) {
    out.blank();
    out.title(&titled(&screen.heading, &screen.school_name));
    some(out, screen.waiting.as_ref(), Tone::Quiet);
    some(out, screen.nothing.as_ref(), Tone::Quiet);
    alarms(out, &screen.alarms);
    out.table(&group_rows(&screen.groups));
    if let Some(office) = &screen.office {
        out.indented(&figures(&office.figures), Tone::Plain);
        out.indented(&office.calls_text, if office.calls > 0 { Tone::Bad } else { Tone::Plain });
        out.indented(&office.rolls_text, if office.rolls_untaken > 0 { Tone::Warn } else { Tone::Plain });
        if let Some(text) = &office.no_roll_text {
            let names: Vec<&str> = office.no_roll_pupils.iter().map(|pupil| pupil.name.as_str()).collect();
            out.indented(&format!("{text}: {}", names.join(", ")), Tone::Bad);
        }
        out.indented(&office.inside_text, Tone::Plain);
    }
    for roll in &screen.untaken {
        out.indented(&roll.text, Tone::Warn);
    }
    for line in &screen.to_judge {
        explanation(out, texts, line);
    }
    for line in &screen.signals {
        signal(out, line);
    }
    for more in &screen.more {
        out.indented(more, Tone::Quiet);
    }
    mail(out, &screen.mail);
}

fn alarms(out: &mut Out, lines: &[AlarmLine]) {
    for line in lines {
        out.indented(&line.text, Tone::Bad);
    }
}

/// A day of a pupil's that home has explained.
fn explanation(out: &mut Out, texts: Texts, line: &ExplanationLine) {
    let name = cell(&line.pupil.name, Tone::Title);
    out.table(&[vec![name, cell(&line.class, Tone::Quiet), cell(&line.label, Tone::Warn)]]);
    for said in &line.explanation {
        out.indented(&format!("  {said}"), Tone::Plain);
    }
    if let Some(note) = &line.note {
        out.indented(&format!("  {}", texts.quoted(note)), Tone::Plain);
    }
}

pub fn explanations(out: &mut Out, texts: Texts, screen: &ExplanationList, school: &str) {
    out.blank();
    out.title(&titled(&screen.heading, school));
    some(out, screen.empty.as_ref(), Tone::Good);
    for line in &screen.explanations.items {
        explanation(out, texts, line);
    }
}

/// A signal, and what has become of it.
pub fn signal(out: &mut Out, line: &SignalLine) {
    out.indented(&line.text, if line.handled { Tone::Quiet } else { Tone::Warn });
    for said in &line.handling {
        out.indented(&format!("  {said}"), Tone::Quiet);
    }
}

pub fn follow_ups(out: &mut Out, screen: &FollowUpList, school: &str) {
    out.blank();
    out.title(&titled(&screen.heading, school));
    some(out, screen.empty.as_ref(), Tone::Good);
    for line in &screen.signals.items {
        signal(out, line);
    }
}

pub fn roll(out: &mut Out, texts: Texts, screen: &RollCall) {
    let lesson = screen.session_text.as_ref().map(|text| format!(" · {text}")).unwrap_or_default();
    out.title(&format!("{} · {}{lesson}", screen.name, screen.heading));
    out.indented(&screen.roll.text, roll_tone(&screen.roll.state));
    out.indented(&figures(&screen.figures), Tone::Plain);
    let rows: Vec<_> = screen.rows.iter().map(|row| pupil(&row.row, row.mark)).collect();
    out.table(&rows);
    for row in &screen.rows {
        details(out, texts, &row.row);
    }
}

/// One line: the name, where the pupil stands, how new the word of home is.
fn pupil(row: &PupilRow, mark: Option<Presence>) -> Vec<Cell> {
    let name = if mark.is_some() { Tone::Title } else { Tone::Plain };
    let mut cells = vec![cell(&row.pupil.name, name), cell(&row.status.text, status_tone(&row.status.state))];
    cells.push(cell(row.absence.clone().unwrap_or_default(), Tone::Warn));
    cells
}

/// What does not fit on the line.
fn details(out: &mut Out, texts: Texts, row: &PupilRow) {
    let nothing_said = row.reports.is_empty() && row.ended.is_none() && row.explanation.is_empty();
    if nothing_said && row.check.is_none() && row.alarm.is_none() {
        return;
    }
    out.blank();
    out.indented(&row.pupil.name, Tone::Title);
    some(out, row.alarm.as_ref(), Tone::Bad);
    said(out, texts, &row.reports, row.ended.as_ref());
    some(out, row.check.as_ref(), Tone::Bad);
    for line in &row.explanation {
        out.indented(&format!("  {line}"), Tone::Plain);
    }
    for mark in &row.marks {
        out.indented(&format!("  {}", mark.text), Tone::Quiet);
    }
}

pub fn group_board(out: &mut Out, texts: Texts, screen: &GroupBoard) {
    let lesson = screen.session_text.as_ref().map(|text| format!(" · {text}")).unwrap_or_default();
    out.title(&format!("{} · {}{lesson}", screen.name, screen.heading));
    out.indented(&screen.roll.text, roll_tone(&screen.roll.state));
    out.indented(&figures(&screen.figures), Tone::Plain);
    let rows: Vec<_> = screen.rows.items.iter().map(|row| pupil(&row.row, None)).collect();
    out.table(&rows);
    for row in &screen.rows.items {
        details(out, texts, &row.row);
    }
}

pub fn school_board(out: &mut Out, screen: &SchoolBoard, school: &str) {
    out.blank();
    out.title(&format!("{} · {school}", screen.heading));
    alarms(out, &screen.alarms);
    out.indented(&figures(&screen.figures), Tone::Plain);
    out.table(&group_rows(&screen.groups.items));
}

pub fn calls(out: &mut Out, screen: &CallList, school: &str) {
    out.blank();
    out.title(&format!("{} · {school}", screen.heading));
    some(out, screen.empty.as_ref(), Tone::Good);
    for call in &screen.calls.items {
        let tone = if call.open { Tone::Bad } else { Tone::Quiet };
        out.table(&[vec![cell(&call.pupil.name, Tone::Title), cell(&call.text, tone)]]);
        some(out, call.alarm.as_ref(), Tone::Bad);
        let adults: Vec<_> = call
            .adults
            .iter()
            .filter(|_| call.open)
            .map(|adult| {
                vec![
                    cell("", Tone::Plain),
                    cell(&adult.person.name, Tone::Plain),
                    cell(&adult.phone_text, if adult.phone.is_some() { Tone::Title } else { Tone::Warn }),
                    cell(&adult.about, Tone::Quiet),
                ]
            })
            .collect();
        out.table(&adults);
        for line in &call.log {
            out.indented(&format!("  {line}"), Tone::Quiet);
        }
    }
}

pub fn evacuation(out: &mut Out, screen: &EvacuationList) {
    out.blank();
    out.title(&format!("{} · {}", screen.heading, screen.of));
    out.indented(&screen.summary, Tone::Plain);
    let rows: Vec<_> = screen
        .pupils
        .items
        .iter()
        .map(|line| {
            let tone = if line.inside { Tone::Plain } else { Tone::Warn };
            vec![cell(&line.class, Tone::Quiet), cell(&line.pupil.name, Tone::Plain), cell(&line.text, tone)]
        })
        .collect();
    out.table(&rows);
}
