//! What reaches the staff's *today* and stays there until somebody has dealt with it.

use crate::{
    SV, button,
    fake::{FakeServer, Owner, sync},
    has, phone_of, press,
    school::{STAFF_4B, TEACHER, after, close, explain, group, hm, marks, monday, person, said_home},
    show, sync_all,
};
use skolebro_core::{
    device::{
        Phone,
        screens::{
            Does, FollowUpList, StaffToday, Window, call_list, child, explanations, follow_ups, group_board, inbox,
            roll_call, staff_today,
        },
    },
    domain::{
        attendance::{AbsenceKind, CallOutcome, FollowUpSignal, Presence, Session, board::RollState, signal_key},
        command::{Capacity, CommandBody},
        people::{Dates, Membership, Person, Role},
        record::{Body, Record},
    },
};

fn staff(phone: &Phone) -> StaffToday {
    show(phone, SV, |view, texts| staff_today(view, texts))
}

/// Whose day waits for an answer, as *today* shows it.
fn to_judge(phone: &Phone) -> Vec<(String, String)> {
    staff(phone).to_judge.into_iter().map(|line| (line.pupil.name, line.label)).collect()
}

/// It is that time some days after Monday, for the school and the phones.
fn at(server: &FakeServer, owner: &Owner, days: i64, time: &str) {
    server.change(|school| school.on(after(days), time));
    owner.clock.advance_to(server.now());
}

#[test]
fn a_missing_friday_that_is_explained_on_monday_reaches_whoever_may_answer() {
    let server = FakeServer::new();
    let (owner, sanna) = phone_of(&server, "Sanna");
    let (_olle, olle) = phone_of(&server, "Olle");
    let (_lena, lena) = phone_of(&server, "Lena");
    let friday = after(4);
    at(&server, &owner, 4, "08:40");
    let missed = [("Liv", Presence::Unexplained), ("Hugo", Presence::Unexplained)];
    server.give("Sanna", STAFF_4B, marks("4B", friday, Session::Day, &missed));
    at(&server, &owner, 7, "07:30");
    server.give("Amal", Capacity::Home, explain("Liv", friday, AbsenceKind::Other));
    server.give("Lena", Capacity::Home, explain("Hugo", friday, AbsenceKind::Other));
    sync_all(&[&sanna, &olle, &lena]);
    let both = [
        ("Hugo Ek".to_owned(), "Fredag 27 november".to_owned()),
        ("Liv Ek".to_owned(), "Fredag 27 november".to_owned()),
    ];
    for (phone, who) in [(&sanna, "Sanna"), (&olle, "Olle")] {
        let mut shown = to_judge(phone);
        shown.sort();
        assert_eq!(shown, both, "{who}");
    }
    assert_eq!(to_judge(&lena), both[1..], "not her own child's");
    // Neither the guardian, the substitute nor another class' teacher is asked.
    for who in ["Vera", "Tomas", "Hedda"] {
        let (_owner, phone) = phone_of(&server, who);
        assert!(phone.schools().is_empty() || to_judge(&phone).is_empty(), "{who}");
    }
    let (_amal, amal) = phone_of(&server, "Amal");
    assert!(show(&amal, SV, |view, texts| explanations(view, texts, Window::first(9))).is_none());

    // Answered on one phone, it is gone from all of them; and a month without an answer takes none away.
    let liv = staff(&sanna).to_judge.into_iter().find(|line| line.pupil.id == person("Liv")).unwrap();
    press(&sanna, button(&liv.actions, Does::AcceptExplanation));
    assert_eq!(to_judge(&sanna), both[..1]);
    sync_all(&[&sanna, &olle]);
    assert_eq!(to_judge(&olle), both[..1]);
    at(&server, &owner, 37, "07:30");
    sync(&sanna);
    let waiting = show(&sanna, SV, |view, texts| explanations(view, texts, Window::first(9))).unwrap();
    assert_eq!(waiting.explanations.items.len(), 1);
}

