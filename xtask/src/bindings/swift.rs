//! The Swift package, built by SwiftPM, here or in the Debian root.
//!
//! `bindings/swift` gets `Sources/Skolebro/Generated/*.swift`, and each header `<name>.h` in `Sources/<name>/`, beside the
//! module map written by hand; git ignores both. It links the static library: then nothing has to be found when it runs.

use super::{
    figures::run_for,
    generate,
    library::{Library, Purpose, fresh},
};
use crate::{places::Places, toolchains::Swift};
use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};

pub fn build(places: &Places, library: &Library) -> Result<String, Box<dyn Error>> {
    let built = places.built_for("swift");
    let package = places.root.join("bindings/swift");
    let generated = built.join("generated");
    generate::swift(places, library, &generated)?;
    put_sources(&generated, &package.join("Sources"))?;
    // Alone in its folder: with the dynamic one beside it the linker would take that.
    let linked = built.join("lib");
    fresh(&linked)?;
    link_or_copy(&library.static_library(), &linked.join("libskolebro_ffi.a"))?;

    let mut shown = vec![places.root.as_path()];
    if !places.target.starts_with(&places.root) {
        shown.push(&places.target);
    }
    let told = library.purpose.variables().iter().map(|(name, value)| (*name, PathBuf::from(value)));
    let variables: Vec<_> = library.variables().into_iter().chain(told).collect();
    let mut swift = Swift::find(places)?.command(&package, &shown, &variables);
    swift.arg(if library.purpose.runs() { "test" } else { "build" });
    swift.args(["-c", if library.purpose.is_optimized() { "release" } else { "debug" }]);
    if library.purpose == Purpose::Figures {
        swift.args(["--filter", "Figures"]);
    }
    swift.arg("--scratch-path").arg(built.join("build")).arg("-Xlinker").arg(format!("-L{}", linked.display()));
    if cfg!(target_os = "linux") {
        // Debian's libswiftObservation has an undefined symbol (swiftlang/swift#75670).
        swift.args(["-Xlinker", "--allow-shlib-undefined"]);
    }
    run_for(library.purpose, &mut swift)
}

/// Puts generated files into the package. What did not change keeps its time, so that SwiftPM builds it once.
fn put_sources(generated: &Path, sources: &Path) -> io::Result<()> {
    let swift = sources.join("Skolebro/Generated");
    let mut put = Vec::new();
    for file in fs::read_dir(generated)? {
        let file = file?.path();
        let (Some(name), Some(stem)) = (file.file_name(), file.file_stem()) else { continue };
        let folder =
            if file.extension().is_some_and(|kind| kind == "swift") { swift.clone() } else { sources.join(stem) };
        fs::create_dir_all(&folder)?;
        let place = folder.join(name);
        let text = fs::read(&file)?;
        if !fs::read(&place).is_ok_and(|old| old == text) {
            fs::write(&place, text)?;
        }
        put.push(place);
    }
    for old in fs::read_dir(&swift)? {
        let old = old?.path();
        if !put.contains(&old) {
            fs::remove_file(old)?;
        }
    }
    Ok(())
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sources_stand_where_the_package_looks_and_an_old_one_goes() {
        let folder = tempfile::tempdir().unwrap();
        let (generated, sources) = (folder.path().join("generated"), folder.path().join("Sources"));
        let old = sources.join("Skolebro/Generated/skolebro_gone.swift");
        fs::create_dir_all(old.parent().unwrap()).unwrap();
        fs::create_dir_all(&generated).unwrap();
        fs::write(&old, "").unwrap();
        fs::write(generated.join("skolebro_ffi.swift"), "one").unwrap();
        fs::write(generated.join("skolebro_ffiFFI.h"), "two").unwrap();
        put_sources(&generated, &sources).unwrap();
        let written = sources.join("Skolebro/Generated/skolebro_ffi.swift");
        assert_eq!(fs::read_to_string(&written).unwrap(), "one");
        assert_eq!(fs::read_to_string(sources.join("skolebro_ffiFFI/skolebro_ffiFFI.h")).unwrap(), "two");
        assert!(!old.exists());

        let before = fs::metadata(&written).unwrap().modified().unwrap();
        put_sources(&generated, &sources).unwrap();
        assert_eq!(fs::metadata(&written).unwrap().modified().unwrap(), before);
    }
}
