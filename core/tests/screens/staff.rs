//! What staff see: the roll, the boards, the call list, who is in the building.

use crate::{
    SV, button,
    fake::{FakeServer, sync},
    has, phone_of, press,
    school::{OFFICE, STAFF_4B, TEACHER, after, close, group, mark, marks, monday, person, sick, sick_today},
    show, sync_all,
};
use chrono::TimeDelta;
use skolebro_core::{
    device::{
        Phone,
        screens::{
            Does, RollCall, StaffToday, Window, call_list, child, evacuation_list, group_board, roll_call,
            school_board, staff_today,
        },
    },
    domain::{
        attendance::{AbsenceKind, Presence, Session, board::RollState},
        command::Capacity,
        people::Language,
        scope::Topic,
    },
};

fn roll(phone: &Phone, language: Language) -> RollCall {
    show(phone, language, |view, texts| roll_call(view, texts, group("4B"), monday(), None))
}

fn staff(phone: &Phone, language: Language) -> StaffToday {
    show(phone, language, |view, texts| staff_today(view, texts))
}

#[test]
fn a_whole_class_in_name_order_with_exceptions_marked_and_undone() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    let (owner, sanna) = phone_of(&server, "Sanna");
    amal.submit(server.school(), Capacity::Home, sick(&["Liv"], monday(), after(1)), None).unwrap();
    sync_all(&[&amal, &sanna]);
    owner.pass(TimeDelta::minutes(85));
    sync(&sanna);

    let screen = roll(&sanna, SV);
    assert_eq!(screen.name, "4B");
    let names: Vec<&str> = screen.rows.iter().map(|row| row.row.pupil.name.as_str()).collect();
    assert_eq!(names, ["Adam Ek", "Hugo Ek", "Liv Ek", "Maja Ek"]);
    assert_eq!(screen.rows[2].row.status.text, "Sjuk, hela dagen");
    assert_eq!(screen.rows[2].row.reports[0].text, "Sjuk, hela dagen. Anmäld av Amal Ek 07:00.");
    assert!(screen.rows[2].row.unseen);
    assert_eq!(screen.roll.text, "Upprop inte gjort än");
    let labels: Vec<&str> = screen.rows[0].marks.iter().map(|action| action.label.as_str()).collect();
    assert_eq!(labels, ["På plats", "Kom sent", "Borta", "Gick tidigare", "Skickad hem sjuk"]);

    // Adam comes late: the time is now.
    press(&sanna, &screen.rows[0].marks[1]);
    let screen = roll(&sanna, SV);
    assert_eq!(screen.rows[0].row.status.text, "Kom sent, 08:25");
    assert_eq!(screen.rows[0].row.marks[0].text, "Kom sent, 08:25. Noterat av dig 08:25.");
    assert!(screen.rows[0].row.marks[0].here_only);
    assert_eq!(screen.rows[0].marks.len(), 4, "the mark that stands is not offered again");
    press(&sanna, screen.rows[0].undo.as_ref().unwrap());
    assert_eq!(roll(&sanna, SV).rows[0].mark, None);
    assert!(roll(&sanna, SV).rows[0].undo.is_none());

    press(&sanna, roll(&sanna, SV).close.as_ref().unwrap());
    let screen = roll(&sanna, Language::Da);
    assert_eq!(screen.roll.text, "Fremmøde registreret 08.25 af dig");
    assert!(screen.close.is_none());
    assert_eq!(screen.rows[0].row.status.text, "Til stede");
}

#[test]
fn a_mark_can_be_undone_for_a_minute_only() {
    let server = FakeServer::new();
    let (owner, sanna) = phone_of(&server, "Sanna");
    owner.pass(TimeDelta::minutes(85));
    sync(&sanna);
    press(&sanna, &roll(&sanna, SV).rows[0].marks[2]);
    assert!(roll(&sanna, SV).rows[0].undo.is_some());
    owner.pass(TimeDelta::minutes(2));
    assert!(roll(&sanna, SV).rows[0].undo.is_none());
}

#[test]
fn another_classs_teacher_has_no_buttons_and_no_names_in_this_one() {
    let server = FakeServer::new();
    let (_tomas, tomas) = phone_of(&server, "Tomas");
    let screen = roll(&tomas, SV);
    assert!(screen.rows.is_empty() && screen.close.is_none() && screen.seen.is_empty());
    let (_fia, fia) = phone_of(&server, "Fia");
    assert_eq!(staff(&fia, SV).groups.len(), 1);
    assert!(staff(&fia, SV).office.is_none());
}

