//! The one writer: gathers waiting requests into one transaction, commits once, and only then answers (group commit).
//!
//! After a failed or doubtful commit nobody is told that anything happened, and every cache is dropped. What is promised
//! to a phone has been durable before.

use super::{refusal::Fault, shared::Shared, turn::Turn};
use crate::store::{Result, StoreError};
use parking_lot::{Condvar, Mutex};
use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
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

/// A request that writes.
pub(super) trait Job: Send {
    /// May be run again, from the beginning, when the transaction did not happen.
    ///
    /// # Errors
    /// Only what makes the whole transaction impossible.
    fn run(&mut self, turn: &mut Turn<'_>) -> Result<()>;
    /// Once, after the commit.
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
    work: W,
    value: Option<T>,
    answer: A,
}

impl<T, W, A> Job for Call<T, W, A>
where
    T: Send,
    W: FnMut(&mut Turn<'_>) -> Result<T> + Send,
    A: Answer<T>,
{
    fn run(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        self.value = Some((self.work)(turn)?);
        Ok(())
    }
    fn answer(self: Box<Self>, result: Result<(), Fault>) {
        let Self { value, answer, .. } = *self;
        answer.tell(result.and_then(|()| value.ok_or(Fault::Failed)));
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
    jobs: VecDeque<Box<dyn Job>>,
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

    /// At most `most` may wait already.
    fn submit(&self, job: Box<dyn Job>, most: usize) {
        if self.thread.is_none() {
            let _turn = self.one_at_a_time.lock();
            commit(&self.shared, vec![job]);
            return;
        }
        let mut waiting = self.queue.waiting.lock();
        if waiting.jobs.len() >= most {
            waiting.jobs.retain(|job| job.is_wanted());
        }
        if waiting.closed || waiting.jobs.len() >= most {
            let fault = if waiting.closed { Fault::Failed } else { Fault::Full };
            drop(waiting);
            job.answer(Err(fault));
            return;
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.queue.ready.notify_one();
    }

    /// Waits for the commit on this thread.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Turn<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        self.submit(Box::new(Call { work, value: None, answer: tell }), usize::MAX);
        told.recv().unwrap_or(Err(Fault::Failed))
    }

    /// Waits for the commit without holding a thread; for phones, of which only so many may wait. What is dropped before
    /// its turn is not begun.
    pub async fn write_async<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Turn<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let most = self.shared.config.limits.requests_waiting;
        self.submit(Box::new(Call { work, value: None, answer: tell }), most);
        told.await.unwrap_or(Err(Fault::Failed))
    }

    /// Asks for something whose result nobody waits for.
    pub fn write_later(&self, work: impl FnMut(&mut Turn<'_>) -> Result<()> + Send + 'static) {
        let most = self.shared.config.limits.requests_waiting;
        self.submit(Box::new(Call { work, value: None, answer: Nobody }), most);
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
    let most = shared.config.limits.requests_per_commit.max(1);
    loop {
        let mut jobs: Vec<Box<dyn Job>> = {
            let mut waiting = queue.waiting.lock();
            while waiting.jobs.is_empty() {
                if waiting.closed {
                    return;
                }
                queue.ready.wait(&mut waiting);
            }
            let count = waiting.jobs.len().min(most);
            waiting.jobs.drain(..count).collect()
        };
        jobs.retain(|job| job.is_wanted());
        if !jobs.is_empty() {
            commit(shared, jobs);
        }
    }
}

/// One transaction for all; a job that makes it impossible is left out, and the others are tried again without it.
fn commit(shared: &Shared, mut jobs: Vec<Box<dyn Job>>) {
    if shared.suspect.load(Ordering::SeqCst) && !recovered(shared) {
        jobs.into_iter().for_each(|job| job.answer(Err(Fault::Doubtful)));
        return;
    }
    while !jobs.is_empty() {
        let mut broken = None;
        let mut done = None;
        let result = shared.store.write(&mut |writing| {
            broken = None;
            let mut turn = Turn::new(shared, writing);
            for (at, job) in jobs.iter_mut().enumerate() {
                let ran = catch_unwind(AssertUnwindSafe(|| job.run(&mut turn)));
                let ran = ran.unwrap_or_else(|_| Err(StoreError::Backend("a request's work panicked".to_owned())));
                if let Err(error) = ran {
                    broken = Some(at);
                    return Err(error);
                }
            }
            done = Some(turn.finish()?);
            Ok(())
        });
        match (result, done) {
            (Ok(()), Some(mut done)) => {
                shared.publish(&mut done.schools, &done.revoked);
                shared.commits.add(jobs.len());
                jobs.into_iter().for_each(|job| job.answer(Ok(())));
                return;
            }
            (Ok(()), None) => return jobs.into_iter().for_each(|job| job.answer(Err(Fault::Failed))),
            (Err(error), _) => {
                let doubtful = matches!(error, StoreError::Doubtful(_));
                tracing::error!(%error, doubtful, requests = jobs.len(), "a transaction did not happen");
                shared.suspect.fetch_or(doubtful, Ordering::SeqCst);
                shared.forget();
                let fault = if doubtful { Fault::Doubtful } else { Fault::Failed };
                match broken {
                    Some(at) if !doubtful && jobs.len() > 1 => jobs.remove(at).answer(Err(fault)),
                    Some(_) | None => return jobs.into_iter().for_each(|job| job.answer(Err(fault))),
                }
            }
        }
    }
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
