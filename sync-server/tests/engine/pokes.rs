//! Who is poked, and by what: never by what is not theirs to read.

use crate::{
    reports::sick,
    town::{Town, group, works},
};
use skolebro_core::domain::{
    people::{Reach, Role},
    scope::Topic,
};

#[test]
fn a_report_pokes_those_who_read_it_once_and_nobody_else() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let listen = |name: &str| town.engine.subscribe(&town.session(name)).unwrap();
    let mut readers: Vec<_> = ["Erik", "Sanna", "Olle", "Petra"].into_iter().map(listen).collect();
    let mut others: Vec<_> = ["Greta", "Omar"].into_iter().map(listen).collect();
    amal.send(&sick(&town));
    amal.send(&sick(&town));
    for poked in &mut readers {
        assert!(poked.was_poked());
        assert!(!poked.was_poked(), "any number of changes are one poke");
    }
    assert!(others.iter_mut().all(|poked| !poked.was_poked()));
}

#[test]
fn rights_that_come_and_go_poke_their_person_and_hold_from_then_on() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let mut omar = town.engine.subscribe(&town.session("Omar")).unwrap();
    let class = works("Omar", Role::Teacher, Reach::Group(group("4B")));
    town.put(class);
    assert!(omar.was_poked());
    amal.send(&sick(&town));
    assert!(omar.was_poked());
    town.remove(class);
    assert!(omar.was_poked());
    amal.send(&town.delegates(&[Topic::Attendance]));
    amal.send(&sick(&town));
    assert!(!omar.was_poked());
}

#[test]
fn a_revoked_phone_is_poked_to_come_and_hear_of_it() {
    let town = Town::new();
    let session = town.session("Amal");
    let mut poked = town.engine.subscribe(&session).unwrap();
    town.engine.revoke_any_device(session.device).unwrap();
    assert!(poked.was_poked());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_wakes_up() {
    let town = Town::new();
    let mut poked = town.engine.subscribe(&town.session("Sanna")).unwrap();
    let waiting = tokio::spawn(async move { poked.next().await });
    town.phone("Amal").send(&sick(&town));
    assert!(waiting.await.unwrap());
}
