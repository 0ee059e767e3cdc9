//! Runs other programs: says what it runs, and fails with the command line when they do. It never goes through a shell.

use std::{
    error::Error,
    io,
    process::{Command, Stdio},
};

pub fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let line = line(command);
    println!("$ {line}");
    let status = command.status().map_err(|error| format!("`{line}` does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed: {status}").into()) }
}

/// Runs it, and gives what it prints, which is shown too.
pub fn listen(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let line = line(command);
    println!("$ {line}");
    let out = command.stderr(Stdio::inherit()).output().map_err(|error| format!("`{line}` does not start: {error}"))?;
    let told = String::from_utf8_lossy(&out.stdout).into_owned();
    print!("{told}");
    if out.status.success() { Ok(told) } else { Err(format!("`{line}` failed: {}", out.status).into()) }
}

/// What a program prints, if it is there and succeeds. Both streams: some versions of `java` and `swift` tell theirs on the other.
pub fn says(program: &str, arguments: &[&str]) -> Option<String> {
    let out = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    out.status.success().then(|| text(&out.stdout) + &text(&out.stderr))
}

pub fn exists(program: &str) -> bool {
    let started = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    !started.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    for argument in command.get_args() {
        let word = argument.to_string_lossy();
        // A script as an argument says nothing on one line.
        words.push(if word.contains('\n') { "…".to_owned() } else { word.into_owned() });
    }
    words.join(" ")
}
