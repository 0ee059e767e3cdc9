//! Keeping a phone in step: one thread that syncs when something was said, when the server pokes, and now and then; after
//! a failure it backs off with jitter. It never waits busily, and a pause that the server asked for is kept whatever wakes it.

use super::{
    error::PhoneError,
    options::Options,
    patience::{Cancellation, Ticket},
    phone::{Inner, Phone},
    store::outbox::Standing,
    sync::{SyncEnd, SyncReport},
    transport::{Heard, TransportError},
};
use parking_lot::{Condvar, Mutex};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{
    cell::Cell,
    fmt,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
    thread::Thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// The longest that one sync of the loop goes on before it looks around.
const TURN: Duration = Duration::from_secs(60);

/// What a loop tells of its work. Told with no lock held, from the loop's own thread.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    Begins,
    Ended(&'a Result<SyncReport, PhoneError>),
}

/// Runs until it is stopped or dropped.
pub struct SyncLoop {
    inner: Weak<Inner>,
    /// Stops it, and calls off what it waits for: an answer, or the server's next line.
    stopped: Cancellation,
    threads: Arc<Threads>,
}

thread_local! {
    static OF_A_LOOP: Cell<bool> = const { Cell::new(false) };
}

/// Whether this is the thread of any loop: what waits for a loop to end must not wait here.
pub fn is_loops_thread() -> bool {
    OF_A_LOOP.get()
}

/// Those of one loop that have not ended.
#[derive(Debug, Default)]
struct Threads {
    running: Mutex<Vec<Thread>>,
    fewer: Condvar,
}

impl Threads {
    /// # Errors
    /// No thread can be started.
    fn start(self: &Arc<Self>, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), PhoneError> {
        // Held until it is in the list: it may end at once.
        let mut running = self.running.lock();
        let threads = self.clone();
        let thread = std::thread::Builder::new().name(name.into()).spawn(move || {
            let _ending = Ending(threads);
            OF_A_LOOP.set(true);
            run();
        })?;
        running.push(thread.thread().clone());
        Ok(())
    }
}

/// A thread ends also where it panics.
struct Ending(Arc<Threads>);

impl Drop for Ending {
    fn drop(&mut self) {
        let own = std::thread::current().id();
        self.0.running.lock().retain(|thread| thread.id() != own);
        self.0.fewer.notify_all();
    }
}

impl fmt::Debug for SyncLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncLoop").field("stopped", &self.stopped).finish_non_exhaustive()
    }
}

impl SyncLoop {
    /// Starts syncing at once. `told` hears when each sync begins and how it went.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start(phone: &Phone, told: impl Fn(Told<'_>) + Send + 'static) -> Result<Self, PhoneError> {
        let stopped = Cancellation::default();
        let inner = Arc::downgrade(&phone.inner);
        let threads: Arc<Threads> = Arc::default();
        let (until, weak) = (stopped.clone(), inner.clone());
        threads.start("skolebro-sync", move || run(&weak, &until, &told))?;
        Ok(Self { inner, stopped, threads })
    }

    /// Also listens for the server's pokes, on a thread of its own, for as long as the loop runs.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn listen(&self) -> Result<(), PhoneError> {
        let (weak, until) = (self.inner.clone(), self.stopped.clone());
        self.threads.start("skolebro-listen", move || listen(&weak, &until))
    }

    /// Stops, and waits until it has, whoever else has asked for it: a sync under way is called off. Asked from one of the
    /// loop's own threads, it only stops.
    pub fn stop(&self) {
        self.ask_to_stop();
        let own = std::thread::current().id();
        let mut running = self.threads.running.lock();
        while !running.is_empty() && running.iter().all(|thread| thread.id() != own) {
            self.threads.fewer.wait(&mut running);
        }
    }

    /// Stops without waiting for it.
    pub fn ask_to_stop(&self) {
        self.stopped.cancel();
        if let Some(inner) = self.inner.upgrade() {
            inner.signal.nudge();
        }
        for thread in self.threads.running.lock().iter() {
            // It may be in a pause.
            thread.unpark();
        }
    }

    /// It has been asked to.
    pub fn is_stopping(&self) -> bool {
        self.stopped.is_cancelled()
    }
}

impl Drop for SyncLoop {
    fn drop(&mut self) {
        self.ask_to_stop();
    }
}

