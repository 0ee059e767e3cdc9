//! Screens that are only looked at.

use crate::{
    args::{Board, Stats, WhoCanRead},
    draw,
    exit::Exit,
    find::FoundGroup,
    output::Tone,
    session::{Session, school_name},
    trouble::Trouble,
};
use chrono::NaiveDate;
use serde_json::{Value, json};
use skolebro_core::{
    device::{
        View,
        screens::{self, Desk, GroupBoard, Window},
    },
    domain::{
        ids::{PersonId, SchoolId},
        scope::{Circle, Scope},
    },
};
use std::collections::BTreeSet;

const ROWS: u32 = 500;
/// Days of a child that *stats* shows.
const DAYS: u32 = 10;

pub fn today(session: &mut Session) -> Result<Exit, Trouble> {
    session.refresh()?;
    draw_today(session)?;
    Ok(Exit::Done)
}

fn is_at_home(view: &View) -> Result<bool, Trouble> {
    Ok(!view.relations()?.is_empty())
}

/// Both sides of a teacher who is also a guardian: home first, unless one was asked for.
pub fn draw_today(session: &mut Session) -> Result<(), Trouble> {
    let (mut home, mut staff) = (Vec::new(), Vec::new());
    let mut on_screen = BTreeSet::new();
    for view in session.views()? {
        on_screen.insert(view.school());
        let wants_staff = session.acts_as_staff();
        let works = !view.roles_today().is_empty();
        if wants_staff != Some(true) && (is_at_home(&view)? || !works) {
            let mut shown = screens::home_today(&view, session.texts)?;
            session.phone.name_elsewhere(session.texts, &mut shown)?;
            draw::home_today(&mut session.out, session.texts, &shown);
            home.push(shown);
        }
        if wants_staff != Some(false) && works {
            let shown = screens::staff_today(&view, session.texts)?;
            draw::staff_today(&mut session.out, session.texts, &shown);
            staff.push(shown);
        }
    }
    let mut value = json!({ "home": home, "staff": staff });
    if home.is_empty() && staff.is_empty() {
        value["empty"] = json!(draw_nothing(session));
    }
    if !session.names_a_school() {
        value["elsewhere"] = draw_mail_elsewhere(session, &on_screen)?;
    }
    session.draw_sealed();
    session.out.set(value);
    Ok(())
}

/// What was said at a school that has ended for this person, and did not arrive or was refused: its screen would have said.
fn draw_mail_elsewhere(session: &mut Session, on_screen: &BTreeSet<SchoolId>) -> Result<Value, Trouble> {
    let said_at: BTreeSet<SchoolId> = session.phone.outbox()?.iter().map(|item| item.school).collect();
    let mut all = Vec::new();
    for school in said_at.difference(on_screen) {
        let mail = screens::home_today(&session.view(*school)?, session.texts)?.mail;
        draw::mail(&mut session.out, &mail);
        all.push(mail);
    }
    Ok(json!(all))
}

fn draw_nothing(session: &mut Session) -> String {
    let mut told = session.nothing_here().into_iter();
    let nothing = told.next().unwrap_or_default();
    session.out.plain(&nothing);
    for more in told {
        session.out.indented(&more, Tone::Plain);
    }
    nothing
}

pub fn board(session: &mut Session, args: &Board) -> Result<Exit, Trouble> {
    session.refresh()?;
    if args.evacuation {
        return evacuation(session);
    }
    let day = |view: &View| args.day.map_or(view.today(), |day| day.past(view.today()));
    match &args.group {
        Some(name) => {
            let group = session.group(Some(name))?;
            let day = day(&session.view(group.school)?);
            let shown = draw_group_board(session, &group, day)?;
            session.out.flush();
            if session.say_silently(group.school, &shown.seen)? {
                session.send()?;
            }
        }
        None => draw_school_board(session, day)?,
    }
    Ok(Exit::Done)
}

fn evacuation(session: &mut Session) -> Result<Exit, Trouble> {
    let mut lists = Vec::new();
    for view in session.desks(Desk::Evacuation)? {
        if let Some(list) = screens::evacuation_list(&view, session.texts, Window::ALL)? {
            draw::evacuation(&mut session.out, &list);
            lists.push(list);
        }
    }
    session.out.set(draw::value(&lists));
    Ok(Exit::Done)
}

pub fn draw_group_board(session: &mut Session, group: &FoundGroup, day: NaiveDate) -> Result<GroupBoard, Trouble> {
    let view = session.desk_of(group)?;
    let shown = screens::group_board(&view, session.texts, group.id, day, Window::first(ROWS))?;
    draw::group_board(&mut session.out, session.texts, &shown);
    session.out.set(draw::value(&shown));
    Ok(shown)
}

pub fn draw_school_board(session: &mut Session, day: impl Fn(&View) -> NaiveDate) -> Result<(), Trouble> {
    let mut boards = Vec::new();
    for view in session.desks(Desk::School)? {
        let shown = screens::school_board(&view, session.texts, day(&view), Window::first(ROWS))?;
        draw::school_board(&mut session.out, &shown, &school_name(&view));
        boards.push(shown);
    }
    session.out.set(draw::value(&boards));
    Ok(())
}

pub fn stats(session: &mut Session, args: &Stats) -> Result<Exit, Trouble> {
    of_child(session, args.child.as_deref(), |session, view, child| {
        let shown = screens::child(view, session.texts, child, None, DAYS)?;
        draw::child(&mut session.out, session.texts, &shown);
        Ok(draw::value(&shown))
    })
}

pub fn who_can_read(session: &mut Session, args: &WhoCanRead) -> Result<Exit, Trouble> {
    of_child(session, args.child.as_deref(), |session, view, child| {
        let scope = Scope::pupil(child, args.topic.into(), Circle::All);
        let shown = screens::who_can_read(view, session.texts, scope, Window::first(ROWS))?;
        draw::who_can_read(&mut session.out, &shown);
        Ok(draw::value(&shown))
    })
}

/// A screen of a child's, of each school where it goes.
fn of_child(
    session: &mut Session,
    child: Option<&str>,
    mut show: impl FnMut(&mut Session, &View, PersonId) -> Result<Value, Trouble>,
) -> Result<Exit, Trouble> {
    session.refresh()?;
    let places = session.child_at_each(child)?;
    let mut values = Vec::new();
    for place in &places {
        let view = session.view(place.school)?;
        if let [_, _, ..] = places.as_slice() {
            session.out.blank();
            session.out.title(&school_name(&view));
        }
        values.push(show(session, &view, place.id)?);
    }
    let only = values.len() == 1;
    let value = if only { values.pop().unwrap_or_default() } else { json!({ "schools": values }) };
    session.out.set(value);
    Ok(Exit::Done)
}
