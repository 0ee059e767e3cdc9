//! The access table: who may read and who may ask for what. Everything uses it: `decide`, the pull, the documentation
//! page and a test that walks every cell. A new audience is a new row here and nowhere else.
//!
//! Sources: seed 004 (parent is not guardian; foster and residential homes; god man; secrecy), föräldrabalken 6 kap.,
//! domain.md *People and the law between them*.

use super::{
    command::{Capacity, CommandKind},
    ids::{GroupId, PersonId},
    people::{Dates, Guardianship, GuardianshipKind, Reach, Role, Standing},
    roster::Roster,
    scope::{Circle, Scope, Subject, Topic},
    time::midnight_after,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// What a person is to a subject: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// A confirmed, dated, unblocked adult at home.
    Home(GuardianshipKind),
    /// A dated assignment that reaches the subject.
    Staff(Role),
    /// The person itself.
    Itself,
}

/// The shape of a scope: a column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    SchoolInfo,
    /// Calls to make, adults to confirm.
    SchoolStaff(Topic),
    GroupInfo,
    GroupStaff(Topic),
    PupilAll(Topic),
    PupilStaff(Topic),
    /// The person's own circle with staff. For staff: everybody's.
    PupilParty(Topic),
    Own(Topic),
}

/// Whether custody or an assignment is enough, or the topic must have been delegated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Needs {
    Nothing,
    /// The topic itself has been delegated.
    Delegation,
    /// Some topic has been delegated.
    AnyDelegation,
}

use GuardianshipKind as G;
use Needs::{AnyDelegation, Delegation, Nothing};
use Place::{GroupInfo, GroupStaff, Own, PupilAll, PupilParty, PupilStaff, SchoolInfo, SchoolStaff};
use Topic::{Attendance, Care, Info, Plan};

const CUSTODY_READS: &[(Place, Needs)] = &[
    (SchoolInfo, Nothing),
    (GroupInfo, Nothing),
    (PupilAll(Info), Nothing),
    (PupilAll(Attendance), Nothing),
    (PupilParty(Attendance), Nothing),
    (PupilAll(Plan), Nothing),
    (PupilAll(Care), Nothing),
];
const DELEGATED_READS: &[(Place, Needs)] = &[
    (SchoolInfo, AnyDelegation),
    (GroupInfo, AnyDelegation),
    (PupilAll(Info), AnyDelegation),
    (PupilAll(Attendance), Delegation),
    (PupilParty(Attendance), Delegation),
    (PupilAll(Plan), Delegation),
    (PupilAll(Care), Delegation),
];
const TEACHING_READS: &[(Place, Needs)] = &[
    (SchoolInfo, Nothing),
    (GroupInfo, Nothing),
    (GroupStaff(Attendance), Nothing),
    (PupilAll(Info), Nothing),
    (PupilStaff(Info), Nothing),
    (PupilAll(Attendance), Nothing),
    (PupilStaff(Attendance), Nothing),
    (PupilParty(Attendance), Nothing),
];
const CONTACT_TEACHER_READS: &[(Place, Needs)] = &[
    (SchoolInfo, Nothing),
    (GroupInfo, Nothing),
    (GroupStaff(Attendance), Nothing),
    (PupilAll(Info), Nothing),
    (PupilStaff(Info), Nothing),
    (PupilAll(Attendance), Nothing),
    (PupilStaff(Attendance), Nothing),
    (PupilParty(Attendance), Nothing),
    (PupilAll(Plan), Nothing),
    (PupilAll(Care), Nothing),
];
const LEADING_READS: &[(Place, Needs)] = &[
    (SchoolInfo, Nothing),
    (SchoolStaff(Info), Nothing),
    (SchoolStaff(Attendance), Nothing),
    (GroupInfo, Nothing),
    (GroupStaff(Attendance), Nothing),
    (PupilAll(Info), Nothing),
    (PupilStaff(Info), Nothing),
    (PupilAll(Attendance), Nothing),
    (PupilStaff(Attendance), Nothing),
    (PupilParty(Attendance), Nothing),
    (PupilAll(Plan), Nothing),
    (PupilAll(Care), Nothing),
];
const OFFICE_READS: &[(Place, Needs)] = &[
    (SchoolInfo, Nothing),
    (SchoolStaff(Info), Nothing),
    (SchoolStaff(Attendance), Nothing),
    (GroupInfo, Nothing),
    (GroupStaff(Attendance), Nothing),
    (PupilAll(Info), Nothing),
    (PupilStaff(Info), Nothing),
    (PupilAll(Attendance), Nothing),
    (PupilStaff(Attendance), Nothing),
    (PupilParty(Attendance), Nothing),
];
const HEALTH_READS: &[(Place, Needs)] = &[
    (SchoolInfo, Nothing),
    (GroupInfo, Nothing),
    (PupilAll(Info), Nothing),
    (PupilStaff(Info), Nothing),
    (PupilAll(Attendance), Nothing),
    (PupilStaff(Attendance), Nothing),
];
const OWN_READS: &[(Place, Needs)] = &[(Own(Info), Nothing), (Own(Attendance), Nothing)];

