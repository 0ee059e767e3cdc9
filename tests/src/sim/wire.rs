//! The network between one phone and the server: the requests and answers are the real ones, as JSON, and the schedule
//! says what becomes of each. It also watches: no answer may carry a row that its reader may not read at that moment.

use super::{
    faults::{Fault, Memory},
    oracle,
    schedule::Weather,
    server::Server,
};
use parking_lot::Mutex;
use skolebro_core::{
    device::{
        Patience, Ticket,
        crash::Step,
        secrets::Token,
        transport::{Heard, Transport, TransportError},
    },
    domain::ids::DeviceId,
    protocol::{
        CodeAnswer, CodeRequest, CommandOutcome, DeviceList, EnrolRequest, EnrolResponse, Outcome, Problem,
        ProblemCode, Pull, SyncRequest, SyncResponse,
    },
};
use skolebro_server::engine::Refusal;
use std::{collections::VecDeque, ops::ControlFlow, sync::Arc};

#[derive(Debug)]
pub struct Wire {
    server: Arc<Server>,
    fault: Fault,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    weather: VecDeque<Weather>,
    late: Vec<(String, Vec<u8>)>,
    memory: Memory,
    /// What was sent though it may not be read.
    leak: Option<String>,
    /// Exchanges of this sync until the one whose outcomes are lost with the phone.
    outcomes_lost_in: Option<u32>,
    started_over: bool,
}

impl Wire {
    pub fn new(server: Arc<Server>, fault: Fault) -> Arc<Self> {
        Arc::new(Self { server, fault, state: Mutex::default() })
    }

    pub fn forecast(&self, weather: &[Weather]) {
        self.state.lock().weather = weather.iter().copied().collect();
    }

    /// The mirror is written before the outbox: a phone that dies between the two has the page, and not the outcomes.
    pub fn mirror_first(&self, dies: Option<(Step, u32)>) -> Option<(Step, u32)> {
        match (self.fault, dies) {
            (Fault::MirrorFirst, Some((Step::SyncOutcomesKept, nth))) => {
                self.state.lock().outcomes_lost_in = Some(nth);
                Some((Step::SyncPageKept, nth))
            }
            (_, dies) => {
                self.state.lock().outcomes_lost_in = None;
                dies
            }
        }
    }

    pub fn leak(&self) -> Option<String> {
        self.state.lock().leak.take()
    }

    /// Whether the phone was told, since the last look, to drop something and take it anew.
    pub fn started_over(&self) -> bool {
        std::mem::take(&mut self.state.lock().started_over)
    }

    /// Requests that the network held back arrive; nobody waits for their answers.
    pub fn late_arrives(&self) {
        let late = std::mem::take(&mut self.state.lock().late);
        for (token, body) in late {
            let _ = self.at_server(&token, &body);
        }
    }

    fn at_server(&self, token: &str, body: &[u8]) -> Result<SyncResponse, TransportError> {
        let engine = self.server.engine();
        let session = engine.authenticate(token).map_err(refused)?;
        let request: SyncRequest = serde_json::from_slice(body).expect("what a phone sends can be read");
        let reply = engine.sync_blocking(&session, request).map_err(refused)?;
        Ok(reply.parse().expect("what the server sends can be read"))
    }

    /// Before any fault: what the server itself sent must be readable by its reader now.
    fn watch(&self, token: &str, response: &SyncResponse) {
        let Pull::Page(page) = &response.pull else { return };
        let engine = self.server.engine();
        let Ok(session) = engine.authenticate(token) else { return };
        let scopes = oracle::readable(engine.store().as_ref(), session.person, session.device, self.server.now());
        for row in &page.rows {
            if row.scope.parse().is_ok_and(|scope| !scopes.contains(&scope)) {
                self.state.lock().leak = Some(format!("a row of {} was sent to one who may not read it", row.scope));
            }
        }
    }

