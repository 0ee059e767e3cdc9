//! How many requests of one device are being answered at once: a token whose requests come slowly takes a few places, and
//! not those of a whole school.

use parking_lot::Mutex;
use skolebro_core::domain::ids::DeviceId;
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

#[derive(Debug)]
pub struct AtOnce {
    most: usize,
    under_way: Mutex<HashMap<DeviceId, usize>>,
}

/// One request's place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    at_once: Arc<AtOnce>,
    device: DeviceId,
}

impl AtOnce {
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), under_way: Mutex::default() }
    }

    /// None: the device has as many under way as it may have.
    pub fn take(self: &Arc<Self>, device: DeviceId) -> Option<Place> {
        let mut devices = self.under_way.lock();
        let count = devices.entry(device).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place { at_once: Arc::clone(self), device })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Entry::Occupied(mut count) = self.at_once.under_way.lock().entry(self.device) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_so_many_and_another_its_own() {
        let at_once = Arc::new(AtOnce::new(2));
        let (amals, eriks) = (DeviceId::new(), DeviceId::new());
        let held = [at_once.take(amals), at_once.take(amals)];
        assert!(held.iter().all(Option::is_some));
        assert!(at_once.take(amals).is_none() && at_once.take(eriks).is_some());
        drop(held);
        assert!(at_once.take(amals).is_some());
        assert!(at_once.under_way.lock().is_empty());
    }
}
