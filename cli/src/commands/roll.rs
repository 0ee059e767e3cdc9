//! The roll: shown, or marked.

use super::home::lesson;
use crate::{
    args::{NameAt, Roll},
    draw,
    exit::Exit,
    find::FoundGroup,
    say::Saying,
    session::Session,
    trouble::{Trouble, usage},
};
use chrono::{NaiveDate, NaiveTime, Timelike};
use skolebro_core::{
    device::{View, screens::roll_call},
    domain::{
        attendance::Presence,
        command::{CommandBody, RollMark},
        time::local_datetime,
    },
    say,
};

pub fn roll(session: &mut Session, args: &Roll) -> Result<Exit, Trouble> {
    session.refresh()?;
    let group = session.group(args.group.as_deref())?;
    // What somebody else marks is for the rules to refuse.
    let view = if args.only_shows() { session.desk_of(&group)? } else { session.view(group.school)? };
    let today = view.today();
    let day = args.day.map_or(today, |day| day.past(today));
    let chosen = args.lesson.map(|number| lesson(Some(number)));
    let shown = roll_call(&view, session.texts, group.id, day, chosen)?;
    if let Some(no_such) = shown.no_such.as_ref().filter(|_| args.only_shows()) {
        return Err(Trouble::Usage(no_such.clone()));
    }
    if args.only_shows() {
        draw::roll(&mut session.out, session.texts, &shown);
        session.out.flush();
        session.out.set(draw::value(&shown));
        if session.say_silently(group.school, &shown.seen)? {
            session.send()?;
        }
        return Ok(Exit::Done);
    }
    let lesson = shown.session;
    let marks = marks(session, &group, day, args)?;
    let undone = args.undo.iter().map(|name| session.member(&group, day, name)).collect::<Result<Vec<_>, _>>()?;
    let school = group.school;
    let mut saying = Saying::new(session, args.anyway);
    if !marks.is_empty() {
        saying.say(school, CommandBody::MarkRoll { group: group.id, day, session: lesson, marks })?;
    }
    for pupil in undone {
        saying.say(school, CommandBody::UndoMark { group: group.id, day, session: lesson, pupil })?;
    }
    if args.close {
        saying.say(school, CommandBody::CloseRoll { group: group.id, day, session: lesson })?;
    }
    saying.finish()
}

/// What the clock on the school's wall shows.
fn minute_at(view: &View) -> NaiveTime {
    let now = local_datetime(view.time_zone(), view.now()).time();
    now.with_second(0).and_then(|now| now.with_nanosecond(0)).unwrap_or(now)
}

fn marks(session: &Session, group: &FoundGroup, day: NaiveDate, args: &Roll) -> Result<Vec<RollMark>, Trouble> {
    let mut named: Vec<(&str, Presence)> = Vec::new();
    named.extend(args.present.iter().map(|name| (name.as_str(), Presence::Present)));
    named.extend(args.missing.iter().map(|name| (name.as_str(), Presence::Unexplained)));
    let view = session.view(group.school)?;
    let now = minute_at(&view);
    let timed = args.late.iter().chain(&args.left).chain(&args.home_sick);
    if let Some(named) = timed.into_iter().find(|named| named.at.is_none() && day != view.today()) {
        return Err(usage(say!(session.texts, "cli-say-when", name = &named.name)));
    }
    let at = |named: &NameAt| named.at.map_or(now, |at| at.0);
    named.extend(args.late.iter().map(|named| (named.name.as_str(), Presence::Late { at: at(named) })));
    named.extend(args.left.iter().map(|named| (named.name.as_str(), Presence::LeftEarly { at: at(named) })));
    named.extend(args.home_sick.iter().map(|named| (named.name.as_str(), Presence::SentHomeSick { at: at(named) })));
    named
        .into_iter()
        .map(|(name, presence)| Ok(RollMark { pupil: session.member(group, day, name)?, presence }))
        .collect()
}
