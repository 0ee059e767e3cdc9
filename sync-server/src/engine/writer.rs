//! The one writer: gathers waiting requests into one transaction, commits once, and only then answers (group commit).
//!
//! Whose turn it is says `fair`. A turn ends when it has taken a while, and what is long is done in slices, each durable
//! by itself, so that nobody waits for all of somebody else's work.
//!
//! After a failed or doubtful commit nobody is told that anything happened, and every cache is dropped. What is promised
//! to a phone has been durable before.

use super::{
    fair::{Fair, Lane},
    refusal::Fault,
    shared::Shared,
    turn::Turn,
};
use crate::store::{Result, StoreError};
use parking_lot::{Condvar, Mutex};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// How writes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriterMode {
    /// A thread of its own, with group commit.
    Thread,
    /// On the caller's thread, one request at a time: for simulations that must repeat exactly.
    Inline,
}

/// How many requests have become durable in how many commits since the start: what group commit saves.
#[derive(Debug, Default)]
pub(super) struct Commits {
    commits: AtomicU64,
    requests: AtomicU64,
}

impl Commits {
    fn add(&self, requests: usize) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.requests.fetch_add(requests as u64, Ordering::Relaxed);
    }

    /// Commits, and requests.
    pub fn so_far(&self) -> (u64, u64) {
        (self.commits.load(Ordering::Relaxed), self.requests.load(Ordering::Relaxed))
    }
}

/// Work of the writer, in as many slices as it takes.
pub(super) trait Work<T>: Send {
    /// One slice, from where the last one that was committed ended; none: there is more to do. May be run again from there
    /// when the transaction did not happen.
    ///
    /// # Errors
    /// Only what makes the whole transaction impossible.
    fn slice(&mut self, turn: &mut Turn<'_>) -> Result<Option<T>>;
    /// What the last slice did is durable.
    fn kept(&mut self) {}
    /// The rest could not be done: what to answer of that which is durable already. None: nothing is.
    fn so_far(&mut self) -> Option<T> {
        None
    }
}

/// Done in one slice.
struct Whole<W>(W);

impl<T, W: FnMut(&mut Turn<'_>) -> Result<T> + Send> Work<T> for Whole<W> {
    fn slice(&mut self, turn: &mut Turn<'_>) -> Result<Option<T>> {
        (self.0)(turn).map(Some)
    }
}

/// A request that writes.
trait Job: Send {
    fn lane(&self) -> Lane;
    /// As [`Work::slice`]; whether it is done.
    fn run(&mut self, turn: &mut Turn<'_>) -> Result<bool>;
    /// As [`Work::kept`].
    fn kept(&mut self);
    /// Once, after the last commit.
    fn answer(self: Box<Self>, result: Result<(), Fault>);
    /// Whether anybody still waits for the answer. What nobody waits for, and nobody was told of, is not begun: its phone
    /// asks again.
    fn is_wanted(&self) -> bool;
}

/// Who waits for a result.
trait Answer<T>: Send {
    fn tell(self, result: Result<T, Fault>);
    fn is_wanted(&self) -> bool {
        true
    }
}

impl<T: Send> Answer<T> for std::sync::mpsc::SyncSender<Result<T, Fault>> {
    fn tell(self, result: Result<T, Fault>) {
        drop(self.send(result));
    }
}

impl<T: Send> Answer<T> for tokio::sync::oneshot::Sender<Result<T, Fault>> {
    fn tell(self, result: Result<T, Fault>) {
        drop(self.send(result));
    }
    fn is_wanted(&self) -> bool {
        !self.is_closed()
    }
}

/// It is done whether anybody hears of it or not.
struct Nobody;

impl<T> Answer<T> for Nobody {
    fn tell(self, _: Result<T, Fault>) {}
}

struct Call<T, W, A> {
    lane: Lane,
    work: W,
    value: Option<T>,
    answer: A,
}

impl<T: Send, W: Work<T>, A: Answer<T>> Job for Call<T, W, A> {
    fn lane(&self) -> Lane {
        self.lane
    }
    fn run(&mut self, turn: &mut Turn<'_>) -> Result<bool> {
        self.value = self.work.slice(turn)?;
        Ok(self.value.is_some())
    }
    fn kept(&mut self) {
        self.work.kept();
    }
    fn answer(self: Box<Self>, result: Result<(), Fault>) {
        let Self { lane: _, mut work, value, answer } = *self;
        answer.tell(match result {
            Ok(()) => value.ok_or(Fault::Failed),
            // What is in doubt is told to nobody.
            Err(Fault::Doubtful) => Err(Fault::Doubtful),
            Err(fault @ (Fault::Failed | Fault::Full | Fault::TooOften)) => work.so_far().ok_or(fault),
        });
    }
    fn is_wanted(&self) -> bool {
        self.answer.is_wanted()
    }
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    ready: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: Fair<Box<dyn Job>>,
    closed: bool,
}

pub(super) struct Writer {
    shared: Arc<Shared>,
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
    one_at_a_time: Mutex<()>,
}

impl Writer {
    pub fn start(shared: Arc<Shared>) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let thread = match shared.config.writer {
            WriterMode::Inline => None,
            WriterMode::Thread => {
                let (shared, queue) = (shared.clone(), queue.clone());
                Some(std::thread::Builder::new().name("writer".to_owned()).spawn(move || serve(&shared, &queue))?)
            }
        };
        Ok(Self { shared, queue, thread, one_at_a_time: Mutex::new(()) })
    }

