//! One tap, several schools: a child who goes to a school and to an after-school club that is a school of its own is reported
//! at both, unless the person says otherwise. Each school gets a command of its own and decides by itself; on this phone
//! they are kept all or none.

use super::{
    error::PhoneError,
    phone::Phone,
    screens::HomeToday,
    submit::{Draft, IfAdvised, Together},
    text::Texts,
    view::View,
};
use crate::{
    domain::{
        access::home_holding,
        attendance::session::{SchoolDay, next_in_session, school_day},
        command::{Capacity, CommandBody},
        ids::{PersonId, SchoolId},
        rejection::Rejection,
    },
    say,
};
use chrono::NaiveDate;

impl Phone {
    /// What is said when that is said everywhere: it, and the same at the other schools where the person is an adult at home
    /// of these children, as far as there is anything to say there. A school that is closed that day, whose hours a part
    /// misses, where nothing runs that could end, where it has been said already or where the person may not say it, is
    /// left out, as long as any remains. What staff say is said at one school.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`], [`PhoneError::Suspended`], or the mirror cannot be read.
    pub fn everywhere(&self, draft: Draft) -> Result<Vec<Draft>, PhoneError> {
        let children = children_of(&draft.body);
        if draft.capacity != Capacity::Home || draft.depends_on.is_some() || children.is_empty() {
            return Ok(vec![draft]);
        }
        let mut said: Vec<Draft> = Vec::new();
        for school in self.schools() {
            let view = self.view(school)?;
            let body = if school == draft.school {
                Some(draft.body.clone())
            } else {
                let own = own_among(&view, &children);
                (view.is_known() && !own.is_empty()).then(|| about(&draft.body, own))
            };
            let worth = body.and_then(|body| worth_saying(&view, body));
            said.extend(worth.map(|body| Draft { school, capacity: Capacity::Home, body, depends_on: None }));
        }
        // With nothing to say anywhere, the school that was meant says why.
        if said.is_empty() { Ok(vec![draft]) } else { Ok(said) }
    }

    /// Queues the same everywhere, all or none: see [`Phone::everywhere`].
    ///
    /// # Errors
    /// As [`Phone::everywhere`] and [`Phone::submit`].
    pub fn submit_everywhere(&self, draft: Draft, if_advised: IfAdvised) -> Result<Together, PhoneError> {
        self.submit_together(self.everywhere(draft)?, if_advised)
    }

    /// The day that a report of a child is about which names none, over all the schools that it goes to: today while one of
    /// them is still to come or goes on and none is over, else the next day on which any is open.
    ///
    /// # Errors
    /// As [`Phone::everywhere`].
    pub fn report_day(&self, child: PersonId) -> Result<Option<NaiveDate>, PhoneError> {
        let mut today = None;
        let (mut ahead, mut over) = (false, false);
        let mut next: Option<NaiveDate> = None;
        for school in self.schools() {
            let view = self.view(school)?;
            if own_among(&view, &[child]).is_empty() {
                continue;
            }
            match school_day(view.roster(), child, view.now()) {
                SchoolDay::Ahead => {
                    ahead = true;
                    today = Some(view.today());
                }
                SchoolDay::Over => over = true,
                SchoolDay::None => {}
            }
            let coming = next_in_session(view.roster(), child, view.today());
            next = [next, coming].into_iter().flatten().min();
        }
        Ok(if ahead && !over { today } else { next })
    }

    /// Says beside each child at which other schools what is said here is said too.
    ///
    /// # Errors
    /// As [`Phone::everywhere`].
    pub fn name_elsewhere(&self, texts: Texts, screen: &mut HomeToday) -> Result<(), PhoneError> {
        for school in self.schools().into_iter().filter(|school| *school != screen.school) {
            let view = self.view(school)?;
            let Some(name) = view.roster().school().map(|school| school.name.clone()) else { continue };
            for child in &mut screen.children {
                if !own_among(&view, &[child.pupil.id]).is_empty() {
                    child.elsewhere.push(name.clone());
                }
            }
        }
        for child in &mut screen.children {
            child.elsewhere.sort();
            let names = texts.list(&child.elsewhere);
            child.elsewhere_text =
                (!child.elsewhere.is_empty()).then(|| say!(texts, "said-elsewhere", schools = names));
        }
        Ok(())
    }

