//! The form of a story's file, so that a slip of the hand is no expectation that nobody looks at. For all languages: the
//! files are the same.

use serde_json::Value;

/// What any step may say.
const ANY: &[&str] = &["expect", "error", "within_ms", "until_ms", "background"];
/// The form of an absence, and what becomes of it.
const REPORT: &[&str] =
    &["children", "kind", "from", "to", "part", "note", "capacity", "if_advised", "everywhere", "depends_on", "as"];

/// What each verb of the host takes.
const HOST: &[(&str, &[&str])] = &[
    ("open", &["at"]),
    ("clock", &["to"]),
    ("stop", &[]),
    ("start", &[]),
    ("hang", &[]),
    ("hung", &["count"]),
    ("garble", &[]),
    ("busy", &[]),
    ("revoke", &["person"]),
    ("block", &["pupil", "adult"]),
    ("lift", &["pupil", "adult"]),
    ("club", &[]),
    ("grow", &["pupils"]),
    ("absences", &["pupils", "days", "from"]),
];

/// What each verb of a phone takes.
const PHONE: &[(&str, &[&str])] = &[
    ("open", &["folder", "language", "server", "timeout_ms", "secrets"]),
    ("close", &[]),
    ("drop", &[]),
    ("secrets", &["to"]),
    ("overwrite", &["file", "at", "bytes"]),
    ("holds", &["text"]),
    ("kept_aside", &[]),
    ("enrol", &["person", "code", "name"]),
    ("who", &[]),
    ("sign_out", &["unsent"]),
    ("suspend", &[]),
    ("resume", &[]),
    ("devices", &["cancellation"]),
    ("revoke_device", &["name"]),
    ("language", &["to"]),
    ("now", &[]),
    ("report", REPORT),
    ("advise", REPORT),
    ("capacities", REPORT),
    ("press", &["on", "does", "child", "label", "group", "day", "if_advised", "everywhere", "as"]),
    ("mend", &["item", "children", "kind", "from", "to", "part", "note", "if_advised", "as"]),
    ("resend", &["item", "as"]),
    ("dismiss", &["item"]),
    ("take_back", &["item"]),
    ("outbox", &["skip", "limit"]),
    ("today", &["school"]),
    ("child", &["child", "limit"]),
    ("roll", &["group", "day"]),
    ("inbox", &["limit"]),
    ("absences", &["from", "to", "limit"]),
    ("pages", &["from", "to", "limit"]),
    ("warnings", &[]),
    ("sync", &["deadline_ms", "cancellation"]),
    ("cancel", &["cancellation"]),
    ("start_sync", &[]),
    ("stop_sync", &[]),
    ("sync_now", &[]),
    ("sync_state", &[]),
    ("listen", &["as", "to"]),
    ("heard", &["as"]),
    ("unlisten", &["as"]),
    ("threads", &["count", "each", "child", "from"]),
    ("fail_with", &["variant"]),
    ("explain", &["variant", "language"]),
    ("panic", &[]),
];

pub fn check(name: &str, story: &Value) {
    let fields: Vec<&String> = story.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["name", "steps", "why"], "{name}");
    for step in story["steps"].as_array().unwrap() {
        let (verb, takes, said) = match (step["host"].as_str(), step["do"].as_str()) {
            (Some(verb), None) => (verb, takes(HOST, verb), &["host"][..]),
            (None, Some("join")) => ("join", Some(&[][..]), &["do"][..]),
            (None, Some(verb)) => (verb, takes(PHONE, verb), &["do", "phone"][..]),
            (Some(_), Some(_)) | (None, None) => panic!("{name}: neither host nor do, or both: {step}"),
        };
        let takes = takes.unwrap_or_else(|| panic!("{name}: no verb {verb}: {step}"));
        for field in step.as_object().unwrap().keys() {
            let known = [said, takes, ANY].concat().contains(&field.as_str());
            assert!(known, "{name}: {verb} takes no {field}: {step}");
        }
    }
}

fn takes(verbs: &[(&str, &'static [&'static str])], verb: &str) -> Option<&'static [&'static str]> {
    verbs.iter().find(|(name, _)| *name == verb).map(|(_, takes)| *takes)
}