#[test]
fn the_board_tells_the_urgent_ones_first_and_counts_the_rest() {
    let server = FakeServer::new();
    let (owner, sanna) = phone_of(&server, "Sanna");
    server.give("Amal", Capacity::Home, sick_today("Liv"));
    server.change(|school| school.at("08:40"));
    server.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Unexplained));
    server.give("Sanna", STAFF_4B, close("4B"));
    owner.clock.advance_to(server.now());
    sync(&sanna);
    let board =
        show(&sanna, Language::En, |view, texts| group_board(view, texts, group("4B"), monday(), Window::first(10)));
    let names: Vec<&str> = board.rows.items.iter().map(|row| row.row.pupil.name.as_str()).collect();
    assert_eq!(names, ["Maja Ek", "Liv Ek"], "whoever is where they should be is only counted");
    let figures: Vec<&str> = board.figures.iter().map(|figure| figure.text.as_str()).collect();
    assert_eq!(figures, ["3 expected", "2 present", "1 sick", "1 unexplained"]);
    assert_eq!(board.seen.len(), 1);
    // A page shows, and marks as seen, only what is on it.
    let first =
        show(&sanna, Language::En, |view, texts| group_board(view, texts, group("4B"), monday(), Window::first(1)));
    assert_eq!((first.rows.items.len(), first.rows.next), (1, Some(1)));
    assert!(first.seen.is_empty(), "Liv's report is on the next page");

    let today = staff(&sanna, Language::En);
    assert_eq!(today.groups[0].unseen_text.as_deref(), Some("One new report"));
    assert!(matches!(today.groups[0].roll.state, RollState::Taken { .. }));
}

#[test]
fn an_explanation_is_judged_by_whoever_may_and_never_for_ones_own_child() {
    let server = FakeServer::new();
    let (owner, lena) = phone_of(&server, "Lena");
    let (_sanna, sanna) = phone_of(&server, "Sanna");
    let (_vera, vera) = phone_of(&server, "Vera");
    server.change(|school| school.at("08:40"));
    let both = marks("4B", monday(), Session::Day, &[("Hugo", Presence::Unexplained), ("Liv", Presence::Unexplained)]);
    server.give("Sanna", STAFF_4B, both);
    for (who, pupil) in [("Lena", "Hugo"), ("Amal", "Liv")] {
        server.give(who, Capacity::Home, crate::school::explain(pupil, monday(), AbsenceKind::Other));
    }
    owner.clock.advance_to(server.now());
    sync_all(&[&lena, &sanna, &vera]);
    let judged = |phone: &Phone| -> Vec<String> {
        let board = show(phone, SV, |view, texts| group_board(view, texts, group("4B"), monday(), Window::first(10)));
        let rows = board.rows.items.into_iter();
        rows.filter(|row| has(&row.actions, Does::AcceptExplanation)).map(|row| row.row.pupil.name).collect()
    };
    assert_eq!(judged(&sanna), ["Hugo Ek", "Liv Ek"]);
    assert_eq!(judged(&lena), ["Liv Ek"], "Lena is Hugo's mother");
    assert!(judged(&vera).is_empty(), "a substitute does not judge");
    let page = show(&sanna, SV, |view, texts| child(view, texts, person("Liv"), None, 5));
    press(&sanna, button(&page.days.items[0].actions, Does::AcceptExplanation));
    let page = show(&sanna, SV, |view, texts| child(view, texts, person("Liv"), None, 5));
    assert_eq!(page.days.items[0].line.status.text, "Borta, förklaringen är godtagen");
}

#[test]
fn whoever_was_missed_and_explained_can_be_missed_again() {
    let server = FakeServer::new();
    let (owner, sanna) = phone_of(&server, "Sanna");
    server.change(|school| school.at("08:40"));
    let absent = || {
        owner.clock.advance_to(server.now());
        sync(&sanna);
        let row = roll(&sanna, SV).rows.into_iter().find(|row| row.row.pupil.name == "Liv Ek").unwrap();
        row.marks.into_iter().find(|action| action.label == "Borta")
    };
    assert!(absent().is_some());
    server.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained));
    assert!(absent().is_none(), "it has been said");
    server.change(|school| school.at("08:50"));
    server.give("Amal", Capacity::Home, crate::school::explain("Liv", monday(), AbsenceKind::Other));
    server.change(|school| school.at("10:30"));
    press(&sanna, &absent().unwrap());
    assert!(absent().is_none());
    sync(&sanna);
    assert_eq!(
        roll(&sanna, SV).rows.iter().filter(|row| row.row.status.text.starts_with("Borta, och ingen")).count(),
        1
    );
}

