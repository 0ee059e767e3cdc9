//! Who is what: confirming, delegating, assigning.

use crate::{
    args::{Assign, Bar, Code, Confirm, Delegate, GuardianshipWord, Substitute},
    exit::Exit,
    find::FoundPupil,
    output::{Tone, cell},
    say::Saying,
    session::Session,
    trouble::{Trouble, usage},
};
use clap::ValueEnum;
use serde_json::{Value, json};
use skolebro_core::{
    device::{
        View,
        screens::{Desk, not_theirs},
    },
    domain::{
        command::CommandBody,
        ids::PersonId,
        names,
        people::{Assignment, Dates, GuardianshipKind, Reach, Role, SchoolForm, Standing},
        record::{Body, RecordKind},
    },
    protocol::CodeAnswer,
    say,
};

pub fn confirm(session: &mut Session, args: &Confirm) -> Result<Exit, Trouble> {
    session.refresh()?;
    let (Some(child), Some(adult)) = (&args.child, &args.adult) else { return pending(session) };
    let pupil = session.pupil(child)?;
    let person = session.adult(&pupil, adult)?;
    let kind = match args.kind {
        Some(kind) => kind.into(),
        None => stands_as(session, &pupil, person, adult)?,
    };
    let mut saying = Saying::new(session, args.anyway);
    saying.say(pupil.school, CommandBody::ConfirmAdult { pupil: pupil.id, person, kind })?;
    saying.finish()
}

/// What the roster or the legal layer says that the adult is.
fn stands_as(
    session: &Session,
    pupil: &FoundPupil,
    person: PersonId,
    adult: &str,
) -> Result<GuardianshipKind, Trouble> {
    let cards = session.view(pupil.school)?.contacts(pupil.id)?;
    let card = cards.into_iter().find(|card| card.person == person);
    let known = card.as_ref().map(|card| card.kind).filter(|kind| *kind != GuardianshipKind::Unspecified);
    known.ok_or_else(|| {
        let words = GuardianshipWord::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let kinds: Vec<String> = words.map(|word| word.get_name().to_owned()).collect();
        let adult = card.map_or_else(|| adult.to_owned(), |card| card.name);
        let (child, kinds) = (pupil.name.clone(), kinds.join(", "));
        usage(say!(session.texts, "cli-confirm-kind", adult = adult, child = child, kinds = kinds))
    })
}

pub fn block(session: &mut Session, args: &Bar) -> Result<Exit, Trouble> {
    session.refresh()?;
    let pupil = session.pupil(&args.child)?;
    let person = session.anybody(&pupil, &args.adult)?;
    let mut saying = Saying::new(session, args.anyway);
    saying.say(pupil.school, CommandBody::BlockAdult { pupil: pupil.id, person })?;
    saying.finish()
}

pub fn lift(session: &mut Session, args: &Bar) -> Result<Exit, Trouble> {
    session.refresh()?;
    let pupil = session.pupil(&args.child)?;
    let person = session.anybody(&pupil, &args.adult)?;
    let mut saying = Saying::new(session, args.anyway);
    saying.say(pupil.school, CommandBody::LiftBlock { pupil: pupil.id, person })?;
    saying.finish()
}