/// What a relation reads. Reading a sensitive topic needs strong assurance besides ([`Topic::is_sensitive`]).
pub fn reads(relation: Relation) -> &'static [(Place, Needs)] {
    match relation {
        Relation::Home(G::Guardian | G::SpeciallyAppointedGuardian | G::AppointedRepresentative) => CUSTODY_READS,
        Relation::Home(G::Carer | G::ParentWithoutCustody) => DELEGATED_READS,
        Relation::Home(G::Unspecified) => &[],
        Relation::Staff(Role::ContactTeacher) => CONTACT_TEACHER_READS,
        Relation::Staff(Role::Teacher | Role::PreschoolStaff | Role::AfterSchoolStaff) => TEACHING_READS,
        Relation::Staff(Role::SpecialEducator | Role::PupilHealth) => HEALTH_READS,
        Relation::Staff(Role::Office) => OFFICE_READS,
        Relation::Staff(Role::Principal | Role::DeputyPrincipal) => LEADING_READS,
        Relation::Staff(Role::Organiser) => &[(SchoolInfo, Nothing)],
        Relation::Itself => OWN_READS,
    }
}

use CommandKind as C;

const HOME_ATTENDANCE: &[CommandKind] =
    &[C::ReportAbsence, C::EndAbsence, C::ExtendAbsence, C::WithdrawAbsence, C::ExplainAbsence];
const TEACHING: &[CommandKind] = &[C::MarkRoll, C::UndoMark, C::CloseRoll, C::MarkSeen];
const CONTACT_TEACHING: &[CommandKind] =
    &[C::MarkRoll, C::UndoMark, C::CloseRoll, C::MarkSeen, C::JudgeExplanation, C::LogCall];
const OFFICE: &[CommandKind] = &[
    C::ReportAbsence,
    C::EndAbsence,
    C::ExtendAbsence,
    C::WithdrawAbsence,
    C::MarkRoll,
    C::UndoMark,
    C::CloseRoll,
    C::MarkSeen,
    C::JudgeExplanation,
    C::LogCall,
    C::ConfirmAdult,
    C::BlockAdult,
    C::AssignStaff,
    C::EndAssignment,
    C::RecordAdultConsent,
    C::GrantStrongAssurance,
];
const LEADING: &[CommandKind] = &[
    C::ReportAbsence,
    C::EndAbsence,
    C::ExtendAbsence,
    C::WithdrawAbsence,
    C::MarkRoll,
    C::UndoMark,
    C::CloseRoll,
    C::MarkSeen,
    C::JudgeExplanation,
    C::LogCall,
    C::ConfirmAdult,
    C::BlockAdult,
    C::LiftBlock,
    C::AssignStaff,
    C::EndAssignment,
    C::RecordAdultConsent,
    C::GrantStrongAssurance,
];

/// Whether a relation may ask for that at all, and what it needs. Everyday assurance is enough for every one of them: a
/// lapse of the strong one closes reading, never writing.
pub fn may(relation: Relation, command: CommandKind) -> Option<Needs> {
    let listed = |commands: &[CommandKind], needs| commands.contains(&command).then_some(needs);
    match relation {
        Relation::Home(kind) if kind.has_custody() => {
            listed(HOME_ATTENDANCE, Nothing).or_else(|| listed(&[C::DelegateTopics], Nothing))
        }
        Relation::Home(G::Carer | G::ParentWithoutCustody) => listed(HOME_ATTENDANCE, Delegation),
        Relation::Home(_) => None,
        Relation::Staff(Role::ContactTeacher) => listed(CONTACT_TEACHING, Nothing),
        Relation::Staff(Role::Teacher | Role::PreschoolStaff | Role::AfterSchoolStaff) => listed(TEACHING, Nothing),
        Relation::Staff(Role::SpecialEducator | Role::PupilHealth | Role::Organiser) => None,
        Relation::Staff(Role::Office) => listed(OFFICE, Nothing),
        Relation::Staff(Role::Principal | Role::DeputyPrincipal) => listed(LEADING, Nothing),
        Relation::Itself => listed(&[C::MarkNoticeRead], Nothing),
    }
}