#[test]
fn the_office_sees_the_school_calls_home_and_knows_who_is_inside() {
    let server = FakeServer::new();
    let (owner, olle) = phone_of(&server, "Olle");
    server.change(|school| {
        school.at("08:30");
        // Bo, without custody, has another topic: he is not to hear of this one.
        let mut bo = school.world.roster.guardianship(person("Liv"), person("Bo")).unwrap().clone();
        bo.topics = vec![Topic::Leave];
        school.put(bo);
    });
    server.give("Amal", Capacity::Home, sick_today("Maja"));
    server.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained));
    server.give("Sanna", STAFF_4B, close("4B"));
    tick(&server, "08:35");
    tick(&server, "09:10");
    owner.clock.advance_to(server.now());
    sync(&olle);

    let today = staff(&olle, SV);
    let office = today.office.unwrap();
    assert_eq!(office.calls_text, "Ett hem att ringa");
    assert_eq!(office.rolls_text, "Ett av dagens upprop saknas", "4C's");
    let list = show(&olle, SV, |view, texts| call_list(view, texts, None, Window::first(10)));
    assert_eq!(list.empty, None);
    let line = &list.calls.items[0];
    assert_eq!(line.pupil.name, "Liv Ek");
    let adults: Vec<&str> = line.adults.iter().map(|adult| adult.person.name.as_str()).collect();
    assert_eq!(adults, ordered(&["Amal", "Erik"]), "neither the pending, the barred nor the undelegated one");
    assert_eq!(line.adults[0].phone.as_deref(), Some("070"));
    assert_eq!(line.adults[0].phone_text, "070");
    let labels: Vec<&str> = line.adults[0].actions.iter().map(|action| action.label.as_str()).collect();
    assert_eq!(labels, ["Är hemma", "Ska vara i skolan", "Annat besked", "Inget svar"]);
    press(&olle, &line.adults[0].actions[3]);
    let list = show(&olle, SV, |view, texts| call_list(view, texts, None, Window::first(10)));
    assert!(list.calls.items[0].log[0].ends_with("inget svar"), "{:?}", list.calls.items[0].log);
    press(&olle, &list.calls.items[0].adults[1].actions[0]);
    let list = show(&olle, Language::En, |view, texts| call_list(view, texts, None, Window::first(10)));
    assert!(!list.calls.items[0].open);
    assert_eq!(list.empty.as_deref(), Some("Nobody to call at the moment."));

    let inside = show(&olle, Language::En, |view, texts| evacuation_list(view, texts, Window::first(100))).unwrap();
    let names: Vec<(&str, bool)> =
        inside.pupils.items.iter().map(|line| (line.pupil.name.as_str(), line.inside)).collect();
    assert!(names.contains(&("Adam Ek", true)) && names.contains(&("Omar Ek", false)));
    assert!(!names.iter().any(|(name, _)| *name == "Maja Ek" || *name == "Liv Ek"));
    assert_eq!(inside.summary, "2 in the building, 2 uncertain");

    let board = show(&olle, Language::Nb, |view, texts| school_board(view, texts, monday(), Window::first(1)));
    assert_eq!(board.groups.items[0].name, "4C", "an untaken roll comes first");
    assert_eq!(board.groups.next, Some(1));

    // A contact teacher has her own group's list of who is in the building, and no call list.
    let (_sanna, sanna) = phone_of(&server, "Sanna");
    let own = show(&sanna, SV, |view, texts| evacuation_list(view, texts, Window::first(100))).unwrap();
    assert_eq!((own.of.as_str(), own.inside, own.uncertain), ("Bara 4B", 2, 0));
    assert!(own.pupils.items.iter().all(|line| line.class == "4B"));
    assert!(show(&sanna, SV, |view, texts| call_list(view, texts, None, Window::first(10))).calls.items.is_empty());
}

/// Their ids decide, and ids say nothing to a reader.
fn ordered(names: &[&str]) -> Vec<String> {
    let mut names: Vec<_> = names.iter().map(|name| (person(name), format!("{name} Ek"))).collect();
    names.sort();
    names.into_iter().map(|(_, name)| name).collect()
}

/// It is that time, and the clock gives what is due about Liv. Nothing of it reaches a phone before it is written.
fn tick(server: &FakeServer, time: &str) {
    let mut state = server.0.lock();
    state.school.at(time);
    state.school.tick("Liv", monday());
    let records: Vec<_> = state.school.world.records.values().cloned().collect();
    for record in records {
        state.write((record.scope, record.id), Some(&record));
    }
}

#[test]
fn a_principal_marks_and_a_teacher_of_the_group_closes() {
    let server = FakeServer::new();
    let (owner, olle) = phone_of(&server, "Olle");
    owner.pass(TimeDelta::minutes(90));
    sync(&olle);
    let screen = roll(&olle, SV);
    assert_eq!(screen.rows[0].marks[0].capacity, OFFICE);
    let (_vera, vera) = phone_of(&server, "Vera");
    assert_eq!(roll(&vera, SV).close.unwrap().capacity, TEACHER);
    // After midnight Vera is a substitute no longer.
    owner.pass(TimeDelta::days(1));
    sync(&olle);
    assert!(staff(&olle, SV).groups.is_empty(), "the office has the school, and no group of its own");
    let (_late, later) = phone_of(&server, "Vera");
    assert!(later.schools().is_empty() || staff(&later, SV).groups.is_empty());
}