/// A signal about that pupil for its contact teacher, some days after Monday, as the clock raises one.
fn signal(server: &FakeServer, pupil: &str, days: i64) {
    let mut state = server.0.lock();
    let school = state.school.world.school;
    let key = signal_key(school, person(pupil), "Upprepad frånvaro", after(days));
    let signal = FollowUpSignal {
        threshold: "Upprepad frånvaro".into(),
        count: 5,
        within_days: 30,
        tell: vec![Role::ContactTeacher],
        at: state.school.world.now,
        handling: Vec::new(),
    };
    let (pupil, day) = (Some(person(pupil)), Some(after(days)));
    let record = Record { id: key.1, scope: key.0, pupil, day, body: Body::FollowUpSignal(signal) };
    state.school.world.records.insert(key, record.clone());
    state.write(key, Some(&record));
}

#[test]
fn a_signal_waits_on_every_phone_until_one_of_them_has_dealt_with_it() {
    let server = FakeServer::new();
    let (owner, sanna) = phone_of(&server, "Sanna");
    let (_lena, lena) = phone_of(&server, "Lena");
    at(&server, &owner, 0, "15:30");
    signal(&server, "Maja", 0);
    // Far more than a fortnight later.
    at(&server, &owner, 60, "08:00");
    sync_all(&[&sanna, &lena]);
    let lines = |phone: &Phone| -> Vec<String> { staff(phone).signals.into_iter().map(|line| line.text).collect() };
    assert_eq!(lines(&sanna), ["Maja Ek: Upprepad frånvaro (5 på 30 dagar)"]);
    assert_eq!(lines(&lena), lines(&sanna));
    for who in ["Olle", "Tomas", "Hedda"] {
        let (_owner, phone) = phone_of(&server, who);
        assert!(lines(&phone).is_empty(), "{who}: the rule set tells the contact teacher");
    }
    let line = staff(&sanna).signals.remove(0);
    let done = button(&line.actions, Does::HandleFollowUp);
    press(&sanna, done);
    assert!(lines(&sanna).is_empty());
    sync_all(&[&sanna, &lena]);
    assert!(lines(&lena).is_empty(), "nobody is given twice what a colleague has done");
    let list = |phone: &Phone| -> FollowUpList {
        show(phone, SV, |view, texts| follow_ups(view, texts, Window::first(9))).unwrap()
    };
    assert_eq!(list(&lena).empty.as_deref(), Some("Ingen frånvaro att följa upp just nu."));
    let held = list(&lena).signals.items.remove(0);
    assert!(held.handled && held.handling[0].starts_with("Hanterad av Sanna Ek"), "{:?}", held.handling);
    // It stays on the pupil's page, and a mistake is taken back.
    let page = show(&lena, SV, |view, texts| child(view, texts, person("Maja"), None, 5));
    press(&lena, button(&page.signals[0].actions, Does::ReopenFollowUp));
    sync_all(&[&lena, &sanna]);
    assert_eq!(lines(&sanna).len(), 1);
    let again = staff(&sanna).signals.remove(0);
    assert!(again.handling[1].starts_with("Öppnad igen av Lena Ek"), "{:?}", again.handling);
}

#[test]
fn whom_no_roll_would_miss_is_named_to_the_office() {
    let server = FakeServer::new();
    let (_olle, olle) = phone_of(&server, "Olle");
    assert!(staff(&olle).office.unwrap().no_roll_text.is_none());
    server.change(|school| {
        // Omar has left 4C and is nowhere yet; Liv has the club alone, which misses nobody in the morning.
        for (pupil, class) in [("Omar", "4C"), ("Liv", "4B")] {
            let dates = Dates { from: None, until: monday().pred_opt() };
            school.world.roster.put(&Membership { pupil: person(pupil), group: group(class), dates }.into());
        }
    });
    let (_later, olle) = phone_of(&server, "Olle");
    let office = staff(&olle).office.unwrap();
    assert_eq!(office.no_roll_text.as_deref(), Some("2 elever finns inte med på något upprop i dag"));
    let names: Vec<&str> = office.no_roll_pupils.iter().map(|pupil| pupil.name.as_str()).collect();
    assert_eq!(names, ["Liv Ek", "Omar Ek"]);
    let (_sanna, sanna) = phone_of(&server, "Sanna");
    assert!(staff(&sanna).office.is_none());
}

