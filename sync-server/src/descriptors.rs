//! File descriptors: as many as the system lets the process have, and how many of them connections may take. What is kept
//! back is for the store's files, the operator's socket and the questions of those who watch over the server.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The store has about twenty open, an import and a backup ten more, the operator's socket its own, and so have those few
/// connections that come in beyond the others.
const KEPT_BACK: usize = 96;

/// Raises the soft limit to the hard one. Gives the limit then; none: there is no limit.
pub fn raise() -> Option<usize> {
    let held = getrlimit(Resource::Nofile);
    if held.current != held.maximum {
        let wanted = Rlimit { current: held.maximum, maximum: held.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, wanted) {
            tracing::warn!(%error, "the limit of open files could not be raised");
        }
    }
    getrlimit(Resource::Nofile).current.map(|files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// How many connections there may be under a limit of open files: all but those kept back, and of very few a quarter.
pub fn for_connections(files: Option<usize>, wanted: usize) -> usize {
    let Some(files) = files else { return wanted };
    wanted.min(files.saturating_sub(KEPT_BACK).max(files / 4).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_something_for_the_store_and_the_operator() {
        assert_eq!(for_connections(None, 50_000), 50_000);
        assert_eq!(for_connections(Some(65_536), 50_000), 50_000);
        assert_eq!(for_connections(Some(1_024), 50_000), 928);
        assert_eq!(for_connections(Some(64), 50_000), 16);
    }
}
