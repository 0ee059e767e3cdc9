//! The made-up municipality: the same for the same seed, whole, and with every special case in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{Days, Months, NaiveDate};
use skolebro_core::domain::{
    people::{GroupKind, GuardianshipKind, Role, SchoolForm},
    scope::Topic,
};
use skolebro_demo::sample::{Country, Municipality, PersonNo, Persona, PersonaKind, RosterRole, SampleSpec};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

fn spec(pupils: u32, seed: u64, country: Country) -> SampleSpec {
    SampleSpec { pupils, seed, country, today: NaiveDate::from_ymd_opt(2026, 9, 14).unwrap() }
}

/// A table as its reader sees it: rows by column name.
fn table(dir: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(dir.join(name)).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn column<'a>(rows: &'a [BTreeMap<String, String>], name: &str) -> BTreeSet<&'a str> {
    rows.iter().map(|row| row[name].as_str()).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let dir = tempfile::tempdir().unwrap();
    let zip = |seed: u64, name: &str| {
        let path = dir.path().join(name);
        Municipality::generate(spec(600, seed, Country::Norway)).write_zip(&path).unwrap();
        fs::read(path).unwrap()
    };
    let first = zip(7, "first.zip");
    assert_eq!(first, zip(7, "again.zip"));
    assert_ne!(first, zip(8, "other.zip"));
}

#[test]
fn the_zip_holds_the_same_files_as_the_folder_with_fixed_times_and_crlf() {
    let dir = tempfile::tempdir().unwrap();
    let town = Municipality::generate(spec(300, 1, Country::Sweden));
    let counts = town.write_folder(&dir.path().join("files")).unwrap();
    assert_eq!(counts, town.write_zip(&dir.path().join("all.zip")).unwrap());
    let mut archive = zip::ZipArchive::new(fs::File::open(dir.path().join("all.zip")).unwrap()).unwrap();
    assert_eq!(archive.len(), counts.len() + 2, "the rules and the calendar too");
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        assert_eq!(entry.last_modified().unwrap().year(), 1980);
        let mut packed = String::new();
        std::io::Read::read_to_string(&mut entry, &mut packed).unwrap();
        let plain = fs::read_to_string(dir.path().join("files").join(entry.name().unwrap().as_ref())).unwrap();
        assert_eq!(packed, plain);
        if plain.contains("[[") {
            continue;
        }
        assert_eq!(plain.matches("\r\n").count(), plain.matches('\n').count());
        let rows = counts.iter().find(|(name, _)| *name == entry.name().unwrap()).unwrap().1;
        assert_eq!(plain.matches('\n').count() as u64, rows + 1);
    }
}

#[test]
fn fifteen_hundred_pupils_go_to_three_schools_in_classes_of_about_twenty_five() {
    for country in Country::ALL {
        let town = Municipality::generate(spec(1_500, 3, country));
        assert_eq!(town.pupils.len(), 1_500);
        assert_eq!(town.schools.len(), 3);
        assert_eq!(town.schools.iter().filter(|school| school.form == SchoolForm::UpperSecondary).count(), 1);
        let mut names = BTreeSet::new();
        for group in &town.groups {
            assert!(names.insert((group.school, &group.name)), "{} twice", group.name);
            let size = town.pupils_in(group.no).count();
            if group.kind == GroupKind::Class {
                assert!((20..=30).contains(&size), "{} has {size}", group.name);
            } else {
                assert!(size > 60, "the club has {size}");
            }
            assert_ne!(group.lead, group.second);
        }
        assert!(country == Country::Denmark || town.groups.iter().any(|group| group.name == "4B"));
        for school in &town.schools {
            let posts = |role| town.posts.iter().filter(|post| post.school == school.no && post.role == role).count();
            let counts =
                [Role::Principal, Role::DeputyPrincipal, Role::Office, Role::SpecialEducator, Role::PupilHealth];
            assert_eq!(counts.map(posts), [1, 1, 2, 1, 1]);
        }
    }
}

