//! Commands: what a person asks for. A closed set; each is decided whole.

use super::{
    access::Who::{
        self, AdultPupil, Clock, ContactTeacher, Custody, Delegate, Health, Itself, Leader, Office, Teacher,
    },
    attendance::{AbsenceKind, CallOutcome, PartOfDay, Presence, Session},
    ids::{CommandId, DeviceId, GroupId, PersonId, RecordId, SchoolId},
    people::{Assignment, Dates, GuardianshipKind, Role},
    record::RecordKind,
    scope::Topic,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// In which capacity the actor acts. Nobody decides their own child's matter as staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Capacity {
    /// An adult at home, whatever the kind of guardianship.
    Home,
    Staff(Role),
    /// The clock. Never accepted from a phone.
    System,
}

/// The envelope that every command travels in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    pub id: CommandId,
    pub school: SchoolId,
    pub capacity: Capacity,
    /// The device's own clock. For display, and for lateness where it is plausible.
    pub device_time: DateTime<Utc>,
    /// This command is only meant if that one is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<CommandId>,
    pub body: CommandBody,
}

/// Of whom a command speaks: where the access table is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandSubject {
    Pupil,
    /// As staff, not one's own child: nobody decides their own child's matter.
    OthersPupil,
    Group,
    /// Everybody in the group, also those whom it does not name.
    WholeGroup,
    School,
    /// The person who asks.
    Oneself,
}

/// The same, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandAbout<'a> {
    Pupils(&'a [PersonId]),
    Group(GroupId),
    School,
    Oneself,
}

macro_rules! subject {
    (pupil) => {
        CommandSubject::Pupil
    };
    (pupils) => {
        CommandSubject::Pupil
    };
    (others_pupil) => {
        CommandSubject::OthersPupil
    };
    (others_pupils) => {
        CommandSubject::OthersPupil
    };
    (group) => {
        CommandSubject::Group
    };
    (whole_group) => {
        CommandSubject::WholeGroup
    };
    (school) => {
        CommandSubject::School
    };
    (oneself) => {
        CommandSubject::Oneself
    };
}

/// What somebody wrote freely in a command. It stands in the log of commands for as long as records of that kind are kept,
/// also where the command was refused or nothing of it is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeText {
    /// The field's name on the wire.
    pub field: &'static str,
    pub kept_as: RecordKind,
}

macro_rules! free_text {
    (none) => {
        None
    };
    ($field:ident $kept:ident) => {
        Some(FreeText { field: stringify!($field), kept_as: RecordKind::$kept })
    };
}

macro_rules! about {
    (pupil $pupil:ident) => {
        CommandAbout::Pupils(std::slice::from_ref($pupil))
    };
    (pupils $pupils:ident) => {
        CommandAbout::Pupils($pupils)
    };
    (others_pupil $pupil:ident) => {
        CommandAbout::Pupils(std::slice::from_ref($pupil))
    };
    (others_pupils $pupils:ident) => {
        CommandAbout::Pupils($pupils)
    };
    (group $group:ident) => {
        CommandAbout::Group(*$group)
    };
    (whole_group $group:ident) => {
        CommandAbout::Group(*$group)
    };
    (school) => {
        CommandAbout::School
    };
    (oneself) => {
        CommandAbout::Oneself
    };
}

macro_rules! commands {
    ($($(#[$about:meta])* $area:ident as $asked:ident {
        $(
            $(#[$doc:meta])* $variant:ident { $($(#[$fdoc:meta])* $field:ident : $type:ty),* $(,)? } = $name:literal
            in $topic:ident, about $subject:ident $(($of:ident))?, by $by:expr, text $text:ident $(($kept:ident))?;
        )+
    })+) => {
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "do", rename_all = "snake_case")]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
        pub enum CommandBody { $($($(#[$doc])* $variant { $($(#[$fdoc])* $field: $type),* }),+),+ }

        /// The kind of a command: a row of the access table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CommandKind { $($($variant),+),+ }

        impl CommandKind {
            pub const ALL: &[CommandKind] = &[$($(CommandKind::$variant),+),+];
            pub fn as_str(self) -> &'static str { match self { $($(CommandKind::$variant => $name),+),+ } }

            /// What must have been delegated to an adult at home without custody who asks for it.
            pub fn topic(self) -> Topic { match self { $($(CommandKind::$variant => Topic::$topic),+),+ } }

            /// Who may ask for it.
            pub fn by(self) -> &'static [Who] { match self { $($(CommandKind::$variant => const { &$by }),+),+ } }

            /// What somebody wrote in it freely, and with which kind of record that is forgotten.
            pub fn text(self) -> Option<FreeText> {
                match self { $($(CommandKind::$variant => free_text!($text $($kept)?)),+),+ }
            }

            /// Of whom it speaks.
            pub fn subject(self) -> CommandSubject { match self { $($(CommandKind::$variant => subject!($subject)),+),+ } }
        }

        /// The areas of the domain.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum AreaKind { $($(#[$about])* $area),+ }

        impl AreaKind {
            pub const ALL: &[AreaKind] = &[$(AreaKind::$area),+];
        }

        /// A command as its area of the domain sees it: each area matches all of its own commands, and nobody else's.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Area<'a> { $($(#[$about])* $area($asked<'a>)),+ }

        $(
            $(#[$about])*
            /// Read off a [`CommandBody`]: its variants and their fields.
            #[derive(Clone, Copy, Debug, PartialEq)]
            pub enum $asked<'a> { $($(#[$doc])* $variant { $($field: &'a $type),* }),+ }
        )+

        impl CommandBody {
            pub fn kind(&self) -> CommandKind { match self { $($(CommandBody::$variant { .. } => CommandKind::$variant),+),+ } }

            pub fn area(&self) -> Area<'_> {
                match self {
                    $($(CommandBody::$variant { $($field),* } => Area::$area($asked::$variant { $($field),* })),+),+
                }
            }

            /// Of whom it speaks, by name.
            pub fn about(&self) -> CommandAbout<'_> {
                match self { $($(CommandBody::$variant { $($of,)? .. } => about!($subject $($of)?)),+),+ }
            }
        }
    };
}

