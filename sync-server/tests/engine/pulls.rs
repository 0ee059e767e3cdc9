//! Pulls, page by page: what is held comes first, what is new is named and filled, and every limit gives the same.

use crate::{
    phone::{Phone, text},
    town::{Town, adult, group, named, person, works},
};
use skolebro_core::{
    domain::{
        ids::{CommandId, DeviceId, SchoolId},
        people::{Block, Dates, Enrolment, GuardianshipKind, Membership, Reach, Role, SchoolForm},
        rejection::Rejection,
        scope::Topic,
    },
    protocol::{Outcome, Pull, SyncResponse},
};
use skolebro_server::{
    engine::{Limits, Session},
    store,
};

/// What a phone holds that starts from nothing now.
fn fresh(phone: &Phone) -> Vec<(String, skolebro_core::domain::ids::RecordId, u64, String)> {
    let mut other = Phone::new(phone.engine.clone(), phone.school, phone.session);
    other.pull();
    other.held()
}

fn page(response: &SyncResponse) -> &skolebro_core::protocol::Page {
    match &response.pull {
        Pull::Page(page) => page,
        Pull::ResetRequired => panic!("a page was expected"),
    }
}

#[test]
fn every_page_size_and_either_way_of_reading_gives_the_same() {
    let whole = {
        let town = Town::new();
        let mut petra = town.phone("Petra");
        petra.pull();
        petra.rows.keys().cloned().collect::<Vec<_>>()
    };
    for limits in [Limits::tiny(1), Limits::tiny(2), Limits::tiny(3), Limits { wide_scopes: 1000, ..Limits::tiny(2) }] {
        let town = Town::with(Limits { commands_per_sync: 9, ..limits.clone() });
        for name in ["Petra", "Sanna", "Amal"] {
            let mut phone = town.phone(name);
            let pages = phone.pull();
            assert!(pages >= phone.rows.len() / limits.rows_per_page);
            if name == "Petra" {
                assert_eq!(phone.rows.keys().cloned().collect::<Vec<_>>(), whole);
            }
            // Caught up page by page, as from nothing.
            for topics in [&[Topic::Attendance][..], &[Topic::Attendance, Topic::Book], &[]] {
                town.roster(vec![crate::town::put(town.delegation(topics, Dates::default()).into())]);
                let before = phone.cursor;
                phone.pull();
                assert!(phone.cursor > before);
                assert_eq!(phone.held(), fresh(&phone), "{name}, {limits:?}");
            }
        }
    }
}

/// Pia is in the roster and reads nothing; a school that is not there is asked for beside.
#[test]
fn who_has_nothing_at_a_school_gets_what_a_school_gives_that_is_not_there() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    amal.pull();
    let nowhere = SchoolId::derive(&[&"nowhere"]);
    // Her phone has a token of another school on the same server.
    let elsewhere = |school, commands: Vec<_>, cursor| {
        let device = DeviceId::new();
        let mut pia = Phone::new(town.engine.clone(), school, Session::of(device, person("Pia")));
        pia.cursor = cursor;
        pia.epoch = amal.epoch;
        let answer = pia.ask(commands).unwrap();
        let outcomes: Vec<Outcome> = answer.outcomes.into_iter().map(|settled| settled.outcome).collect();
        (outcomes, serde_json::to_string(&answer.pull).unwrap())
    };
    for cursor in [0, 1, amal.cursor, u64::MAX] {
        let known = elsewhere(town.school, Vec::new(), cursor);
        assert_eq!(known, elsewhere(nowhere, Vec::new(), cursor), "{cursor}");
    }
    let garbled = CommandId::new();
    for json in [format!(r#"{{"id":"{garbled}"}}"#), format!(r#"{{"id":"{garbled}","x":1}}"#)] {
        let known = elsewhere(town.school, vec![text(&json)], 0);
        assert_eq!(known.0, [Outcome::Rejected(Rejection::NotYours)]);
        assert_eq!(known, elsewhere(nowhere, vec![text(&json)], 0));
    }
    let stored = store::read(&*town.store, |reading| reading.command(town.school, garbled)).unwrap();
    assert!(stored.is_none(), "nothing of it is kept");
}

#[test]
fn erik_who_was_blocked_learns_that_once_and_then_not_how_busy_the_school_is() {
    let town = Town::new();
    let (mut amal, mut erik) = (town.phone("Amal"), town.phone("Erik"));
    erik.pull();
    town.put(Block { pupil: person("Liv"), person: person("Erik") });
    erik.pull();
    assert!(erik.rows.is_empty());
    let told = erik.cursor;
    for topics in [&[Topic::Attendance][..], &[]] {
        assert!(matches!(amal.send(&town.delegates(topics)), Outcome::Accepted { .. }));
        assert!(amal.cursor > told);
        let page = erik.page();
        assert_eq!((page.cursor, page.behind, page.revoked.len(), page.rows.len()), (told, false, 0, 0));
    }
    // Let in again, he has all there is.
    town.remove(Block { pupil: person("Liv"), person: person("Erik") });
    erik.pull();
    assert!(erik.cursor > told && !erik.rows.is_empty());
    assert_eq!(erik.held(), fresh(&erik));
}

