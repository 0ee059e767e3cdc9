//! The `[rule_set.leave]` table.

use super::A_YEAR;
use crate::domain::{
    people::Role,
    rules::{LeaveRules, LeaveStep},
    toml_file::{Mistakes, Problem, Section, list, whole, word},
};

pub(super) fn leave(section: &Section<'_, '_>, mistakes: &mut Mistakes) -> Option<LeaveRules> {
    let longest = section.may("longest", whole(1..=A_YEAR), mistakes);
    let most_in_year = section.may("most_in_year", whole(1..=A_YEAR), mistakes);
    let principal_alone_above = section.may("principal_alone_above", whole(0..=A_YEAR), mistakes);
    let both_sign_above = section.may("both_sign_above", whole(0..=A_YEAR), mistakes);
    let apply_days_before = section.may("apply_days_before", whole(0..=A_YEAR), mistakes);
    let tables = section.tables("step", mistakes);
    section.done(mistakes);
    if let (Some(longest), Some(most_in_year)) = (longest, most_in_year)
        && longest > most_in_year
    {
        section.mistake("longest", Problem::CapsCross { longest, most_in_year }, mistakes);
    }
    if tables.is_empty() && !section.has("step") {
        section.mistake("step", Problem::Missing, mistakes);
    }
    let mut steps: Vec<LeaveStep> = Vec::with_capacity(tables.len());
    for table in &tables {
        let decides = table.need("decides", list(word(Role::ALL)), mistakes);
        let up_to_days = table.may("up_to_days", whole(1..=A_YEAR), mistakes);
        let up_to_total = table.may("up_to_total", whole(1..=A_YEAR), mistakes);
        table.done(mistakes);
        // A step is reached when it lets through something that no step before it does.
        let none = u16::MAX;
        let most = (up_to_days.unwrap_or(none), up_to_total.unwrap_or(none));
        if steps
            .iter()
            .any(|step| most.0 <= step.up_to_days.unwrap_or(none) && most.1 <= step.up_to_total.unwrap_or(none))
        {
            table.mistake("", Problem::StepNeverReached, mistakes);
        }
        steps.push(LeaveStep { decides: decides.unwrap_or_default(), up_to_days, up_to_total });
    }
    // A cap makes an open step unnecessary only where a leave cannot pass it.
    let takes_all = |step: &LeaveStep| step.takes(longest.unwrap_or(u16::MAX), most_in_year.unwrap_or(u16::MAX));
    if let (Some(last), Some(table)) = (steps.last(), tables.last())
        && !takes_all(last)
    {
        table.mistake("", Problem::StepsEndTooSoon, mistakes);
    }
    Some(LeaveRules {
        longest,
        most_in_year,
        steps,
        principal_alone_above,
        both_sign_above,
        apply_days_before: apply_days_before.unwrap_or(0),
    })
}
