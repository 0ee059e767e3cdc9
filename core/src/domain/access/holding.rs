//! What a person is to a subject on a day, read off the roster: the rows of the table that hold, and until when. It never
//! says what a relation opens; the table does.

use super::{
    Needs::{self, AnyDelegation, Delegation, Nothing},
    Place::{self, PupilAll},
    Relation, reads,
};
use crate::domain::{
    ids::PersonId,
    people::{Dates, Delegation as GivenTopics, Guardianship, GuardianshipKind, Reach, Standing},
    roster::Roster,
    scope::{Subject, Topic},
    time::midnight_after,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// The instant at which something ends by itself; none: it is open.
pub type End = Option<DateTime<Utc>>;

/// A relation that holds, until when, and with which topics delegated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub relation: Relation,
    /// Topics delegated to the person, each until its own end: where several delegations give it, the latest.
    pub topics: BTreeMap<Topic, End>,
    /// An assignment that reaches the whole school. Only such a one opens what the school's staff keep together.
    pub school_wide: bool,
    /// Barred from one of the pupils of the subject: what staff keep of all of them together stays closed.
    pub barred: bool,
    /// The relation's own end; no topic outlasts it.
    pub until: End,
}

impl Holding {
    fn of(relation: Relation, until: End) -> Self {
        Self { relation, topics: BTreeMap::new(), school_wide: false, barred: false, until }
    }

    /// Until when it meets a need for a topic; the outer none: it does not.
    pub fn opens(&self, needs: Needs, topic: Topic) -> Option<End> {
        let given = match needs {
            Nothing => Some(None),
            AnyDelegation => self.topics.values().copied().reduce(later),
            Delegation => self.topics.get(&topic).copied(),
        };
        given.map(|end| earlier(self.until, end))
    }

    /// The places that it opens, each with its end.
    pub fn reads(&self) -> impl Iterator<Item = (Place, End)> + '_ {
        reads(self.relation).iter().filter_map(|(place, needs)| Some((*place, self.opens(*needs, place.topic())?)))
    }

    /// Whether it opens anything at all: a parent without custody and without delegation reads nothing.
    pub fn reads_anything(&self) -> bool {
        self.reads().next().is_some()
    }

    /// The topics about the pupil that it opens to all who read them.
    pub fn topics_read(&self) -> Vec<Topic> {
        Topic::ALL.iter().copied().filter(|topic| self.reads().any(|(place, _)| place == PupilAll(*topic))).collect()
    }

    /// When the first of what it gives ends by itself.
    pub fn first_end(&self) -> End {
        self.topics.values().copied().fold(self.until, earlier)
    }
}

/// Of two ends, the one that counts where both must hold.
fn earlier(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Of two ends, the one that counts where either is enough.
pub(super) fn later(a: End, b: End) -> End {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        _ => None,
    }
}

/// The 18th birthday; one born on 29 February comes of age on 1 March where the year has no 29th.
pub fn majority(birth_date: NaiveDate) -> NaiveDate {
    use chrono::Datelike;
    let year = birth_date.year() + 18;
    birth_date.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(NaiveDate::MAX)
}

/// Whether a pupil's 18th birthday has come; never assumed where the birth date is unknown.
pub fn is_of_age(roster: &Roster, pupil: PersonId, today: NaiveDate) -> bool {
    roster.birth_date(pupil).is_some_and(|born| majority(born) <= today)
}

/// What a pupil is to itself: something from its 18th birthday on, while it is enrolled.
fn own_holding(roster: &Roster, pupil: PersonId, today: NaiveDate) -> Option<Holding> {
    let facts = roster.pupil(pupil).filter(|facts| facts.dates.contain(today))?;
    let until = facts.dates.until.map(|day| midnight_after(roster.time_zone(), day));
    is_of_age(roster, pupil, today).then(|| Holding::of(Relation::AdultPupil, until))
}

/// What somebody at home is to a pupil on a day. The pupil itself is that from its 18th birthday on; another adult
/// nothing while pending or blocked, before or after its dates, or from
/// the pupil's 18th birthday on without the pupil's consent.
pub fn home_holding(roster: &Roster, person: PersonId, pupil: PersonId, today: NaiveDate) -> Option<Holding> {
    if roster.is_closed(pupil) {
        return None;
    }
    if person == pupil {
        return own_holding(roster, pupil, today);
    }
    let guardianship = roster.guardianship(pupil, person)?;
    let facts = roster.pupil(pupil)?;
    if guardianship.standing == Standing::Pending
        || roster.is_blocked(pupil, person)
        || !guardianship.dates.contain(today)
        || !facts.dates.contain(today)
    {
        return None;
    }
    let end = |dates: Dates| dates.until.map(|day| midnight_after(roster.time_zone(), day));
    let mut until = earlier(end(guardianship.dates), end(facts.dates));
    if let Some(of_age) = roster.birth_date(pupil).map(majority) {
        let consent = roster.consents(pupil).iter().find(|c| c.person == person && c.dates.contain(today));
        match consent {
            Some(consent) => until = earlier(until, end(consent.dates)),
            None if today >= of_age => return None,
            None => until = earlier(until, of_age.pred_opt().map(|day| midnight_after(roster.time_zone(), day))),
        }
    }
    let mut holding = Holding::of(Relation::Home(guardianship.kind), until);
    if !guardianship.kind.has_custody() && guardianship.kind != GuardianshipKind::Unspecified {
        holding.topics.extend(guardianship.topics.iter().map(|topic| (*topic, None)));
        for delegation in delegations_in_force(roster, guardianship, today) {
            let ends = end(delegation.dates);
            for topic in &delegation.topics {
                holding.topics.entry(*topic).and_modify(|held| *held = later(*held, ends)).or_insert(ends);
            }
        }
    }
    Some(holding)
}