fn run(weak: &Weak<Inner>, stopped: &Cancellation, told: &dyn Fn(Told<'_>)) {
    // What it tells of is the host's, and no reason to die of.
    let told = |what: Told<'_>| drop(catch_unwind(AssertUnwindSafe(|| told(what))));
    let Some(mut pace) = weak.upgrade().map(|inner| Pace::new(&inner.options)) else { return };
    if let Some(inner) = weak.upgrade() {
        inner.signal.clear();
    }
    while !stopped.is_cancelled() {
        let Some(inner) = weak.upgrade() else { return };
        let phone = Phone::of(inner).called_off_by(stopped);
        told(Told::Begins);
        // A loop that died would leave the queue lying, and nobody would know.
        let turn = catch_unwind(AssertUnwindSafe(|| phone.sync_once(TURN)));
        let outcome = turn.unwrap_or(Err(PhoneError::Panicked));
        told(Told::Ended(&outcome));
        let now = Instant::now();
        let (earliest, mut latest) = pace.after(&outcome, now);
        phone.inner.hide_what_has_ended();
        if let Some(ends_in) = phone.inner.next_scope_ends_in() {
            latest = latest.min(now + ends_in);
        }
        phone.inner.signal.wait(earliest, latest, || stopped.is_cancelled());
    }
}

/// When to go on: full jitter over the upper half of a doubling pause.
pub(super) struct Pace {
    failures: u32,
    first: Duration,
    longest: Duration,
    poll_every: Duration,
    rng: StdRng,
}

impl Pace {
    pub fn new(options: &Options) -> Self {
        // The lower half of a new UUIDv7 is random.
        let seed = options.seed.unwrap_or_else(|| Uuid::now_v7().as_u64_pair().1);
        let rng = StdRng::seed_from_u64(seed);
        Self {
            failures: 0,
            first: options.first_pause,
            longest: options.longest_pause,
            poll_every: options.poll_every,
            rng,
        }
    }

    /// From when on a wake counts, and when to go on without one.
    pub fn after(&mut self, outcome: &Result<SyncReport, PhoneError>, now: Instant) -> (Instant, Instant) {
        let end = match outcome {
            Ok(report) => &report.ended,
            Err(_) => return (now, now + self.pause()),
        };
        match end {
            SyncEnd::Complete => {
                self.failures = 0;
                (now, now + self.jittered(self.poll_every))
            }
            SyncEnd::OutOfTime | SyncEnd::Busy => (now, now),
            // Somebody wanted it to end: on at the next wake.
            SyncEnd::Cancelled => (now, now + self.poll_every),
            SyncEnd::Offline | SyncEnd::Untrusted | SyncEnd::Timeout | SyncEnd::Garbled => (now, now + self.pause()),
            SyncEnd::Refused { retry_after, .. } => {
                let pause = self.pause();
                let asked = retry_after.map_or(pause, |asked| asked + self.jittered(self.first));
                (now + asked, now + asked.max(pause))
            }
            // The server may have been started on the wrong folder: it will know this phone when that has been mended.
            SyncEnd::SignedOut(Some(Standing::TokenUnknown)) => (now, now + self.pause()),
            SyncEnd::TooOld
            | SyncEnd::SignedOut(Some(Standing::Enrolled | Standing::SignedOut | Standing::Revoked) | None) => {
                (now, now + self.poll_every)
            }
        }
    }

    fn pause(&mut self) -> Duration {
        let doubled = self.first.saturating_mul(1_u32.checked_shl(self.failures.min(20)).unwrap_or(u32::MAX));
        self.failures = self.failures.saturating_add(1);
        self.jittered(doubled.min(self.longest))
    }

    fn jittered(&mut self, pause: Duration) -> Duration {
        pause.mul_f64(self.rng.random_range(0.5..=1.0))
    }
}

fn listen(weak: &Weak<Inner>, stopped: &Cancellation) {
    let Some(mut pace) = weak.upgrade().map(|inner| Pace::new(&inner.options)) else { return };
    let (over, ticket) = (|| stopped.is_cancelled(), Ticket::from(stopped.clone()));
    while !over() {
        let Some(inner) = weak.upgrade() else { return };
        let (transport, token, options) = (inner.transport.clone(), inner.token(), inner.options.clone());
        drop(inner);
        let mut asked = Duration::ZERO;
        if let Ok((_, token)) = token {
            let ended = transport.listen(&token, &ticket, &mut |heard| {
                let Some(inner) = weak.upgrade().filter(|_| !over()) else { return ControlFlow::Break(()) };
                pace.failures = 0;
                match heard {
                    Heard::Connected => inner.signal.wake(),
                    Heard::Poke(poke) => inner.signal.wake_at(Instant::now() + Duration::from_millis(poke.wait_ms)),
                    Heard::Alive => {}
                }
                ControlFlow::Continue(())
            });
            if let Err(TransportError::Refused { retry_after: Some(pause), .. }) = ended {
                asked = options.heed(pause);
            }
        }
        // In steps, so that a loop that was stopped does not leave a thread behind for minutes.
        let until = Instant::now() + pace.pause().max(asked);
        while !over() && Instant::now() < until {
            std::thread::park_timeout(Duration::from_millis(200).min(until - Instant::now()));
        }
    }
}
