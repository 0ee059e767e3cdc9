//! `cargo xtask load`: a compressed morning of light phones, each with its own token and cursor and a new connection for
//! each sync, spread with jitter. Loopback only; ends by itself.

use crate::bench::{self, Rate, Server, school, wire::Connection};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{
    error::Error,
    io,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// A country's morning at its peak (docs/operating.md).
const AIM_PER_SECOND: f64 = 1_130.0;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Enrolled phones, each of another guardian as far as the sample has them.
    #[arg(long, default_value_t = 2_000)]
    phones: usize,
    /// How long the morning is.
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    seconds: u64,
    /// Cold syncs a second, spread over the phones.
    #[arg(long, default_value_t = AIM_PER_SECOND)]
    rate: f64,
    /// How many in a hundred syncs carry a report.
    #[arg(long, default_value_t = 20)]
    reports: u32,
}

pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let seconds = arguments.seconds.clamp(1, 600);
    let folder = tempfile::tempdir()?;
    let program = bench::program()?;
    let data = folder.path().join("school");
    let pupils = u32::try_from(arguments.phones).unwrap_or(u32::MAX).clamp(400, 20_000);
    let light = school::make(&data, pupils, arguments.phones)?;
    println!(
        "{} phones of a municipality with {pupils} pupils; {} syncs a second for {seconds} s",
        light.len(),
        arguments.rate
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let server = Server::start(&program, &data, None)?;
        let address = server.address;
        let syncs = (arguments.rate * seconds as f64) as usize;
        let mut rng = StdRng::seed_from_u64(1);
        let phones: Vec<_> = light.into_iter().map(|phone| Arc::new(Mutex::new(phone))).collect();
        let mut plan: Vec<(Duration, usize, bool)> = (0..syncs)
            .map(|_| {
                let at = Duration::from_secs_f64(rng.random_range(0.0..seconds as f64));
                (at, rng.random_range(0..phones.len()), rng.random_range(0..100) < arguments.reports)
            })
            .collect();
        plan.sort_unstable();
        let started = Instant::now();
        let mut tasks = Vec::with_capacity(plan.len());
        for (at, number, report) in plan {
            tokio::time::sleep_until((started + at).into()).await;
            let phone = phones[number].clone();
            let due = started + at;
            tasks.push(tokio::spawn(async move {
                let mut phone = phone.lock().await;
                let mut connection = Connection::open(address).await?;
                let command = report.then(|| phone.sick(school::morning(), school::today(), school::today()));
                phone.sync(&mut connection, command.as_slice()).await?;
                // From the moment it was due, so that a server that falls behind shows.
                Ok::<_, io::Error>(due.elapsed())
            }));
        }
        let (mut times, mut failed) = (Vec::new(), 0usize);
        for task in tasks {
            match task.await? {
                Ok(time) => times.push(time),
                Err(error) => {
                    failed += 1;
                    if failed == 1 {
                        println!("the first that failed: {error}");
                    }
                }
            }
        }
        let rate = Rate::of(times, started.elapsed());
        println!(
            "{} syncs, {failed} failed: {:.0}/s sustained (aim {AIM_PER_SECOND}), p50 {:.2} ms, p99 {:.2} ms (aim < 250)",
            rate.count, rate.per_second, rate.p50_ms, rate.p99_ms
        );
        if let Some(memory) = server.own_memory() {
            println!("the server's own memory after that: {:.1} MB", memory as f64 / 1e6);
        }
        Ok(())
    })
}
