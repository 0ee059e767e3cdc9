//! Subscriptions and assurance: given, ended, given again, and found when their time has come.

use crate::school::*;
use skolebro_core::domain::scope::{Circle, Scope, Topic};
use skolebro_server::store::{Assurance, Store, Subscription, read, write};

fn give(store: &dyn Store, to: &str, subscription: &Subscription) {
    write(store, |writing| writing.put_subscription(the_school(), person(to), subscription)).unwrap();
}

fn has(store: &dyn Store, who: &str) -> Vec<Subscription> {
    read(store, |reading| reading.subscriptions(the_school(), person(who))).unwrap()
}

pub fn a_subscription_lives_is_revoked_and_given_again(store: &dyn Store) {
    let scope = attendance_of("Liv");
    let given = Subscription { scope, granted: 4, revoked: None, until: None };
    give(store, "Amal", &given);
    give(store, "Erik", &Subscription { granted: 5, ..given.clone() });
    assert_eq!(has(store, "Amal"), std::slice::from_ref(&given));
    let revoked = Subscription { revoked: Some(9), ..given.clone() };
    give(store, "Amal", &revoked);
    assert_eq!(has(store, "Amal"), [revoked]);
    assert!(!has(store, "Amal")[0].is_active(at("14T07:00:00")));
    // Erik's is his own.
    assert!(has(store, "Erik")[0].is_active(at("14T07:00:00")));
    let again = Subscription { granted: 12, revoked: None, until: Some(at("15T22:00:00.000001")), ..given };
    give(store, "Amal", &again);
    assert_eq!(has(store, "Amal"), [again]);
    assert!(has(store, "Sanna").is_empty());
    // In order of scope, whatever the order of giving.
    let mut scopes = vec![
        scope,
        Scope::school(Topic::Info, Circle::All),
        Scope::own(person("Amal"), Topic::Info),
        Scope::group(class_4b(), Topic::Info, Circle::All),
        Scope::pupil(person("Liv"), Topic::Care, Circle::Party(person("Amal"))),
        Scope::pupil(person("Liv"), Topic::Attendance, Circle::Staff),
    ];
    for scope in &scopes {
        give(store, "Amal", &Subscription { scope: *scope, granted: 20, revoked: None, until: None });
    }
    scopes.sort();
    assert_eq!(has(store, "Amal").iter().map(|s| s.scope).collect::<Vec<_>>(), scopes);
}

pub fn everybody_who_ever_had_anything_is_found(store: &dyn Store) {
    let given = Subscription { scope: attendance_of("Liv"), granted: 4, revoked: None, until: None };
    give(store, "Amal", &given);
    give(store, "Amal", &Subscription { scope: Scope::own(person("Amal"), Topic::Info), ..given.clone() });
    give(store, "Erik", &Subscription { revoked: Some(5), ..given });
    let mut both = vec![person("Amal"), person("Erik")];
    both.sort();
    assert_eq!(read(store, |reading| reading.subscribers(the_school())).unwrap(), both);
    assert!(read(store, |reading| reading.subscribers(another_school())).unwrap().is_empty());
}

pub fn lapsed_subscriptions_are_found_once_their_time_has_come(store: &dyn Store) {
    let midnight = at("14T22:00:00");
    let given = Subscription { scope: attendance_of("Liv"), granted: 1, revoked: None, until: Some(midnight) };
    give(store, "the substitute", &given);
    give(store, "Sanna", &Subscription { until: None, ..given.clone() });
    give(store, "Erik", &Subscription { revoked: Some(3), ..given.clone() });
    give(store, "Amal", &Subscription { until: Some(micros_later(midnight, 1)), ..given.clone() });
    let lapsed = |now| read(store, |reading| reading.lapsed_subscriptions(the_school(), now)).unwrap();
    // *Until* is the first moment without: the same that `is_active` says.
    assert!(lapsed(micros_later(midnight, -1)).is_empty());
    assert_eq!(lapsed(midnight), [(person("the substitute"), given.clone())]);
    assert!(!given.is_active(midnight) && given.is_active(micros_later(midnight, -1)));
    let mut both = [person("the substitute"), person("Amal")];
    both.sort();
    let found: Vec<_> = lapsed(at("30T00:00:00")).into_iter().map(|(person, _)| person).collect();
    assert_eq!(found, both);
    give(store, "the substitute", &Subscription { revoked: Some(8), ..given });
    assert!(lapsed(midnight).is_empty());
    let elsewhere = read(store, |reading| reading.lapsed_subscriptions(another_school(), at("30T00:00:00")));
    assert!(elsewhere.unwrap().is_empty());
}

pub fn assurance_is_a_devices_and_lapses(store: &dyn Store) {
    let phone = device("Amal's phone");
    let until = at("14T07:15:00.5");
    let strong = Assurance { granted: 2, until, lapsed: None };
    let put = |assurance: &Assurance| {
        write(store, |writing| writing.put_assurance(the_school(), phone, assurance)).unwrap();
    };
    let of = |school, device| read(store, |reading| reading.assurance(school, device)).unwrap();
    let lapsed = |now| read(store, |reading| reading.lapsed_assurances(the_school(), now)).unwrap();
    put(&strong);
    assert_eq!(of(the_school(), phone), Some(strong));
    assert_eq!(of(another_school(), phone), None);
    assert_eq!(of(the_school(), device("Amal's tablet")), None);
    assert!(lapsed(micros_later(until, -1)).is_empty() && strong.is_strong(micros_later(until, -1)));
    assert_eq!(lapsed(until), [(phone, strong)]);
    assert!(!strong.is_strong(until));
    let over = Assurance { lapsed: Some(7), ..strong };
    put(&over);
    assert_eq!(of(the_school(), phone), Some(over));
    assert!(lapsed(at("30T00:00:00")).is_empty());
    put(&Assurance { granted: 9, until: at("15T07:00:00"), lapsed: None });
    assert_eq!(lapsed(at("30T00:00:00")).len(), 1);
}
