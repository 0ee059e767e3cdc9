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
        (true, "Klockan är över 08:15. Anmälan tas emot ändå, och markeras som sen.")
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
    assert_eq!(button(&child.actions, Does::WellAgainLater).label, "Frisk igen, kommer i morgon, tisdag");
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
    assert_eq!(child.to_explain[0].text, "Skolan saknade barnet i dag. Vad har hänt?");
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
            let liv = &screen.children[0];
            assert!(liv.closed.is_some(), "there is no school on a Sunday");
            // A report is about the next day in session, whose cutoff is still to come.
            let day = liv.report_day.unwrap();
            let button = &button(&liv.actions, Does::ReportSick).body;
            assert!(matches!(button, CommandBody::ReportAbsence { from, to, .. } if (*from, *to) == (day, day)));
            assert!(day > sunday && !liv.cutoff.as_ref().unwrap().past);
        }
        for (time, cutoff, past) in [
            ("08:14", "Anmäl gärna senast 08:15.", false),
            ("08:16", "Klockan är över 08:15. Anmälan tas emot ändå, och markeras som sen.", true),
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

#[test]
fn what_has_been_said_is_not_said_twice_without_a_word() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    let (_erik, erik) = phone_of(&server, "Erik");
    let advice = |phone: &skolebro_core::device::Phone, body: CommandBody, language| {
        let view = phone.view(server.school()).unwrap();
        let advice = view.advise(Capacity::Home, body).err();
        advice.map(|advice| view.refusal(skolebro_core::device::text::Texts::new(language), &advice).text)
    };
    let days = sick(&["Liv"], monday(), after(2));
    assert_eq!(advice(&amal, days.clone(), SV), None);
    amal.submit(server.school(), Capacity::Home, days.clone(), None).unwrap();
    let again = "Liv Ek är redan anmäld: sjuk, i dag till onsdag 25 november. Anmäld av dig.";
    assert_eq!(advice(&amal, days.clone(), SV).as_deref(), Some(again));
    assert_eq!(advice(&amal, sick_today("Liv"), SV).as_deref(), Some(again));
    // What is new is no repetition: another day, another word, another child.
    for body in [
        sick(&["Liv"], after(2), after(3)),
        crate::school::report(&["Liv"], AbsenceKind::Other, monday(), after(2), None),
        sick(&["Liv", "Maja"], monday(), monday()),
    ] {
        assert_eq!(advice(&amal, body, SV), None);
    }
    sync_all(&[&amal, &erik]);
    for (language, words) in [
        (Language::Da, "Liv Ek er allerede meldt: syg, i dag til onsdag den 25. november. Meldt af Amal Ek."),
        (Language::Nb, "Liv Ek er allerede meldt: syk, i dag til onsdag 25. november. Meldt av Amal Ek."),
        (Language::En, "Liv Ek is already reported: sick, today to Wednesday 25 November. Reported by Amal Ek."),
    ] {
        assert_eq!(advice(&erik, days.clone(), language).as_deref(), Some(words));
    }
    // Who had no network is not refused for it.
    erik.submit(server.school(), Capacity::Home, days, None).unwrap();
    sync(&erik);
    assert!(erik.outbox().unwrap().iter().all(|item| !matches!(item.delivery, Delivery::Rejected { .. })));

    erik.submit(server.school(), Capacity::Home, well("Liv", after(1), None), None).unwrap();
    let again = "Liv Ek is already reported well again, back tomorrow. Reported by you.";
    assert_eq!(advice(&erik, well("Liv", after(1), None), Language::En).as_deref(), Some(again));
    assert_eq!(advice(&erik, sick(&["Liv"], after(1), after(1)), Language::En), None, "ill after all");
}

#[test]
fn an_explanation_is_not_given_twice_without_a_word() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    server.change(|school| school.at("08:40"));
    server.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained));
    owner.clock.advance_to(server.now());
    sync(&amal);
    let advice = |kind| {
        let view = amal.view(server.school()).unwrap();
        let body = crate::school::explain("Liv", monday(), kind);
        view.advise(Capacity::Home, body).err().map(|advice| advice.code())
    };
    assert_eq!(advice(AbsenceKind::Sick), None);
    amal.submit(server.school(), Capacity::Home, crate::school::explain("Liv", monday(), AbsenceKind::Sick), None)
        .unwrap();
    assert_eq!(advice(AbsenceKind::Sick), Some("already_explained"));
    assert_eq!(advice(AbsenceKind::Other), None, "said better");
}

