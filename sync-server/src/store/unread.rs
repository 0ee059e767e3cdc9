//! What is stored in a form that this version cannot read: it costs itself, and is counted and told of, without what it says.

use std::sync::atomic::{AtomicU64, Ordering};

static TIMES: AtomicU64 = AtomicU64::new(0);

/// How often since the start something was passed over.
pub fn times() -> u64 {
    TIMES.load(Ordering::Relaxed)
}

/// The first time leaves a line in the log, and then ever fewer: the same row may be met with every request.
pub(super) fn passed_over(what: &str, why: &dyn std::fmt::Display) {
    let times = TIMES.fetch_add(1, Ordering::Relaxed) + 1;
    if times.is_power_of_two() {
        tracing::error!(what, %why, times, "something stored cannot be read, and is passed over");
    }
}
