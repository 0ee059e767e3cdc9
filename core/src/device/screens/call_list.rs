//! The office's call list: whom nobody at home has read of, whom to telephone, and what came of it.

use super::{
    Source,
    frame::Frame,
    today_staff::CALLS,
    values::{Action, Adds, CallLines, Does, Person, Window},
    waiting::is_found_since,
};
use crate::{
    device::{PhoneError, text::Texts},
    domain::{
        access::homes_reading,
        attendance::{CallListEntry, CallOutcome, HomeAnswer, LoggedCall, Session},
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
    /// Pupils who are sought first, then the open ones, the longest waiting first among them; then those closed that day.
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
    /// In words, where home believes the pupil at school: it stands first until the pupil is found.
    pub alarm: Option<String>,
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
    /// None: not known, or protected.
    pub phone: Option<String>,
    /// The number, or why there is none here and where to look.
    pub phone_text: String,
    pub protected: bool,
    /// What home said, or nobody answered.
    pub actions: Vec<Action>,
}

/// Of a day, or of today with what is still open of the days before.
///
/// # Errors
/// The mirror cannot be read.
pub fn call_list(
    source: &dyn Source,
    texts: Texts,
    day: Option<NaiveDate>,
    window: Window,
) -> Result<CallList, PhoneError> {
    let frame = Frame::new(source, texts);
    let (from, to) = day.map_or_else(|| (frame.ago(CALLS), frame.today), |day| (day, day));
    let records = source.between(RecordKind::CallListEntry, from, to)?;
    let mut entries: Vec<Entry> = records.into_iter().filter_map(typed).collect();
    entries.retain(|entry| entry.is_open() || entry.day == day.unwrap_or(frame.today));
    for entry in entries.iter_mut().filter(|entry| entry.is_open()) {
        let days = frame.days(entry.pupil, entry.day, entry.day)?;
        let answer = days.get(&entry.day).and_then(|facts| facts.alarm(entry.held.session));
        if answer.is_some() && !is_found_since(&frame, entry.pupil, entry.day)? {
            entry.alarm = answer.cloned();
        }
    }
    entries.sort_by_key(|entry| (entry.alarm.is_none(), !entry.is_open(), entry.held.since, entry.pupil));
    let empty = !entries.iter().any(Entry::is_open);
    Ok(CallList {
        heading: frame.heading(day.unwrap_or(frame.today)),
        empty: empty.then(|| say!(texts, "calls-empty")),
        calls: window.make(&entries, |entry| line(&frame, entry))?,
    })
}

/// A line of the list as it is held.
struct Entry {
    pupil: PersonId,
    day: NaiveDate,
    held: CallListEntry,
    alarm: Option<HomeAnswer>,
}

impl Entry {
    fn is_open(&self) -> bool {
        self.held.closed_at.is_none()
    }
}

fn typed(record: Record) -> Option<Entry> {
    let held = CallListEntry::try_from(record.body).ok()?;
    Some(Entry { pupil: record.pupil?, day: record.day?, held, alarm: None })
}

fn line(frame: &Frame<'_>, Entry { pupil, day, held: entry, alarm }: &Entry) -> Result<CallLine, PhoneError> {
    let (pupil, day) = (*pupil, *day);
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
    let log = entry.calls.iter().rev().map(|call| said(frame, pupil, day, call)).collect::<Result<_, _>>()?;
    let person = frame.pupil(pupil);
    Ok(CallLine {
        alarm: alarm.as_ref().map(|answer| frame.alarm_text(&person.name, day, entry.session, answer)),
        pupil: person,
        day,
        session: entry.session,
        since: entry.since,
        text,
        open: entry.closed_at.is_none(),
        adults,
        log,
    })
}

/// One call: who called whom and when, what came of it, and the note.
fn said(frame: &Frame<'_>, pupil: PersonId, day: NaiveDate, call: &LoggedCall) -> Result<String, PhoneError> {
    let key = match (call.reached, call.outcome) {
        (false, _) => "call-not-reached",
        (true, None) => "call-reached",
        (true, Some(CallOutcome::AtHome)) => "call-at-home",
        (true, Some(CallOutcome::ShouldBeAtSchool)) => "call-should-be-at-school",
        (true, Some(CallOutcome::Other)) => "call-other",
    };
    let whom = match call.called {
        Some(person) => frame.texts.guardian_named(frame, person),
        None => say!(frame.texts, "call-somebody-at-home"),
    };
    let line = say!(frame.texts, key, who = frame.doer(call.by), whom = whom, time = frame.moment(call.at));
    let note = if call.has_note { frame.note(pupil, day, call.by, call.command)? } else { None };
    Ok(note.map_or(line.clone(), |note| format!("{line} {}", frame.texts.quoted(&note))))
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
    let capacity = frame.capacity_about(CommandKind::LogCall, &[pupil]).filter(|_| entry.closed_at.is_none());
    let log = |(outcome, key, adds): (Option<CallOutcome>, &str, Option<Adds>)| {
        let (session, reached, note) = (entry.session, outcome.is_some(), None);
        let body = CommandBody::LogCall { pupil, day, session, called, reached, outcome, note };
        Some(Action { does: Does::LogCall, label: frame.texts.text(key, &[]), capacity: capacity?, body, adds })
    };
    let outcomes = [
        (Some(CallOutcome::AtHome), "action-call-at-home", None),
        (Some(CallOutcome::ShouldBeAtSchool), "action-call-should-be-at-school", None),
        (Some(CallOutcome::Other), "action-call-other", Some(Adds::Note)),
        (None, "action-call-not-reached", None),
    ];
    let actions = outcomes.into_iter().filter_map(log).collect();
    let phone_text = match (&card.phone, card.protected_identity) {
        (Some(number), _) => number.clone(),
        (None, true) => say!(frame.texts, "adult-phone-protected"),
        (None, false) => say!(frame.texts, "adult-phone-unknown"),
    };
    CallAdult {
        person: Person { id: card.person, name: card.name },
        about,
        phone: card.phone,
        phone_text,
        protected: card.protected_identity,
        actions,
    }
}
