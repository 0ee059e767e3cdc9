//! What a script learns from the exit code. Told in `--help` and README.md; never given another meaning.

use std::process::ExitCode;

/// In the order of weight: of several, the heaviest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done; what was said is at the school.
    Done,
    /// On this phone only.
    Kept,
    /// Not sent: the phone warns.
    Advised,
    /// The server refused it, or something failed.
    Failed,
    /// The command line cannot be understood.
    Usage,
    /// Nobody is signed in here, or the phone was disconnected.
    NotSignedIn,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Kept => 3,
            Exit::Advised => 4,
            Exit::NotSignedIn => 5,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}
