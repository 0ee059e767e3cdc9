//! The OneRoster 1.2 tables of a sample, as a bulk export has them: `status` and `dateLastModified` are empty.
//! Must never say what an adult is in law: that is the legal layer's.

use super::{
    Group, Municipality, Person, Post, RosterRole,
    archive::{Rows, Table},
    columns,
};
use chrono::NaiveDate;
use skolebro_core::domain::people::{Dates, GroupKind, Role, SchoolForm};
use std::collections::BTreeMap;

pub(super) const TABLES: [Table; 9] = [
    Table { name: "manifest.csv", columns: &columns::MANIFEST, fill: manifest },
    Table { name: "orgs.csv", columns: &columns::ORGS, fill: orgs },
    Table { name: "academicSessions.csv", columns: &columns::ACADEMIC_SESSIONS, fill: academic_sessions },
    Table { name: "courses.csv", columns: &columns::COURSES, fill: courses },
    Table { name: "classes.csv", columns: &columns::CLASSES, fill: classes },
    Table { name: "users.csv", columns: &columns::USERS, fill: users },
    Table { name: "roles.csv", columns: &columns::ROLES, fill: roles },
    Table { name: "enrollments.csv", columns: &columns::ENROLLMENTS, fill: enrollments },
    Table { name: "demographics.csv", columns: &columns::DEMOGRAPHICS, fill: demographics },
];

const ORGANISER: &str = "organiser";

type Written = Result<(), csv::Error>;

fn manifest(town: &Municipality, rows: &mut Rows<'_>) -> Written {
    rows.row(["manifest.version", "1.0"])?;
    rows.row(["oneroster.version", "1.2"])?;
    let present = ["academicSessions", "classes", "courses", "demographics", "enrollments", "orgs", "roles", "users"];
    let absent = [
        "categories",
        "classResources",
        "courseResources",
        "lineItems",
        "lineItemLearningObjectiveIds",
        "lineItemScoreScales",
        "resources",
        "results",
        "resultLearningObjectiveIds",
        "resultScoreScales",
        "scoreScales",
        "userProfiles",
        "userResources",
    ];
    for (files, value) in [(&present[..], "bulk"), (&absent[..], "absent")] {
        for file in files {
            rows.row([&format!("file.{file}"), value])?;
        }
    }
    rows.row(["source.systemName", town.name])?;
    rows.row(["source.systemCode", "skolebro-sample"])
}

fn orgs(town: &Municipality, rows: &mut Rows<'_>) -> Written {
    rows.row([ORGANISER, "", "", town.name, "district", "", ""])?;
    for school in &town.schools {
        rows.row([&school.no.sourced_id(), "", "", &school.name, "school", "", ORGANISER])?;
    }
    Ok(())
}

fn academic_sessions(town: &Municipality, rows: &mut Rows<'_>) -> Written {
    let [word, autumn, spring] = town.spec.country.year_words();
    let (first, second) = (town.spec.school_year(), town.spec.school_year() + 1);
    let year = year_id(town);
    let [term_1, term_2] = term_ids(town);
    // OneRoster's schoolYear is the year in which it ends.
    let ends = second.to_string();
    let session = |rows: &mut Rows<'_>, id: &str, title: &str, kind: &str, from: &str, until: &str, parent: &str| {
        rows.row([id, "", "", title, kind, from, until, parent, &ends])
    };
    // An end date is the first day that no longer counts, so each ends where the next begins.
    let (begin, middle, end) = (format!("{first}-07-01"), format!("{second}-01-01"), format!("{second}-07-01"));
    session(rows, &year, &format!("{word} {first}/{second}"), "schoolYear", &begin, &end, "")?;
    session(rows, &term_1, &format!("{autumn} {first}"), "semester", &begin, &middle, &year)?;
    session(rows, &term_2, &format!("{spring} {second}"), "semester", &middle, &end, &year)
}

fn year_id(town: &Municipality) -> String {
    format!("year-{}", town.spec.school_year())
}

fn term_ids(town: &Municipality) -> [String; 2] {
    [1, 2].map(|term| format!("term-{}-{term}", town.spec.school_year()))
}

