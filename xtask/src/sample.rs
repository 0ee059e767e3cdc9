//! `cargo xtask sample`: writes a fictional municipality to import. Must never read real data.

use chrono::{Local, NaiveDate};
use clap::{Args, ValueEnum};
use skolebro_server::sample::{Country, Municipality, SampleError, SampleSpec};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Arguments {
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

/// Writes the files and says how to import them.
pub fn run(arguments: &Arguments) -> Result<(), SampleError> {
    let country = match arguments.country {
        CountryName::Sweden => Country::Sweden,
        CountryName::Denmark => Country::Denmark,
        CountryName::Norway => Country::Norway,
    };
    let today = arguments.today.unwrap_or_else(|| Local::now().date_naive());
    let town = Municipality::generate(SampleSpec { pupils: arguments.pupils, seed: arguments.seed, country, today });
    let zip = arguments.out.join("municipality.zip");
    let counts = town.write_folder(&arguments.out)?;
    town.write_zip(&zip)?;

    println!(
        "{}, which does not exist: {} pupils in {} schools and {} groups, {} people in all (seed {}, told from {today}).",
        town.name,
        town.pupils.len(),
        town.schools.len(),
        town.groups.len(),
        town.people.len(),
        arguments.seed,
    );
    for (table, rows) in counts {
        println!("  {rows:>9}  {}", arguments.out.join(table).display());
    }
    println!("  the same in {}", zip.display());
    println!("\nSpecial cases:");
    for persona in town.personas() {
        let names = |people: &[skolebro_server::sample::PersonNo]| {
            let names: Vec<String> = people
                .iter()
                .map(|no| {
                    let person = town.person(*no);
                    format!("{} {} ({})", person.given_name, person.family_name, no.sourced_id())
                })
                .collect();
            if names.is_empty() { "–".to_owned() } else { names.join(", ") }
        };
        println!(
            "  {:<24} {} · pupil: {}",
            format!("{:?}", persona.kind),
            names(&persona.adults),
            names(&persona.pupils)
        );
    }
    println!("\nTo import it:\n  skolebro-server --data DIR import {}", zip.display());
    Ok(())
}
