//! Python's tools: a virtual environment of our own with pinned packages, so that nothing of the machine's is touched.

use super::{Language, Missing, apt};
use crate::{
    command::{run, says},
    places::Places,
};
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const PACKAGES: [&str; 3] = ["maturin==1.16.0", "pytest==9.2.0", "mypy==2.4.1"];
const OLDEST: (u32, u32) = (3, 11);
const BY_HAND: &str = "install Python, 3.11 or later, with venv (on a Mac: brew install python), then run the same command: it needs no Debian then";

#[derive(Debug)]
pub struct Python {
    /// The virtual environment.
    pub folder: PathBuf,
}

impl Python {
    pub fn find(places: &Places) -> Result<Self, Missing> {
        let folder = places.toolchains.join("python");
        let missing = |what: String| Missing { language: Language::Python, what, by_hand: BY_HAND };
        if fs::read_to_string(marker(&folder)).is_ok_and(|installed| installed == PACKAGES.join("\n")) {
            let found = Self { folder };
            // A virtual environment breaks when the machine's Python goes.
            return match says(&found.program("python").to_string_lossy(), &["-c", ""]) {
                Some(_) => Ok(found),
                None => Err(missing(format!("a Python that still runs in {}", found.folder.display()))),
            };
        }
        let without = if machine_has_python() { "" } else { ", and the machine's python3, 3.11 or later, with venv" };
        Err(missing(format!("a virtual environment with {} in {}{without}", PACKAGES.join(", "), folder.display())))
    }

    /// A program of the environment: `python`, `maturin`, `mypy`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

pub fn install(toolchains: &Path) -> Result<(), Box<dyn Error>> {
    let folder = toolchains.join("python");
    if folder.exists() && !folder.join("pyvenv.cfg").is_file() && fs::read_dir(&folder)?.next().is_some() {
        return Err(format!("{} is there and is no virtual environment: move it away", folder.display()).into());
    }
    if !machine_has_python() {
        apt::install(&["python3", "python3-venv"])?;
    }
    fs::create_dir_all(toolchains)?;
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let python = Python { folder };
    run(Command::new(python.program("python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(PACKAGES))?;
    // Last, so that what broke half-way does not count as installed.
    fs::write(marker(&python.folder), PACKAGES.join("\n"))?;
    Ok(())
}

fn marker(folder: &Path) -> PathBuf {
    folder.join("skolebro-complete")
}

fn machine_has_python() -> bool {
    // Debian's python3 has the module venv but not the ensurepip that it needs.
    let (major, minor) = OLDEST;
    let question = format!("import sys, venv, ensurepip; sys.exit(sys.version_info < ({major}, {minor}))");
    says("python3", &["-c", &question]).is_some()
}
