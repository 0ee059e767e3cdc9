//! One phone of the simulation: its folder, its clock, what its person has said, and the fuse by which it dies.

use super::{server::Server, wire::Wire};
use chrono::{DateTime, TimeDelta, Utc};
use skolebro_core::{
    clock::{Clock, TestClock},
    device::{Delivery, OutboxItem, Phone, crash::Step, secrets::MemorySecretStore},
    domain::ids::{CommandId, DeviceId},
};
use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

pub(super) struct Handset {
    pub owner: &'static str,
    pub folder: PathBuf,
    pub wire: Arc<Wire>,
    pub secrets: Arc<MemorySecretStore>,
    pub phone: Option<Phone>,
    pub device: Option<DeviceId>,
    /// Counts down at its step; at 0 the phone dies there.
    pub fuse: Arc<Fuse>,
    pub said: BTreeSet<CommandId>,
    /// Own reports that were on the screen since the phone last started something over.
    pub shown: BTreeSet<CommandId>,
    pub dismissed: BTreeSet<CommandId>,
    pub taken_back: BTreeSet<CommandId>,
    pub clock: Arc<PhoneClock>,
    pub revoked: bool,
    /// The server has gone back to before it knew this phone, and its person may have no new code.
    pub unknown: bool,
}

impl Handset {
    /// Not opened yet, and nobody's until its owner enrols it.
    pub fn new(owner: &'static str, folder: PathBuf, wire: Arc<Wire>, server: &Server) -> Self {
        Self {
            owner,
            folder,
            wire,
            secrets: Arc::default(),
            phone: None,
            device: None,
            fuse: Arc::new(Fuse {
                taking: parking_lot::Mutex::default(),
                taken: parking_lot::Mutex::default(),
                step: parking_lot::Mutex::new(None),
                left: AtomicI64::new(0),
            }),
            said: BTreeSet::new(),
            shown: BTreeSet::new(),
            dismissed: BTreeSet::new(),
            taken_back: BTreeSet::new(),
            clock: Arc::new(PhoneClock { server: server.clock().clone(), wrong_by: AtomicI64::new(0) }),
            revoked: false,
            unknown: false,
        }
    }
}

/// The steady part is the server's; what it shows is the phone's own.
#[derive(Debug)]
pub(super) struct PhoneClock {
    server: Arc<TestClock>,
    /// In minutes.
    pub wrong_by: AtomicI64,
}

impl Clock for PhoneClock {
    fn now(&self) -> DateTime<Utc> {
        self.server.now() + TimeDelta::minutes(self.wrong_by.load(Ordering::SeqCst))
    }
    fn elapsed(&self) -> TimeDelta {
        self.server.elapsed()
    }
}

pub(super) struct Fuse {
    /// At the choosing of a batch this phone's person takes something back.
    pub taking: parking_lot::Mutex<Option<Phone>>,
    pub taken: parking_lot::Mutex<Vec<CommandId>>,
    step: parking_lot::Mutex<Option<Step>>,
    left: AtomicI64,
}

impl Fuse {
    pub fn set(&self, death: Option<(Step, u32)>) {
        *self.step.lock() = death.map(|(step, _)| step);
        self.left.store(death.map_or(0, |(_, left)| i64::from(left)), Ordering::SeqCst);
    }
    pub fn burns(&self, step: Step) -> bool {
        if step == Step::SyncChosen
            && let Some(phone) = self.taking.lock().take()
        {
            self.taken.lock().extend(take_back(&phone));
        }
        *self.step.lock() == Some(step) && self.left.fetch_sub(1, Ordering::SeqCst) == 0
    }
}

/// Takes back the first thing that can be. Gives all that went with it.
pub(super) fn take_back(phone: &Phone) -> Vec<CommandId> {
    let listed = |phone: &Phone| phone.outbox().unwrap_or_default();
    let before = listed(phone);
    let untried = |item: &&OutboxItem| matches!(item.delivery, Delivery::OnThisPhoneOnly { tried: false, .. });
    let Some(first) = before.iter().find(untried) else { return Vec::new() };
    if phone.take_back(first.id).is_err() {
        return Vec::new();
    }
    let after: BTreeSet<CommandId> = listed(phone).iter().map(|item| item.id).collect();
    before.iter().map(|item| item.id).filter(|id| !after.contains(id)).collect()
}
