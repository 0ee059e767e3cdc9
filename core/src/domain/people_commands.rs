//! Commands about people: what an adult is to a pupil, delegation, blocks, assignments, assurance (domain.md, *People*).

use super::{
    access,
    attendance::Session,
    command::{Capacity, Command, PeopleCommand},
    decide::MOST_IN_ONE_COMMAND,
    ids::{DeviceId, GroupId, PersonId},
    notice::{Notice, NoticeReason, notice_key},
    people::{
        AdultConsent, Assignment, Block, Dates, Delegation, Guardianship, GuardianshipKind, Person, Reach, Role, Spell,
        StaffMember, Standing,
    },
    record::Record,
    rejection::Rejection,
    roster::RosterChange,
    scope::Topic,
    time::local_date,
    world::{Actor, AssuranceGrant, Changes, Fact, World},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// The longest that strong assurance given face to face lasts: a school year.
pub const LONGEST_ASSURANCE: TimeDelta = TimeDelta::days(366);

/// The longest that a substitute made by hand is given at once: a school year.
pub const LONGEST_SUBSTITUTE: TimeDelta = TimeDelta::days(366);

/// How many periods that are not over one person may have been given by hand: they all stand on a card that every home of
/// the school fetches. A substitute by the day has as many in half a school year.
pub const MOST_SPELLS: usize = 100;

/// The longest name, given or family, in characters; what imports keep of one, too.
pub const NAME_MAX: usize = 100;

/// Decides the commands of this area: `asked` is what `command` asks for.
pub(super) fn decide(
    world: &dyn World,
    actor: Actor,
    command: &Command,
    asked: PeopleCommand<'_>,
) -> Result<Changes, Rejection> {
    let about = About { world, actor, command, today: local_date(world.roster().time_zone(), world.now()) };
    match asked {
        PeopleCommand::DelegateTopics { pupil, to, topics, dates } => about.delegate(*pupil, *to, topics, *dates),
        PeopleCommand::ConfirmAdult { pupil, person, kind } => about.confirm(*pupil, *person, *kind),
        PeopleCommand::BlockAdult { pupil, person } => about.block(*pupil, *person),
        PeopleCommand::LiftBlock { pupil, person } => about.lift(*pupil, *person),
        PeopleCommand::AddSubstitute { given_name, family_name, role, group, dates } => {
            about.add_substitute([given_name, family_name], (*role, *group), *dates)
        }
        PeopleCommand::AssignStaff { assignment } => about.assign(*assignment),
        PeopleCommand::EndAssignment { person, assignment } => about.end_assignment(*person, *assignment),
        PeopleCommand::RecordAdultConsent { pupil, person, dates } => about.consent(*pupil, *person, *dates),
        PeopleCommand::GrantStrongAssurance { person, device, until } => about.assure(*person, *device, *until),
        PeopleCommand::ReachMajority { pupil } => about.reach_majority(*pupil),
    }
}

fn not_reversed(dates: Dates) -> Result<(), Rejection> {
    if dates.are_reversed() { Err(Rejection::SpanReversed) } else { Ok(()) }
}

struct About<'a> {
    world: &'a dyn World,
    actor: Actor,
    command: &'a Command,
    today: NaiveDate,
}

