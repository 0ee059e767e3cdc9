//! The connections that are open, and which of them are idle. Where there are as many as there may be, the one that has
//! been idle for longest makes room for the next: whoever opens connections and says nothing keeps nobody out. Where none
//! is idle, a few more are let in to hear that there is no room, and those who watch over the server to ask how it is.

use hyper::body::{Body, Frame, SizeHint};
use parking_lot::Mutex;
use std::{
    collections::BTreeMap,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Marks a request of a connection that is there only to be told so.
#[derive(Clone, Copy, Debug)]
pub struct Surplus;

#[derive(Debug)]
pub struct Connections {
    most: usize,
    places: Arc<Semaphore>,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    count: usize,
    newest: u64,
    /// In the order in which they became idle.
    idle: BTreeMap<u64, Arc<Notify>>,
}

impl Open {
    fn rest(&mut self, end: &Arc<Notify>) -> u64 {
        self.newest += 1;
        self.idle.insert(self.newest, Arc::clone(end));
        self.newest
    }
}

/// One connection, until it is dropped.
#[derive(Debug)]
pub struct Connection {
    connections: Arc<Connections>,
    end: Arc<Notify>,
    state: Mutex<State>,
    pub is_surplus: bool,
    _place: OwnedSemaphorePermit,
}

#[derive(Debug)]
struct State {
    /// Requests under way, their answers' bodies included.
    under_way: usize,
    /// Its place among the idle ones; it may have been sent away from there.
    idle: u64,
}

impl Connections {
    /// `most`, and `spare` of those that come beyond.
    pub fn new(most: usize, spare: usize) -> Arc<Self> {
        let places = super::places(most.saturating_add(spare));
        Arc::new(Self { most, places, open: Mutex::default() })
    }

    /// Waits for a place: for long only where all are busy, the spare ones too.
    ///
    /// # Errors
    /// Never: the semaphore is not closed.
    pub async fn place(&self) -> io::Result<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.map_err(io::Error::other)
    }

    /// A new connection. It is idle until its first request.
    pub fn open(self: &Arc<Self>, place: OwnedSemaphorePermit) -> Arc<Connection> {
        let end = Arc::new(Notify::new());
        let mut open = self.open.lock();
        let is_full = open.count >= self.most;
        let sent_away = if is_full { open.idle.pop_first() } else { None };
        if let Some((_, idle)) = &sent_away {
            idle.notify_one();
        }
        open.count += 1;
        let idle = open.rest(&end);
        drop(open);
        let is_surplus = is_full && sent_away.is_none();
        let state = Mutex::new(State { under_way: 0, idle });
        Arc::new(Connection { connections: Arc::clone(self), end, state, is_surplus, _place: place })
    }
}

impl Connection {
    /// When it has to make room for another one.
    pub async fn sent_away(&self) {
        self.end.notified().await;
    }

    /// A request comes; it is under way until what this gives is dropped.
    pub fn request(self: &Arc<Self>) -> UnderWay {
        let mut state = self.state.lock();
        if state.under_way == 0 {
            self.connections.open.lock().idle.remove(&state.idle);
        }
        state.under_way += 1;
        UnderWay(Arc::clone(self))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock();
        open.count -= 1;
        open.idle.remove(&self.state.get_mut().idle);
    }
}

/// A request, from its headers to the end of its answer.
#[derive(Debug)]
pub struct UnderWay(Arc<Connection>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.under_way -= 1;
        if state.under_way == 0 {
            state.idle = self.0.connections.open.lock().rest(&self.0.end);
        }
    }
}

/// An answer's body that keeps its connection from being idle.
#[derive(Debug)]
pub struct Answering {
    body: axum::body::Body,
    _under_way: UnderWay,
}

impl Answering {
    pub fn new(body: axum::body::Body, under_way: UnderWay) -> Self {
        Self { body, _under_way: under_way }
    }
}

impl Body for Answering {
    type Data = <axum::body::Body as Body>::Data;
    type Error = <axum::body::Body as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn open(connections: &Arc<Connections>) -> Arc<Connection> {
        let place = Arc::clone(&connections.places).try_acquire_owned().unwrap();
        connections.open(place)
    }

    async fn is_sent_away(connection: &Connection) -> bool {
        tokio::select! {
            biased;
            () = connection.sent_away() => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn the_longest_idle_makes_room_and_who_is_busy_stays() {
        let connections = Connections::new(2, 1);
        let (first, second) = (open(&connections), open(&connections));
        // The first has asked since, so the second has been idle for longer.
        drop(first.request());
        let third = open(&connections);
        assert!(!third.is_surplus);
        assert!(is_sent_away(&second).await && !is_sent_away(&first).await);
        drop(second);
        let (_one, _two) = (first.request(), third.request());
        let fourth = open(&connections);
        assert!(fourth.is_surplus, "nobody is idle");
        assert!(Arc::clone(&connections.places).try_acquire_owned().is_err(), "and that was the last spare place");
        drop(fourth);
        assert!(!is_sent_away(&first).await && !is_sent_away(&third).await);
        assert!(open(&connections).is_surplus);
    }
}
