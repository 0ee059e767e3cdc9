//! A code that staff make on their own phone for somebody's next one, to be handed over face to face. Made online only:
//! the secret is told in the one answer, and stands in no record, outcome or log. The person's phones are told that there
//! is one, and the log keeps who made it for whom.

use super::{
    Engine, apply,
    bounded::Bounded,
    code::Code,
    enrol::{Living, end_codes, make_code},
    fair::{Lane, Party},
    limits::Limits,
    refusal::Refusal,
    session::{REVOKED, Session},
    turn::Turn,
};
use crate::store::{LoggedCommand, Result, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use skolebro_core::{
    domain::{
        access::{CodeFor, NoCode, code_reaches_too_far, may_make_code},
        attendance::Session as Lesson,
        ids::{CommandId, PersonId, SchoolId},
        notice::{Notice, NoticeReason, code_notice_key},
        record::Record,
    },
    protocol::{CodeAnswer, CodeRequest, Outcome},
};
use std::time::Duration;

/// How often somebody asks for codes. In memory only.
#[derive(Debug)]
pub(super) struct Pace {
    full_at: Mutex<Bounded<PersonId, DateTime<Utc>>>,
}

impl Pace {
    pub fn new(limits: &Limits) -> Self {
        Self { full_at: Mutex::new(Bounded::new(limits.cached_sessions)) }
    }

    /// Counts one; an error: how long to wait for the next.
    fn take(&self, person: PersonId, per_hour: u32, now: DateTime<Utc>) -> std::result::Result<(), Duration> {
        let hour = TimeDelta::hours(1);
        let one = hour / i32::try_from(per_hour.max(1)).unwrap_or(i32::MAX);
        let mut full_at = self.full_at.lock();
        let then = full_at.get(&person).map_or(now, |then| then.max(now)) + one;
        if let Ok(over) = (then - (now + hour)).to_std()
            && over > Duration::ZERO
        {
            return Err(over);
        }
        full_at.insert(person, then, 1);
        Ok(())
    }
}

impl Engine {
    /// # Errors
    /// `DeviceRevoked`, `TooManyTries` with a wait, or `Unavailable`: then nothing is known to have happened, and the next
    /// code makes this one void.
    pub fn hand_code(&self, session: &Session, wanted: &CodeRequest) -> std::result::Result<CodeAnswer, Refusal> {
        let per_hour = self.limits().handed_codes_per_hour;
        self.shared.handing.take(session.person, per_hour, self.now()).map_err(Refusal::too_often)?;
        let (session, CodeRequest { school, person }) = (*session, *wanted);
        let party = self.shared.live(school).map_or(Party::Door, |_| Party::School(school));
        let lane = Lane { party, person: Some(session.person) };
        self.writer.write_at(lane, move |turn| {
            // Revoked since the request began.
            if turn.is_revoked(&session)? {
                return Ok(Err(REVOKED));
            }
            if let Err(why) = allowed(turn, session.person, school, person)? {
                return Ok(Ok(CodeAnswer::Refused { why }));
            }
            let made = turn.guarded(school, |turn| {
                end_codes(turn, person, Living::Replaced)?;
                let life = turn.shared.config.limits.handed_code_life;
                let code = make_code(turn, person, life)?;
                tell(turn, school, person)?;
                log(turn, school, session, person)?;
                Ok((code, turn.now + life))
            })?;
            Ok(made.map(|(code, until)| CodeAnswer::Made { code: Code::print(&code), until }).map_err(Refusal::from))
        })?
    }
}

/// What the access table says at the school, and what every other school of the person has against it.
fn allowed(
    turn: &mut Turn<'_>,
    by: PersonId,
    school: SchoolId,
    person: PersonId,
) -> Result<std::result::Result<(), NoCode>> {
    if !turn.knows(school)? || !turn.is_persons(school, by)? {
        return Ok(Err(NoCode::NotYours));
    }
    let (roster, today) = (turn.roster(school)?, turn.today(school)?);
    let is = match may_make_code(&roster, by, person, today) {
        Ok(is) => is,
        Err(why) => return Ok(Err(why)),
    };
    let mut at_home = roster.own_pupils(person).next().is_some();
    for other in turn.store.schools_of(person)?.into_iter().filter(|other| *other != school) {
        let (roster, today) = (turn.roster(other)?, turn.today(other)?);
        if code_reaches_too_far(&roster, by, person, is == CodeFor::Home, today) {
            return Ok(Err(NoCode::NotYours));
        }
        at_home |= roster.own_pupils(person).next().is_some();
    }
    // Whoever works here and is nobody's at home stands before the one who makes it; a home's first code goes by post.
    let has_had_a_phone = !turn.store.devices_of(person)?.is_empty();
    Ok(if at_home && !has_had_a_phone { Err(NoCode::FirstByLetter) } else { Ok(()) })
}

/// The person's phones hear of it: a code that nobody asked for is a theft about to happen.
fn tell(turn: &mut Turn<'_>, school: SchoolId, person: PersonId) -> Result<()> {
    let (at, day) = (turn.now, turn.today(school)?);
    let (scope, id) = code_notice_key(school, person, at);
    let notice = Notice { reason: NoticeReason::CodeMade, session: Lesson::Day, at, corrected_at: None, read_at: None };
    let record = Record { id, scope, pupil: None, day: Some(day), body: notice.into() };
    apply::put(turn, school, &record, None).map(|_| ())
}

/// Who made a code for whom. Never the code.
fn log(turn: &mut Turn<'_>, school: SchoolId, session: Session, person: PersonId) -> Result<()> {
    let payload = serde_json::json!({ "do": "code", "for": person }).to_string();
    let seq = turn.school(school)?.head.seq;
    let outcome = serde_json::to_string(&Outcome::Accepted { seq })
        .map_err(|_| StoreError::Unreadable("an outcome that cannot be written".to_owned()))?;
    let line = LoggedCommand {
        id: CommandId::new(),
        author: Some(session.person),
        device: Some(session.device),
        payload_hash: Sha256::digest(payload.as_bytes()).into(),
        outcome: outcome.into(),
        seq,
        at: turn.now,
        payload: Some(payload.into()),
    };
    turn.store.log_command(school, &line)
}
