//! Swift: the one on PATH if it is new enough, also on a Mac; else Debian's, in a root of its own.

use super::{Language, Missing, apt, debian_root};
use crate::{command::says, places::Places};
use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

const OLDEST: u32 = 6;
const BY_HAND: &str =
    "install Swift 6 (on a Mac: Xcode 16 or later; on Linux: https://www.swift.org/install), with swift on PATH";

#[derive(Debug)]
pub enum Swift {
    OnPath { version: u32 },
    InRoot { root: PathBuf },
}

impl Swift {
    pub fn find(places: &Places) -> Result<Self, Missing> {
        let told = says("swift", &["--version"]);
        let on_path = told.as_deref().and_then(major);
        if let Some(version) = on_path.filter(|version| *version >= OLDEST) {
            return Ok(Self::OnPath { version });
        }
        let root = debian_root::folder(&places.toolchains);
        let missing = |what: String| Missing { language: Language::Swift, what, by_hand: BY_HAND };
        if debian_root::is_complete(&root) {
            return if apt::is_root() {
                Ok(Self::InRoot { root })
            } else {
                Err(missing(format!("the right to use the Debian root in {}: only root may enter it", root.display())))
            };
        }
        let there = on_path
            .map_or_else(|| "swift is not on PATH".to_owned(), |version| format!("the one on PATH is {version}"));
        Err(missing(format!(
            "Swift {OLDEST} or later ({there}, and there is no complete Debian root in {})",
            root.display()
        )))
    }

    /// `swift …` in `folder`. Only the folders in `shown` and the given variables, HOME and PATH are sure to be there.
    pub fn command(&self, folder: &Path, shown: &[&Path], variables: &[(&str, PathBuf)]) -> Command {
        match self {
            Self::OnPath { .. } => {
                let mut swift = Command::new("swift");
                swift.current_dir(folder).envs(variables.iter().cloned());
                swift
            }
            Self::InRoot { root } => debian_root::enter(root, folder, shown, variables, "swift"),
        }
    }
}

impl fmt::Display for Swift {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnPath { version } => write!(out, "Swift {version} on PATH"),
            Self::InRoot { root } => write!(out, "Debian's Swift in {}", root.display()),
        }
    }
}

/// From `Swift version 6.0.3 (…)` or `Apple Swift version 6.1 (…)`.
fn major(told: &str) -> Option<u32> {
    told.split("Swift version ").nth(1)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_version_is_read_as_linux_and_a_mac_tell_it() {
        assert_eq!(major("Swift version 6.0.3 (swift-6.0.3-RELEASE)\nTarget: x86_64"), Some(6));
        assert_eq!(major("swift-driver version: 1.120 Apple Swift version 6.1 (swiftlang-6.1)"), Some(6));
        assert_eq!(major("Swift version 5.10"), Some(5));
        assert_eq!(major("OpenStack object storage client"), None);
    }
}
