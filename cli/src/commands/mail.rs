//! Inbox and outbox, with lines that are numbered over all schools.

use crate::{
    args::{Inbox, Outbox, WhichLine, WhichNotice},
    draw,
    exit::Exit,
    output::Tone,
    say::Saying,
    session::Session,
    trouble::{Trouble, usage},
};
use serde_json::json;
use skolebro_core::{
    device::{
        View,
        screens::{self, NoticeLine, OutboxLine, Stands, Window},
        text::Texts,
    },
    domain::ids::SchoolId,
    say,
};
use std::collections::BTreeSet;

const LINES: u32 = 100;

impl Session {
    /// Newest first.
    pub fn notices(&self) -> Result<Vec<(SchoolId, NoticeLine)>, Trouble> {
        let mut all = Vec::new();
        for view in self.views()? {
            let page = screens::inbox(&view, self.texts, None, LINES)?.notices.items;
            all.extend(page.into_iter().map(|line| (view.school(), line)));
        }
        all.sort_by_key(|(_, line)| std::cmp::Reverse((line.at, line.id)));
        Ok(all)
    }

    /// As its screen orders it, over all schools: refused, waiting, arrived; newest first within each.
    pub fn outbox_lines(&self) -> Result<Vec<(SchoolId, OutboxLine)>, Trouble> {
        let items = self.phone.outbox()?;
        // Also of a school where nothing is this person's any more.
        let mut schools: BTreeSet<SchoolId> = items.iter().map(|item| item.school).collect();
        schools.extend(self.views()?.iter().map(View::school));
        let mut all = Vec::new();
        for school in schools {
            let view = self.view(school)?;
            let page = screens::outbox(&view, self.texts, &items, Window::first(LINES))?.items.items;
            all.extend(page.into_iter().map(|line| (view.school(), line)));
        }
        let order = |line: &OutboxLine| match &line.state.state {
            Stands::Refused => 0_u8,
            Stands::Waiting => 1,
            Stands::Arrived { .. } => 2,
        };
        all.sort_by_key(|(_, line)| (order(line), std::cmp::Reverse((line.said_at, line.id))));
        Ok(all)
    }

    /// In the words of any of the schools' screens.
    pub fn empty_inbox(&self) -> String {
        say!(self.texts, "inbox-empty")
    }

    /// The line that was shown under that number.
    fn outbox_line(&self, number: u32) -> Result<(SchoolId, OutboxLine), Trouble> {
        let lines = self.outbox_lines()?;
        let numbers: Vec<String> = lines.iter().map(|(_, line)| line.number.to_string()).collect();
        let found = lines.into_iter().find(|(_, line)| line.number == number);
        found.ok_or_else(|| match numbers.as_slice() {
            [] => usage(say!(self.texts, "cli-no-lines")),
            [_, ..] => usage(say!(self.texts, "cli-no-such-line", number = number, numbers = numbers.join(", "))),
        })
    }

    pub fn empty_outbox(&self) -> String {
        say!(self.texts, "outbox-empty")
    }
}

/// # Errors
/// There is no such line.
pub fn numbered<T>(texts: Texts, lines: &[T], number: usize) -> Result<&T, Trouble> {
    let line = number.checked_sub(1).and_then(|at| lines.get(at));
    line.ok_or_else(|| usage(say!(texts, "cli-no-line", number = number, count = lines.len())))
}

pub fn inbox(session: &mut Session, args: &Inbox) -> Result<Exit, Trouble> {
    session.refresh()?;
    let lines = session.notices()?;
    let Some(which) = args.read else {
        show_inbox(session)?;
        return Ok(Exit::Done);
    };
    let wanted: Vec<&(SchoolId, NoticeLine)> = match which {
        WhichNotice::All => lines.iter().collect(),
        WhichNotice::Number(number) => vec![numbered(session.texts, &lines, number)?],
    };
    let mut saying = Saying::new(session, true);
    for (school, line) in wanted {
        if let Some(read) = &line.read {
            saying.say_as(*school, read.capacity, read.body.clone())?;
        }
    }
    let exit = saying.finish()?;
    show_inbox(session)?;
    Ok(exit)
}

fn show_inbox(session: &mut Session) -> Result<(), Trouble> {
    let (lines, empty) = (session.notices()?, session.empty_inbox());
    draw::inbox(&mut session.out, &lines, &empty);
    let numbered: Vec<_> =
        lines.iter().zip(1..).map(|((_, line), number)| json!({ "number": number, "notice": line })).collect();
    session.out.set(json!({ "notices": numbered }));
    Ok(())
}

pub fn outbox(session: &mut Session, args: &Outbox) -> Result<Exit, Trouble> {
    let changes = args.dismiss.is_some() || args.resend.is_some() || args.take_back.is_some();
    // A line is what was last shown under its number: nothing moves it before it is dealt with.
    if changes {
        session.signed_in()?
    } else {
        session.refresh()?
    }
    if let Some(which) = args.dismiss {
        let refused: Vec<OutboxLine> = match which {
            WhichLine::All => session.outbox_lines()?.into_iter().map(|(_, line)| line).collect(),
            WhichLine::Number(number) => vec![session.outbox_line(number)?.1],
        };
        for line in refused {
            match (line.can.dismiss, which) {
                (true, _) => session.phone.dismiss(line.id)?,
                (false, WhichLine::All) => {}
                (false, WhichLine::Number(number)) => {
                    return Err(usage(say!(session.texts, "cli-not-refused", number = number)));
                }
            }
        }
        return show(session);
    }
    if let Some(number) = args.take_back {
        let (_, line) = session.outbox_line(number)?;
        if !line.can.take_back {
            return Err(usage(say!(session.texts, "cli-on-its-way", number = number)));
        }
        session.phone.take_back(line.id)?;
        return show(session);
    }
    if let Some(number) = args.resend {
        let (school, line) = session.outbox_line(number)?;
        let items = session.phone.outbox()?;
        let command = items.into_iter().find(|item| item.id == line.id).and_then(|item| item.command);
        let Some(command) = command.filter(|_| line.can.resend) else {
            return Err(usage(say!(session.texts, "cli-not-refused", number = number)));
        };
        let mut saying = Saying::new(session, args.send_anyway);
        saying.instead(school, line.id, command.body.clone())?;
        return saying.finish();
    }
    show(session)
}

fn show(session: &mut Session) -> Result<Exit, Trouble> {
    let lines = session.outbox_lines()?;
    draw_outbox(session, &lines);
    let numbered: Vec<_> = lines.iter().map(|(_, line)| json!({ "number": line.number, "item": line })).collect();
    let kept: Vec<String> = session.phone.kept_aside().iter().map(|path| path.display().to_string()).collect();
    session.out.set(json!({ "items": numbered, "sealed": session.phone.sealed(), "kept_aside": kept }));
    Ok(Exit::Done)
}

/// The lines, and what waits here that cannot be one.
pub fn draw_outbox(session: &mut Session, lines: &[(SchoolId, OutboxLine)]) {
    let empty = session.empty_outbox();
    draw::outbox(&mut session.out, lines, &empty);
    session.draw_sealed();
    for kept in session.phone.kept_aside() {
        let text = say!(session.texts, "cli-kept-aside", path = kept.display().to_string());
        session.out.line(&text, Tone::Warn);
    }
}

impl Session {
    /// That something of somebody else's waits on this phone; never what.
    pub fn draw_sealed(&mut self) {
        let count = self.phone.sealed();
        if count > 0 {
            self.out.line(&say!(self.texts, "mail-sealed", count = count), Tone::Warn);
        }
    }
}
