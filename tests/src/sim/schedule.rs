//! What happens, in order. Drawn from a seed; printed and replayed as it is.

use super::tables::TABLES;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use skolebro_core::device::crash::Step;

/// What the network does with one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Clear,
    /// The request never arrives.
    RequestLost,
    /// The server did what it was asked; the phone hears nothing.
    AnswerLost,
    /// The network delivers the request twice.
    Twice,
    /// The phone gives up; the request arrives later.
    Late,
    Garbled,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// A person says something, right or wrong.
    Say {
        phone: usize,
        what: u32,
    },
    /// One sync; the first exchanges have this weather, later ones are clear. The phone may die at the n-th time that it
    /// passes a step.
    Sync {
        phone: usize,
        weather: Vec<Weather>,
        dies: Option<(Step, u32)>,
    },
    LateArrives,
    Advance {
        minutes: i64,
    },
    Tick,
    /// The operator changes who is who.
    Roster {
        what: u32,
    },
    Sensitive {
        pupil: u32,
        id: u32,
        scope: u32,
    },
    Assure {
        phone: usize,
        minutes: i64,
    },
    Purge {
        part: u64,
    },
    Backup,
    Restore,
    Restart,
    RevokeDevice {
        phone: usize,
    },
    EnrolAgain {
        phone: usize,
    },
    Dismiss {
        phone: usize,
    },
    /// The person takes back what has not been on its way; or, in the middle of a sync, what is just being chosen.
    TakeBack {
        phone: usize,
        midway: bool,
    },
    /// The phone's own clock is set wrong by so much, and the app starts again.
    PhoneClock {
        phone: usize,
        minutes: i64,
    },
    /// The wall clock of the server's machine is wrong by so many years from now on; the server doubts it, or follows it.
    ServerClock {
        years: i64,
        followed: bool,
    },
    /// The server starts as another version, with another access table.
    Upgrade {
        version: usize,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub seed: u64,
    /// Of every batch, page and body: 1, 2 or 3.
    pub limit: usize,
    pub ops: Vec<Op>,
}

pub const PHONES: usize = 8;

impl Schedule {
    pub fn random(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let limit = rng.random_range(1..=3);
        let length = rng.random_range(12..60);
        let mut ops: Vec<Op> = (0..length).map(|_| random_op(&mut rng)).collect();
        if rng.random_bool(0.15) {
            let at = rng.random_range(0..ops.len());
            ops.splice(at..at, enrolled_again(rng.random_range(0..2)));
        }
        if rng.random_bool(0.5) {
            // What is in memory and what is read from the store must say the same.
            let with_restart = |op: Op| if matches!(op, Op::Roster { .. }) { vec![op, Op::Restart] } else { vec![op] };
            ops = ops.into_iter().flat_map(with_restart).collect();
        }
        Self { seed, limit, ops }
    }
}

impl Schedule {
    /// The same, on a machine whose clock is years off now and then, and right again afterwards. Sometimes the server ends
    /// and starts meanwhile.
    pub fn with_a_wrong_clock(self, followed: bool) -> Self {
        let mut rng = StdRng::seed_from_u64(self.seed ^ 0x0063_6c6f_636b);
        let mut ops = Vec::new();
        let mut until = None;
        for op in self.ops {
            match until {
                None if rng.random_bool(0.1) => {
                    ops.push(Op::ServerClock { years: [-10, 1, 10][rng.random_range(0..3)], followed });
                    let meanwhile = if rng.random_bool(0.3) { Op::Restart } else { Op::Tick };
                    ops.push(meanwhile);
                    until = Some(rng.random_range(1..12));
                }
                Some(0) => {
                    ops.extend([Op::Tick, Op::ServerClock { years: 0, followed }]);
                    until = None;
                }
                _ => until = until.map(|left: u32| left - 1),
            }
            // Whoever restores a copy sets the clock first: docs/operating.md.
            if op == Op::Restore {
                ops.push(Op::ServerClock { years: 0, followed });
            }
            ops.push(op);
        }
        Self { ops, ..self }
    }
}

impl Schedule {
    /// The same, while the server is upgraded now and then, and taken back to an earlier version.
    pub fn with_upgrades(self) -> Self {
        let mut rng = StdRng::seed_from_u64(self.seed ^ 0x7461_626c_6573);
        let mut ops = Vec::new();
        for op in self.ops {
            if rng.random_bool(0.12) {
                ops.push(Op::Upgrade { version: rng.random_range(0..TABLES) });
                // A server begins with a tick; not all phones wait for it.
                if rng.random_bool(0.7) {
                    ops.push(Op::Tick);
                }
            }
            ops.push(op);
        }
        Self { ops, ..self }
    }
}

/// A phone with strong assurance has read what is sensitive, and its person types a new code: what chance seldom draws.
pub fn enrolled_again(phone: usize) -> Vec<Op> {
    let sync = |phone| Op::Sync { phone, weather: vec![], dies: None };
    let put = Op::Sensitive { pupil: 0, id: 0, scope: 0 };
    vec![Op::Assure { phone, minutes: 3000 }, sync(7), sync(phone), put, sync(phone), Op::EnrolAgain { phone }]
}

fn random_op(rng: &mut StdRng) -> Op {
    let phone = rng.random_range(0..PHONES);
    match rng.random_range(0..100u32) {
        0..3 => Op::TakeBack { phone, midway: rng.random_bool(0.5) },
        3..31 => Op::Say { phone, what: rng.random_range(0..10_000) },
        31..62 => Op::Sync { phone, weather: random_weather(rng), dies: random_death(rng) },
        62..65 => Op::LateArrives,
        65..70 => Op::Advance { minutes: [1, 5, 20, 90, 600, 1440][rng.random_range(0..6)] },
        70..74 => Op::Tick,
        74..83 => Op::Roster { what: rng.random_range(0..10_000) },
        83..88 => {
            Op::Sensitive { pupil: rng.random_range(0..3), id: rng.random_range(0..3), scope: rng.random_range(0..5) }
        }
        88..91 => Op::Assure { phone, minutes: [2, 30, 3000][rng.random_range(0..3)] },
        91..93 => Op::Purge { part: rng.random_range(1..=4) },
        93..94 => Op::Backup,
        94..95 => Op::Restore,
        95..96 => Op::Restart,
        96..97 => Op::RevokeDevice { phone },
        97..98 => Op::EnrolAgain { phone },
        98 => Op::PhoneClock { phone, minutes: [-1_500_000, -600, 0, 30, 2_000_000][rng.random_range(0..5)] },
        _ => Op::Dismiss { phone },
    }
}

fn random_weather(rng: &mut StdRng) -> Vec<Weather> {
    (0..rng.random_range(0..4))
        .map(|_| match rng.random_range(0..10) {
            0 => Weather::RequestLost,
            1 | 2 => Weather::AnswerLost,
            3 => Weather::Twice,
            4 => Weather::Late,
            5 => Weather::Garbled,
            _ => Weather::Clear,
        })
        .collect()
}

fn random_death(rng: &mut StdRng) -> Option<(Step, u32)> {
    let step = Step::ALL[rng.random_range(0..Step::ALL.len())];
    rng.random_bool(0.3).then(|| (step, rng.random_range(0..3)))
}
