//! The access table: who may read and who may ask for what. Everything uses it: `decide`, the pull, the documentation
//! page and a test that walks every cell. Who reads stands here, topic by topic; who may ask stands in each command's own
//! row (`command.rs`).
//!
//! Sources: seed 004 (parent is not guardian; foster and residential homes; god man; secrecy), föräldrabalken 6 kap.,
//! domain.md *People and the law between them*.

mod asking;
mod codes;
mod holding;
#[cfg(feature = "testing")]
pub mod other_table;
mod subscriptions;

pub use asking::{may_about, may_about_group, may_about_pupil, may_about_school, may_ask};
pub use codes::{CodeFor, NoCode, code_reaches_too_far, may_make_code, relations_making_codes};
pub use holding::{End, Holding, holdings, home_holding, homes_reading, is_of_age, majority, staff_holdings};
pub use subscriptions::{Subscriptions, readers, related, subjects, subscriptions, subscriptions_about};

use super::{
    command::CommandKind,
    people::{GuardianshipKind, Role},
    scope::Topic,
};
use std::{collections::BTreeMap, sync::LazyLock};

/// What a person is to a subject: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// A confirmed, dated, unblocked adult at home.
    Home(GuardianshipKind),
    /// A dated assignment that reaches the subject.
    Staff(Role),
    /// A pupil of age, to itself: what guardians could until its 18th birthday, it can from then on. An unknown birth
    /// date makes nobody of age.
    AdultPupil,
    /// The person itself, whoever it is: what is for that person alone.
    Itself,
}

/// The shape of a scope: a column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    SchoolAll(Topic),
    /// Calls to make, adults to confirm.
    SchoolStaff(Topic),
    GroupAll(Topic),
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

/// Whom a cell of the table names: relations that go together everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Guardians, specially appointed ones, and a god man.
    Custody,
    /// A carer or a parent without custody, to whom the topic has been delegated.
    Delegate,
    /// The same, to whom any topic has been delegated.
    AnyDelegate,
    AdultPupil,
    ContactTeacher,
    /// Teachers, preschool and after-school staff.
    Teacher,
    /// Special educators and pupil health.
    Health,
    Office,
    /// The principal and the deputies.
    Leader,
    Organiser,
    /// Whoever it is, of what is for that person alone.
    Itself,
    /// Nobody: what falls due by itself.
    Clock,
}

impl Who {
    /// Whether a relation is one of these, and what it needs.
    fn needs(self, relation: Relation) -> Option<Needs> {
        let (among, needs) = match relation {
            Relation::Home(G::Guardian | G::SpeciallyAppointedGuardian | G::AppointedRepresentative) => {
                (self == Custody, Needs::Nothing)
            }
            Relation::Home(G::Carer | G::ParentWithoutCustody) if self == AnyDelegate => (true, Needs::AnyDelegation),
            Relation::Home(G::Carer | G::ParentWithoutCustody) => (self == Delegate, Needs::Delegation),
            // Nothing, until staff have said what the person is.
            Relation::Home(G::Unspecified) => (false, Needs::Nothing),
            Relation::AdultPupil => (self == AdultPupil, Needs::Nothing),
            Relation::Staff(role) => (self == Who::of_role(role), Needs::Nothing),
            Relation::Itself => (self == Itself, Needs::Nothing),
        };
        among.then_some(needs)
    }

    fn of_role(role: Role) -> Self {
        match role {
            Role::ContactTeacher => ContactTeacher,
            Role::Teacher | Role::PreschoolStaff | Role::AfterSchoolStaff => Teacher,
            Role::SpecialEducator | Role::PupilHealth => Health,
            Role::Office => Office,
            Role::Principal | Role::DeputyPrincipal => Leader,
            Role::Organiser => Organiser,
        }
    }

    fn any(among: &[Who], relation: Relation) -> Option<Needs> {
        among.iter().find_map(|who| who.needs(relation))
    }
}

/// Who reads a topic, place by place.
struct Readers {
    school: &'static [Who],
    school_staff: &'static [Who],
    group: &'static [Who],
    group_staff: &'static [Who],
    pupil: &'static [Who],
    pupil_staff: &'static [Who],
    pupil_party: &'static [Who],
    own: &'static [Who],
}

use GuardianshipKind as G;
use Who::{
    AdultPupil, AnyDelegate, ContactTeacher, Custody, Delegate, Health, Itself, Leader, Office, Organiser, Teacher,
};

