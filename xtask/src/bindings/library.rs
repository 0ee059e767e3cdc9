//! The library `skolebro_ffi` for this machine, and the server process that tests speak to.

use crate::{
    command::{cargo, run},
    places::Places,
};
use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    error::Error,
    path::{Path, PathBuf},
};

#[derive(Debug)]
pub struct Library {
    /// Holds the dynamic and the static library.
    pub folder: PathBuf,
    /// The dynamic library that sources are generated from: never stripped, since uniffi reads what it needs from symbols.
    pub with_symbols: PathBuf,
    pub test: bool,
    pub release: bool,
    host: PathBuf,
    contract: PathBuf,
}

impl Library {
    pub fn build(places: &Places, test: bool, release: bool) -> Result<Self, Box<dyn Error>> {
        let build = |arguments: &[&str]| run(cargo().current_dir(&places.root).arg("build").args(arguments));
        // Of the whole workspace, as its tests are built: of one package alone cargo would choose other features of what it
        // depends on, and build it all again.
        let features: &[&str] = if test { &["--features", "skolebro-ffi/testing"] } else { &[] };
        let host: &[&str] = if test { &["--bin", "contract-host"] } else { &[] };
        build(&[&["--lib"], host, features].concat())?;
        if release {
            let features: &[&str] = if test { &["--features", "testing"] } else { &[] };
            build(&[&["-p", "skolebro-ffi", "--profile", "mobile"], features].concat())?;
        }
        let debug = places.target.join("debug");
        Ok(Self {
            folder: if release { places.target.join("mobile") } else { debug.clone() },
            with_symbols: debug.join(format!("{DLL_PREFIX}skolebro_ffi{DLL_SUFFIX}")),
            test,
            release,
            host: debug.join("contract-host"),
            contract: places.root.join("bindings/contract"),
        })
    }

    /// What tests are told, in every language.
    pub fn variables(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("SKOLEBRO_CONTRACT_HOST", self.host.clone()),
            ("SKOLEBRO_CONTRACT", self.contract.clone()),
            ("SKOLEBRO_LIBRARY_DIR", self.folder.clone()),
        ]
    }

    pub fn static_library(&self) -> PathBuf {
        self.folder.join("libskolebro_ffi.a")
    }
}

/// A new, empty folder in an old one's place, so that no file of an earlier generation stays.
pub fn fresh(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => std::fs::create_dir_all(folder),
    }
}
