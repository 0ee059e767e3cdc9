//! Light phones: a token, a cursor and a child each. They send real commands through the real protocol, and keep nothing.

use super::wire::{Connection, LightAnswer, LightPull};
use chrono::{DateTime, NaiveDate, Utc};
use skolebro_core::{
    domain::{
        attendance::AbsenceKind,
        command::{Capacity, Command, CommandBody},
        ids::{CommandId, PersonId, SchoolId},
    },
    protocol::{Continuation, PROTOCOL, SyncRequest},
};
use std::{io, sync::Arc};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct LightPhone {
    pub token: String,
    pub person: PersonId,
    pub school: SchoolId,
    pub pupil: PersonId,
    /// Days in session from today on, as far ahead as the rules take reports.
    pub days: Arc<[NaiveDate]>,
    pub epoch: Option<Uuid>,
    pub cursor: u64,
}

impl LightPhone {
    pub fn new(token: String, person: PersonId, school: SchoolId, pupil: PersonId, days: Arc<[NaiveDate]>) -> Self {
        Self { token, person, school, pupil, days, epoch: None, cursor: 0 }
    }

    /// A day to be reported for, another each time, over and over: families report once a day, and a record that is told
    /// a hundred times measures nothing but itself.
    pub fn day(&self, number: usize) -> NaiveDate {
        self.days[number % self.days.len()]
    }

    pub fn request(&self, continuation: Option<Continuation>, commands: &[Command]) -> Vec<u8> {
        let commands = commands.iter().filter_map(|command| serde_json::value::to_raw_value(command).ok()).collect();
        let request = SyncRequest {
            protocol: PROTOCOL,
            school: self.school,
            epoch: self.epoch,
            cursor: self.cursor,
            continuation,
            commands,
            limit: None,
        };
        serde_json::to_vec(&request).unwrap_or_default()
    }

    /// The child is sick from one day to another.
    pub fn sick(&self, now: DateTime<Utc>, from: NaiveDate, to: NaiveDate) -> Command {
        Command {
            id: CommandId::new(),
            school: self.school,
            capacity: Capacity::Home,
            device_time: now,
            depends_on: None,
            body: CommandBody::ReportAbsence {
                pupils: vec![self.pupil],
                kind: AbsenceKind::Sick,
                from,
                to,
                part: None,
                note: None,
                on_behalf_of: None,
                phoned_at: None,
            },
        }
    }

    /// One whole sync: the commands up, and every page down. Gives the rows received.
    pub async fn sync(&mut self, connection: &mut Connection, commands: &[Command]) -> io::Result<usize> {
        let mut rows = 0;
        let mut continuation = None;
        let mut up = commands;
        loop {
            let body = self.request(continuation.take(), up);
            let answer = connection.post("/v1/sync", &self.token, &body).await?;
            let answer: LightAnswer = serde_json::from_slice(answer).map_err(io::Error::other)?;
            if answer.outcomes.len() != up.len()
                || answer.outcomes.iter().any(|o| o["outcome"].get("accepted").is_none())
            {
                return Err(io::Error::other(format!("not accepted: {:?}", answer.outcomes)));
            }
            up = &[];
            self.epoch = Some(answer.epoch);
            match answer.pull {
                LightPull::ResetRequired => self.cursor = 0,
                LightPull::Page(page) => {
                    rows += page.rows.len();
                    match page.more {
                        Some(more) => continuation = Some(more),
                        None => {
                            self.cursor = page.cursor;
                            return Ok(rows);
                        }
                    }
                }
            }
        }
    }
}
