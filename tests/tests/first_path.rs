//! The first whole path: a child is reported sick with no network, and the school knows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use skolebro_core::{
    device::{Delivery, SyncEnd},
    domain::{
        attendance::Extent,
        command::{Capacity, CommandBody},
        people::Role,
        record::{Body, RecordKind},
    },
};
use skolebro_tests::{
    town::{TUESDAY, Town, TownPhone, accepted, sick},
    village::{day, person, school},
};

fn is_reported_sick(phone: &TownPhone, pupil: &str) -> bool {
    phone.about(RecordKind::Attendance, pupil).iter().any(|record| match &record.body {
        Body::Attendance(document) => record.day == Some(day(TUESDAY)) && document.extent == Some(Extent::Whole),
        other => panic!("not an attendance: {other:?}"),
    })
}

#[test]
fn a_report_with_the_server_down_waits_on_the_phone_and_settles_once() {
    let mut town = Town::open();
    let (amal, erik, sanna, nora) = (town.phone("Amal"), town.phone("Erik"), town.phone("Sanna"), town.phone("Nora"));
    town.stop();

    let report = amal.say(Capacity::Home, sick(&["Liv"]));
    let waiting = Delivery::OnThisPhoneOnly { tried: false, not_now: None };
    assert_eq!(amal.delivery(report), waiting);
    assert!(is_reported_sick(&amal, "Liv"), "her own screen shows it at once");

    let amal = amal.reopened();
    assert_eq!(amal.delivery(report), waiting);
    assert!(is_reported_sick(&amal, "Liv"));
    assert_eq!(amal.sync().ended, SyncEnd::Offline);
    assert!(matches!(amal.delivery(report), Delivery::OnThisPhoneOnly { .. }), "trying does not lose it");
    assert_eq!(erik.sync().ended, SyncEnd::Offline);

    town.start();
    let settled = amal.settle();
    assert_eq!((settled.sent, settled.accepted), (1, 1));
    assert!(matches!(amal.delivery(report), Delivery::AtSchool { .. }));
    let again = amal.settle();
    assert_eq!((again.sent, again.accepted), (0, 0), "once");
    let amal = amal.reopened();
    assert_eq!(amal.settle().sent, 0, "nor after opening the folder again");

    for phone in [&erik, &sanna] {
        assert!(!is_reported_sick(phone, "Liv"));
        phone.settle();
        assert!(is_reported_sick(phone, "Liv"));
    }
    nora.settle();
    assert!(!nora.holds_anything_of("Liv"), "Omar's guardian hears nothing of it");

    let opened = CommandBody::MarkSeen { pupils: vec![person("Liv")], day: day(TUESDAY) };
    assert!(accepted(&sanna.tell(Capacity::Staff(Role::ContactTeacher), opened)));
    assert!(matches!(amal.delivery(report), Delivery::AtSchool { .. }), "until she syncs");
    amal.settle();
    match amal.delivery(report) {
        Delivery::Seen { by, .. } => {
            assert_eq!(by, person("Sanna"));
            let name = amal.view(school()).unwrap().name(by).expect("she may know her child's teacher");
            assert!(name.contains("Sanna"));
        }
        other => panic!("not seen: {other:?}"),
    }
}

#[test]
fn both_guardians_report_offline_and_it_is_one_absence() {
    let mut town = Town::open();
    let (amal, erik, sanna) = (town.phone("Amal"), town.phone("Erik"), town.phone("Sanna"));
    town.stop();
    let (hers, his) = (amal.say(Capacity::Home, sick(&["Liv"])), erik.say(Capacity::Home, sick(&["Liv"])));
    town.start();
    amal.settle();
    erik.settle();
    sanna.settle();
    assert!(accepted(&amal.delivery(hers)) && accepted(&erik.delivery(his)));
    let absences = sanna.about(RecordKind::Attendance, "Liv");
    assert_eq!(absences.len(), 1);
    match &absences[0].body {
        Body::Attendance(document) => {
            let told: Vec<_> = document.reports.iter().map(|report| report.command).collect();
            assert_eq!(told, [hers, his]);
        }
        other => panic!("not an attendance: {other:?}"),
    }
}

#[test]
fn what_the_school_says_no_to_stays_visible_until_it_is_mended() {
    let mut town = Town::open();
    let amal = town.phone("Amal");
    town.stop();
    // A Saturday.
    let saturday = skolebro_tests::town::sick_on("2026-09-19", vec![person("Liv")]);
    let refused = amal.say(Capacity::Home, saturday);
    town.start();
    assert_eq!(amal.settle().rejected, 1);
    assert!(matches!(amal.delivery(refused), Delivery::Rejected { .. }));
    let amal = amal.reopened();
    assert!(matches!(amal.delivery(refused), Delivery::Rejected { .. }));
    let mended = amal.mend(refused, sick(&["Liv"]), skolebro_core::device::IfAdvised::Ask).unwrap().id().unwrap();
    amal.settle();
    assert!(accepted(&amal.delivery(mended)));
    assert_eq!(amal.outbox().unwrap().len(), 1, "in its place");
}
