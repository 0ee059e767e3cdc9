//! Watching: a screen that is drawn anew whenever it would look different, while the phone keeps itself in step.

use super::{
    home::lesson,
    mail::draw_outbox,
    screens::{draw_group_board, draw_school_board, draw_today},
    staff::draw_calls,
};
use crate::{
    args::{Watch, WatchWhat},
    draw,
    exit::Exit,
    session::Session,
    trouble::Trouble,
};
use skolebro_core::device::{View, screens::roll_call, sync_loop::SyncLoop};
use std::{sync::mpsc, time::Duration};

/// Also without a change on this phone: another process may have said something in the same folder, and time goes on.
const LOOK: Duration = Duration::from_secs(1);

pub fn watch(session: &mut Session, args: &Watch) -> Result<Exit, Trouble> {
    session.know_the_school()?;
    // Found before anything is drawn: a name that fits nobody ends it here.
    let (changed, changes) = mpsc::channel();
    let _listening = session.phone.on_change(move |_| {
        let _ = changed.send(());
    });
    let keeping = SyncLoop::start(&session.phone, |_| {})?;
    keeping.listen()?;
    let mut last = None;
    loop {
        session.signed_in()?;
        draw_one(session, args)?;
        let (text, value) = session.out.take();
        if last.as_ref() != Some(&(text.clone(), value.clone())) {
            session.out.show_anew(&text, value.as_ref());
            last = Some((text, value));
        }
        if session.out.is_closed() {
            keeping.stop();
            return Ok(Exit::Done);
        }
        let _ = changes.recv_timeout(LOOK);
        while changes.try_recv().is_ok() {}
    }
}

fn draw_one(session: &mut Session, args: &Watch) -> Result<(), Trouble> {
    match args.what {
        WatchWhat::Today => draw_today(session),
        WatchWhat::Board => match &args.group {
            Some(name) => {
                let group = session.group(Some(name))?;
                let today = session.view(group.school)?.today();
                let shown = draw_group_board(session, &group, today)?;
                session.say_silently(group.school, &shown.seen).map(|_| ())
            }
            None => draw_school_board(session, View::today),
        },
        WatchWhat::Roll => {
            let group = session.group(args.group.as_deref())?;
            let view = session.desk_of(&group)?;
            let shown = roll_call(&view, session.texts, group.id, view.today(), args.lesson.map(|n| lesson(Some(n))))?;
            drop(view);
            draw::roll(&mut session.out, session.texts, &shown);
            session.out.set(draw::value(&shown));
            session.say_silently(group.school, &shown.seen).map(|_| ())
        }
        WatchWhat::Calls => draw_calls(session, None),
        WatchWhat::Inbox => {
            let (lines, empty) = (session.notices()?, session.empty_inbox());
            draw::inbox(&mut session.out, &lines, &empty);
            session.out.set(draw::value(&lines));
            Ok(())
        }
        WatchWhat::Outbox => {
            let lines = session.outbox_lines()?;
            draw_outbox(session, &lines);
            session.out.set(draw::value(&lines));
            Ok(())
        }
    }
}
