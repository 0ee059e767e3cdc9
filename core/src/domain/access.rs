//! The access table: who may read and who may ask for what. Everything uses it: `decide`, the pull, the documentation
//! page and a test that walks every cell. A new audience is a new row here and nowhere else.
//!
//! Sources: seed 004 (parent is not guardian; foster and residential homes; god man; secrecy), föräldrabalken 6 kap.,
//! domain.md *People and the law between them*.

mod asking;
mod codes;
mod holding;
mod subscriptions;

pub use asking::{may_about_group, may_about_pupil, may_about_school};
pub use codes::{CodeFor, NoCode, code_reaches_too_far, may_make_code, relations_making_codes};
pub use holding::{End, Holding, holdings, home_holding, homes_reading, is_of_age, majority, staff_holdings};
pub use subscriptions::{Subscriptions, readers, related, subjects, subscriptions, subscriptions_about};

use super::{
    command::CommandKind,
    people::{GuardianshipKind, Role},
    scope::Topic,
};

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
        Relation::AdultPupil => CUSTODY_READS,
        Relation::Itself => OWN_READS,
    }
}

use CommandKind as C;

const HOME_ATTENDANCE: &[CommandKind] =
    &[C::ReportAbsence, C::EndAbsence, C::ExtendAbsence, C::WithdrawAbsence, C::ExplainAbsence];
/// A signal is dealt with by those among them whom the rule set tells of it (`decide`).
const TOLD_OF_SIGNALS: &[CommandKind] = &[C::HandleFollowUp];
const TEACHING: &[CommandKind] = &[C::MarkRoll, C::UndoMark, C::CloseRoll, C::MarkSeen, C::HandleFollowUp];
const CONTACT_TEACHING: &[CommandKind] =
    &[C::MarkRoll, C::UndoMark, C::CloseRoll, C::MarkSeen, C::JudgeExplanation, C::LogCall, C::HandleFollowUp];
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
    C::HandleFollowUp,
    C::ConfirmAdult,
    C::BlockAdult,
    C::AddSubstitute,
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
    C::HandleFollowUp,
    C::ConfirmAdult,
    C::BlockAdult,
    C::LiftBlock,
    C::AddSubstitute,
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
        Relation::Staff(Role::SpecialEducator | Role::PupilHealth) => listed(TOLD_OF_SIGNALS, Nothing),
        Relation::Staff(Role::Organiser) => None,
        Relation::Staff(Role::Office) => listed(OFFICE, Nothing),
        Relation::Staff(Role::Principal | Role::DeputyPrincipal) => listed(LEADING, Nothing),
        Relation::AdultPupil => listed(HOME_ATTENDANCE, Nothing),
        Relation::Itself => listed(&[C::MarkNoticeRead], Nothing),
    }
}

/// Whether a relation, to the whole school, makes codes for others' next phones. That is no command: it is done online
/// only, and its answer stands in no record, outcome or log.
pub fn makes_codes(relation: Relation) -> bool {
    match relation {
        Relation::Staff(Role::Office | Role::Principal | Role::DeputyPrincipal) => true,
        Relation::Staff(
            Role::ContactTeacher
            | Role::Teacher
            | Role::PreschoolStaff
            | Role::AfterSchoolStaff
            | Role::SpecialEducator
            | Role::PupilHealth
            | Role::Organiser,
        )
        | Relation::Home(_)
        | Relation::AdultPupil
        | Relation::Itself => false,
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
    home.chain([Relation::AdultPupil]).chain(staff).chain([Relation::Itself]).collect()
}

impl Place {
    pub(super) fn topic(self) -> Topic {
        match self {
            SchoolInfo | GroupInfo => Info,
            SchoolStaff(topic) | GroupStaff(topic) | PupilAll(topic) | PupilStaff(topic) | PupilParty(topic)
            | Own(topic) => topic,
        }
    }
}
