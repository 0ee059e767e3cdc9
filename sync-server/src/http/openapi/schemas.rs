//! The protocol's types as JSON schemas (2020-12). Objects are open: a newer server adds fields, and phones skip them.

use serde_json::{Value, json};
use skolebro_core::domain::{command::CommandKind, record::RecordKind, rejection::Rejection};

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
    json!({ "type": "integer", "minimum": 0 })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

pub fn all() -> Value {
    json!({
        "SyncRequest": object(&["protocol", "school"], json!({
            "protocol": number(), "school": uuid(), "epoch": uuid(), "cursor": number(),
            "continuation": reference("Continuation"), "commands": list("Command"), "limit": number(),
        })),
        "Continuation": object(&["head", "after"], json!({ "head": number(), "scope": text(), "after": number() })),
        "SyncResponse": object(&["protocol", "server_time", "epoch", "schools", "outcomes", "pull"], json!({
            "protocol": number(), "server_time": instant(), "epoch": uuid(),
            "schools": { "type": "array", "items": uuid() },
            "outcomes": list("CommandOutcome"), "pull": reference("Pull"),
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
            "revoked": { "type": "array", "items": text() }, "rows": list("Row"),
        })),
        "Granted": object(&["scope"], json!({ "scope": text(), "until": instant() })),
        "Row": object(&["scope", "id", "seq", "kind"], json!({
            "scope": text(), "id": uuid(), "seq": number(),
            "kind": { "type": "string", "examples": record_kinds() },
            "pupil": uuid(), "day": { "type": "string", "format": "date" },
            "body": { "type": "object", "description": "The document; none: gone from this scope." },
        })),
        "EnrolRequest": object(&["protocol", "code", "device_name"], json!({
            "protocol": number(), "code": text(), "device_name": text(),
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
            "device_time": instant(), "depends_on": uuid(),
            "body": object(&["do"], json!({ "do": { "type": "string", "examples": kinds } })),
        }),
    )
}

fn record_kinds() -> Vec<&'static str> {
    RecordKind::ALL.iter().map(|kind| kind.as_str()).collect()
}
