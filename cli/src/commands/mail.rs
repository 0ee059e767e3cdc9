//! Inbox and outbox, with lines that are numbered over all schools.

use crate::{
    args::{Inbox, Outbox, WhichNotice},
    draw,
    exit::Exit,
    say::Saying,
    session::Session,
    trouble::{Trouble, usage},
};
use serde_json::json;
use skolebro_core::{
    device::{
        screens::{self, NoticeLine, OutboxLine, Stands, Window},
        text::Texts,
    },
    domain::ids::SchoolId,
    say,
};

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
        let mut all = Vec::new();
        for view in self.views()? {
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
    pub fn empty_inbox(&self) -> Result<Option<String>, Trouble> {
        let views = self.views()?;
        let Some(view) = views.first() else { return Ok(None) };
        Ok(screens::inbox(view, self.texts, None, 1)?.empty)
    }

    pub fn empty_outbox(&self) -> Result<Option<String>, Trouble> {
        let views = self.views()?;
        let Some(view) = views.first() else { return Ok(None) };
        Ok(screens::outbox(view, self.texts, &[], Window::first(1))?.empty)
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
    let (lines, empty) = (session.notices()?, session.empty_inbox()?);
    draw::inbox(&mut session.out, &lines, empty.as_deref());
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
    let lines = session.outbox_lines()?;
    if let Some(number) = args.dismiss {
        let (_, line) = numbered(session.texts, &lines, number)?;
        if !line.can.dismiss {
            return Err(usage(say!(session.texts, "cli-not-refused", number = number)));
        }
        session.phone.dismiss(line.id)?;
        return show(session);
    }
    if let Some(number) = args.take_back {
        let (_, line) = numbered(session.texts, &lines, number)?;
        if !line.can.take_back {
            return Err(usage(say!(session.texts, "cli-on-its-way", number = number)));
        }
        session.phone.take_back(line.id)?;
        return show(session);
    }
    if let Some(number) = args.resend {
        let (school, line) = numbered(session.texts, &lines, number)?;
        let items = session.phone.outbox()?;
        let command = items.into_iter().find(|item| item.id == line.id).and_then(|item| item.command);
        let Some(command) = command.filter(|_| line.can.resend) else {
            return Err(usage(say!(session.texts, "cli-not-refused", number = number)));
        };
        let (school, id) = (*school, line.id);
        let mut saying = Saying::new(session, args.send_anyway);
        saying.instead(school, id, command.body.clone())?;
        return saying.finish();
    }
    show(session)
}

fn show(session: &mut Session) -> Result<Exit, Trouble> {
    let lines = session.outbox_lines()?;
    let empty = session.empty_outbox()?;
    draw::outbox(&mut session.out, &lines, empty.as_deref());
    let numbered: Vec<_> =
        lines.iter().zip(1..).map(|((_, line), number)| json!({ "number": number, "item": line })).collect();
    session.out.set(json!({ "items": numbered }));
    Ok(Exit::Done)
}
