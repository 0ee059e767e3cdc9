//! *Today* for an adult at home: each child in one block, and whatever has not reached the school.

use super::{
    Source,
    child_today::{ChildToday, can_be_reported, child_today, report_on},
    frame::Frame,
    values::{Action, Does, Person},
};
use crate::{
    device::{CutoffWarning, Delivery, PhoneError, cutoff, delivery::is_silent, text::Texts},
    domain::{
        attendance::AbsenceKind,
        command::Capacity,
        ids::{PersonId, SchoolId},
        names,
        notice::Notice,
        record::RecordKind,
    },
    say,
};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;

/// How far back an unread notice is still counted, in days.
const NOTICES: u64 = 30;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct HomeToday {
    pub school: SchoolId,
    /// Nothing, where this person may not know it (any more) or it has not come.
    pub school_name: String,
    pub day: NaiveDate,
    /// *Måndag 12 oktober*.
    pub heading: String,
    pub children: Vec<ChildToday>,
    /// Where there are none: that nothing has come from the school yet, or that this person sees nobody there.
    pub empty: Option<String>,
    /// Buttons for several children at once.
    pub together: Vec<Action>,
    pub mail: Mail,
    /// Without any name. None: nothing to worry about.
    pub warning: Option<Warning>,
    /// To stand beside the field for a note.
    pub note_warning: String,
}

/// What waits in the inbox and the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Mail {
    /// Notices that are unread and still hold.
    pub unread: u32,
    pub unread_text: Option<String>,
    pub unsent: u32,
    pub unsent_text: Option<String>,
    /// What the school could not take: see the outbox for what to do instead.
    pub refused: u32,
    pub refused_text: Option<String>,
    /// That something of somebody who is not signed in waits on this phone; never what.
    pub sealed: Option<String>,
}

impl Mail {
    pub(super) fn is_empty(&self) -> bool {
        self.unread == 0 && self.unsent == 0 && self.refused == 0 && self.sealed.is_none()
    }
}

/// A report that has not left the phone near the cutoff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Warning {
    pub text: String,
    /// The school's telephone.
    pub phone: String,
    pub past: bool,
}

/// # Errors
/// The mirror cannot be read.
pub fn home_today(source: &dyn Source, texts: Texts) -> Result<HomeToday, PhoneError> {
    let frame = Frame::new(source, texts);
    let mut children: Vec<Person> = own_children(&frame).into_iter().map(|pupil| frame.pupil(pupil)).collect();
    children.sort_by_cached_key(|child| (names::sort_key(texts.language(), &child.name), child.id));
    let children: Vec<ChildToday> =
        children.into_iter().map(|child| child_today(&frame, child.id)).collect::<Result<_, _>>()?;
    let school = source.roster().school();
    Ok(HomeToday {
        school: source.school(),
        school_name: school.map(|school| school.name.clone()).unwrap_or_default(),
        day: frame.today,
        heading: frame.heading(frame.today),
        empty: children.is_empty().then(|| match source.is_known() {
            false => say!(texts, "waiting-for-school"),
            true => say!(texts, "no-children"),
        }),
        together: together(&frame, &children),
        mail: frame.mail()?,
        warning: warning(&frame),
        note_warning: texts.note_warning(),
        children,
    })
}

/// The pupils for whom this person is at home, itself among them where it is a pupil of age, and about whom something is
/// read.
pub(super) fn own_children(frame: &Frame<'_>) -> Vec<PersonId> {
    let roster = frame.source.roster();
    let me = frame.source.me();
    let reads = |pupil: &PersonId| {
        crate::domain::access::home_holding(roster, me, *pupil, frame.today)
            .is_some_and(|holding| holding.reads_anything())
    };
    roster.own_pupils(me).filter(reads).collect()
}

/// One button for all the children whose next report is about the same day.
fn together(frame: &Frame<'_>, children: &[ChildToday]) -> Vec<Action> {
    let mut days: BTreeMap<NaiveDate, Vec<&Person>> = BTreeMap::new();
    for child in children {
        if let Some(day) = can_be_reported(child) {
            days.entry(day).or_default().push(&child.pupil);
        }
    }
    days.retain(|_, children| children.len() > 1);
    let texts = &frame.texts;
    let button = |(day, children): (NaiveDate, Vec<&Person>)| {
        let names = texts.list(&children.iter().map(|child| child.name.clone()).collect::<Vec<_>>());
        let label = match day == frame.today {
            true => say!(texts, "action-report-sick-all", names = names),
            false => {
                let day = texts.day_by_name(day, frame.today);
                say!(texts, "action-report-sick-all-on", day = day, names = names)
            }
        };
        let pupils = children.into_iter().map(|child| child.id).collect();
        let body = report_on(pupils, AbsenceKind::Sick, None, day);
        Action { does: Does::ReportSick, label, capacity: Capacity::Home, body, adds: None }
    };
    days.into_iter().map(button).collect()
}

fn warning(frame: &Frame<'_>) -> Option<Warning> {
    let warnings = cutoff::warnings_of(frame.source, frame.now).warnings;
    warnings.into_iter().next().map(|warning| worded(frame, &warning))
}

fn worded(frame: &Frame<'_>, warning: &CutoffWarning) -> Warning {
    let cutoff = frame.texts.clock_at(warning.cutoff, frame.tz);
    let text = frame.texts.unsent_warning(&cutoff, &warning.phone, warning.passed);
    Warning { text, phone: warning.phone.clone(), past: warning.passed }
}

impl Frame<'_> {
    pub(super) fn mail(&self) -> Result<Mail, PhoneError> {
        let notices = self.source.between(RecordKind::Notice, self.ago(NOTICES), self.ahead(1))?;
        let unread = notices
            .into_iter()
            .filter_map(|record| Notice::try_from(record.body).ok())
            .filter(|notice| notice.read_at.is_none() && notice.corrected_at.is_none())
            .count();
        let mut unsent: u32 = 0;
        for command in self.source.unsent() {
            if !is_silent(Some(&command))
                && matches!(self.source.delivery(command.id)?, Some(Delivery::OnThisPhoneOnly { .. }))
            {
                unsent += 1;
            }
        }
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let (unread, refused) = (number(unread), number(self.source.refused()));
        Ok(Mail {
            unread,
            unread_text: (unread > 0).then(|| say!(self.texts, "mail-unread", count = unread)),
            unsent,
            unsent_text: (unsent > 0).then(|| say!(self.texts, "mail-unsent", count = unsent)),
            refused,
            refused_text: (refused > 0).then(|| say!(self.texts, "mail-refused", count = refused)),
            sealed: self.sealed(),
        })
    }

    pub(super) fn sealed(&self) -> Option<String> {
        let count = self.source.sealed();
        (count > 0).then(|| say!(self.texts, "mail-sealed", count = count))
    }
}
