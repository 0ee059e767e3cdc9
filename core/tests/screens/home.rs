//! *Today* and the child's page at home.

use crate::{
    SV, button,
    fake::{FakeServer, Fault, sync},
    has, phone_of, press,
    school::{
        OFFICE, STAFF_4B, TEACHER, after, close, dentist, judge, late, longer, mark, monday, person, sick, sick_today,
        well,
    },
    show, sync_all, today,
};
use chrono::TimeDelta;
use skolebro_core::{
    device::{
        Delivery,
        screens::{Does, Reached, child, roll_call},
    },
    domain::{
        attendance::{AbsenceKind, Presence, Status},
        command::{Capacity, CommandBody},
        people::{GuardianshipKind, Language, Standing},
        time::instant,
    },
};

#[test]
fn one_tap_and_three_honest_states() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    let (_sanna, sanna) = phone_of(&server, "Sanna");
    let liv = |language| {
        let screen = today(&amal, language);
        screen.children.into_iter().find(|child| child.pupil.name.starts_with("Liv")).unwrap()
    };
    assert_eq!(liv(SV).today.status.text, "Väntas i skolan");
    assert_eq!(liv(SV).delivery, None);

    press(&amal, button(&liv(SV).actions, Does::ReportSick));
    for (language, status, here) in [
        (Language::Sv, "Sjuk, hela dagen", "Bara på den här telefonen"),
        (Language::Da, "Syg, hele dagen", "Kun på denne telefon"),
        (Language::Nb, "Syk, hele dagen", "Bare på denne telefonen"),
        (Language::En, "Sick, all day", "On this phone only"),
    ] {
        let child = liv(language);
        assert_eq!(child.today.status.text, status);
        assert_eq!(child.delivery.as_ref().unwrap().text, here);
        assert_eq!(child.delivery.unwrap().state, Reached::OnThisPhoneOnly);
    }
    assert_eq!(today(&amal, SV).mail.unsent_text.as_deref(), Some("En sak finns bara på den här telefonen"));

    sync(&amal);
    assert_eq!(liv(Language::Sv).delivery.unwrap().text, "Hos skolan");
    assert_eq!(liv(Language::En).delivery.unwrap().text, "At the school");
    assert_eq!(today(&amal, SV).mail.unsent, 0);

    // Sanna opens her roll; her phone says by itself that the report was seen.
    sync(&sanna);
    let group = crate::school::group("4B");
    let roll = show(&sanna, SV, |view, texts| roll_call(view, texts, group, monday(), None));
    assert_eq!(roll.seen.len(), 1);
    press(&sanna, &roll.seen[0]);
    sync_all(&[&sanna, &amal]);
    for (language, text) in [
        (Language::Sv, "Sedd av Sanna Ek 07:00"),
        (Language::Da, "Set af Sanna Ek 07.00"),
        (Language::Nb, "Sett av Sanna Ek 07.00"),
        (Language::En, "Seen by Sanna Ek 07:00"),
    ] {
        assert_eq!(liv(language).delivery.unwrap().text, text);
    }
    let roll = show(&sanna, SV, |view, texts| roll_call(view, texts, group, monday(), None));
    assert!(roll.seen.is_empty(), "what has been seen is not said again");
}

#[test]
fn two_guardians_make_one_absence_and_each_sees_both_tellings() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    let (_erik, erik) = phone_of(&server, "Erik");
    let school = server.school();
    for phone in [&amal, &erik] {
        phone.submit(school, Capacity::Home, sick_today("Liv"), None).unwrap();
    }
    sync_all(&[&amal, &erik]);
    let page = show(&erik, SV, |view, texts| child(view, texts, person("Liv"), None, 10));
    assert_eq!(page.days.items.len(), 1, "one absence");
    let reports: Vec<&str> = page.days.items[0].reports.iter().map(|report| report.text.as_str()).collect();
    assert_eq!(reports, ["Sjuk, hela dagen. Anmäld av Amal Ek 07:00.", "Sjuk, hela dagen. Anmäld av dig 07:00."]);
    assert_eq!(page.stats.unwrap().numbers.days, 1);
}

