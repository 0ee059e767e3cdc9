//! The call list and explanations: what the office and the teachers settle.

use super::home::lesson;
use crate::{
    args::{Calls, Judge},
    draw,
    exit::Exit,
    say::Saying,
    session::{Session, school_name},
    trouble::Trouble,
};
use skolebro_core::{
    device::screens::{Desk, Window, call_list},
    domain::command::CommandBody,
};

const LINES: u32 = 200;

pub fn calls(session: &mut Session, args: &Calls) -> Result<Exit, Trouble> {
    session.refresh()?;
    if let (Some(name), Some(reached)) = (&args.log, args.reached) {
        return log(session, args, name, reached);
    }
    draw_calls(session)?;
    Ok(Exit::Done)
}

pub fn draw_calls(session: &mut Session) -> Result<(), Trouble> {
    let mut shown = Vec::new();
    for view in session.desks(Desk::Calls)? {
        let list = call_list(&view, session.texts, Window::first(LINES))?;
        draw::calls(&mut session.out, &list, &school_name(&view));
        shown.push(list);
    }
    session.out.set(draw::value(&shown));
    Ok(())
}

fn log(session: &mut Session, args: &Calls, name: &str, reached: bool) -> Result<Exit, Trouble> {
    let pupil = session.pupil(name)?;
    let view = session.view(pupil.school)?;
    let called = args.called.as_deref().map(|name| session.adult(&pupil, name)).transpose()?;
    let asked = args.day.map(|day| day.past(view.today()));
    // The call that the list shows, unless a day or a lesson is named.
    let list = call_list(&view, session.texts, Window::ALL)?;
    let open = list.calls.items.iter().find(|call| {
        call.open && call.pupil.id == pupil.id && asked.is_none_or(|day| call.day == day) && args.lesson.is_none()
    });
    let (day, of) = match open {
        Some(call) => (call.day, call.session),
        None => (asked.unwrap_or_else(|| view.today()), lesson(args.lesson)),
    };
    drop(view);
    let mut saying = Saying::new(session, args.anyway);
    saying.say(pupil.school, CommandBody::LogCall { pupil: pupil.id, day, session: of, called, reached })?;
    saying.finish()
}

pub fn judge(session: &mut Session, args: Judge) -> Result<Exit, Trouble> {
    session.refresh()?;
    let pupil = session.pupil(&args.child)?;
    let today = session.view(pupil.school)?.today();
    let day = args.day.map_or(today, |day| day.past(today));
    let (accept, reason) = (args.accept, args.refuse);
    let body = CommandBody::JudgeExplanation { pupil: pupil.id, day, session: lesson(args.lesson), accept, reason };
    let mut saying = Saying::new(session, args.anyway);
    saying.say(pupil.school, body)?;
    saying.finish()
}
