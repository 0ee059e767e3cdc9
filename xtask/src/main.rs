//! Tasks of the project: `cargo xtask …`. One file per task.
// A task's answer is what it prints.
#![allow(clippy::print_stdout)]

mod bench;
mod bindings;
mod command;
mod load;
mod places;
mod toolchains;

use clap::{Parser, Subcommand};
use skolebro_demo::writing;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Tasks of the project")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Write a fictional municipality: a OneRoster 1.2 bundle with its legal layer
    Sample(writing::Sample),
    /// Measure the server and the phone, every figure beside its physical limit of the same run
    Bench(bench::Arguments),
    /// Play a compressed morning of light phones against a real server
    Load(load::Arguments),
    /// Install on Debian what the bindings need: a JDK and Maven, Swift 6, a Python environment
    Toolchains(toolchains::Arguments),
    /// Build the core for Kotlin, Swift and Python, and test it there
    Bindings(bindings::Arguments),
}

fn main() -> ExitCode {
    let done: Result<(), Box<dyn std::error::Error>> = match Arguments::parse().task {
        Task::Sample(wanted) => writing::run(&wanted).map(|said| print!("{said}")).map_err(Into::into),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Load(arguments) => load::run(&arguments),
        Task::Toolchains(arguments) => toolchains::run(&arguments),
        Task::Bindings(arguments) => bindings::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}