#[test]
fn an_untaken_roll_stands_on_today_until_it_is_called() {
    let server = FakeServer::new();
    let (owner, sanna) = phone_of(&server, "Sanna");
    let (_olle, olle) = phone_of(&server, "Olle");
    let lines = |phone: &Phone| -> Vec<String> { staff(phone).untaken.into_iter().map(|line| line.text).collect() };
    at(&server, &owner, 0, "08:30");
    server.give("Sanna", STAFF_4B, close("4B"));
    server.give("Tomas", TEACHER, close("4C"));
    // Tuesday's is forgotten.
    at(&server, &owner, 2, "08:00");
    sync_all(&[&sanna, &olle]);
    assert_eq!(lines(&sanna), ["Upprop saknas: 4B, i går"]);
    let of_classes: Vec<String> = lines(&olle).into_iter().filter(|line| !line.contains("Fritids")).collect();
    assert_eq!(of_classes, ["Upprop saknas: 4B, i går", "Upprop saknas: 4C, i går"]);
    assert!(staff(&sanna).groups[0].roll.text.contains("inte gjort än"), "today's is not due yet");
    server.give("Sanna", STAFF_4B, CommandBody::CloseRoll { group: group("4B"), day: after(1), session: Session::Day });
    sync(&sanna);
    assert!(lines(&sanna).is_empty());
}

#[test]
fn a_pupil_who_is_sought_stands_first_on_every_screen_of_those_who_look_for_it() {
    let server = FakeServer::new();
    let (owner, sanna) = phone_of(&server, "Sanna");
    let (_olle, olle) = phone_of(&server, "Olle");
    let (_amal, amal) = phone_of(&server, "Amal");
    at(&server, &owner, 0, "08:40");
    server.give("Sanna", STAFF_4B, crate::school::mark("4B", "Liv", Presence::Unexplained));
    server.give("Sanna", STAFF_4B, said_home("Liv", CallOutcome::ShouldBeAtSchool, Some("gick åtta, astma")));
    sync_all(&[&sanna, &olle, &amal]);
    let said = "Liv Ek saknas i dag! Hemmet säger att eleven ska vara i skolan. Noterat av Sanna Ek 08:40.";
    assert_eq!(staff(&olle).alarms[0].text, said);
    assert_eq!(staff(&sanna).alarms[0].class, "4B");
    let board = show(&olle, SV, |view, texts| group_board(view, texts, group("4B"), monday(), Window::first(9)));
    assert_eq!(board.rows.items[0].row.alarm.as_deref(), Some(said));
    let calls = show(&olle, SV, |view, texts| call_list(view, texts, None, Window::first(9))).calls.items;
    assert_eq!(calls[0].alarm.as_deref(), Some(said));
    assert!(calls[0].log[0].ends_with("ska vara i skolan ”gick åtta, astma”"), "{:?}", calls[0].log);
    for who in ["Tomas", "Fia", "Hedda"] {
        let (_owner, phone) = phone_of(&server, who);
        // The club that she goes to in the afternoon looks for her too; pupil health has no roll of hers.
        assert_eq!(staff(&phone).alarms.len(), usize::from(who == "Fia"), "{who}");
    }
    let page = show(&amal, SV, |view, texts| child(view, texts, person("Liv"), None, 9));
    assert!(!format!("{page:?}").contains("astma"), "what home told the school on the telephone stays with staff");
    // The next day it still stands: nobody has found her.
    at(&server, &owner, 1, "08:00");
    sync(&olle);
    assert!(staff(&olle).alarms[0].text.starts_with("Liv Ek saknas sedan i går!"));
    at(&server, &owner, 1, "08:05");
    server.give("Sanna", STAFF_4B, marks("4B", monday(), Session::Day, &[("Liv", Presence::Present)]));
    sync(&olle);
    assert!(staff(&olle).alarms.is_empty());
}

