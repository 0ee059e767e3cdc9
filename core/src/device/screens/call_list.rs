//! The office's call list: whom nobody at home has read of, whom to telephone, and what came of it.

use super::{
    Source,
    frame::Frame,
    today_staff::CALLS,
    values::{Action, CallLines, Does, Person, Window},
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        access::homes_reading,
        attendance::{CallListEntry, Session},
        command::{CommandBody, CommandKind},
        directory::GuardianContact,
        ids::PersonId,
        record::{Record, RecordKind},
        scope::Topic,
    },
    say,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CallList {
    pub heading: String,
    /// In words, where there is nobody to call.
    pub empty: Option<String>,
    /// Open ones first, the longest waiting first among them; then those closed today.
    pub calls: CallLines,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CallLine {
    pub pupil: Person,
    pub day: NaiveDate,
    pub session: Session,
    pub since: DateTime<Utc>,
    pub text: String,
    pub open: bool,
    /// Whom to call. Only those who may be told about the pupil's attendance.
    pub adults: Vec<CallAdult>,
    /// What came of the calls, newest first.
    pub log: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CallAdult {
    pub person: Person,
    /// What the adult is to the pupil, and the language that the adult speaks where it is another.
    pub about: String,
    /// None: not known, or protected. The office looks it up where protected details are kept.
    pub phone: Option<String>,
    pub protected: bool,
    /// Reached, and not reached.
    pub actions: Vec<Action>,
}

/// # Errors
/// The mirror cannot be read.
pub fn call_list(source: &dyn Source, texts: Texts, window: Window) -> Result<CallList, PhoneError> {
    let frame = Frame::new(source, texts);
    let records = source.between(RecordKind::CallListEntry, frame.ago(CALLS), frame.today)?;
    let mut entries: Vec<(PersonId, NaiveDate, CallListEntry)> = records.into_iter().filter_map(typed).collect();
    entries.retain(|(_, day, entry)| entry.closed_at.is_none() || *day == frame.today);
    entries.sort_by_key(|(pupil, _, entry)| (entry.closed_at.is_some(), entry.since, *pupil));
    let empty = entries.iter().all(|(_, _, entry)| entry.closed_at.is_some());
    Ok(CallList {
        heading: frame.heading(frame.today),
        empty: empty.then(|| say!(texts, "calls-empty")),
        calls: window.make(&entries, |(pupil, day, entry)| line(&frame, *pupil, *day, entry))?,
    })
}

fn typed(record: Record) -> Option<(PersonId, NaiveDate, CallListEntry)> {
    Some((record.pupil?, record.day?, CallListEntry::try_from(record.body).ok()?))
}

fn line(frame: &Frame<'_>, pupil: PersonId, day: NaiveDate, entry: &CallListEntry) -> Result<CallLine, PhoneError> {
    let day_text = frame.texts.day_and_session(day, entry.session, frame.today);
    let text = match entry.closed_at {
        None => say!(frame.texts, "call-open", day = day_text, time = frame.moment(entry.since)),
        Some(at) => say!(frame.texts, "call-closed", day = day_text, time = frame.moment(at)),
    };
    let told = homes_reading(frame.source.roster(), pupil, Topic::Attendance, frame.today);
    let mut cards = frame.source.contacts(pupil)?;
    cards.retain(|card| told.contains(&card.person));
    cards.sort_by_key(|card| (card.kind, card.person));
    let adults = cards.into_iter().map(|card| adult(frame, pupil, day, entry, card)).collect();
    let log = entry.calls.iter().rev().map(|call| {
        let key = if call.reached { "call-reached" } else { "call-not-reached" };
        let whom = match call.called {
            Some(person) => frame.texts.guardian_named(frame, person),
            None => say!(frame.texts, "call-somebody-at-home"),
        };
        say!(frame.texts, key, who = frame.doer(call.by), whom = whom, time = frame.moment(call.at))
    });
    Ok(CallLine {
        pupil: frame.pupil(pupil),
        day,
        session: entry.session,
        since: entry.since,
        text,
        open: entry.closed_at.is_none(),
        adults,
        log: log.collect(),
    })
}

fn adult(
    frame: &Frame<'_>,
    pupil: PersonId,
    day: NaiveDate,
    entry: &CallListEntry,
    card: GuardianContact,
) -> CallAdult {
    let kind = frame.texts.guardianship(card.kind);
    let school = frame.source.roster().school().map(|school| school.language);
    let about = match card.language {
        Some(language) if Some(language) != school => {
            say!(frame.texts, "adult-speaks", kind = kind, language = frame.texts.language_name(language))
        }
        Some(_) | None => kind,
    };
    let called = Some(card.person);
    let log = |reached: bool| {
        let body = CommandBody::LogCall { pupil, day, session: entry.session, called, reached };
        let capacity = frame.capacity_about(CommandKind::LogCall, &[pupil])?;
        let key = if reached { "action-call-reached" } else { "action-call-not-reached" };
        Some(Action { does: Does::LogCall, label: frame.texts.text(key, &[]), capacity, body, adds: None })
    };
    let actions = if entry.closed_at.is_none() { [true, false].into_iter().filter_map(log).collect() } else { vec![] };
    CallAdult {
        person: Person { id: card.person, name: card.name },
        about,
        phone: card.phone,
        protected: card.protected_identity,
        actions,
    }
}
