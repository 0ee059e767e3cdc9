//! What a phone should hold, by brute force: every row there is, through the access table, with no cursor, no cache, no
//! subscription row and no number.

use super::server::Server;
use crate::village;
use chrono::{DateTime, Utc};
use skolebro_core::domain::{
    access,
    ids::{CommandId, DeviceId, PersonId},
    roster::Roster,
    scope::Scope,
    time::local_date,
};
use skolebro_server::store::{self, LoggedCommand, Store, StoredRow};
use std::collections::{BTreeMap, BTreeSet};

/// (scope, id) → document.
pub type Holding = BTreeMap<(String, String), String>;

pub fn rows(store: &dyn Store) -> Vec<StoredRow> {
    store::read(store, |reading| {
        let mut rows = Vec::new();
        reading.rows_by_sequence(village::school(), 0, u64::MAX >> 1, &mut |row| {
            rows.push(row);
            true
        })?;
        Ok(rows)
    })
    .unwrap()
}

pub fn roster(store: &dyn Store) -> Roster {
    let mut roster = Roster::default();
    store
        .read(&mut |reading| {
            roster = Roster::default();
            reading.roster(village::school(), &mut |stored| roster.put(&stored.entry))
        })
        .unwrap();
    roster
}

/// The scopes that a device reads at this moment.
pub fn readable(store: &dyn Store, person: PersonId, device: DeviceId, now: DateTime<Utc>) -> BTreeSet<Scope> {
    let roster = roster(store);
    let today = local_date(roster.time_zone(), now);
    let assurance = store::read(store, |reading| reading.assurance(village::school(), device)).unwrap();
    let strong = assurance.is_some_and(|assurance| assurance.is_strong(now));
    access::subscriptions(&roster, person, today)
        .0
        .into_iter()
        .filter(|(_, until)| until.is_none_or(|until| now < until))
        .map(|(scope, _)| scope)
        .filter(|scope| strong || !scope.topic.is_sensitive())
        .collect()
}

pub fn expected(server: &Server, person: PersonId, device: DeviceId) -> Holding {
    let engine = server.engine();
    let store = engine.store().as_ref();
    let scopes = readable(store, person, device, server.now());
    rows(store)
        .into_iter()
        .filter(|row| scopes.contains(&row.scope))
        .filter_map(|row| Some(((row.scope.to_string(), row.id.to_string()), row.body?.into())))
        .collect()
}

pub fn logged(server: &Server, command: CommandId) -> Option<LoggedCommand> {
    let engine = server.engine();
    store::read(engine.store().as_ref(), |reading| reading.command(village::school(), command)).unwrap()
}

pub fn head(server: &Server) -> store::Head {
    let engine = server.engine();
    store::read(engine.store().as_ref(), |reading| reading.head(village::school())).unwrap()
}
