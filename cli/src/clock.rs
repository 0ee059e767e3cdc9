//! This phone's clock: the machine's, moved to where the server's stands.
//!
//! A terminal often talks to a demonstration whose clock says 06:50; a phone in that school would show the same. So every
//! answer sets this clock, and the difference is kept in the folder. Only differences that no honest clock has are
//! followed: a machine that is a minute wrong says its own time, as any phone does.

use crate::folder::Folder;
use chrono::{DateTime, TimeDelta, Utc};
use skolebro_core::clock::{Clock, SystemClock};
use std::sync::atomic::{AtomicI64, Ordering};

const HONEST: i64 = 5 * 60 * 1000;

#[derive(Debug)]
pub struct PhoneClock {
    system: SystemClock,
    offset_millis: AtomicI64,
    folder: Folder,
    /// `SKOLEBRO_TEST_NOW` or an offset was given: then nothing is followed.
    fixed: bool,
}

impl PhoneClock {
    /// `test_now`: what it is now; `test_offset`: seconds. Both are for tests.
    pub fn new(folder: Folder, test_now: Option<DateTime<Utc>>, test_offset: Option<i64>) -> Self {
        let given = test_now
            .map(|now| (now - Utc::now()).num_milliseconds())
            .or(test_offset.map(|seconds| seconds.saturating_mul(1000)));
        let offset = given.unwrap_or_else(|| folder.clock_offset());
        let offset_millis = AtomicI64::new(offset);
        Self { system: SystemClock::default(), offset_millis, folder, fixed: given.is_some() }
    }

    /// The server has said what time it is.
    pub fn follow(&self, server: DateTime<Utc>) {
        if self.fixed || (server - self.now()).num_milliseconds().abs() < HONEST {
            return;
        }
        let offset = (server - self.system.now()).num_milliseconds();
        // Back on honest time: no offset at all.
        let offset = if offset.abs() < HONEST { 0 } else { offset };
        self.offset_millis.store(offset, Ordering::SeqCst);
        // Not kept, it is found again at the next answer.
        let _ = self.folder.keep_clock_offset(offset);
    }
}

impl Clock for PhoneClock {
    fn now(&self) -> DateTime<Utc> {
        let offset = TimeDelta::milliseconds(self.offset_millis.load(Ordering::SeqCst));
        self.system.now().checked_add_signed(offset).unwrap_or_else(|| self.system.now())
    }
    fn elapsed(&self) -> TimeDelta {
        self.system.elapsed()
    }
}
