//! The wrong people at every door, beside the right ones: what is asked for about Liv by somebody who is nothing to her is
//! answered as if there were no Liv.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::TimeDelta;
use serde_json::{Value, json};
use skolebro_core::{
    device::{PhoneError, Standing as Login, SyncEnd},
    domain::{
        attendance::{AbsenceKind, Presence, Session},
        command::{Capacity, Command, CommandBody, CommandKind, RollMark},
        ids::{DeviceId, GroupId, PersonId, RecordId},
        notice::{Notice, NoticeReason, notice_key},
        people::{Block, Dates, GuardianshipKind, Language, Person, Reach, Role, Standing},
        record::RecordKind,
        scope::{Circle, Scope, Topic},
    },
};
use skolebro_tests::{
    raw::{Raw, command},
    town::{MORNING, TUESDAY, Town, TownPhone, accepted, enrol, names, sick},
    village::{assignment, at, day, group, guardianship, person, school},
};

const WEDNESDAY: &str = "2026-09-16";
const WEDNESDAY_MORNING: &str = "2026-09-16T04:50:00Z";
const ANYTHING: [Topic; 4] = [Topic::Attendance, Topic::Leave, Topic::Book, Topic::Info];

fn delegates(topics: &[Topic]) -> CommandBody {
    let (pupil, to, topics, dates) = (person("Liv"), person("Kaj"), topics.to_vec(), Dates::default());
    CommandBody::DelegateTopics { pupil, to, topics, dates }
}

fn settled(raw: &Raw, capacity: Capacity, body: CommandBody) {
    let outcome = raw.push(&[command(capacity, body, MORNING)]).remove(0);
    assert!(outcome.get("accepted").is_some(), "{outcome}");
}

/// Wednesday morning, and nobody has ticked since Tuesday. Everybody has the token of a time when it opened something.
struct Scene {
    town: Town,
    /// Liv's guardian, and her phone that was revoked.
    amal: Raw,
    lost: Raw,
    sanna: Raw,
    olga: Raw,
    pia: Raw,
    wrong: Vec<(&'static str, Raw)>,
}

const WRONG: [&str; 12] =
    ["Kaj", "Erik", "Hassan", "Nora", "Per", "Vikar", "Dag", "Orvar", "Stina", "Preben", "Fia", "Pelle"];
/// Those of Siri's class, at work or at home.
const OF_5A: [&str; 7] = ["Erik", "Nora", "Per", "Stina", "Preben", "Fia", "Pelle"];

fn scene() -> Scene {
    let town = Town::open();
    let [amal, lost, sanna, olga, pia] = ["Amal", "Amal", "Sanna", "Olga", "Pia"].map(|name| town.raw(name));
    // A parent without custody, who had a topic once.
    settled(&amal, Capacity::Home, delegates(&ANYTHING));
    // Somebody whom an import names beside Liv, confirmed for Omar alone.
    let mut pending = guardianship("Liv", "Hassan", GuardianshipKind::Unspecified, &[]);
    pending.standing = Standing::Pending;
    town.put(pending);
    // A substitute until midnight.
    let mut substitute = assignment("Vikar", Role::Teacher, Reach::Group(group("4B")));
    substitute.dates = Dates { from: Some(day(TUESDAY)), until: Some(day(TUESDAY)) };
    town.put(substitute);
    // A deputy who led the school until midnight; the organiser; and staff of another class, whatever they are there.
    let mut deputy = assignment("Dag", Role::DeputyPrincipal, Reach::School);
    deputy.dates = Dates { from: None, until: Some(day(TUESDAY)) };
    town.put(deputy);
    town.put(assignment("Orvar", Role::Organiser, Reach::School));
    let other = Reach::Group(group("5A"));
    for (name, role) in [
        ("Stina", Role::SpecialEducator),
        ("Preben", Role::PreschoolStaff),
        ("Fia", Role::AfterSchoolStaff),
        // Pelle is Liv's pending adult besides, and Erik will be barred from her.
        ("Pelle", Role::Teacher),
        ("Erik", Role::AfterSchoolStaff),
    ] {
        town.put(assignment(name, role, other));
    }
    let mut unconfirmed = guardianship("Liv", "Pelle", GuardianshipKind::Guardian, &[]);
    unconfirmed.standing = Standing::Pending;
    town.put(unconfirmed);
    let wrong = WRONG.map(|name| (name, town.raw(name))).to_vec();
    settled(&amal, Capacity::Home, sick(&["Liv"]));
    for (name, raw) in &wrong {
        let held = raw.rows().iter().any(|row| names(&row.to_string(), "Liv"));
        assert_eq!(held, matches!(*name, "Kaj" | "Erik" | "Vikar" | "Dag"), "{name}, before");
    }
    settled(&amal, Capacity::Home, delegates(&[]));
    let block = CommandBody::BlockAdult { pupil: person("Liv"), person: person("Erik") };
    settled(&olga, Capacity::Staff(Role::Office), block);
    assert_eq!(amal.ask("DELETE", &format!("/v1/devices/{}", lost.device)).0, 204);
    town.clock.advance_to(at(WEDNESDAY_MORNING));
    Scene { town, amal, lost, sanna, olga, pia, wrong }
}

/// The ids that a command about Liv names, or ids of nobody and nothing.
#[derive(Clone, Copy)]
struct Named {
    pupil: PersonId,
    adult: PersonId,
    group: GroupId,
    teacher: PersonId,
    device: DeviceId,
    notice: RecordId,
}

impl Named {
    fn livs(device: DeviceId) -> Self {
        let reason = NoticeReason::DelegationChanged;
        let (_, notice) = notice_key(school(), person("Kaj"), reason, person("Liv"), day(TUESDAY), Session::Day);
        let (pupil, adult, teacher) = (person("Liv"), person("Amal"), person("Sanna"));
        Self { pupil, adult, group: group("4B"), teacher, device, notice }
    }