#[test]
fn a_report_still_on_the_phone_near_the_cutoff_warns_without_a_name() {
    let server = FakeServer::new();
    let (amal_owner, amal) = phone_of(&server, "Amal");
    amal.submit(server.school(), Capacity::Home, sick_today("Liv"), None).unwrap();
    assert_eq!(today(&amal, SV).warning, None, "there is time");
    amal_owner.pass(TimeDelta::minutes(60));
    for (language, word) in
        [(Language::Sv, "ring"), (Language::Da, "ring"), (Language::Nb, "ring"), (Language::En, "call")]
    {
        let warning = today(&amal, language).warning.unwrap();
        assert!(warning.text.contains("021-000 00") && warning.text.contains(word), "{}", warning.text);
        assert!(!warning.text.contains("Liv") && !warning.past);
    }
    amal_owner.pass(TimeDelta::minutes(30));
    let screen = today(&amal, SV);
    assert!(screen.warning.unwrap().past);
    let cutoff = screen.children[0].cutoff.clone().unwrap();
    assert_eq!(
        (cutoff.past, cutoff.text.as_str()),
        (true, "Klockan är över 08:15. Anmälan tas emot ändå, och märks som sen.")
    );
}

#[test]
fn a_late_report_says_so_and_both_times_are_told_where_it_waited() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    let school = server.school();
    // Filed at 07:00 with no network, and with the school at 08:40: in time.
    amal.submit(school, Capacity::Home, sick_today("Liv"), None).unwrap();
    owner.pass(TimeDelta::minutes(100));
    sync(&amal);
    // Filed at 08:40: late.
    amal.submit(school, Capacity::Home, sick_today("Maja"), None).unwrap();
    sync(&amal);
    let screen = today(&amal, SV);
    let report = |name: &str| {
        let child = screen.children.iter().find(|child| child.pupil.name.starts_with(name)).unwrap();
        child.reports[0].clone()
    };
    assert_eq!(report("Liv").text, "Sjuk, hela dagen. Anmäld av dig 07:00, framme hos skolan 08:40.");
    assert_eq!(report("Liv").late, None);
    assert_eq!(report("Maja").late.as_deref(), Some("Anmäld efter 08:15"));
}

#[test]
fn part_of_the_day_stands_beside_where_the_child_is_now() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    amal.submit(server.school(), Capacity::Home, dentist("Liv", "13:00", "14:30"), None).unwrap();
    let child = today(&amal, Language::Da).children.remove(0);
    assert_eq!(child.today.status.state, Status::Expected);
    assert_eq!(child.today.absence.as_deref(), Some("Aftale, 13.00–14.30"));
    // Not begun, so it can be taken back; and the child can still fall ill.
    assert!(has(&child.actions, Does::Withdraw) && has(&child.actions, Does::ReportSick));
}

