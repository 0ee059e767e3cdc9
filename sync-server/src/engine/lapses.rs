//! Gives a number to what has ended by itself: subscriptions and assurances past their `until`.

use super::{
    refusal::Refusal,
    subscriptions::{self, Pairs},
    tick::{Clockwork, Ticked},
};
use crate::store::{Assurance, Reading, Result, Subscription};
use chrono::{DateTime, Utc};
use skolebro_core::domain::ids::SchoolId;

/// Whether anything has ended that has no number yet.
pub(super) fn any(reading: &dyn Reading, school: SchoolId, now: DateTime<Utc>) -> Result<bool> {
    Ok(!reading.lapsed_subscriptions(school, now)?.is_empty() || !reading.lapsed_assurances(school, now)?.is_empty())
}

pub(super) fn number(clock: &Clockwork<'_>, ticked: &mut Ticked) -> Result<(), Refusal> {
    let (school, batch) = (clock.school, clock.batch());
    if !clock.engine.shared.read(|reading| any(reading, school, clock.now))? {
        return Ok(());
    }
    loop {
        let lapsed = clock.write(move |turn| {
            let mut lapsed = turn.store.lapsed_subscriptions(school, turn.now)?;
            lapsed.truncate(batch);
            let pairs: Pairs = lapsed.iter().map(|(person, held)| (*person, held.scope.subject)).collect();
            let (granted, revoked) = subscriptions::renew(turn, school, pairs)?;
            let mut numbered = granted + revoked;
            // Whatever the access table says: what is past its end is not given.
            for (person, held) in lapsed {
                let stored = turn.store.subscriptions(school, person)?;
                let still = stored.into_iter().find(|stored| stored.scope == held.scope);
                if let Some(still) = still.filter(|still| still.revoked.is_none() && !still.is_active(turn.now)) {
                    let revoked = Some(turn.take_number(school)?);
                    turn.store.put_subscription(school, person, &Subscription { revoked, ..still })?;
                    turn.touch_person(school, person)?;
                    turn.bump_access(school)?;
                    numbered += 1;
                }
            }
            Ok(numbered)
        })?;
        match lapsed {
            None | Some(0) => break,
            Some(lapsed) => ticked.lapsed += lapsed,
        }
    }
    let lapsed = clock.write(move |turn| {
        let lapsed = turn.store.lapsed_assurances(school, turn.now)?;
        for (device, held) in &lapsed {
            let lapsed = Some(turn.take_number(school)?);
            turn.store.put_assurance(school, *device, &Assurance { lapsed, ..*held })?;
            turn.touch_device(school, *device)?;
            turn.bump_access(school)?;
        }
        Ok(lapsed.len())
    })?;
    ticked.lapsed += lapsed.unwrap_or_default();
    Ok(())
}
