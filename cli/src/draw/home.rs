//! What an adult at home sees.

use super::{figures, reached_tone, report, said, some, staff::signal, status_tone, titled};
use crate::output::{Out, Tone, cell};
use skolebro_core::device::{
    screens::{Child, ChildDay, ChildToday, DayLine, HomeToday, Mail, Stats, WhoCanRead},
    text::Texts,
};

pub fn home_today(out: &mut Out, texts: Texts, screen: &HomeToday) {
    out.blank();
    out.title(&titled(&screen.heading, &screen.school_name));
    some(out, screen.empty.as_ref(), Tone::Quiet);
    if let Some(warning) = &screen.warning {
        out.indented(&warning.text, if warning.past { Tone::Bad } else { Tone::Warn });
    }
    for child in &screen.children {
        child_today(out, texts, child);
    }
    mail(out, &screen.mail);
}

pub fn mail(out: &mut Out, mail: &Mail) {
    some(out, mail.unread_text.as_ref(), Tone::Title);
    some(out, mail.unsent_text.as_ref(), Tone::Warn);
    some(out, mail.refused_text.as_ref(), Tone::Bad);
}

fn day(line: &DayLine) -> String {
    match &line.absence {
        Some(absence) => format!("{} ({absence})", line.status.text),
        None => line.status.text.clone(),
    }
}

fn child_today(out: &mut Out, texts: Texts, child: &ChildToday) {
    let mut row = vec![cell(&child.pupil.name, Tone::Title)];
    match &child.closed {
        Some(closed) if child.reports.is_empty() => row.push(cell(closed, Tone::Quiet)),
        Some(_) | None => row.push(cell(day(&child.today), status_tone(&child.today.status.state))),
    }
    if let Some(delivery) = &child.delivery {
        row.push(cell(texts.reached_by_report(&delivery.text), reached_tone(&delivery.state)));
    }
    out.table(&[row]);
    for line in &child.reports {
        report(out, texts, line);
    }
    some(out, child.check.as_ref(), Tone::Bad);
    for question in &child.to_explain {
        out.indented(&question.text, Tone::Bad);
    }
    if let Some(next) = &child.next {
        out.indented(&format!("  {}: {}", next.label, day(next)), Tone::Quiet);
        for line in &child.next_reports {
            report(out, texts, line);
        }
    }
    if let Some(cutoff) = child.cutoff.as_ref().filter(|_| child.reports.is_empty()) {
        out.indented(&format!("  {}", cutoff.text), Tone::Quiet);
    }
    some(out, child.elsewhere_text.as_ref(), Tone::Quiet);
    let buttons: Vec<String> = child.actions.iter().map(|action| format!("[{}]", action.label)).collect();
    if !buttons.is_empty() {
        out.indented(&format!("  {}", buttons.join(" ")), Tone::Quiet);
    }
}

pub fn child(out: &mut Out, texts: Texts, screen: &Child) {
    out.title(&format!("{}  {}", screen.pupil.name, screen.groups.join(", ")));
    if let Some(stats) = &screen.stats {
        draw_stats(out, stats);
    }
    for line in &screen.signals {
        signal(out, line);
    }
    for past in &screen.days.items {
        child_day(out, texts, past);
    }
}

fn draw_stats(out: &mut Out, stats: &Stats) {
    out.indented(&stats.heading, Tone::Plain);
    out.indented(&stats.summary, Tone::Plain);
    out.indented(&figures(&stats.figures), Tone::Plain);
    for (heading, numbers) in
        [(&stats.by_cause_heading, &stats.by_cause), (&stats.by_validity_heading, &stats.by_validity)]
    {
        let counted = numbers.iter().filter(|figure| figure.number > 0);
        let rows: Vec<_> = counted
            .map(|figure| vec![cell(&figure.text, Tone::Plain), cell(figure.number.to_string(), Tone::Plain)])
            .collect();
        if !rows.is_empty() {
            out.indented(heading, Tone::Plain);
            out.table(&rows);
        }
    }
}

fn child_day(out: &mut Out, texts: Texts, past: &ChildDay) {
    out.blank();
    let mut row =
        vec![cell(&past.line.label, Tone::Title), cell(day(&past.line), status_tone(&past.line.status.state))];
    if let Some(validity) = &past.validity {
        row.push(cell(&validity.text, Tone::Quiet));
    }
    out.table(&[row]);
    said(out, texts, &past.reports, past.ended.as_ref());
    for mark in &past.marks {
        out.indented(&format!("  {}", mark.text), Tone::Quiet);
    }
    for line in &past.explanation {
        out.indented(&format!("  {line}"), Tone::Plain);
    }
    if let Some(note) = &past.explanation_note {
        out.indented(&format!("  {}", texts.quoted(note)), Tone::Plain);
    }
    some(out, past.check.as_ref(), Tone::Bad);
}

pub fn who_can_read(out: &mut Out, screen: &WhoCanRead) {
    out.title(&screen.heading);
    some(out, screen.note.as_ref(), Tone::Quiet);
    let rows: Vec<_> = screen
        .readers
        .items
        .iter()
        .map(|reader| vec![cell(&reader.person.name, Tone::Plain), cell(&reader.because, Tone::Quiet)])
        .collect();
    out.table(&rows);
    if let Some(text) = &screen.barred_text {
        out.quiet(text);
        let barred = screen.barred.iter().map(|person| vec![cell(&person.name, Tone::Bad)]);
        out.table(&barred.collect::<Vec<_>>());
    }
}
