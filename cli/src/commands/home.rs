//! Reports, from home or filed by the office for a home.

use crate::{
    args::{Explain, Extend, Sick, Well, Withdraw},
    exit::Exit,
    find::FoundPupil,
    output::complain,
    say::Saying,
    session::Session,
    trouble::{Trouble, usage},
};
use chrono::NaiveDate;
use skolebro_core::{
    device::screens::{Action, Does, child},
    domain::{
        attendance::{Session as Lesson, session::day_to_report},
        command::CommandBody,
        ids::{PersonId, SchoolId},
        time::instant,
    },
    say,
};
use std::collections::BTreeMap;

pub fn lesson(number: Option<u8>) -> Lesson {
    number.map_or(Lesson::Day, Lesson::Lesson)
}

impl Session {
    fn today_of(&self, pupil: &FoundPupil) -> Result<NaiveDate, Trouble> {
        Ok(self.view(pupil.school)?.today())
    }

    /// The day that a report is about which names none: over all the child's schools, or the one that was named.
    fn report_day(&self, child: &FoundPupil) -> Result<NaiveDate, Trouble> {
        let view = self.view(child.school)?;
        let here = || day_to_report(view.roster(), child.id, view.now());
        let everywhere = if self.names_a_school() { None } else { self.phone.report_day(child.id)? };
        Ok(everywhere.or_else(here).unwrap_or(view.today()))
    }

    /// What the child's own screen offers.
    fn offered(&mut self, pupil: &FoundPupil, does: Does) -> Result<Option<Action>, Trouble> {
        let found = self.offered_now(pupil, does)?;
        if found.is_none() && self.look_again()? {
            return self.offered_now(pupil, does);
        }
        Ok(found)
    }

    fn offered_now(&self, pupil: &FoundPupil, does: Does) -> Result<Option<Action>, Trouble> {
        let view = self.view(pupil.school)?;
        let today = child(&view, self.texts, pupil.id, None, 1)?.today;
        Ok(today.into_iter().flat_map(|today| today.actions).find(|action| action.does == does))
    }

    /// Before a name can be found there must be something to find it in.
    pub fn know_the_school(&mut self) -> Result<(), Trouble> {
        self.signed_in()?;
        let mut known = true;
        for school in self.phone.schools() {
            known &= self.view(school)?.is_known();
        }
        if !known {
            self.refresh()?;
        }
        self.know_the_day()
    }
}

pub fn sick(session: &mut Session, args: Sick) -> Result<Exit, Trouble> {
    session.know_the_school()?;
    warn_of_the_note(session, args.note.as_deref());
    let children: Vec<FoundPupil> = match args.children.as_slice() {
        [] => vec![session.resolving(|session| session.child_anywhere(None))?],
        names => session.resolving(|session| names.iter().map(|name| session.child_anywhere(Some(name))).collect())?,
    };
    if args.same {
        return same(session, &children, &args);
    }
    let mut together: BTreeMap<(SchoolId, NaiveDate), Vec<PersonId>> = BTreeMap::new();
    for child in &children {
        let from = match args.from {
            Some(day) => day.coming(session.today_of(child)?),
            None => session.report_day(child)?,
        };
        let pupils = together.entry((child.school, from)).or_default();
        if !pupils.contains(&child.id) {
            pupils.push(child.id);
        }
    }
    let on_behalf_of = match (&args.on_behalf, children.as_slice()) {
        (None, _) => None,
        (Some(name), [child, ..]) => Some(session.resolving(|session| session.adult(child, name))?),
        (Some(_), []) => None,
    };
    let mut saying = Saying::new(session, args.anyway);
    for ((school, from), pupils) in together {
        let view = saying.session().view(school)?;
        let today = view.today();
        let to = args.to.map_or(from, |day| day.coming_after(from, today));
        let phoned_at = args.phoned.map(|time| instant(view.time_zone(), today, time.0));
        let (kind, part, note) = (args.kind.into(), args.part.map(|part| part.0), args.note.clone());
        saying
            .say(school, CommandBody::ReportAbsence { pupils, kind, from, to, part, note, on_behalf_of, phoned_at })?;
    }
    saying.finish()
}

fn same(session: &mut Session, children: &[FoundPupil], args: &Sick) -> Result<Exit, Trouble> {
    let mut offers = Vec::new();
    for child in children {
        let offer = session.offered(child, Does::SameAsYesterday)?;
        offers.push((
            child.school,
            offer.ok_or_else(|| usage(say!(session.texts, "cli-nothing-of-yesterday", name = &child.name)))?,
        ));
    }
    let mut saying = Saying::new(session, args.anyway);
    for (school, offer) in offers {
        let body = match offer.body {
            CommandBody::ReportAbsence { pupils, kind, from, to, part, on_behalf_of, phoned_at, note: _ } => {
                let note = args.note.clone();
                CommandBody::ReportAbsence { pupils, kind, from, to, part, note, on_behalf_of, phoned_at }
            }
            other => other,
        };
        saying.say_as(school, offer.capacity, body)?;
    }
    saying.finish()
}

/// Beside what was written: a terminal has no field to stand beside.
fn warn_of_the_note(session: &Session, note: Option<&str>) {
    if note.is_some() && !session.out.is_json() {
        complain(&session.texts.note_warning());
    }
}

fn one(
    session: &mut Session,
    name: Option<&str>,
    anyway: bool,
    body: impl FnOnce(&mut Session, &FoundPupil, NaiveDate) -> Result<CommandBody, Trouble>,
) -> Result<Exit, Trouble> {
    session.know_the_school()?;
    let child = session.resolving(|session| session.child_anywhere(name))?;
    let today = session.today_of(&child)?;
    let body = body(session, &child, today)?;
    let mut saying = Saying::new(session, anyway);
    saying.say(child.school, body)?;
    saying.finish()
}

pub fn well(session: &mut Session, args: &Well) -> Result<Exit, Trouble> {
    one(session, args.child.as_deref(), args.anyway, |session, child, today| {
        // Without a day or an hour: what the child's screen would do.
        if args.back.is_none() && args.at.is_none() {
            for does in [Does::WellAgainToday, Does::WellAgainLater] {
                if let Some(offer) = session.offered(child, does)? {
                    return Ok(offer.body);
                }
            }
        }
        let back_on = args.back.map_or(today, |day| day.coming(today));
        Ok(CommandBody::EndAbsence { pupil: child.id, back_on, back_at: args.at.map(|time| time.0) })
    })
}

pub fn extend(session: &mut Session, args: &Extend) -> Result<Exit, Trouble> {
    one(session, args.child.as_deref(), args.anyway, |_, child, today| {
        Ok(CommandBody::ExtendAbsence { pupil: child.id, to: args.to.coming(today) })
    })
}

pub fn withdraw(session: &mut Session, args: &Withdraw) -> Result<Exit, Trouble> {
    one(session, args.child.as_deref(), args.anyway, |_, child, today| {
        let from = args.from.coming(today);
        let to = args.to.map_or(from, |day| day.coming_after(from, today));
        Ok(CommandBody::WithdrawAbsence { pupil: child.id, from, to })
    })
}

pub fn explain(session: &mut Session, args: Explain) -> Result<Exit, Trouble> {
    let Explain { child, day, lesson: number, kind, note, anyway } = args;
    warn_of_the_note(session, note.as_deref());
    one(session, child.as_deref(), anyway, |_, child, today| {
        let day = day.map_or(today, |day| day.past(today));
        Ok(CommandBody::ExplainAbsence { pupil: child.id, day, session: lesson(number), kind: kind.into(), note })
    })
}
