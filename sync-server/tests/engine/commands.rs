//! What becomes of a command: once, for ever, and told only to whom it belongs.

use crate::{
    phone::{outcome, raw, raw_value, text},
    reports::sick,
    town::{Town, person},
};
use serde_json::json;
use skolebro_core::{
    domain::{
        attendance::PartOfDay,
        command::{Capacity, CommandBody},
        ids::{CommandId, SchoolId},
        people::{GuardianshipKind, Role},
        record::{Body, RecordKind},
        rejection::Rejection,
        scope::Topic,
    },
    protocol::{NotNow, Outcome, PROTOCOL, ProblemCode, SyncRequest},
};
use skolebro_server::{engine::Limits, store};

fn accepted(outcome: &Outcome) -> u64 {
    match outcome {
        Outcome::Accepted { seq } => *seq,
        Outcome::Rejected(_) | Outcome::NotNow(_) => panic!("accepted was expected, not {outcome:?}"),
    }
}

#[test]
fn amal_delegates_and_sees_her_own_effect_in_the_same_answer() {
    let town = Town::new();
    let (mut amal, mut sanna) = (town.phone("Amal"), town.phone("Sanna"));
    amal.pull();
    sanna.pull();
    assert!(town.code("Pia").is_none(), "a parent without custody and without delegation gets no code");

    let command = town.delegates(&[Topic::Attendance]);
    let response = amal.sync(vec![raw(&command)]);
    let seq = accepted(&outcome(&response, command.id));
    assert!(seq <= amal.cursor, "the answer's cursor covers the command's numbers");

    let mut pia = town.phone("Pia");
    pia.pull();
    assert_eq!(pia.of_kind(RecordKind::Relation).len(), 1);
    assert_eq!(pia.of_kind(RecordKind::Notice).len(), 1);
    sanna.pull();
    let tells_staff = sanna.of_kind(RecordKind::GuardianContact).into_iter().any(|body| {
        matches!(body, Body::GuardianContact(card) if card.person == person("Pia") && card.topics == [Topic::Attendance])
    });
    assert!(tells_staff);
}

#[test]
fn a_replay_gets_the_stored_outcome_and_has_no_second_effect() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let command = town.delegates(&[Topic::Attendance]);
    let first = amal.send(&command);
    let head = amal.cursor;
    for _ in 0..3 {
        assert_eq!(amal.send(&command), first);
    }
    assert_eq!(amal.cursor, head, "nothing took a number");
    // From her other phone too: it is hers.
    assert_eq!(town.phone("Amal").send(&command), first);
    // And after a restart.
    let town = town.restarted(Limits::default());
    assert_eq!(town.phone("Amal").send(&command), first);
}

#[test]
fn another_authors_or_another_payloads_id_reveals_nothing() {
    let town = Town::new();
    let (mut amal, mut erik) = (town.phone("Amal"), town.phone("Erik"));
    let command = town.delegates(&[Topic::Attendance]);
    let first = amal.send(&command);
    assert_eq!(erik.send(&command), Outcome::Rejected(Rejection::IdReused));
    let mut changed = town.delegates(&[Topic::Leave]);
    changed.id = command.id;
    assert_eq!(amal.send(&changed), Outcome::Rejected(Rejection::IdReused));
    assert_eq!(amal.send(&command), first, "the refusals were not stored over it");
}

