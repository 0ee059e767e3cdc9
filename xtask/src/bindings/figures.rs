//! What calls cost through each language, beside the same in Rust in the same run, and how large the library for phones is.
//! Every program prints lines of JSON, `{"lang", "what", "ns"}`; here they become one table.

use super::library::{Library, Purpose};
use crate::{
    command::{cargo, listen, run},
    places::Places,
};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    error::Error,
    process::Command,
};

#[derive(Deserialize)]
struct Figure {
    lang: String,
    what: String,
    ns: u64,
}

/// Runs it, and gives what it printed where figures are wanted.
pub fn run_for(purpose: Purpose, command: &mut Command) -> Result<String, Box<dyn Error>> {
    match purpose {
        Purpose::Figures => listen(command),
        Purpose::Use { .. } | Purpose::Test { .. } => run(command).map(|()| String::new()),
    }
}

pub fn show(places: &Places, library: &Library, said: &[String]) -> Result<(), Box<dyn Error>> {
    println!("== rust");
    let mut rust = cargo();
    rust.current_dir(&places.root).envs(library.variables());
    rust.args(["run", "--quiet", "--release", "--example", "figures", "--features", "testing"]);
    let rust = listen(&mut rust)?;
    println!("== size");
    run(cargo().current_dir(&places.root).args(["build", "-p", "skolebro-ffi", "--profile", "mobile"]))?;
    let mobile = places.target.join("mobile").join(format!("{DLL_PREFIX}skolebro_ffi{DLL_SUFFIX}"));
    let bytes = std::fs::metadata(mobile)?.len();

    let mut rows: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let mut languages: Vec<String> = Vec::new();
    for line in std::iter::once(&rust).chain(said).flat_map(|told| told.lines()) {
        // Others may print on the same stream, also before it on the same line.
        let Some(Ok(figure)) = line.find("{\"lang\"").map(|at| serde_json::from_str::<Figure>(&line[at..])) else {
            continue;
        };
        if !languages.contains(&figure.lang) {
            languages.push(figure.lang.clone());
        }
        rows.entry(figure.what).or_default().insert(figure.lang, figure.ns);
    }
    println!("\n| | {} |\n|---|{}", languages.join(" | "), "---|".repeat(languages.len()));
    for (what, figures) in &rows {
        let base = figures.get("rust").copied();
        let cells = languages.iter().map(|language| match (figures.get(language), base) {
            (Some(ns), Some(base)) if language != "rust" => format!("{} ({:.1}×)", time(*ns), ratio(*ns, base)),
            (Some(ns), _) => time(*ns),
            (None, _) => "–".to_owned(),
        });
        println!("| {what} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    println!("\nthe library for phones, of this machine's kind, stripped: {:.1} MB", ratio(bytes, 1_000_000));
    Ok(())
}

fn ratio(one: u64, other: u64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let ratio = one as f64 / other.max(1) as f64;
    ratio
}

fn time(ns: u64) -> String {
    match ns {
        0..10_000 => format!("{ns} ns"),
        10_000..10_000_000 => format!("{:.0} µs", ratio(ns, 1_000)),
        _ => format!("{:.0} ms", ratio(ns, 1_000_000)),
    }
}
