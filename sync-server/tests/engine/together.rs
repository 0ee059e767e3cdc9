//! Many at once, through the writer's thread and its shared commits; on a disk and in memory.

use crate::{
    phone::{Phone, outcome, raw},
    town::{Town, config},
};
use skolebro_core::{domain::scope::Topic, protocol::Outcome};
use skolebro_server::{
    engine::{Engine, EngineConfig, Limits, WriterMode},
    store::{
        self, Store,
        sqlite::{SqliteOptions, SqliteStore},
    },
};
use std::{sync::Arc, thread};

fn threaded(limits: Limits) -> EngineConfig {
    EngineConfig { writer: WriterMode::Thread, ..config(limits) }
}

fn crowd(store: Arc<dyn Store>, limits: &Limits) {
    let mut town = Town::on(store.clone(), limits.clone());
    let sessions: Vec<_> = ["Amal", "Amal", "Erik", "Sanna", "Olle", "Petra"].map(|name| town.session(name)).into();
    town.engine = Engine::open(store.clone(), town.clock.clone(), threaded(limits.clone())).unwrap();
    let topics = [Topic::Attendance, Topic::Leave, Topic::Book, Topic::Info];
    let mut phones: Vec<Phone> =
        sessions.into_iter().map(|session| Phone::new(town.engine.clone(), town.school, session)).collect();
    let mut sent = Vec::new();
    thread::scope(|scope| {
        let mut waiting = Vec::new();
        for (number, phone) in phones.iter_mut().enumerate() {
            let town = &town;
            waiting.push(scope.spawn(move || {
                let mut sent = Vec::new();
                for round in 0..20 {
                    let guardian = number < 3;
                    let command = town.delegates(&topics[..1 + (round + number) % 3]);
                    let response = phone.sync(vec![raw(&command)]);
                    let settled = outcome(&response, command.id);
                    assert_eq!(matches!(settled, Outcome::Accepted { .. }), guardian, "{settled:?}");
                    // Lost on the way, and asked for again.
                    assert_eq!(outcome(&phone.sync(vec![raw(&command)]), command.id), settled);
                    sent.push(command.id);
                }
                sent
            }));
        }
        for phone in waiting {
            sent.extend(phone.join().unwrap());
        }
    });
    for id in sent {
        assert!(store::read(&*store, |reading| reading.command(town.school, id)).unwrap().is_some());
    }
    let fresh = Engine::open(store, town.clock.clone(), config(Limits::default())).unwrap();
    for mut phone in phones {
        phone.pull();
        let mut other = Phone::new(fresh.clone(), town.school, phone.session);
        other.pull();
        assert_eq!(phone.held(), other.held());
        assert_eq!(phone.cursor, other.cursor);
    }
}

#[test]
fn a_crowd_settles_in_memory() {
    for limits in [Limits::default(), Limits { commands_per_sync: 9, ..Limits::tiny(2) }] {
        crowd(Arc::new(SqliteStore::temporary().unwrap()), &limits);
    }
}

#[test]
fn a_crowd_settles_on_a_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path(), SqliteOptions::default()).unwrap();
    crowd(Arc::new(store), &Limits::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_wait_for_their_commit_without_a_thread_each() {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::temporary().unwrap());
    let mut town = Town::on(store.clone(), Limits::default());
    let sessions: Vec<_> = ["Amal", "Erik"].map(|name| town.session(name)).into();
    town.engine = Engine::open(store, town.clock.clone(), threaded(Limits::default())).unwrap();
    let mut waiting = Vec::new();
    for number in 0..100 {
        let phone = Phone::new(town.engine.clone(), town.school, sessions[number % 2]);
        let command = town.delegates(&[Topic::Attendance]);
        waiting.push(tokio::spawn(async move {
            let request = phone.request(vec![raw(&command)]);
            let reply = phone.engine.sync(&phone.session, request).await.unwrap();
            outcome(&reply.parse().unwrap(), command.id)
        }));
    }
    for answered in waiting {
        assert!(matches!(answered.await.unwrap(), Outcome::Accepted { .. }));
    }
}
