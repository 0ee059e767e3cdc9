//! `POST /v1/sync` without HTTP: the queue's commands are settled first, then one page is pulled, so that a phone sees its
//! own effect in the same answer.

use super::{
    Engine, pull,
    pull::{Ask, Pulled},
    refusal::{Fault, Refusal},
    session::{REVOKED, Session},
    settle::{self, Named, Settling},
    shared::Shared,
    wire::{Answer, Settled, SyncReply},
};
use skolebro_core::{
    domain::ids::SchoolId,
    protocol::{NotNow, OLDEST_PROTOCOL, PROTOCOL, ProblemCode, SyncRequest},
};
use std::sync::{Arc, atomic::Ordering};

/// The longest scope that a phone may hand back, in bytes; ours are half of it.
pub const SCOPE_MAX: usize = 200;

impl Engine {
    /// Settles and pulls; waits for the commit and for the store without holding up other tasks. Must be called within a
    /// tokio runtime.
    ///
    /// # Errors
    /// `TooOld`, `TooLarge`, `Malformed`, or `Unavailable`: then nothing is known to have happened, and the phone asks again.
    pub async fn sync(&self, session: &Session, mut request: SyncRequest) -> Result<SyncReply, Refusal> {
        self.check(session, &request)?;
        self.wait_until_sound().await?;
        let (commands, work) = self.settling(*session, &mut request);
        let settled = match work {
            None => Ok(Ok(Vec::new())),
            Some(work) => self.writer.write_async(work.lane(&self.shared), work).await,
        };
        let outcomes = outcomes(settled, &commands)?;
        let request = Pull::of(&self.shared, *session, request);
        if let Some(reply) = request.in_memory(&self.shared, &outcomes)? {
            return Ok(reply);
        }
        let shared = self.shared.clone();
        let pulled = tokio::task::spawn_blocking(move || request.in_store(&shared, &outcomes));
        pulled.await.unwrap_or(Err(Refusal::UNAVAILABLE))
    }

    /// The same on this thread, with no runtime.
    ///
    /// # Errors
    /// As [`Engine::sync`].
    pub fn sync_blocking(&self, session: &Session, mut request: SyncRequest) -> Result<SyncReply, Refusal> {
        self.check(session, &request)?;
        if self.shared.suspect.load(Ordering::SeqCst) {
            self.writer.write(|_| Ok(()))?;
        }
        let (commands, work) = self.settling(*session, &mut request);
        let settled = match work {
            None => Ok(Ok(Vec::new())),
            Some(work) => self.writer.write_as(work.lane(&self.shared), work),
        };
        let outcomes = outcomes(settled, &commands)?;
        let request = Pull::of(&self.shared, *session, request);
        match request.in_memory(&self.shared, &outcomes)? {
            Some(reply) => Ok(reply),
            None => request.in_store(&self.shared, &outcomes),
        }
    }

    /// Before anything of it is looked at.
    fn check(&self, session: &Session, request: &SyncRequest) -> Result<(), Refusal> {
        self.knows_the_time()?;
        self.shared.renewals.check(request.school, session.person)?;
        if request.protocol < OLDEST_PROTOCOL {
            return Err(Refusal::new(ProblemCode::TooOld, "the app is too old for this server, and keeps its queue"));
        }
        let scope = request.continuation.as_ref().and_then(|continuation| continuation.scope.as_ref());
        if scope.is_some_and(|scope| scope.len() > SCOPE_MAX) {
            return Err(Refusal::new(ProblemCode::Malformed, "a continuation's scope is at most 200 bytes"));
        }
        if request.commands.len() > self.shared.config.limits.commands_per_request {
            return Err(Refusal::new(ProblemCode::TooLarge, "too many commands in one request; send fewer at once"));
        }
        Ok(())
    }

    /// The ids to answer, and the writer's work; none where nothing was sent.
    fn settling(&self, session: Session, request: &mut SyncRequest) -> (Vec<Named>, Option<Settling>) {
        let sent = std::mem::take(&mut request.commands);
        let incoming = settle::incoming(sent, request.protocol, &self.shared.config.limits);
        let commands = settle::names(&incoming);
        let work = (!incoming.is_empty()).then(|| Settling::new(session, request.school, incoming));
        (commands, work)
    }

