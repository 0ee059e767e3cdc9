//! Those whom a class list has no column for: the foster home, the residential home's staff, the god man, the parent
//! without custody, the protected identity, the pupil who comes of age.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use skolebro_core::{
    device::Delivery,
    domain::{
        command::{Capacity, CommandBody},
        people::{Dates, Guardianship, GuardianshipKind, Language, Person, Role},
        record::RecordKind,
        rejection::Rejection,
        scope::{Circle, Scope, Topic},
    },
};
use skolebro_tests::{
    town::{TUESDAY, Town, TownPhone, accepted, sick, sick_on},
    village::{day, guardianship, person, school},
};

const WEDNESDAY: &str = "2026-09-16";
/// Wednesday's first instant in Stockholm.
const MIDNIGHT: &str = "2026-09-15T22:00:00Z";
const HOME: Capacity = Capacity::Home;

fn refused(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::Rejected { rejection: Rejection::NotYours, .. })
}

fn knows_the_absence(phone: &TownPhone, pupil: &str) -> bool {
    phone.settle();
    phone.shows(RecordKind::Attendance, pupil)
}

fn reads(phone: &TownPhone, pupil: &str, topic: Topic) -> bool {
    phone.view(school()).unwrap().holds(&Scope::pupil(person(pupil), topic, Circle::All))
}

fn delegates(pupil: &str, to: &str, topics: &[Topic], dates: Dates) -> CommandBody {
    CommandBody::DelegateTopics { pupil: person(pupil), to: person(to), topics: topics.to_vec(), dates }
}

fn only(first: &str, last: &str) -> Dates {
    Dates { from: Some(day(first)), until: Some(day(last)) }
}

fn named(given: &str, family: &str) -> Person {
    Person {
        id: person(given),
        given_name: given.into(),
        family_name: family.into(),
        language: Some(Language::Sv),
        phone: Some(format!("070-{given}")),
        email: None,
        birth_date: None,
        protected_identity: false,
    }
}

#[test]
fn the_foster_home_reports_the_child_sick_and_sees_to_no_more_than_was_given_to_it() {
    let town = Town::open();
    let (frida, nora, per) = (town.phone("Frida"), town.phone("Nora"), town.phone("Per"));
    assert!(accepted(&frida.tell(HOME, sick(&["Siri"]))));
    assert!(knows_the_absence(&nora, "Siri") && knows_the_absence(&per, "Siri"));
    assert!(reads(&frida, "Siri", Topic::Attendance) && !reads(&frida, "Siri", Topic::Plan));
    assert!(refused(&frida.tell(HOME, delegates("Siri", "Kaj", &[Topic::Attendance], Dates::default()))));
    assert!(refused(&frida.tell(HOME, sick(&["Omar"]))), "Siri's brother does not live there");
    assert!(!frida.holds_anything_of("Omar") && nora.holds_anything_of("Omar"));
}

#[test]
fn a_residential_homes_staff_is_there_on_its_days() {
    let mut town = Town::open();
    let shift = |who: &str, dates: Dates| Guardianship {
        dates,
        ..guardianship("Omar", who, GuardianshipKind::Carer, &[Topic::Attendance])
    };
    town.put(shift("Vikar", only(TUESDAY, TUESDAY)));
    town.put(shift("Frida", only(WEDNESDAY, WEDNESDAY)));
    let (vikar, frida) = (town.phone("Vikar"), town.phone("Frida"));
    assert!(accepted(&vikar.tell(HOME, sick(&["Omar"]))));
    assert!(refused(&frida.tell(HOME, sick(&["Omar"]))), "tomorrow");
    assert!(!frida.holds_anything_of("Omar"));

    town.stop();
    town.clock.advance_to(skolebro_tests::village::at(MIDNIGHT));
    assert!(!vikar.shows(RecordKind::PupilCard, "Omar"), "with no network neither");
    town.start();
    town.tick();
    let tomorrow = sick_on(WEDNESDAY, vec![person("Omar")]);
    assert!(refused(&vikar.tell(HOME, tomorrow.clone())));
    assert!(!vikar.holds_anything_of("Omar"));
    assert!(town.code("Vikar").is_none());
    assert!(accepted(&frida.tell(HOME, tomorrow)));
    assert!(frida.holds_anything_of("Omar"));
}

#[test]
fn the_god_man_acts_with_a_guardians_full_powers() {
    let town = Town::open();
    town.put(guardianship("Omar", "Frida", GuardianshipKind::Carer, &[]));
    let (hassan, frida, sanna) = (town.phone("Hassan"), town.phone("Frida"), town.phone("Sanna"));
    assert!(accepted(&hassan.tell(HOME, sick(&["Omar"]))));
    assert!(knows_the_absence(&sanna, "Omar"));
    assert!(!knows_the_absence(&frida, "Omar"));
    assert!(accepted(&hassan.tell(HOME, delegates("Omar", "Frida", &[Topic::Attendance], Dates::default()))));
    assert!(knows_the_absence(&frida, "Omar"));
    assert!(refused(&hassan.tell(HOME, sick(&["Liv"]))) && !hassan.holds_anything_of("Liv"));
}