#[test]
fn one_that_cannot_be_read_spoils_no_other() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let good = town.delegates(&[Topic::Attendance]);
    let unreadable = CommandId::new();
    let response = amal.sync(vec![
        text(r#"{"no":"id"}"#),
        text(&format!(r#"{{"id":"{unreadable}","do":"fly"}}"#)),
        text("7"),
        raw(&good),
    ]);
    assert_eq!(response.outcomes.len(), 2, "what has no id can be answered to nobody");
    assert_eq!(outcome(&response, unreadable), Outcome::Rejected(Rejection::Malformed));
    accepted(&outcome(&response, good.id));
    // It is logged: the same id cannot become another command.
    let mut another = town.delegates(&[Topic::Leave]);
    another.id = unreadable;
    assert_eq!(amal.send(&another), Outcome::Rejected(Rejection::IdReused));
}

#[test]
fn one_that_says_more_than_this_version_knows_waits_for_the_version_that_does() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let mut command = sick(&town);
    if let CommandBody::ReportAbsence { part, .. } = &mut command.body {
        *part = Some("09:00".parse().and_then(|from| Ok(PartOfDay { from, to: "10:00".parse()? })).unwrap());
    }
    let whole = serde_json::to_value(&command).unwrap();
    // Beside the rest, within the body, and within what the body holds.
    for place in ["", "/body", "/body/part"] {
        let mut sent = whole.clone();
        sent.pointer_mut(place).unwrap()["half_days_only"] = json!(true);
        let response = amal.sync(vec![raw_value(&sent)]);
        assert_eq!(outcome(&response, command.id), Outcome::NotNow(NotNow::Other), "{place}");
    }
    let stored = || store::read(&*town.store, |reading| reading.command(town.school, command.id)).unwrap();
    assert_eq!(stored(), None, "it is for a later version to say");
    // Nor is it refused for what can be read of it.
    let mut others = town.command(Capacity::Home, CommandBody::ReachMajority { pupil: person("Nils") });
    others.id = command.id;
    let mut sent = serde_json::to_value(&others).unwrap();
    sent["body"]["why"] = json!("nobody knows");
    assert_eq!(outcome(&amal.sync(vec![raw_value(&sent)]), command.id), Outcome::NotNow(NotNow::Other));

    // What is left empty says nothing, and the order of fields neither.
    let mut sent = whole.clone();
    (sent["body"]["half_days_only"], sent["depends_on"]) = (json!(null), json!(null));
    let response = amal.sync(vec![raw_value(&sent)]);
    accepted(&outcome(&response, command.id));
    assert_eq!(stored().unwrap().payload.as_deref(), Some(serde_json::to_string(&command).unwrap().as_str()));
}

#[test]
fn a_phone_cannot_take_the_clocks_ids_nor_its_place() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let mut command = town.delegates(&[Topic::Attendance]);
    command.id = CommandId::derive(&[&"what the clock will say"]);
    let rejected = Outcome::Rejected(Rejection::NotAPersonsCommand);
    assert_eq!(amal.send(&command), rejected);
    let stored = store::read(&*town.store, |reading| reading.command(town.school, command.id));
    assert_eq!(stored.unwrap(), None, "nothing stands in the clock's way");
    let clocks = town.command(Capacity::System, CommandBody::ReachMajority { pupil: person("Liv") });
    assert_eq!(amal.send(&clocks), rejected);
}

#[test]
fn one_that_depends_waits_follows_or_falls_with_the_other() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let first = town.delegates(&[Topic::Attendance]);
    let mut second = town.delegates(&[Topic::Attendance, Topic::Leave]);
    second.depends_on = Some(first.id);
    assert_eq!(amal.send(&second), Outcome::NotNow(NotNow::WaitingForAnother));
    // Both in one batch, in order.
    let response = amal.sync(vec![raw(&first), raw(&second)]);
    accepted(&outcome(&response, first.id));
    accepted(&outcome(&response, second.id));

    let refused = town.delegates(&[Topic::Plan]);
    let mut follows = town.delegates(&[Topic::Book]);
    follows.depends_on = Some(refused.id);
    let response = amal.sync(vec![raw(&refused), raw(&follows)]);
    assert_eq!(outcome(&response, refused.id), Outcome::Rejected(Rejection::TopicNotDelegable));
    let falls = Outcome::Rejected(Rejection::DependencyRejected { on: refused.id });
    assert_eq!(outcome(&response, follows.id), falls);

    // Whether somebody else's command is there is not for Erik to know.
    let mut eriks = town.delegates(&[Topic::Book]);
    eriks.depends_on = Some(first.id);
    assert_eq!(town.phone("Erik").send(&eriks), Outcome::NotNow(NotNow::WaitingForAnother));
}