#[test]
fn an_idle_pull_has_nothing_and_moves_nothing() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    amal.pull();
    let cursor = amal.cursor;
    let idle = amal.sync(Vec::new());
    let page = page(&idle);
    assert!(page.rows.is_empty() && page.reset.is_empty() && page.revoked.is_empty() && page.more.is_none());
    assert_eq!(amal.cursor, cursor);
    assert_eq!(idle.schools, [town.school]);
}

#[test]
fn what_is_granted_is_named_once_and_filled_after_what_is_held() {
    let town = Town::with(Limits { rows_per_page: 1, ..Limits::default() });
    let mut omar = town.phone("Omar");
    omar.pull();
    // A held scope changes, and 4B is his too from now on.
    town.put(named("Tage"));
    town.put(Enrolment { pupil: person("Tage"), form: SchoolForm::Compulsory, dates: Dates::default() });
    town.put(Membership { pupil: person("Nils"), group: group("4B"), dates: Dates::default() });
    town.put(works("Omar", Role::Teacher, Reach::Group(group("4B"))));
    let first = omar.sync(Vec::new());
    let first = page(&first);
    let named: Vec<&str> = first.reset.iter().map(|granted| granted.scope.as_str()).collect();
    assert!(named.contains(&format!("pupil:{}/info/all", person("Liv")).as_str()));
    assert!(!named.iter().any(|scope| scope.contains(&person("Nils").to_string())), "held scopes keep their grants");
    assert!(first.more.as_ref().unwrap().scope.is_none(), "held scopes first");
    let mut back_filling = false;
    loop {
        let next = omar.sync(Vec::new());
        let next = page(&next);
        assert!(next.reset.is_empty() && next.revoked.is_empty(), "on the first page only");
        let filling = next.more.as_ref().is_some_and(|more| more.scope.is_some());
        assert!(filling || !back_filling || next.more.is_none(), "never back to the held ones");
        back_filling |= filling;
        if next.more.is_none() {
            break;
        }
    }
    assert!(back_filling);
    omar.pull();
    assert_eq!(omar.held(), fresh(&omar));
}

#[test]
fn a_grant_in_the_middle_of_a_pull_waits_for_the_next() {
    let town = Town::with(Limits { rows_per_page: 2, ..Limits::default() });
    let mut omar = town.phone("Omar");
    assert!(omar.page().more.is_some());
    let head = omar.continuation.as_ref().unwrap().head;
    town.put(works("Omar", Role::Teacher, Reach::Group(group("4B"))));
    let mut last = omar.page();
    while last.more.is_some() {
        last = omar.page();
    }
    assert_eq!(omar.cursor, head);
    assert!(last.behind, "the head has moved on");
    assert!(!omar.scopes().iter().any(|scope| scope.contains(&person("Liv").to_string())));
    omar.pull();
    assert!(omar.scopes().iter().any(|scope| scope.contains(&person("Liv").to_string())));
    assert_eq!(omar.held(), fresh(&omar));
}

#[test]
fn what_is_lost_in_the_middle_of_a_pull_is_sent_no_more() {
    let town = Town::with(Limits { rows_per_page: 1, ..Limits::default() });
    let mut sanna = town.phone("Sanna");
    sanna.page();
    town.remove(works("Sanna", Role::ContactTeacher, Reach::Group(group("4B"))));
    let mut after = sanna.page();
    assert!(after.rows.is_empty());
    while after.more.is_some() {
        after = sanna.page();
        assert!(after.rows.is_empty());
    }
    sanna.pull();
    assert!(sanna.rows.is_empty(), "{:?}", sanna.scopes());
}

#[test]
fn a_row_that_goes_leaves_the_phones_that_hold_it() {
    let town = Town::new();
    let (mut amal, mut sanna) = (town.phone("Amal"), town.phone("Sanna"));
    amal.pull();
    sanna.pull();
    let before = amal.rows.len();
    town.put(adult("Liv", "Svea", GuardianshipKind::Guardian));
    town.remove(adult("Liv", "Svea", GuardianshipKind::Guardian));
    town.remove(adult("Liv", "Pia", GuardianshipKind::ParentWithoutCustody));
    amal.pull();
    sanna.pull();
    assert_eq!(amal.rows.len(), before);
    assert_eq!(amal.held(), fresh(&amal));
    assert_eq!(sanna.held(), fresh(&sanna));
}

#[test]
fn a_cursor_of_another_epoch_or_of_the_future_starts_over() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    amal.pull();
    let (cursor, epoch) = (amal.cursor, amal.epoch);
    let reset = |phone: &Phone| matches!(phone.ask(Vec::new()).unwrap().pull, Pull::ResetRequired);
    amal.epoch = Some(uuid::Uuid::nil());
    assert!(reset(&amal));
    amal.epoch = None;
    assert!(reset(&amal));
    amal.epoch = epoch;
    amal.cursor = cursor + 1;
    assert!(reset(&amal));
    amal.cursor = cursor;
    assert!(!reset(&amal));
    amal.continuation = Some(skolebro_core::protocol::Continuation { head: cursor + 9, scope: None, after: cursor });
    assert!(reset(&amal));
    amal.continuation = Some(skolebro_core::protocol::Continuation {
        head: cursor,
        scope: Some("galaxy/all".to_owned()),
        after: cursor,
    });
    assert!(reset(&amal));
}
