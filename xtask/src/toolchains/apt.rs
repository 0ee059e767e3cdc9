//! Debian packages: installed when asked, with the command to type when they cannot be.

use crate::command::{exists, run, says};
use std::{error::Error, process::Command};

/// Installs packages on this machine; does not ask.
pub fn install(packages: &[&str]) -> Result<(), Box<dyn Error>> {
    if !exists("apt-get") {
        return Err(format!(
            "this is not Debian (no apt-get), so {} cannot be installed from here",
            packages.join(", ")
        )
        .into());
    }
    if !is_root() {
        return Err(format!(
            "only root may install; run: sudo apt-get install --no-install-recommends {}",
            packages.join(" ")
        )
        .into());
    }
    run(Command::new("apt-get").args(["update", "-q"]))?;
    let install = ["install", "-yq", "--no-install-recommends"];
    run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(install).args(packages))
}

pub fn is_root() -> bool {
    says("id", &["-u"]).is_some_and(|id| id.trim() == "0")
}
