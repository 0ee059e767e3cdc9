//! What has been erased is to leave the disk as well: the store is written anew without it. Once a day at most, right after
//! the night's erasure; at once in a folder of an older version, which left what it erased where it had stood.

use super::{Engine, turn::Turn};
use crate::store::Result;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::Ordering;

/// No time at all: further back than an instant can be.
pub(super) const NEVER: i64 = i64::MIN;

/// Whether anything was erased since the store was last written anew. Not there: by a version that did not know of it.
const SCRUB: &str = "scrub";
const DUE: &str = "due";
/// Being written anew; where a process ended in the middle of it, it is begun again.
const BEGUN: &str = "begun";
const DONE: &str = "done";
/// It needs as much room on the disk again as the store has; where there is none, it is not tried all the time.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// In the transaction that erases.
pub(super) fn is_due(turn: &mut Turn<'_>) -> Result<()> {
    match turn.store.meta(SCRUB)?.as_deref() {
        None | Some(DUE) => Ok(()),
        Some(_) => turn.store.put_meta(SCRUB, DUE),
    }
}

/// A fault of it is logged, and it is tried again: nothing else waits for it.
pub(super) fn clean(engine: &Engine, now: DateTime<Utc>, is_a_new_day: bool) {
    let again = &engine.shared.scrub_again;
    let Ok(state) = engine.shared.read(|reading| reading.meta(SCRUB)) else { return };
    let again_at = DateTime::from_timestamp_micros(again.load(Ordering::SeqCst));
    let wanted = match (state.as_deref(), again_at) {
        (Some(DONE), _) => false,
        (_, Some(again_at)) => again_at <= now,
        (Some(DUE), None) => is_a_new_day,
        (None | Some(_), None) => true,
    };
    if !wanted {
        return;
    }
    if scrubbed(engine) {
        again.store(NEVER, Ordering::SeqCst);
    } else {
        tracing::warn!("what was erased could not be taken off the disk yet; it is tried again in an hour");
        again.store((now + AGAIN).timestamp_micros(), Ordering::SeqCst);
    }
}

fn scrubbed(engine: &Engine) -> bool {
    // Noted before: what is erased meanwhile is due again.
    if engine.writer.write(|turn| turn.store.put_meta(SCRUB, BEGUN)).is_err() {
        return false;
    }
    if let Err(error) = engine.shared.store.scrub() {
        tracing::warn!(%error, "the store could not be written anew");
        return false;
    }
    let noted = engine.writer.write(|turn| match turn.store.meta(SCRUB)?.as_deref() {
        Some(BEGUN) => turn.store.put_meta(SCRUB, DONE),
        Some(_) | None => Ok(()),
    });
    noted.is_ok()
}
