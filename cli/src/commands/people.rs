//! Who is what: confirming, delegating, assigning.

use crate::{
    args::{Assign, Confirm, Delegate},
    exit::Exit,
    output::{Tone, cell},
    say::Saying,
    session::Session,
    trouble::Trouble,
};
use serde_json::json;
use skolebro_core::{
    device::screens::Desk,
    domain::{
        command::CommandBody,
        names,
        people::{Assignment, Dates, Reach, Standing},
        record::{Body, RecordKind},
    },
    say,
};

pub fn confirm(session: &mut Session, args: &Confirm) -> Result<Exit, Trouble> {
    session.refresh()?;
    let (Some(child), Some(adult)) = (&args.child, &args.adult) else { return pending(session) };
    let pupil = session.pupil(child)?;
    let person = session.adult(&pupil, adult)?;
    let mut saying = Saying::new(session, args.anyway);
    let kind = args.kind.into();
    saying.say(pupil.school, CommandBody::ConfirmAdult { pupil: pupil.id, person, kind })?;
    saying.finish()
}

/// Whoever waits to be confirmed, as far as this phone's contact cards tell.
fn pending(session: &mut Session) -> Result<Exit, Trouble> {
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    for view in session.desks(Desk::Confirming)? {
        for record in view.of_kind(RecordKind::GuardianContact)? {
            let (Some(pupil), Body::GuardianContact(card)) = (record.pupil, record.body) else { continue };
            if card.standing != Standing::Pending {
                continue;
            }
            let child = view.name(pupil).map(|name| name.to_string()).unwrap_or_default();
            let kind = say!(session.texts, "cli-waits-as", kind = session.texts.guardianship(card.kind));
            rows.push((child.clone(), card.name.clone(), kind));
            values.push(
                json!({ "pupil": pupil, "child": child, "person": card.person, "adult": card.name, "kind": card.kind }),
            );
        }
    }
    let language = session.texts.language();
    rows.sort_by_cached_key(|(child, adult, _)| (names::sort_key(language, child), names::sort_key(language, adult)));
    let table: Vec<_> = rows
        .into_iter()
        .map(|(child, adult, kind)| vec![cell(child, Tone::Title), cell(adult, Tone::Plain), cell(kind, Tone::Quiet)])
        .collect();
    if table.is_empty() {
        session.out.quiet(&say!(session.texts, "cli-nobody-waits"));
    }
    session.out.table(&table);
    session.out.set(json!({ "pending": values }));
    Ok(Exit::Done)
}

pub fn delegate(session: &mut Session, args: &Delegate) -> Result<Exit, Trouble> {
    session.know_the_school()?;
    let child = session.child(args.child.as_deref())?;
    let to = session.adult(&child, &args.to)?;
    let today = session.view(child.school)?.today();
    let from = args.from.map_or(today, |day| day.coming(today));
    let dates = Dates { from: Some(from), until: args.until.map(|day| day.coming_after(from, today)) };
    let topics = args.topics.iter().copied().map(Into::into).collect();
    let mut saying = Saying::new(session, args.anyway);
    saying.say(child.school, CommandBody::DelegateTopics { pupil: child.id, to, topics, dates })?;
    saying.finish()
}

pub fn assign(session: &mut Session, args: &Assign) -> Result<Exit, Trouble> {
    session.refresh()?;
    let somebody = session.staff(&args.person)?;
    let view = session.view(somebody.school)?;
    let today = view.today();
    let reach = match &args.group {
        Some(name) => Reach::Group(session.group(Some(name))?.id),
        None => Reach::School,
    };
    let role = args.role.into();
    let body = if args.end {
        // All of that role there, whatever their dates.
        let assignment = Assignment { person: somebody.id, role, reach, dates: Dates::default() };
        CommandBody::EndAssignment { person: somebody.id, assignment }
    } else {
        let from = args.from.map_or(today, |day| day.coming(today));
        let dates = Dates { from: Some(from), until: args.until.map(|day| day.coming_after(from, today)) };
        CommandBody::AssignStaff { assignment: Assignment { person: somebody.id, role, reach, dates } }
    };
    drop(view);
    let mut saying = Saying::new(session, args.anyway);
    saying.say(somebody.school, body)?;
    saying.finish()
}
