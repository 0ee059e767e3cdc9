//! What a phone does with the answers, and nothing more: it keeps rows by (scope, id), the cursor and the continuation.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use skolebro_core::{
    domain::{
        command::Command,
        ids::{CommandId, RecordId, SchoolId},
        record::{Body, RecordKind},
    },
    protocol::{Continuation, Outcome, PROTOCOL, Page, Pull, Row, SyncRequest, SyncResponse},
};
use skolebro_server::engine::{Engine, Refusal, Session};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

pub struct Phone {
    pub engine: Arc<Engine>,
    pub session: Session,
    pub school: SchoolId,
    pub cursor: u64,
    pub continuation: Option<Continuation>,
    pub epoch: Option<Uuid>,
    pub limit: Option<u32>,
    pub rows: BTreeMap<(String, RecordId), Row>,
    /// When a scope ends by itself, as it was told.
    pub until: BTreeMap<String, DateTime<Utc>>,
}

pub fn raw(command: &Command) -> Box<RawValue> {
    serde_json::value::to_raw_value(command).unwrap()
}

pub fn raw_value(command: &serde_json::Value) -> Box<RawValue> {
    serde_json::value::to_raw_value(command).unwrap()
}

pub fn text(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

impl Phone {
    pub fn new(engine: Arc<Engine>, school: SchoolId, session: Session) -> Self {
        let (rows, until) = (BTreeMap::new(), BTreeMap::new());
        Self { engine, session, school, cursor: 0, continuation: None, epoch: None, limit: None, rows, until }
    }

    pub fn request(&self, commands: Vec<Box<RawValue>>) -> SyncRequest {
        SyncRequest {
            protocol: PROTOCOL,
            school: self.school,
            epoch: self.epoch,
            cursor: self.cursor,
            continuation: self.continuation.clone(),
            commands,
            limit: self.limit,
        }
    }

    pub fn ask(&self, commands: Vec<Box<RawValue>>) -> Result<SyncResponse, Refusal> {
        let reply = self.engine.sync_blocking(&self.session, self.request(commands))?;
        Ok(reply.parse().unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&reply.json))))
    }

    /// Applies an answer to what was asked just now; whether the pull is complete.
    pub fn apply(&mut self, response: &SyncResponse) -> bool {
        self.epoch = Some(response.epoch);
        let page = match &response.pull {
            Pull::Page(page) => page,
            Pull::ResetRequired => {
                self.start_over();
                return false;
            }
        };
        for scope in page.reset.iter().map(|granted| &granted.scope).chain(&page.revoked) {
            self.rows.retain(|(held, _), _| held != scope);
            self.until.remove(scope);
        }
        for granted in &page.reset {
            self.until.extend(granted.until.map(|until| (granted.scope.clone(), until)));
        }
        for row in &page.rows {
            let key = (row.scope.clone(), row.id);
            match row.body {
                Some(_) => self.rows.insert(key, row.clone()),
                None => self.rows.remove(&key),
            };
        }
        self.continuation.clone_from(&page.more);
        if page.more.is_none() {
            self.cursor = page.cursor;
        }
        page.more.is_none() && !page.behind
    }

    /// Drops what has ended by itself, as a phone does also with no network.
    pub fn honour_ends(&mut self, now: DateTime<Utc>) {
        let until = &self.until;
        self.rows.retain(|(scope, _), _| until.get(scope).is_none_or(|until| now < *until));
    }

    pub fn start_over(&mut self) {
        self.rows.clear();
        self.until.clear();
        self.cursor = 0;
        self.continuation = None;
    }

    /// One round trip, applied.
    pub fn sync(&mut self, commands: Vec<Box<RawValue>>) -> SyncResponse {
        let response = self.ask(commands).unwrap();
        self.apply(&response);
        response
    }

    /// One page, applied.
    pub fn page(&mut self) -> Page {
        match self.sync(Vec::new()).pull {
            Pull::Page(page) => page,
            Pull::ResetRequired => panic!("a page was expected"),
        }
    }

    /// Until there is no more; how many pages it took.
    pub fn pull(&mut self) -> usize {
        for pages in 1..1000 {
            let response = self.ask(Vec::new()).unwrap();
            if self.apply(&response) {
                return pages;
            }
        }
        panic!("the pull does not end");
    }

    /// Sends one command and pulls whole; what became of it.
    pub fn send(&mut self, command: &Command) -> Outcome {
        let response = self.sync(vec![raw(command)]);
        self.pull();
        outcome(&response, command.id)
    }

    pub fn of_kind(&self, kind: RecordKind) -> Vec<Body> {
        let rows = self.rows.values().filter(|row| row.kind == kind.as_str());
        rows.map(|row| Body::from_json(kind, row.body.as_ref().unwrap().get()).unwrap()).collect()
    }

    pub fn scopes(&self) -> Vec<&str> {
        let mut scopes: Vec<&str> = self.rows.keys().map(|(scope, _)| scope.as_str()).collect();
        scopes.dedup();
        scopes
    }

    /// What is held, without the numbers' history: comparable between phones.
    pub fn held(&self) -> Vec<(String, RecordId, u64, String)> {
        let rows = self.rows.values();
        rows.map(|row| (row.scope.clone(), row.id, row.seq, row.body.as_ref().unwrap().get().to_owned())).collect()
    }
}

pub fn outcome(response: &SyncResponse, id: CommandId) -> Outcome {
    let found = response.outcomes.iter().find(|outcome| outcome.id == id);
    found.unwrap_or_else(|| panic!("no outcome for {id}")).outcome.clone()
}
