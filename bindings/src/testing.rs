//! What only tests need, in a library that is built for them: a clock of their own, every error on request, a panic inside,
//! and values that have crossed the border twice.

use crate::{
    error::SkolebroError,
    object::{Settings, Skolebro},
    secrets::SecretStore,
};
use skolebro_core::{
    clock,
    device::{Options, Standing},
    domain::{
        attendance::{AbsenceKind, CallOutcome, PartOfDay, Presence, Session},
        command::{CommandBody, RollMark},
        ids::{DeviceId, GroupId, PersonId, RecordId},
        people::{Assignment, Dates, GuardianshipKind, Reach, Role},
        record::RecordKind,
        scope::{Circle, Scope, Topic},
    },
    foreign::Moment,
    protocol::ProblemCode,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::{alloc::System, sync::Arc, time::Duration};

/// Stands still until it is moved.
#[derive(Debug, uniffi::Object)]
pub struct TestClock(Arc<clock::TestClock>);

#[uniffi::export]
impl TestClock {
    #[uniffi::constructor]
    pub fn new(at: Moment) -> Arc<Self> {
        Arc::new(Self(Arc::new(clock::TestClock::at(at))))
    }

    /// Forwards only.
    pub fn advance_to(&self, to: Moment) {
        self.0.advance_to(to);
    }
}

/// As `Skolebro.open`, with the test's own clock and patience.
#[uniffi::export]
pub fn open_for_tests(
    settings: Settings,
    secrets: Arc<dyn SecretStore>,
    clock: Arc<TestClock>,
    request_timeout: Duration,
) -> Result<Arc<Skolebro>, SkolebroError> {
    let options = Options {
        request_timeout,
        first_pause: Duration::from_millis(20),
        longest_pause: Duration::from_millis(200),
        ..Options::default()
    };
    Skolebro::open_with(settings, secrets, clock.0.clone(), options)
}

/// One of each error, with made-up fields, in the order of the enum.
fn errors() -> Vec<(&'static str, SkolebroError)> {
    let detail = || "prov åäö 🤒".to_owned();
    vec![
        ("Closed", SkolebroError::Closed),
        ("Suspended", SkolebroError::Suspended),
        ("NotSignedIn", SkolebroError::NotSignedIn { standing: Some(Standing::Revoked) }),
        ("UnknownSchool", SkolebroError::UnknownSchool),
        ("NoSuchItem", SkolebroError::NoSuchItem),
        ("Unsent", SkolebroError::Unsent { waiting: 2 }),
        ("TokenLost", SkolebroError::TokenLost),
        ("OutboxDamaged", SkolebroError::OutboxDamaged { kept_at: "/prov".to_owned() }),
        ("OutboxTooNew", SkolebroError::OutboxTooNew { form: 99 }),
        ("BadSettings", SkolebroError::BadSettings { detail: detail() }),
        ("Offline", SkolebroError::Offline),
        ("Untrusted", SkolebroError::Untrusted),
        ("Timeout", SkolebroError::Timeout),
        ("Garbled", SkolebroError::Garbled),
        ("Cancelled", SkolebroError::Cancelled),
        ("Refused", SkolebroError::Refused { code: ProblemCode::CodeWrong, retry_after: Some(Duration::from_secs(5)) }),
        ("SecretStore", SkolebroError::SecretStore { detail: detail() }),
        ("Storage", SkolebroError::Storage { detail: detail() }),
        ("Internal", SkolebroError::Internal { detail: detail() }),
    ]
}

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many allocations of this library's are not given back. What SQLite has is not counted: each of its connections is.
#[uniffi::export]
pub fn allocations_held() -> u64 {
    let stats = COUNTED.stats();
    stats.allocations.saturating_sub(stats.deallocations) as u64
}

#[uniffi::export]
pub fn error_variants() -> Vec<String> {
    errors().into_iter().map(|(name, _)| name.to_owned()).collect()
}

/// Fails in the way asked for.
#[uniffi::export]
pub fn fail_with(variant: String) -> Result<(), SkolebroError> {
    match errors().into_iter().find(|(name, _)| *name == variant) {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

/// A fault of the library, as any call could have one.
#[uniffi::export]
pub fn panic_inside(phone: &Skolebro) -> Result<(), SkolebroError> {
    #[allow(clippy::panic)]
    phone.with(|_| panic!("asked for"))
}

/// One of each kind of command, with every field filled.
#[uniffi::export]
pub fn every_command() -> Vec<CommandBody> {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 29).unwrap_or_default();
    let time = chrono::NaiveTime::from_hms_opt(10, 5, 0).unwrap_or_default();
    let at = chrono::DateTime::from_timestamp_micros(1_774_746_000_123_456).unwrap_or_default();
    let (pupil, person) = (PersonId::derive(&[&"Åse"]), PersonId::derive(&[&"Bjørn"]));
    let (group, session) = (GroupId::derive(&[&"4B"]), Session::Lesson(3));
    let dates = Dates { from: Some(day), until: day.succ_opt() };
    let assignment = Assignment { person, role: Role::Teacher, reach: Reach::Group(group), dates };
    let scope = Scope::pupil(pupil, Topic::Attendance, Circle::Party(person));
    let record = RecordId::derive(&[&RecordKind::Notice.as_str()]);
    let outcome = Some(CallOutcome::ShouldBeAtSchool);
    let note = Some("Tillbaka till lunch 🤒 æøå".to_owned());
    let kind = AbsenceKind::Appointment;
    vec![
        CommandBody::ReportAbsence {
            pupils: vec![pupil, person],
            kind,
            from: day,
            to: day,
            part: Some(PartOfDay { from: chrono::NaiveTime::MIN, to: time }),
            note: note.clone(),
            on_behalf_of: Some(person),
            phoned_at: Some(at),
        },
        CommandBody::EndAbsence { pupil, back_on: day, back_at: Some(time) },
        CommandBody::ExtendAbsence { pupil, to: day },
        CommandBody::WithdrawAbsence { pupil, from: day, to: day },
        CommandBody::ExplainAbsence { pupil, day, session, kind, note: note.clone() },
        CommandBody::MarkRoll {
            group,
            day,
            session,
            marks: [
                Presence::Present,
                Presence::Late { at: time },
                Presence::Unexplained,
                Presence::LeftEarly { at: time },
                Presence::SentHomeSick { at: time },
            ]
            .map(|presence| RollMark { pupil, presence })
            .to_vec(),
        },
        CommandBody::UndoMark { group, day, session, pupil },
        CommandBody::CloseRoll { group, day, session: Session::Day },
        CommandBody::MarkSeen { pupils: vec![pupil], day },
        CommandBody::JudgeExplanation { pupil, day, session, accept: false, reason: note.clone() },
        CommandBody::LogCall { pupil, day, session, called: Some(person), reached: true, outcome, note: note.clone() },
        CommandBody::HandleFollowUp { pupil, signal: record, handled: true, note },
        CommandBody::NotifyUnexplained { pupil, day, session },
        CommandBody::EscalateToCallList { pupil, day, session },
        CommandBody::FollowUp { pupil, day },
        CommandBody::MarkNoticeRead { notice: record },
        CommandBody::Erase { scope, record },
        CommandBody::DelegateTopics { pupil, to: person, topics: Topic::ALL.to_vec(), dates },
        CommandBody::ConfirmAdult { pupil, person, kind: GuardianshipKind::Carer },
        CommandBody::BlockAdult { pupil, person },
        CommandBody::LiftBlock { pupil, person },
        CommandBody::AddSubstitute {
            given_name: "Kim".to_owned(),
            family_name: "Dahl".to_owned(),
            role: assignment.role,
            group,
            dates,
        },
        CommandBody::AssignStaff { assignment },
        CommandBody::EndAssignment { person, assignment: Assignment { reach: Reach::School, ..assignment } },
        CommandBody::RecordAdultConsent { pupil, person, dates },
        CommandBody::GrantStrongAssurance { person, device: DeviceId::derive(&[&"telefon"]), until: at },
        CommandBody::ReachMajority { pupil },
    ]
}

/// What came back is what went out.
#[uniffi::export]
pub fn echo(body: CommandBody) -> CommandBody {
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use skolebro_core::domain::command::CommandKind;

    #[test]
    fn every_kind_of_command_is_among_the_samples() {
        let kinds: Vec<CommandKind> = every_command().iter().map(CommandBody::kind).collect();
        assert_eq!(kinds, CommandKind::ALL);
    }
}