#[test]
fn a_missed_day_stays_until_somebody_has_said_why_also_when_it_is_too_late_to_say_it_here() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    server.change(|school| school.at("08:40"));
    server.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained));
    let liv = |days: i64| {
        server.change(|school| school.on(after(days), "09:00"));
        owner.clock.advance_to(server.now());
        sync(&amal);
        today(&amal, SV).children.remove(0)
    };
    assert_eq!(liv(3).to_explain[0].actions.len(), 3);
    let later = liv(21);
    assert!(later.to_explain[0].actions.is_empty());
    assert_eq!(
        later.to_explain[0].text,
        "Skolan saknade barnet måndag 23 november, och ingen har sagt varför. Det går inte längre att förklara här: ring \
         021-000 00."
    );
}

#[test]
fn a_receipt_says_what_was_taken() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    let title = |body: CommandBody| {
        let id = amal.submit(server.school(), Capacity::Home, body, None).unwrap().id;
        let items = amal.outbox().unwrap();
        let all = skolebro_core::device::screens::Window::ALL;
        let shown = show(&amal, SV, |view, texts| skolebro_core::device::screens::outbox(view, texts, &items, all));
        shown.items.items.into_iter().find(|line| line.id == id).unwrap().title
    };
    // A part is clipped to the day, days to those in session, and what is said in the evening is of the next day.
    assert_eq!(title(dentist("Maja", "08:00", "10:00")), "Bokad tid: Maja Ek, i dag, måndag 23 november, 08:20–10:00");
    assert_eq!(title(sick(&["Maja"], after(4), after(8))), "Sjuk: Maja Ek, fredag 27 november till tisdag 1 december");
    assert_eq!(title(sick(&["Liv"], after(4), after(6))), "Sjuk: Liv Ek, fredag 27 november");
    assert_eq!(title(longer("Liv", after(13))), "Borta längre: Liv Ek, till och med fredag 4 december");
    sync(&amal);
    server.change(|school| school.on(after(4), "19:00"));
    owner.clock.advance_to(server.now());
    sync(&amal);
    assert_eq!(title(well("Maja", after(4), None)), "Frisk igen: Maja Ek, tillbaka måndag 30 november");
}

#[test]
fn a_closed_roll_tells_home_that_the_child_is_there_and_since_when() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    let at = |time: &str| {
        server.change(|school| school.at(time));
        owner.clock.advance_to(server.now());
    };
    let seen = |language| -> Vec<String> {
        sync(&amal);
        today(&amal, language).children.into_iter().map(|child| child.today.status.text).collect()
    };
    at("08:27");
    server.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Unexplained));
    assert_eq!(seen(SV), ["Väntas i skolan", "Borta, och ingen har sagt varför"], "the roll is not closed yet");
    server.give("Sanna", STAFF_4B, close("4B"));
    assert_eq!(seen(SV), ["På plats sedan 08:27", "Borta, och ingen har sagt varför"]);
    assert_eq!(seen(Language::Da)[0], "Til stede siden kl. 08.27");
    assert_eq!(seen(Language::Nb)[0], "Til stede siden kl. 08.27");
    assert_eq!(seen(Language::En)[0], "Present since 08:27");
    // A home holds no roll, and nothing of any other child.
    let view = amal.view(server.school()).unwrap();
    let kinds: Vec<_> = view.everything().unwrap().into_iter().map(|row| row.kind).collect();
    assert!(!kinds.contains(&"roll_taken".to_owned()) && kinds.contains(&"roll_closed".to_owned()), "{kinds:?}");
    drop(view);
    // Nora's child is in another class, whose roll is open.
    let (_nora, nora) = phone_of(&server, "Nora");
    assert_eq!(today(&nora, SV).children[0].today.status.text, "Väntas i skolan");
    at("19:00");
    sync(&nora);
    assert_eq!(today(&nora, SV).children[0].today.status.text, "Inget noterat", "it is evening");
}

#[test]
fn a_pupil_of_age_has_her_own_card_with_the_quick_report() {
    let server = FakeServer::new();
    // Elias turned 18 yesterday.
    let (_elias, elias) = phone_of(&server, "Elias");
    let screen = today(&elias, SV);
    let own: Vec<&str> = screen.children.iter().map(|child| child.pupil.name.as_str()).collect();
    assert_eq!(own, ["Elias Ek"]);
    press(&elias, button(&screen.children[0].actions, Does::ReportSick));
    sync(&elias);
    let screen = today(&elias, SV);
    assert_eq!(screen.children[0].today.status.text, "Sjuk, hela dagen");
    assert!(matches!(screen.children[0].delivery.as_ref().unwrap().state, Reached::AtSchool { .. }));
    assert!(screen.children[0].reports[0].text.contains("Anmäld av dig"));
    // The parent without her consent reads nothing, and a younger pupil has no card of its own.
    let (_eva, eva) = phone_of(&server, "Eva");
    assert!(today(&eva, SV).children.is_empty());
    let (_omar, omar) = phone_of(&server, "Omar");
    assert!(today(&omar, SV).children.is_empty());
}
