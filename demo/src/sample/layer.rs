//! The legal layer of a sample: what the law says of each adult, what each member of staff is, and each school's own words.
//! Must agree with what the import reads (`skolebro_server::roster`).

use super::{
    Municipality,
    archive::{Rows, Table},
    columns,
    roster::day,
};
use skolebro_core::domain::people::{GuardianshipKind, SchoolForm};

pub(super) const TABLES: [Table; 3] = [
    Table { name: "legal.csv", columns: &columns::LEGAL, fill: legal },
    Table { name: "staff.csv", columns: &columns::STAFF, fill: staff },
    Table { name: "school.csv", columns: &columns::SCHOOL, fill: schools },
];

fn legal(town: &Municipality, rows: &mut Rows<'_>) -> Result<(), csv::Error> {
    for relation in &town.relations {
        let Some(legal) = relation.legal else { continue };
        let (pupil, adult) = (town.person(relation.pupil), town.person(relation.adult));
        let topics: Vec<&str> = legal.topics.iter().map(|topic| topic.as_str()).collect();
        rows.row([
            &pupil.no.sourced_id(),
            &adult.no.sourced_id(),
            adult.given_name,
            adult.family_name,
            kind_word(legal.kind),
            &day(legal.dates.from),
            &day(legal.dates.until),
            &topics.join(";"),
            yes_no(legal.confirmed),
            only_yes(legal.block),
            only_yes(adult.protected_identity),
            adult.language.tag(),
            "",
            &day(legal.consent_until),
        ])?;
    }
    // A row without a person is about the pupil itself.
    for pupil in &town.pupils {
        let person = town.person(pupil.person);
        if person.protected_identity {
            let id = person.no.sourced_id();
            rows.row([&id, "", "", "", "", "", "", "", "", "", "yes", "", "", ""])?;
        }
    }
    Ok(())
}

fn staff(town: &Municipality, rows: &mut Rows<'_>) -> Result<(), csv::Error> {
    for post in &town.posts {
        rows.row([
            &post.person.sourced_id(),
            post.role.as_str(),
            &post.school.sourced_id(),
            &post.group.map(|group| group.sourced_id()).unwrap_or_default(),
            &day(post.dates.from),
            &day(post.dates.until),
        ])?;
    }
    Ok(())
}

fn schools(town: &Municipality, rows: &mut Rows<'_>) -> Result<(), csv::Error> {
    let country = town.spec.country;
    for school in &town.schools {
        let form = if school.form == SchoolForm::UpperSecondary { "upper_secondary" } else { "compulsory" };
        rows.row([&school.no.sourced_id(), country.time_zone(), &school.phone, country.language().tag(), form])?;
    }
    Ok(())
}

fn kind_word(kind: GuardianshipKind) -> &'static str {
    match kind {
        GuardianshipKind::Guardian => "guardian",
        GuardianshipKind::SpeciallyAppointedGuardian => "specially_appointed_guardian",
        GuardianshipKind::AppointedRepresentative => "appointed_representative",
        GuardianshipKind::Carer => "carer",
        GuardianshipKind::ParentWithoutCustody => "parent_without_custody",
        GuardianshipKind::Unspecified => "none",
    }
}

/// Silence where nothing is barred or hidden: a `no` would lift what staff have set by hand.
fn only_yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "" }
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