#[test]
fn same_as_yesterday_well_again_longer_and_taken_back_are_buttons() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    let school = server.school();
    amal.submit(school, Capacity::Home, sick(&["Liv"], monday(), after(1)), None).unwrap();
    let liv = || today(&amal, SV).children.remove(0);
    assert_eq!(liv().next.unwrap().status.text, "Sjuk, hela dagen");
    let child = liv();
    assert!(!has(&child.actions, Does::ReportSick), "it has been said");
    assert_eq!(button(&child.actions, Does::WellAgainToday).label, "Frisk igen, kommer i dag");
    assert_eq!(button(&child.actions, Does::WellAgainLater).label, "Frisk igen, kommer i morgon");
    assert_eq!(button(&child.actions, Does::Extend).label, "Borta längre, till och med onsdag 25 november");
    press(&amal, button(&child.actions, Does::WellAgainLater));
    assert_eq!(liv().next.unwrap().status.text, "Frisk igen, väntas i skolan");
    sync(&amal);

    // Tuesday: she was not well after all.
    owner.pass(TimeDelta::days(1));
    sync(&amal);
    let child = liv();
    let same = button(&child.actions, Does::SameAsYesterday);
    assert_eq!(same.label, "Samma som i går: Sjuk, hela dagen");
    press(&amal, same);
    assert_eq!(liv().today.status.text, "Sjuk, hela dagen");

    // Thursday is told ahead, and taken back before it starts.
    amal.submit(school, Capacity::Home, sick(&["Maja"], after(3), after(3)), None).unwrap();
    let maja = || today(&amal, SV).children.remove(1);
    press(&amal, button(&maja().actions, Does::Withdraw));
    assert!(!has(&maja().actions, Does::Withdraw));
    sync(&amal);
    assert_eq!(
        amal.outbox().unwrap().iter().filter(|item| matches!(item.delivery, Delivery::Rejected { .. })).count(),
        0
    );
}

#[test]
fn in_the_evening_only_tomorrow_is_left_to_be_well_again() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    amal.submit(server.school(), Capacity::Home, sick(&["Maja"], monday(), after(1)), None).unwrap();
    sync(&amal);
    let maja = |language| today(&amal, language).children.remove(1);
    for (time, label) in [("09:58", "Frisk igen, kommer 10:00"), ("15:27", ""), ("19:00", "")] {
        server.change(|school| school.at(time));
        owner.clock.advance_to(server.now());
        sync(&amal);
        let actions = maja(SV).actions;
        let label_now = actions.iter().find(|action| action.does == Does::WellAgainToday);
        assert_eq!(label_now.map_or("", |action| action.label.as_str()), label, "{time}");
    }
    for (language, label) in [
        (Language::Sv, "Frisk igen, kommer i morgon"),
        (Language::Da, "Rask igen, kommer i morgen"),
        (Language::Nb, "Frisk igjen, kommer i morgen"),
        (Language::En, "Well again, comes tomorrow"),
    ] {
        assert_eq!(button(&maja(language).actions, Does::WellAgainLater).label, label);
    }
    press(&amal, button(&maja(SV).actions, Does::WellAgainLater));
    sync(&amal);
    let child = maja(SV);
    assert_eq!(child.today.status.text, "Sjuk, hela dagen", "what has been has been");
    assert_eq!(child.next.unwrap().status.text, "Frisk igen, väntas i skolan");
}

#[test]
fn a_report_of_two_children_is_seen_when_both_are() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    server.change(|school| {
        school.adult("Amal", "Omar", GuardianshipKind::Guardian, Standing::Confirmed);
    });
    sync(&amal);
    amal.submit(server.school(), Capacity::Home, sick(&["Liv", "Omar"], monday(), monday()), None).unwrap();
    sync(&amal);
    let delivery = || amal.outbox().unwrap().remove(0).delivery;
    let seen = |pupil: &str| CommandBody::MarkSeen { pupils: vec![person(pupil)], day: monday() };
    server.give("Sanna", STAFF_4B, seen("Liv"));
    sync(&amal);
    assert!(matches!(delivery(), Delivery::AtSchool { .. }), "nobody has seen Omar's: {:?}", delivery());
    server.change(|school| school.at("07:30"));
    server.give("Tomas", TEACHER, seen("Omar"));
    sync(&amal);
    assert_eq!(delivery(), Delivery::Seen { by: person("Tomas"), at: server.now() });
}

#[test]
fn both_children_are_reported_with_one_button() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    let screen = today(&amal, Language::En);
    assert_eq!(screen.together.len(), 1);
    assert_eq!(screen.together[0].label, "Sick today: Liv Ek and Maja Ek");
    press(&amal, &screen.together[0]);
    let screen = today(&amal, Language::En);
    assert!(screen.children.iter().all(|child| child.today.status.text == "Sick, all day"));
    assert!(screen.together.is_empty());
    // Nora has one child: nothing to put together.
    let (_nora, nora) = phone_of(&server, "Nora");
    assert!(today(&nora, Language::En).together.is_empty());
}