#[test]
fn a_parent_without_custody_sees_to_what_a_guardian_delegates_while_it_is_delegated() {
    let town = Town::open();
    let (amal, erik, nora) = (town.phone("Amal"), town.phone("Erik"), town.phone("Nora"));
    assert!(town.code("Kaj").is_none());
    let gives = |topics: &[Topic]| delegates("Liv", "Kaj", topics, Dates::default());
    assert!(refused(&nora.tell(HOME, gives(&[Topic::Attendance]))), "another child's guardian gives nothing");
    assert!(accepted(&amal.tell(HOME, gives(&[Topic::Attendance]))));
    let kaj = town.phone("Kaj");
    assert!(accepted(&kaj.tell(HOME, sick(&["Liv"]))));
    assert!(knows_the_absence(&amal, "Liv") && knows_the_absence(&erik, "Liv"));
    assert!(!reads(&kaj, "Liv", Topic::Plan));
    assert!(refused(&kaj.tell(HOME, delegates("Liv", "Kaj", &[Topic::Leave], Dates::default()))), "nor to himself");

    assert!(accepted(&amal.tell(HOME, gives(&[]))));
    let later = kaj.tell(HOME, sick_on(WEDNESDAY, vec![person("Liv")]));
    assert!(refused(&later), "{later:?}");
    assert!(!kaj.holds_anything_of("Liv"));
    assert!(town.code("Kaj").is_none());

    // Erik gives it again, until tonight; the same phone is enough.
    let tonight = delegates("Liv", "Kaj", &[Topic::Attendance], only(TUESDAY, TUESDAY));
    assert!(accepted(&erik.tell(HOME, tonight)));
    assert!(knows_the_absence(&kaj, "Liv"));
    town.until(MIDNIGHT);
    kaj.settle();
    assert!(!kaj.holds_anything_of("Liv"));
    assert!(knows_the_absence(&amal, "Liv"));
}

#[test]
fn a_protected_identity_has_a_name_for_staff_and_no_number_for_anybody() {
    let town = Town::open();
    town.put(Person { protected_identity: true, ..named("Amal", "Nilsson") });
    town.put(named("Erik", "Berg"));
    let (amal, erik, sanna) = (town.phone("Amal"), town.phone("Erik"), town.phone("Sanna"));
    let everything = |phone: &TownPhone| format!("{:?}", phone.view(school()).unwrap().everything().unwrap());
    for phone in [&amal, &erik, &sanna] {
        assert!(!everything(phone).contains("070-Amal"));
    }
    assert!(everything(&sanna).contains("070-Erik") && everything(&sanna).contains("Nilsson"));
    let view = erik.view(school()).unwrap();
    assert_eq!(view.name(person("Amal")), None, "the other guardian is not told that she is there");
    assert!(!everything(&erik).contains("Nilsson"));
    let view = amal.view(school()).unwrap();
    assert!(view.name(person("Erik")).is_some());
    // She acts as any guardian.
    assert!(accepted(&amal.tell(HOME, sick(&["Liv"]))));
    assert!(knows_the_absence(&erik, "Liv"));
}

#[test]
fn on_the_18th_birthday_guardianship_ends_and_the_pupils_consent_keeps_what_it_says() {
    let town = Town::open();
    let born = Person { birth_date: Some(day("2008-09-16")), ..named("Liv", "Berg") };
    town.put(born);
    let (amal, erik, olga) = (town.phone("Amal"), town.phone("Erik"), town.phone("Olga"));
    let office = Capacity::Staff(Role::Office);
    let consents = |until: &str| CommandBody::RecordAdultConsent {
        pupil: person("Liv"),
        person: person("Amal"),
        dates: only(WEDNESDAY, until),
    };
    assert!(accepted(&amal.tell(HOME, sick(&["Liv"]))));
    let early = olga.tell(office, consents("2026-12-18"));
    assert!(matches!(early, Delivery::Rejected { rejection: Rejection::NotAdult, .. }), "{early:?}");

    town.until(MIDNIGHT);
    let today = || sick_on(WEDNESDAY, vec![person("Liv")]);
    for guardian in [&amal, &erik] {
        assert!(refused(&guardian.tell(HOME, today())));
        assert!(!guardian.holds_anything_of("Liv"));
    }
    assert!(accepted(&olga.tell(office, consents("2026-12-18"))));
    assert!(knows_the_absence(&amal, "Liv"), "what was before, too");
    assert!(accepted(&amal.tell(HOME, today())));
    assert!(refused(&erik.tell(HOME, today())) && !erik.holds_anything_of("Liv"), "she consented to Amal alone");

    // Taken back.
    town.until("2026-09-16T22:00:00Z");
    assert!(accepted(&olga.tell(office, consents(WEDNESDAY))));
    amal.settle();
    assert!(!amal.holds_anything_of("Liv"));
}
