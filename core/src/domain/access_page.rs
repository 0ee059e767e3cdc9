//! The access table as a page for people (docs/access-table.md), generated from `access` so that it cannot tell another
//! story than the code.

use super::{
    access::{Needs, Place, Relation, Who, may, reads, relations, relations_making_codes},
    command::{CommandKind, CommandSubject},
    people::{GuardianshipKind, Role},
    scope::Topic,
};
use std::fmt::Write;

/// Every column that some relation reads.
pub fn places() -> Vec<Place> {
    let mut places: Vec<Place> =
        relations().into_iter().flat_map(|r| reads(r).iter().map(|(place, _)| *place)).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The clock's own commands; no relation may give them.
pub fn system_commands() -> impl Iterator<Item = CommandKind> {
    CommandKind::ALL.iter().copied().filter(|kind| kind.by().contains(&Who::Clock))
}

fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::Home(GuardianshipKind::Guardian) => "Guardian (vårdnadshavare)",
        Relation::Home(GuardianshipKind::SpeciallyAppointedGuardian) => "Specially appointed guardian",
        Relation::Home(GuardianshipKind::AppointedRepresentative) => "Appointed representative (god man)",
        Relation::Home(GuardianshipKind::Carer) => "Carer (foster or residential home)",
        Relation::Home(GuardianshipKind::ParentWithoutCustody) => "Parent without custody",
        Relation::Home(GuardianshipKind::Unspecified) => "Adult named by an import only",
        Relation::Staff(Role::ContactTeacher) => "Contact teacher (mentor)",
        Relation::Staff(Role::Teacher) => "Teacher",
        Relation::Staff(Role::PreschoolStaff) => "Preschool staff",
        Relation::Staff(Role::AfterSchoolStaff) => "After-school staff",
        Relation::Staff(Role::SpecialEducator) => "Special educator",
        Relation::Staff(Role::PupilHealth) => "Pupil health",
        Relation::Staff(Role::Office) => "Office",
        Relation::Staff(Role::Principal) => "Principal (rektor)",
        Relation::Staff(Role::DeputyPrincipal) => "Deputy principal",
        Relation::Staff(Role::Organiser) => "Organiser (huvudman)",
        Relation::AdultPupil => "Pupil of age, of itself",
        Relation::Itself => "The person itself",
    }
}

fn place_name(place: Place) -> String {
    match place {
        Place::SchoolAll(topic) => format!("school/{}/all", topic.as_str()),
        Place::SchoolStaff(topic) => format!("school/{}/staff", topic.as_str()),
        Place::GroupAll(topic) => format!("group/{}/all", topic.as_str()),
        Place::GroupStaff(topic) => format!("group/{}/staff", topic.as_str()),
        Place::PupilAll(topic) => format!("pupil/{}/all", topic.as_str()),
        Place::PupilStaff(topic) => format!("pupil/{}/staff", topic.as_str()),
        Place::PupilParty(topic) => format!("pupil/{}/party", topic.as_str()),
        Place::Own(topic) => format!("person/{}/all", topic.as_str()),
    }
}

fn cell(needs: Option<Needs>) -> &'static str {
    match needs {
        None => "–",
        Some(Needs::Nothing) => "yes",
        Some(Needs::Delegation) => "delegated",
        Some(Needs::AnyDelegation) => "any delegated",
    }
}

fn table(out: &mut String, head: &[String], cells: impl Fn(Relation, usize) -> &'static str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "| Relation | {} |", head.join(" | "));
    let _ = writeln!(out, "|---|{}", "---|".repeat(head.len()));
    for relation in relations() {
        let row: Vec<&str> = (0..head.len()).map(|column| cells(relation, column)).collect();
        let _ = writeln!(out, "| {} | {} |", relation_name(relation), row.join(" | "));
    }
}

/// The page, in Markdown.
pub fn page() -> String {
    let mut out = String::from(
        "# The access table\n\n\
        Generated from `core/src/domain/access.rs` (who reads) and the rows of `core/src/domain/command.rs` (who may ask); a test fails when this page is stale \
        (`UPDATE_DOCS=1 cargo test -p skolebro-core --test access_table` writes it anew).\n\n\
        - *yes*: the relation is enough. *delegated*: the topic itself must have been delegated to the person, by a \
        guardian or by an authority's decision. *any delegated*: some topic must have been. –: nothing, and no telling \
        *forbidden* from *unknown*.\n\
        - A relation counts only while it is confirmed, within its dates and not blocked; at home it ends on the \
        pupil's 18th birthday, but for the pupil's consent; from that day the pupil has it itself, where its birth date \
        is known. Staff relations reach the assignment's group or the whole \
        school. Relations add up.\n\
        - `party` is one adult's own circle with staff: at home only one's own, as staff everybody's.\n\
        - A block on a person and a pupil holds in every capacity: as staff too, that person reads nothing of the pupil \
        and says nothing about it. What staff keep of a whole group (`group/…/staff`: its rolls) or of the school \
        (`school/…/staff`: the call list) names pupils beside each other, so it is closed to whoever is barred from \
        one of them, and that group's roll is not theirs to close; another member of staff must. What remains: the \
        group's name and kind, the school's calendar and rules, staff names, and every other pupil.\n",
    );
    let sensitive: Vec<&str> = Topic::ALL.iter().copied().filter(|t| t.is_sensitive()).map(Topic::as_str).collect();
    let _ = writeln!(
        out,
        "- Reading `{}` needs strong assurance on the device besides. Writing never does.\n\n## Reading\n",
        sensitive.join("`, `")
    );
    let columns = places();
    let head: Vec<String> = columns.iter().map(|place| format!("`{}`", place_name(*place))).collect();
    table(&mut out, &head, |relation, column| {
        cell(reads(relation).iter().find(|(place, _)| *place == columns[column]).map(|(_, needs)| *needs))
    });
    out.push_str("\n## Asking for\n\nThe clock's own commands (");
    let system: Vec<String> = system_commands().map(|c| format!("`{}`", c.as_str())).collect();
    let _ = writeln!(out, "{}) are nobody's to give.\n", system.join(", "));
    out.push_str("*Not of one's own child*: as staff. At home an adult may tell it like anybody else.\n\n");
    // Commands down and relations across would be too wide for a page; so one list a command.
    for kind in CommandKind::ALL.iter().copied().filter(|kind| !kind.by().contains(&Who::Clock)) {
        let who: Vec<String> = relations()
            .into_iter()
            .filter_map(|relation| {
                may(relation, kind).map(|needs| match needs {
                    Needs::Nothing => relation_name(relation).to_owned(),
                    Needs::Delegation | Needs::AnyDelegation => {
                        format!("{} ({})", relation_name(relation), cell(Some(needs)))
                    }
                })
            })
            .collect();
        let own = if kind.subject() == CommandSubject::OthersPupil { "; not of one's own child" } else { "" };
        let _ = writeln!(out, "- `{}`, {}: {}{own}", kind.as_str(), kind.topic().as_str(), who.join("; "));
    }
    let makers: Vec<&str> = relations_making_codes().into_iter().map(relation_name).collect();
    let _ = writeln!(
        out,
        "\n## Codes for a next phone\n\nMade online only (`POST /v1/codes`), by: {}. For somebody who works at the school, \
        and for an adult at home or a pupil of age who reads something there and has had a phone before. For nobody who \
        is pending, barred or without a delegated topic; not for oneself; not for a principal, a deputy or the \
        organiser; not for the other adults of one's own child; for nobody who reads of a pupil whom one is barred \
        from; and for nobody who leads, or works only, at another school.",
        makers.join("; ")
    );
    out
}
