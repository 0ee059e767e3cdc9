//! The server's figures, over real HTTP with real tokens, access and rules; the load generator has its share of the cores.

use super::{
    child::{self, Server},
    figures::{Figure, Rate},
    light::LightPhone,
    physical, school,
    wire::Connection,
};
use chrono::Days;
use skolebro_core::{
    clock::MovedClock,
    domain::{
        attendance::{Attendance, Session, attendance_key},
        ids::{PersonId, SchoolId},
        record::{Body, RecordKind},
    },
    protocol::{PROTOCOL, SyncRequest},
};
use skolebro_server::{
    serve::open_engine,
    store::{self, StoredRow, sqlite::SqliteOptions},
};
use std::{
    error::Error,
    io,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

#[derive(Clone, Copy)]
enum Doing {
    /// One command up, durable, and what it changed down.
    RoundTrip,
    /// A phone that is ten records behind.
    TenBehind,
    Idle,
}

pub async fn measure(
    figures: &mut Vec<Figure>,
    folder: &Path,
    phones: usize,
    span: Duration,
    durable_rows: f64,
) -> Result<(), Box<dyn Error>> {
    let program = child::program()?;
    let data = folder.join("school");
    let made = data.clone();
    let light =
        tokio::task::spawn_blocking(move || school::make(&made, 1500, phones).map_err(|e| e.to_string())).await??;
    let server = Server::start(&program, &data, None)?;
    figures.push(Figure::plain("cold start, 1,500 pupils", server.cold_start.as_secs_f64() * 1000.0, " ms", "< 50"));
    let bare = physical::bare_requests(server.address, light.len(), span).await?;
    figures.push(Figure::rate("HTTP: a handler that does nothing", bare, ("itself", bare.per_second), ""));
    let light = first_pull(&server, light).await?;
    let idle = many(&server, &light, Doing::Idle, span).await?;
    figures.push(Figure::rate("idle pulls", idle, ("bare handler", bare.per_second), "≥ 60,000"));
    // Few enough that what they have told is among the newest rows, which are in memory; and so many that it is not.
    let few = light.get(..light.len() / 4).unwrap_or(&light);
    let behind = many(&server, few, Doing::TenBehind, span).await?;
    figures.push(Figure::rate(
        "pulls of ten records, from memory",
        behind,
        ("bare handler", bare.per_second),
        "≥ 20,000",
    ));
    let behind = many(&server, &light, Doing::TenBehind, span).await?;
    figures.push(Figure::rate("the same, from the store", behind, ("bare handler", bare.per_second), "≥ 20,000"));
    let round = many(&server, &light, Doing::RoundTrip, span).await?;
    figures.push(Figure::rate("durable round trips", round, ("durable rows", durable_rows), "≥ 20,000"));
    if let Some(memory) = server.own_memory() {
        figures.push(Figure::plain("memory beyond mapped files, after that", memory as f64 / 1e6, " MB", "< 40"));
    }
    drop(server);
    let slow = Server::start(&program, &data, Some(&child::slow_disk(folder)?))?;
    let light = first_pull(&slow, light).await?;
    let round = many(&slow, &light, Doing::RoundTrip, span).await?;
    figures.push(Figure::rate("durable round trips, fsync 1 ms slower", round, ("commits", 1000.0), "≥ 10,000"));
    Ok(())
}

/// Every phone is up to date before anything is measured.
async fn first_pull(server: &Server, light: Vec<LightPhone>) -> io::Result<Vec<LightPhone>> {
    let mut ready = Vec::with_capacity(light.len());
    let mut connection = Connection::open(server.address).await?;
    for mut phone in light {
        phone.sync(&mut connection, &[]).await?;
        ready.push(phone);
    }
    Ok(ready)
}

async fn many(server: &Server, light: &[LightPhone], doing: Doing, span: Duration) -> Result<Rate, Box<dyn Error>> {
    let address = server.address;
    let mut ready = Vec::new();
    for phone in light {
        let mut phone = phone.clone();
        let mut connection = Connection::open(address).await?;
        phone.sync(&mut connection, &[]).await?;
        if matches!(doing, Doing::TenBehind) {
            let cursor = phone.cursor;
            let (from, to) = (school::today(), school::today() + Days::new(11));
            let sick = phone.sick(school::morning(), from, to);
            phone.sync(&mut connection, &[sick]).await?;
            phone.cursor = cursor;
        }
        ready.push((phone, connection));
    }
    let started = Instant::now();
    let tasks: Vec<_> = ready
        .into_iter()
        .map(|(mut phone, mut connection)| {
            tokio::spawn(async move {
                let mut times = Vec::new();
                let asks = phone.request(None, &[]);
                while started.elapsed() < span {
                    match doing {
                        Doing::RoundTrip => {
                            let day = phone.day(times.len());
                            let sick = phone.sick(school::morning(), day, day);
                            let asked = Instant::now();
                            phone.sync(&mut connection, &[sick]).await?;
                            times.push(asked.elapsed());
                        }
                        Doing::TenBehind | Doing::Idle => {
                            let asked = Instant::now();
                            connection.post("/v1/sync", &phone.token, &asks).await?;
                            times.push(asked.elapsed());
                        }
                    }
                }
                Ok::<_, io::Error>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    Ok(Rate::of(times, started.elapsed()))
}

/// Ten-behind pulls straight at the engine, from the store and not from memory, as the school's history grows.
pub fn pull_by_size(figures: &mut Vec<Figure>, folder: &Path, most: u64, span: Duration) -> Result<(), Box<dyn Error>> {
    let mut first = None;
    let data = folder.join("history");
    let phone = school::make(&data, 200, 1)?.swap_remove(0);
    let mut rows = 0;
    for (size, name) in [
        (1_000, "pull of ten at 1,000 records"),
        (100_000, "pull of ten at 100,000 records"),
        (1_000_000, "pull of ten at 1,000,000 records"),
    ] {
        if size > most {
            break;
        }
        let clock = Arc::new(MovedClock::from(school::morning()));
        let engine = open_engine(&data, None, SqliteOptions::default(), clock)?;
        fill(engine.store().as_ref(), &phone, &mut rows, size)?;
        drop(engine);
        let clock = Arc::new(MovedClock::from(school::morning()));
        let engine = open_engine(&data, None, SqliteOptions::default(), clock)?;
        let session = engine.authenticate(&phone.token)?;
        let request = |cursor| SyncRequest {
            protocol: PROTOCOL,
            school: phone.school,
            epoch: Some(engine.epoch()),
            cursor,
            ..SyncRequest::default()
        };
        let head = store::read(engine.store().as_ref(), |reading| reading.head(phone.school))?.seq;
        let (started, mut times) = (Instant::now(), Vec::new());
        while started.elapsed() < span / 2 {
            let asked = Instant::now();
            std::hint::black_box(engine.sync_blocking(&session, request(head - 10))?);
            times.push(asked.elapsed());
        }
        let rate = Rate::of(times, started.elapsed());
        let base = *first.get_or_insert(rate.p50_ms);
        figures.push(Figure::plain(name, rate.p50_ms, " ms", "≤ 1.2×").beside(("at 1,000:", base)));
    }
    Ok(())
}

/// Attendance of made-up pupils, as many as a history has, and ten of the phone's own child at the end.
fn fill(store: &dyn store::Store, phone: &LightPhone, have: &mut u64, want: u64) -> Result<(), Box<dyn Error>> {
    let body = Body::from(Attendance { session: Session::Day, ..Attendance::default() }).to_json()?;
    while *have < want {
        let until = (*have + 20_000).min(want - 10).max(*have + 10);
        store::write(store, |writing| {
            for number in *have..until {
                let pupil =
                    if number + 10 >= want { phone.pupil } else { PersonId::derive(&[&"history", &(number / 1800)]) };
                put(writing, phone.school, pupil, number, &body)?;
            }
            Ok(())
        })?;
        *have = until;
    }
    Ok(())
}

/// One day of one pupil.
pub fn put(
    writing: &mut dyn store::Writing,
    school: SchoolId,
    pupil: PersonId,
    number: u64,
    body: &str,
) -> store::Result<()> {
    let day = school::today() - Days::new(number % 1800);
    let (scope, id) = attendance_key(school, pupil, day, Session::Day);
    let seq = writing.take_number(school)?;
    let (pupil, day) = (Some(pupil), Some(day));
    writing.put_row(
        school,
        &StoredRow { scope, id, seq, kind: RecordKind::Attendance, pupil, day, body: Some(body.into()) },
    )
}
