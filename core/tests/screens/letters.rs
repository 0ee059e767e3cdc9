//! The inbox and the outbox.

use crate::{
    SV,
    fake::{FakeServer, Fault, sync},
    phone_of, press,
    school::{STAFF_4B, after, close, explain, hm, judge, mark, marks, monday, sick_today, well},
    show, today,
};
use skolebro_core::{
    device::{
        Phone,
        screens::{Inbox, NoticeLine, Outbox, Stands, Window, inbox, outbox},
    },
    domain::{
        attendance::{AbsenceKind, Presence, Session},
        command::Capacity,
        notice::NoticeReason,
        people::Language,
    },
};
use std::collections::BTreeSet;

const PEOPLE: [&str; 12] =
    ["Liv", "Maja", "Amal", "Erik", "Bo", "Sanna", "Olle", "Adam", "Hugo", "Zlatan", "Per", "Ek"];

fn read(phone: &Phone, language: Language) -> Inbox {
    show(phone, language, |view, texts| inbox(view, texts, None, 20))
}

fn sent(phone: &Phone, language: Language) -> Outbox {
    let items = phone.outbox().unwrap();
    show(phone, language, |view, texts| outbox(view, texts, &items, Window::first(20)))
}

/// Every kind of notice that a morning can bring.
fn a_morning_of_notices(server: &FakeServer) {
    server.change(|school| school.at("08:40"));
    let missed = marks("4B", monday(), Session::Day, &[("Liv", Presence::Unexplained), ("Maja", Presence::Present)]);
    server.give("Sanna", STAFF_4B, missed);
    server.give("Sanna", STAFF_4B, close("4B"));
    {
        let mut state = server.0.lock();
        state.school.at("08:45");
        state.school.tick("Liv", monday());
    }
    server.give("Amal", Capacity::Home, explain("Liv", monday(), AbsenceKind::Other));
    server.give("Sanna", STAFF_4B, judge("Liv", monday(), false, Some("Vi hade prov.")));
    server.give("Erik", Capacity::Home, sick_today("Maja"));
    server.change(|school| school.at("10:00"));
    server.give("Sanna", STAFF_4B, mark("4B", "Adam", Presence::SentHomeSick { at: hm("10:00") }));
    let mut state = server.0.lock();
    let records: Vec<_> = state.school.world.records.values().cloned().collect();
    for record in records {
        state.write((record.scope, record.id), Some(&record));
    }
}

#[test]
fn a_notice_names_the_child_in_the_app_and_nothing_on_the_lock_screen() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    let (_fatou, fatou) = phone_of(&server, "Fatou");
    a_morning_of_notices(&server);
    owner.clock.advance_to(server.now());
    sync(&amal);
    sync(&fatou);
    let mut reasons = BTreeSet::new();
    for language in Language::ALL.iter().copied() {
        let lines: Vec<NoticeLine> =
            [&amal, &fatou].iter().flat_map(|phone| read(phone, language).notices.items).collect();
        assert!(lines.len() >= 4, "{lines:#?}");
        for line in lines {
            reasons.insert(line.reason);
            assert!(["Liv", "Maja", "Adam"].iter().any(|name| line.text.text.contains(name)), "{}", line.text.text);
            for name in PEOPLE {
                assert!(!line.text.lock_screen.contains(name), "{}", line.text.lock_screen);
            }
            assert!(!line.text.lock_screen.chars().any(|c| c.is_ascii_digit()));
        }
    }
    let wanted = [
        NoticeReason::UnexplainedAbsence,
        NoticeReason::CheckReport,
        NoticeReason::SentHomeSick,
        NoticeReason::ExplanationJudged,
    ];
    assert_eq!(reasons, BTreeSet::from(wanted));
    let refused = read(&amal, SV).notices.items.into_iter().find(|line| line.reason == NoticeReason::ExplanationJudged);
    assert_eq!(
        refused.unwrap().text.text,
        "Skolan har inte godtagit förklaringen för Liv Ek (i dag). Du kan läsa varför på barnets sida."
    );
}

#[test]
fn notices_are_read_paged_and_corrected() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    a_morning_of_notices(&server);
    owner.clock.advance_to(server.now());
    sync(&amal);
    let before = today(&amal, SV).mail;
    assert!(before.unread > 0 && before.unread_text.is_some());
    let all = read(&amal, SV).notices.items;
    let times: Vec<_> = all.iter().map(|line| line.at).collect();
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "newest first");
    for limit in [1, 2, 3] {
        let (mut ids, mut place) = (Vec::new(), None);
        loop {
            let page = show(&amal, SV, |view, texts| inbox(view, texts, place, limit)).notices;
            ids.extend(page.items.iter().map(|line| line.id));
            place = page.next;
            if place.is_none() {
                break;
            }
        }
        assert_eq!(ids, all.iter().map(|line| line.id).collect::<Vec<_>>());
    }
    // Explained meanwhile: what the first notice said is no longer so.
    let first = all.iter().find(|line| line.reason == NoticeReason::UnexplainedAbsence).unwrap();
    assert!(first.corrected && first.text.instead.is_none());
    for line in &all {
        press(&amal, line.read.as_ref().unwrap());
    }
    assert!(read(&amal, SV).notices.items.iter().all(|line| !line.unread && line.read.is_none()));
    assert_eq!(today(&amal, SV).mail.unread, 0);
    assert_eq!(today(&amal, SV).mail.unsent, 0, "that a notice was read is the phone's own word");
    assert_eq!(sent(&amal, SV).empty.as_deref(), Some("Allt du har skickat är framme."));
}

