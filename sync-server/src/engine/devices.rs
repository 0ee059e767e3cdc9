//! A person's phones: listed for the person, and revoked by the person or the operator. A revoked token opens nothing
//! from the moment of the commit on.

use super::{
    Engine,
    fair::Lane,
    refusal::Refusal,
    session::{REVOKED, Session},
    turn::Turn,
};
use crate::store::{Assurance, Device, Result};
use skolebro_core::{
    domain::ids::DeviceId,
    protocol::{DeviceEntry, DeviceList, ProblemCode},
};

const NOT_FOUND: Refusal = Refusal::new(ProblemCode::NotFound, "no such device of this person");

impl Engine {
    /// The phones of the session's person, in the order they came, revoked ones too.
    ///
    /// # Errors
    /// That the store does not answer.
    pub fn devices(&self, session: &Session) -> Result<DeviceList, Refusal> {
        let mut devices = self.shared.read(|reading| reading.devices_of(session.person))?;
        devices.sort_unstable_by_key(|device| (device.enrolled_at, device.id));
        let entries = devices.into_iter().map(|device| DeviceEntry {
            device: device.id,
            name: device.name,
            enrolled_at: device.enrolled_at,
            last_seen: device.last_seen,
            revoked_at: device.revoked_at,
            this: device.id == session.device,
        });
        Ok(DeviceList { devices: entries.collect() })
    }

    /// Revokes one of the person's own phones.
    ///
    /// # Errors
    /// `NotFound` for another's as for none, or that the store does not answer.
    pub fn revoke_device(&self, session: &Session, device: DeviceId) -> Result<(), Refusal> {
        self.revoke_of(Some(*session), device)
    }

    /// The operator revokes any phone, a stolen one say.
    ///
    /// # Errors
    /// `NotFound`, or that the store does not answer.
    pub fn revoke_any_device(&self, device: DeviceId) -> Result<(), Refusal> {
        self.revoke_of(None, device)
    }

    fn revoke_of(&self, asking: Option<Session>, device: DeviceId) -> Result<(), Refusal> {
        // A person's list of phones is theirs, at whatever school.
        let lane = asking.map_or(Lane::SERVER, |asking| Lane { person: Some(asking.person), ..Lane::DOOR });
        let done = self.writer.write_at(lane, move |turn| {
            if let Some(asking) = &asking
                && turn.is_revoked(asking)?
            {
                return Ok(Err(REVOKED));
            }
            let found = turn.store.device(device)?;
            let Some(found) = found.filter(|found| asking.is_none_or(|asking| asking.person == found.person)) else {
                return Ok(Err(NOT_FOUND));
            };
            if found.revoked_at.is_none() {
                revoke(turn, found)?;
            }
            Ok(Ok(()))
        })?;
        self.shared.pokes.of_device(device);
        done
    }
}

/// Within the transaction: the token, and the strong assurance that the device had anywhere.
pub(super) fn revoke(turn: &mut Turn<'_>, device: Device) -> Result<()> {
    let now = turn.now;
    let (id, person) = (device.id, device.person);
    turn.store.put_device(&Device { revoked_at: Some(now), ..device })?;
    turn.revoked.insert(id);
    for school in turn.store.schools_of(person)? {
        turn.touch_device(school, id)?;
        if let Some(held) = turn.store.assurance(school, id)?.filter(|held| held.lapsed.is_none()) {
            let lapsed = Some(turn.take_number(school)?);
            turn.store.put_assurance(school, id, &Assurance { lapsed, ..held })?;
        }
        turn.bump_access(school)?;
    }
    Ok(())
}
