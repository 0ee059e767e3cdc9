//! Where log lines go: through a queue to a thread of their own. A line that cannot be written, because the disk is full,
//! the pipe closed or its reader asleep, is dropped and counted. Nothing that serves a phone ever waits for a log, fails
//! with it or panics over it.

use std::{
    io::{self, Write},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};
use tracing_subscriber::fmt::MakeWriter;

/// Lines that may wait for a slow reader.
const WAITING: usize = 1_024;
/// How long the end of the process waits for the lines that are still to be written.
const LAST_LINES: Duration = Duration::from_millis(500);

static LOST: AtomicU64 = AtomicU64::new(0);

/// Lines since the start that could not be written.
pub fn lost() -> u64 {
    LOST.load(Ordering::Relaxed)
}

fn lose(lines: u64) {
    LOST.fetch_add(lines, Ordering::Relaxed);
}

/// Gives each event a writer of its own, which passes the finished line on when it is dropped.
#[derive(Clone, Debug)]
pub struct Lossy(SyncSender<Vec<u8>>);

/// Waits for the waiting lines when it is dropped, though not for ever.
#[derive(Debug)]
pub struct Writing(Option<(SyncSender<Vec<u8>>, Receiver<()>)>);

impl Lossy {
    /// To `out`, on a thread that ends with the process. Without a thread every line is lost, and counted.
    pub fn start(out: impl Write + Send + 'static) -> (Self, Writing) {
        Self::with_room_for(WAITING, out)
    }

    fn with_room_for(waiting: usize, out: impl Write + Send + 'static) -> (Self, Writing) {
        let (send, lines) = sync_channel(waiting);
        let (tell, written) = sync_channel(1);
        let started = thread::Builder::new().name("log".to_owned()).spawn(move || write_all(&lines, &tell, out));
        (Self(send.clone()), Writing(started.is_ok().then_some((send, written))))
    }
}

fn write_all(lines: &Receiver<Vec<u8>>, tell: &SyncSender<()>, mut out: impl Write) {
    while let Ok(line) = lines.recv() {
        if line.is_empty() {
            // Whoever waits for the end has perhaps gone.
            let _ = tell.try_send(());
        } else if out.write_all(&line).and_then(|()| out.flush()).is_err() {
            lose(1);
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let Some((send, written)) = self.0.take() else { return };
        // An empty line is the mark behind the last one. With no room for it nobody reads, and nothing is waited for.
        if send.try_send(Vec::new()).is_ok() {
            match written.recv_timeout(LAST_LINES) {
                Ok(()) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
        }
    }
}

impl<'a> MakeWriter<'a> for Lossy {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { text: Vec::with_capacity(256), send: self.0.clone() }
    }
}

/// One event's text.
#[derive(Debug)]
pub struct Line {
    text: Vec<u8>,
    send: SyncSender<Vec<u8>>,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.text.is_empty() && self.send.try_send(std::mem::take(&mut self.text)).is_err() {
            lose(1);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use parking_lot::Mutex;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A full disk.
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A pipe whose reader sleeps until it is woken.
    struct Asleep(Receiver<()>);

    impl Write for Asleep {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn say(lossy: &Lossy, line: &str) {
        lossy.make_writer().write_all(line.as_bytes()).unwrap();
    }

    // One test, because the count is the whole process's.
    #[test]
    fn lines_are_written_whole_and_those_that_cannot_be_are_counted_and_hold_nobody_up() {
        let kept = Kept::default();
        let (lossy, writing) = Lossy::start(kept.clone());
        say(&lossy, "one\n");
        say(&lossy, "two\n");
        drop(writing);
        assert_eq!(*kept.0.lock(), b"one\ntwo\n");
        assert_eq!(lost(), 0);

        let (lossy, writing) = Lossy::start(Full);
        say(&lossy, "three\n");
        drop(writing);
        assert_eq!(lost(), 1);

        let (wake, woken) = sync_channel::<()>(0);
        let (lossy, writing) = Lossy::with_room_for(1, Asleep(woken));
        // One is being written, one waits; of many there is room for no more.
        (0..10).for_each(|_| say(&lossy, "four\n"));
        assert!(lost() >= 9, "{}", lost());
        drop(wake);
        drop(writing);
    }
}
