//! `cargo xtask bench`: what the server and the phone do on this machine, each figure beside its physical limit measured
//! in the same run. Loopback only; bounded in time and count.

mod child;
mod figures;
pub mod light;
mod phone;
mod physical;
pub mod school;
mod server;
mod tick;
pub mod wire;

pub use child::{Server, program};
pub use figures::Rate;

use figures::Figure;
use std::{error::Error, path::PathBuf, time::Duration};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How long each figure is measured.
    #[arg(long, value_name = "SECONDS", default_value_t = 4)]
    seconds: u64,
    /// Enrolled phones on keep-alive connections.
    #[arg(long, default_value_t = 200)]
    phones: usize,
    /// Records that the pull is measured over, at most.
    #[arg(long, default_value_t = 1_000_000)]
    records: u64,
    /// Where the figures are written.
    #[arg(long, value_name = "FILE", default_value = "target/bench.json")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let span = Duration::from_secs(arguments.seconds.clamp(1, 60));
    let folder = tempfile::tempdir()?;
    let mut figures = Vec::new();
    let single = physical::durable_rows(folder.path(), 1, span)?;
    let hundreds = physical::durable_rows(folder.path(), 100, span)?;
    figures.push(Figure::plain("SQLite: durable commits, one row each", single, "/s", ""));
    figures.push(Figure::plain("SQLite: durable rows, a hundred a commit", hundreds, "/s", ""));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(server::measure(&mut figures, folder.path(), arguments.phones, span, hundreds))?;
    server::pull_by_size(&mut figures, folder.path(), arguments.records, span)?;
    tick::measure(&mut figures, folder.path())?;
    phone::measure(&mut figures, folder.path(), single, span)?;
    figures::print(&figures);
    if let Some(parent) = arguments.out.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&arguments.out, serde_json::to_vec_pretty(&figures)?)?;
    println!("\nwritten to {}", arguments.out.display());
    Ok(())
}
