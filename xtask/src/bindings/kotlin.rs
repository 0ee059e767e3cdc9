//! The Kotlin package, built by Maven.
//!
//! `bindings/kotlin/pom.xml` gets the properties `skolebro.generated` (a source folder), `skolebro.library` (for JNA's
//! `jna.library.path`) and `skolebro.build` (for `<directory>`), all absolute.

use super::figures::run_for;
use super::{generate, library::Library};
use crate::places::Places;
use std::{error::Error, path::Path, process::Command};

pub fn build(places: &Places, library: &Library) -> Result<String, Box<dyn Error>> {
    let built = places.built_for("kotlin");
    let generated = built.join("generated");
    generate::kotlin(places, library, &generated)?;
    let property = |name: &str, value: &Path| format!("-Dskolebro.{name}={}", value.display());
    let mut maven = Command::new("mvn");
    maven.current_dir(places.root.join("bindings/kotlin")).envs(library.variables()).args(["-B", "-q"]);
    maven.args([
        property("generated", &generated),
        property("library", &library.folder),
        property("build", &built.join("maven")),
    ]);
    maven.envs(library.purpose.variables().iter().copied());
    run_for(
        library.purpose,
        // Not `skipTests`: the tests would still be compiled, and what they call is not in a library without `testing`.
        maven.args(if library.purpose.runs() { ["verify"].as_slice() } else { &["package", "-Dmaven.test.skip=true"] }),
    )
}
