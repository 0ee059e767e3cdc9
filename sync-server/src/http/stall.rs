//! A connection whose peer takes nothing of what is written to it fails after a while. Otherwise peers that ask and do
//! not read, or phones that fell asleep in the middle of a page, would hold every place there is for ever.

use std::{
    future::Future as _,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

/// Writing fails with `TimedOut` when the peer has taken nothing for `longest`. Waiting for the peer's next words is no
/// stall: there are other limits for that.
#[derive(Debug)]
pub struct Unstalled<S> {
    stream: S,
    longest: Duration,
    /// Made at the first wait: most connections never have one.
    patience: Option<Pin<Box<Sleep>>>,
    waiting: bool,
}

impl<S> Unstalled<S> {
    pub fn new(stream: S, longest: Duration) -> Self {
        Self { stream, longest, patience: None, waiting: false }
    }

    /// What a write came to, which fails if it has come to nothing for too long.
    fn within<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = false;
            return written;
        }
        let longest = self.longest;
        let patience = self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(longest)));
        if !self.waiting {
            self.waiting = true;
            patience.as_mut().reset(Instant::now() + longest);
        }
        patience.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unstalled<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unstalled<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.within(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.within(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        // A socket has nothing to flush, so this must not count as the peer's having taken something.
        match flushed {
            Poll::Ready(flushed) => Poll::Ready(flushed),
            Poll::Pending => self.within(context, Poll::Pending),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
