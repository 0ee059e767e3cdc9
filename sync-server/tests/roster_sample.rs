//! The sample municipality goes through the real import without a word of complaint, and comes out as it was made.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roster_desk;

use roster_desk::{Desk, ORGANISER, day, steps};
use skolebro_core::domain::{
    ids::{PersonId, SchoolId},
    people::{GuardianshipKind, Standing},
    roster::{RosterEntry, RosterKey},
};
use skolebro_demo::sample::{Country, Municipality, SampleSpec};
use skolebro_server::roster::{self, codes::Code};

fn person(sid: &str) -> PersonId {
    PersonId::derive(&[&ORGANISER, &sid])
}

#[test]
fn the_sample_imports_as_it_was_made() {
    for country in [Country::Sweden, Country::Denmark, Country::Norway] {
        let town = Municipality::generate(SampleSpec { pupils: 300, seed: 7, country, today: day("2026-10-06") });
        let mut desk = Desk::new();
        desk.options.today = day("2026-10-06");
        let path = desk.folder.path().join("sample.zip");
        town.write_zip(&path).unwrap();
        let read = |desk: &Desk| {
            let staged = roster::read(&path, desk.folder.path(), desk.options.clone(), &mut |_| {}).unwrap();
            staged.plan(desk).unwrap()
        };
        let plan = read(&desk);
        let expected = [Code::RoleInStaff, Code::FormsMixed, Code::AdultWithoutPupil];
        for (name, file) in &plan.report().files {
            let unexpected: Vec<_> = file.issues.iter().filter(|issue| !expected.contains(&issue.code)).collect();
            assert!(unexpected.is_empty(), "{country:?} {name}: {unexpected:#?}");
        }
        for step in steps(&plan) {
            desk.apply(&step);
        }
        assert!(read(&desk).report().is_quiet());

        let at = |school: &str, key: RosterKey| {
            let school = SchoolId::derive(&[&ORGANISER, &school]);
            desk.stored.get(&(school, key)).map(|stored| stored.entry.clone())
        };
        for pupil in &town.pupils {
            let key = RosterKey { kind: "enrolment", key: person(&pupil.person.sourced_id()).to_string() };
            assert!(at(&pupil.school.sourced_id(), key).is_some());
        }
        for relation in &town.relations {
            let school = town.pupils.iter().find(|pupil| pupil.person == relation.pupil).unwrap().school.sourced_id();
            let (pupil, adult) = (person(&relation.pupil.sourced_id()), person(&relation.adult.sourced_id()));
            let pair = format!("{pupil}/{adult}");
            let found = at(&school, RosterKey { kind: "guardianship", key: pair.clone() });
            let blocked = at(&school, RosterKey { kind: "block", key: pair }).is_some();
            let Some(RosterEntry::Guardianship(found)) = found else {
                assert_eq!(relation.legal.map(|legal| legal.kind), Some(GuardianshipKind::Unspecified), "{relation:?}");
                continue;
            };
            match relation.legal {
                None => assert_eq!((found.kind, found.standing), (GuardianshipKind::Unspecified, Standing::Pending)),
                Some(legal) => {
                    assert_eq!((found.kind, found.dates), (legal.kind, legal.dates));
                    assert_eq!(found.standing == Standing::Confirmed, legal.confirmed);
                    assert_eq!(blocked, legal.block);
                }
            }
        }
    }
}