    fn exchange(&self, token: &str, request: &SyncRequest) -> Result<SyncResponse, TransportError> {
        let mut bent: SyncRequest =
            serde_json::from_slice(&serde_json::to_vec(request).expect("a request is JSON")).expect("and back");
        self.fault.bend_request(&mut bent, &self.server);
        let body = serde_json::to_vec(&bent).expect("a request is JSON");
        let weather = self.state.lock().weather.pop_front().unwrap_or(Weather::Clear);
        let answer = match weather {
            Weather::RequestLost => return Err(TransportError::Offline),
            Weather::Late => {
                self.state.lock().late.push((token.to_owned(), body));
                return self.fault.no_answer(request).ok_or(TransportError::Timeout);
            }
            Weather::AnswerLost => {
                self.at_server(token, &body)?;
                return self.fault.no_answer(request).ok_or(TransportError::Timeout);
            }
            Weather::Garbled => {
                self.at_server(token, &body)?;
                return Err(TransportError::Garbled);
            }
            Weather::Twice => {
                self.at_server(token, &body)?;
                self.at_server(token, &body)?
            }
            Weather::Clear => self.at_server(token, &body)?,
        };
        self.watch(token, &answer);
        let mut answer = answer;
        let mut state = self.state.lock();
        state.memory.cursor = request.cursor;
        state.started_over |= match &answer.pull {
            Pull::Page(page) => !page.reset.is_empty() || !page.revoked.is_empty(),
            Pull::ResetRequired => true,
        };
        state.memory.continued = request.continuation.is_some();
        state.memory.asked.clone_from(&request.continuation);
        if self.fault.is_about_rights() {
            let engine = self.server.engine();
            let session = engine.authenticate(token).map_err(refused)?;
            let (person, device) = (session.person, session.device);
            state.memory.now = oracle::readable(engine.store().as_ref(), person, device, self.server.now());
        }
        if let Some(left) = state.outcomes_lost_in {
            if left == 0 {
                answer.outcomes.clear();
            }
            state.outcomes_lost_in = left.checked_sub(1);
        }
        self.fault.bend_answer(&mut answer, &mut state.memory, &self.server);
        drop(state);
        if self.fault.is_about_rights() {
            // Here it is the server that is wrong: what it would have sent counts.
            self.watch(token, &answer);
        }
        Ok(answer)
    }
}

fn refused(refusal: Refusal) -> TransportError {
    let status = match refusal.code {
        ProblemCode::TokenUnknown | ProblemCode::DeviceRevoked => 401,
        ProblemCode::CodeWrong | ProblemCode::CodeExpired | ProblemCode::CodeUsed => 403,
        ProblemCode::TooManyTries => 429,
        ProblemCode::NotFound => 404,
        ProblemCode::TooLarge => 413,
        ProblemCode::TooOld => 426,
        ProblemCode::Malformed => 400,
        ProblemCode::Unavailable | ProblemCode::Other => 503,
    };
    let problem = Problem { code: refusal.code, detail: String::new() };
    TransportError::Refused { status, problem, retry_after: None }
}

impl Transport for Wire {
    fn enrol(&self, request: &EnrolRequest, _: &Patience) -> Result<EnrolResponse, TransportError> {
        self.server.engine().enrol(request).map_err(refused)
    }

    fn sync(&self, token: &Token, request: &SyncRequest, _: &Patience) -> Result<SyncResponse, TransportError> {
        let mut answer = self.exchange(token.reveal(), request)?;
        if self.fault == Fault::AnsweredBeforeDurable {
            // The wire kept the commands to itself, and says that they were taken.
            let head = oracle::head(&self.server).seq;
            for command in &request.commands {
                let id: serde_json::Value = serde_json::from_str(command.get()).expect("a command is JSON");
                let id = id["id"].as_str().and_then(|id| id.parse().ok()).expect("with an id");
                answer.outcomes.push(CommandOutcome { id, outcome: Outcome::Accepted { seq: head } });
            }
        }
        Ok(answer)
    }

    fn devices(&self, token: &Token, _: &Patience) -> Result<DeviceList, TransportError> {
        let engine = self.server.engine();
        let session = engine.authenticate(token.reveal()).map_err(refused)?;
        engine.devices(&session).map_err(refused)
    }

    fn revoke_device(&self, token: &Token, device: DeviceId, _: &Patience) -> Result<(), TransportError> {
        let engine = self.server.engine();
        let session = engine.authenticate(token.reveal()).map_err(refused)?;
        engine.revoke_device(&session, device).map_err(refused)
    }

    fn make_code(&self, token: &Token, request: &CodeRequest, _: &Patience) -> Result<CodeAnswer, TransportError> {
        let engine = self.server.engine();
        let session = engine.authenticate(token.reveal()).map_err(refused)?;
        engine.hand_code(&session, request).map_err(refused)
    }

    fn listen(&self, _: &Token, _: &Ticket, _: &mut dyn FnMut(Heard) -> ControlFlow<()>) -> Result<(), TransportError> {
        Err(TransportError::Offline)
    }
}