    /// Those of this phone's schools where this person is an adult at home of the child.
    ///
    /// # Errors
    /// As [`Phone::everywhere`].
    pub fn schools_of_child(&self, child: PersonId) -> Result<Vec<SchoolId>, PhoneError> {
        let mut schools = Vec::new();
        for school in self.schools() {
            if !own_among(&self.view(school)?, &[child]).is_empty() {
                schools.push(school);
            }
        }
        Ok(schools)
    }
}

/// The children whom home speaks of; none: it is not said everywhere.
fn children_of(body: &CommandBody) -> Vec<PersonId> {
    if let CommandBody::ReportAbsence { pupils, .. } = body {
        return pupils.clone();
    }
    if let CommandBody::EndAbsence { pupil, .. }
    | CommandBody::ExtendAbsence { pupil, .. }
    | CommandBody::WithdrawAbsence { pupil, .. }
    | CommandBody::ExplainAbsence { pupil, .. } = body
    {
        return vec![*pupil];
    }
    Vec::new()
}

/// The same of these children only. What is of one child is of that one.
fn about(body: &CommandBody, children: Vec<PersonId>) -> CommandBody {
    let mut body = body.clone();
    if let CommandBody::ReportAbsence { pupils, .. } = &mut body {
        *pupils = children;
    }
    body
}

fn own_among(view: &View, children: &[PersonId]) -> Vec<PersonId> {
    let (roster, me, today) = (view.roster(), view.me(), view.today());
    let own = |child: &PersonId| {
        roster.own_pupils(me).any(|own| own == *child)
            && home_holding(roster, me, *child, today).is_some_and(|holding| holding.reads_anything())
    };
    children.iter().copied().filter(own).collect()
}

/// What of it there is to say at one school.
fn worth_saying(view: &View, body: CommandBody) -> Option<CommandBody> {
    if is_of_a_day_that_is_over(view, &body) {
        return None;
    }
    match view.advise(Capacity::Home, body.clone()) {
        Ok(changes) => (!changes.is_empty()).then_some(body),
        Err(Rejection::PartOutsideDay { .. }) => back_on_the_next_day(view, body),
        // Everything else that the rules mind the person is to hear of.
        Err(why) => (!says_nothing_is_to_be_said(&why)).then_some(body),
    }
}

fn says_nothing_is_to_be_said(why: &Rejection) -> bool {
    matches!(
        why,
        Rejection::NotYours
            | Rejection::NotInSession { .. }
            | Rejection::NoAbsence
            | Rejection::NotLonger { .. }
            | Rejection::NothingToExplain
            | Rejection::MarkedPresent { .. }
            | Rejection::AlreadyReported { .. }
            | Rejection::AlreadyWell { .. }
            | Rejection::AlreadyExplained { .. }
    )
}

/// A report of today, at a school where that has been.
fn is_of_a_day_that_is_over(view: &View, body: &CommandBody) -> bool {
    let CommandBody::ReportAbsence { pupils, from, to, .. } = body else { return false };
    let over = |pupil: &PersonId| school_day(view.roster(), *pupil, view.now()) == SchoolDay::Over;
    *from == view.today() && from == to && pupils.iter().all(over)
}

/// Well again at an hour when this school has closed, or not opened, is well again there from its next day on.
fn back_on_the_next_day(view: &View, body: CommandBody) -> Option<CommandBody> {
    let CommandBody::EndAbsence { pupil, back_on, back_at: Some(_) } = body else { return None };
    let next = next_in_session(view.roster(), pupil, back_on)?;
    let body = CommandBody::EndAbsence { pupil, back_on: next, back_at: None };
    view.advise(Capacity::Home, body.clone()).is_ok_and(|changes| !changes.is_empty()).then_some(body)
}