    /// After a doubtful commit nothing is read before the writer has made something durable. Whoever comes first asks it
    /// to, so that phones are let in again as soon as the store answers, and not at the next tick.
    ///
    /// # Errors
    /// `Unavailable`: it does not answer yet.
    pub async fn wait_until_sound(&self) -> Result<(), Refusal> {
        if self.shared.suspect.load(Ordering::SeqCst) {
            self.writer.write_nothing().await?;
        }
        Ok(())
    }
}

/// After a doubtful commit nobody is answered; after one that did not happen the commands stay queued.
fn outcomes(
    settled: Result<Result<Vec<Settled>, Refusal>, Fault>,
    commands: &[Named],
) -> Result<Vec<Settled>, Refusal> {
    match settled {
        Ok(settled) => settled,
        Err(Fault::Failed) => Ok(settle::not_now(commands, NotNow::Fault)),
        Err(fault @ (Fault::Doubtful | Fault::Full | Fault::TooOften)) => Err(fault.into()),
    }
}

/// The second half of a sync. No lock is held while the answer is written.
struct Pull {
    session: Session,
    /// Where the person reads or has read anything; none: only the store knows.
    schools: Option<Arc<[SchoolId]>>,
    school: SchoolId,
    protocol: u16,
    ask: Option<Ask>,
}

impl Pull {
    fn of(shared: &Shared, session: Session, request: SyncRequest) -> Self {
        let limits = &shared.config.limits;
        let ask = Ask::of(&request, shared.epoch, limits.rows_per_page, limits.wide_scopes);
        let schools = shared.remembered_schools_of(session.person);
        Self { session, schools, school: request.school, protocol: request.protocol.min(PROTOCOL), ask }
    }

    fn in_memory(&self, shared: &Shared, outcomes: &[Settled]) -> Result<Option<SyncReply>, Refusal> {
        if shared.suspect.load(Ordering::SeqCst) {
            return Err(Refusal::UNAVAILABLE);
        }
        // Somebody's phone was revoked since this request began; whether it was this one, the store knows.
        if shared.revocations.load(Ordering::SeqCst) != self.session.as_of {
            return Ok(None);
        }
        let Some(schools) = &self.schools else { return Ok(None) };
        let answer = |pulled: &Pulled| self.answer(shared, schools, outcomes, pulled);
        let Some(ask) = self.ask else { return Ok(Some(answer(&Pulled::ResetRequired))) };
        let pulled = match shared.live(self.school) {
            None => Some(pull::from_nowhere(ask)),
            // The person left the school, and is to hear of it; or never had anything there.
            Some(_) if !schools.contains(&self.school) => None,
            Some(live) => pull::from_memory(&live, self.session.device, ask, shared.now()),
        };
        Ok(pulled.as_ref().map(answer))
    }

    fn in_store(&self, shared: &Shared, outcomes: &[Settled]) -> Result<SyncReply, Refusal> {
        let Session { device, person, as_of: _ } = self.session;
        if shared.read(|reading| shared.is_revoked(reading, &self.session))? {
            return Err(REVOKED);
        }
        let schools = match &self.schools {
            Some(schools) => schools.clone(),
            None => shared.schools_of(person)?,
        };
        let pulled = match (self.ask, shared.live(self.school)) {
            (None, _) => Pulled::ResetRequired,
            (Some(ask), None) => pull::from_nowhere(ask),
            (Some(ask), Some(live)) => {
                shared.read(|reading| pull::from_store(&live, reading, person, device, ask, shared.now()))?
            }
        };
        Ok(self.answer(shared, &schools, outcomes, &pulled))
    }

    fn answer(&self, shared: &Shared, schools: &[SchoolId], outcomes: &[Settled], pulled: &Pulled) -> SyncReply {
        let (protocol, server_time, epoch) = (self.protocol, shared.now(), shared.epoch);
        Answer { protocol, server_time, epoch, schools, outcomes, pulled }.write()
    }
}
