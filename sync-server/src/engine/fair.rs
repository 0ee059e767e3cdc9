//! Who has the writer next: turns are shared between schools, and within each school between persons, by what their work
//! has cost so far and not by how often they ask. Who has waited longest comes first among equals.
//!
//! Start-time fair queueing (Goyal, Vin and Cheng 1996), twice: what somebody has been served counts while others wait, and
//! is forgotten when the others have caught up, so that nobody saves up turns by being silent.

use skolebro_core::domain::ids::{PersonId, SchoolId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Between whom turns are shared first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Party {
    /// Operators, imports and the clock.
    Server,
    /// Enrolment, what is noted of phones, and questions about schools that are not there.
    Door,
    School(SchoolId),
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    pub party: Party,
    /// None: nobody's in particular.
    pub person: Option<PersonId>,
}

impl Lane {
    pub const SERVER: Self = Self { party: Party::Server, person: None };
    pub const DOOR: Self = Self { party: Party::Door, person: None };
}

/// Shares of one thing between those who wait for it.
#[derive(Debug)]
struct Shares<K, Q> {
    by_key: BTreeMap<K, Share<Q>>,
    /// Those who wait: what they have been served, and since when they wait.
    waiting: BTreeSet<(u64, u64, K)>,
    /// Those who do not wait, and have been served more than the others.
    ahead: BTreeSet<(u64, K)>,
    /// What whoever came last to a turn had been served: where newcomers begin.
    now: u64,
    /// The turn under way, and what the first of them in it had been served then.
    turn: (u64, u64),
}

#[derive(Debug)]
struct Share<Q> {
    served: u64,
    /// None: nothing of theirs waits.
    since: Option<u64>,
    queue: Q,
}

impl<K, Q> Default for Shares<K, Q> {
    fn default() -> Self {
        Self { by_key: BTreeMap::new(), waiting: BTreeSet::new(), ahead: BTreeSet::new(), now: 0, turn: (0, 0) }
    }
}

impl<K: Ord + Copy, Q: Default> Shares<K, Q> {
    /// The queue of somebody who waits from now on, if not before. `number` is when.
    fn join(&mut self, key: K, number: u64) -> &mut Q {
        let now = self.now;
        let share = self.by_key.entry(key).or_insert_with(|| Share { served: now, since: None, queue: Q::default() });
        if share.since.is_none() {
            self.ahead.remove(&(share.served, key));
            share.served = share.served.max(now);
            share.since = Some(number);
            self.waiting.insert((share.served, number, key));
        }
        &mut share.queue
    }

    /// Whose turn it is.
    fn first(&mut self) -> Option<K> {
        let (served, _, key) = self.waiting.first().copied()?;
        self.now = self.now.max(served);
        while let Some((served, key)) = self.ahead.first().copied().filter(|(served, _)| *served <= self.now) {
            self.ahead.remove(&(served, key));
            self.by_key.remove(&key);
        }
        Some(key)
    }

    /// By how much the one whose turn it is has been served more than the first of them in this turn had been.
    fn lead(&mut self, turn: u64) -> u64 {
        let Some((served, ..)) = self.waiting.first().copied() else { return 0 };
        if self.turn.0 != turn {
            self.turn = (turn, served);
        }
        served.saturating_sub(self.turn.1)
    }

    fn queue(&mut self, key: K) -> Option<&mut Q> {
        self.by_key.get_mut(&key).map(|share| &mut share.queue)
    }

    /// Nothing of theirs waits any more.
    fn leave(&mut self, key: K) {
        let Some(share) = self.by_key.get_mut(&key) else { return };
        if let Some(since) = share.since.take() {
            self.waiting.remove(&(share.served, since, key));
            self.ahead.insert((share.served, key));
        }
    }

    /// Also for somebody who has left meanwhile.
    fn charge(&mut self, key: K, cost: u64) {
        let now = self.now;
        let share = self.by_key.entry(key).or_insert_with(|| Share { served: now, since: None, queue: Q::default() });
        let after = share.served.saturating_add(cost);
        match share.since {
            Some(since) => {
                self.waiting.remove(&(share.served, since, key));
                self.waiting.insert((after, since, key));
            }
            None => {
                self.ahead.remove(&(share.served, key));
                self.ahead.insert((after, key));
            }
        }
        share.served = after;
    }
}

/// What waits for the writer.
#[derive(Debug)]
pub(super) struct Fair<J> {
    parties: Shares<Party, Shares<Option<PersonId>, VecDeque<J>>>,
    len: usize,
    number: u64,
    turn: u64,
}

impl<J> Default for Fair<J> {
    fn default() -> Self {
        // No share has seen any turn yet.
        Self { parties: Shares::default(), len: 0, number: 0, turn: 1 }
    }
}

impl<J> Fair<J> {
    pub fn len(&self) -> usize {
        self.len
    }

    /// How much of one person's waits there.
    pub fn len_of(&mut self, lane: Lane) -> usize {
        let persons = self.parties.queue(lane.party);
        persons.and_then(|persons| persons.queue(lane.person)).map_or(0, |queue| queue.len())
    }

    pub fn push(&mut self, lane: Lane, job: J) {
        self.number += 1;
        self.len += 1;
        self.parties.join(lane.party, self.number).join(lane.person, self.number).push_back(job);
    }

    /// Before everything else of that lane: what was begun.
    pub fn push_back_first(&mut self, lane: Lane, job: J) {
        self.number += 1;
        self.len += 1;
        self.parties.join(lane.party, self.number).join(lane.person, self.number).push_front(job);
    }

    /// The first of a turn.
    pub fn pop(&mut self) -> Option<(Lane, J)> {
        self.turn += 1;
        self.pop_joining(u64::MAX)
    }

    /// One more of the same turn; not of those who have been served by more than so much more than others in it: the others
    /// would wait for what is likely to be long again.
    pub fn pop_joining(&mut self, most_ahead: u64) -> Option<(Lane, J)> {
        let turn = self.turn;
        let Some(party) = self.parties.first() else {
            // Nobody waits, so nobody is ahead of anybody.
            *self = Self::default();
            return None;
        };
        let is_far_ahead = self.parties.lead(turn) > most_ahead;
        let persons = self.parties.queue(party)?;
        if is_far_ahead || persons.lead(turn) > most_ahead {
            return None;
        }
        let person = persons.first()?;
        let queue = persons.queue(person)?;
        let job = queue.pop_front()?;
        self.len -= 1;
        if queue.is_empty() {
            persons.leave(person);
        }
        if persons.waiting.is_empty() {
            self.parties.leave(party);
        }
        Some((Lane { party, person }, job))
    }

    /// What somebody's turn has cost.
    pub fn charge(&mut self, lane: Lane, cost: u64) {
        self.parties.charge(lane.party, cost);
        if let Some(persons) = self.parties.queue(lane.party) {
            persons.charge(lane.person, cost);
        }
    }

    /// Takes everything out that is not to be kept.
    pub fn retain(&mut self, keep: impl Fn(&J) -> bool) {
        let mut parties: Vec<Party> = self.parties.waiting.iter().map(|(_, _, party)| *party).collect();
        for party in parties.drain(..) {
            let Some(persons) = self.parties.queue(party) else { continue };
            let waiting: Vec<Option<PersonId>> = persons.waiting.iter().map(|(_, _, person)| *person).collect();
            for person in waiting {
                let Some(queue) = persons.queue(person) else { continue };
                let before = queue.len();
                queue.retain(&keep);
                self.len -= before - queue.len();
                if queue.is_empty() {
                    persons.leave(person);
                }
            }
            if persons.waiting.is_empty() {
                self.parties.leave(party);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(school: &str, person: &str) -> Lane {
        Lane { party: Party::School(SchoolId::derive(&[&school])), person: Some(PersonId::derive(&[&person])) }
    }

    /// Whose jobs come, in order, when each costs what `cost` says.
    fn order(fair: &mut Fair<&'static str>, cost: impl Fn(&str) -> u64) -> String {
        let mut order = Vec::new();
        while let Some((lane, job)) = fair.pop() {
            fair.charge(lane, cost(job));
            order.push(job);
        }
        order.join(" ")
    }

    #[test]
    fn a_school_that_asks_a_hundred_times_does_not_come_before_one_that_asks_once() {
        let mut fair = Fair::default();
        (0..4).for_each(|_| fair.push(at("Almskolan", "Olle"), "olle"));
        fair.push(at("Björkskolan", "Greta"), "greta");
        fair.push(at("Almskolan", "Amal"), "amal");
        fair.push(Lane::SERVER, "clock");
        assert_eq!(fair.len(), 7);
        assert_eq!(fair.len_of(at("Almskolan", "Olle")), 4);
        assert_eq!(order(&mut fair, |_| 1), "olle greta clock amal olle olle olle");
    }

    #[test]
    fn work_counts_and_not_requests() {
        let mut fair = Fair::default();
        (0..3).for_each(|_| fair.push(at("Almskolan", "Olle"), "heavy"));
        (0..6).for_each(|_| fair.push(at("Almskolan", "Amal"), "light"));
        // Six light ones together cost less than the first heavy one.
        assert_eq!(
            order(&mut fair, |job| if job == "heavy" { 100 } else { 10 }),
            "heavy light light light light light light heavy heavy"
        );
    }

    #[test]
    fn who_has_been_served_much_waits_also_after_a_pause_and_who_was_silent_saves_nothing_up() {
        let mut fair = Fair::default();
        fair.push(at("Almskolan", "Olle"), "olle");
        (0..5).for_each(|_| fair.push(at("Almskolan", "Amal"), "amal"));
        let (lane, _) = fair.pop().unwrap();
        fair.charge(lane, 30);
        // He comes again, while Amal has not caught up.
        fair.push(at("Almskolan", "Olle"), "olle");
        // Greta was silent until now: she begins where the others are.
        fair.push(at("Almskolan", "Greta"), "greta");
        assert_eq!(order(&mut fair, |_| 10), "amal greta amal amal amal olle amal");
    }

    #[test]
    fn who_has_been_served_much_does_not_join_a_turn_of_others() {
        let mut fair = Fair::default();
        (0..3).for_each(|_| fair.push(at("Almskolan", "Olle"), "olle"));
        let (lane, _) = fair.pop().unwrap();
        fair.charge(lane, 100);
        fair.push(at("Almskolan", "Amal"), "amal");
        fair.push(at("Björkskolan", "Greta"), "greta");
        let joined: Vec<_> = std::iter::once(fair.pop())
            .chain(std::iter::from_fn(|| Some(fair.pop_joining(50))).take_while(Option::is_some))
            .map(|popped| popped.unwrap().1)
            .collect();
        // Almskolan itself is ahead of Björkskolan by what Olle has had.
        assert_eq!(joined, ["greta"]);
        assert_eq!(fair.pop().unwrap().1, "amal");
        assert!(fair.pop_joining(50).is_none());
        assert_eq!(fair.pop().unwrap().1, "olle");
        assert_eq!(fair.pop_joining(50).unwrap().1, "olle", "he waits for nobody but himself");
    }

    #[test]
    fn what_nobody_waits_for_is_taken_out_and_what_was_begun_comes_first() {
        let mut fair = Fair::default();
        fair.push(at("Almskolan", "Olle"), "gone");
        fair.push(at("Almskolan", "Amal"), "amal");
        fair.push(at("Björkskolan", "Greta"), "gone");
        fair.retain(|job| *job != "gone");
        assert_eq!(fair.len(), 1);
        fair.push_back_first(at("Almskolan", "Amal"), "begun");
        assert_eq!(order(&mut fair, |_| 1), "begun amal");
        assert_eq!(fair.len(), 0);
    }
}