/// The topic that a home command is about: what must be delegated where custody is lacking.
fn topic_of(command: CommandKind) -> Topic {
    if HOME_ATTENDANCE.contains(&command) { Attendance } else { Info }
}

/// Every row of the table, for the documentation page and the test that walks it.
pub fn relations() -> Vec<Relation> {
    let home = G::ALL.into_iter().map(Relation::Home);
    let staff = Role::ALL.into_iter().map(Relation::Staff);
    home.chain(staff).chain([Relation::Itself]).collect()
}

/// A relation that holds, until when, and with which topics delegated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub relation: Relation,
    pub topics: Vec<Topic>,
    /// An assignment that reaches the whole school. Only such a one opens what the school's staff keep together.
    pub school_wide: bool,
    /// It ends by itself at this instant; none: it is open.
    pub until: Option<DateTime<Utc>>,
}

impl Holding {
    /// Whether it opens anything at all: a parent without custody and without delegation reads nothing.
    pub fn reads_anything(&self) -> bool {
        reads(self.relation).iter().any(|(place, needs)| self.meets(*needs, place.topic()))
    }

    fn meets(&self, needs: Needs, topic: Topic) -> bool {
        match needs {
            Nothing => true,
            AnyDelegation => !self.topics.is_empty(),
            Delegation => self.topics.contains(&topic),
        }
    }
}

fn earlier(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn later(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
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

/// What an adult at home is to a pupil on a day: nothing while pending or blocked, before or after its dates, or from
/// the pupil's 18th birthday on without the pupil's consent.
pub fn home_holding(roster: &Roster, person: PersonId, pupil: PersonId, today: NaiveDate) -> Option<Holding> {
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
    let mut topics = Vec::new();
    if !guardianship.kind.has_custody() && guardianship.kind != G::Unspecified {
        topics.clone_from(&guardianship.topics);
        for delegation in delegations_in_force(roster, guardianship, today) {
            topics.extend(delegation.topics.iter().copied());
            // One `until` for all topics: the earliest, so that nothing outlasts what was given.
            until = earlier(until, end(delegation.dates));
        }
        topics.sort_unstable();
        topics.dedup();
    }
    Some(Holding { relation: Relation::Home(guardianship.kind), topics, school_wide: false, until })
}

/// The adults at home who read a topic about a pupil on a day: whom a notice about it goes to.
pub fn homes_reading(roster: &Roster, pupil: PersonId, topic: Topic, today: NaiveDate) -> Vec<PersonId> {
    let reads_it = |person: PersonId| {
        home_holding(roster, person, pupil, today).is_some_and(|holding| {
            let mut places = reads(holding.relation).iter();
            places.any(|(place, needs)| *place == PupilAll(topic) && holding.meets(*needs, topic))
        })
    };
    roster.guardianships(pupil).iter().map(|g| g.person).filter(|person| reads_it(*person)).collect()
}

/// Delegations hold only while the one who gave them has custody.
fn delegations_in_force<'a>(
    roster: &'a Roster,
    to: &'a Guardianship,
    today: NaiveDate,
) -> impl Iterator<Item = &'a super::people::Delegation> + 'a {
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
        (
            assignment.reach,
            Holding { relation: Relation::Staff(assignment.role), topics: Vec::new(), school_wide, until },
        )
    })
    .collect()
}

/// Whether a person, acting in a capacity, may ask for that about a pupil today.
pub fn may_about_pupil(
    roster: &Roster,
    person: PersonId,
    capacity: Capacity,
    command: CommandKind,
    pupil: PersonId,
    today: NaiveDate,
) -> bool {
    match capacity {
        Capacity::Home => home_holding(roster, person, pupil, today).is_some_and(|holding| {
            may(holding.relation, command).is_some_and(|needs| holding.meets(needs, topic_of(command)))
        }),
        Capacity::Staff(role) => {
            may(Relation::Staff(role), command).is_some()
                && staff_holdings(roster, person, today).iter().any(|(reach, holding)| {
                    holding.relation == Relation::Staff(role)
                        && match reach {
                            Reach::School => roster.pupil(pupil).is_some_and(|facts| facts.dates.contain(today)),
                            Reach::Group(group) => roster.is_member(pupil, *group, today),
                        }
                })
        }
        Capacity::System => false,
    }
}

