//! The protocol's types as JSON schemas (2020-12). Objects are open: a newer server adds fields, and phones skip them.

use crate::engine::{Limits, SCOPE_MAX, TYPED_MAX};
use serde_json::{Value, json};
use skolebro_core::{
    domain::{command::CommandKind, record::RecordKind, rejection::Rejection},
    protocol::OLDEST_PROTOCOL,
};

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn list(name: &str) -> Value {
    json!({ "type": "array", "items": reference(name) })
}

fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

fn instant() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn number() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX })
}

fn protocol() -> Value {
    json!({ "type": "integer", "minimum": OLDEST_PROTOCOL, "maximum": u16::MAX })
}

fn typed(most: usize) -> Value {
    json!({ "type": "string", "maxLength": most })
}

/// What a phone may leave out or give as null.
fn or_null(mut schema: Value) -> Value {
    if schema.get("$ref").is_some() {
        return json!({ "oneOf": [schema, { "type": "null" }] });
    }
    schema["type"] = json!([schema["type"], "null"]);
    schema
}

fn at_most(most: usize, mut list: Value) -> Value {
    list["maxItems"] = json!(most);
    list
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

pub fn all() -> Value {
    let limits = Limits::default();
    json!({
        "SyncRequest": object(&["protocol", "school"], json!({
            "protocol": protocol(), "school": uuid(), "epoch": or_null(uuid()), "cursor": number(),
            "continuation": or_null(reference("Continuation")),
            "commands": at_most(limits.commands_per_request, list("Command")),
            "limit": or_null(json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })),
        })),
        "Continuation": object(&["head", "after"], json!({
            "head": number(), "scope": or_null(typed(SCOPE_MAX)), "after": number(),
        })),
        "SyncResponse": object(&["protocol", "server_time", "epoch", "schools", "outcomes", "pull"], json!({
            "protocol": protocol(), "server_time": instant(), "epoch": uuid(),
            "schools": { "type": "array", "items": uuid() },
            "outcomes": at_most(limits.commands_per_request, list("CommandOutcome")), "pull": reference("Pull"),
        })),
        "Command": command(),
        "CommandOutcome": object(&["id", "outcome"], json!({ "id": uuid(), "outcome": reference("Outcome") })),
        "Outcome": { "oneOf": [
            object(&["accepted"], json!({ "accepted": object(&["seq"], json!({ "seq": number() })) })),
            object(&["rejected"], json!({ "rejected": reference("Rejection") })),
            object(&["not_now"], json!({ "not_now": text() })),
        ] },
        "Rejection": object(&["code"], json!({ "code": {
            "type": "string", "examples": Rejection::CODES,
            "description": "Stable; a newer server may have more. The other fields are the code's own.",
        } })),
        "Pull": { "oneOf": [
            object(&["page"], json!({ "page": reference("Page") })),
            { "const": "reset_required" },
        ] },
        "Page": object(&["cursor"], json!({
            "cursor": number(), "more": reference("Continuation"), "behind": { "type": "boolean" }, "reset": list("Granted"),
            "revoked": { "type": "array", "items": text() }, "rows": at_most(limits.rows_per_page, list("Row")),
        })),
        "Granted": object(&["scope"], json!({ "scope": text(), "until": instant() })),
        "Row": object(&["scope", "id", "seq", "kind"], json!({
            "scope": text(), "id": uuid(), "seq": number(),
            "kind": { "type": "string", "examples": record_kinds() },
            "pupil": uuid(), "day": { "type": "string", "format": "date" },
            "body": { "type": "object", "description": "The document; none: gone from this scope." },
        })),
        "EnrolRequest": object(&["protocol", "code", "device_name"], json!({
            "protocol": protocol(), "code": typed(TYPED_MAX), "device_name": typed(TYPED_MAX),
        })),
        "EnrolResponse": object(&["token", "device", "person", "schools", "epoch", "server_time"], json!({
            "token": text(), "device": uuid(), "person": uuid(),
            "language": { "type": ["string", "null"] },
            "schools": { "type": "array", "items": uuid() }, "epoch": uuid(), "server_time": instant(),
        })),
        "CodeRequest": object(&["school", "person"], json!({ "school": uuid(), "person": uuid() })),
        "CodeAnswer": { "oneOf": [
            object(&["answer", "code", "until"], json!({
                "answer": { "const": "made" }, "code": text(), "until": instant(),
            })),
            object(&["answer", "why"], json!({ "answer": { "const": "refused" }, "why": {
                "type": "string",
                "enum": ["not_yours", "oneself", "leader", "own_child", "first_by_letter"],
            } })),
        ] },
        "DeviceList": object(&["devices"], json!({ "devices": list("DeviceEntry") })),
        "DeviceEntry": object(&["device", "name", "enrolled_at", "this"], json!({
            "device": uuid(), "name": text(), "enrolled_at": instant(), "last_seen": instant(), "revoked_at": instant(),
            "this": { "type": "boolean" },
        })),
        "Problem": object(&["code", "detail"], json!({
            "code": { "type": "string", "description": "Stable; a newer server may have more." },
            "detail": { "type": "string", "description": "In English, for the one who reads logs." },
        })),
    })
}

/// The envelope. What each kind carries besides is docs/protocol.md's; the server decodes commands one by one.
fn command() -> Value {
    let kinds: Vec<&str> = CommandKind::ALL.iter().map(|kind| kind.as_str()).collect();
    object(
        &["id", "school", "capacity", "device_time", "body"],
        json!({
            "id": { "type": "string", "format": "uuid", "description": "UUIDv7." },
            "school": uuid(),
            "capacity": { "oneOf": [
                { "const": "home" },
                object(&["staff"], json!({ "staff": text() })),
            ] },
            "device_time": instant(), "depends_on": or_null(uuid()),
            "body": object(&["do"], json!({ "do": { "type": "string", "examples": kinds } })),
        }),
    )
}

fn record_kinds() -> Vec<&'static str> {
    RecordKind::ALL.iter().map(|kind| kind.as_str()).collect()
}
