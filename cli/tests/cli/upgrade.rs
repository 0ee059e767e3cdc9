//! A school with data meets this version: what an earlier release wrote is opened, and nothing of it is lost.

use crate::harness::{Ran, Terminal};
use serde_json::{Value, json};
use skolebro_core::{domain::ids::DeviceId, protocol::SyncResponse};
use skolebro_server::operate::{
    alone::Alone,
    answer::{Answer, People},
    order::{Order, School},
};
use skolebro_tests::{
    earlier::{Earlier, LEFT_AT},
    raw::Raw,
    town::Town,
    village::at,
};
use std::{collections::BTreeMap, fs, sync::Arc};

/// A phone of the earlier release, on a copy, under this version.
fn phone(earlier: &Earlier, town: &Town, who: &str) -> Terminal {
    Terminal::on(&earlier.phone(who), town)
}

fn run(terminal: &Terminal, words: &[&str]) -> Ran {
    terminal.command(words).env("SKOLEBRO_TEST_NOW", LEFT_AT).output().unwrap().into()
}

#[test]
fn an_earlier_releases_phones_lose_nothing_that_was_said_on_them() {
    for earlier in Earlier::all() {
        let town = earlier.serve();
        let tora = phone(&earlier, &town, "tora");

        // Two things wait on Amal's phone; they are shown before anything is sent, and arrive.
        let amal = phone(&earlier, &town, "amal");
        let waiting = run(&amal, &["outbox"]).ends(0).says("On this phone only");
        assert_eq!(waiting.out.matches("On this phone only").count(), 2, "{}", waiting.out);
        run(&amal, &["online"]);
        run(&amal, &["sync"]).ends(0);
        run(&amal, &["outbox"]).ends(0).says("At the school").keeps_silent_of("On this phone only");
        run(&tora, &["roll", "4A", "--day", "tomorrow"]).ends(0).says("Tandläkaren ringer");

        // The refusal on Erik's is still in sight.
        let erik = phone(&earlier, &town, "erik");
        run(&erik, &["outbox"]).ends(0).says("11 January 2027").says("The school could not take it");

        // Ville has signed in on Nadia's phone. What she said there comes back with her.
        let kitchen = phone(&earlier, &town, "kitchen");
        run(&kitchen, &["outbox"]).keeps_silent_of("Noah");
        run(&tora, &["roll", "4A"]).ends(0).keeps_silent_of("Bussen är inställd");
        run(&kitchen, &["enrol", "--code", &earlier.code("Nadia Nur")]).ends(0);
        run(&kitchen, &["sync"]).ends(0);
        run(&tora, &["roll", "4A"]).ends(0).says("Bussen är inställd");
    }
}

#[test]
fn an_earlier_releases_server_keeps_its_history_and_its_codes() {
    for earlier in Earlier::all() {
        let mut town = earlier.serve();
        for round in ["first opened", "opened again"] {
            let olga = phone(&earlier, &town, "olga");
            let board = run(&olga, &["board", "4A", "--day", "2026-10-05"]).ends(0);
            let board = board.says("Noah Nur").says("08:31");
            assert!(board.out.contains("Liv Lindqvist"), "{round}: {}", board.out);
            town.stop();
            town.start();
        }
        let petra = Terminal::new();
        run(&petra, &["enrol", "--server", &town.url(), "--code", &earlier.code("Petra Palm")])
            .ends(0)
            .says("Petra Palm");
        run(&petra, &["board", "--day", "2026-10-05"]).ends(0);
    }
}

fn people(alone: &Alone) -> People {
    let order = Order::People(School { school: Some("Björkskolan".to_owned()) });
    match alone.carry_out(&order, &mut |_| {}).unwrap() {
        Answer::People(people) => people,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_earlier_releases_bars_hold_in_its_folder_and_in_its_backup() {
    for earlier in Earlier::all() {
        let clock = Arc::new(skolebro_core::clock::TestClock::at(at(LEFT_AT)));
        let restored = earlier.part("restored");
        skolebro_server::store::sqlite::restore(&earlier.part("backup"), &restored).unwrap();
        fs::create_dir_all(restored.join("keys")).unwrap();
        fs::copy(earlier.part("server/keys/codes.key"), restored.join("keys/codes.key")).unwrap();
        for data in [earlier.part("server"), restored] {
            let alone = Alone { data, keys: None, clock: clock.clone() };
            let barred = people(&alone).blocked;
            let about: Vec<(&str, &str)> =
                barred.iter().map(|line| (line.name.as_str(), line.pupil_name.as_str())).collect();
            // Bo's was in a file; Kim's only the operator's word.
            assert_eq!(about.len(), 2, "{about:?}");
            assert!(about.contains(&("Kim Kvist", "Noah Nur")), "{about:?}");
            assert!(about.iter().any(|(_, pupil)| *pupil == "Liv Lindqvist"), "{about:?}");
        }
    }
}

fn by_id(outcomes: &Value) -> BTreeMap<String, Value> {
    let outcomes = outcomes.as_array().map(Vec::as_slice).unwrap_or_default();
    outcomes.iter().map(|one| (one["id"].to_string(), one["outcome"].clone())).collect()
}

#[test]
fn what_an_earlier_releases_phone_said_is_answered_as_it_was() {
    for earlier in Earlier::all() {
        let town = earlier.serve();
        let kept: Value = serde_json::from_slice(&fs::read(earlier.phone("amal").join("token")).unwrap()).unwrap();
        let token = kept["token"].as_str().or_else(|| kept.as_str()).unwrap_or_else(|| panic!("{kept}"));
        let amal = Raw::new(&town.url(), token, DeviceId::new());
        for (request, answer) in earlier.syncs() {
            // The answer of then is still read, and a repeated request changes nothing.
            serde_json::from_value::<SyncResponse>(answer.clone()).unwrap();
            let sent = amal.request("POST", "/v1/sync").header("content-type", "application/json").body(request);
            let now: Value =
                serde_json::from_str(&sent.send().unwrap().error_for_status().unwrap().text().unwrap()).unwrap();
            assert_eq!(by_id(&now["outcomes"]), by_id(&answer["outcomes"]));
            assert_ne!(now["pull"], json!("reset_required"), "the cursor of then still counts");
        }
    }
}
