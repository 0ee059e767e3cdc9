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

/// What the packages are built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Use { release: bool },
    Test { release: bool },
    Figures,
}

impl Purpose {
    /// Whether anything is run that speaks to a server.
    pub fn runs(self) -> bool {
        match self {
            Purpose::Use { .. } => false,
            Purpose::Test { .. } | Purpose::Figures => true,
        }
    }

    pub fn is_optimized(self) -> bool {
        match self {
            Purpose::Use { release } | Purpose::Test { release } => release,
            Purpose::Figures => true,
        }
    }

    /// What a package's run is told besides.
    pub fn variables(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Purpose::Use { .. } | Purpose::Test { .. } => &[],
            Purpose::Figures => &[("SKOLEBRO_BENCH", "1")],
        }
    }
}

#[derive(Debug)]
pub struct Library {
    pub purpose: Purpose,
    /// Holds the dynamic and the static library.
    pub folder: PathBuf,
    /// The dynamic library that sources are generated from: never stripped, since uniffi reads what it needs from symbols.
    pub with_symbols: PathBuf,
    host: PathBuf,
    contract: PathBuf,
}

impl Library {
    pub fn build(places: &Places, purpose: Purpose) -> Result<Self, Box<dyn Error>> {
        let build = |arguments: &[&str]| run(cargo().current_dir(&places.root).arg("build").args(arguments));
        // Of the whole workspace, as its tests are built: of one package alone cargo would choose other features of what it
        // depends on, and build it all again. Nor is the feature named with a package: cargo would take that for the
        // package's own dependency on itself, in tests.
        let features: &[&str] = if purpose.runs() { &["--features", "testing"] } else { &[] };
        let host: &[&str] = if purpose.runs() { &["--bin", "contract-host"] } else { &[] };
        let profile: &[&str] = if purpose == Purpose::Figures { &["--release"] } else { &[] };
        build(&[&["--lib"], host, features, profile].concat())?;
        let whole = places.target.join(if purpose == Purpose::Figures { "release" } else { "debug" });
        let mobile = match purpose {
            Purpose::Use { release } | Purpose::Test { release } => release,
            Purpose::Figures => false,
        };
        if mobile {
            let features: &[&str] = if purpose.runs() { &["--features", "testing"] } else { &[] };
            build(&[&["-p", "skolebro-ffi", "--profile", "mobile"], features].concat())?;
        }
        Ok(Self {
            purpose,
            folder: if mobile { places.target.join("mobile") } else { whole.clone() },
            with_symbols: whole.join(format!("{DLL_PREFIX}skolebro_ffi{DLL_SUFFIX}")),
            host: whole.join("contract-host"),
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
