//! The next version's access table gives something else, over a school with data.

use crate::{
    budgets::with_note,
    faults::{Fails, Frail},
    phone::{Phone, raw},
    town::{Town, person},
};
use skolebro_core::{
    domain::{
        access::{
            Needs, Place, Relation,
            other_table::{of_this_version, on_this_thread},
        },
        people::{GuardianshipKind, Role},
        record::RecordKind,
        scope::{Circle, Scope, Topic},
    },
    protocol::{Outcome, ProblemCode},
};
use skolebro_server::engine::Limits;
use std::sync::{Arc, LazyLock};

/// Guardians lose their circle with staff, and the office reads what staff keep of a pupil's leave.
fn next_version(relation: Relation) -> &'static [(Place, Needs)] {
    static GUARDIAN: LazyLock<Vec<(Place, Needs)>> = LazyLock::new(|| {
        let cells = of_this_version(Relation::Home(GuardianshipKind::Guardian)).iter().copied();
        cells.filter(|(place, _)| !matches!(place, Place::PupilParty(_))).collect()
    });
    static OFFICE: LazyLock<Vec<(Place, Needs)>> = LazyLock::new(|| {
        let cells = of_this_version(Relation::Staff(Role::Office)).iter().copied();
        cells.chain([(Place::PupilStaff(Topic::Leave), Needs::Nothing)]).collect()
    });
    match relation {
        Relation::Home(GuardianshipKind::Guardian) => &GUARDIAN,
        Relation::Staff(Role::Office) => &OFFICE,
        other => of_this_version(other),
    }
}

/// The same phone, whose server is another engine.
fn meets(phone: &mut Phone, town: &Town) {
    phone.engine = town.engine.clone();
}

fn refused(phone: &Phone) {
    assert_eq!(phone.ask(Vec::new()).unwrap_err().code, ProblemCode::Unavailable);
}

#[test]
fn a_changed_table_gives_and_takes_before_anybody_is_answered() {
    for size in [1, 2, 200] {
        let limits = || Limits { tick_batch: size, ..Limits::default() };
        let town = Town::with(limits());
        let (mut amal, mut olle, mut sanna) = (town.phone("Amal"), town.phone("Olle"), town.phone("Sanna"));
        let told = with_note(&town, "tillbaka på torsdag");
        assert!(matches!(amal.send(&told), Outcome::Accepted { .. }));
        olle.pull();
        sanna.pull();
        assert_eq!(amal.of_kind(RecordKind::AttendanceNote).len(), 1);
        let own_circle = Scope::pupil(person("Liv"), Topic::Attendance, Circle::Party(person("Amal"))).to_string();

        let table = on_this_thread(Some(next_version));
        let town = town.restarted(limits());
        for phone in [&mut amal, &mut olle, &mut sanna] {
            meets(phone, &town);
            refused(phone);
        }
        let unsent = with_note(&town, "och på fredag");
        assert_eq!(amal.ask(vec![raw(&unsent)]).unwrap_err().code, ProblemCode::Unavailable, "it stays on the phone");
        assert_eq!(town.engine.schools_to_renew(), 1);
        town.engine.tick(town.engine.now()).unwrap();
        assert_eq!(town.engine.schools_to_renew(), 0);

        let page = amal.page();
        assert_eq!(page.revoked, [own_circle], "and nothing else");
        assert!(page.reset.is_empty(), "what is still given keeps its grant: {:?}", page.reset);
        amal.pull();
        assert!(amal.of_kind(RecordKind::AttendanceNote).is_empty());
        assert!(matches!(amal.send(&unsent), Outcome::Accepted { .. }));
        let page = olle.page();
        let more: Vec<_> = page.reset.iter().map(|granted| granted.scope.parse::<Scope>().unwrap()).collect();
        assert_eq!(more.len(), 2, "one for each pupil: {more:?}");
        assert!(more.iter().all(|scope| scope.topic == Topic::Leave));
        let page = sanna.page();
        assert!(page.reset.is_empty() && page.revoked.is_empty(), "nothing is others for a teacher");

        // Once: the next start finds it done. And back again, as when the upgrade is taken back.
        let town = town.restarted(limits());
        assert_eq!(town.engine.schools_to_renew(), 0);
        drop(table);
        let town = town.restarted(limits());
        meets(&mut amal, &town);
        refused(&amal);
        town.engine.renew().unwrap();
        amal.pull();
        assert_eq!(amal.of_kind(RecordKind::AttendanceNote).len(), 2, "both are hers to read again");
    }
}

#[test]
fn what_a_stop_leaves_undone_is_done_by_the_next_start() {
    let frail = Arc::new(Frail::default());
    let town = Town::on(frail.clone(), Limits::default());
    let mut amal = town.phone("Amal");
    assert!(matches!(amal.send(&with_note(&town, "tillbaka på torsdag")), Outcome::Accepted { .. }));
    let _table = on_this_thread(Some(next_version));
    let mut town = town.restarted(Limits { tick_batch: 1, ..Limits::default() });
    // The disk fails at one write after the other, until one goes through to the end.
    for writes in 0.. {
        meets(&mut amal, &town);
        refused(&amal);
        frail.fail_after(writes, Fails::AtCommit);
        let renewed = town.engine.renew();
        if frail.goes_on() {
            renewed.unwrap();
            break;
        }
        town = town.restarted(Limits { tick_batch: 1, ..Limits::default() });
    }
    amal.pull();
    assert!(amal.of_kind(RecordKind::AttendanceNote).is_empty());
}
