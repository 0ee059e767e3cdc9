//! How a phone becomes a person's: activation codes out, device tokens in.
//!
//! No code is made for somebody who reads nothing (pending, barred, undelegated). A code's secret and a device's token are
//! told once and kept as hashes. A refusal tells nothing to one who does not know the secret.

use super::{
    Engine, code::Code, fair::Lane, refusal::Refusal, session::hash_of, shared::subscribed_schools, turn::Turn,
};
use crate::store::{ActivationCode, Device, Reading, Result, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use skolebro_core::{
    domain::{
        ids::{DeviceId, PersonId, SchoolId},
        people::Language,
        roster::{RosterEntry, RosterKey},
    },
    protocol::{EnrolRequest, EnrolResponse, OLDEST_PROTOCOL, ProblemCode},
};
use std::{fmt::Write as _, net::IpAddr};

/// The longest name of a device that is kept, in characters.
const DEVICE_NAME_MAX: usize = 60;
/// The longest that is read at all of what somebody typed, in characters: a code with whatever stands around it, a name.
pub const TYPED_MAX: usize = 1_000;
/// When somebody last tried a code that is nobody's.
const LAST_WRONG_CODE: &str = "last_wrong_code";
/// How often a selector that is taken already is drawn again.
const DRAWS: usize = 50;

impl Engine {
    /// A new code for each person who may have one; the person's unused older ones are dead from now on. The text is told
    /// here and nowhere else.
    ///
    /// # Errors
    /// That the store does not answer; then no code was made.
    pub fn make_codes(&self, persons: &[PersonId]) -> Result<Vec<(PersonId, String)>, Refusal> {
        let made = self.offer_codes(persons, Living::Replaced)?;
        let code = |(person, offer)| match offer {
            Offer::Made(code) => Some((person, code)),
            Offer::Lives { .. } | Offer::ReadsNothing => None,
        };
        Ok(made.into_iter().filter_map(code).collect())
    }

    /// The same, and why somebody got none, in the order of `persons`. A letter that lies at somebody's home is dead only
    /// if `living` says so.
    ///
    /// # Errors
    /// That the store does not answer; then no code was made.
    pub fn offer_codes(&self, persons: &[PersonId], living: Living) -> Result<Vec<(PersonId, Offer)>, Refusal> {
        let persons = persons.to_vec();
        Ok(self.writer.write(move |turn| {
            persons.iter().map(|person| Ok((*person, offer(turn, *person, living)?))).collect::<Result<Vec<_>>>()
        })?)
    }

    /// # Errors
    /// `Malformed`, `CodeWrong`, `CodeExpired`, `CodeUsed`, `TooManyTries`, `TooOld` or `Unavailable`.
    pub fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, Refusal> {
        self.enrol_from(None, request)
    }

    /// The same for somebody at an address, whose wrong tries hold up that address alone: whoever has seen a letter's
    /// selector cannot keep its owner waiting.
    ///
    /// # Errors
    /// As [`Engine::enrol`].
    pub fn enrol_from(&self, address: Option<IpAddr>, request: &EnrolRequest) -> Result<EnrolResponse, Refusal> {
        self.knows_the_time()?;
        if request.protocol < OLDEST_PROTOCOL {
            return Err(Refusal::new(ProblemCode::TooOld, "the app is too old for this server"));
        }
        let is_long = |typed: &str| typed.chars().nth(TYPED_MAX).is_some();
        if is_long(&request.code) || is_long(&request.device_name) {
            return Err(Refusal::new(ProblemCode::Malformed, "a code or a device's name is at most 1000 characters"));
        }
        let Some(code) = Code::read(&request.code) else {
            return Err(Refusal::new(ProblemCode::CodeWrong, "not the shape of a code"));
        };
        let name: String = request.device_name.trim().chars().take(DEVICE_NAME_MAX).collect();
        // Wrong tries are counted durably, so the refusal is a value of the transaction and not its error.
        self.writer.write_at(Lane::DOOR, move |turn| redeem(turn, address, &code, &name))?
    }
}

/// What becomes of a code that was made earlier and still opens the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Living {
    /// It stays, and no other is made.
    Kept,
    /// It is dead from now on.
    Replaced,
}

/// What asking for a person's code came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The code, as it is printed.
    Made(String),
    /// A letter with a good code is out already.
    Lives { made_at: DateTime<Utc> },
    /// The person would read nothing with one.
    ReadsNothing,
}

fn offer(turn: &mut Turn<'_>, person: PersonId, living: Living) -> Result<Offer> {
    if !reads_anything(turn, person)? {
        return Ok(Offer::ReadsNothing);
    }
    if let Some(made_at) = end_codes(turn, person, living)? {
        return Ok(Offer::Lives { made_at });
    }
    let life = turn.shared.config.limits.code_life;
    Ok(Offer::Made(make_code(turn, person, life)?.print()))
}

/// The person's unused codes are void from now on; unless they are to be kept and one still opens the door: since when.
pub(super) fn end_codes(turn: &mut Turn<'_>, person: PersonId, living: Living) -> Result<Option<DateTime<Utc>>> {
    let (now, tries) = (turn.now, turn.shared.config.limits.code_tries_in_all);
    let mut old = turn.store.codes_of(person)?;
    old.retain(|old| old.used_at.is_none() && old.expires_at > now);
    // One that has had its last try opens nothing any more; one that only waits after guesses does.
    let good = old.iter().filter(|old| old.tries < tries).map(|old| old.made_at).max();
    if let (Living::Kept, Some(made_at)) = (living, good) {
        return Ok(Some(made_at));
    }
    for old in old {
        turn.store.put_code(&ActivationCode { expires_at: now, ..old })?;
    }
    Ok(None)
}

