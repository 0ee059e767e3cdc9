//! Generated sources, by the workspace's own generators. They run in the root, since they ask cargo for the crates' `uniffi.toml`.

use super::library::{Library, fresh};
use crate::{
    command::{cargo, run},
    places::Places,
};
use std::{error::Error, path::Path, process::Command};

pub fn kotlin(places: &Places, library: &Library, into: &Path) -> Result<(), Box<dyn Error>> {
    generate("kotlin", places, library, into)
}

pub fn python(places: &Places, library: &Library, into: &Path) -> Result<(), Box<dyn Error>> {
    generate("python", places, library, into)
}

pub fn swift(places: &Places, library: &Library, into: &Path) -> Result<(), Box<dyn Error>> {
    fresh(into)?;
    // Module maps are written by hand: the generated ones name Apple's own.
    run(generator(places, "uniffi-bindgen-swift")
        .args(["--swift-sources", "--headers"])
        .arg(&library.with_symbols)
        .arg(into))
}

fn generate(language: &str, places: &Places, library: &Library, into: &Path) -> Result<(), Box<dyn Error>> {
    fresh(into)?;
    let mut generator = generator(places, "uniffi-bindgen");
    run(generator
        .args(["generate", "--no-format", "--language", language, "--out-dir"])
        .arg(into)
        .arg(&library.with_symbols))
}

fn generator(places: &Places, name: &str) -> Command {
    let mut command = cargo();
    // Without a package, as maturin does it: with one, cargo would choose other features and build the generator twice.
    command.current_dir(&places.root).args(["run", "--quiet", "--bin", name, "--"]);
    command
}