#[test]
fn a_notice_that_comes_later_about_an_earlier_day_has_its_place_on_a_page() {
    let server = FakeServer::new();
    let (owner, amal) = phone_of(&server, "Amal");
    let (yesterday, today) = (monday(), after(1));
    server.change(|school| school.on(yesterday, "08:40"));
    server.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained));
    server.give("Amal", Capacity::Home, explain("Liv", yesterday, AbsenceKind::Other));
    // Two of today's first, and then the answer to what was said of yesterday.
    server.change(|school| school.on(today, "09:00"));
    for (pupil, at) in [("Liv", "09:00"), ("Maja", "09:05")] {
        let sent_home = [(pupil, Presence::SentHomeSick { at: hm(at) })];
        server.give("Sanna", STAFF_4B, marks("4B", today, Session::Day, &sent_home));
        server.change(|school| school.on(today, "09:05"));
    }
    server.change(|school| school.on(today, "10:00"));
    server.give("Sanna", STAFF_4B, judge("Liv", yesterday, false, Some("Vi hade prov.")));
    owner.clock.advance_to(server.now());
    sync(&amal);
    let (mut reasons, mut place) = (Vec::new(), None);
    loop {
        let page = show(&amal, SV, |view, texts| inbox(view, texts, place, 1)).notices;
        assert_eq!(page.items.len(), 1);
        reasons.extend(page.items.iter().map(|line| (line.reason, line.day)));
        place = page.next;
        if place.is_none() {
            break;
        }
    }
    let (judged, home) = (NoticeReason::ExplanationJudged, NoticeReason::SentHomeSick);
    assert_eq!(reasons, [(judged, Some(yesterday)), (home, Some(today)), (home, Some(today))]);
    assert_eq!(crate::today(&amal, SV).mail.unread, 3);
}

#[test]
fn the_outbox_tells_what_was_refused_and_what_to_do_instead() {
    let server = FakeServer::new();
    let (_amal, amal) = phone_of(&server, "Amal");
    let school = server.school();
    let first = amal.submit(school, Capacity::Home, well("Liv", monday(), None), None).unwrap().id;
    amal.submit(school, Capacity::Home, sick_today("Liv"), Some(first)).unwrap();
    amal.submit(school, Capacity::Home, sick_today("Maja"), None).unwrap();
    let waiting = sent(&amal, SV);
    assert_eq!(waiting.items.items.len(), 3);
    let line = waiting.items.items.iter().find(|line| line.id == first).unwrap();
    assert_eq!(line.title, "Frisk igen: Liv Ek, tillbaka i dag, måndag 23 november");
    assert_eq!(line.state.state, Stands::Waiting);
    assert_eq!(line.state.text, "Bara på den här telefonen");
    assert!(line.can.take_back && !line.can.dismiss);
    assert_eq!(line.advice.as_ref().unwrap().code, "no_absence", "the phone warned, and it is sent anyway");

    server.fault(Fault::LeaveFirst);
    sync(&amal);
    sync(&amal);
    for (language, what, instead) in [
        (
            Language::Sv,
            "Det finns ingen anmäld frånvaro att avsluta, förlänga eller ta tillbaka.",
            "Gör en ny anmälan om barnet är borta.",
        ),
        (
            Language::Da,
            "Der er intet meldt fravær at afslutte, forlænge eller trække tilbage.",
            "Meld fravær igen, hvis barnet er væk.",
        ),
        (
            Language::Nb,
            "Det er ikke noe meldt fravær å avslutte, forlenge eller trekke tilbake.",
            "Meld på nytt hvis barnet er borte.",
        ),
        (
            Language::En,
            "There is no reported absence to end, extend or withdraw.",
            "Make a new report if your child is away.",
        ),
    ] {
        let screen = sent(&amal, language);
        let refused = &screen.items.items[0];
        assert_eq!(refused.id, first, "what was refused comes first");
        let refusal = refused.refusal.as_ref().unwrap();
        assert_eq!((refusal.text.as_str(), refusal.instead.as_str()), (what, instead));
        assert!(refused.can.mend && refused.can.resend && refused.can.dismiss && !refused.can.take_back);
        assert_eq!(refused.with_it.len(), 1, "the one that depended on it is told of here, once");
        assert_eq!(screen.items.items.len(), 2);
        assert!(matches!(screen.items.items[1].state.state, Stands::Arrived { .. }));
    }
    assert_eq!(today(&amal, SV).mail.refused_text.as_deref(), Some("En sak kunde skolan inte ta emot"));
    amal.dismiss(first).unwrap();
    assert_eq!(today(&amal, SV).mail.refused, 0);
    assert_eq!(sent(&amal, SV).items.items.len(), 1);
}
