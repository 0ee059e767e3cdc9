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

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
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
            accepted = listener.accept() => match accepted {
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
    while let Some(line) = lines.recv().await {
        let mut text = serde_json::to_vec(&line).map_err(io::Error::other)?;
        text.push(b'\n');
        writing.write_all(&text).await?;
    }
    work.await.map_err(io::Error::other)
}

/// Gives an order to the running server. None: no server runs on this folder.
///
/// # Errors
/// The server's own trouble, or the connection's.
pub fn ask(data: &Path, order: &Order, progress: &mut dyn FnMut(Progress)) -> Option<Result<Answer, Trouble>> {
    let mut stream = match UnixStream::connect(path(data)) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return None;
        }
        Err(error) => return Some(Err(Trouble::refused(format!("cannot reach the running server: {error}")))),
    };
    Some(exchange(&mut stream, order, progress))
}

fn exchange(stream: &mut UnixStream, order: &Order, progress: &mut dyn FnMut(Progress)) -> Result<Answer, Trouble> {
    let broken =
        |error: &dyn std::fmt::Display| Trouble::refused(format!("the connection to the server broke: {error}"));
    let mut text = serde_json::to_vec(order).map_err(|error| broken(&error))?;
    text.push(b'\n');
    stream.write_all(&text).map_err(|error| broken(&error))?;
    for line in BufReader::new(stream).lines() {
        let line = line.map_err(|error| broken(&error))?;
        match serde_json::from_str(&line).map_err(|_| Trouble::refused("the running server is of another version"))? {
            Line::Progress(made) => progress(made),
            Line::Answer(answer) => return Ok(*answer),
            Line::Trouble(trouble) => return Err(trouble),
        }
    }
    Err(Trouble::refused("the server ended before it answered; ask again to see what was done"))
}
