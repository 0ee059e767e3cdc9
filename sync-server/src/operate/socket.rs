//! The local socket by which operator commands reach the running server. Who may open the data folder may operate the
//! school; nobody else reaches it, and it is never a network address.
//!
//! One order a connection: a JSON line in, progress lines and one last line out.

use super::{
    answer::{Answer, Progress, Trouble},
    desk::Desk,
    order::Order,
};
use crate::{closing::closed, private};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream as Stream},
    sync::{mpsc, watch},
    task::JoinSet,
};

/// How long an order may take to come, once its connection is there.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest order, in bytes.
const LONGEST_ORDER: u64 = 64 << 10;
/// Orders at once; further ones wait their turn.
const MOST: usize = 8;
/// While an order is carried out, the operator is told that the server is alive.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// How long an operator waits for a sign of life.
const SILENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// It is being carried out.
    Alive,
    Progress(Progress),
    Answer(Box<Answer>),
    Trouble(Trouble),
}

pub fn path(data: &Path) -> PathBuf {
    data.join("run").join("operator.sock")
}

/// Listens in the data folder. The caller holds the folder's lock, so a socket file that is left is nobody's.
///
/// # Errors
/// The folder cannot be written, or its path is longer than a socket's may be (about 100 bytes).
pub fn listen(data: &Path) -> io::Result<UnixListener> {
    let path = path(data);
    if let Some(folder) = path.parent() {
        private::folder(folder)?;
    }
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(&path)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Carries out orders until `closing` says true, then finishes those under way.
pub async fn serve(listener: UnixListener, desk: Arc<Desk>, mut closing: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = closed(&mut closing) => break,
            Some(_) = under_way.join_next() => {}
            accepted = listener.accept(), if under_way.len() < MOST => match accepted {
                Ok((stream, _)) => {
                    let desk = Arc::clone(&desk);
                    under_way.spawn(async move {
                        if let Err(error) = answer(stream, desk).await {
                            tracing::debug!(error = %error, "an operator's connection ended early");
                        }
                    });
                }
                Err(error) => {
                    tracing::error!(error = %error, "cannot accept operator connections");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            },
        }
    }
    while under_way.join_next().await.is_some() {}
    if let Some(path) = listener.local_addr().ok().and_then(|address| address.as_pathname().map(Path::to_owned)) {
        // One that is left says the same: nobody listens.
        let _ = fs::remove_file(path);
    }
}

async fn answer(stream: Stream, desk: Arc<Desk>) -> io::Result<()> {
    let mut closing = desk.closing.clone();
    let (reading, mut writing) = stream.into_split();
    let mut text = String::new();
    let mut lines = tokio::io::BufReader::new(reading.take(LONGEST_ORDER));
    tokio::select! {
        biased;
        read = tokio::time::timeout(PATIENCE, lines.read_line(&mut text)) => read.map_err(io::Error::from)??,
        // Whoever has not said anything by now is not waited for.
        () = closed(&mut closing) => return Ok(()),
    };
    if text.is_empty() {
        return Ok(());
    }
    let (send, mut lines) = mpsc::channel(16);
    let work = tokio::task::spawn_blocking(move || {
        let last = match serde_json::from_str::<Order>(&text) {
            // Progress is dropped where the operator's terminal is slow or gone; the order is carried out all the same.
            Ok(order) => match desk.carry_out(&order, &mut |progress| _ = send.try_send(Line::Progress(progress))) {
                Ok(answer) => Line::Answer(Box::new(answer)),
                Err(trouble) => Line::Trouble(trouble),
            },
            Err(_) => {
                Line::Trouble(Trouble::usage("the running server is of another version and does not know that order"))
            }
        };
        _ = send.blocking_send(last);
    });
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    loop {
        let line = tokio::select! {
            biased;
            line = lines.recv() => match line {
                Some(line) => line,
                None => break,
            },
            _ = heartbeat.tick() => Line::Alive,
        };
        let mut text = serde_json::to_vec(&line).map_err(io::Error::other)?;
        text.push(b'\n');
        writing.write_all(&text).await?;
    }
    work.await.map_err(io::Error::other)
}

/// Gives an order to the running server. None: no server runs on this folder.
///
/// # Errors
/// The server's own trouble, or the connection's; also that the server gives no sign of life.
pub fn ask(data: &Path, order: &Order, progress: &mut dyn FnMut(Progress)) -> Option<Result<Answer, Trouble>> {
    ask_within(SILENCE, data, order, progress)
}

/// The same with another patience.
///
/// # Errors
/// As [`ask`].
pub fn ask_within(
    silence: Duration,
    data: &Path,
    order: &Order,
    progress: &mut dyn FnMut(Progress),
) -> Option<Result<Answer, Trouble>> {
    let mut stream = match connect(&path(data), silence) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return None;
        }
        Err(error) => return Some(Err(broken("cannot reach the running server", &error, silence))),
    };
    Some(exchange(&mut stream, silence, order, progress))
}

/// Connecting waits, without end, where many wait already and the server takes none of them.
fn connect(path: &Path, silence: Duration) -> io::Result<UnixStream> {
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    let path = path.to_owned();
    // Whoever is not waited for any more ends with the process.
    std::thread::Builder::new().spawn(move || tell.send(UnixStream::connect(path)))?;
    told.recv_timeout(silence).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn broken(what: &str, error: &io::Error, silence: Duration) -> Trouble {
    if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
        let seconds = silence.as_secs_f32();
        return Trouble::refused(format!(
            "the running server has given no sign of life for {seconds} seconds. It is overloaded or stuck; what was asked \
             for may still be done: look with `status` before asking again"
        ));
    }
    Trouble::refused(format!("{what}: {error}"))
}

fn exchange(
    stream: &mut UnixStream,
    silence: Duration,
    order: &Order,
    progress: &mut dyn FnMut(Progress),
) -> Result<Answer, Trouble> {
    let broken = |error: io::Error| broken("the connection to the server broke", &error, silence);
    stream.set_read_timeout(Some(silence)).and_then(|()| stream.set_write_timeout(Some(silence))).map_err(broken)?;
    let mut text = serde_json::to_vec(order).map_err(|error| broken(io::Error::other(error)))?;
    text.push(b'\n');
    stream.write_all(&text).map_err(broken)?;
    for line in BufReader::new(stream).lines() {
        let line = line.map_err(broken)?;
        match serde_json::from_str(&line).map_err(|_| Trouble::refused("the running server is of another version"))? {
            Line::Alive => {}
            Line::Progress(made) => progress(made),
            Line::Answer(answer) => return Ok(*answer),
            Line::Trouble(trouble) => return Err(trouble),
        }
    }
    Err(Trouble::refused("the server ended before it answered; ask again to see what was done"))
}
