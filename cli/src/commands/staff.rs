//! The call list, explanations and follow-ups: what the office and the teachers settle.

use super::home::lesson;
use crate::{
    args::{Calls, FollowUp, Judge, Reached},
    days::DayWord,
    draw,
    exit::Exit,
    say::Saying,
    session::{Session, school_name},
    trouble::Trouble,
};
use skolebro_core::{
    device::screens::{Desk, SignalLine, Window, call_list, child, explanations, follow_ups},
    domain::{
        attendance::{self, PupilDay},
        command::CommandBody,
    },
    say,
};

const LINES: u32 = 200;

pub fn calls(session: &mut Session, args: &Calls) -> Result<Exit, Trouble> {
    session.refresh()?;
    if let (Some(name), Some(reached)) = (&args.log, args.reached) {
        return log(session, args, name, reached);
    }
    draw_calls(session, args.day)?;
    Ok(Exit::Done)
}

pub fn draw_calls(session: &mut Session, day: Option<DayWord>) -> Result<(), Trouble> {
    let mut shown = Vec::new();
    for view in session.desks(Desk::Calls)? {
        let day = day.map(|day| day.past(view.today()));
        let list = call_list(&view, session.texts, day, Window::first(LINES))?;
        draw::calls(&mut session.out, &list, &school_name(&view));
        shown.push(list);
    }
    session.out.set(draw::value(&shown));
    Ok(())
}

fn log(session: &mut Session, args: &Calls, name: &str, reached: Reached) -> Result<Exit, Trouble> {
    let pupil = session.pupil(name)?;
    let view = session.view(pupil.school)?;
    let called = args.called.as_deref().map(|name| session.adult(&pupil, name)).transpose()?;
    let asked = args.day.map(|day| day.past(view.today()));
    // The call that the list shows, unless a day or a lesson is named.
    let list = call_list(&view, session.texts, None, Window::ALL)?;
    let open = list.calls.items.iter().find(|call| {
        call.open && call.pupil.id == pupil.id && asked.is_none_or(|day| call.day == day) && args.lesson.is_none()
    });
    let (day, of) = match open {
        Some(call) => (call.day, call.session),
        None => (asked.unwrap_or_else(|| view.today()), lesson(args.lesson)),
    };
    drop(view);
    let (reached, outcome) = match reached {
        Reached::No => (false, None),
        Reached::Said(outcome) => (true, Some(outcome)),
    };
    let (pupil, school, note) = (pupil.id, pupil.school, args.note.clone());
    let mut saying = Saying::new(session, args.anyway);
    saying.say(school, CommandBody::LogCall { pupil, day, session: of, called, reached, outcome, note })?;
    saying.finish()
}

/// The explanations that wait for this person.
fn waiting(session: &mut Session) -> Result<Exit, Trouble> {
    let mut shown = Vec::new();
    for view in session.desks(Desk::Waiting)? {
        if let Some(list) = explanations(&view, session.texts, Window::first(LINES))? {
            draw::explanations(&mut session.out, session.texts, &list, &school_name(&view));
            shown.push(list);
        }
    }
    session.out.set(draw::value(&shown));
    Ok(Exit::Done)
}

pub fn judge(session: &mut Session, args: Judge) -> Result<Exit, Trouble> {
    session.refresh()?;
    let Some(name) = &args.child else { return waiting(session) };
    let pupil = session.pupil(name)?;
    let view = session.view(pupil.school)?;
    let today = view.today();
    let day = match args.day {
        Some(day) => day.past(today),
        None => {
            let list = explanations(&view, session.texts, Window::ALL)?;
            let lines = list.into_iter().flat_map(|list| list.explanations.items);
            let waiting: Vec<_> = lines.filter(|line| line.pupil.id == pupil.id).collect();
            match waiting.as_slice() {
                [] => today,
                [only] => only.day,
                [_, ..] => {
                    let days: Vec<String> = waiting.into_iter().map(|line| line.label).collect();
                    return Err(Trouble::Usage(say!(session.texts, "cli-which-day", days = days.join(", "))));
                }
            }
        }
    };
    // The session that was explained, where the roll is called by lesson.
    let of = match args.lesson {
        Some(_) => lesson(args.lesson),
        None => view.with_world(|world| explained(&PupilDay::load(world, pupil.id, day))),
    };
    drop(view);
    let (accept, reason) = (args.accept, args.refuse);
    let body = CommandBody::JudgeExplanation { pupil: pupil.id, day, session: of, accept, reason };
    let mut saying = Saying::new(session, args.anyway);
    saying.say(pupil.school, body)?;
    saying.finish()
}

/// The first session of the day with an explanation that waits.
fn explained(day: &PupilDay) -> attendance::Session {
    let waits = day.sessions.iter().find(|(_, record)| record.waits_for_judgement());
    waits.map_or(attendance::Session::Day, |(session, _)| *session)
}

pub fn follow_up(session: &mut Session, args: FollowUp) -> Result<Exit, Trouble> {
    session.refresh()?;
    let Some(name) = &args.child else { return draw_follow_ups(session) };
    let pupil = session.pupil(name)?;
    let view = session.view(pupil.school)?;
    let page = child(&view, session.texts, pupil.id, None, 1)?;
    drop(view);
    let begins = |line: &&SignalLine| {
        let wanted = args.signal.as_deref().unwrap_or_default().to_lowercase();
        line.threshold.to_lowercase().starts_with(&wanted)
    };
    let candidates: Vec<&SignalLine> =
        page.signals.iter().filter(|line| line.handled == args.take_back && begins(line)).collect();
    let line = match candidates.as_slice() {
        [] => return Err(Trouble::Usage(say!(session.texts, "cli-no-signal", name = page.pupil.name))),
        [only] => *only,
        [_, ..] => {
            let names: Vec<&str> = candidates.iter().map(|line| line.threshold.as_str()).collect();
            return Err(Trouble::Usage(say!(session.texts, "cli-which-signal", names = names.join(", "))));
        }
    };
    let (signal, handled, note) = (line.signal, !args.take_back, args.note);
    let body = CommandBody::HandleFollowUp { pupil: pupil.id, signal, handled, note };
    // The role that the signal is for, which the screen knows.
    let offered = line.actions.first().map(|action| action.capacity);
    let mut saying = Saying::new(session, args.anyway);
    match offered {
        Some(capacity) => saying.say_as(pupil.school, capacity, body)?,
        None => saying.say(pupil.school, body)?,
    }
    saying.finish()
}

fn draw_follow_ups(session: &mut Session) -> Result<Exit, Trouble> {
    let mut shown = Vec::new();
    for view in session.desks(Desk::Waiting)? {
        if let Some(list) = follow_ups(&view, session.texts, Window::first(LINES))? {
            draw::follow_ups(&mut session.out, &list, &school_name(&view));
            shown.push(list);
        }
    }
    session.out.set(draw::value(&shown));
    Ok(Exit::Done)
}
