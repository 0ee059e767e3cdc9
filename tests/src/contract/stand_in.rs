//! What answers in a server's place: nobody, a café's network, or a server that has too much to do. Ends when it is dropped.

use parking_lot::{Condvar, Mutex};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes requests and never answers.
    Hang,
    /// Answers with a page that is none of ours.
    Garble,
    /// Not now: in five seconds.
    Busy,
}

const PAGE: &str = "<html><title>Kafé Blåbär</title><p>Välkommen! Godkänn villkoren för att surfa.</html>";

#[derive(Debug, Default)]
struct Shared {
    seen: Mutex<Seen>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct Seen {
    requests: usize,
    open: Vec<TcpStream>,
    over: bool,
}

#[derive(Debug)]
pub struct StandIn {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

impl StandIn {
    pub fn open(address: SocketAddr, manner: Manner) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let shared = Arc::new(Shared::default());
        let told = Arc::clone(&shared);
        let accepting = std::thread::spawn(move || {
            for connection in listener.incoming() {
                let Ok(connection) = connection else { continue };
                let mut seen = told.seen.lock();
                if seen.over {
                    return;
                }
                seen.open.extend(connection.try_clone());
                let told = Arc::clone(&told);
                // Ends when the connection does, which dropping sees to.
                std::thread::spawn(move || serve(&connection, manner, &told));
            }
        });
        Self { address, shared, accepting: Some(accepting) }
    }

    /// Whether so many requests have come within that time.
    pub fn wait_for(&self, count: usize, within: Duration) -> bool {
        let until = Instant::now() + within;
        let mut seen = self.shared.seen.lock();
        while seen.requests < count {
            if self.shared.more.wait_until(&mut seen, until).timed_out() {
                return seen.requests >= count;
            }
        }
        true
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let open = {
            let mut seen = self.shared.seen.lock();
            seen.over = true;
            std::mem::take(&mut seen.open)
        };
        for connection in open {
            let _ = connection.shutdown(std::net::Shutdown::Both);
        }
        // Wakes the one that accepts.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn serve(connection: &TcpStream, manner: Manner, shared: &Shared) {
    let mut reader = BufReader::new(connection);
    while read_request(&mut reader).is_some() {
        shared.seen.lock().requests += 1;
        shared.more.notify_all();
        let head = match manner {
            Manner::Hang => continue,
            Manner::Garble => "200 OK\r\nContent-Type: text/html; charset=utf-8",
            Manner::Busy => "503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: text/html; charset=utf-8",
        };
        let answer = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{PAGE}", PAGE.len());
        let mut connection = connection;
        if connection.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// One request, whole. None: the connection has ended.
fn read_request(reader: &mut BufReader<&TcpStream>) -> Option<()> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()
}