    /// At most `most` may wait already, and of one person at most `of_one`.
    fn submit(&self, job: Box<dyn Job>, most: usize, of_one: usize) {
        if self.thread.is_none() {
            let _turn = self.one_at_a_time.lock();
            let mut rest = Some(job);
            while let Some(job) = rest.take() {
                rest = commit(&self.shared, &mut Alone(Some(job))).pop();
            }
            return;
        }
        let lane = job.lane();
        let mut waiting = self.queue.waiting.lock();
        if waiting.jobs.len() >= most || waiting.jobs.len_of(lane) >= of_one {
            waiting.jobs.retain(|job| job.is_wanted());
        }
        let fault = if waiting.closed {
            Some(Fault::Failed)
        } else if waiting.jobs.len() >= most {
            Some(Fault::Full)
        } else if lane.person.is_some() && waiting.jobs.len_of(lane) >= of_one {
            Some(Fault::TooOften)
        } else {
            None
        };
        if let Some(fault) = fault {
            drop(waiting);
            job.answer(Err(fault));
            return;
        }
        waiting.jobs.push(lane, job);
        drop(waiting);
        self.queue.ready.notify_one();
    }

    /// Waits for the commit on this thread.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Turn<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        self.write_as(Lane::SERVER, Whole(work))
    }

    /// The same, in its turn among those of a lane.
    pub fn write_at<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnMut(&mut Turn<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        self.write_as(lane, Whole(work))
    }