/// The whole of a school form's teaching in one school is one course: schools here roster classes, not subjects.
fn course_id(group: &Group) -> String {
    let kind = match group.form {
        SchoolForm::Preschool | SchoolForm::PreschoolClass | SchoolForm::Compulsory => "compulsory",
        SchoolForm::AfterSchool => "afterschool",
        SchoolForm::UpperSecondary => "upper",
    };
    format!("course-{:06}-{kind}", group.school.0)
}

fn courses(town: &Municipality, rows: &mut Rows<'_>) -> Written {
    let year = year_id(town);
    let words = town.spec.country.course_words();
    let mut courses: BTreeMap<String, (&str, &Group, (u8, u8))> = BTreeMap::new();
    for group in &town.groups {
        let word = match group.form {
            SchoolForm::Preschool | SchoolForm::PreschoolClass | SchoolForm::Compulsory => words[0],
            SchoolForm::AfterSchool => words[1],
            SchoolForm::UpperSecondary => words[2],
        };
        let grades = &mut courses.entry(course_id(group)).or_insert((word, group, group.grades)).2;
        *grades = (grades.0.min(group.grades.0), grades.1.max(group.grades.1));
    }
    for (id, (word, group, grades)) in &courses {
        let school = group.school.sourced_id();
        rows.row([id, "", "", &year, word, "", &grades_of(town, group.form, *grades), &school, "", ""])?;
    }
    Ok(())
}

fn classes(town: &Municipality, rows: &mut Rows<'_>) -> Written {
    let terms = term_ids(town).join(",");
    for group in &town.groups {
        let kind = if group.kind == GroupKind::Class { "homeroom" } else { "ext:club" };
        let (id, grades, course) = (group.no.sourced_id(), grades_of(town, group.form, group.grades), course_id(group));
        let school = group.school.sourced_id();
        let name = &group.name;
        rows.row([&id, "", "", name, &grades, &course, name, kind, "", &school, &terms, "", "", ""])?;
    }
    Ok(())
}

/// A club is a form of its own, whatever the years of its children.
fn grades_of(town: &Municipality, form: SchoolForm, (low, high): (u8, u8)) -> String {
    if form == SchoolForm::AfterSchool {
        return format!("ext:{}", town.spec.country.course_words()[1]);
    }
    (low..=high).map(|grade| grade_code(town, grade)).collect::<Vec<_>>().join(",")
}

/// The code of the CEDS grade levels that OneRoster takes (`KG`, `01` …); upper secondary years have words of their own,
/// because a 10 or 11 is compulsory in one country and not in another.
fn grade_code(town: &Municipality, grade: u8) -> String {
    let country = town.spec.country;
    let (upper, _) = country.upper_secondary_grades();
    match grade {
        0 => "KG".to_owned(),
        grade if grade < upper => format!("{grade:02}"),
        grade => country.upper_secondary_code(grade - upper + 1),
    }
}

fn users(town: &Municipality, rows: &mut Rows<'_>) -> Written {
    let mut homes = BTreeMap::new();
    for post in &town.posts {
        homes.entry(post.person).or_insert(post.school);
    }
    for person in town.people.iter().filter(|person| person.in_roster) {
        let pupil = town.pupil(person.no);
        let school = pupil.map(|pupil| pupil.school).or_else(|| homes.get(&person.no).copied());
        let agents: Vec<String> = town
            .adults_of(person.no)
            .iter()
            .filter(|relation| relation.roster.is_some())
            .map(|relation| relation.adult.sourced_id())
            .collect();
        user(town, rows, person, &agents.join(","), pupil.map(|pupil| pupil.grade), school.map(|no| no.sourced_id()))?;
    }
    Ok(())
}