// One block for each area, and a row for each command: this is the one place that says which command is whose, in which topic,
// about whom it is, who may ask for it, and what in it is
// written freely. Before an area decides anything, `decide` asks the table by these rows.
commands! {
    /// What is so for a pupil and a day, and who is told.
    Attendance as AttendanceCommand {
        /// Sick or otherwise away, for several children at once (sjukanmälan, sygemelding, sykemelding).
        ReportAbsence {
            pupils: Vec<PersonId>,
            kind: AbsenceKind,
            from: NaiveDate,
            /// Inclusive.
            to: NaiveDate,
            /// Part of each day; none: whole days.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            part: Option<PartOfDay>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            note: Option<String>,
            /// Staff file it for this guardian, who phoned.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            on_behalf_of: Option<PersonId>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            phoned_at: Option<DateTime<Utc>>,
        } = "report_absence"
            in Attendance, about others_pupils(pupils), by [Custody, Delegate, AdultPupil, Office, Leader], text note(AttendanceNote);
        /// Well again: the running absence ends; the pupil is back on `back_on` (from `back_at`, or the whole day).
        EndAbsence {
            pupil: PersonId,
            back_on: NaiveDate,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            back_at: Option<NaiveTime>,
        } = "end_absence"
            in Attendance, about others_pupil(pupil), by [Custody, Delegate, AdultPupil, Office, Leader], text none;
        /// The running absence goes on until `to`, inclusive.
        ExtendAbsence { pupil: PersonId, to: NaiveDate } = "extend_absence"
            in Attendance, about others_pupil(pupil), by [Custody, Delegate, AdultPupil, Office, Leader], text none;
        /// Taken back before it starts.
        WithdrawAbsence { pupil: PersonId, from: NaiveDate, to: NaiveDate } = "withdraw_absence"
            in Attendance, about others_pupil(pupil), by [Custody, Delegate, AdultPupil, Office, Leader], text none;
        /// Afterwards: why the pupil was not there.
        ExplainAbsence {
            pupil: PersonId,
            day: NaiveDate,
            #[serde(default)]
            session: Session,
            kind: AbsenceKind,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            note: Option<String>,
        } = "explain_absence"
            in Attendance, about pupil(pupil), by [Custody, Delegate, AdultPupil], text note(AttendanceNote);

        /// Exceptions in the roll.
        MarkRoll { group: GroupId, day: NaiveDate, #[serde(default)] session: Session, marks: Vec<RollMark> } = "mark_roll"
            in Attendance, about group(group), by [ContactTeacher, Teacher, Office, Leader], text none;
        /// Within the rule set's seconds after the mark, by device time.
        UndoMark { group: GroupId, day: NaiveDate, #[serde(default)] session: Session, pupil: PersonId } = "undo_mark"
            in Attendance, about group(group), by [ContactTeacher, Teacher, Office, Leader], text none;
        CloseRoll { group: GroupId, day: NaiveDate, #[serde(default)] session: Session } = "close_roll"
            in Attendance, about whole_group(group), by [ContactTeacher, Teacher, Office, Leader], text none;
        /// A roll or board that shows these pupils' reports of the day was opened.
        MarkSeen { pupils: Vec<PersonId>, day: NaiveDate } = "mark_seen"
            in Attendance, about pupils(pupils), by [ContactTeacher, Teacher, Office, Leader], text none;
        JudgeExplanation {
            pupil: PersonId,
            day: NaiveDate,
            #[serde(default)]
            session: Session,
            accept: bool,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        } = "judge_explanation"
            in Attendance, about others_pupil(pupil), by [ContactTeacher, Office, Leader], text reason(Attendance);
        LogCall {
            pupil: PersonId,
            day: NaiveDate,
            #[serde(default)]
            session: Session,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            called: Option<PersonId>,
            reached: bool,
            /// What home said. Without it nothing is settled, though somebody was reached.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            outcome: Option<CallOutcome>,
            /// For staff alone.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            note: Option<String>,
        } = "log_call"
            in Attendance, about others_pupil(pupil), by [ContactTeacher, Office, Leader], text note(AttendanceNote);
        /// A signal of repeated or long absence has been dealt with; not handled: it waits again after all.
        HandleFollowUp {
            pupil: PersonId,
            signal: RecordId,
            handled: bool,
            /// For staff alone.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            note: Option<String>,
        } = "handle_follow_up"
            in Attendance, about others_pupil(pupil), by [ContactTeacher, Teacher, Health, Office, Leader], text note(FollowUpSignal);

        /// The clock: guardians hear of an unexplained absence the same day.
        NotifyUnexplained { pupil: PersonId, day: NaiveDate, session: Session } = "notify_unexplained"
            in Attendance, about pupil(pupil), by [Clock], text none;
        /// The clock: nobody at home has read the notice; the office calls.
        EscalateToCallList { pupil: PersonId, day: NaiveDate, session: Session } = "escalate_to_call_list"
            in Attendance, about pupil(pupil), by [Clock], text none;
        /// The clock: absence thresholds of the day.
        FollowUp { pupil: PersonId, day: NaiveDate } = "follow_up"
            in Attendance, about pupil(pupil), by [Clock], text none;
    }

    /// What every area of the domain has: notices, and records that have grown old.
    Common as CommonCommand {
        /// Its reader has opened it.
        MarkNoticeRead { notice: RecordId } = "mark_notice_read"
            in Info, about oneself, by [Itself], text none;
        /// The clock: a record is past its rule set's retention.
        Erase { scope: super::scope::Scope, record: RecordId } = "erase"
            in Info, about school, by [Clock], text none;
    }

    /// What an adult is to a pupil or to the school, and may read.
    People as PeopleCommand {
        /// A guardian lets an adult without custody, or a carer, see to these topics; none ends the delegation.
        DelegateTopics { pupil: PersonId, to: PersonId, topics: Vec<Topic>, dates: Dates } = "delegate_topics"
            in Info, about pupil(pupil), by [Custody], text none;

        /// Staff say what a pending or misdescribed adult is.
        ConfirmAdult { pupil: PersonId, person: PersonId, kind: GuardianshipKind } = "confirm_adult"
            in Info, about others_pupil(pupil), by [Office, Leader], text none;
        /// Bars one person from one pupil, whatever an import says.
        BlockAdult { pupil: PersonId, person: PersonId } = "block_adult"
            in Info, about others_pupil(pupil), by [Office, Leader], text none;
        LiftBlock { pupil: PersonId, person: PersonId } = "lift_block"
            in Info, about others_pupil(pupil), by [Leader], text none;
        /// A substitute whom no import knows: a new person, with that assignment until the last of the dates.
        AddSubstitute { given_name: String, family_name: String, role: Role, group: GroupId, dates: Dates } = "add_substitute"
            in Info, about school, by [Office, Leader], text none;
        /// For example a substitute for one group until midnight.
        AssignStaff { assignment: Assignment } = "assign_staff"
            in Info, about school, by [Office, Leader], text none;
        /// The one of those dates; without any, all of that role and reach.
        EndAssignment { person: PersonId, assignment: Assignment } = "end_assignment"
            in Info, about school, by [Office, Leader], text none;
        /// An adult pupil lets a former guardian keep access; no dates `until` in the past ends it.
        RecordAdultConsent { pupil: PersonId, person: PersonId, dates: Dates } = "record_adult_consent"
            in Info, about others_pupil(pupil), by [Office, Leader], text none;
        /// Strong assurance given face to face by the office, for one device.
        GrantStrongAssurance { person: PersonId, device: DeviceId, until: DateTime<Utc> } = "grant_strong_assurance"
            in Info, about school, by [Office, Leader], text none;

        /// The clock: the 18th birthday. Guardianship ends; consent keeps access.
        ReachMajority { pupil: PersonId } = "reach_majority"
            in Info, about pupil(pupil), by [Clock], text none;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RollMark {
    pub pupil: PersonId,
    pub presence: Presence,
}

/// The id of a command that the clock gives: from what is due and when, so that a repeated tick says the same thing.
pub fn system_command_id(what: CommandKind, about: &[&dyn std::fmt::Display]) -> CommandId {
    let what = what.as_str();
    let mut parts: Vec<&dyn std::fmt::Display> = vec![&what];
    parts.extend_from_slice(about);
    CommandId::derive(&parts)
}
