//! Many phones, one school, a bad network: random schedules against the brute-force oracle, and the planted faults that
//! prove that it sees.
//!
//! `SIM_SEED=123 cargo test -p skolebro-tests --test simulation` replays one schedule; `SIM_RUNS=5000` runs more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use skolebro_tests::sim::{Fault, Schedule, counterexample, run, run_schedule, shrink};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

fn told(seed: u64, fault: Fault) {
    if let Err(failure) = run(seed, fault) {
        let shortest = shrink(&Schedule::random(seed), fault, &failure);
        let again = run_schedule(&shortest, fault);
        panic!("SIM_SEED={seed}: invariant {failure}\nshortest: {shortest:#?}\nwhich gives: {again:?}");
    }
}

#[test]
fn whatever_happens_the_invariants_hold() {
    if let Some(seed) = number("SIM_SEED") {
        return told(seed, Fault::None);
    }
    let runs = number("SIM_RUNS").unwrap_or(100);
    for seed in 0..runs {
        told(seed, Fault::None);
    }
}

#[test]
fn every_planted_fault_is_caught() {
    let most = number("SIM_FAULT_RUNS").unwrap_or(60);
    let mut missed = Vec::new();
    for fault in Fault::PLANTED {
        let known = counterexample(fault);
        if let Some(schedule) = &known {
            // It is the fault that fails here, and nothing else.
            assert_eq!(run_schedule(schedule, Fault::None), Ok(()), "the counterexample to {fault:?}");
        }
        let schedules = known.into_iter().chain((0..most).map(Schedule::random));
        let caught = schedules
            .enumerate()
            .find_map(|(tries, schedule)| run_schedule(&schedule, fault).err().map(|failure| (tries + 1, failure)));
        match caught {
            Some((tries, failure)) => println!("{fault:?}: caught at schedule {tries} by invariant {failure}"),
            None => missed.push(fault),
        }
    }
    assert!(missed.is_empty(), "not caught in {most} schedules each: {missed:?}");
}