#[test]
fn a_pupil_has_about_one_and_three_quarters_guardians_and_siblings_share_them() {
    let town = Municipality::generate(spec(6_000, 5, Country::Sweden));
    let custody = |relation: &&skolebro_demo::sample::Relation| {
        relation.legal.is_some_and(|legal| legal.kind == GuardianshipKind::Guardian)
    };
    let guardians = town.relations.iter().filter(custody).count() as f64 / town.pupils.len() as f64;
    assert!((1.65..1.85).contains(&guardians), "{guardians}");

    let mut children: BTreeMap<PersonNo, Vec<PersonNo>> = BTreeMap::new();
    for relation in &town.relations {
        children.entry(relation.adult).or_default().push(relation.pupil);
    }
    let schools =
        |pupils: &Vec<PersonNo>| -> BTreeSet<_> { pupils.iter().map(|no| town.pupil(*no).unwrap().school).collect() };
    let families = children.values().filter(|pupils| pupils.len() > 1).count();
    let across = children.values().filter(|pupils| schools(pupils).len() > 1).count();
    assert!(families > children.len() / 3, "{families} of {}", children.len());
    assert!(across > families / 20 && across < families * 2 / 3, "{across} of {families}");
    // Brothers and sisters are twins or ten months apart.
    for pupils in children.values() {
        let born: Vec<NaiveDate> = pupils.iter().filter_map(|no| town.person(*no).birth_date).collect();
        for (index, one) in born.iter().enumerate() {
            for other in &born[..index] {
                let days = (*one - *other).num_days().abs();
                assert!(days == 0 || days > 300, "{days} days apart");
            }
        }
    }
}

#[test]
fn every_special_case_is_there_for_every_seed_country_size_and_season() {
    for seed in 0..12 {
        for country in Country::ALL {
            for pupils in [SampleSpec::FEWEST, 450, 1_500] {
                for (month, day) in [(9, 14), (2, 27), (6, 30), (7, 1)] {
                    let today = NaiveDate::from_ymd_opt(2026, month, day).unwrap();
                    let town = Municipality::generate(SampleSpec { today, ..spec(pupils, seed, country) });
                    check_personas(&town);
                }
            }
        }
    }
}