    /// The same, in slices.
    pub fn write_as<T: Send + 'static>(&self, lane: Lane, work: impl Work<T> + 'static) -> Result<T, Fault> {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        self.submit(Box::new(Call { lane, work, value: None, answer: tell }), usize::MAX, usize::MAX);
        told.recv().unwrap_or(Err(Fault::Failed))
    }

    /// Waits for the commit without holding a thread; for phones, of which only so many may wait. What is dropped before
    /// its turn is not begun.
    pub async fn write_async<T: Send + 'static>(&self, lane: Lane, work: impl Work<T> + 'static) -> Result<T, Fault> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let limits = &self.shared.config.limits;
        let call = Call { lane, work, value: None, answer: tell };
        self.submit(Box::new(call), limits.requests_waiting, limits.requests_waiting_of_one.max(1));
        told.await.unwrap_or(Err(Fault::Failed))
    }

    /// Waits until something is durable.
    pub async fn write_nothing(&self) -> Result<(), Fault> {
        self.write_async(Lane::SERVER, Whole(|_: &mut Turn<'_>| Ok(()))).await
    }

    /// Asks for something whose result nobody waits for.
    pub fn write_later(&self, work: impl FnMut(&mut Turn<'_>) -> Result<()> + Send + 'static) {
        let most = self.shared.config.limits.requests_waiting;
        let call = Call { lane: Lane::DOOR, work: Whole(work), value: None, answer: Nobody };
        self.submit(Box::new(call), most, usize::MAX);
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.waiting.lock().closed = true;
        self.queue.ready.notify_all();
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has nothing left to say.
            drop(thread.join());
        }
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

fn serve(shared: &Shared, queue: &Queue) {
    loop {
        {
            let mut waiting = queue.waiting.lock();
            while waiting.jobs.len() == 0 {
                if waiting.closed {
                    return;
                }
                queue.ready.wait(&mut waiting);
            }
        }
        let begun = commit(shared, &mut &*queue);
        if !begun.is_empty() {
            let mut waiting = queue.waiting.lock();
            begun.into_iter().for_each(|job| waiting.jobs.push_back_first(job.lane(), job));
        }
    }
}

/// Where a turn's jobs come from.
trait Source {
    /// The first of a turn that anybody waits for.
    fn first(&mut self) -> Option<Box<dyn Job>>;
    /// One more, as [`Fair::pop_joining`] says.
    fn joining(&mut self, most_ahead: u64) -> Option<Box<dyn Job>>;
    /// What a slice has cost.
    fn charge(&mut self, lane: Lane, cost: u64);
}

impl Source for &Queue {
    fn first(&mut self) -> Option<Box<dyn Job>> {
        let mut waiting = self.waiting.lock();
        std::iter::from_fn(|| waiting.jobs.pop()).map(|(_, job)| job).find(|job| job.is_wanted())
    }
    fn joining(&mut self, most_ahead: u64) -> Option<Box<dyn Job>> {
        let mut waiting = self.waiting.lock();
        std::iter::from_fn(|| waiting.jobs.pop_joining(most_ahead)).map(|(_, job)| job).find(|job| job.is_wanted())
    }
    fn charge(&mut self, lane: Lane, cost: u64) {
        self.waiting.lock().jobs.charge(lane, cost);
    }
}

/// One job, by itself.
struct Alone(Option<Box<dyn Job>>);

impl Source for Alone {
    fn first(&mut self) -> Option<Box<dyn Job>> {
        self.0.take()
    }
    fn joining(&mut self, _: u64) -> Option<Box<dyn Job>> {
        None
    }
    fn charge(&mut self, _: Lane, _: u64) {}
}

/// A job in its turn, and whether it is done with this slice.
struct Joined {
    job: Box<dyn Job>,
    done: bool,
}

/// One turn: one transaction for all that come to it, until it has lasted long enough. A job that makes the transaction
/// impossible is left out, and the others are tried again without it. Gives back what has more to do.
fn commit(shared: &Shared, source: &mut dyn Source) -> Vec<Box<dyn Job>> {
    let limits = &shared.config.limits;
    if shared.suspect.load(Ordering::SeqCst) && !recovered(shared) {
        let refused = std::iter::from_fn(|| source.first()).take(limits.requests_per_commit.max(1));
        refused.for_each(|job| job.answer(Err(Fault::Doubtful)));
        return Vec::new();
    }
    let Some(job) = source.first() else { return Vec::new() };
    let mut jobs = vec![Joined { job, done: false }];
    let most_ahead = micros(limits.turn);
    // The first time, jobs join while there is time; when it is run again, they are those that are there.
    let mut joining = true;
    loop {
        let mut broken = None;
        let mut done = None;
        let result = shared.store.write(&mut |writing| {
            broken = None;
            let mut turn = Turn::new(shared, writing);
            let mut run = |at: usize, joined: &mut Joined, source: &mut dyn Source| {
                let begun = Instant::now();
                let ran = catch_unwind(AssertUnwindSafe(|| joined.job.run(&mut turn)));
                source.charge(joined.job.lane(), micros(begun.elapsed()).max(1));
                let ran = ran.unwrap_or_else(|_| Err(StoreError::Backend("a request's work panicked".to_owned())));
                joined.done = ran.inspect_err(|_| broken = Some(at))?;
                Ok::<_, StoreError>(())
            };
            let begun = Instant::now();
            let join = std::mem::replace(&mut joining, false);
            for (at, joined) in jobs.iter_mut().enumerate() {
                run(at, joined, source)?;
            }
            while join && jobs.len() < limits.requests_per_commit && begun.elapsed() < limits.turn {
                let Some(job) = source.joining(most_ahead) else { break };
                jobs.push(Joined { job, done: false });
                let at = jobs.len() - 1;
                run(at, &mut jobs[at], source)?;
            }
            done = Some(turn.finish()?);
            Ok(())
        });
        match (result, done) {
            (Ok(()), Some(mut done)) => {
                shared.publish(&mut done.schools, &done.revoked);
                shared.spend(&done.spent);
                shared.commits.add(jobs.len());
                let mut begun = Vec::new();
                for Joined { mut job, done } in jobs {
                    job.kept();
                    if done {
                        job.answer(Ok(()));
                    } else {
                        begun.push(job);
                    }
                }
                return begun;
            }
            (Ok(()), None) => {
                jobs.into_iter().for_each(|joined| joined.job.answer(Err(Fault::Failed)));
                return Vec::new();
            }
            (Err(error), _) => {
                let doubtful = matches!(error, StoreError::Doubtful(_));
                tracing::error!(%error, doubtful, requests = jobs.len(), "a transaction did not happen");
                shared.suspect.fetch_or(doubtful, Ordering::SeqCst);
                shared.forget();
                let fault = if doubtful { Fault::Doubtful } else { Fault::Failed };
                match broken {
                    Some(at) if !doubtful && jobs.len() > 1 => jobs.remove(at).job.answer(Err(fault)),
                    Some(_) | None => {
                        // It is the store's fault, so it is everybody's who waits.
                        let others = std::iter::from_fn(|| source.first());
                        let others = others.take(limits.requests_per_commit.saturating_sub(jobs.len()));
                        jobs.into_iter().map(|joined| joined.job).chain(others).for_each(|job| job.answer(Err(fault)));
                        return Vec::new();
                    }
                }
            }
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Whether the store is sound again: it is when it makes something durable.
fn recovered(shared: &Shared) -> bool {
    let now = shared.now().to_rfc3339();
    let sound = shared.store.write(&mut |writing| writing.put_meta("recovered_at", &now));
    match sound {
        Ok(()) => {
            shared.forget();
            shared.suspect.store(false, Ordering::SeqCst);
            // What the doubtful commit did has been published to nobody.
            shared.pokes.everybody();
            tracing::warn!("the store answers again");
        }
        Err(error) => tracing::error!(%error, "the store does not answer yet"),
    }
    !shared.suspect.load(Ordering::SeqCst)
}
