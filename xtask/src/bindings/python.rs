//! The Python wheel, built by maturin, and tried in the virtual environment as a school's IT would have it.
//!
//! `bindings/python/pyproject.toml` has maturin's `bindings = "uniffi"`, which runs the workspace's own `uniffi-bindgen` and
//! puts the generated modules and the library into the package that `module-name` names.
//! Type stubs are made before that, by the package's own `tools/stubs.py` out of sources generated from the same library.
//! Tests are in `bindings/python/tests`; mypy reads its own settings in `pyproject.toml`.

use super::{
    figures::run_for,
    generate,
    library::{Library, Purpose, fresh},
};
use crate::{command::run, places::Places, toolchains::Python};
use std::{error::Error, process::Command};

pub fn build(places: &Places, library: &Library) -> Result<String, Box<dyn Error>> {
    let python = Python::find(places)?;
    let package = places.root.join("bindings/python");
    let built = places.built_for("python");
    let generated = built.join("generated");
    generate::python(places, library, &generated)?;
    run(Command::new(python.program("python")).current_dir(&package).arg("tools/stubs.py").arg(&generated))?;
    let wheels = built.join("wheels");
    fresh(&wheels)?;
    let mut maturin = Command::new(python.program("maturin"));
    maturin
        .current_dir(&package)
        .args(["build", "--quiet", "--out"])
        .arg(&wheels)
        .arg("--interpreter")
        .arg(python.program("python"));
    // Not the profile of phones: maturin generates from the very library that it packs, and that one is stripped.
    maturin.args(["--profile", if library.purpose.is_optimized() { "release" } else { "dev" }]);
    if library.purpose.runs() {
        maturin.args(["--features", "testing"]);
    }
    run(&mut maturin)?;
    if !library.purpose.runs() {
        return Ok(String::new());
    }
    let python_here = || {
        let mut command = Command::new(python.program("python"));
        // What Python keeps for itself does not belong among the sources.
        command.current_dir(&package).env("PYTHONDONTWRITEBYTECODE", "1").envs(library.variables());
        command.envs(library.purpose.variables().iter().copied());
        command
    };
    let in_environment = |module: &str| {
        let mut command = python_here();
        command.args(["-m", module]);
        command
    };
    let wheel = std::fs::read_dir(&wheels)?.next().ok_or("maturin made no wheel")??.path();
    run(in_environment("pip")
        .args(["install", "--quiet", "--disable-pip-version-check", "--force-reinstall", "--no-deps"])
        .arg(wheel))?;
    if library.purpose == Purpose::Figures {
        return run_for(library.purpose, python_here().arg("bench/bench.py"));
    }
    run(in_environment("pytest")
        .args(["-q", "tests", "-o"])
        .arg(format!("cache_dir={}", built.join("pytest").display())))?;
    run(in_environment("mypy").arg("--cache-dir").arg(built.join("mypy")))?;
    Ok(String::new())
}