#[test]
fn whoever_was_sought_yesterday_is_found_by_the_roll_of_today() {
    let server = FakeServer::new();
    let (owner, sanna) = phone_of(&server, "Sanna");
    let (_olle, olle) = phone_of(&server, "Olle");
    at(&server, &owner, 0, "08:40");
    for pupil in ["Liv", "Hugo"] {
        server.give("Sanna", STAFF_4B, crate::school::mark("4B", pupil, Presence::Unexplained));
        server.give("Sanna", STAFF_4B, said_home(pupil, CallOutcome::ShouldBeAtSchool, None));
    }
    let sought =
        |phone: &Phone| -> Vec<String> { staff(phone).alarms.into_iter().map(|line| line.pupil.name).collect() };
    at(&server, &owner, 1, "08:40");
    sync_all(&[&sanna, &olle]);
    assert_eq!(sought(&olle).len(), 2, "nobody has seen them yet");
    // Liv sits in her place; Hugo is missed again, and home has not been asked yet.
    server.give("Sanna", STAFF_4B, marks("4B", after(1), Session::Day, &[("Hugo", Presence::Unexplained)]));
    server.give("Sanna", STAFF_4B, CommandBody::CloseRoll { group: group("4B"), day: after(1), session: Session::Day });
    sync_all(&[&sanna, &olle]);
    for phone in [&sanna, &olle] {
        assert_eq!(sought(phone), ["Hugo Ek"]);
        let board = show(phone, SV, |view, texts| group_board(view, texts, group("4B"), monday(), Window::first(9)));
        let alarms = board.rows.items.iter().filter(|row| row.row.alarm.is_some());
        assert_eq!(alarms.map(|row| row.row.pupil.name.as_str()).collect::<Vec<_>>(), ["Hugo Ek"]);
    }
}

#[test]
fn a_class_that_has_never_called_a_roll_is_missed_beside_those_that_have() {
    let server = FakeServer::new();
    let (owner, olle) = phone_of(&server, "Olle");
    let lines = || -> Vec<String> { staff(&olle).untaken.into_iter().map(|line| line.text).collect() };
    at(&server, &owner, 0, "08:30");
    server.give("Sanna", STAFF_4B, close("4B"));
    at(&server, &owner, 1, "07:30");
    sync(&olle);
    // The club calls none here, and nobody is reminded of that.
    assert_eq!(lines(), ["Upprop saknas: 4C, i går"]);
}

#[test]
fn pupil_health_sees_that_a_roll_is_closed_and_that_nothing_waits() {
    let server = FakeServer::new();
    let (owner, hedda) = phone_of(&server, "Hedda");
    at(&server, &owner, 0, "08:40");
    sync(&hedda);
    assert_eq!(staff(&hedda).nothing.as_deref(), Some("Inget väntar på dig just nu."));
    let board = || show(&hedda, SV, |view, texts| group_board(view, texts, group("4B"), monday(), Window::first(9)));
    assert_eq!(board().roll.state, RollState::Untaken);
    server.give("Sanna", STAFF_4B, crate::school::mark("4B", "Liv", Presence::Unexplained));
    server.give("Sanna", STAFF_4B, close("4B"));
    sync(&hedda);
    assert!(matches!(board().roll.state, RollState::Taken { .. }), "{:?}", board().roll);
    let counted =
        |what: &str| board().figures.iter().find(|figure| figure.what == what).map_or(0, |figure| figure.number);
    assert_eq!((counted("unexplained"), counted("unmarked")), (1, 0));
    assert!(counted("present") > 0);
    // Something that was said, and is not at the school yet, waits for her after all.
    let capacity = Capacity::Staff(Role::PupilHealth);
    hedda.submit(server.school(), capacity, crate::school::mark("4B", "Hugo", Presence::Present), None).unwrap();
    assert_eq!(staff(&hedda).nothing, None);
}

