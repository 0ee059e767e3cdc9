//! What time the engine believes it is: pure, told of every reading of the machine's clocks.
//!
//! A machine's clock can be wrong by years, for seconds or for good: a dead battery, a restored virtual machine, a slip of
//! a hand. Time is a *line* that goes on by the steady clock; the clock on the wall corrects it by little. Where the two
//! differ by more, the wall is *doubted*: the line goes on, nothing is done that could not be taken back, and the doubt
//! ends by itself when the wall is back. A server that starts has no steady clock that reaches back over its pause: it
//! compares with the last instant that was kept, and where no pause explains the difference it *waits*, for the clock to
//! come right or for an operator to say that it is.
//!
//! Must never move a line by a reading that nothing explains, nor call a line settled before it has stood for a while.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How far the machine's clock is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockLimits {
    /// How much the wall may correct the line within an hour.
    pub slack: TimeDelta,
    /// A pause that is too short to be worth a thought.
    pub explained: TimeDelta,
    /// How long a machine that runs may have slept: a difference up to this is taken over once it has stood.
    pub sleep: TimeDelta,
    /// How long a server may have been stopped without anybody being asked.
    pub pause: TimeDelta,
    /// How long a difference must stand until it is taken over.
    pub stands: TimeDelta,
    /// How long a line that was moved must stand until anything is done by it that cannot be taken back.
    pub settles: TimeDelta,
    /// No clock that is right shows an earlier instant.
    pub earliest: DateTime<Utc>,
}

impl Default for ClockLimits {
    fn default() -> Self {
        Self {
            slack: TimeDelta::minutes(5),
            explained: TimeDelta::hours(1),
            sleep: TimeDelta::days(3),
            pause: TimeDelta::days(31),
            stands: TimeDelta::hours(1),
            settles: TimeDelta::hours(24),
            // 2026-01-01: before the first release.
            earliest: DateTime::from_timestamp(1_767_225_600, 0).unwrap_or_default(),
        }
    }
}

/// What is kept of a line, so that the next start goes on from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The instant that is beyond doubt.
    floor: DateTime<Utc>,
    line: DateTime<Utc>,
    /// Seconds for which the line has stood where it stands.
    #[serde(default)]
    young: i64,
    /// A copy from some time ago, which an operator has restored: the clock may show any later time.
    #[serde(default)]
    restored: bool,
}

/// Whether the machine's clock is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    #[default]
    Believed,
    /// It differs from what has passed. Time goes on as if it were not there.
    Doubted,
    /// Since the start nobody knows what time it is.
    Waiting,
}

#[derive(Debug)]
pub struct Belief {
    limits: ClockLimits,
    steady: TimeDelta,
    floor: DateTime<Utc>,
    line: DateTime<Utc>,
    /// What was told last: never backwards, as long as the line is only corrected.
    told: DateTime<Utc>,
    /// For how long the line has stood where it stands, while the wall agreed.
    young: TimeDelta,
    /// What is left of the slack of this hour.
    credit: TimeDelta,
    trust: Trust,
    /// By how much the wall differs, and for how long by this much.
    differs: Option<(TimeDelta, TimeDelta)>,
    /// While waiting: up to where a clock is believed by itself. None: any later instant.
    latest: Option<DateTime<Utc>>,
}

impl Belief {
    pub fn begin(limits: ClockLimits, kept: Option<Kept>, wall: DateTime<Utc>, steady: TimeDelta) -> Self {
        let (floor, latest) = match kept {
            None => (limits.earliest, None),
            Some(kept) if kept.restored => (kept.floor, None),
            Some(kept) => {
                let is_settled = kept.line - kept.floor <= limits.explained;
                let from = if is_settled { kept.line } else { kept.floor };
                (from, Some(kept.line + limits.pause))
            }
        };
        let mut belief = Self {
            limits,
            steady,
            floor,
            line: floor,
            told: floor,
            young: TimeDelta::zero(),
            credit: limits.slack,
            trust: Trust::Waiting,
            differs: None,
            latest,
        };
        if !belief.is_plausible(wall) {
            return belief;
        }
        belief.take(wall);
        if let Some(kept) = kept
            && (wall - kept.line).abs() <= limits.explained
        {
            // The pause was a short one: what had stood goes on standing.
            belief.floor = belief.line - (kept.line - kept.floor).max(TimeDelta::zero());
            belief.young = TimeDelta::seconds(kept.young);
        }
        belief
    }

