//! The real binary, as a child process, in a folder of its own, against a real server.

use serde_json::Value;
use skolebro_tests::{earlier, town::Town};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
};
use tempfile::TempDir;

/// A terminal with one person's phone.
#[derive(Debug)]
pub struct Terminal {
    folder: TempDir,
}

/// What a run gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it ends by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Ended as it should, or else everything is shown.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words), "not said: {words}\n{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn keeps_silent_of(self, words: &str) -> Self {
        let all = format!("{}\n{}", self.out, self.err);
        assert!(!all.contains(words), "said: {words}\n{all}");
        self
    }

    #[track_caller]
    pub fn complains(self, words: &str) -> Self {
        assert!(self.err.contains(words), "not complained: {words}\n{}\n{}", self.out, self.err);
        self
    }
}

impl Terminal {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Signed in with a new code.
    pub fn of(town: &Town, given: &str) -> Self {
        let terminal = Self::new();
        let code = town.code(given).unwrap_or_else(|| panic!("no code for {given}"));
        terminal.run(&["enrol", "--server", &town.url(), "--code", &code, "--name", "kitchen"]).ends(0);
        terminal
    }

    /// A copy of a phone that is there already, at this school.
    pub fn on(phone: &Path, town: &Town) -> Self {
        let terminal = Self::new();
        earlier::copy(phone, terminal.folder());
        fs::write(terminal.folder().join("server"), town.url()).unwrap();
        terminal
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skolebro"));
        command.arg("--phone").arg(self.folder()).args(["--lang", "en"]).args(args);
        for name in ["SKOLEBRO_PHONE", "SKOLEBRO_TEST_NOW", "NO_COLOR", "http_proxy", "HTTP_PROXY", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.command(args).output().unwrap().into()
    }

    pub fn json(&self, args: &[&str]) -> (i32, Value) {
        let mut all = vec!["--json"];
        all.extend_from_slice(args);
        let ran = self.run(&all);
        let value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
        (ran.code, value)
    }

    pub fn start(&self, args: &[&str]) -> Child {
        self.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}