/// Whoever waits to be confirmed, as far as this phone's contact cards tell; who is barred, for those who may lift it; and
/// of whom somebody must say whether they are one.
fn pending(session: &mut Session) -> Result<Exit, Trouble> {
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    for view in session.desks(Desk::Confirming)? {
        for record in view.of_kind(RecordKind::GuardianContact)? {
            let (Some(pupil), Body::GuardianContact(card)) = (record.pupil, record.body) else { continue };
            if card.standing != Standing::Pending || card.blocked {
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
    let barred = barred(session)?;
    let namesakes = namesakes(session)?;
    session.out.set(json!({ "pending": values, "barred": barred, "namesakes": namesakes }));
    Ok(Exit::Done)
}

fn barred(session: &mut Session) -> Result<Vec<Value>, Trouble> {
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    for view in session.views()? {
        if not_theirs(&view, session.texts, Desk::Lifting).is_some() {
            continue;
        }
        for record in view.of_kind(RecordKind::GuardianContact)? {
            let (Some(pupil), Body::GuardianContact(card)) = (record.pupil, record.body) else { continue };
            if !card.blocked {
                continue;
            }
            let child = view.name(pupil).map(|name| name.to_string()).unwrap_or_default();
            rows.push((child.clone(), card.name.clone()));
            values.push(json!({ "pupil": pupil, "child": child, "person": card.person, "adult": card.name }));
        }
    }
    rows.sort();
    let words = say!(session.texts, "cli-is-barred");
    let row = |(child, adult)| vec![cell(child, Tone::Title), cell(adult, Tone::Plain), cell(&words, Tone::Bad)];
    session.out.table(&rows.into_iter().map(row).collect::<Vec<_>>());
    Ok(values)
}

fn namesakes(session: &mut Session) -> Result<Vec<Value>, Trouble> {
    let mut values = Vec::new();
    for view in session.desks(Desk::Confirming)? {
        for (card, others) in view.namesakes()? {
            session.out.line(&say!(session.texts, "cli-namesake", name = card.name.clone()), Tone::Warn);
            let others: Vec<PersonId> = others.into_iter().map(|other| other.person).collect();
            values.push(json!({ "person": card.person, "name": card.name, "others": others }));
        }
    }
    Ok(values)
}

/// At each school of the child's that knows the adult.
pub fn delegate(session: &mut Session, args: &Delegate) -> Result<Exit, Trouble> {
    session.know_the_school()?;
    let places = session.resolving(|session| with_adult(session, args))?;
    let topics: Vec<_> = args.topics.iter().copied().map(Into::into).collect();
    let mut drafts = Vec::new();
    for (child, to) in places {
        let today = session.view(child.school)?.today();
        let from = args.from.map_or(today, |day| day.coming(today));
        let dates = Dates { from: Some(from), until: args.until.map(|day| day.coming_after(from, today)) };
        drafts.push((child.school, CommandBody::DelegateTopics { pupil: child.id, to, topics: topics.clone(), dates }));
    }
    let mut saying = Saying::new(session, args.anyway);
    for (school, body) in drafts {
        saying.say(school, body)?;
    }
    saying.finish()
}

fn with_adult(session: &Session, args: &Delegate) -> Result<Vec<(FoundPupil, PersonId)>, Trouble> {
    let (mut found, mut nobody) = (Vec::new(), None);
    for child in session.child_at_each(args.child.as_deref())? {
        match session.adult(&child, &args.to) {
            Ok(adult) => found.push((child, adult)),
            Err(why) => nobody = Some(why),
        }
    }
    match nobody {
        Some(why) if found.is_empty() => Err(why),
        Some(_) | None => Ok(found),
    }
}

pub fn code(session: &mut Session, args: &Code) -> Result<Exit, Trouble> {
    session.refresh()?;
    if session.folder.is_offline() {
        return Err(Trouble::Offline);
    }
    let somebody = session.somebody(&args.person)?;
    let (texts, name) = (session.texts, somebody.name.clone());
    match session.phone.make_code(somebody.school, somebody.id)? {
        CodeAnswer::Made { code, until } => {
            let view = session.view(somebody.school)?;
            let moment = texts.moment(until, view.time_zone(), view.today());
            session.out.line(&say!(texts, "cli-code", name = name.clone(), code = code.clone()), Tone::Good);
            session.out.indented(&say!(texts, "cli-code-until", name = name, until = moment), Tone::Plain);
            session.out.set(json!({ "person": somebody.id, "code": code, "until": until }));
            Ok(Exit::Done)
        }
        CodeAnswer::Refused { why } => {
            let refusal = texts.no_code(why, &name);
            session.out.line(&refusal.text, Tone::Bad);
            session.out.indented(&refusal.instead, Tone::Plain);
            session.out.set(json!({ "person": somebody.id, "refusal": refusal }));
            Ok(Exit::Failed)
        }
    }
}

pub fn substitute(session: &mut Session, args: Substitute) -> Result<Exit, Trouble> {
    session.refresh()?;
    let group = session.group(Some(&args.group))?;
    let view = session.view(group.school)?;
    let today = view.today();
    let name = format!("{} {}", args.given, args.family);
    if !args.anyway && view.colleagues()?.iter().any(|card| names::same(&card.name, &name)) {
        return Err(usage(say!(session.texts, "cli-works-here", name = name)));
    }
    let suits = || match view.roster().group(group.id).map(|group| group.form) {
        Some(SchoolForm::Preschool) => Role::PreschoolStaff,
        Some(SchoolForm::AfterSchool) => Role::AfterSchoolStaff,
        Some(SchoolForm::PreschoolClass | SchoolForm::Compulsory | SchoolForm::UpperSecondary) | None => Role::Teacher,
    };
    let role = args.role.map_or_else(suits, Into::into);
    let from = args.from.map_or(today, |day| day.coming(today));
    let dates = Dates { from: Some(from), until: Some(args.until.coming_after(from, today)) };
    drop(view);
    let mut saying = Saying::new(session, args.anyway);
    let (given_name, family_name) = (args.given, args.family);
    saying.say(group.school, CommandBody::AddSubstitute { given_name, family_name, role, group: group.id, dates })?;
    saying.finish()
}

/// What is to be ended is there, as far as this phone knows; or else what is there instead.
fn stands(session: &Session, view: &View, ended: &Assignment) -> Result<(), Trouble> {
    let (roster, texts) = (view.roster(), session.texts);
    let held = roster.assignments(ended.person);
    if held.iter().any(|held| held.role == ended.role && held.reach == ended.reach) {
        return Ok(());
    }
    let group = |id| roster.group(id).map(|group| group.name.clone()).unwrap_or_default();
    let held: Vec<String> = held.iter().map(|held| texts.assignment(held, &group, view.today())).collect();
    let name = view.name(ended.person).map(|name| name.to_string()).unwrap_or_default();
    Err(usage(say!(texts, "cli-no-such-assignment", name = name, count = held.len(), held = held.join("; "))))
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
        if !args.anyway {
            stands(session, &view, &assignment)?;
        }
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