/// Whether a person, acting as staff, may ask for that about a group today.
pub fn may_about_group(
    roster: &Roster,
    person: PersonId,
    capacity: Capacity,
    command: CommandKind,
    group: GroupId,
    today: NaiveDate,
) -> bool {
    let Capacity::Staff(role) = capacity else { return false };
    may(Relation::Staff(role), command).is_some()
        && staff_holdings(roster, person, today).iter().any(|(reach, holding)| {
            holding.relation == Relation::Staff(role)
                && match reach {
                    Reach::School => roster.group(group).is_some(),
                    Reach::Group(own) => *own == group,
                }
        })
}

/// Whether a person, acting as staff of the whole school, may ask for that today.
pub fn may_about_school(
    roster: &Roster,
    person: PersonId,
    capacity: Capacity,
    command: CommandKind,
    today: NaiveDate,
) -> bool {
    let Capacity::Staff(role) = capacity else { return false };
    may(Relation::Staff(role), command).is_some()
        && staff_holdings(roster, person, today)
            .iter()
            .any(|(reach, holding)| *reach == Reach::School && holding.relation == Relation::Staff(role))
}

/// Scope → the instant it ends by itself (none: open). Relations add up: the latest end counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscriptions(pub BTreeMap<Scope, Option<DateTime<Utc>>>);

impl Subscriptions {
    fn give(&mut self, scope: Scope, until: Option<DateTime<Utc>>) {
        self.0.entry(scope).and_modify(|held| *held = later(*held, until)).or_insert(until);
    }

    fn of_school(&mut self, holding: &Holding) {
        for (place, _) in reads(holding.relation).iter().filter(|(place, needs)| holding.meets(*needs, place.topic())) {
            match place {
                SchoolInfo => self.give(Scope::school(Info, Circle::All), holding.until),
                SchoolStaff(topic) if holding.school_wide => {
                    self.give(Scope::school(*topic, Circle::Staff), holding.until)
                }
                SchoolStaff(_) | GroupInfo | GroupStaff(_) | PupilAll(_) | PupilStaff(_) | PupilParty(_) | Own(_) => {}
            }
        }
    }

    fn of_group(&mut self, holding: &Holding, group: GroupId) {
        for (place, _) in reads(holding.relation).iter().filter(|(place, needs)| holding.meets(*needs, place.topic())) {
            match place {
                GroupInfo => self.give(Scope::group(group, Info, Circle::All), holding.until),
                GroupStaff(topic) => self.give(Scope::group(group, *topic, Circle::Staff), holding.until),
                SchoolInfo | SchoolStaff(_) | PupilAll(_) | PupilStaff(_) | PupilParty(_) | Own(_) => {}
            }
        }
    }

    fn of_pupil(&mut self, roster: &Roster, person: PersonId, holding: &Holding, pupil: PersonId) {
        for (place, _) in reads(holding.relation).iter().filter(|(place, needs)| holding.meets(*needs, place.topic())) {
            match place {
                PupilAll(topic) => self.give(Scope::pupil(pupil, *topic, Circle::All), holding.until),
                PupilStaff(topic) => self.give(Scope::pupil(pupil, *topic, Circle::Staff), holding.until),
                PupilParty(topic) => match holding.relation {
                    Relation::Home(_) => self.give(Scope::pupil(pupil, *topic, Circle::Party(person)), holding.until),
                    Relation::Staff(_) | Relation::Itself => {
                        for adult in roster.guardianships(pupil) {
                            self.give(Scope::pupil(pupil, *topic, Circle::Party(adult.person)), holding.until);
                        }
                    }
                },
                SchoolInfo | SchoolStaff(_) | GroupInfo | GroupStaff(_) | Own(_) => {}
            }
        }
    }
}

impl Place {
    fn topic(self) -> Topic {
        match self {
            SchoolInfo | GroupInfo => Info,
            SchoolStaff(topic) | GroupStaff(topic) | PupilAll(topic) | PupilStaff(topic) | PupilParty(topic)
            | Own(topic) => topic,
        }
    }
}

