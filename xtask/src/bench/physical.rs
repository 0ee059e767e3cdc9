//! What this machine gives at this moment, in the same run: no figure of ours means anything without it.

use super::{figures::Rate, wire::Connection};
use rusqlite::Connection as Sqlite;
use std::{
    error::Error,
    path::Path,
    time::{Duration, Instant},
};

/// Durable commits of SQLite as the store sets it (WAL, `synchronous=FULL`), `rows` rows each. Gives rows a second.
pub fn durable_rows(folder: &Path, rows: u32, span: Duration) -> Result<f64, Box<dyn Error>> {
    let file = folder.join(format!("commit-{rows}.db"));
    let db = Sqlite::open(file)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT",
    )?;
    let body = "x".repeat(300);
    let (started, mut done) = (Instant::now(), 0u64);
    while started.elapsed() < span {
        db.execute_batch("BEGIN IMMEDIATE")?;
        for _ in 0..rows {
            db.prepare_cached("INSERT INTO row (body) VALUES (?1)")?.execute([&body])?;
        }
        db.execute_batch("COMMIT")?;
        done += u64::from(rows);
    }
    Ok(done as f64 / started.elapsed().as_secs_f64())
}

/// Requests a second that a bare handler of the same HTTP library answers to the same client: `GET /v1/health` does
/// nothing else.
pub async fn bare_requests(
    address: std::net::SocketAddr,
    connections: usize,
    span: Duration,
) -> Result<Rate, Box<dyn Error>> {
    let started = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..connections {
        tasks.push(tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut times = Vec::new();
            while started.elapsed() < span {
                let asked = Instant::now();
                connection.get("/v1/health").await?;
                times.push(asked.elapsed());
            }
            Ok::<_, std::io::Error>(times)
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    Ok(Rate::of(times, started.elapsed()))
}
