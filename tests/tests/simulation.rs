//! Many phones, one school, a bad network: random schedules against the brute-force oracle, and the planted faults that
//! prove that it sees.
//!
//! `SIM_SEED=123 cargo test -p skolebro-tests --test simulation` replays one schedule; `SIM_RUNS=5000` runs more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use skolebro_tests::sim::{Fault, Op, Schedule, counterexample, run, run_schedule, schedule::enrolled_again, shrink};

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
fn whatever_a_server_sees_on_its_wall_the_invariants_hold() {
    let runs = number("SIM_CLOCK_RUNS").unwrap_or(60);
    for seed in 0..runs {
        let schedule = Schedule::random(seed).with_a_wrong_clock(false);
        if let Err(failure) = run_schedule(&schedule, Fault::None) {
            let shortest = shrink(&schedule, Fault::None, &failure);
            panic!("with a wrong clock, seed {seed}: invariant {failure}\nshortest: {shortest:#?}");
        }
    }
}

#[test]
fn whichever_access_table_a_server_starts_with_the_invariants_hold() {
    let runs = number("SIM_TABLE_RUNS").unwrap_or(60);
    for seed in 0..runs {
        let schedule = Schedule::random(seed).with_upgrades();
        if let Err(failure) = run_schedule(&schedule, Fault::None) {
            let shortest = shrink(&schedule, Fault::None, &failure);
            panic!("with other access tables, seed {seed}: invariant {failure}\nshortest: {shortest:#?}");
        }
    }
}

/// The simulation sees what happens to a server that follows its wall.
#[test]
fn a_server_that_follows_a_wrong_clock_is_caught() {
    let followed = |seed| run_schedule(&Schedule::random(seed).with_a_wrong_clock(true), Fault::None);
    let caught = (0..60).find_map(|seed| followed(seed).err());
    println!("caught by invariant {}", caught.expect("not caught"));
}

/// What the simulation once did not draw, each as it was found.
#[test]
fn what_was_found_once_stays_mended() {
    let schedule = |limit, ops| Schedule { seed: 0, limit, ops };
    let again = schedule(3, enrolled_again(0));
    assert_eq!(run_schedule(&again, Fault::None), Ok(()), "a new device keeps nothing of the old one's assurance");
    let said = Op::Say { phone: 0, what: 1 };
    let taken = schedule(3, vec![said, Op::TakeBack { phone: 0, midway: true }]);
    assert_eq!(run_schedule(&taken, Fault::None), Ok(()), "taken back between choosing and marking");
}

#[test]
fn every_planted_fault_is_caught() {
    let most = number("SIM_FAULT_RUNS").unwrap_or(60);
    let mut missed = Vec::new();
    for fault in Fault::PLANTED {
        let known = counterexample(fault);
        if let Some(schedule) = &known {
            // It is the fault that fails here, and nothing else.
            for smaller in [Fault::None, fault.beneath()] {
                assert_eq!(
                    run_schedule(schedule, smaller),
                    Ok(()),
                    "the counterexample to {fault:?} fails by {smaller:?}"
                );
            }
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
