//! The process that holds the schools: started once for the whole run, asked by one line, answered by one.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{LazyLock, Mutex, PoisonError},
};

struct Host {
    /// It ends when this process does, since its stdin is closed then.
    _process: Child,
    asked: ChildStdin,
    told: Lines<BufReader<ChildStdout>>,
}

static HOST: LazyLock<Mutex<Host>> = LazyLock::new(|| {
    let mut process =
        Command::new(binary()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("contract-host starts");
    let (asked, told) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
    Mutex::new(Host { _process: process, asked, told: BufReader::new(told).lines() })
});

/// The answer's `ok`, or its `error`.
pub fn ask(request: &Value) -> Result<Value, String> {
    let mut host = HOST.lock().unwrap_or_else(PoisonError::into_inner);
    writeln!(host.asked, "{request}").unwrap();
    let line = host.told.next().expect("the host has ended").unwrap();
    let mut answer: Value = serde_json::from_str(&line).unwrap();
    match answer["error"].as_str() {
        Some(error) => Err(error.to_owned()),
        None => Ok(answer["ok"].take()),
    }
}

/// As cargo built it beside this test; it is built now only where nothing has asked for it yet.
fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("SKOLEBRO_CONTRACT_HOST") {
        return path.into();
    }
    let here = std::env::current_exe().unwrap();
    let beside = here.parent().and_then(|deps| deps.parent()).unwrap().join("contract-host");
    if !beside.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "skolebro-tests", "--bin", "contract-host"]);
        assert!(build.status().unwrap().success(), "contract-host cannot be built");
    }
    beside
}