    /// One reading of the machine's clocks. Gives what time it is.
    pub fn observe(&mut self, wall: DateTime<Utc>, steady: TimeDelta) -> DateTime<Utc> {
        let passed = steady - self.steady;
        self.steady = steady;
        // A steady clock that leaps is no witness either.
        let passed = if passed < TimeDelta::zero() || passed > self.limits.sleep { TimeDelta::zero() } else { passed };
        self.floor += passed;
        self.line += passed;
        self.latest = self.latest.map(|latest| latest + passed);
        let slack = self.limits.slack;
        let earned = passed.num_microseconds().unwrap_or(0).saturating_mul(slack.num_seconds()) / 3_600;
        self.credit = (self.credit + TimeDelta::microseconds(earned)).min(slack);
        if self.trust == Trust::Waiting {
            if self.is_plausible(wall) {
                self.take(wall);
            }
            return self.tell();
        }
        let off = wall - self.line;
        if off.abs() <= self.credit {
            // Little corrections, of which there is only so much in an hour.
            self.credit -= off.abs();
            self.line += off;
            self.floor += off;
            self.differs = None;
            self.trust = Trust::Believed;
            self.young += passed;
            if self.young >= self.limits.settles {
                self.floor = self.line;
            }
            return self.tell();
        }
        self.trust = Trust::Doubted;
        let stood = match self.differs {
            Some((by, stood)) if (by - off).abs() <= self.limits.slack => stood + passed,
            Some(_) | None => TimeDelta::zero(),
        };
        self.differs = Some((off, stood));
        // A machine that slept is ahead by little; a line that never settled may have been wrong from its beginning.
        let slept = off > TimeDelta::zero() && off <= self.limits.sleep;
        let returned = off < TimeDelta::zero() && !self.is_settled() && wall >= self.floor - self.limits.slack;
        if stood >= self.limits.stands && (slept || returned) {
            self.take(wall);
        }
        self.tell()
    }

    /// An operator says that the wall is right.
    pub fn believe(&mut self, wall: DateTime<Utc>) {
        self.floor = self.floor.min(wall);
        self.take(wall);
    }

    fn is_plausible(&self, wall: DateTime<Utc>) -> bool {
        wall >= self.floor - self.limits.slack && self.latest.is_none_or(|latest| wall <= latest)
    }

    fn take(&mut self, wall: DateTime<Utc>) {
        self.line = wall;
        self.told = wall;
        self.young = TimeDelta::zero();
        self.credit = self.limits.slack;
        self.trust = Trust::Believed;
        self.differs = None;
        if self.is_settled() {
            self.floor = self.line;
        }
    }

    fn tell(&mut self) -> DateTime<Utc> {
        self.told = self.told.max(self.line);
        self.told
    }

    pub fn trust(&self) -> Trust {
        self.trust
    }

    /// Whether the line has stood for long enough.
    pub fn is_settled(&self) -> bool {
        self.line - self.floor <= self.limits.explained
    }

    /// Whether what cannot be taken back may be done.
    pub fn may_destroy(&self) -> bool {
        self.trust == Trust::Believed && self.is_settled()
    }

