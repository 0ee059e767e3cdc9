//! Saying something: on this phone at once and durably, and at the school when there is a network.

use crate::{error::SkolebroError, object::Skolebro, open::Open};
use skolebro_core::{
    device::{Draft, IfAdvised, Submission as CoreSubmission, Together as CoreTogether, text::Refusal},
    domain::{
        command::CommandBody,
        ids::{CommandId, SchoolId},
        rejection::Rejection,
    },
};

/// What has become of a submission. Advice is in the person's words: only the server's outcome is a rejection.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Submission {
    /// On this phone, durably. `advice`: what the phone would have warned of.
    Kept { id: CommandId, advice: Option<Refusal> },
    /// Nothing is queued: the phone warns, and the person may send anyway.
    Advised { why: Refusal },
}

/// What has become of something that was said at several schools: kept at all of them or at none.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Together {
    /// A command for each school.
    Kept { each: Vec<KeptAt> },
    /// Nothing is queued: the phone warns of these, and the person may send anyway.
    Advised { each: Vec<AdvisedAt> },
}

/// What is kept for one school.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct KeptAt {
    pub school: SchoolId,
    pub id: CommandId,
    /// What the phone would have warned of.
    pub advice: Option<Refusal>,
}

/// What the phone warns of for one school.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct AdvisedAt {
    pub school: SchoolId,
    pub why: Refusal,
}

#[uniffi::export]
impl Skolebro {
    /// Queues a command: on the disk before this comes back, sent when there is a network, whatever the phone's clock shows.
    ///
    /// # Errors
    /// `NotSignedIn`, `UnknownSchool`, `Suspended`, `Storage`: then it is not kept. `NoSuchItem` if what it depends on has
    /// been taken back.
    pub fn submit(&self, draft: Draft, if_advised: IfAdvised) -> Result<Submission, SkolebroError> {
        self.with(|open| {
            open.known(draft.school)?;
            let school = draft.school;
            let submitted = open.phone.submit_draft(draft, if_advised).map_err(|error| open.error(error))?;
            worded(open, school, submitted)
        })
    }

    /// Queues a command and the same at the child's other schools, where there is anything to say there: one tap for a child
    /// who also goes to an after-school club. All or none of them are kept; `take_back` of one takes back all. What is not
    /// home's own, or is said at one school only, is as `submit`.
    ///
    /// # Errors
    /// As `submit`.
    pub fn submit_everywhere(&self, draft: Draft, if_advised: IfAdvised) -> Result<Together, SkolebroError> {
        self.with(|open| {
            open.known(draft.school)?;
            let school = draft.school;
            let said = open.phone.submit_everywhere(draft, if_advised).map_err(|error| open.error(error))?;
            Ok(match said {
                CoreTogether::Kept(kept) => Together::Kept {
                    each: kept
                        .into_iter()
                        .map(|(school, kept)| KeptAt {
                            school,
                            id: kept.id,
                            advice: kept_advice(open, school, kept.advice),
                        })
                        .collect(),
                },
                CoreTogether::Advised(why) => {
                    let worded = |(school, why): (SchoolId, Rejection)| {
                        Ok(AdvisedAt { school, why: open.view(school)?.refusal(open.texts(), &why) })
                    };
                    Together::Advised { each: why.into_iter().map(worded).collect::<Result<_, SkolebroError>>()? }
                }
                CoreTogether::OtherDay { by_phone, by_school } => {
                    let why = open.texts().other_day(by_phone, by_school);
                    Together::Advised { each: vec![AdvisedAt { school, why }] }
                }
            })
        })
    }

    /// What the rules on this phone would say of it, without queueing it: for a form that warns as it is filled in. None:
    /// nothing, or this phone knows too little yet.
    pub fn advise(&self, draft: Draft) -> Result<Option<Refusal>, SkolebroError> {
        self.with(|open| {
            let view = open.view(draft.school)?;
            let advice = view.advise(draft.capacity, draft.body).err().filter(|_| view.is_known());
            Ok(advice.map(|advice| view.refusal(open.texts(), &advice)))
        })
    }

    /// Sends something else instead of a rejected command, in its place.
    ///
    /// # Errors
    /// `NoSuchItem` if it is not a rejected command of this person; else as `submit`.
    pub fn mend(
        &self,
        rejected: CommandId,
        body: CommandBody,
        if_advised: IfAdvised,
    ) -> Result<Submission, SkolebroError> {
        self.with(|open| {
            let items = open.phone.outbox().map_err(|error| open.error(error))?;
            let item = items.iter().find(|item| item.id == rejected).ok_or(SkolebroError::NoSuchItem)?;
            let submitted = open.phone.mend(rejected, body, if_advised).map_err(|error| open.error(error))?;
            worded(open, item.school, submitted)
        })
    }

    /// Sends a rejected command again as it was. Its new id.
    ///
    /// # Errors
    /// As `mend`.
    pub fn resend(&self, rejected: CommandId) -> Result<CommandId, SkolebroError> {
        self.with(|open| Ok(open.phone.resend(rejected).map_err(|error| open.error(error))?.id))
    }

    /// The person has seen the rejection. Those that were rejected because of it go too.
    ///
    /// # Errors
    /// `NoSuchItem` if it is not a rejected command of this person.
    pub fn dismiss(&self, rejected: CommandId) -> Result<(), SkolebroError> {
        self.with(|open| open.phone.dismiss(rejected).map_err(|error| open.error(error)))
    }

    /// Takes back what has never been on its way, and what depends on it with it.
    ///
    /// # Errors
    /// `NoSuchItem` if it has been, or is settled: then say the opposite with a command of its own.
    pub fn take_back(&self, queued: CommandId) -> Result<(), SkolebroError> {
        self.with(|open| open.phone.take_back(queued).map_err(|error| open.error(error)))
    }
}

fn worded(open: &Open, school: SchoolId, submission: CoreSubmission) -> Result<Submission, SkolebroError> {
    Ok(match submission {
        CoreSubmission::Kept(kept) => Submission::Kept { id: kept.id, advice: kept_advice(open, school, kept.advice) },
        CoreSubmission::OtherDay { by_phone, by_school } => {
            Submission::Advised { why: open.texts().other_day(by_phone, by_school) }
        }
        CoreSubmission::Advised(why) => Submission::Advised { why: open.view(school)?.refusal(open.texts(), &why) },
    })
}

/// The words for what was kept all the same: it is kept, whatever may hinder reading now.
fn kept_advice(open: &Open, school: SchoolId, advice: Option<Rejection>) -> Option<Refusal> {
    advice.and_then(|advice| Some(open.view(school).ok()?.refusal(open.texts(), &advice)))
}
