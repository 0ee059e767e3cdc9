//! Figures, the table they are printed in, and the file they are kept in.

use serde::Serialize;
use std::time::Duration;

/// How often, and how long each time.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Rate {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub count: usize,
}

impl Rate {
    pub fn of(mut times: Vec<Duration>, span: Duration) -> Self {
        times.sort_unstable();
        let at = |part: f64| {
            let index = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
            times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        Self {
            per_second: times.len() as f64 / span.as_secs_f64(),
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            count: times.len(),
        }
    }
}

/// One line of the table: a figure, beside the physical limit of the same run and the aim.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    pub name: &'static str,
    pub value: f64,
    pub unit: &'static str,
    pub p99_ms: Option<f64>,
    /// What it cannot beat, and its value here and now.
    pub limit: Option<(&'static str, f64)>,
    pub aim: &'static str,
}

impl Figure {
    pub fn rate(name: &'static str, rate: Rate, limit: (&'static str, f64), aim: &'static str) -> Self {
        Self { name, value: rate.per_second, unit: "/s", p99_ms: Some(rate.p99_ms), limit: Some(limit), aim }
    }
    pub fn plain(name: &'static str, value: f64, unit: &'static str, aim: &'static str) -> Self {
        Self { name, value, unit, p99_ms: None, limit: None, aim }
    }
    pub fn beside(self, limit: (&'static str, f64)) -> Self {
        Self { limit: Some(limit), ..self }
    }
}

pub fn print(figures: &[Figure]) {
    println!("{:<44} {:>14} {:>10}  {:<44} {:<14}", "figure", "value", "p99 ms", "physical limit in this run", "aim");
    for figure in figures {
        let value = format!("{}{}", number(figure.value), figure.unit);
        let p99 = figure.p99_ms.map_or_else(String::new, |p99| format!("{p99:.2}"));
        let limit = figure.limit.map_or_else(String::new, |(name, value)| {
            format!("{name} {} ({:.2}×)", number(value), figure.value / value)
        });
        println!("{:<44} {value:>14} {p99:>10}  {limit:<44} {:<14}", figure.name, figure.aim);
    }
}

fn number(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