fn check_personas(town: &Municipality) {
    let today = town.spec.today;
    let of = |kind: PersonaKind| -> &Persona { town.persona(kind).unwrap_or_else(|| panic!("no {kind:?}")) };
    let legal = |pupil: PersonNo, adult: PersonNo| {
        town.adults_of(pupil).iter().find(|relation| relation.adult == adult).expect("related").legal
    };
    let kinds: BTreeSet<PersonaKind> = town.personas().iter().map(|persona| persona.kind).collect();
    assert_eq!(kinds, PersonaKind::ALL.into_iter().collect());
    assert_eq!(kinds.len(), town.personas().len());

    let married = of(PersonaKind::MarriedTwoSchools);
    let [liv, elias] = married.pupils[..] else { panic!("two children") };
    assert_ne!(town.pupil(liv).unwrap().school, town.pupil(elias).unwrap().school);
    assert_eq!(town.adults_of(liv).len(), 2);
    assert_eq!(town.address(married.adults[0]), town.address(married.adults[1]));
    assert_eq!(town.group(town.pupil(liv).unwrap().class).lead, married.others[0]);
    assert_eq!(town.person(married.others[0]).given_name, "Sanna");

    let separated = of(PersonaKind::SeparatedGuardians);
    assert_ne!(town.address(separated.adults[0]), town.address(separated.adults[1]));

    let topics = |kind| {
        let persona = of(kind);
        let legal = legal(persona.pupils[0], persona.adults[0]).unwrap();
        assert_eq!(legal.kind, GuardianshipKind::ParentWithoutCustody);
        legal.topics
    };
    assert_eq!(topics(PersonaKind::AttendanceDelegated), [Topic::Attendance]);
    assert!(topics(PersonaKind::WithoutCustody).is_empty());

    for kind in [PersonaKind::FosterHome, PersonaKind::ResidentialHome] {
        let home = of(kind);
        assert_eq!(home.adults.len(), 2);
        for carer in &home.adults {
            let legal = legal(home.pupils[0], *carer).unwrap();
            assert_eq!((legal.kind, legal.topics), (GuardianshipKind::Carer, &[Topic::Attendance, Topic::Info][..]));
            let dated = legal.dates.from.is_some() && legal.dates.until.is_some();
            assert_eq!(dated, kind == PersonaKind::ResidentialHome);
            assert!(legal.dates.contain(today));
        }
    }
    let god_man = of(PersonaKind::AppointedRepresentative);
    let relation = town.adults_of(god_man.pupils[0]);
    assert_eq!(relation.len(), 1);
    assert_eq!(relation[0].legal.unwrap().kind, GuardianshipKind::AppointedRepresentative);

    let hidden = of(PersonaKind::ProtectedIdentity);
    assert!(hidden.adults.iter().chain(&hidden.pupils).all(|no| town.person(*no).protected_identity));

    let barred = of(PersonaKind::BlockedFather);
    assert!(legal(barred.pupils[0], barred.adults[0]).unwrap().block);
    assert!(!legal(barred.pupils[0], barred.others[0]).unwrap().block);

    let stepfather = of(PersonaKind::PendingStepfather);
    assert_eq!(legal(stepfather.pupils[0], stepfather.adults[0]), None);
    assert_eq!(town.pupils_of(stepfather.adults[0]).next().unwrap().roster, Some(RosterRole::Parent));

    let saga = of(PersonaKind::TurningEighteen).pupils[0];
    let birthday = town.person(saga).birth_date.unwrap() + Months::new(18 * 12);
    assert!(today < birthday && birthday <= today + Days::new(5));
    assert_eq!(town.school(town.pupil(saga).unwrap().school).form, SchoolForm::UpperSecondary);

    let teacher = of(PersonaKind::TeacherAndGuardian);
    let post = town.posts.iter().find(|post| post.person == teacher.adults[0]).unwrap();
    let child = town.pupil(teacher.pupils[0]).unwrap();
    assert_eq!((post.role, post.school), (Role::ContactTeacher, child.school));
    assert_ne!(post.group, Some(child.class));

    let substitute = of(PersonaKind::SubstituteUntilToday);
    let post = town.posts.iter().find(|post| post.person == substitute.adults[0]).unwrap();
    assert_eq!((post.role, post.dates.until), (Role::Teacher, Some(today)));
    assert_eq!(post.group, Some(town.pupil(liv).unwrap().class));
}

