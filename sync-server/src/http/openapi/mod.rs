//! `GET /v1/openapi.json`: the description that other organisers' developers and tools read. Written by hand beside the
//! protocol's types, because core knows nothing of OpenAPI; a test holds every route, status and real answer against it.

mod schemas;

use super::refusal::status_of;
use serde_json::{Map, Value, json};
use skolebro_core::protocol::ProblemCode;
use std::{collections::BTreeMap, sync::LazyLock};

/// The document as it is served.
pub static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// OpenAPI 3.1.
pub fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Skolebro",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What travels between a phone and its school. docs/protocol.md tells the whole exchange. What is no \
                            HTTP at all is answered 400, and headers without end 431, without a body.",
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "paths": paths(),
        "components": {
            "schemas": schemas::all(),
            "securitySchemes": { "device": {
                "type": "http", "scheme": "bearer",
                "description": "The token that POST /v1/enrol gave. Opaque; one per phone.",
            } },
        },
    })
}

fn paths() -> Value {
    use ProblemCode as P;
    let signed_in = [P::TokenUnknown, P::DeviceRevoked, P::TooManyTries, P::Unavailable];
    let with_body = [P::Malformed, P::TooLarge, P::TooOld];
    json!({
        "/v1/sync": { "post": operation(
            "sync", "Sends the queue's next commands up and brings one page of what is new down.",
            Some("SyncRequest"), answer("SyncResponse", "An outcome for each command, and a page."),
            &[&signed_in[..], &with_body].concat(), Auth::Device,
        ) },
        "/v1/events": { "get": operation(
            "events", "Holds a stream open that pokes the phone when something changed. It carries no content.",
            None, stream(), &signed_in, Auth::Device,
        ) },
        "/v1/enrol": { "post": operation(
            "enrol", "Makes a one-time code into a device token.",
            Some("EnrolRequest"), answer("EnrolResponse", "The token, shown this once."),
            &[&with_body[..], &[P::CodeWrong, P::CodeExpired, P::CodeUsed, P::TooManyTries, P::Unavailable]].concat(),
            Auth::None,
        ) },
        "/v1/codes": { "post": operation(
            "makeCode", "Staff make a code for somebody's next phone. It is told this once, and kept nowhere.",
            Some("CodeRequest"), answer("CodeAnswer", "The code, or why none is made."),
            &[&signed_in[..], &[P::Malformed, P::TooLarge]].concat(), Auth::Device,
        ) },
        "/v1/devices": { "get": operation(
            "devices", "Lists the person's own phones.",
            None, answer("DeviceList", "The phones, revoked ones included."), &signed_in, Auth::Device,
        ) },
        "/v1/devices/{device}": { "delete": with_parameter(operation(
            "revokeDevice", "Revokes one of the person's own phones: it wipes itself at its next contact.",
            None, done(), &[&signed_in[..], &[P::NotFound]].concat(), Auth::Device,
        )) },
        "/v1/health": { "get": operation("health", "The process is alive.", None, plain(), &[], Auth::None) },
        "/v1/ready": { "get": operation(
            "ready", "The store is open and answers.", None, plain(), &[P::Unavailable], Auth::None,
        ) },
        "/metrics": { "get": operation(
            "metrics", "OpenMetrics text. Keep it inside: the reverse proxy should not pass it on.",
            None, metrics(), &[], Auth::None,
        ) },
        "/v1/openapi.json": { "get": operation(
            "openapi", "This document.", None, any_json(), &[], Auth::None,
        ) },
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Auth {
    Device,
    None,
}

type Answer = (&'static str, Value);

fn operation(
    id: &str,
    summary: &str,
    request: Option<&str>,
    (status, answer): Answer,
    problems: &[ProblemCode],
    auth: Auth,
) -> Value {
    let mut responses = Map::new();
    responses.insert(status.to_owned(), answer);
    // What a request meets before its route: a Host that is none, and a server that has no room or no time.
    responses.extend(refusals(&[problems, &[ProblemCode::Malformed, ProblemCode::Unavailable]].concat()));
    let mut operation = json!({ "operationId": id, "summary": summary, "responses": responses });
    if let Some(schema) = request {
        operation["requestBody"] = json!({ "required": true, "content": content(schema) });
    }
    if auth == Auth::Device {
        operation["security"] = json!([{ "device": [] }]);
    }
    operation
}

fn with_parameter(mut operation: Value) -> Value {
    operation["parameters"] = json!([{
        "name": "device", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" },
    }]);
    operation
}

fn content(schema: &str) -> Value {
    json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } })
}

fn answer(schema: &str, description: &str) -> Answer {
    ("200", json!({ "description": description, "content": content(schema) }))
}

fn plain() -> Answer {
    ("200", json!({ "description": "ok", "content": { "text/plain": { "schema": { "type": "string" } } } }))
}

fn metrics() -> Answer {
    let schema = json!({ "schema": { "type": "string" } });
    ("200", json!({ "description": "Metrics", "content": { "application/openmetrics-text": schema } }))
}

fn any_json() -> Answer {
    (
        "200",
        json!({ "description": "OpenAPI 3.1", "content": { "application/json": { "schema": { "type": "object" } } } }),
    )
}

fn stream() -> Answer {
    let schema = json!({ "schema": { "type": "string" } });
    let description = "Events named `poke`, comment lines as heartbeats, and `revoked` before the end where the phone was \
                       revoked. The first poke comes at once, so that nothing is missed between two streams.";
    ("200", json!({ "description": description, "content": { "text/event-stream": schema } }))
}

fn done() -> Answer {
    ("204", json!({ "description": "It is revoked; also where it was already." }))
}

/// One response for each status, naming the codes that may stand in it. 429 and 503 carry Retry-After.
fn refusals(problems: &[ProblemCode]) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for problem in problems {
        let codes = by_status.entry(status_of(*problem).as_u16()).or_default();
        let code = name(*problem);
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let refusal = |(status, codes): (u16, Vec<String>)| {
        let mut response = json!({
            "description": codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", "),
            "content": { "application/json": { "schema": { "allOf": [
                { "$ref": "#/components/schemas/Problem" },
                { "properties": { "code": { "enum": codes } } },
            ] } } },
        });
        if status == 429 || status == 503 {
            response["headers"] = json!({ "Retry-After": { "schema": { "type": "integer", "minimum": 1 } } });
        }
        (status.to_string(), response)
    };
    by_status.into_iter().map(refusal).collect()
}

/// As it is on the wire.
fn name(code: ProblemCode) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