/// Those at home who read a topic about a pupil on a day, the pupil of age among them: whom a notice about it goes to.
pub fn homes_reading(roster: &Roster, pupil: PersonId, topic: Topic, today: NaiveDate) -> Vec<PersonId> {
    let reads_it = |person: PersonId| {
        let holding = home_holding(roster, person, pupil, today);
        holding.is_some_and(|holding| holding.reads().any(|(place, _)| place == PupilAll(topic)))
    };
    let adults = roster.guardianships(pupil).iter().map(|g| g.person);
    adults.chain([pupil]).filter(|person| reads_it(*person)).collect()
}

/// Delegations hold only while the one who gave them has custody.
fn delegations_in_force<'a>(
    roster: &'a Roster,
    to: &'a Guardianship,
    today: NaiveDate,
) -> impl Iterator<Item = &'a GivenTopics> + 'a {
    roster.delegations(to.pupil).iter().filter(move |delegation| {
        delegation.to == to.person
            && delegation.dates.contain(today)
            && roster.guardianship(to.pupil, delegation.by).is_some_and(|by| {
                by.kind.has_custody()
                    && by.standing == Standing::Confirmed
                    && by.dates.contain(today)
                    && !roster.is_blocked(to.pupil, by.person)
            })
    })
}

/// A person's assignments that hold on a day, with the instant each ends by itself.
pub fn staff_holdings(roster: &Roster, person: PersonId, today: NaiveDate) -> Vec<(Reach, Holding)> {
    let held = roster.assignments(person).iter().filter(|assignment| assignment.dates.contain(today));
    held.map(|assignment| {
        let until = assignment.dates.until.map(|day| midnight_after(roster.time_zone(), day));
        let school_wide = assignment.reach == Reach::School;
        (assignment.reach, Holding { school_wide, ..Holding::of(Relation::Staff(assignment.role), until) })
    })
    .collect()
}

/// What a person is to a subject on a day. The school and the person itself count every relation that the person has
/// there.
pub fn holdings(roster: &Roster, person: PersonId, subject: Subject, today: NaiveDate) -> Vec<Holding> {
    let staff = staff_holdings(roster, person, today);
    let mut held = Vec::new();
    match subject {
        // A bar is on the person, in whatever capacity.
        Subject::Pupil(pupil) if roster.is_blocked(pupil, person) => {}
        Subject::Pupil(pupil) => {
            held.extend(home_holding(roster, person, pupil, today));
            let Some(facts) = roster.pupil(pupil).filter(|facts| facts.dates.contain(today)) else { return held };
            let end = |dates: Dates| dates.until.map(|day| midnight_after(roster.time_zone(), day));
            for (reach, holding) in staff {
                let leaves = match reach {
                    Reach::School => end(facts.dates),
                    Reach::Group(group) => {
                        let place = facts.memberships.iter().find(|m| m.group == group && m.dates.contain(today));
                        let Some(place) = place else { continue };
                        earlier(end(facts.dates), end(place.dates))
                    }
                };
                held.push(Holding { until: earlier(holding.until, leaves), ..holding });
            }
        }
        Subject::Group(group) => {
            for pupil in roster.own_pupils(person) {
                if roster.is_member(pupil, group, today) {
                    let place = roster.pupil(pupil).and_then(|f| f.memberships.iter().find(|m| m.group == group));
                    let leaves = place.and_then(|m| m.dates.until).map(|day| midnight_after(roster.time_zone(), day));
                    let holding = home_holding(roster, person, pupil, today);
                    held.extend(holding.map(|h| Holding { until: earlier(h.until, leaves), ..h }));
                }
            }
            let here = |reach: &Reach| match reach {
                Reach::School => roster.group(group).is_some(),
                Reach::Group(own) => *own == group,
            };
            let barred = roster.is_barred_from_group(person, group);
            let here = staff.into_iter().filter(|(reach, _)| here(reach));
            held.extend(here.map(|(_, holding)| Holding { barred, ..holding }));
        }
        Subject::School => {
            held.extend(roster.own_pupils(person).filter_map(|pupil| home_holding(roster, person, pupil, today)));
            let barred = roster.is_barred_from_school(person);
            held.extend(staff.into_iter().map(|(_, holding)| Holding { barred, ..holding }));
        }
        Subject::Person(itself) if itself == person => {
            for holding in holdings(roster, person, Subject::School, today) {
                if let Some(until) = holding.reads().map(|(_, end)| end).reduce(later) {
                    held.push(Holding::of(Relation::Itself, until));
                }
            }
        }
        Subject::Person(_) => {}
    }
    held
}
