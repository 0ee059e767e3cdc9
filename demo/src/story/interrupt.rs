//! Ctrl-C and SIGTERM: once ends the demonstration at the next step, twice at once.

use parking_lot::{Condvar, Mutex};
use std::{io, process, sync::Arc, thread, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Debug, Default)]
struct Heard {
    told: Mutex<bool>,
    changed: Condvar,
}

#[derive(Clone, Debug)]
pub struct Interrupt(Arc<Heard>);

impl Interrupt {
    /// # Errors
    /// The system gives no thread or no signals.
    pub fn listen() -> io::Result<Self> {
        let heard = Arc::new(Heard::default());
        let telling = Arc::clone(&heard);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (mut terminate, mut interrupt) = {
            let _inside = runtime.enter();
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
        };
        thread::Builder::new().name("demo-signals".to_owned()).spawn(move || {
            runtime.block_on(async move {
                loop {
                    tokio::select! {
                        _ = terminate.recv() => {}
                        _ = interrupt.recv() => {}
                    }
                    let again = std::mem::replace(&mut *telling.told.lock(), true);
                    telling.changed.notify_all();
                    if again {
                        process::exit(130);
                    }
                }
            });
        })?;
        Ok(Self(heard))
    }

    pub fn was_told(&self) -> bool {
        *self.0.told.lock()
    }

    pub fn wait(&self) {
        let mut told = self.0.told.lock();
        while !*told {
            self.0.changed.wait_for(&mut told, Duration::from_secs(3600));
        }
    }
}
