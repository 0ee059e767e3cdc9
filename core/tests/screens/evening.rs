//! *Today* at home in the evening and over a weekend: which day is spoken of.

use crate::{
    SV, button,
    fake::{FakeServer, sync},
    has, phone_of, press,
    school::{after, monday, sick},
    today,
};
use skolebro_core::{
    device::screens::{Does, Reached},
    domain::{
        command::{Capacity, CommandBody},
        people::Language,
    },
};

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
        (Language::Sv, "Frisk igen, kommer i morgon, tisdag"),
        (Language::Da, "Rask igen, kommer i morgen, tirsdag"),
        (Language::Nb, "Frisk igjen, kommer i morgen, tirsdag"),
        (Language::En, "Well again, comes tomorrow, Tuesday"),
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
fn in_the_evening_and_at_weekends_the_report_is_about_the_next_school_day_and_says_so() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    let maja = |language| today(&amal, language).children.remove(1);
    let at = |day, time: &str| {
        server.change(|school| school.on(day, time));
        owner.clock.advance_to(server.now());
        sync(&amal);
    };
    // School ends at 15:30.
    for (day, time, about, words) in [
        (after(0), "15:29", after(0), "Sjuk i dag"),
        (after(0), "15:30", after(1), "Sjuk i morgon, tisdag"),
        (after(0), "22:00", after(1), "Sjuk i morgon, tisdag"),
        (after(1), "00:30", after(1), "Sjuk i dag"),
        (after(4), "19:00", after(7), "Sjuk måndag 30 november"),
        (after(5), "10:00", after(7), "Sjuk måndag 30 november"),
        (after(6), "19:00", after(7), "Sjuk i morgon, måndag"),
    ] {
        at(day, time);
        let child = maja(SV);
        let sick = button(&child.actions, Does::ReportSick);
        assert_eq!(sick.label, words, "{day} {time}");
        assert!(matches!(&sick.body, CommandBody::ReportAbsence { from, to, .. } if (*from, *to) == (about, about)));
        assert_eq!(child.report_day, Some(about));
    }
    for (language, one, both) in [
        (SV, "Sjuk i morgon, måndag", "Sjuka i morgon, måndag: Liv Ek och Maja Ek"),
        (Language::Da, "Syg i morgen, mandag", "Syge i morgen, mandag: Liv Ek og Maja Ek"),
        (Language::Nb, "Syk i morgen, mandag", "Syke i morgen, mandag: Liv Ek og Maja Ek"),
        (Language::En, "Sick tomorrow, Monday", "Sick tomorrow, Monday: Liv Ek and Maja Ek"),
    ] {
        assert_eq!(button(&maja(language).actions, Does::ReportSick).label, one);
        assert_eq!(today(&amal, language).together[0].label, both);
    }
    assert_eq!(maja(SV).cutoff.unwrap().text, "Anmäl gärna senast 08:15 i morgon, måndag.");
    // It stands with the day that it is about, and how far it has come with it.
    press(&amal, button(&maja(SV).actions, Does::ReportSick));
    let child = maja(SV);
    assert_eq!(child.next.unwrap().status.text, "Sjuk, hela dagen");
    assert_eq!(child.next_delivery.unwrap().state, Reached::OnThisPhoneOnly);
    assert_eq!((child.reports.len(), child.next_reports.len()), (0, 1));
    assert!(!has(&maja(SV).actions, Does::ReportSick), "it has been said");
}

#[test]
fn over_a_weekend_an_absence_goes_on_ends_and_is_the_same_as_on_friday() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    let maja = || today(&amal, SV).children.remove(1);
    let at = |day, time: &str| {
        server.change(|school| school.on(day, time));
        owner.clock.advance_to(server.now());
        sync(&amal);
    };
    at(after(4), "07:00");
    amal.submit(server.school(), Capacity::Home, sick(&["Maja"], after(4), after(4)), None).unwrap();
    // On Friday evening one button says that it goes on.
    at(after(4), "19:00");
    let child = maja();
    assert!(!has(&child.actions, Does::ReportSick) && !has(&child.actions, Does::SameAsYesterday));
    assert_eq!(button(&child.actions, Does::Extend).label, "Borta längre, till och med måndag 30 november");
    // On Sunday nothing runs, and the day before is Friday.
    at(after(6), "19:00");
    let child = maja();
    assert_eq!(button(&child.actions, Does::ReportSick).label, "Sjuk i morgon, måndag");
    let same = button(&child.actions, Does::SameAsYesterday);
    assert_eq!(same.label, "Samma som fredag 27 november även i morgon, måndag: Sjuk, hela dagen");
    press(&amal, same);
    // Now it runs over the weekend: it can go on, and it can end.
    let child = maja();
    assert_eq!(button(&child.actions, Does::Extend).label, "Borta längre, till och med tisdag 1 december");
    press(&amal, button(&child.actions, Does::WellAgainLater));
    assert_eq!(maja().next.unwrap().status.text, "Frisk igen, väntas i skolan");
    sync(&amal);
    // On Monday morning the day before is Friday, and is called so.
    at(after(7), "07:00");
    assert_eq!(button(&maja().actions, Does::SameAsYesterday).label, "Samma som fredag 27 november: Sjuk, hela dagen");
}

#[test]
fn while_the_club_goes_on_after_school_today_can_be_told_too() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    server.change(|school| school.at("16:00"));
    owner.clock.advance_to(server.now());
    sync(&amal);
    let labels = |number: usize| -> Vec<String> {
        let child = today(&amal, SV).children.remove(number);
        child.actions.into_iter().filter(|action| action.does == Does::ReportSick).map(|action| action.label).collect()
    };
    assert_eq!(labels(0), ["Sjuk i morgon, tisdag", "Sjuk i dag"], "Liv is at the club");
    assert_eq!(labels(1), ["Sjuk i morgon, tisdag"]);
}
