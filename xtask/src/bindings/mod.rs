//! `cargo xtask bindings`: builds the library, generates each language's sources from it, builds each package and tests it.
//!
//! With `--figures` it measures instead what calls cost through each language, beside the same in Rust.
//!
//! What a package under `bindings/` may rely on is written at its module here. All of them get, in tests, the variables
//! `SKOLEBRO_CONTRACT_HOST` (the program), `SKOLEBRO_CONTRACT` (the folder of stories), `SKOLEBRO_LIBRARY_DIR`.
//! Nothing is skipped: a toolchain that is missing is an error, said before anything is built.

mod figures;
mod generate;
mod kotlin;
mod library;
mod python;
mod swift;

use crate::{
    places::Places,
    toolchains::{Language, check},
};
use library::{Library, Purpose};
use std::error::Error;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The languages; none named: all.
    languages: Vec<Language>,
    /// Run each package's tests, the contract suite among them, against a real server process.
    #[arg(long)]
    test: bool,
    /// Build the library small and stripped, as phones get it (profile `mobile`); the wheel with profile `release`.
    #[arg(long)]
    release: bool,
    /// Measure what calls cost in each language, beside the same in Rust, and how large the library for phones is.
    #[arg(long, conflicts_with_all = ["test", "release"])]
    figures: bool,
}

pub fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let places = Places::find()?;
    let languages = Language::chosen(&arguments.languages);
    let missing: Vec<String> =
        languages.iter().filter_map(|one| check(*one, &places).err()).map(|one| one.to_string()).collect();
    if !missing.is_empty() {
        return Err(missing.join("\n").into());
    }
    for language in &languages {
        let package = places.root.join("bindings").join(language.name());
        if !package.is_dir() {
            return Err(format!("there is no package {}", package.display()).into());
        }
    }
    let purpose = match arguments {
        Arguments { figures: true, .. } => Purpose::Figures,
        Arguments { test: true, release, .. } => Purpose::Test { release: *release },
        Arguments { release, .. } => Purpose::Use { release: *release },
    };
    let library = Library::build(&places, purpose)?;
    let mut said = Vec::new();
    for language in languages {
        println!("== {}", language.name());
        let told = match language {
            Language::Kotlin => kotlin::build(&places, &library),
            Language::Swift => swift::build(&places, &library),
            Language::Python => python::build(&places, &library),
        }
        .map_err(|error| format!("{}: {error}", language.name()))?;
        said.push(told);
    }
    if purpose == Purpose::Figures { figures::show(&places, &library, &said) } else { Ok(()) }
}
