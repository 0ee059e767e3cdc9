//! The `[rule_set.leave]` table.

use super::A_YEAR;
use crate::domain::{
    rules::{LeaveRules, LeaveStep},
    toml_file::{Mistakes, Problem, Section},
};

pub(super) fn leave(mut section: Section<'_>, mistakes: &mut Mistakes) -> Option<LeaveRules> {
    let tables = section.sections("step", mistakes);
    if !section.has("step") {
        section.mistake("step", Problem::Missing, mistakes);
    }
    let steps: Vec<LeaveStep> = tables.iter().filter_map(|table| step(table, mistakes)).collect();
    let read = section.read::<LeaveRules>(&["steps"], mistakes)?;
    for (key, days, least) in [
        ("longest", read.longest, 1),
        ("most_in_year", read.most_in_year, 1),
        ("principal_alone_above", read.principal_alone_above, 0),
        ("both_sign_above", read.both_sign_above, 0),
        ("apply_days_before", Some(read.apply_days_before), 0),
    ] {
        if let Some(days) = days {
            section.within(key, days, least..=A_YEAR, mistakes);
        }
    }
    if let (Some(longest), Some(most_in_year)) = (read.longest, read.most_in_year)
        && longest > most_in_year
    {
        section.mistake("longest", Problem::CapsCross { longest, most_in_year }, mistakes);
    }
    if steps.len() == tables.len() {
        check_steps(&steps, &tables, &read, mistakes);
    }
    Some(LeaveRules { steps, ..read })
}

fn step(table: &Section<'_>, mistakes: &mut Mistakes) -> Option<LeaveStep> {
    let step = table.read::<LeaveStep>(&[], mistakes)?;
    for (key, limit) in [("up_to_days", step.up_to_days), ("up_to_total", step.up_to_total)] {
        if let Some(limit) = limit {
            table.within(key, limit, 1..=A_YEAR, mistakes);
        }
    }
    Some(step)
}

fn check_steps(steps: &[LeaveStep], tables: &[Section<'_>], caps: &LeaveRules, mistakes: &mut Mistakes) {
    let most = |limit: Option<u16>| limit.unwrap_or(u16::MAX);
    for (index, (step, table)) in steps.iter().zip(tables).enumerate() {
        // A step is reached when it lets through something that no step before it does.
        let takes_all = |before: &LeaveStep| {
            most(step.up_to_days) <= most(before.up_to_days) && most(step.up_to_total) <= most(before.up_to_total)
        };
        if steps.iter().take(index).any(takes_all) {
            table.mistake("", Problem::StepNeverReached, mistakes);
        }
    }
    // A cap makes an open step unnecessary only where a leave cannot pass it.
    if let (Some(last), Some(table)) = (steps.last(), tables.last())
        && !last.takes(most(caps.longest), most(caps.most_in_year))
    {
        table.mistake("", Problem::StepsEndTooSoon, mistakes);
    }
}