fn user(
    town: &Municipality,
    rows: &mut Rows<'_>,
    person: &Person,
    agents: &str,
    grade: Option<u8>,
    school: Option<String>,
) -> Written {
    let id = person.no.sourced_id();
    let username = format!("u{:06}", person.no.0);
    let (email, phone) = (town.email(person.no).unwrap_or_default(), town.phone(person.no).unwrap_or_default());
    let grade = grade.map(|grade| grade_code(town, grade)).unwrap_or_default();
    let school = school.unwrap_or_default();
    let (given, family) = (person.given_name, person.family_name);
    rows.row([
        &id, "", "", "true", &username, "", given, family, "", "", &email, &phone, &phone, agents, &grade, "", "", "",
        "", "", "", &school, "",
    ])
}

fn roles(town: &Municipality, rows: &mut Rows<'_>) -> Written {
    // One row per person, school and role; a person may well have several.
    let mut found: Vec<(u32, u32, &'static str, Dates)> = Vec::new();
    for post in &town.posts {
        found.push((post.person.0, post.school.0, staff_role(post), post.dates));
    }
    for pupil in &town.pupils {
        found.push((pupil.person.0, pupil.school.0, "student", Dates::default()));
        for relation in town.adults_of(pupil.person) {
            let Some(role) = relation.roster else { continue };
            let role = match role {
                RosterRole::Guardian => "guardian",
                RosterRole::Parent => "parent",
                RosterRole::Relative => "relative",
            };
            found.push((relation.adult.0, pupil.school.0, role, Dates::default()));
        }
    }
    found.sort_unstable();
    found.dedup_by_key(|(person, school, role, _)| (*person, *school, *role));
    let mut last = None;
    for (person, school, role, dates) in found {
        let id = format!("role-{person:06}-{school:06}-{role}");
        let (user, org) = (format!("person-{person:06}"), format!("school-{school:06}"));
        let kind = if last == Some(person) { "secondary" } else { "primary" };
        last = Some(person);
        rows.row([&id, "", "", &user, kind, role, &day(dates.from), &end_date(dates.until), &org, ""])?;
    }
    Ok(())
}

/// OneRoster has no word for most of these; the legal layer's `staff.csv` says what they are. A deputy is not a
/// `siteAdministrator` here, because that reads as the office.
fn staff_role(post: &Post) -> &'static str {
    match post.role {
        Role::ContactTeacher | Role::Teacher | Role::PreschoolStaff => "teacher",
        Role::SpecialEducator | Role::DeputyPrincipal => "teacher",
        Role::AfterSchoolStaff => "aide",
        Role::PupilHealth => "counselor",
        Role::Office => "siteAdministrator",
        Role::Principal => "principal",
        Role::Organiser => "districtAdministrator",
    }
}

fn enrollments(town: &Municipality, rows: &mut Rows<'_>) -> Written {
    for post in &town.posts {
        let Some(group) = post.group else { continue };
        let primary = if town.group(group).lead == post.person { "true" } else { "false" };
        let (from, until) = (day(post.dates.from), end_date(post.dates.until));
        let (class, school, person) = (group.sourced_id(), post.school.sourced_id(), post.person.sourced_id());
        let id = format!("enrolment-{:06}-{:06}", group.0, post.person.0);
        rows.row([&id, "", "", &class, &school, &person, "teacher", primary, &from, &until])?;
    }
    for pupil in &town.pupils {
        for group in [Some(pupil.class), pupil.club].into_iter().flatten() {
            let (class, school, person) = (group.sourced_id(), pupil.school.sourced_id(), pupil.person.sourced_id());
            let id = format!("enrolment-{:06}-{:06}", group.0, pupil.person.0);
            rows.row([&id, "", "", &class, &school, &person, "student", "", "", ""])?;
        }
    }
    Ok(())
}

fn demographics(town: &Municipality, rows: &mut Rows<'_>) -> Written {
    for person in town.people.iter().filter(|person| person.in_roster) {
        if let Some(born) = person.birth_date {
            let (id, born) = (person.no.sourced_id(), born.to_string());
            rows.row([&id, "", "", &born, "", "", "", "", "", "", "", "", "", "", "", ""])?;
        }
    }
    Ok(())
}

/// OneRoster's end dates are exclusive, ours inclusive.
fn end_date(until: Option<NaiveDate>) -> String {
    day(until.and_then(|last| last.succ_opt()))
}

pub(super) fn day(date: Option<NaiveDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}
