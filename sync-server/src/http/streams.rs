//! The event streams that are open: so many at once, and of each device only its newest.
//!
//! A phone whose network changed opens a new stream while its old one still looks alive, so the new one is never refused;
//! and no single token can take the places of a whole school.

use parking_lot::Mutex;
use skolebro_core::domain::ids::DeviceId;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

#[derive(Debug)]
pub struct Streams {
    places: Arc<Semaphore>,
    of_each_device: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    newest: u64,
    /// In the order that they were opened. What is dropped tells its stream to end.
    by_device: BTreeMap<DeviceId, VecDeque<(u64, oneshot::Sender<()>)>>,
}

/// One stream's place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    _place: OwnedSemaphorePermit,
    open: Arc<Mutex<Open>>,
    device: DeviceId,
    number: u64,
    end: oneshot::Receiver<()>,
}

impl Streams {
    pub fn new(places: Arc<Semaphore>, of_each_device: usize) -> Self {
        Self { places, of_each_device: of_each_device.max(1), open: Arc::default() }
    }

    /// Ends the device's oldest stream where it has as many as it may have. None: there is no room for another one.
    pub fn open(&self, device: DeviceId) -> Option<Place> {
        let mut open = self.open.lock();
        if let Some(streams) = open.by_device.get_mut(&device) {
            while streams.len() >= self.of_each_device {
                streams.pop_front();
            }
        }
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let (tell, end) = oneshot::channel();
        open.newest += 1;
        let number = open.newest;
        open.by_device.entry(device).or_default().push_back((number, tell));
        Some(Place { _place: place, open: Arc::clone(&self.open), device, number, end })
    }
}

impl Place {
    /// When a newer stream of the device has taken this one's place.
    pub async fn taken(&mut self) {
        // Nothing is ever sent: the other half is dropped.
        let _ = (&mut self.end).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock();
        let Some(streams) = open.by_device.get_mut(&self.device) else { return };
        streams.retain(|(number, _)| *number != self.number);
        if streams.is_empty() {
            open.by_device.remove(&self.device);
        }
    }
}