impl About<'_> {
    fn person(&self) -> Result<PersonId, Rejection> {
        self.actor.person.ok_or(Rejection::NotAPersonsCommand)
    }

    /// Staff do not decide what they are themselves.
    fn not_oneself(&self, about: PersonId) -> Result<(), Rejection> {
        let staff = matches!(self.command.capacity, Capacity::Staff(_));
        if staff && self.person()? == about { Err(Rejection::OwnChild) } else { Ok(()) }
    }

    fn delegate(&self, pupil: PersonId, to: PersonId, topics: &[Topic], dates: Dates) -> Result<Changes, Rejection> {
        let by = self.person()?;
        if topics.len() > MOST_IN_ONE_COMMAND {
            return Err(Rejection::TooMany { most: MOST_IN_ONE_COMMAND as u16 });
        }
        not_reversed(dates)?;
        if !topics.iter().all(|topic| topic.is_delegable()) {
            return Err(Rejection::TopicNotDelegable);
        }
        let roster = self.world.roster();
        let takes = |g: &Guardianship| {
            g.standing == Standing::Confirmed
                && matches!(g.kind, GuardianshipKind::Carer | GuardianshipKind::ParentWithoutCustody)
        };
        // A bar is not told to the other side: it reads like an adult whom the school has not confirmed.
        if !roster.guardianship(pupil, to).is_some_and(takes) || roster.is_blocked(pupil, to) {
            return Err(Rejection::CannotDelegateTo);
        }
        let held = roster.delegations(pupil).iter().find(|d| d.to == to && d.by == by);
        let mut topics = topics.to_vec();
        topics.sort_unstable();
        topics.dedup();
        let delegation = Delegation { pupil, to, by, topics, dates };
        let change = match held {
            Some(held) if *held == delegation => return Ok(Changes::none()),
            Some(held) if delegation.topics.is_empty() => RosterChange::Remove(held.clone().into()),
            None if delegation.topics.is_empty() => return Ok(Changes::none()),
            Some(_) | None => RosterChange::staff(delegation),
        };
        let notice = self.notice(to, pupil, NoticeReason::DelegationChanged);
        Ok(Changes { roster: vec![change], put: vec![notice], ..Changes::none() })
    }

    fn notice(&self, to: PersonId, pupil: PersonId, reason: NoticeReason) -> Record {
        let (scope, id) = notice_key(self.world.school(), to, reason, pupil, self.today, Session::Day);
        let notice = Notice { reason, session: Session::Day, at: self.world.now(), corrected_at: None, read_at: None };
        Record { id, scope, pupil: Some(pupil), day: Some(self.today), body: notice.into() }
    }

    fn confirm(&self, pupil: PersonId, person: PersonId, kind: GuardianshipKind) -> Result<Changes, Rejection> {
        self.not_oneself(person)?;
        let roster = self.world.roster();
        let held = roster.guardianship(pupil, person).ok_or(Rejection::NotYours)?;
        if kind == GuardianshipKind::Unspecified {
            return Err(Rejection::KindNeeded);
        }
        if roster.is_blocked(pupil, person) {
            return Err(Rejection::Blocked);
        }
        let confirmed = Guardianship { kind, standing: Standing::Confirmed, ..held.clone() };
        if *held == confirmed {
            return Ok(Changes::none());
        }
        Ok(Changes { roster: vec![RosterChange::staff(confirmed)], ..Changes::none() })
    }

    fn block(&self, pupil: PersonId, person: PersonId) -> Result<Changes, Rejection> {
        self.not_oneself(person)?;
        if self.world.roster().is_blocked(pupil, person) {
            return Ok(Changes::none());
        }
        Ok(Changes { roster: vec![RosterChange::staff(Block { pupil, person })], ..Changes::none() })
    }

    fn lift(&self, pupil: PersonId, person: PersonId) -> Result<Changes, Rejection> {
        self.not_oneself(person)?;
        if !self.world.roster().is_blocked(pupil, person) {
            return Ok(Changes::none());
        }
        Ok(Changes { roster: vec![RosterChange::Remove(Block { pupil, person }.into())], ..Changes::none() })
    }

    /// A new person: the id follows from the command's, so that a repeated one is the same person, and a name is never
    /// taken for another's.
    fn add_substitute(
        &self,
        names: [&String; 2],
        (role, group): (Role, GroupId),
        dates: Dates,
    ) -> Result<Changes, Rejection> {
        let person = PersonId::derive(&[&"substitute", &self.command.id]);
        let assignment = Assignment { person, role, reach: Reach::Group(group), dates };
        self.may_assign(&assignment)?;
        let roster = self.world.roster();
        // Nobody lets themselves in again by another name, where they are barred from one of the group.
        if roster.is_barred_from_group(self.person()?, group) {
            return Err(Rejection::NotYours);
        }
        let [given_name, family_name] = names.map(|name| name.trim().to_owned());
        if ![&given_name, &family_name].iter().all(|name| name.chars().any(char::is_alphabetic)) {
            return Err(Rejection::NameNeeded);
        }
        if [&given_name, &family_name].iter().any(|name| name.chars().count() > NAME_MAX) {
            return Err(Rejection::NameTooLong { most: NAME_MAX as u16 });
        }
        not_reversed(dates)?;
        let latest = self.today + LONGEST_SUBSTITUTE;
        if !dates.until.is_some_and(|until| self.today <= until && until <= latest) {
            return Err(Rejection::EndNeeded { latest });
        }
        if roster.staff_member(person).is_some() {
            return Ok(Changes::none());
        }
        let named = Person {
            id: person,
            given_name,
            family_name,
            language: None,
            phone: None,
            email: None,
            birth_date: None,
            protected_identity: false,
        };
        let member = StaffMember { person, added_here: true };
        let roster =
            vec![RosterChange::staff(named), RosterChange::staff(member), RosterChange::staff(Spell(assignment))];
        Ok(Changes { roster, ..Changes::none() })
    }

    /// The office gives group roles; only a principal gives a role that reaches the whole school, and none that is for
    /// groups.
    fn may_give(&self, assignment: &Assignment) -> Result<(), Rejection> {
        if assignment.reach == Reach::School && assignment.role.is_for_groups() {
            self.may_assign(assignment)?;
            return Err(Rejection::CannotAssign { role: assignment.role });
        }
        self.may_assign(assignment)
    }

    /// Whether it is theirs to give, or to end.
    fn may_assign(&self, assignment: &Assignment) -> Result<(), Rejection> {
        let person = self.person()?;
        let roster = self.world.roster();
        let leads = matches!(self.command.capacity, Capacity::Staff(Role::Principal | Role::DeputyPrincipal));
        let group_role = assignment.role.is_for_groups() || assignment.role == Role::SpecialEducator;
        match assignment.reach {
            Reach::Group(group) if roster.group(group).is_none() => Err(Rejection::NotYours),
            Reach::Group(_) if group_role && person != assignment.person => Ok(()),
            Reach::School if leads && assignment.role != Role::Organiser && person != assignment.person => Ok(()),
            Reach::Group(_) | Reach::School => Err(Rejection::CannotAssign { role: assignment.role }),
        }
    }

    fn assign(&self, assignment: Assignment) -> Result<Changes, Rejection> {
        self.may_give(&assignment)?;
        // Somebody unknown reads like somebody at another school.
        if !self.world.roster().knows_adult(assignment.person) {
            return Err(Rejection::NotYours);
        }
        not_reversed(assignment.dates)?;
        let gives_it = |held: &Assignment| {
            held.role == assignment.role && held.reach == assignment.reach && assignment.dates.are_within(held.dates)
        };
        if self.world.roster().assignments(assignment.person).iter().any(gives_it) {
            return Ok(Changes::none());
        }
        let lasts = |spell: &&Assignment| spell.dates.until.is_none_or(|until| until >= self.today);
        if self.world.roster().spells(assignment.person).iter().filter(lasts).count() >= MOST_SPELLS {
            return Err(Rejection::TooMany { most: MOST_SPELLS as u16 });
        }
        Ok(Changes { roster: self.world.roster().given_by_staff(assignment, self.today), ..Changes::none() })
    }

    /// With dates, the one of those dates; without any, all of that role and reach.
    fn end_assignment(&self, person: PersonId, assignment: Assignment) -> Result<Changes, Rejection> {
        let assignment = Assignment { person, ..assignment };
        self.may_assign(&assignment)?;
        let dates = Some(assignment.dates).filter(|dates| *dates != Dates::default());
        let ended = self.world.roster().ended_by_staff(&assignment, dates, self.today);
        Ok(Changes { roster: ended, ..Changes::none() })
    }

    fn consent(&self, pupil: PersonId, person: PersonId, dates: Dates) -> Result<Changes, Rejection> {
        self.not_oneself(person)?;
        let roster = self.world.roster();
        if !access::is_of_age(roster, pupil, self.today) {
            return Err(Rejection::NotAdult);
        }
        roster.guardianship(pupil, person).ok_or(Rejection::NotYours)?;
        not_reversed(dates)?;
        let consent = AdultConsent { pupil, person, dates };
        if roster.consents(pupil).contains(&consent) {
            return Ok(Changes::none());
        }
        Ok(Changes { roster: vec![RosterChange::staff(consent)], ..Changes::none() })
    }

    fn assure(&self, person: PersonId, device: DeviceId, until: DateTime<Utc>) -> Result<Changes, Rejection> {
        let by = self.person()?;
        let roster = self.world.roster();
        // Face to face means two people.
        if by == person {
            return Err(Rejection::OwnChild);
        }
        match self.world.device_of(device) {
            Fact::Known(owner) if owner == person => {}
            Fact::Unseen => {}
            Fact::Known(_) | Fact::Absent => return Err(Rejection::NotYours),
        }
        if access::subscriptions_about(roster, person, super::scope::Subject::Person(person), self.today).0.is_empty() {
            return Err(Rejection::NotYours);
        }
        let latest = self.world.now() + LONGEST_ASSURANCE;
        if until <= self.world.now() || until > latest {
            return Err(Rejection::AssuranceSpan { latest });
        }
        Ok(Changes { assurance: Some(AssuranceGrant { device, until }), ..Changes::none() })
    }

    /// Access has ended by itself at midnight; what guardians had delegated ends with their custody.
    fn reach_majority(&self, pupil: PersonId) -> Result<Changes, Rejection> {
        let roster = self.world.roster();
        if !access::is_of_age(roster, pupil, self.today) {
            return Err(Rejection::NotDue);
        }
        let ended = roster.delegations(pupil).iter().cloned().map(|d| RosterChange::Remove(d.into())).collect();
        Ok(Changes { roster: ended, ..Changes::none() })
    }
}
