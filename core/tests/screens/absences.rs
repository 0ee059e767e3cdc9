//! The list of absences: what an office prints, page by page, and nobody else's list.

use crate::{
    SV,
    fake::{FakeServer, Owner, sync},
    phone_of,
    school::{after, monday, sick, sick_today},
    show,
};
use chrono::{NaiveDate, TimeDelta};
use skolebro_core::{
    device::{
        Phone,
        screens::{AbsenceList, Screen, ScreenRequest, absences},
        text::Texts,
    },
    domain::{
        command::Capacity,
        people::{Language, Role},
    },
};
use std::sync::Arc;

fn list(phone: &Phone, from: NaiveDate, to: NaiveDate, limit: u32) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page: AbsenceList = show(phone, SV, |view, texts| absences(view, texts, (from, to), after, limit))?;
        assert!(page.absences.items.len() <= limit as usize);
        for item in &page.absences.items {
            found.push((
                item.line.day.to_string(),
                format!("{} {}: {}", item.class, item.pupil.name, item.line.status.text),
            ));
        }
        after = page.absences.next;
        if after.is_none() {
            return Some(found);
        }
    }
}

/// Liv is away from Monday to Wednesday, Maja on Monday.
fn some_absences() -> (Arc<FakeServer>, Owner, Phone) {
    let server = FakeServer::new();
    server.give("Amal", Capacity::Home, sick(&["Liv"], monday(), after(2)));
    server.give("Amal", Capacity::Home, sick_today("Maja"));
    let (owner, olle) = phone_of(&server, "Olle");
    owner.pass(TimeDelta::days(3));
    sync(&olle);
    (server, owner, olle)
}

#[test]
fn the_office_reads_them_newest_day_first_in_pages_of_any_size() {
    let (_server, _owner, olle) = some_absences();
    let all = list(&olle, monday(), after(2), 100).unwrap();
    let days: Vec<&str> = all.iter().map(|(day, _)| day.as_str()).collect();
    let (first, second, third) = (after(2).to_string(), after(1).to_string(), monday().to_string());
    assert_eq!(days, [first.as_str(), &second, &third, &third]);
    assert_eq!(all[2].1, "4B Liv Ek: Sjuk, hela dagen");
    assert_eq!(all[3].1, "4B Maja Ek: Sjuk, hela dagen");
    for limit in 1..=3 {
        assert_eq!(list(&olle, monday(), after(2), limit).unwrap(), all, "pages of {limit}");
    }
    assert_eq!(list(&olle, after(1), after(1), 1).unwrap(), [all[1].clone()]);
    assert_eq!(list(&olle, after(2), monday(), 5).unwrap(), [], "a span that ends before it begins holds no day");
    let none = show(&olle, SV, |view, texts| absences(view, texts, (after(7), after(9)), None, 5)).unwrap();
    assert_eq!(none.empty.as_deref(), Some("Ingen frånvaro under de dagarna."));
}

#[test]
fn days_far_apart_stand_in_one_list_with_what_is_only_on_this_phone() {
    let (server, owner, olle) = some_absences();
    server.give("Greta", Capacity::Home, sick(&["Adam"], after(14), after(14)));
    server.give("Amal", Capacity::Home, sick(&["Liv"], after(14), after(14)));
    owner.pass(TimeDelta::hours(1));
    sync(&olle);
    let office = Capacity::Staff(Role::Office);
    for ahead in [7, 28] {
        let body = sick(&["Maja"], after(ahead), after(ahead));
        olle.submit(olle.schools()[0], office, body, None).unwrap();
    }
    let all = list(&olle, after(-3000), after(200), 100).unwrap();
    let said: Vec<(&str, &str)> = all.iter().map(|(day, line)| (day.as_str(), &line[..7])).collect();
    let (last, middle, between) = (after(28).to_string(), after(14).to_string(), after(7).to_string());
    assert_eq!(all.len(), 8, "{all:#?}");
    assert_eq!(said[..4], [(&*last, "4B Maja"), (&*middle, "4B Adam"), (&*middle, "4B Liv "), (&*between, "4B Maja")]);
    for limit in 1..=8 {
        assert_eq!(list(&olle, after(-3000), after(200), limit).unwrap(), all, "pages of {limit}");
    }
    assert_eq!(list(&olle, after(8), after(13), 1).unwrap(), [], "nothing between two days that have something");
}

#[test]
fn a_teacher_reads_those_of_the_own_groups_and_a_guardian_has_no_such_list() {
    let (server, _owner, _olle) = some_absences();
    let (_sanna, sanna) = phone_of(&server, "Sanna");
    assert_eq!(list(&sanna, monday(), after(2), 2).unwrap().len(), 4);
    let (_tomas, tomas) = phone_of(&server, "Tomas");
    assert_eq!(list(&tomas, monday(), after(2), 2), Some(Vec::new()));
    let (_amal, amal) = phone_of(&server, "Amal");
    assert_eq!(list(&amal, monday(), after(2), 2), None);
    let wanted = ScreenRequest::Absences { from: monday(), to: after(2), after: None, limit: 2 };
    let shown = amal.screen(amal.schools()[0], Texts::new(Language::En), &wanted).unwrap();
    assert!(matches!(shown, Screen::NotTheirs { .. }), "{shown:?}");
}

#[test]
fn a_screen_of_staffs_is_nobody_elses_by_any_door() {
    use crate::school::group;
    use skolebro_core::device::screens::Window;
    let (server, _owner, olle) = some_absences();
    let (_amal, amal) = phone_of(&server, "Amal");
    let window = Window::first(5);
    let day = None;
    let staffs = [
        ScreenRequest::Roll { group: group("4B"), day, session: None },
        ScreenRequest::Group { group: group("4B"), day, window },
        ScreenRequest::School { day, window },
        ScreenRequest::Calls { day: None, window },
        ScreenRequest::Explanations { window },
        ScreenRequest::FollowUps { window },
        ScreenRequest::Evacuation { window },
        ScreenRequest::Absences { from: monday(), to: monday(), after: None, limit: 5 },
    ];
    for wanted in &staffs {
        let shown = |phone: &Phone| phone.screen(phone.schools()[0], Texts::new(SV), wanted).unwrap();
        assert!(matches!(shown(&amal), Screen::NotTheirs { .. }), "{wanted:?}");
        assert!(!matches!(shown(&olle), Screen::NotTheirs { .. }), "{wanted:?}");
    }
}
