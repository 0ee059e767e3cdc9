//! Arithmetic of a day's absence: parts unite, a whole day beats a part, and what ended is cut away.

use super::{Extent, PartOfDay};
use chrono::NaiveTime;

impl PartOfDay {
    /// `None` where nothing is left between the two.
    pub fn new(from: NaiveTime, to: NaiveTime) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    pub fn contains(&self, time: NaiveTime) -> bool {
        self.from <= time && time < self.to
    }

    pub fn overlaps(&self, other: &PartOfDay) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// What of it lies in `day`.
    pub fn within(&self, day: &PartOfDay) -> Option<Self> {
        PartOfDay::new(self.from.max(day.from), self.to.min(day.to))
    }

    /// What is left of it on both sides of `other`.
    pub fn without(&self, other: &PartOfDay) -> Vec<PartOfDay> {
        let before = PartOfDay::new(self.from, self.to.min(other.from));
        let after = PartOfDay::new(self.from.max(other.to), self.to);
        before.into_iter().chain(after).collect()
    }
}

impl Extent {
    /// Parts in order and apart; `None` where there are none.
    pub fn of_parts(mut parts: Vec<PartOfDay>) -> Option<Self> {
        parts.retain(|part| part.from < part.to);
        parts.sort_unstable();
        let mut united: Vec<PartOfDay> = Vec::with_capacity(parts.len());
        for part in parts {
            match united.last_mut() {
                Some(last) if part.from <= last.to => last.to = last.to.max(part.to),
                Some(_) | None => united.push(part),
            }
        }
        (!united.is_empty()).then_some(Extent::Parts(united))
    }

    pub fn is_whole(&self) -> bool {
        match self {
            Extent::Whole => true,
            Extent::Parts(_) => false,
        }
    }

    /// The parts, where a whole day is one part of that length.
    pub fn parts(&self, day: PartOfDay) -> Vec<PartOfDay> {
        match self {
            Extent::Whole => vec![day],
            Extent::Parts(parts) => parts.clone(),
        }
    }

    #[must_use]
    pub fn union(&self, other: &Extent) -> Extent {
        match (self, other) {
            (Extent::Whole, _) | (_, Extent::Whole) => Extent::Whole,
            (Extent::Parts(a), Extent::Parts(b)) => {
                Extent::of_parts(a.iter().chain(b).copied().collect()).unwrap_or_else(|| self.clone())
            }
        }
    }

    /// What is left of it before `time`.
    pub fn until(&self, time: NaiveTime, day: PartOfDay) -> Option<Extent> {
        if time >= day.to {
            return Some(self.clone());
        }
        let cut = |part: PartOfDay| PartOfDay::new(part.from, part.to.min(time));
        Extent::of_parts(self.parts(day).into_iter().filter_map(cut).collect())
    }

    /// Whether it says that the pupil is away at `time`. A whole day is away at any time.
    pub fn contains(&self, time: NaiveTime) -> bool {
        match self {
            Extent::Whole => true,
            Extent::Parts(parts) => parts.iter().any(|part| part.contains(time)),
        }
    }

    pub fn overlaps(&self, span: &PartOfDay) -> bool {
        match self {
            Extent::Whole => true,
            Extent::Parts(parts) => parts.iter().any(|part| part.overlaps(span)),
        }
    }

    /// When it begins.
    pub fn starts(&self, day: PartOfDay) -> NaiveTime {
        match self {
            Extent::Whole => day.from,
            Extent::Parts(parts) => parts.first().map_or(day.from, |part| part.from),
        }
    }
}
