//! The served description against the routes and against what the handlers really answer.

use crate::{
    schema::{check, is_fitting},
    town::{Phone, Town, enrol, morning, outcomes, person, school, sick, today},
};
use reqwest::blocking::Response;
use serde_json::{Value, json, value::RawValue};
use skolebro_core::{
    domain::{
        access::NoCode,
        ids::{CommandId, DeviceId, RecordId},
        rejection::Rejection,
    },
    protocol::{
        CodeAnswer, CommandOutcome, Continuation, DeviceEntry, DeviceList, Granted, NotNow, Outcome, Page, Pull, Row,
        SyncResponse,
    },
};
use skolebro_server::http::{HttpLimits, Route, openapi_document};
use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    net::TcpStream,
};

#[test]
fn the_document_has_every_route_and_method_and_no_other() {
    let document = openapi_document();
    let told: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(|method| (path.clone(), method.to_uppercase())))
        .collect();
    let routed: BTreeSet<(String, String)> = Route::ALL
        .iter()
        .flat_map(|route| route.methods().iter().map(|method| (route.path().to_owned(), method.to_string())))
        .collect();
    assert_eq!(told, routed);
}

#[test]
fn the_router_takes_exactly_the_methods_that_the_list_says() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    for route in Route::ALL {
        let path = route.path().replace("{device}", "00000000-0000-7000-8000-000000000000");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let listed = route.methods().iter().any(|listed| listed.as_str() == method);
            let status = amal.ask(method, &path).send().unwrap().status();
            assert_eq!(status == 405, !listed, "{method} {path}: {status}");
        }
    }
}

