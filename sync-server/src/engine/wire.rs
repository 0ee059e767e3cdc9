//! The answer to a sync as bytes, written by hand: stored documents go to the wire as they are, and are never parsed.

use super::pull::{Pulled, Sent};
use crate::store::StoredRow;
use chrono::{DateTime, Utc};
use skolebro_core::{
    domain::ids::{CommandId, SchoolId},
    protocol::SyncResponse,
};
use std::io::Write as _;
use uuid::Uuid;

/// A [`SyncResponse`], ready to send.
#[derive(Clone, Debug)]
pub struct SyncReply {
    pub json: Vec<u8>,
    /// What became of each command, for metrics.
    pub told: Vec<Told>,
    /// How many rows are in it.
    pub rows: usize,
}

/// What became of a command, in words of closed sets that name nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Told {
    /// [`skolebro_core::domain::command::CommandKind::as_str`], or `unknown`.
    pub kind: &'static str,
    /// `accepted`, a rejection's code, `not_now`, or `replayed`.
    pub outcome: &'static str,
}

impl SyncReply {
    /// For those who want it as a value: tests, the simulation.
    ///
    /// # Errors
    /// When what was written is not the protocol's shape, which is a defect.
    pub fn parse(&self) -> serde_json::Result<SyncResponse> {
        serde_json::from_slice(&self.json)
    }
}

/// A settled command.
#[derive(Clone)]
pub(super) struct Settled {
    pub id: CommandId,
    /// Its [`skolebro_core::protocol::Outcome`] as JSON.
    pub outcome: Box<str>,
    pub told: Told,
}

pub(super) struct Answer<'a> {
    pub protocol: u16,
    pub server_time: DateTime<Utc>,
    pub epoch: Uuid,
    pub schools: &'a [SchoolId],
    pub outcomes: &'a [Settled],
    pub pulled: &'a Pulled,
}

impl Answer<'_> {
    pub fn write(&self) -> SyncReply {
        let (rows, bytes): (usize, usize) = match self.pulled {
            Pulled::Page(page) => (page.rows.len(), page.rows.iter().map(Sent::size).sum()),
            Pulled::ResetRequired => (0, 0),
        };
        let mut out = Vec::with_capacity(512 + bytes + 80 * self.schools.len() + 160 * self.outcomes.len());
        put(&mut out, "{\"protocol\":");
        number(&mut out, u64::from(self.protocol));
        put(&mut out, ",\"server_time\":");
        time(&mut out, self.server_time);
        put(&mut out, ",\"epoch\":");
        id(&mut out, self.epoch);
        put(&mut out, ",\"schools\":[");
        separated(&mut out, self.schools, |out, school| id(out, school.0));
        put(&mut out, "],\"outcomes\":[");
        separated(&mut out, self.outcomes, |out, settled| {
            put(out, "{\"id\":");
            id(out, settled.id.0);
            put(out, ",\"outcome\":");
            put(out, &settled.outcome);
            put(out, "}");
        });
        put(&mut out, "],\"pull\":");
        match self.pulled {
            Pulled::ResetRequired => put(&mut out, "\"reset_required\""),
            Pulled::Page(page) => {
                put(&mut out, "{\"page\":{\"cursor\":");
                number(&mut out, page.cursor);
                if let Some(more) = &page.more {
                    put(&mut out, ",\"more\":{\"head\":");
                    number(&mut out, more.head);
                    if let Some(scope) = more.scope {
                        put(&mut out, ",\"scope\":");
                        text(&mut out, &scope);
                    }
                    put(&mut out, ",\"after\":");
                    number(&mut out, more.after);
                    put(&mut out, "}");
                }
                if page.behind {
                    put(&mut out, ",\"behind\":true");
                }
                if !page.reset.is_empty() {
                    put(&mut out, ",\"reset\":[");
                    separated(&mut out, &page.reset, |out, (scope, until)| {
                        put(out, "{\"scope\":");
                        text(out, scope);
                        if let Some(until) = until {
                            put(out, ",\"until\":");
                            time(out, *until);
                        }
                        put(out, "}");
                    });
                    put(&mut out, "]");
                }
                if !page.revoked.is_empty() {
                    put(&mut out, ",\"revoked\":[");
                    separated(&mut out, &page.revoked, |out, scope| text(out, scope));
                    put(&mut out, "]");
                }
                if !page.rows.is_empty() {
                    put(&mut out, ",\"rows\":[");
                    separated(&mut out, &page.rows, |out, sent| match sent {
                        Sent::Tail(row) => out.extend_from_slice(&row.json),
                        Sent::Stored(stored) => row(out, stored),
                    });
                    put(&mut out, "]");
                }
                put(&mut out, "}}");
            }
        }
        put(&mut out, "}");
        SyncReply { json: out, told: self.outcomes.iter().map(|settled| settled.told).collect(), rows }
    }
}

/// A [`skolebro_core::protocol::Row`].
pub(super) fn row(out: &mut Vec<u8>, row: &StoredRow) {
    put(out, "{\"scope\":");
    text(out, &row.scope);
    put(out, ",\"id\":");
    id(out, row.id.0);
    put(out, ",\"seq\":");
    number(out, row.seq);
    put(out, ",\"kind\":\"");
    put(out, row.kind.as_str());
    put(out, "\"");
    if let Some(pupil) = row.pupil {
        put(out, ",\"pupil\":");
        id(out, pupil.0);
    }
    if let Some(day) = row.day {
        put(out, ",\"day\":");
        text(out, &day);
    }
    if let Some(body) = &row.body {
        put(out, ",\"body\":");
        put(out, body);
    }
    put(out, "}");
}

fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

fn separated<T>(out: &mut Vec<u8>, items: &[T], mut each: impl FnMut(&mut Vec<u8>, &T)) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        each(out, item);
    }
}

fn number(out: &mut Vec<u8>, number: u64) {
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{number}");
}

fn id(out: &mut Vec<u8>, id: Uuid) {
    out.push(b'"');
    put(out, id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    out.push(b'"');
}

/// For what is written without any character that JSON escapes: scopes and dates.
fn text(out: &mut Vec<u8>, text: &dyn std::fmt::Display) {
    let _ = write!(out, "\"{text}\"");
}

fn time(out: &mut Vec<u8>, time: DateTime<Utc>) {
    text(out, &time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
}