#[test]
fn a_missed_child_is_explained_and_the_answer_is_read() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    server.change(|school| school.at("08:40"));
    server.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained));
    server.give("Sanna", STAFF_4B, close("4B"));
    owner.clock.advance_to(server.now());
    sync(&amal);
    let liv = || today(&amal, SV).children.remove(0);
    let child = liv();
    assert_eq!(child.today.status.text, "Borta, och ingen har sagt varför");
    assert_eq!(child.to_explain[0].text, "Skolan saknade barnet i dag. Vad hade hänt?");
    let labels: Vec<&str> = child.to_explain[0].actions.iter().map(|action| action.label.as_str()).collect();
    assert_eq!(labels, ["Sjuk", "Bokad tid", "Annan frånvaro"]);
    press(&amal, &child.to_explain[0].actions[2]);
    assert_eq!(liv().today.status.text, "Borta, förklaringen väntar på svar");
    assert!(liv().to_explain.is_empty());
    sync(&amal);
    server.give("Sanna", STAFF_4B, judge("Liv", monday(), false, Some("Vi hade prov.")));
    sync(&amal);
    let page = show(&amal, SV, |view, texts| child_page(view, texts));
    let day = &page.days.items[0];
    assert_eq!(day.line.status.text, "Borta, förklaringen godtogs inte");
    assert_eq!(day.explanation.last().map(String::as_str), Some("Vi hade prov."));
    assert_eq!(day.validity.as_ref().unwrap().text, "Ogiltig");
    assert!(day.actions.is_empty(), "a guardian judges nothing");
}

fn child_page(
    view: &dyn skolebro_core::device::screens::Source,
    texts: skolebro_core::device::text::Texts,
) -> Result<skolebro_core::device::screens::Child, skolebro_core::device::PhoneError> {
    child(view, texts, person("Liv"), None, 10)
}

#[test]
fn the_office_files_for_a_guardian_who_phoned() {
    let server = FakeServer::new();
    let (_erik, erik) = phone_of(&server, "Erik");
    let phoned = CommandBody::ReportAbsence {
        pupils: vec![person("Liv")],
        kind: AbsenceKind::Sick,
        from: monday(),
        to: monday(),
        part: None,
        note: None,
        on_behalf_of: Some(person("Amal")),
        phoned_at: Some(server.now()),
    };
    server.give("Olle", OFFICE, phoned);
    sync(&erik);
    let report = today(&erik, Language::Nb).children.remove(0).reports.remove(0);
    assert_eq!(report.text, "Syk, hele dagen. Meldt av Olle Ek for Amal Ek 07.00.");
}

#[test]
fn home_and_school_that_contradict_each_other_are_asked_to_check() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    server.change(|school| school.at("08:30"));
    server.give("Sanna", STAFF_4B, mark("4B", "Liv", late("08:30")));
    owner.clock.advance_to(server.now());
    amal.submit(server.school(), Capacity::Home, sick_today("Liv"), None).unwrap();
    sync(&amal);
    let child = today(&amal, Language::En).children.remove(0);
    assert!(child.check.unwrap().starts_with("The school has noted Liv Ek as present"));
}