#[test]
fn a_request_for_nobody_in_particular_gets_at_every_route_what_the_document_says() {
    let town = Town::open();
    let document = openapi_document();
    for route in Route::ALL {
        for method in route.methods() {
            let mut client = TcpStream::connect(town.running.server().address()).unwrap();
            let path = route.path().replace("{device}", "00000000-0000-7000-8000-000000000000");
            write!(client, "{method} {path} HTTP/1.1\r\nconnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            let status = head.split(' ').nth(1).unwrap();
            assert_eq!(status, "400", "{method} {path}");
            let told = &document["paths"][route.path()][method.as_str().to_lowercase()]["responses"][status];
            check(&document, &told["content"]["application/json"]["schema"], &serde_json::from_str(body).unwrap());
        }
    }
}

/// Every field that an answer may have, also those that a quiet morning never shows.
#[test]
fn no_field_of_the_protocol_is_missing_in_the_document() {
    let document = openapi_document();
    let (now, scope) = (morning(), "school/info/all".to_owned());
    let id = school().0;
    let more = Continuation { head: 9, scope: Some(scope.clone()), after: 1 };
    let row = Row {
        scope: scope.clone(),
        id: RecordId(id),
        seq: 1,
        kind: "school".to_owned(),
        pupil: Some(person("Liv")),
        day: Some(today()),
        body: Some(RawValue::from_string("{}".to_owned()).unwrap()),
    };
    let page = Page {
        cursor: 9,
        more: Some(more),
        behind: true,
        reset: vec![Granted { scope: scope.clone(), until: Some(now) }],
        revoked: vec![scope],
        rows: vec![row],
    };
    let outcome = |outcome| CommandOutcome { id: CommandId::new(), outcome };
    let answer = SyncResponse {
        protocol: 1,
        server_time: now,
        epoch: id,
        schools: vec![school()],
        outcomes: vec![
            outcome(Outcome::Accepted { seq: 1 }),
            outcome(Outcome::Rejected(Rejection::NotYours)),
            outcome(Outcome::NotNow(NotNow::Fault)),
        ],
        pull: Pull::Page(page),
    };
    let entry = DeviceEntry {
        device: DeviceId(id),
        name: "a phone".to_owned(),
        enrolled_at: now,
        last_seen: Some(now),
        revoked_at: Some(now),
        this: true,
    };
    let values = [
        ("SyncResponse", serde_json::to_value(answer).unwrap()),
        (
            "CodeAnswer",
            serde_json::to_value(CodeAnswer::Made { code: "4K7M-9QXT-2B8C".to_owned(), until: now }).unwrap(),
        ),
        ("CodeAnswer", serde_json::to_value(CodeAnswer::Refused { why: NoCode::Leader }).unwrap()),
        ("DeviceList", serde_json::to_value(DeviceList { devices: vec![entry] }).unwrap()),
    ];
    for (name, value) in values {
        check(&document, &document["components"]["schemas"][name], &value);
    }
}

/// Holds an answer against what the document says of its status.
fn told(document: &Value, path: &str, method: &str, answer: Response) -> u16 {
    let status = answer.status().as_u16();
    let operation = &document["paths"][path][method];
    let response = &operation["responses"][status.to_string()];
    assert!(response.is_object(), "{method} {path}: {status} is not in the document");
    for header in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
        assert!(answer.headers().contains_key(header.as_str()), "{method} {path}: {status} without {header}");
    }
    let Some(content) = response["content"].as_object() else {
        assert!(answer.text().unwrap().is_empty());
        return status;
    };
    let kind = answer.headers()["content-type"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let schema =
        &content.get(&kind).unwrap_or_else(|| panic!("{method} {path}: {kind} is not in the document"))["schema"];
    if kind == "application/json" {
        check(document, schema, &answer.json().unwrap());
    }
    status
}

#[test]
fn what_the_handlers_answer_is_what_the_document_says() {
    let town = Town::with(HttpLimits { enrol_per_minute: Some(7), body_bytes: 10_000, ..HttpLimits::default() });
    let (amal, gone) = (town.enrol("Amal"), town.enrol("Amal"));
    let document: Value = amal.ask("GET", "/v1/openapi.json").send().unwrap().json().unwrap();
    assert_eq!(document, openapi_document());
    let mut statuses = Vec::new();
    let mut tell =
        |path: &str, method: &str, answer| statuses.push((path.to_owned(), told(&document, path, method, answer)));

    let revoked = amal.ask("DELETE", &format!("/v1/devices/{}", gone.device)).send().unwrap();
    tell("/v1/devices/{device}", "delete", revoked);
    let unknown = amal.ask("DELETE", "/v1/devices/x").send().unwrap();
    tell("/v1/devices/{device}", "delete", unknown);
    for path in ["/v1/devices", "/v1/events", "/v1/openapi.json", "/v1/health", "/v1/ready", "/metrics"] {
        if path == "/v1/events" {
            // Its body has no end.
            assert_eq!(amal.ask("GET", path).send().unwrap().headers()["content-type"], "text/event-stream");
        } else {
            tell(path, "get", amal.ask("GET", path).send().unwrap());
        }
    }
    for path in ["/v1/devices", "/v1/events"] {
        tell(path, "get", gone.ask("GET", path).send().unwrap());
    }
    let sync = |phone: &Phone, body: Value| phone.ask("POST", "/v1/sync").json(&body).send().unwrap();
    let whole = |commands: Value| json!({ "protocol": 1, "school": school(), "commands": commands });
    let command = sick("Liv");
    check(&document, &document["components"]["schemas"]["SyncRequest"], &whole(json!([command])));
    let mut late = sick("Liv");
    late["body"]["from"] = json!("2001-01-01");
    tell("/v1/sync", "post", sync(&amal, whole(json!([command, late, { "id": "x" }]))));
    let other_epoch = json!({ "protocol": 1, "school": school(), "cursor": 1, "epoch": school() });
    tell("/v1/sync", "post", sync(&amal, other_epoch));
    let paged = json!({ "protocol": 1, "school": school(), "limit": 1 });
    tell("/v1/sync", "post", sync(&amal, paged));
    tell("/v1/sync", "post", sync(&amal, json!({})));
    tell("/v1/sync", "post", sync(&amal, json!({ "protocol": 0, "school": school() })));
    tell("/v1/sync", "post", sync(&amal, json!({ "x": " ".repeat(10_001) })));
    tell("/v1/sync", "post", sync(&gone, json!({})));
    let olle = town.enrol("Olle");
    let codes = |phone: &Phone, body: Value| phone.ask("POST", "/v1/codes").json(&body).send().unwrap();
    let wanted = |name: &str| json!({ "school": school(), "person": person(name) });
    let made = codes(&olle, wanted("Amal"));
    assert_eq!(made.headers()["cache-control"], "no-store");
    tell("/v1/codes", "post", made);
    tell("/v1/codes", "post", codes(&amal, wanted("Erik")));
    tell("/v1/codes", "post", codes(&olle, json!({ "school": 1 })));
    tell("/v1/codes", "post", codes(&olle, json!({ "x": " ".repeat(10_001) })));
    tell("/v1/codes", "post", codes(&gone, wanted("Amal")));
    let code = town.code("Erik");
    for code in [code.as_str(), code.as_str(), "AAAA-AAAA-AAAA", "x", "x"] {
        tell("/v1/enrol", "post", enrol(&town.url(), code));
    }
    let seen: BTreeSet<u16> = statuses.iter().map(|(_, status)| *status).collect();
    assert_eq!(seen, BTreeSet::from([200, 204, 400, 401, 403, 404, 413, 426, 429]), "{statuses:?}");
}

/// At each bound, on both sides of it: what the document allows is answered, and what it does not is refused.
#[test]
fn the_bounds_that_the_document_tells_are_those_that_hold() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    let document = openapi_document();
    let whole = json!({ "protocol": 1, "school": school() });
    let with = |fields: Value| {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    let long = |count: usize| "x".repeat(count);
    for (fields, status) in [
        (json!({}), 200),
        (json!({ "epoch": null, "continuation": null, "limit": null }), 200),
        (json!({ "cursor": null }), 400),
        (json!({ "commands": null }), 400),
        (json!({ "school": null }), 400),
        (json!({ "protocol": null }), 400),
        (json!({ "protocol": 0 }), 426),
        (json!({ "protocol": -1 }), 400),
        (json!({ "protocol": 65_535 }), 200),
        (json!({ "protocol": 65_536 }), 400),
        (json!({ "cursor": u64::MAX }), 200),
        (json!({ "cursor": -1 }), 400),
        (json!({ "limit": 0 }), 200),
        (json!({ "limit": u32::MAX }), 200),
        (json!({ "limit": u64::from(u32::MAX) + 1 }), 400),
        (json!({ "continuation": { "head": 1, "after": u64::MAX, "scope": long(200) } }), 200),
        (json!({ "continuation": { "head": 1, "after": 0, "scope": null } }), 200),
        (json!({ "continuation": { "head": 1, "after": 0, "scope": long(201) } }), 400),
        (json!({ "continuation": { "head": 1 } }), 400),
        (json!({ "commands": vec![sick("Ida"); 1_001] }), 413),
    ] {
        let body = with(fields);
        let schema = &document["components"]["schemas"]["SyncRequest"];
        assert_eq!(is_fitting(&document, schema, &body), status == 200, "the document about {body:.200}");
        let answer = amal.ask("POST", "/v1/sync").json(&body).send().unwrap();
        assert_eq!(answer.status(), status, "{body:.200}");
    }
    let mut leaned = sick("Liv");
    leaned["depends_on"] = json!(null);
    check(&document, &document["components"]["schemas"]["Command"], &leaned);
    assert!(outcomes(amal.sync(0, &[leaned]))[0].get("accepted").is_some());
    for (field, count, status) in
        [("code", 1_000, 403), ("code", 1_001, 400), ("device_name", 1_000, 403), ("device_name", 1_001, 400)]
    {
        let mut body = json!({ "protocol": 1, "code": "AAAA-AAAA-AAAA", "device_name": "a phone" });
        body[field] = json!(long(count));
        let schema = &document["components"]["schemas"]["EnrolRequest"];
        assert_eq!(is_fitting(&document, schema, &body), status == 403, "{field} {count}");
        let answer = reqwest::blocking::Client::new().post(format!("{}/v1/enrol", town.url())).json(&body).send();
        assert_eq!(answer.unwrap().status(), status, "{field} {count}");
    }
}