/// The table's reading half: a topic, its places, and who reads there.
fn readers_of(topic: Topic) -> Readers {
    match topic {
        Topic::Info => Readers {
            school: &[Custody, AnyDelegate, AdultPupil, ContactTeacher, Teacher, Health, Office, Leader, Organiser],
            school_staff: &[Office, Leader],
            group: &[Custody, AnyDelegate, AdultPupil, ContactTeacher, Teacher, Health, Office, Leader],
            group_staff: &[],
            pupil: &[Custody, AnyDelegate, AdultPupil, ContactTeacher, Teacher, Health, Office, Leader],
            pupil_staff: &[ContactTeacher, Teacher, Health, Office, Leader],
            pupil_party: &[],
            own: &[Itself],
        },
        Topic::Attendance => Readers {
            school: &[],
            school_staff: &[Office, Leader],
            group: &[],
            group_staff: &[ContactTeacher, Teacher, Office, Leader],
            pupil: &[Custody, Delegate, AdultPupil, ContactTeacher, Teacher, Health, Office, Leader],
            pupil_staff: &[ContactTeacher, Teacher, Health, Office, Leader],
            pupil_party: &[Custody, Delegate, AdultPupil, ContactTeacher, Teacher, Office, Leader],
            own: &[Itself],
        },
        Topic::Plan | Topic::Care => Readers {
            school: &[],
            school_staff: &[],
            group: &[],
            group_staff: &[],
            pupil: &[Custody, Delegate, AdultPupil, ContactTeacher, Leader],
            pupil_staff: &[],
            pupil_party: &[],
            own: &[],
        },
        // Nothing is written there yet.
        Topic::Leave | Topic::Book | Topic::Talks => Readers {
            school: &[],
            school_staff: &[],
            group: &[],
            group_staff: &[],
            pupil: &[],
            pupil_staff: &[],
            pupil_party: &[],
            own: &[],
        },
    }
}

/// What a relation reads. Reading a sensitive topic needs strong assurance besides ([`Topic::is_sensitive`]).
pub fn reads(relation: Relation) -> &'static [(Place, Needs)] {
    #[cfg(feature = "testing")]
    if let Some(other) = other_table::reads(relation) {
        return other;
    }
    reads_in_this_version(relation)
}

fn reads_in_this_version(relation: Relation) -> &'static [(Place, Needs)] {
    static READS: LazyLock<BTreeMap<Relation, Vec<(Place, Needs)>>> =
        LazyLock::new(|| relations().into_iter().map(|relation| (relation, reads_of(relation))).collect());
    READS.get(&relation).map_or(&[], Vec::as_slice)
}

fn reads_of(relation: Relation) -> Vec<(Place, Needs)> {
    let of_topic = |topic: Topic| {
        let Readers { school, school_staff, group, group_staff, pupil, pupil_staff, pupil_party, own } =
            readers_of(topic);
        let places = [
            (Place::SchoolAll(topic), school),
            (Place::SchoolStaff(topic), school_staff),
            (Place::GroupAll(topic), group),
            (Place::GroupStaff(topic), group_staff),
            (Place::PupilAll(topic), pupil),
            (Place::PupilStaff(topic), pupil_staff),
            (Place::PupilParty(topic), pupil_party),
            (Place::Own(topic), own),
        ];
        places.into_iter().filter_map(|(place, who)| Some((place, Who::any(who, relation)?)))
    };
    Topic::ALL.iter().copied().flat_map(of_topic).collect()
}

/// Whether a relation may ask for that at all, and what it needs. Everyday assurance is enough for every one of them: a
/// lapse of the strong one closes reading, never writing.
pub fn may(relation: Relation, command: CommandKind) -> Option<Needs> {
    Who::any(command.by(), relation)
}

/// Whether a relation, to the whole school, makes codes for others' next phones. That is no command: it is done online
/// only, and its answer stands in no record, outcome or log.
pub fn makes_codes(relation: Relation) -> bool {
    Who::any(&[Office, Leader], relation).is_some()
}

/// Every row of the table, for the documentation page and the test that walks it.
pub fn relations() -> Vec<Relation> {
    let home = G::ALL.iter().copied().map(Relation::Home);
    let staff = Role::ALL.iter().copied().map(Relation::Staff);
    home.chain([Relation::AdultPupil]).chain(staff).chain([Relation::Itself]).collect()
}

impl Place {
    pub(super) fn topic(self) -> Topic {
        match self {
            Place::SchoolAll(topic)
            | Place::SchoolStaff(topic)
            | Place::GroupAll(topic)
            | Place::GroupStaff(topic)
            | Place::PupilAll(topic)
            | Place::PupilStaff(topic)
            | Place::PupilParty(topic)
            | Place::Own(topic) => topic,
        }
    }
}
