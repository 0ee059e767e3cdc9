//! Employs the staff of every school. Must never give a post to a pupil or a guardian; a persona does that by hand.

use super::{GroupNo, PersonNo, Post, SchoolNo, families::Town};
use skolebro_core::domain::people::{Dates, GroupKind, Role};

/// Posts with the whole school as their reach.
const SCHOOL_POSTS: [Role; 6] =
    [Role::Principal, Role::DeputyPrincipal, Role::Office, Role::Office, Role::SpecialEducator, Role::PupilHealth];

pub(super) fn employ(town: &mut Town) {
    for school in 0..town.schools.len() {
        let school = SchoolNo(school as u32);
        for role in SCHOOL_POSTS {
            let person = hire(town);
            post(town, person, role, school, None);
        }
        // Every class has a contact teacher of its own; two neighbouring classes share the other teacher.
        let mut shared: Option<PersonNo> = None;
        for group in groups_of(town, school) {
            let lead = hire(town);
            let is_club = town.groups[group.index()].kind == GroupKind::Club;
            let (second, roles) = if is_club {
                (hire(town), [Role::AfterSchoolStaff, Role::AfterSchoolStaff])
            } else {
                let second = shared.take().unwrap_or_else(|| {
                    let person = hire(town);
                    shared = Some(person);
                    person
                });
                (second, [Role::ContactTeacher, Role::Teacher])
            };
            post(town, lead, roles[0], school, Some(group));
            post(town, second, roles[1], school, Some(group));
            let group = &mut town.groups[group.index()];
            (group.lead, group.second) = (lead, second);
        }
    }
}

fn groups_of(town: &Town, school: SchoolNo) -> Vec<GroupNo> {
    town.groups.iter().filter(|group| group.school == school).map(|group| group.no).collect()
}

/// A new member of staff, who lives alone in the registers' eyes.
pub(super) fn hire(town: &mut Town) -> PersonNo {
    let name = town.names.anyone(&mut town.rng);
    let household = town.new_household();
    town.adult(name, household, town.spec.country.language())
}

fn post(town: &mut Town, person: PersonNo, role: Role, school: SchoolNo, group: Option<GroupNo>) {
    town.posts.push(Post { person, role, school, group, dates: Dates::default() });
}
