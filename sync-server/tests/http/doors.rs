//! Every door with the right key, no key, a wrong key, a revoked one, and another person's thing behind it.

use crate::town::{Town, enrol, order, outcomes, person, problem, sick};
use reqwest::blocking::Client;
use serde_json::{Value, json};

const SIGNED_IN: &[(&str, &str)] =
    &[("POST", "/v1/sync"), ("GET", "/v1/events"), ("GET", "/v1/devices"), ("DELETE", "/v1/devices/{own}")];

#[test]
fn without_a_token_nothing_opens() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    for (method, path) in SIGNED_IN {
        let url = format!("{}{}", town.url(), path.replace("{own}", &amal.device.to_string()));
        let ask = || Client::new().request(method.parse().unwrap(), &url).body("{}");
        for request in [
            ask(),
            ask().header("authorization", ""),
            ask().header("authorization", "Bearer"),
            ask().header("authorization", format!("Basic {}", amal.token)),
            ask().bearer_auth("x"),
            ask().bearer_auth(format!("{}x", amal.token)),
            ask().bearer_auth(&amal.token).header("authorization", "Bearer x"),
        ] {
            let answer = request.send().unwrap();
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            assert_eq!(problem(answer), (401, "token_unknown".to_owned()), "{method} {path}");
        }
    }
    // Her phone was not touched by any of it.
    assert_eq!(outcomes(amal.sync(0, &[sick("Liv")])).len(), 1);
}

#[test]
fn a_revoked_phone_is_told_so_at_every_door_and_the_other_goes_on() {
    let town = Town::open();
    let (lost, kept) = (town.enrol("Amal"), town.enrol("Amal"));
    let answer = kept.ask("DELETE", &format!("/v1/devices/{}", lost.device)).send().unwrap();
    assert_eq!(answer.status(), 204);
    for (method, path) in SIGNED_IN {
        let answer = lost.ask(method, &path.replace("{own}", &kept.device.to_string())).body("{}").send().unwrap();
        assert_eq!(problem(answer), (401, "device_revoked".to_owned()), "{method} {path}");
    }
    assert_eq!(outcomes(kept.sync(0, &[sick("Liv")])).len(), 1);
    let answer = kept.ask("DELETE", &format!("/v1/devices/{}", lost.device)).send().unwrap();
    assert_eq!(answer.status(), 204, "revoking twice is no error");
}

#[test]
fn a_persons_phones_are_listed_to_that_person_alone() {
    let town = Town::open();
    let (amal, erik) = (town.enrol("Amal"), town.enrol("Erik"));
    let list = |phone: &crate::town::Phone| -> Vec<Value> {
        let answer: Value = phone.ask("GET", "/v1/devices").send().unwrap().json().unwrap();
        answer["devices"].as_array().unwrap().clone()
    };
    assert_eq!(list(&amal).len(), 1);
    assert_eq!(list(&amal)[0]["device"], json!(amal.device));
    assert_eq!(list(&amal)[0]["this"], json!(true));
    // Erik knows the id of Amal's phone, and it is as if there were none.
    let answer = erik.ask("DELETE", &format!("/v1/devices/{}", amal.device)).send().unwrap();
    let nothing = erik.ask("DELETE", "/v1/devices/00000000-0000-7000-8000-000000000000").send().unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.text().unwrap(), nothing.text().unwrap());
    for strange in ["not-an-id", "%ff", "%00"] {
        let answer = erik.ask("DELETE", &format!("/v1/devices/{strange}")).send().unwrap();
        assert_eq!(problem(answer), (404, "not_found".to_owned()), "{strange}");
    }
    assert_eq!(list(&amal).len(), 1);
}

#[test]
fn a_code_opens_once_and_a_wrong_one_never() {
    let town = Town::open();
    let code = town.code("Amal");
    assert_eq!(problem(enrol(&town.url(), "AAAA-BBBB-CCCC")), (403, "code_wrong".to_owned()));
    let answer = enrol(&town.url(), &code.to_lowercase().replace('-', " "));
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let answer: Value = answer.json().unwrap();
    assert_eq!(answer["person"], json!(person("Amal")));
    assert_eq!(problem(enrol(&town.url(), &code)), (403, "code_used".to_owned()));
}

#[test]
fn a_code_that_lay_too_long_is_expired_and_guesses_end() {
    let town = Town::open();
    let (amals, eriks) = (town.code("Amal"), town.code("Erik"));
    // Erik's selector, with somebody's guesses.
    let mut guesses = eriks.clone();
    let last = if guesses.pop() == Some('0') { '1' } else { '0' };
    guesses.push(last);
    for _ in 0..5 {
        assert_eq!(problem(enrol(&town.url(), &guesses)), (403, "code_wrong".to_owned()));
    }
    let answer = enrol(&town.url(), &eriks);
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(problem(answer), (429, "too_many_tries".to_owned()), "the right secret comes too late");
    town.clock.advance(chrono::TimeDelta::days(60));
    assert_eq!(problem(enrol(&town.url(), &amals)), (403, "code_expired".to_owned()));
}

#[test]
fn pending_blocked_and_strangers_get_no_code() {
    let town = Town::open();
    let vera = town.codes(&["--person", &person("Vera").to_string()]);
    assert!(vera.letters.is_empty());
    assert_eq!(vera.left.len(), 1);
    let (nils, ida) = (person("Nils").to_string(), person("Ida").to_string());
    town.order(&["block", "--person", &nils, "--pupil", &ida]).unwrap();
    assert!(town.codes(&["--person", &nils]).letters.is_empty());
    assert!(order(town.folder.path(), &["codes", "--person", &person("Nobody").to_string()]).is_err());
    // Erik, Amal and nobody else of the group.
    assert_eq!(town.codes(&["--group", "4b"]).letters.len(), 2);
}

#[test]
fn what_is_not_there_is_not_found_and_a_wrong_method_is_told() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    assert_eq!(problem(amal.ask("GET", "/v1/nothing").send().unwrap()), (404, "not_found".to_owned()));
    assert_eq!(problem(amal.ask("GET", "/").send().unwrap()), (404, "not_found".to_owned()));
    assert_eq!(problem(amal.ask("GET", "/v1/devices/x/y").send().unwrap()), (404, "not_found".to_owned()));
    let answer = amal.ask("GET", "/v1/sync").send().unwrap();
    assert_eq!(answer.headers()["allow"], "POST");
    assert_eq!(problem(answer), (405, "malformed".to_owned()));
    assert_eq!(problem(amal.ask("PUT", "/v1/devices").send().unwrap()).0, 405);
}

#[test]
fn a_guardian_of_another_child_sees_and_does_nothing_of_livs() {
    let town = Town::open();
    let (nils, amal) = (town.enrol("Nils"), town.enrol("Amal"));
    let refused = &outcomes(nils.sync(0, &[sick("Liv")]))[0];
    assert_eq!(refused["rejected"]["code"], json!("not_yours"));
    assert!(outcomes(amal.sync(0, &[sick("Liv")]))[0].get("accepted").is_some());
    let (_, rows) = nils.pull();
    let text = serde_json::to_string(&rows).unwrap();
    assert!(!text.contains(&person("Liv").to_string()) && !text.contains("Haddad"));
    assert!(text.contains(&person("Ida").to_string()));
}