    /// None while waiting: what was kept before stands.
    pub fn to_keep(&self) -> Option<Kept> {
        let kept = Kept { floor: self.floor, line: self.line, young: self.young.num_seconds(), restored: false };
        (self.trust != Trust::Waiting).then_some(kept)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    struct Machine {
        wall: DateTime<Utc>,
        steady: TimeDelta,
        belief: Belief,
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn settled_at(line: &str) -> Option<Kept> {
        Some(Kept { floor: at(line), line: at(line), young: 0, restored: false })
    }

    impl Machine {
        fn start(kept: Option<Kept>, wall: &str) -> Self {
            let wall = at(wall);
            Self {
                wall,
                steady: TimeDelta::zero(),
                belief: Belief::begin(ClockLimits::default(), kept, wall, TimeDelta::zero()),
            }
        }

        /// Time passes, seen every quarter of an hour.
        fn runs(&mut self, by: TimeDelta) -> DateTime<Utc> {
            let end = self.steady + by;
            while self.steady < end {
                let step = TimeDelta::minutes(15).min(end - self.steady);
                self.steady += step;
                self.wall += step;
                self.belief.observe(self.wall, self.steady);
            }
            self.look()
        }

        fn look(&mut self) -> DateTime<Utc> {
            self.belief.observe(self.wall, self.steady)
        }

        fn jumps(&mut self, by: TimeDelta) -> DateTime<Utc> {
            self.wall += by;
            self.look()
        }

        fn restarts(self) -> Self {
            let kept = self.belief.to_keep();
            let belief = Belief::begin(ClockLimits::default(), kept, self.wall, TimeDelta::zero());
            Self { wall: self.wall, steady: TimeDelta::zero(), belief }
        }
    }

    const YEARS: TimeDelta = TimeDelta::days(3_653);

    #[test]
    fn years_that_come_and_go_in_seconds_leave_no_trace() {
        for years in [YEARS, -YEARS] {
            let mut machine = Machine::start(settled_at("2026-11-30T06:00:00Z"), "2026-11-30T06:10:00Z");
            assert!(machine.belief.may_destroy());
            assert_eq!(machine.jumps(years), at("2026-11-30T06:10:00Z"));
            assert_eq!((machine.belief.trust(), machine.belief.may_destroy()), (Trust::Doubted, false));
            assert_eq!(machine.runs(TimeDelta::seconds(18)), at("2026-11-30T06:10:18Z"));
            assert_eq!(machine.jumps(-years), at("2026-11-30T06:10:18Z"));
            assert_eq!((machine.belief.trust(), machine.belief.may_destroy()), (Trust::Believed, true));
        }
    }

    #[test]
    fn a_steady_clock_that_leaps_with_the_wall_explains_nothing() {
        let mut machine = Machine::start(settled_at("2026-11-30T06:00:00Z"), "2026-11-30T06:10:00Z");
        machine.steady += YEARS;
        assert_eq!(machine.jumps(YEARS), at("2026-11-30T06:10:00Z"));
        assert_eq!(machine.belief.trust(), Trust::Doubted);
        machine.steady -= YEARS;
        assert_eq!(machine.jumps(-YEARS), at("2026-11-30T06:10:00Z"));
        assert_eq!(machine.belief.trust(), Trust::Believed);
    }

    #[test]
    fn however_long_the_wall_is_years_ahead_it_is_an_operator_who_says_so() {
        let mut machine = Machine::start(settled_at("2026-11-30T06:00:00Z"), "2026-11-30T06:00:00Z");
        machine.jumps(YEARS);
        assert_eq!(machine.runs(TimeDelta::days(10)), at("2026-12-10T06:00:00Z"));
        assert_eq!(machine.belief.trust(), Trust::Doubted);
        let wall = machine.wall;
        machine.belief.believe(wall);
        assert_eq!(machine.look(), wall);
        assert!(!machine.belief.may_destroy(), "an operator may be wrong, too: not at once");
        machine.runs(TimeDelta::hours(25));
        assert!(machine.belief.may_destroy());
    }

    #[test]
    fn an_operator_who_was_wrong_is_put_right_by_the_clock() {
        let mut machine = Machine::start(settled_at("2026-11-30T06:00:00Z"), "2026-11-30T06:00:00Z");
        machine.jumps(YEARS);
        let wall = machine.wall;
        machine.belief.believe(wall);
        machine.runs(TimeDelta::hours(3));
        machine.jumps(-YEARS);
        assert_eq!(machine.belief.trust(), Trust::Doubted);
        machine.runs(TimeDelta::minutes(75));
        assert_eq!(machine.look(), at("2026-11-30T10:15:00Z"));
        assert_eq!(machine.belief.trust(), Trust::Believed);
    }

    #[test]
    fn a_machine_that_slept_over_the_weekend_goes_on_by_itself() {
        let mut machine = Machine::start(settled_at("2026-11-27T16:00:00Z"), "2026-11-27T16:00:00Z");
        machine.jumps(TimeDelta::hours(62));
        assert_eq!(machine.belief.trust(), Trust::Doubted);
        machine.runs(TimeDelta::minutes(75));
        assert_eq!(machine.look(), at("2026-11-30T07:15:00Z"));
        assert!(!machine.belief.may_destroy());
        machine.runs(TimeDelta::hours(25));
        assert!(machine.belief.may_destroy());
    }

    #[test]
    fn a_server_that_was_off_for_a_holiday_goes_on_and_one_that_was_off_for_the_summer_asks() {
        let mut machine = Machine::start(settled_at("2026-12-18T16:00:00Z"), "2027-01-08T06:00:00Z");
        assert_eq!((machine.belief.trust(), machine.look()), (Trust::Believed, at("2027-01-08T06:00:00Z")));
        assert!(!machine.belief.may_destroy());
        let mut machine = Machine::start(settled_at("2027-06-11T16:00:00Z"), "2027-08-16T06:00:00Z");
        assert_eq!((machine.belief.trust(), machine.look()), (Trust::Waiting, at("2027-06-11T16:00:00Z")));
        assert_eq!(machine.belief.to_keep(), None);
        let wall = machine.wall;
        machine.belief.believe(wall);
        assert_eq!((machine.belief.trust(), machine.look()), (Trust::Believed, wall));
    }

    #[test]
    fn a_server_that_starts_while_the_clock_is_wrong_waits_until_it_is_right() {
        for wrong in ["2036-11-30T06:00:00Z", "2016-11-30T06:00:00Z", "1970-01-01T00:00:09Z"] {
            let mut machine = Machine::start(settled_at("2026-11-30T05:55:00Z"), wrong);
            assert_eq!(machine.belief.trust(), Trust::Waiting);
            machine.runs(TimeDelta::hours(2));
            assert_eq!(machine.belief.trust(), Trust::Waiting);
            machine.wall = at("2026-11-30T08:00:00Z");
            assert_eq!((machine.look(), machine.belief.trust()), (at("2026-11-30T08:00:00Z"), Trust::Believed));
        }
    }

    #[test]
    fn a_first_start_believes_what_a_clock_can_show_and_lets_it_be_put_right() {
        let mut machine = Machine::start(None, "2016-01-01T00:00:00Z");
        assert_eq!(machine.belief.trust(), Trust::Waiting);
        machine.wall = at("2026-11-30T06:00:00Z");
        assert_eq!(machine.look(), machine.wall);
        // Years ahead at the first start, and put right later.
        let mut machine = Machine::start(None, "2036-11-30T06:00:00Z");
        assert_eq!((machine.belief.trust(), machine.belief.may_destroy()), (Trust::Believed, false));
        machine.jumps(-YEARS);
        machine.runs(TimeDelta::minutes(75));
        assert_eq!(machine.look(), machine.wall);
        assert_eq!(machine.belief.trust(), Trust::Believed);
        // Seconds of another year are not followed in a first hour either.
        let mut machine = Machine::start(None, "2026-11-30T06:00:00Z");
        assert_eq!(machine.jumps(YEARS), at("2026-11-30T06:00:00Z"));
        machine.runs(TimeDelta::hours(5));
        assert_eq!(machine.jumps(-YEARS), at("2026-11-30T11:00:00Z"));
    }

    #[test]
    fn restarts_take_nothing_from_what_has_stood() {
        let mut machine = Machine::start(None, "2026-11-30T06:00:00Z");
        for _ in 0..5 {
            machine.runs(TimeDelta::hours(6));
            machine = machine.restarts();
        }
        assert!(machine.belief.may_destroy());
    }

    #[test]
    fn little_corrections_are_followed_and_many_in_a_row_are_not() {
        let mut machine = Machine::start(settled_at("2026-11-30T06:00:00Z"), "2026-11-30T06:00:00Z");
        assert_eq!(machine.jumps(TimeDelta::minutes(4)), at("2026-11-30T06:04:00Z"));
        assert_eq!(machine.jumps(TimeDelta::minutes(4)), at("2026-11-30T06:04:00Z"));
        assert_eq!(machine.belief.trust(), Trust::Doubted);
        machine.runs(TimeDelta::hours(1));
        assert_eq!((machine.look(), machine.belief.trust()), (at("2026-11-30T07:08:00Z"), Trust::Believed));
        // Back a little: time stands still until it is caught up with.
        assert_eq!(machine.jumps(TimeDelta::minutes(-1)), at("2026-11-30T07:08:00Z"));
        assert_eq!(machine.runs(TimeDelta::minutes(2)), at("2026-11-30T07:09:00Z"));
    }

    #[test]
    fn a_copy_that_was_restored_takes_any_later_time_and_no_earlier_one() {
        let kept = Kept { restored: true, ..settled_at("2026-03-01T00:00:00Z").unwrap() };
        let machine = Machine::start(Some(kept), "2026-11-30T06:00:00Z");
        assert_eq!(machine.belief.trust(), Trust::Believed);
        assert_eq!(Machine::start(Some(kept), "2025-11-30T06:00:00Z").belief.trust(), Trust::Waiting);
    }
}