pub(super) fn make_code(turn: &mut Turn<'_>, person: PersonId, life: TimeDelta) -> Result<Code> {
    let now = turn.now;
    let random = |error: getrandom::Error| StoreError::Backend(format!("no randomness: {error}"));
    let mut code = Code::random().map_err(random)?;
    for _ in 0..DRAWS {
        // A selector that still says something is not used again.
        let taken = turn.store.code(&code.selector)?.is_some_and(|old| old.used_at.is_none() && old.expires_at > now);
        if !taken {
            break;
        }
        code = Code::random().map_err(random)?;
    }
    let config = &turn.shared.config;
    let stored = ActivationCode {
        selector: code.selector.clone(),
        secret_hash: code.hash(&config.code_key),
        person,
        made_at: now,
        expires_at: now + life,
        tries: 0,
        used_at: None,
    };
    turn.store.put_code(&stored)?;
    Ok(code)
}

/// Whether any subscription at any school is open at this moment.
fn reads_anything(turn: &Turn<'_>, person: PersonId) -> Result<bool> {
    for school in turn.store.schools_of(person)? {
        if turn.store.subscriptions(school, person)?.iter().any(|held| held.is_active(turn.now)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn redeem(
    turn: &mut Turn<'_>,
    address: Option<IpAddr>,
    code: &Code,
    device_name: &str,
) -> Result<Result<EnrolResponse, Refusal>> {
    let refused = |code, detail| Ok(Err(Refusal::new(code, detail)));
    let now = turn.now;
    let config = turn.shared.config.clone();
    let limits = &config.limits;
    let tries = &turn.shared.tries;
    let stored = turn.store.code(&code.selector)?;
    let spent = stored.as_ref().is_some_and(|stored| stored.tries >= limits.code_tries_in_all);
    if spent || !tries.has_one(address, &code.selector, limits, now) {
        return refused(ProblemCode::TooManyTries, "the code has had its tries for now");
    }
    // Whether there is such a selector shows in nothing: not in the words, and not in the time, so what is not there is
    // compared and written down too.
    let nobodys = [0; 32];
    let hash = stored.as_ref().map_or(&nobodys, |stored| &stored.secret_hash);
    let right = code.matches(&config.code_key, hash);
    let mut stored = match stored {
        Some(stored) if right => stored,
        wrong => {
            tries.was_wrong(address, &code.selector, limits, now);
            match wrong {
                Some(mut stored) => {
                    stored.tries += 1;
                    turn.store.put_code(&stored)?;
                }
                None => turn.store.put_meta(LAST_WRONG_CODE, &now.to_rfc3339())?,
            }
            return refused(ProblemCode::CodeWrong, "there is no such code");
        }
    };
    if stored.used_at.is_some() {
        return refused(ProblemCode::CodeUsed, "the code was used already");
    }
    // Somebody barred since the letter was printed hears the same as one who waited too long.
    let person = stored.person;
    if stored.expires_at <= now || !reads_anything(turn, person)? {
        return refused(ProblemCode::CodeExpired, "the code is too old");
    }
    stored.used_at = Some(now);
    turn.store.put_code(&stored)?;
    make_room(turn, person)?;
    let token = new_token()?;
    let device = Device {
        id: DeviceId::new(),
        person,
        name: device_name.to_owned(),
        token_hash: hash_of(&token),
        enrolled_at: now,
        last_seen: Some(now),
        revoked_at: None,
    };
    turn.store.put_device(&device)?;
    let schools = subscribed_schools(&*turn.store, person)?;
    let language = language_of(&*turn.store, &schools, person)?;
    let (epoch, device) = (turn.shared.epoch, device.id);
    Ok(Ok(EnrolResponse { token, device, person, language, schools, epoch, server_time: now }))
}

/// One phone more than a person may have revokes the one that was not seen for longest.
fn make_room(turn: &mut Turn<'_>, person: PersonId) -> Result<()> {
    let mut devices = turn.store.devices_of(person)?;
    devices.retain(|device| device.revoked_at.is_none());
    devices.sort_unstable_by_key(|device| device.last_seen.unwrap_or(device.enrolled_at));
    let most = turn.shared.config.limits.devices_per_person.max(1);
    let surplus = (devices.len() + 1).saturating_sub(most);
    for device in devices.into_iter().take(surplus) {
        super::devices::revoke(turn, device)?;
    }
    Ok(())
}

fn new_token() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Backend(format!("no randomness: {error}")))?;
    let mut token = String::with_capacity(64);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(token, "{byte:02x}");
    }
    Ok(token)
}

/// What the person's name stands with at the first school that says it.
fn language_of(reading: &dyn Reading, schools: &[SchoolId], person: PersonId) -> Result<Option<Language>> {
    let key = RosterKey { kind: "person", key: person.to_string() };
    for school in schools {
        if let Some(RosterEntry::Person(named)) = reading.roster_entry(*school, &key)?.map(|stored| stored.entry)
            && named.language.is_some()
        {
            return Ok(named.language);
        }
    }
    Ok(None)
}
