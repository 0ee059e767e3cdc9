//! An older app and a newer server: a word that the app does not know costs itself, and nothing around it.

use crate::{
    fake::{FakeServer, Owner, sync},
    saying::{delivery, say, sick},
    school::{monday, person},
};
use serde_json::{Value, json, value::RawValue};
use skolebro_core::{
    device::{Delivery, SyncEnd},
    domain::{
        directory::{GuardianContact, RelationCard, RoleCard, StaffCard},
        ids::CommandId,
        people::{GuardianshipKind, Standing},
        record::{Body, RecordKind},
        rejection::Rejection,
    },
    protocol::{NotNow, Outcome, SyncResponse},
};

/// The server writes its cards with words of tomorrow beside today's.
fn speaks_of_tomorrow(server: &FakeServer) {
    let mut state = server.0.lock();
    for row in state.rows.values_mut() {
        let Some(body) = &row.body else { continue };
        let mut card: Value = serde_json::from_str(body.get()).unwrap();
        for list in ["topics", "reads"] {
            if let Some(topics) = card.get_mut(list).and_then(Value::as_array_mut) {
                topics.push(json!("meals"));
            }
        }
        if let Some(others) = card.get_mut("others").and_then(Value::as_array_mut) {
            others.push(json!({ "person": person("Bo"), "name": "Bo", "kind": { "aunt": 2 }, "reads": ["meals"] }));
            others.push(json!({ "robot": true }));
        }
        if let Some(given) = card.get_mut("assignments").and_then(Value::as_array_mut) {
            given.push(json!({ "person": person("Sanna"), "role": "robot", "reach": "school", "dates": {} }));
            given.push(json!({ "person": person("Sanna"), "role": "teacher", "reach": { "moon": 1 }, "dates": {} }));
        }
        if card.get("language").is_some() {
            card["language"] = json!("fi");
        }
        card["hologram"] = json!({ "of": ["everybody"] });
        row.body = Some(RawValue::from_string(card.to_string()).unwrap());
    }
}

#[test]
fn a_card_with_unknown_words_is_read_without_them() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, before) = Owner::enrolled(&server, "Amal");
    sync(&before);
    let of = |phone: &skolebro_core::device::Phone, kind| phone.view(school).unwrap().of_kind(kind).unwrap();
    let cards = |phone: &skolebro_core::device::Phone| -> Vec<(RecordKind, usize)> {
        [RecordKind::Relation, RecordKind::Role, RecordKind::StaffCard, RecordKind::School, RecordKind::PupilCard]
            .map(|kind| (kind, of(phone, kind).len()))
            .to_vec()
    };
    let known = cards(&before);
    speaks_of_tomorrow(&server);
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    assert_eq!(sync(&amal).ended, SyncEnd::Complete);
    assert_eq!(cards(&amal), known);
    assert!(known.iter().all(|(_, count)| *count > 0), "{known:?}");
    for record in of(&amal, RecordKind::Relation) {
        let Body::Relation(card) = record.body else { panic!() };
        let bo = card.others.iter().find(|other| other.person == person("Bo") && other.reads.is_empty());
        assert!(bo.is_some_and(|bo| bo.kind == GuardianshipKind::Unspecified), "{card:?}");
    }
    // And what she says is said.
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    sync(&amal);
    assert!(matches!(delivery(&amal, id), Delivery::AtSchool { .. }));
}

#[test]
fn an_unknown_kind_or_standing_of_an_adult_is_read_as_the_one_that_gives_least() {
    let card = json!({
        "person": person("Bo"), "name": "Bo", "kind": "aunt", "standing": "sworn", "blocked": false,
        "topics": ["meals", "attendance"], "dates": {}, "language": "fi", "protected_identity": false,
    });
    let read: GuardianContact = serde_json::from_value(card).unwrap();
    assert_eq!((read.kind, read.standing, read.topics.len()), (GuardianshipKind::Unspecified, Standing::Pending, 1));
    let relation = json!({ "pupil": person("Liv"), "kind": "aunt", "topics": ["meals"], "dates": {}, "others": [] });
    assert!(serde_json::from_value::<RelationCard>(relation).unwrap().topics.is_empty());
    let role = json!({ "person": person("Sanna"), "name": "Sanna", "language": "fi", "assignments": ["robot"] });
    assert_eq!(serde_json::from_value::<RoleCard>(role.clone()).unwrap().language, None);
    assert!(serde_json::from_value::<StaffCard>(role).unwrap().assignments.is_empty());
}

#[test]
fn an_answer_with_an_unknown_role_or_outcome_is_read_whole() {
    let ids = [CommandId::new(), CommandId::new(), CommandId::new(), CommandId::new()];
    let answer = json!({
        "protocol": 9, "server_time": "2027-01-11T06:48:00Z", "epoch": uuid(1), "schools": [], "weather": "snow",
        "outcomes": [
            { "id": ids[0], "outcome": { "rejected": { "code": "cannot_assign", "role": "robot" } } },
            { "id": ids[1], "outcome": { "rejected": { "code": "on_the_moon", "since": 1 } } },
            { "id": ids[2], "outcome": { "postponed": { "until": "tomorrow" } } },
            { "id": ids[3], "outcome": { "accepted": { "seq": 7, "with": "pleasure" } } },
        ],
        "pull": { "page": {
            "cursor": 7,
            "reset": [{ "scope": "pupil:x/meals/choir", "until": null, "by": "robot" }],
            "revoked": ["house:7/meals/all"],
            "rows": [{ "scope": "school/meals/all", "id": uuid(2), "seq": 3, "kind": "menu", "body": { "soup": [] } }],
        } },
    });
    let read: SyncResponse = serde_json::from_str(&answer.to_string()).unwrap();
    let outcomes: Vec<Outcome> = read.outcomes.into_iter().map(|one| one.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Rejected(Rejection::Newer),
            Outcome::Rejected(Rejection::Newer),
            Outcome::NotNow(NotNow::Other),
            Outcome::Accepted { seq: 7 },
        ]
    );
}

fn uuid(number: u8) -> String {
    format!("00000000-0000-0000-0000-0000000000{number:02}")
}