#[test]
fn what_a_request_may_not_carry_stays_queued() {
    for most in 1..=3 {
        let town = Town::with(Limits { commands_per_sync: most, ..Limits::default() });
        let amal = town.phone("Amal");
        let commands: Vec<_> = (0..5).map(|_| town.delegates(&[Topic::Attendance])).collect();
        let response = amal.ask(commands.iter().map(raw).collect()).unwrap();
        for (at, command) in commands.iter().enumerate() {
            let outcome = outcome(&response, command.id);
            match at < most {
                true => drop(accepted(&outcome)),
                false => assert_eq!(outcome, Outcome::NotNow(NotNow::TooManyAtOnce)),
            }
        }
    }
}

#[test]
fn a_command_for_another_school_or_to_no_school_is_not_theirs() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let mut command = town.delegates(&[Topic::Attendance]);
    command.school = SchoolId::derive(&[&"Ekskolan"]);
    assert_eq!(amal.send(&command), Outcome::Rejected(Rejection::NotYours));
    amal.school = SchoolId::derive(&[&"nowhere"]);
    amal.start_over();
    let command = town.delegates(&[Topic::Attendance]);
    assert_eq!(amal.send(&command), Outcome::Rejected(Rejection::NotYours));
    assert!(amal.rows.is_empty());
    let schools = store::read(&*town.store, |reading| reading.schools()).unwrap();
    assert_eq!(schools, [town.school], "asking makes no school");
}

#[test]
fn the_wrong_person_changes_nothing() {
    let town = Town::new();
    for (name, capacity) in [
        ("Greta", Capacity::Home),
        ("Sanna", Capacity::Home),
        ("Omar", Capacity::Staff(Role::Office)),
        ("Omar", Capacity::Staff(Role::Teacher)),
    ] {
        let mut phone = town.phone(name);
        phone.pull();
        let head = phone.cursor;
        let (pupil, adult) = (person("Liv"), person("Pelle"));
        let confirms = town
            .command(capacity, CommandBody::ConfirmAdult { pupil, person: adult, kind: GuardianshipKind::Guardian });
        assert_eq!(phone.send(&confirms), Outcome::Rejected(Rejection::NotYours), "{name}");
        assert_eq!(phone.cursor, head);
    }
    // The right one.
    let mut olle = town.phone("Olle");
    let (pupil, adult) = (person("Liv"), person("Pelle"));
    let body = CommandBody::ConfirmAdult { pupil, person: adult, kind: GuardianshipKind::Guardian };
    accepted(&olle.send(&town.command(Capacity::Staff(Role::Office), body)));
    assert!(town.code("Pelle").is_some());
}

#[test]
fn an_app_that_is_too_old_is_told_so() {
    let town = Town::new();
    let amal = town.phone("Amal");
    let mut request = amal.request(vec![raw(&town.delegates(&[Topic::Attendance]))]);
    request.protocol = 0;
    let refusal = town.engine.sync_blocking(&amal.session, request).unwrap_err();
    assert_eq!(refusal.code, ProblemCode::TooOld);
    // A newer one is answered in the version that both speak.
    let mut request = amal.request(Vec::new());
    request.protocol = 9;
    assert_eq!(town.engine.sync_blocking(&amal.session, request).unwrap().parse().unwrap().protocol, PROTOCOL);
}

#[test]
fn a_newer_apps_command_waits_for_the_newer_server_and_what_it_shares_with_this_one_is_settled() {
    let town = Town::new();
    let amal = town.phone("Amal");
    let known = sick(&town);
    let id = CommandId::new();
    let strange = || text(&format!(r#"{{"id":"{id}","body":{{"do":"apply_for_leave"}}}}"#));
    let newer = |commands| {
        let request = SyncRequest { protocol: PROTOCOL + 1, ..amal.request(commands) };
        town.engine.sync_blocking(&amal.session, request).unwrap().parse().unwrap()
    };
    let response = newer(vec![strange(), raw(&known)]);
    assert_eq!(outcome(&response, id), Outcome::NotNow(NotNow::Other));
    assert!(matches!(outcome(&response, known.id), Outcome::Accepted { .. }));
    assert_eq!(store::read(&*town.store, |reading| reading.command(town.school, id)).unwrap(), None, "not stored");
    // An app of this version that sends such a thing is broken.
    let response = amal.ask(vec![strange()]).unwrap();
    assert_eq!(outcome(&response, id), Outcome::Rejected(Rejection::Malformed));
}