#[test]
fn no_id_stands_twice_every_reference_resolves_and_everybody_has_a_name() {
    for (seed, country) in [(1, Country::Sweden), (2, Country::Denmark), (3, Country::Norway)] {
        let dir = tempfile::tempdir().unwrap();
        let town = Municipality::generate(spec(1_000, seed, country));
        town.write_folder(dir.path()).unwrap();
        let read = |name: &str| table(dir.path(), name);
        let names = ["orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments", "demographics"];
        for name in names {
            let rows = read(&format!("{name}.csv"));
            assert_eq!(column(&rows, "sourcedId").len(), rows.len(), "an id stands twice in {name}");
            assert!(rows.iter().all(|row| row["status"].is_empty() && row["dateLastModified"].is_empty()));
        }
        let manifest = read("manifest.csv");
        for row in manifest.iter().filter(|row| row["value"] == "bulk") {
            assert!(dir.path().join(format!("{}.csv", row["propertyName"].strip_prefix("file.").unwrap())).exists());
        }
        let (orgs, sessions, courses) = (read("orgs.csv"), read("academicSessions.csv"), read("courses.csv"));
        let (classes, users, legal) = (read("classes.csv"), read("users.csv"), read("legal.csv"));
        let refer = |rows: &[BTreeMap<String, String>], cell: &str, to: &BTreeSet<&str>| {
            for row in rows {
                for id in row[cell].split(',').filter(|id| !id.is_empty()) {
                    assert!(to.contains(id), "{cell} {id} leads nowhere");
                }
            }
        };
        let (org_ids, session_ids) = (column(&orgs, "sourcedId"), column(&sessions, "sourcedId"));
        let (class_ids, user_ids) = (column(&classes, "sourcedId"), column(&users, "sourcedId"));
        refer(&orgs, "parentSourcedId", &org_ids);
        refer(&courses, "orgSourcedId", &org_ids);
        refer(&courses, "schoolYearSourcedId", &session_ids);
        refer(&classes, "schoolSourcedId", &org_ids);
        refer(&classes, "termSourcedIds", &session_ids);
        refer(&classes, "courseSourcedId", &column(&courses, "sourcedId"));
        refer(&users, "agentSourcedIds", &user_ids);
        refer(&users, "primaryOrgSourcedId", &org_ids);
        let roles = read("roles.csv");
        refer(&roles, "userSourcedId", &user_ids);
        refer(&roles, "orgSourcedId", &org_ids);
        let enrolments = read("enrollments.csv");
        refer(&enrolments, "userSourcedId", &user_ids);
        refer(&enrolments, "classSourcedId", &class_ids);
        refer(&enrolments, "schoolSourcedId", &org_ids);
        refer(&read("demographics.csv"), "sourcedId", &user_ids);
        refer(&read("staff.csv"), "person", &user_ids);
        refer(&read("staff.csv"), "group", &class_ids);
        refer(&read("staff.csv"), "school", &org_ids);
        refer(&read("school.csv"), "school", &org_ids);
        refer(&legal, "pupil", &user_ids);
        // Every user has a role, and every pupil one class.
        assert_eq!(column(&roles, "userSourcedId"), user_ids);
        for row in users.iter().chain(legal.iter().filter(|row| !row["person"].is_empty())) {
            let (given, family) =
                if row.contains_key("givenName") { ("givenName", "familyName") } else { ("given_name", "family_name") };
            assert!(!row[given].trim().is_empty() && !row[family].trim().is_empty());
        }
        // Who is protected is so in the legal layer, pupils in rows of their own.
        for person in town.people.iter().filter(|person| person.protected_identity) {
            let is_pupil = town.pupil(person.no).is_some();
            let about = if is_pupil { "pupil" } else { "person" };
            let id = person.no.sourced_id();
            let row = legal.iter().find(|row| row[about] == id && row["person"].is_empty() == is_pupil).unwrap();
            assert_eq!(row["protected_identity"], "yes");
        }
        let pairs: BTreeSet<_> = legal.iter().map(|row| (&row["pupil"], &row["person"])).collect();
        assert_eq!(pairs.len(), legal.len());
    }
}

#[test]
fn nothing_can_ring_reach_or_identify_anybody() {
    for country in Country::ALL {
        let dir = tempfile::tempdir().unwrap();
        let town = Municipality::generate(spec(500, 9, country));
        town.write_folder(dir.path()).unwrap();
        for person in &town.people {
            let is_pupil = town.pupil(person.no).is_some();
            assert_eq!(town.phone(person.no).is_none(), is_pupil);
            let Some(phone) = town.phone(person.no) else { continue };
            let fictional = match country {
                Country::Sweden => ("+46701740605"..="+46701740699").contains(&phone.as_str()),
                Country::Denmark => phone.starts_with("+4500") && phone.len() == 11,
                Country::Norway => phone.starts_with("+4700") && phone.len() == 11,
            };
            assert!(fictional, "{phone}");
            let email = town.email(person.no).unwrap();
            assert!(email.is_ascii() && email.ends_with("@example.org") && !email.contains(' '), "{email}");
        }
        // A personal identity number has ten to twelve digits, or six and four with a sign between them.
        for entry in fs::read_dir(dir.path()).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            for cell in text.split([',', '\n', '\r', '"', ';']).filter(|cell| !cell.starts_with('+')) {
                let digits = cell.chars().filter(char::is_ascii_digit).count();
                let bare = cell.chars().all(|c| c.is_ascii_digit() || c == '-' || c == ' ');
                assert!(!(bare && digits >= 9), "{cell}");
            }
        }
    }
}

#[test]
fn a_large_municipality_has_more_schools() {
    let town = Municipality::generate(spec(20_000, 2, Country::Denmark));
    assert_eq!(town.pupils.len(), 20_000);
    assert_eq!(town.schools.len(), 40);
    let names: BTreeSet<&str> = town.schools.iter().map(|school| school.name.as_str()).collect();
    assert_eq!(names.len(), 40);
}
