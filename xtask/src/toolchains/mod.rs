//! `cargo xtask toolchains`: installs on Debian what the bindings need, each language's part only if it is missing.
//!
//! Elsewhere, and for who may not install, it says what to do by hand. It never removes what it did not make.

pub mod apt;
mod debian_root;
mod kotlin;
mod python;
mod swift;

pub use python::Python;
pub use swift::Swift;

use crate::places::Places;
use std::{error::Error, fmt};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Language {
    Kotlin,
    Swift,
    Python,
}

impl Language {
    /// Those that were named, each once; none named is all.
    pub fn chosen(named: &[Self]) -> Vec<Self> {
        let mut chosen = if named.is_empty() { vec![Self::Kotlin, Self::Swift, Self::Python] } else { named.to_vec() };
        chosen.sort();
        chosen.dedup();
        chosen
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Kotlin => "kotlin",
            Self::Swift => "swift",
            Self::Python => "python",
        }
    }
}

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The languages; none named: all.
    languages: Vec<Language>,
}

/// What a language lacks here, in words for the person who is to get it.
#[derive(Debug)]
pub struct Missing {
    pub language: Language,
    /// For example `Swift 6 or later (swift is not on PATH)`.
    pub what: String,
    /// What to do on a Mac or another system that is not Debian.
    pub by_hand: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { language, what, by_hand } = self;
        let name = language.name();
        write!(
            out,
            "{name}: missing: {what}.\n  On Debian `cargo xtask toolchains {name}` installs it; elsewhere: {by_hand}."
        )
    }
}

impl Error for Missing {}

/// Whether a language can be built here.
pub fn check(language: Language, places: &Places) -> Result<(), Missing> {
    match language {
        Language::Kotlin => kotlin::find().map(|_| ()),
        Language::Swift => Swift::find(places).map(|_| ()),
        Language::Python => Python::find(places).map(|_| ()),
    }
}

pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let places = Places::find()?;
    println!("toolchains are kept in {}", places.toolchains.display());
    std::fs::create_dir_all(&places.toolchains)?;
    // Held until the end: two that install into one folder would spoil each other's work.
    let lock = std::fs::File::create(places.toolchains.join("lock"))?;
    lock.lock()?;
    for language in Language::chosen(&arguments.languages) {
        let name = language.name();
        if let Err(missing) = check(language, &places) {
            println!("{name}: to be installed: {}", missing.what);
            match language {
                Language::Kotlin => kotlin::install(),
                Language::Swift => debian_root::install(&places.toolchains),
                Language::Python => python::install(&places.toolchains),
            }
            .map_err(|error| format!("{name}: {error}\n  By hand: {}.", missing.by_hand))?;
            check(language, &places)?;
        }
        println!("{name}: {}", found(language, &places)?);
    }
    Ok(())
}

fn found(language: Language, places: &Places) -> Result<String, Missing> {
    Ok(match language {
        Language::Kotlin => kotlin::find()?,
        Language::Swift => Swift::find(places)?.to_string(),
        Language::Python => format!("virtual environment {}", Python::find(places)?.folder.display()),
    })
}
