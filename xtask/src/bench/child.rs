//! The real server as a process of its own, so that its memory is its own and its start can be timed.

use super::school;
use std::{
    error::Error,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to the line that says it is ready.
    pub cold_start: Duration,
}

impl Server {
    pub fn start(program: &Path, data: &Path, preload: Option<&Path>) -> Result<Self, Box<dyn Error>> {
        let started = Instant::now();
        let mut command = Command::new(program);
        command
            .args(["--log-level", "error", "--test-clock", school::MORNING, "--data"])
            .arg(data)
            .args(["serve", "--listen", "127.0.0.1:0", "--enrol-per-minute", "0", "--requests-per-minute", "0"])
            .stdout(Stdio::piped());
        if let Some(shim) = preload {
            command.env("LD_PRELOAD", shim);
        }
        let mut child = command.spawn()?;
        let out = child.stdout.take().ok_or("the server has no output")?;
        let mut lines = BufReader::new(out).lines();
        let ready = loop {
            let line = lines.next().ok_or("the server ended before it was ready")??;
            if let Some(address) = line.split("http://").nth(1) {
                break address.trim().to_owned();
            }
        };
        let cold_start = started.elapsed();
        // Nobody may be left writing into a closed pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, address: ready.parse()?, cold_start })
    }

    /// Bytes of memory of its own (`RssAnon`): mapped files belong to the system's cache.
    pub fn own_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The release binary, built if it is not there.
pub fn program() -> Result<PathBuf, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).args(["build", "--release", "--quiet", "-p", "skolebro-server"]).status()?;
    if !status.success() {
        return Err("the server could not be built".into());
    }
    let folder = std::env::current_exe()?.parent().map(Path::to_owned).unwrap_or_default();
    Ok(folder.join("skolebro-server"))
}

/// Adds a millisecond to every fsync of whoever preloads it.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static void late(void) { struct timespec t = {0, 1000000}; nanosleep(&t, 0); }
int fsync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fsync"); late(); return real(fd); }
int fdatasync(int fd) { static int (*real)(int); if (!real) real = dlsym(RTLD_NEXT, "fdatasync"); late(); return real(fd); }
"#;

pub fn slow_disk(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let (source, library) = (folder.join("slow.c"), folder.join("slow.so"));
    std::fs::write(&source, SHIM)?;
    let built =
        Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(&source).arg("-ldl").status()?;
    if !built.success() {
        return Err("cc could not build the slow-disk shim".into());
    }
    Ok(library)
}