    fn nobodys() -> Self {
        Self {
            pupil: person("Nobody"),
            adult: person("Nobody's guardian"),
            group: group("No group"),
            teacher: person("Nobody's teacher"),
            device: DeviceId::new(),
            notice: RecordId::derive(&[&"no notice"]),
        }
    }

    fn texts(&self) -> [String; 6] {
        let Self { pupil, adult, group, teacher, device, notice } = self;
        [
            pupil.to_string(),
            adult.to_string(),
            group.to_string(),
            teacher.to_string(),
            device.to_string(),
            notice.to_string(),
        ]
    }
}

/// A command of each kind. A new kind does not compile until it is here.
fn body(kind: CommandKind, named: Named) -> CommandBody {
    let Named { pupil, adult, group, teacher, device, notice } = named;
    let (day, session) = (day(WEDNESDAY), Session::Day);
    let contact = assignment("Sanna", Role::ContactTeacher, Reach::Group(group));
    let contact = skolebro_core::domain::people::Assignment { person: teacher, ..contact };
    match kind {
        CommandKind::ReportAbsence => skolebro_tests::town::sick_on(WEDNESDAY, vec![pupil]),
        CommandKind::EndAbsence => CommandBody::EndAbsence { pupil, back_on: day, back_at: None },
        CommandKind::ExtendAbsence => CommandBody::ExtendAbsence { pupil, to: day + TimeDelta::days(1) },
        CommandKind::WithdrawAbsence => CommandBody::WithdrawAbsence { pupil, from: day, to: day },
        CommandKind::ExplainAbsence => {
            CommandBody::ExplainAbsence { pupil, day, session, kind: AbsenceKind::Other, note: None }
        }
        CommandKind::MarkNoticeRead => CommandBody::MarkNoticeRead { notice },
        CommandKind::DelegateTopics => {
            CommandBody::DelegateTopics { pupil, to: adult, topics: vec![Topic::Attendance], dates: Dates::default() }
        }
        CommandKind::MarkRoll => {
            let marks = vec![RollMark { pupil, presence: Presence::Unexplained }];
            CommandBody::MarkRoll { group, day, session, marks }
        }
        CommandKind::UndoMark => CommandBody::UndoMark { group, day, session, pupil },
        CommandKind::CloseRoll => CommandBody::CloseRoll { group, day, session },
        CommandKind::MarkSeen => CommandBody::MarkSeen { pupils: vec![pupil], day },
        CommandKind::JudgeExplanation => {
            CommandBody::JudgeExplanation { pupil, day, session, accept: true, reason: None }
        }
        CommandKind::LogCall => {
            let (outcome, note) = (None, None);
            CommandBody::LogCall { pupil, day, session, called: Some(adult), reached: false, outcome, note }
        }
        CommandKind::HandleFollowUp => CommandBody::HandleFollowUp { pupil, signal: notice, handled: true, note: None },
        CommandKind::ConfirmAdult => {
            CommandBody::ConfirmAdult { pupil, person: adult, kind: GuardianshipKind::Guardian }
        }
        CommandKind::BlockAdult => CommandBody::BlockAdult { pupil, person: adult },
        CommandKind::LiftBlock => CommandBody::LiftBlock { pupil, person: adult },
        CommandKind::AddSubstitute => CommandBody::AddSubstitute {
            given_name: "Kim".to_owned(),
            family_name: "Dahl".to_owned(),
            role: Role::Teacher,
            group,
            dates: Dates { from: None, until: Some(day) },
        },
        CommandKind::AssignStaff => CommandBody::AssignStaff { assignment: contact },
        CommandKind::EndAssignment => CommandBody::EndAssignment { person: teacher, assignment: contact },
        CommandKind::RecordAdultConsent => {
            CommandBody::RecordAdultConsent { pupil, person: adult, dates: Dates::default() }
        }
        CommandKind::GrantStrongAssurance => {
            let until = at(WEDNESDAY_MORNING) + TimeDelta::hours(8);
            CommandBody::GrantStrongAssurance { person: adult, device, until }
        }
        CommandKind::NotifyUnexplained => CommandBody::NotifyUnexplained { pupil, day, session },
        CommandKind::EscalateToCallList => CommandBody::EscalateToCallList { pupil, day, session },
        CommandKind::FollowUp => CommandBody::FollowUp { pupil, day },
        CommandKind::ReachMajority => CommandBody::ReachMajority { pupil },
        CommandKind::Erase => {
            CommandBody::Erase { scope: Scope::pupil(pupil, Topic::Attendance, Circle::All), record: notice }
        }
    }
}

/// Who asks rightly; none: the clock alone.
fn right(kind: CommandKind) -> Option<(&'static str, Capacity)> {
    let (home, contact) = (Capacity::Home, Capacity::Staff(Role::ContactTeacher));
    let (office, principal) = (Capacity::Staff(Role::Office), Capacity::Staff(Role::Principal));
    match kind {
        CommandKind::ReportAbsence
        | CommandKind::EndAbsence
        | CommandKind::ExtendAbsence
        | CommandKind::WithdrawAbsence
        | CommandKind::ExplainAbsence
        | CommandKind::DelegateTopics => Some(("Amal", home)),
        CommandKind::MarkRoll
        | CommandKind::UndoMark
        | CommandKind::CloseRoll
        | CommandKind::MarkSeen
        | CommandKind::JudgeExplanation => Some(("Sanna", contact)),
        CommandKind::LogCall
        | CommandKind::ConfirmAdult
        | CommandKind::AddSubstitute
        | CommandKind::AssignStaff
        | CommandKind::RecordAdultConsent
        | CommandKind::GrantStrongAssurance => Some(("Olga", office)),
        CommandKind::BlockAdult | CommandKind::LiftBlock | CommandKind::EndAssignment => Some(("Pia", principal)),
        // Only its own reader's, and only of a signal that there is: told as stories of their own.
        CommandKind::MarkNoticeRead | CommandKind::HandleFollowUp => None,
        CommandKind::NotifyUnexplained
        | CommandKind::EscalateToCallList
        | CommandKind::FollowUp
        | CommandKind::ReachMajority
        | CommandKind::Erase => None,
    }
}

fn capacities() -> Vec<Capacity> {
    [Capacity::Home, Capacity::System].into_iter().chain(Role::ALL.iter().copied().map(Capacity::Staff)).collect()
}

fn asked(named: Named) -> Vec<Command> {
    let each = CommandKind::ALL.iter().flat_map(|kind| capacities().into_iter().map(|capacity| (*kind, capacity)));
    each.map(|(kind, capacity)| command(capacity, body(kind, named), WEDNESDAY_MORNING)).collect()
}

/// Everything about Liv that the school's staff read.
fn about_liv(raw: &Raw) -> Vec<String> {
    let mut rows: Vec<String> = raw.rows().iter().map(Value::to_string).filter(|row| names(row, "Liv")).collect();
    rows.sort();
    rows
}

#[test]
fn whatever_the_wrong_people_ask_for_is_answered_as_if_there_were_no_liv() {
    let scene = scene();
    let (livs, nobodys) = (Named::livs(scene.amal.device), Named::nobodys());
    let before = about_liv(&scene.olga);
    assert!(!before.is_empty());
    for (name, raw) in &scene.wrong {
        let (of_liv, of_nobody) = (asked(livs), asked(nobodys));
        let (answers, blanks) = (raw.push(&of_liv), raw.push(&of_nobody));
        for ((sent, answer), blank) in of_liv.iter().zip(&answers).zip(&blanks) {
            let what = format!("{name} {:?} {:?}: {answer}", sent.body.kind(), sent.capacity);
            assert!(answer["rejected"]["code"].is_string(), "{what}");
            let mut text = answer.to_string();
            for (known, unknown) in livs.texts().iter().zip(nobodys.texts()) {
                text = text.replace(known, &unknown);
            }
            assert_eq!(text, blank.to_string(), "{what}");
            let code = answer["rejected"]["code"].as_str().unwrap();
            assert!(["not_yours", "not_a_persons_command"].contains(&code), "{what}");
        }
    }
    assert_eq!(about_liv(&scene.olga), before, "and nothing came of it");
    for kind in CommandKind::ALL {
        let Some((name, capacity)) = right(*kind) else { continue };
        let raw = match name {
            "Amal" => &scene.amal,
            "Sanna" => &scene.sanna,
            "Olga" => &scene.olga,
            _ => &scene.pia,
        };
        // Kaj rather than Amal where an adult is said to be something: she goes on being asked for.
        let adult = [CommandKind::DelegateTopics, CommandKind::BlockAdult, CommandKind::LiftBlock].contains(kind);
        let named = if adult { Named { adult: person("Kaj"), ..livs } } else { livs };
        let answer = raw.push(&[command(capacity, body(*kind, named), WEDNESDAY_MORNING)]).remove(0);
        let code = answer["rejected"]["code"].as_str().unwrap_or("accepted");
        assert!(!["not_yours", "not_a_persons_command"].contains(&code), "{name} {kind:?}: {answer}");
    }
}

#[test]
fn the_wrong_people_are_sent_nothing_about_liv() {
    let scene = scene();
    let liv = person("Liv");
    let (_, answer) = scene.amal.sync(&json!({}));
    let (epoch, head) = (answer["epoch"].clone(), answer["pull"]["page"]["cursor"].clone());
    let scopes = [
        Scope::pupil(liv, Topic::Info, Circle::All),
        Scope::pupil(liv, Topic::Info, Circle::Staff),
        Scope::pupil(liv, Topic::Attendance, Circle::All),
        Scope::pupil(liv, Topic::Attendance, Circle::Staff),
        Scope::pupil(liv, Topic::Attendance, Circle::Party(person("Amal"))),
        Scope::own(person("Amal"), Topic::Info),
        Scope::own(person("Amal"), Topic::Attendance),
    ];
    let sent = |answer: &Value| {
        let page = &answer["pull"]["page"];
        [page["rows"].to_string(), page["reset"].to_string()].concat()
    };
    for (name, raw) in &scene.wrong {
        for answer in raw.pull() {
            assert!(!names(&sent(&answer), "Liv"), "{name}: {answer}");
            if !matches!(*name, "Kaj" | "Erik" | "Vikar" | "Dag") {
                assert!(!names(&answer.to_string(), "Liv"), "{name} was never anything to her: {answer}");
            }
        }
        // A continuation that no page of theirs ended with.
        for scope in &scopes {
            for cursor in [json!(0), head.clone()] {
                let forged = json!({ "head": head.clone(), "scope": scope.to_string(), "after": 0 });
                let (_, answer) =
                    raw.sync(&json!({ "cursor": cursor, "epoch": epoch.clone(), "continuation": forged }));
                assert!(!names(&sent(&answer), "Liv"), "{name} {scope}: {answer}");
                assert!(!names(&sent(&answer), "Amal"), "{name} {scope}: {answer}");
            }
        }
    }
    for (name, raw) in [("Amal", &scene.amal), ("Sanna", &scene.sanna), ("Olga", &scene.olga)] {
        assert!(!about_liv(raw).is_empty(), "{name}");
    }
}

/// Says it as these, of Liv and of nobody: neither is told which of the two there is. Commands that name no pupil are not
/// about her.
fn as_if_there_were_no_liv(raw: &Raw, capacities: &[Capacity], codes: &[&str]) {
    let livs = Named::livs(DeviceId::new());
    let nobodys = Named { pupil: person("Nobody"), ..livs };
    let of = |named: Named| -> Vec<Command> {
        let each = CommandKind::ALL.iter().flat_map(|kind| capacities.iter().map(|capacity| (*kind, *capacity)));
        each.map(|(kind, capacity)| command(capacity, body(kind, named), WEDNESDAY_MORNING))
            .filter(|command| serde_json::to_string(&command.body).unwrap().contains(&named.pupil.to_string()))
            .collect()
    };
    let (of_liv, of_nobody) = (of(livs), of(nobodys));
    assert!(of_liv.len() > 10);
    for ((sent, answer), blank) in of_liv.iter().zip(raw.push(&of_liv)).zip(raw.push(&of_nobody)) {
        let what = format!("{:?} {:?}: {answer}", sent.body.kind(), sent.capacity);
        let unnamed = answer.to_string().replace(&livs.pupil.to_string(), &nobodys.pupil.to_string());
        assert_eq!(unnamed, blank.to_string(), "{what}");
        assert!(codes.contains(&answer["rejected"]["code"].as_str().unwrap_or("accepted")), "{what}");
    }
}

#[test]
fn whoever_is_barred_from_liv_has_nothing_of_her_in_any_role() {
    for role in Role::ALL.iter().copied() {
        let reach = match role {
            Role::Office | Role::Principal | Role::DeputyPrincipal | Role::Organiser => Reach::School,
            Role::ContactTeacher
            | Role::Teacher
            | Role::PreschoolStaff
            | Role::AfterSchoolStaff
            | Role::SpecialEducator
            | Role::PupilHealth => Reach::Group(group("4B")),
        };
        let town = Town::open();
        town.put(assignment("Erik", role, reach));
        let (amal, erik, sanna) = (town.raw("Amal"), town.raw("Erik"), town.raw("Sanna"));
        let erik_at_work = town.phone("Erik");
        // She is missing, and then the roll says so: what is of the whole class names her too.
        let roll = |body| settled(&sanna, Capacity::Staff(Role::ContactTeacher), body);
        let (group, day, session) = (group("4B"), day(TUESDAY), Session::Day);
        let marks = vec![RollMark { pupil: person("Liv"), presence: Presence::Unexplained }];
        roll(CommandBody::MarkRoll { group, day, session, marks });
        roll(CommandBody::CloseRoll { group, day, session });
        town.until("2026-09-15T08:00:00Z");
        erik_at_work.settle();
        assert!(erik_at_work.holds_anything_of("Liv") && !about_liv(&erik).is_empty());
        town.put(Block { pupil: person("Liv"), person: person("Erik") });
        assert!(about_liv(&erik).is_empty(), "{role:?}: {:?}", about_liv(&erik));
        erik_at_work.settle();
        assert!(!erik_at_work.holds_anything_of("Liv"), "{role:?}");
        let sees_others = role != Role::Organiser;
        assert_eq!(erik_at_work.holds_anything_of("Omar"), sees_others, "{role:?} goes on working");
        town.until(WEDNESDAY_MORNING);
        let refused = ["not_yours", "not_a_persons_command", "not_in_group"];
        as_if_there_were_no_liv(&erik, &[Capacity::Home, Capacity::Staff(role)], &refused);
        let closes = CommandBody::CloseRoll { group, day: skolebro_tests::village::day(WEDNESDAY), session };
        let answer = erik.push(&[command(Capacity::Staff(role), closes, WEDNESDAY_MORNING)]).remove(0);
        assert_eq!(answer["rejected"]["code"], json!("not_yours"), "{role:?} says of Liv that she is there");
        // The right one beside him.
        assert!(!about_liv(&amal).is_empty() && !about_liv(&sanna).is_empty());
    }
}

#[test]
fn health_staff_of_livs_class_read_and_say_nothing() {
    for role in [Role::SpecialEducator, Role::PupilHealth] {
        let town = Town::open();
        town.put(assignment("Stina", role, Reach::Group(group("4B"))));
        let stina = town.raw("Stina");
        assert!(!about_liv(&stina).is_empty(), "{role:?}");
        town.until(WEDNESDAY_MORNING);
        as_if_there_were_no_liv(&stina, &capacities(), &["not_yours", "not_a_persons_command"]);
    }
}

#[test]
fn nobody_lists_or_revokes_another_persons_phones() {
    let scene = scene();
    for (name, raw) in &scene.wrong {
        let (status, list) = raw.ask("GET", "/v1/devices");
        let list: Value = serde_json::from_str(&list).unwrap();
        assert_eq!(status, 200);
        let listed: Vec<_> = list["devices"].as_array().unwrap().iter().map(|entry| entry["device"].clone()).collect();
        assert_eq!(listed, [json!(raw.device)], "{name}");
        let hers = raw.ask("DELETE", &format!("/v1/devices/{}", scene.amal.device));
        assert_eq!(hers, raw.ask("DELETE", &format!("/v1/devices/{}", DeviceId::new())), "{name}");
        assert_eq!(hers.0, 404);
    }
    assert_eq!(scene.amal.ask("GET", "/v1/devices").0, 200, "hers goes on");
}

#[test]
fn a_revoked_phone_and_an_unknown_token_open_no_door() {
    let scene = scene();
    let doors = |raw: &Raw| {
        [
            raw.request("POST", "/v1/sync").json(&json!({ "protocol": 1, "school": school() })),
            raw.request("GET", "/v1/events"),
            raw.request("GET", "/v1/devices"),
            raw.request("DELETE", &format!("/v1/devices/{}", scene.amal.device)),
        ]
        .map(|request| {
            let answer = request.send().unwrap();
            (answer.status().as_u16(), answer.json::<Value>().unwrap()["code"].clone())
        })
    };
    let unknown = Raw::new(&scene.town.url(), "unknown", DeviceId::new());
    assert_eq!(doors(&scene.lost), std::array::from_fn(|_| (401, json!("device_revoked"))));
    assert_eq!(doors(&unknown), std::array::from_fn(|_| (401, json!("token_unknown"))));
    for raw in [&scene.lost, &unknown] {
        let report = command(Capacity::Home, sick(&["Liv"]), WEDNESDAY_MORNING);
        let (status, answer) = raw.sync(&json!({ "commands": [report] }));
        assert_eq!((status, answer.get("outcomes"), answer.get("pull")), (401, None, None));
    }
    assert_eq!(scene.amal.ask("GET", "/v1/devices").0, 200);
}

#[test]
fn what_happens_to_liv_pokes_nobody_else() {
    let scene = scene();
    let mut sanna = scene.sanna.listen();
    let mut wrong: Vec<_> = scene.wrong.iter().map(|(name, raw)| (*name, raw.listen())).collect();
    let liv =
        command(Capacity::Home, body(CommandKind::ReportAbsence, Named::livs(scene.amal.device)), WEDNESDAY_MORNING);
    assert!(scene.amal.push(&[liv])[0].get("accepted").is_some());
    sanna.wait_for_poke();
    for (name, stream) in &mut wrong {
        assert!(!stream.is_poked(), "{name}");
    }
    // Their own children do.
    let nora = &scene.wrong.iter().find(|(name, _)| *name == "Nora").unwrap().1;
    let both = skolebro_tests::town::sick_on(WEDNESDAY, vec![person("Omar"), person("Siri")]);
    assert!(nora.push(&[command(Capacity::Home, both, WEDNESDAY_MORNING)])[0].get("accepted").is_some());
    for (name, stream) in &mut wrong {
        match *name {
            name if name == "Hassan" || (OF_5A.contains(&name)) => stream.wait_for_poke(),
            _ => assert!(!stream.is_poked(), "{name}"),
        }
    }
}

#[test]
fn no_code_is_made_for_one_who_would_read_nothing_and_an_old_one_is_dead() {
    let town = Town::open();
    let given_name = "Gunnar".to_owned();
    let newcomer = Person {
        id: person("Gunnar"),
        given_name,
        family_name: "Ny".to_owned(),
        language: Some(Language::Sv),
        phone: None,
        email: None,
        birth_date: None,
        protected_identity: false,
    };
    town.put(newcomer);
    let mut pending = guardianship("Liv", "Gunnar", GuardianshipKind::Guardian, &[]);
    pending.standing = Standing::Pending;
    town.put(pending.clone());
    assert_eq!(town.code("Gunnar"), None, "pending");
    assert_eq!(town.code("Kaj"), None, "without custody or delegation");
    assert_eq!(town.code("Vikar"), None, "no assignment");
    assert_eq!(town.code("Nobody"), None);
    let printed = town.code("Erik").expect("a guardian");
    town.put(Block { pupil: person("Liv"), person: person("Erik") });
    assert_eq!(town.code("Erik"), None, "blocked");
    let (status, problem) = enrol(&town.url(), &printed);
    assert_eq!((status, &problem["code"]), (403, &json!("code_expired")), "the letter that was on its way");
    let (status, problem) = enrol(&town.url(), "AAAA-AAAA-AAAA-AAAA");
    assert_eq!((status, &problem["code"]), (403, &json!("code_wrong")));
    pending.standing = Standing::Confirmed;
    town.put(pending);
    assert!(town.code("Gunnar").is_some() && town.code("Amal").is_some());
}

#[test]
fn a_block_wipes_what_the_phone_holds_of_the_child() {
    let town = Town::open();
    let (erik, amal, olga) = (town.phone("Erik"), town.phone("Amal"), town.phone("Olga"));
    assert!(erik.holds_anything_of("Liv"));
    let block = CommandBody::BlockAdult { pupil: person("Liv"), person: person("Erik") };
    assert!(accepted(&olga.tell(Capacity::Staff(Role::Office), block)));
    erik.settle();
    amal.settle();
    assert!(!erik.holds_anything_of("Liv") && !erik.holds_anything_of("Amal"));
    assert!(amal.holds_anything_of("Liv"));
}

#[test]
fn a_revoked_phone_wipes_itself_and_keeps_what_it_had_to_say_sealed() {
    let mut town = Town::open();
    let (lost, kept) = (town.phone("Amal"), town.phone("Amal"));
    town.stop();
    lost.say(Capacity::Home, sick(&["Liv"]));
    town.start();
    let device = lost.who().unwrap().device;
    kept.revoke_device(device).unwrap();
    assert_eq!(lost.sync().ended, SyncEnd::SignedOut(Some(Login::Revoked)));
    assert!(matches!(lost.view(school()), Err(PhoneError::NotEnrolled)));
    assert!(matches!(lost.outbox(), Err(PhoneError::NotEnrolled)));
    kept.settle();
    assert!(!kept.shows(RecordKind::Attendance, "Liv"), "it was not sent");
    // The same person again.
    lost.enrol(&town.code("Amal").unwrap(), "found again").unwrap();
    assert_eq!(lost.settle().accepted, 1);
}

#[test]
fn a_substitutes_phone_shows_nothing_after_midnight_with_no_network_and_holds_nothing_after_the_next() {
    let mut town = Town::open();
    let mut substitute = assignment("Vikar", Role::Teacher, Reach::Group(group("4B")));
    substitute.dates = Dates { from: Some(day(TUESDAY)), until: Some(day(TUESDAY)) };
    town.put(substitute);
    let (vikar, sanna) = (town.phone("Vikar"), town.phone("Sanna"));
    assert!(vikar.shows(RecordKind::PupilCard, "Liv"));
    town.stop();
    town.clock.advance_to(at("2026-09-15T22:00:00Z"));
    assert!(!vikar.shows(RecordKind::PupilCard, "Liv"), "midnight in Stockholm");
    assert!(sanna.shows(RecordKind::PupilCard, "Liv"));
    town.start();
    vikar.settle();
    assert!(!vikar.holds_anything_of("Liv"));
    sanna.settle();
    assert!(sanna.holds_anything_of("Liv"));
}

/// At half past eight, Sanna marks both missing; home is told.
fn missing_on_tuesday(town: &Town, sanna: &TownPhone) {
    town.until("2026-09-15T06:30:00Z");
    let mark = |name: &str| RollMark { pupil: person(name), presence: Presence::Unexplained };
    let marks = vec![mark("Liv"), mark("Omar")];
    let roll = CommandBody::MarkRoll { group: group("4B"), day: day(TUESDAY), session: Session::Day, marks };
    assert!(accepted(&sanna.tell(Capacity::Staff(Role::ContactTeacher), roll)));
    town.until("2026-09-15T06:50:00Z");
}

fn told(phone: &TownPhone, pupil: &str) -> Vec<NoticeReason> {
    phone.settle();
    let notices = phone.about(RecordKind::Notice, pupil).into_iter();
    notices.map(|record| Notice::try_from(record.body).unwrap().reason).collect()
}

const MISSING: [NoticeReason; 1] = [NoticeReason::UnexplainedAbsence];

#[test]
fn what_a_blocked_guardian_was_told_goes_with_the_child_and_what_is_of_another_stays() {
    let town = Town::open();
    town.put(guardianship("Omar", "Erik", GuardianshipKind::Guardian, &[]));
    let (erik, amal, sanna) = (town.phone("Erik"), town.phone("Amal"), town.phone("Sanna"));
    missing_on_tuesday(&town, &sanna);
    assert_eq!((told(&erik, "Liv"), told(&erik, "Omar")), (MISSING.to_vec(), MISSING.to_vec()));
    let read = erik.about(RecordKind::Notice, "Liv")[0].id;
    town.put(Block { pupil: person("Liv"), person: person("Erik") });
    assert_eq!((told(&erik, "Liv"), told(&erik, "Omar")), (vec![], MISSING.to_vec()));
    assert!(!erik.holds_anything_of("Liv"));
    assert_eq!(told(&amal, "Liv"), MISSING);
    let reads = erik.tell(Capacity::Home, CommandBody::MarkNoticeRead { notice: read });
    assert!(!accepted(&reads), "there is nothing to read");
    let hers = amal.about(RecordKind::Notice, "Liv")[0].id;
    assert!(!accepted(&erik.tell(Capacity::Home, CommandBody::MarkNoticeRead { notice: hers })));
    assert!(accepted(&amal.tell(Capacity::Home, CommandBody::MarkNoticeRead { notice: hers })));
}

#[test]
fn what_was_told_goes_when_custody_or_delegation_ends() {
    let town = Town::open();
    for adult in ["Erik", "Kaj"] {
        town.put(guardianship("Omar", adult, GuardianshipKind::Guardian, &[]));
    }
    let (erik, kaj) = (town.phone("Erik"), town.phone("Kaj"));
    let (amal, sanna) = (town.phone("Amal"), town.phone("Sanna"));
    assert!(accepted(&amal.tell(Capacity::Home, delegates(&[Topic::Attendance]))));
    missing_on_tuesday(&town, &sanna);
    assert_eq!(told(&kaj, "Liv").len(), 2, "delegated, and missing");
    assert!(accepted(&amal.tell(Capacity::Home, delegates(&[]))));
    assert_eq!(told(&kaj, "Liv"), [NoticeReason::DelegationChanged]);
    assert_eq!(told(&kaj, "Omar"), MISSING);
    // Erik's custody ends with the day.
    let mut ends = guardianship("Liv", "Erik", GuardianshipKind::Guardian, &[]);
    ends.dates.until = Some(day(TUESDAY));
    town.put(ends);
    assert_eq!(told(&erik, "Liv"), MISSING);
    town.until("2026-09-15T22:00:00Z");
    assert_eq!((told(&erik, "Liv"), told(&erik, "Omar")), (vec![], MISSING.to_vec()));
    assert!(!erik.holds_anything_of("Liv"));
    // Barred, Kaj keeps not even that.
    town.put(Block { pupil: person("Liv"), person: person("Kaj") });
    assert_eq!(told(&kaj, "Liv"), []);
    assert!(!kaj.holds_anything_of("Liv"));
}