#[test]
fn where_a_number_is_protected_the_list_says_where_to_look() {
    let server = FakeServer::new();
    let (owner, olle) = phone_of(&server, "Olle");
    at(&server, &owner, 0, "08:40");
    server.give("Sanna", STAFF_4B, crate::school::mark("4B", "Liv", Presence::Unexplained));
    server.give("Sanna", STAFF_4B, said_home("Liv", CallOutcome::ShouldBeAtSchool, None));
    server.change(|school| {
        school.put(Person {
            id: person("Amal"),
            given_name: "Amal".into(),
            family_name: "Ek".into(),
            language: None,
            phone: None,
            email: None,
            birth_date: None,
            protected_identity: true,
        });
    });
    sync(&olle);
    let line = show(&olle, SV, |view, texts| call_list(view, texts, None, Window::first(9))).calls.items.remove(0);
    let amal = line.adults.into_iter().find(|adult| adult.person.id == person("Amal")).unwrap();
    assert_eq!((amal.phone, amal.protected), (None, true));
    assert_eq!(amal.phone_text, "Skyddade uppgifter: numret finns bara i skolans egen pärm");
}

#[test]
fn the_list_of_another_day_is_of_that_day() {
    let server = FakeServer::new();
    let (owner, olle) = phone_of(&server, "Olle");
    at(&server, &owner, 0, "08:40");
    server.give("Sanna", STAFF_4B, crate::school::mark("4B", "Liv", Presence::Unexplained));
    server.give("Sanna", STAFF_4B, said_home("Liv", CallOutcome::AtHome, None));
    at(&server, &owner, 1, "08:00");
    sync(&olle);
    let of = |day| show(&olle, SV, |view, texts| call_list(view, texts, day, Window::first(9))).calls.items.len();
    assert_eq!((of(None), of(Some(monday())), of(Some(after(1)))), (0, 1, 0));
    let roll = show(&olle, SV, |view, texts| roll_call(view, texts, group("4B"), after(1), Some(Session::Lesson(9))));
    assert_eq!(roll.no_such.as_deref(), Some("4B har ett upprop om dagen och inga lektioner."));
    assert!(roll.rows.is_empty() && roll.close.is_none() && !has(&roll.seen, Does::MarkSeen));
}

#[test]
fn a_mirror_of_an_earlier_form_shows_what_waits_and_the_inbox_without_a_network() {
    const NO_TIME: &str = "DROP INDEX record_by_time; ALTER TABLE record DROP COLUMN said; PRAGMA user_version = 3;";
    const NOR_ASKS: &str = "DROP INDEX record_that_asks; ALTER TABLE record DROP COLUMN asks; PRAGMA user_version = 2;";
    for before in [NO_TIME.to_owned(), [NO_TIME, NOR_ASKS].concat()] {
        let server = FakeServer::new();
        let ((sannas, sanna), (amals, amal)) = (phone_of(&server, "Sanna"), phone_of(&server, "Amal"));
        at(&server, &sannas, 0, "08:40");
        server.give("Sanna", STAFF_4B, crate::school::mark("4B", "Liv", Presence::Unexplained));
        server.give("Amal", Capacity::Home, explain("Liv", monday(), AbsenceKind::Other));
        server.give("Sanna", STAFF_4B, crate::school::mark("4B", "Maja", Presence::SentHomeSick { at: hm("08:40") }));
        sync(&sanna);
        sync(&amal);
        let inbox_of = |phone: &Phone| show(phone, SV, |view, texts| inbox(view, texts, None, 9)).notices.items;
        let held = inbox_of(&amal);
        assert!(!held.is_empty());
        drop((sanna, amal));
        for owner in [&sannas, &amals] {
            let mirror = rusqlite::Connection::open(owner.path().join("mirror.db")).unwrap();
            mirror.execute_batch(&before).unwrap();
        }
        // Nothing is fetched anew.
        assert_eq!(to_judge(&sannas.open()).len(), 1);
        assert_eq!(inbox_of(&amals.open()), held);
    }
}