/// What a person is to a subject on a day. The school and the person itself count every relation that the person has
/// there.
pub fn holdings(roster: &Roster, person: PersonId, subject: Subject, today: NaiveDate) -> Vec<Holding> {
    let staff = staff_holdings(roster, person, today);
    let mut held = Vec::new();
    match subject {
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
            for pupil in roster.children(person) {
                if roster.is_member(*pupil, group, today) {
                    let place = roster.pupil(*pupil).and_then(|f| f.memberships.iter().find(|m| m.group == group));
                    let leaves = place.and_then(|m| m.dates.until).map(|day| midnight_after(roster.time_zone(), day));
                    let holding = home_holding(roster, person, *pupil, today);
                    held.extend(holding.map(|h| Holding { until: earlier(h.until, leaves), ..h }));
                }
            }
            let here = |reach: &Reach| match reach {
                Reach::School => roster.group(group).is_some(),
                Reach::Group(own) => *own == group,
            };
            held.extend(staff.into_iter().filter(|(reach, _)| here(reach)).map(|(_, holding)| holding));
        }
        Subject::School => {
            held.extend(roster.children(person).iter().filter_map(|pupil| home_holding(roster, person, *pupil, today)));
            held.extend(staff.into_iter().map(|(_, holding)| holding));
        }
        Subject::Person(itself) if itself == person => {
            for holding in holdings(roster, person, Subject::School, today) {
                if !holding.reads_anything() {
                    continue;
                }
                held.push(Holding { relation: Relation::Itself, topics: Vec::new(), ..holding });
            }
        }
        Subject::Person(_) => {}
    }
    held
}

/// The scopes about one subject that a person reads on a day. What changes about a subject changes only these.
pub fn subscriptions_about(roster: &Roster, person: PersonId, subject: Subject, today: NaiveDate) -> Subscriptions {
    let mut scopes = Subscriptions::default();
    for holding in holdings(roster, person, subject, today) {
        match subject {
            Subject::School => scopes.of_school(&holding),
            Subject::Group(group) => scopes.of_group(&holding, group),
            Subject::Pupil(pupil) => scopes.of_pupil(roster, person, &holding, pupil),
            Subject::Person(itself) => {
                for (place, _) in reads(holding.relation) {
                    if let Own(topic) = place {
                        scopes.give(Scope::own(itself, *topic), holding.until);
                    }
                }
            }
        }
    }
    scopes
}

/// Every subject that a person has a relation to.
pub fn subjects(roster: &Roster, person: PersonId, today: NaiveDate) -> Vec<Subject> {
    let mut subjects = vec![Subject::School, Subject::Person(person)];
    for pupil in roster.children(person) {
        subjects.push(Subject::Pupil(*pupil));
        let places = roster.pupil(*pupil).into_iter().flat_map(|facts| &facts.memberships);
        subjects.extend(places.map(|place| Subject::Group(place.group)));
    }
    for (reach, _) in staff_holdings(roster, person, today) {
        match reach {
            Reach::School => {
                subjects.extend(roster.groups().map(|group| Subject::Group(group.id)));
                subjects.extend(roster.pupils().map(|(pupil, _)| Subject::Pupil(pupil)));
            }
            Reach::Group(group) => {
                subjects.push(Subject::Group(group));
                subjects.extend(roster.members(group, today).map(Subject::Pupil));
            }
        }
    }
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

/// All scopes that a person reads on a day.
pub fn subscriptions(roster: &Roster, person: PersonId, today: NaiveDate) -> Subscriptions {
    let mut scopes = Subscriptions::default();
    for subject in subjects(roster, person, today) {
        scopes.0.extend(subscriptions_about(roster, person, subject, today).0);
    }
    scopes
}

/// Everybody who may have a relation to a subject, each once.
pub fn related(roster: &Roster, subject: Subject) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = match subject {
        Subject::School => return roster.adults().into_iter().collect(),
        Subject::Person(person) => vec![person],
        Subject::Group(group) => {
            let homes = roster.ever_members(group).iter().flat_map(|pupil| roster.guardianships(*pupil));
            let staff = roster.staff_of_group(group).iter().chain(roster.staff_of_school());
            homes.map(|g| g.person).chain(staff.copied()).collect()
        }
        Subject::Pupil(pupil) => {
            let groups = roster.pupil(pupil).into_iter().flat_map(|facts| &facts.memberships);
            let staff = groups.flat_map(|m| roster.staff_of_group(m.group)).chain(roster.staff_of_school());
            roster.guardianships(pupil).iter().map(|g| g.person).chain(staff.copied()).collect()
        }
    };
    people.sort_unstable();
    people.dedup();
    people
}

/// Everybody who reads a scope on a day, and as what.
pub fn readers(roster: &Roster, scope: &Scope, today: NaiveDate) -> Vec<(PersonId, Relation)> {
    let reader = |person: PersonId| {
        subscriptions_about(roster, person, scope.subject, today).0.contains_key(scope).then(|| {
            let held = holdings(roster, person, scope.subject, today);
            (person, held.first().map_or(Relation::Itself, |holding| holding.relation))
        })
    };
    related(roster, scope.subject).into_iter().filter_map(reader).collect()
}
