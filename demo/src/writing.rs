//! Writes a fictional municipality as a bundle to import, and tells what is in it. Must never read real data.

use crate::sample::{Country, Municipality, PersonNo, SampleError, SampleSpec};
use chrono::{Local, NaiveDate};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Sample {
    /// How many pupils
    #[arg(long, default_value_t = 1_500, value_parser = clap::value_parser!(u32).range(i64::from(SampleSpec::FEWEST)..=2_000_000))]
    pupils: u32,
    /// The same seed, and the same day, give the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, value_enum, default_value_t = CountryName::Sweden)]
    country: CountryName,
    /// The day that ages and dated assignments are told from, as YYYY-MM-DD [default: today]
    #[arg(long)]
    today: Option<NaiveDate>,
    /// The folder to write to; `municipality.zip` in it holds the same files
    #[arg(long)]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CountryName {
    Sweden,
    Denmark,
    Norway,
}

/// Writes the files. Gives what there is to tell of them, with how to import them.
///
/// # Errors
/// A file cannot be written.
pub fn run(wanted: &Sample) -> Result<String, SampleError> {
    let country = match wanted.country {
        CountryName::Sweden => Country::Sweden,
        CountryName::Denmark => Country::Denmark,
        CountryName::Norway => Country::Norway,
    };
    let today = wanted.today.unwrap_or_else(|| Local::now().date_naive());
    let town = Municipality::generate(SampleSpec { pupils: wanted.pupils, seed: wanted.seed, country, today });
    let zip = wanted.out.join("municipality.zip");
    let counts = town.write_folder(&wanted.out)?;
    town.write_zip(&zip)?;

    let mut lines = vec![format!(
        "{}, which does not exist: {} pupils in {} schools and {} groups, {} people in all (seed {}, told from {today}).",
        town.name,
        town.pupils.len(),
        town.schools.len(),
        town.groups.len(),
        town.people.len(),
        wanted.seed,
    )];
    lines.extend(counts.iter().map(|(table, rows)| format!("  {rows:>9}  {}", wanted.out.join(table).display())));
    lines.push(format!("  the same in {}\n\nSpecial cases:", zip.display()));
    lines.extend(town.personas().iter().map(|persona| {
        let kind = format!("{:?}", persona.kind);
        format!("  {kind:<24} {} · pupil: {}", names(&town, &persona.adults), names(&town, &persona.pupils))
    }));
    lines.push(format!("\nTo import it:\n  skolebro-server --data DIR import {}\n", zip.display()));
    Ok(lines.join("\n"))
}

fn names(town: &Municipality, people: &[PersonNo]) -> String {
    let named = people.iter().map(|no| {
        let person = town.person(*no);
        format!("{} {} ({})", person.given_name, person.family_name, no.sourced_id())
    });
    let names: Vec<String> = named.collect();
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}