#[test]
fn pages_of_a_childs_history_join_without_a_gap() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    for week in 0..3 {
        for body in [sick(&["Liv"], after(week * 7), after(week * 7 + 2)), well("Liv", after(week * 7 + 2), None)] {
            amal.submit(server.school(), Capacity::Home, body, None).unwrap();
            sync(&amal);
        }
        owner.pass(TimeDelta::days(7));
        sync(&amal);
    }
    let all = show(&amal, SV, |view, texts| child(view, texts, person("Liv"), None, 100));
    assert_eq!(all.days.next, None);
    for limit in [1, 2, 3] {
        let (mut days, mut before) = (Vec::new(), None);
        loop {
            let page = show(&amal, SV, |view, texts| child(view, texts, person("Liv"), before, limit));
            assert!(page.days.items.len() <= limit as usize);
            days.extend(page.days.items.into_iter().map(|day| day.line.day));
            before = page.days.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(days, all.days.items.iter().map(|day| day.line.day).collect::<Vec<_>>());
    }
}

#[test]
fn on_both_days_when_the_clock_changes_the_screen_keeps_the_schools_hours() {
    // The Sunday of the change, and the next day in session: autumn's is followed by a week without school.
    for (sunday, next) in [("2027-10-31", "2027-11-08"), ("2028-03-26", "2028-03-27")] {
        let server = FakeServer::new();
        let (sunday, next) = (crate::school::day(sunday), crate::school::day(next));
        let at = |day, time| instant(chrono_tz::Europe::Stockholm, day, crate::school::hm(time));
        server.change(|school| school.world.now = at(sunday, "00:30"));
        let (owner, amal) = phone_of(&server, "Amal");
        // Whichever way the night goes, it is Sunday until midnight.
        for time in ["01:59", "03:30", "12:00", "23:59"] {
            server.change(|school| school.world.now = at(sunday, time));
            owner.clock.advance_to(server.now());
            sync(&amal);
            let screen = today(&amal, SV);
            assert_eq!(screen.day, sunday);
            assert!(screen.children[0].closed.is_some() && screen.children[0].cutoff.is_none());
            assert!(!has(&screen.children[0].actions, Does::ReportSick), "there is no school on a Sunday");
        }
        for (time, cutoff, past) in [
            ("08:14", "Anmäl gärna före 08:15.", false),
            ("08:16", "Klockan är över 08:15. Anmälan tas emot ändå, och märks som sen.", true),
        ] {
            server.change(|school| school.world.now = at(next, time));
            owner.clock.advance_to(server.now());
            sync(&amal);
            let screen = today(&amal, SV);
            let shown = screen.children[0].cutoff.clone().unwrap();
            assert_eq!((shown.text.as_str(), shown.past), (cutoff, past));
        }
        press(&amal, button(&today(&amal, SV).children[0].actions, Does::ReportSick));
        let report = today(&amal, SV).children[0].reports[0].clone();
        assert_eq!(report.text, "Sjuk, hela dagen. Anmäld av dig 08:16.");
        assert!(report.late.is_some());
    }
}

#[test]
fn before_anything_has_come_the_screen_says_that_it_waits() {
    let server = FakeServer::new();
    let owner = crate::fake::Owner::new(&server);
    let phone = owner.open();
    phone.enrol("Amal", "phone").unwrap();
    server.fault(Fault::Offline);
    sync(&phone);
    let screen = today(&phone, Language::Da);
    assert!(screen.empty.unwrap().starts_with("Henter fra skolen"));
    assert!(screen.children.is_empty());
}

#[test]
fn only_ones_own_children_are_there_and_a_stepfather_without_delegation_has_none() {
    let server = FakeServer::new();
    let names = |who: &str| -> Vec<String> {
        let (_owner, phone) = phone_of(&server, who);
        today(&phone, SV).children.into_iter().map(|child| child.pupil.name).collect()
    };
    assert_eq!(names("Amal"), ["Liv Ek", "Maja Ek"]);
    assert_eq!(names("Fatou"), ["Adam Ek"]);
    assert!(names("Zlatan").is_empty(), "barred");
    let (_erik, erik) = phone_of(&server, "Erik");
    erik.submit(server.school(), Capacity::Home, longer("Omar", after(1)), None).unwrap();
    sync(&erik);
    let shown = format!("{:?}", today(&erik, SV));
    assert!(!shown.contains("Omar"), "another's child is never shown");
}
