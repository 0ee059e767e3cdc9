//! The one thread from which code of the host is called. Whoever has something to tell leaves it here and goes on; what is
//! told to one listener is told in order, and of a listener that is too slow only the newest is kept.

use parking_lot::{Condvar, Mutex};
use std::{
    collections::VecDeque,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

/// A listener with more than this before it is told the current state instead.
const MOST_PENDING: usize = 64;

/// Something to tell; none: the current state of everything.
pub(crate) type Told<T> = Box<dyn Fn(Option<T>) + Send + Sync>;

pub(crate) struct Listener<T> {
    tell: Told<T>,
    cancelled: AtomicBool,
    pending: AtomicUsize,
}

impl<T> Listener<T> {
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}

/// A call to one listener, known by its address.
struct Task {
    of: usize,
    call: Box<dyn FnOnce() + Send>,
}

#[derive(Default)]
struct Queue {
    tasks: VecDeque<Task>,
    ended: bool,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    condition: Condvar,
}

/// How much is under way in this process that may call code of the host, or let go of it: threads that tell, and calls.
static TELLING: Mutex<usize> = Mutex::new(0);
static FEWER: Condvar = Condvar::new();

pub(crate) struct Telling;

impl Telling {
    pub fn begin() -> Self {
        *TELLING.lock() += 1;
        Self
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        *TELLING.lock() -= 1;
        FEWER.notify_all();
    }
}

/// Whether all of them have ended by the deadline.
pub(crate) fn wait(deadline: Duration) -> bool {
    let mut telling = TELLING.lock();
    FEWER.wait_while_for(&mut telling, |telling| *telling > 0, deadline);
    *telling == 0
}

/// Its thread begins with the first listener, and ends with it.
#[derive(Default)]
pub(crate) struct Teller {
    shared: Arc<Shared>,
    started: OnceLock<bool>,
}

impl fmt::Debug for Teller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Teller(…)")
    }
}

impl Teller {
    /// Whether there is a thread to tell from.
    pub fn start(&self) -> bool {
        *self.started.get_or_init(|| {
            let (shared, telling) = (self.shared.clone(), Telling::begin());
            let named = std::thread::Builder::new().name("skolebro-tell".into());
            let telling = move || {
                run(&shared);
                // Letting go of what was to be told may be code of the host too.
                drop(shared);
                drop(telling);
            };
            named.spawn(telling).is_ok()
        })
    }

    /// A listener that is gone must not lie in the queue behind one that is slow.
    fn forget(&self, of: usize) {
        let mut gone = VecDeque::new();
        {
            let mut queue = self.shared.queue.lock();
            if queue.tasks.iter().any(|task| task.of == of) {
                let (mine, others) = queue.tasks.drain(..).partition(|task| task.of == of);
                gone = mine;
                queue.tasks = others;
            }
        }
        drop(gone);
    }

    fn leave(&self, task: Task) {
        let mut queue = self.shared.queue.lock();
        if !queue.ended {
            queue.tasks.push_back(task);
            self.shared.condition.notify_one();
        }
    }

    /// Nothing more is told: what is under way ends by itself, since whoever ends this may be what it waits for.
    pub fn end(&self) {
        let dropped = {
            let mut queue = self.shared.queue.lock();
            queue.ended = true;
            self.shared.condition.notify_one();
            std::mem::take(&mut queue.tasks)
        };
        // Listeners may be let go of with them, which is code of the host.
        drop(dropped);
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.end();
    }
}

fn run(shared: &Shared) {
    loop {
        let task = {
            let mut queue = shared.queue.lock();
            loop {
                if queue.ended {
                    return;
                }
                match queue.tasks.pop_front() {
                    Some(task) => break task,
                    None => shared.condition.wait(&mut queue),
                }
            }
        };
        // A listener that fails has failed for itself.
        let _ = catch_unwind(AssertUnwindSafe(task.call));
    }
}

/// The listeners to one kind of thing.
pub(crate) struct Listeners<T>(Mutex<Vec<Arc<Listener<T>>>>);

impl<T> Default for Listeners<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> fmt::Debug for Listeners<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listeners(…)")
    }
}

impl<T: Clone + Send + 'static> Listeners<T> {
    /// Begins with the current state.
    pub fn add(&self, teller: &Teller, tell: Told<T>) -> Arc<Listener<T>> {
        let listener = Arc::new(Listener { tell, cancelled: AtomicBool::new(false), pending: AtomicUsize::new(0) });
        {
            // Under the lock, so that nothing comes before it.
            let mut listeners = self.0.lock();
            push(teller, &listener, None);
            listeners.push(listener.clone());
        }
        listener
    }

    pub fn remove(&self, teller: &Teller, listener: &Arc<Listener<T>>) {
        listener.cancel();
        teller.forget(address(listener));
        let gone: Vec<_> = {
            let mut listeners = self.0.lock();
            let (gone, stay) = listeners.drain(..).partition(|held| Arc::ptr_eq(held, listener));
            *listeners = stay;
            gone
        };
        drop(gone);
    }

    /// Only leaves it to be told: nobody's code is called, and nothing of anybody's is let go of.
    pub fn tell(&self, teller: &Teller, what: &T) {
        for listener in self.0.lock().iter() {
            push(teller, listener, Some(what.clone()));
        }
    }
}

fn push<T: Send + 'static>(teller: &Teller, listener: &Arc<Listener<T>>, what: Option<T>) {
    let pending = listener.pending.fetch_add(1, Ordering::SeqCst);
    if pending > MOST_PENDING {
        listener.pending.fetch_sub(1, Ordering::SeqCst);
        return;
    }
    // The last one that there is room for stands for itself and for all that find no room after it.
    let what = what.filter(|_| pending < MOST_PENDING);
    let weak: Weak<Listener<T>> = Arc::downgrade(listener);
    let call = move || {
        let Some(listener) = weak.upgrade() else { return };
        // Before the call: what comes during it is not covered by it.
        listener.pending.fetch_sub(1, Ordering::SeqCst);
        if !listener.is_cancelled() {
            (listener.tell)(what);
        }
    };
    teller.leave(Task { of: address(listener), call: Box::new(call) });
}

fn address<T>(listener: &Arc<Listener<T>>) -> usize {
    Arc::as_ptr(listener).addr()
}

#[cfg(test)]
mod tests;
