//! Bundles applied to a running engine over a real SQLite file: rights follow, half an import widens nothing, and what
//! staff did stands.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roster_desk;

use roster_desk::{Files, ORGANISER, as_delta, day, group, lilla, person, school};
use skolebro_core::{
    clock::TestClock,
    domain::{
        ids::PersonId,
        people::{Assignment, Block, Dates, Guardianship, GuardianshipKind, Reach, Role, Standing},
        roster::{Origin, Roster, RosterChange, RosterEntry, RosterKey},
        scope::{Circle, Scope, Topic},
    },
};
use skolebro_server::{
    engine::{Engine, EngineConfig, ImportError, ImportOptions, ImportProgress, Limits, RosterAuthor, WriterMode},
    roster::{
        codes::Code,
        options::ReadOptions,
        report::{ImportReport, Stopped},
    },
    store::{
        self, Store, StoredEntry,
        sqlite::{SqliteOptions, SqliteStore},
    },
};
use std::{collections::BTreeMap, ops::ControlFlow, path::PathBuf, sync::Arc};
use tempfile::TempDir;

struct Hall {
    folder: TempDir,
    store: Arc<dyn Store>,
    engine: Arc<Engine>,
}

const HEAD: &str = "pupil,person,given_name,family_name,kind,from,until,topics,confirmed,block\n";

/// Amal confirmed, Erik a parent without custody who is delegated attendance.
fn with_law() -> Files {
    lilla().with(
        "legal.csv",
        format!("{HEAD}liv,amal,,,guardian,,,,yes,\nliv,erik,,,parent_without_custody,,,attendance,yes,\n"),
    )
}

impl Hall {
    fn new(limits: Limits) -> Self {
        let folder = TempDir::new().unwrap();
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(&folder.path().join("store"), SqliteOptions::default()).unwrap());
        let engine = open(&store, limits);
        Self { folder, store, engine }
    }

    fn path(&self, files: &Files) -> PathBuf {
        let path = self.folder.path().join("bundle.zip");
        files.zip(&path);
        path
    }

    fn try_import(
        &self,
        files: &Files,
        change: impl FnOnce(&mut ImportOptions),
        progress: &mut dyn FnMut(ImportProgress) -> ControlFlow<()>,
    ) -> Result<ImportReport, ImportError> {
        let mut options = ImportOptions::new(ReadOptions::new(ORGANISER, day("2026-09-01")));
        change(&mut options);
        self.engine.import(&self.path(files), self.folder.path(), options, progress)
    }

    fn import(&self, files: &Files) -> ImportReport {
        self.try_import(files, |options| options.allow_ending = true, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    fn head(&self) -> store::Head {
        store::read(&*self.store, |reading| reading.head(school("S1"))).unwrap()
    }

    fn roster(&self) -> BTreeMap<RosterKey, StoredEntry> {
        store::read(&*self.store, |reading| {
            let mut found = BTreeMap::new();
            reading.roster(school("S1"), &mut |entry| {
                found.insert(entry.entry.key(), entry);
            })?;
            Ok(found)
        })
        .unwrap()
    }

    /// The scopes that somebody reads now, with the number of each grant.
    fn reads(&self, sid: &str) -> BTreeMap<Scope, u64> {
        let now = self.engine.now();
        let found = store::read(&*self.store, |reading| reading.subscriptions(school("S1"), person(sid))).unwrap();
        found.into_iter().filter(|held| held.is_active(now)).map(|held| (held.scope, held.granted)).collect()
    }

    fn by_hand(&self, changes: Vec<RosterChange>) {
        self.engine.apply_roster(school("S1"), changes, RosterAuthor::Operator).unwrap();
    }

    fn guardianship(&self, pupil: &str, adult: &str) -> Option<Guardianship> {
        let key = RosterKey { kind: "guardianship", key: format!("{}/{}", person(pupil), person(adult)) };
        match self.roster().remove(&key).map(|stored| stored.entry) {
            Some(RosterEntry::Guardianship(found)) => Some(found),
            _ => None,
        }
    }
}

fn open(store: &Arc<dyn Store>, limits: Limits) -> Arc<Engine> {
    let clock = Arc::new(TestClock::at("2026-09-01T05:30:00Z".parse().unwrap()));
    let config = EngineConfig { limits, code_key: [7; 32], writer: WriterMode::Thread };
    Engine::open(store.clone(), clock, config).unwrap()
}

fn attendance(pupil: &str) -> Scope {
    Scope::pupil(person(pupil), Topic::Attendance, Circle::All)
}

const ALL: [&str; 6] = ["liv", "noah", "amal", "erik", "sanna", "rut"];

#[test]
fn an_import_gives_rights_and_the_same_again_takes_no_number() {
    let hall = Hall::new(Limits::default());
    let mut seen = Vec::new();
    let report = hall.try_import(&with_law(), |_| (), &mut |progress| {
        seen.push(progress);
        ControlFlow::Continue(())
    });
    assert!(report.unwrap().stopped.is_none());
    assert!(seen.contains(&ImportProgress::Comparing));
    assert!(matches!(seen.last(), Some(ImportProgress::Applying { done, total }) if done == total && *total > 10));
    assert!(
        hall.reads("amal").contains_key(&attendance("liv")) && hall.reads("sanna").contains_key(&attendance("noah"))
    );
    assert!(hall.reads("rut").contains_key(&attendance("liv")));
    assert!(!hall.reads("amal").contains_key(&attendance("noah")), "a guardian of another child");

    let (head, roster, grants) = (hall.head(), hall.roster(), ALL.map(|sid| hall.reads(sid)));
    let report = hall.import(&with_law());
    assert!(report.is_quiet(), "{report}");
    assert_eq!((head, roster, grants), (hall.head(), hall.roster(), ALL.map(|sid| hall.reads(sid))));
    assert!(
        !std::fs::read_dir(hall.folder.path())
            .unwrap()
            .any(|entry| { entry.unwrap().file_name().to_string_lossy().contains("staging") })
    );
}

#[test]
fn pending_adults_read_nothing_and_get_no_code_until_the_legal_layer_or_staff_confirm() {
    let hall = Hall::new(Limits::default());
    hall.import(&lilla());
    assert_eq!(hall.reads("amal"), BTreeMap::new());
    assert_eq!(hall.engine.make_codes(&[person("amal"), person("erik")]).unwrap(), []);
    hall.import(&with_law());
    assert_eq!(hall.engine.make_codes(&[person("amal")]).unwrap().len(), 1);
    // Without the legal layer, OneRoster neither lowers nor raises anything.
    let before = hall.roster();
    hall.import(&lilla());
    assert_eq!(before, hall.roster());
}

#[test]
fn a_scope_that_is_still_given_keeps_its_grant_through_a_change_of_class() {
    let hall = Hall::new(Limits::default());
    hall.import(&with_law());
    let before = hall.reads("amal")[&attendance("liv")];
    let moved = with_law().and_row("classes.csv", "4C,,,4C,04,C,4C,homeroom,,S1,,,,").change(
        "enrollments.csv",
        "e1,,,4B,S1,liv",
        "e1,,,4C,S1,liv",
    );
    hall.import(&moved);
    assert_eq!(hall.reads("amal")[&attendance("liv")], before);
    let class = |sid: &str| Scope::group(group(sid), Topic::Info, Circle::All);
    assert!(hall.reads("amal").contains_key(&class("4C")) && !hall.reads("amal").contains_key(&class("4B")));
    assert!(!hall.reads("sanna").contains_key(&attendance("liv")), "4B's teacher no longer");
}

#[test]
fn a_dry_run_and_a_run_that_would_end_too_much_apply_nothing() {
    let hall = Hall::new(Limits::default());
    hall.import(&with_law());
    let (head, before) = (hall.head(), hall.roster());
    let gone = with_law()
        .change("users.csv", "liv,,,true,liv,,Liv,Åkesson,,,,,,\"amal,erik\",04,\n", "")
        .change("roles.csv", "r1,,,liv,primary,student,,,S1,\n", "")
        .change("enrollments.csv", "e1,,,4B,S1,liv,student,,,\n", "")
        .change("users.csv", "noah,,,true,noah,,Noah,Berg,,,,,,,04,\n", "")
        .change("roles.csv", "r2,,,noah,primary,student,,,S1,\n", "")
        .change("enrollments.csv", "e2,,,4B,S1,noah,student,,,\n", "")
        .change("users.csv", "Amal,Haddad", "Amal,Nyman");
    let on = &mut |_| ControlFlow::Continue(());
    let report = hall.try_import(&gone, |_| (), on).unwrap();
    let Some(Stopped::TooMuchEnding { percent: 5, losses }) = &report.stopped else { panic!("{report}") };
    let of = |kind: &str| losses.iter().find(|loss| loss.kind == kind).map(|loss| (loss.ending, loss.stored));
    assert_eq!((of("enrolment"), of("membership"), of("assignment")), (Some((2, 2)), Some((2, 2)), None), "{report}");
    assert!(report.to_string().contains("--allow-ending"));
    let dry = |options: &mut ImportOptions| (options.dry_run, options.allow_ending) = (true, true);
    let report = hall.try_import(&gone, dry, on).unwrap();
    assert_eq!((report.dry_run, report.facts["person"].changed, report.facts["membership"].ended), (true, 1, 2));
    assert_eq!((head, before), (hall.head(), hall.roster()));
    let report = hall.try_import(&gone, |options| options.allow_ending = true, on).unwrap();
    assert!(report.stopped.is_none());
    assert_eq!(hall.roster().values().filter(|stored| matches!(stored.entry, RosterEntry::Membership(_))).count(), 0);
}

#[test]
fn a_block_bars_whatever_an_import_says() {
    let hall = Hall::new(Limits::default());
    hall.import(&with_law());
    hall.by_hand(vec![RosterChange::staff(Block { pupil: person("liv"), person: person("erik") })]);
    assert!(!hall.reads("erik").contains_key(&attendance("liv")));
    let wide = lilla().with("legal.csv", format!("{HEAD}liv,erik,,,guardian,,,,yes,no\n"));
    let without = lilla().change("users.csv", "\"amal,erik\"", "amal");
    for files in [wide.clone(), lilla(), without, as_delta(wide.clone()), wide] {
        hall.import(&files);
        assert!(!hall.reads("erik").contains_key(&attendance("liv")));
        assert_eq!(hall.engine.make_codes(&[person("erik")]).unwrap(), []);
    }
}

#[test]
fn what_staff_do_while_a_bundle_is_being_applied_stands() {
    let hall = Hall::new(Limits { roster_batch: 1, ..Limits::default() });
    hall.import(&lilla());
    // The plan was made before staff say that Amal is no guardian, and bar Erik.
    let mut said = false;
    let amal = Guardianship {
        pupil: person("liv"),
        person: person("amal"),
        kind: GuardianshipKind::ParentWithoutCustody,
        standing: Standing::Confirmed,
        dates: Dates::default(),
        topics: Vec::new(),
    };
    let engine = hall.engine.clone();
    let by_hand = amal.clone();
    let law = lilla().with("legal.csv", format!("{HEAD}liv,amal,,,guardian,,,,yes,\nliv,erik,,,guardian,,,,yes,\n"));
    hall.try_import(&law, |_| (), &mut |progress| {
        if let (ImportProgress::Applying { .. }, false) = (&progress, said) {
            said = true;
            let bar = Block { pupil: person("liv"), person: person("erik") };
            let changes = vec![RosterChange::staff(by_hand.clone()), RosterChange::staff(bar)];
            engine.apply_roster(school("S1"), changes, RosterAuthor::Operator).unwrap();
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(hall.guardianship("liv", "amal"), Some(amal));
    assert_eq!((hall.reads("amal").get(&attendance("liv")), hall.reads("erik").get(&attendance("liv"))), (None, None));
}

#[test]
fn stopped_at_any_transaction_an_import_has_widened_nothing_and_a_second_run_finishes_it() {
    // What gives, takes and bars all at once: Erik barred, Amal's custody gone, Noah to another class, a new teacher.
    let next = lilla()
        .and_row("classes.csv", "4C,,,4C,04,C,4C,homeroom,,S1,,,,")
        .change("enrollments.csv", "e2,,,4B,S1,noah", "e2,,,4C,S1,noah")
        .change("enrollments.csv", "e3,,,4B,S1,sanna", "e3,,,4C,S1,sanna")
        .and_row("enrollments.csv", "e4,,,4B,S1,vera,teacher,true,,")
        .and_row("users.csv", "vera,,,true,vera,,Vera,Holm,,,,,,,,")
        .and_row("roles.csv", "r7,,,vera,primary,teacher,,,S1,")
        .with(
            "legal.csv",
            format!(
                "{HEAD}liv,amal,,,parent_without_custody,,,,yes,\nliv,erik,,,guardian,,,,yes,yes\n\
                 noah,home,Kim,Vik,carer,,,attendance,yes,\nliv,home,Kim,Vik,guardian,,,,yes,\n"
            ),
        );
    let people = ["amal", "erik", "sanna", "rut", "vera", "home"];
    let whole = Hall::new(Limits::default());
    whole.import(&with_law());
    whole.import(&next);
    let scopes = |hall: &Hall| people.map(|sid| hall.reads(sid).into_keys().collect::<Vec<_>>());
    let (end, goal) = (whole.roster(), scopes(&whole));
    let mut stops = 0;
    for stop in 0.. {
        let limits = Limits { roster_batch: 1, ..Limits::default() };
        let mut hall = Hall::new(limits.clone());
        hall.import(&with_law());
        let before = scopes(&hall);
        let mut batches = 0;
        let result = hall.try_import(&next, |options| options.allow_ending = true, &mut |progress| {
            batches += usize::from(matches!(progress, ImportProgress::Applying { .. }));
            if batches > stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        for (at, sid) in people.iter().enumerate() {
            for scope in hall.reads(sid).into_keys() {
                let known = before[at].contains(&scope) || goal[at].contains(&scope);
                assert!(known, "{sid} reads {scope} after {stop} transactions");
            }
        }
        // Whoever gets something new gets it only when everything that is taken away is gone.
        let widened =
            people.iter().enumerate().any(|(at, sid)| hall.reads(sid).keys().any(|s| !before[at].contains(s)));
        if widened {
            assert!(!hall.reads("erik").contains_key(&attendance("liv")));
            assert!(!hall.reads("amal").contains_key(&attendance("liv")));
            assert!(!hall.reads("sanna").contains_key(&attendance("liv")));
        }
        // A new process on the same files.
        hall.engine = open(&hall.store, limits);
        hall.import(&next);
        assert_eq!(hall.roster(), end, "after {stop} transactions");
        assert_eq!(scopes(&hall), goal);
        stops = stop;
        match result {
            Ok(_) => break,
            Err(error) => assert!(matches!(error, ImportError::Stopped)),
        }
    }
    assert!(stops > 10, "{stops}");
}

#[test]
fn one_import_at_a_time() {
    let hall = Hall::new(Limits::default());
    let mut second = None;
    let (engine, path) = (hall.engine.clone(), hall.path(&lilla()));
    hall.try_import(&lilla(), |_| (), &mut |_| {
        let options = ImportOptions::new(ReadOptions::new(ORGANISER, day("2026-09-01")));
        let on = &mut |_| ControlFlow::Continue(());
        second.get_or_insert_with(|| engine.import(&path, hall.folder.path(), options, on).map(|_| ()));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(matches!(second, Some(Err(ImportError::Busy))));
    assert!(hall.reads("rut").contains_key(&attendance("liv")));
}

#[test]
fn rules_and_calendars_reach_every_school_and_a_file_with_a_mistake_reaches_none() {
    let hall = Hall::new(Limits::default());
    let read = |name: &str| {
        let path = format!("{}/../core/samples/{name}/se.toml", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let (rules, calendar) = (read("rules"), read("calendars"));
    let report = hall.import(&lilla());
    assert_eq!((report.times(Code::RulesMissing), report.times(Code::CalendarMissing)), (1, 1));
    let broken = rules.replacen("cutoff", "cutof", 1);
    let report = hall.import(&lilla().with("rules.toml", broken).with("calendar.toml", &calendar));
    assert!(report.times(Code::TextInvalid) > 0);
    let count = |kind: &str| hall.roster().keys().filter(|key| key.kind == kind).count();
    assert_eq!(count("rule_set"), 0);
    assert!(count("calendar") > 0);
    let report = hall.import(&lilla().with("rules.toml", &rules).with("calendar.toml", &calendar));
    assert_eq!((report.times(Code::TextInvalid), report.times(Code::RulesMissing)), (0, 0));
    assert!(count("rule_set") > 0);
    let head = hall.head();
    assert!(hall.import(&lilla().with("rules.toml", &rules).with("calendar.toml", &calendar)).is_quiet());
    assert_eq!(head, hall.head());
}

#[test]
fn staff_assigned_by_hand_stay_when_their_roster_role_goes() {
    let hall = Hall::new(Limits::default());
    hall.import(&with_law());
    let office =
        Assignment { person: person("sanna"), role: Role::Office, reach: Reach::School, dates: Dates::default() };
    hall.by_hand(vec![RosterChange::staff(office)]);
    hall.import(&with_law().change("enrollments.csv", "e3,,,4B,S1,sanna,teacher,true,,\n", ""));
    let roster = hall.roster();
    let of = |id: PersonId| {
        roster.values().filter(move |stored| matches!(&stored.entry, RosterEntry::Assignment(a) if a.person == id))
    };
    assert_eq!(of(person("sanna")).map(|stored| stored.origin).collect::<Vec<_>>(), [Origin::Staff]);
    assert!(hall.reads("sanna").contains_key(&attendance("liv")), "the office reads it still");
}

#[test]
fn an_assignment_that_staff_ended_does_not_come_back_with_the_roster() {
    let hall = Hall::new(Limits::default());
    let with_post =
        || with_law().with("staff.csv", "person,role,school,group,from,until\nsanna,contact_teacher,S1,4B,,\n");
    for bundle in [with_law(), with_post()] {
        hall.import(&bundle);
        assert!(hall.reads("sanna").contains_key(&attendance("liv")));
        let today = day("2026-09-01");
        let class = Reach::Group(group("4B"));
        let posts = |role| Assignment { person: person("sanna"), role, reach: class, dates: Dates::default() };
        let of_now = |hall: &Hall| {
            let mut roster = Roster::default();
            hall.roster().values().for_each(|stored| roster.put(&stored.entry));
            roster
        };
        for role in [Role::ContactTeacher, Role::Teacher] {
            hall.by_hand(of_now(&hall).ended_by_staff(&posts(role), None, today));
        }
        assert!(!hall.reads("sanna").contains_key(&attendance("liv")), "suspended");
        hall.import(&bundle);
        hall.import(&bundle.clone().change("users.csv", "Sanna", "Susanna"));
        assert!(!hall.reads("sanna").contains_key(&attendance("liv")), "and still in the morning");
        hall.by_hand(of_now(&hall).given_by_staff(posts(Role::ContactTeacher), today));
        assert!(hall.reads("sanna").contains_key(&attendance("liv")), "until staff say otherwise");
    }
}

#[test]
fn a_pupils_places_end_with_the_role_also_where_nothing_says_so_of_the_class() {
    let hall = Hall::new(Limits::default());
    hall.import(&with_law());
    let left = as_delta(with_law())
        .change("roles.csv", "r1,,,liv", "r1,tobedeleted,2026-09-02T06:00:00Z,liv")
        .without("enrollments.csv");
    let report = hall.import(&left.change("manifest.csv", "file.enrollments,delta", "file.enrollments,absent"));
    assert_eq!((report.facts["enrolment"].ended, report.facts["membership"].ended), (1, 1), "{report}");
    let hers = |key: &&RosterKey| {
        matches!(key.kind, "enrolment" | "membership") && key.key.starts_with(&person("liv").to_string())
    };
    assert_eq!(hall.roster().keys().filter(hers).count(), 0);
    assert!(!hall.reads("amal").contains_key(&attendance("liv")));
    assert!(hall.reads("sanna").contains_key(&attendance("noah")), "the class goes on");
}

/// Sections of one course under one title: both cards change when the second comes, and when it goes.
#[test]
fn groups_of_one_title_are_told_apart_on_everybodys_cards() {
    let hall = Hall::new(Limits::default());
    let one = with_law()
        .and_row("classes.csv", "m1,,,Matematik,04,C,MA-1,scheduled,Sal 1,S1,,,,")
        .and_row("enrollments.csv", "e8,,,m1,S1,liv,student,,,")
        .and_row("enrollments.csv", "e9,,,m1,S1,sanna,teacher,,,");
    let two = one
        .clone()
        .and_row("classes.csv", "m2,,,matematik,04,C,MA-2,scheduled,Sal 1,S1,,,,")
        .and_row("enrollments.csv", "e10,,,m2,S1,sanna,teacher,,,");
    let card = |scope: Scope| -> String {
        let rows = store::read(&*hall.store, |reading| {
            reading.rows_by_scope(school("S1"), &scope, 0, u64::MAX >> 1, false, 10)
        });
        rows.unwrap().into_iter().filter_map(|row| row.body).map(String::from).collect()
    };
    let of_group = |sid: &str| card(Scope::group(group(sid), Topic::Info, Circle::All));
    let of_liv = || card(Scope::pupil(person("liv"), Topic::Info, Circle::All));
    hall.import(&one);
    assert!(of_group("m1").contains("\"name\":\"Matematik\"") && of_liv().contains("\"name\":\"Matematik\""));
    hall.import(&two);
    assert!(of_group("m1").contains("\"name\":\"Matematik MA-1\"") && of_liv().contains("Matematik MA-1"));
    assert!(of_group("m2").contains("\"name\":\"matematik MA-2\""));
    hall.import(&one);
    assert!(of_group("m1").contains("\"name\":\"Matematik\"") && of_liv().contains("\"name\":\"Matematik\""));
}

/// Over the real store: what rows said outlives the process, and a run that is stopped remembers what it may have given.
#[test]
fn a_delta_knows_what_its_rows_said_also_after_a_run_that_was_stopped() {
    let class = |hall: &Hall, sid: &str| {
        let key = RosterKey { kind: "membership", key: format!("{}/{}", person("liv"), group(sid)) };
        hall.roster().contains_key(&key)
    };
    let whole = with_law()
        .and_row("classes.csv", "4C,,,4C,04,C,4C,homeroom,,S1,,,,")
        .and_row("classes.csv", "4D,,,4D,04,C,4D,homeroom,,S1,,,,");
    let head = whole.text("enrollments.csv").lines().next().unwrap().to_owned();
    let to = |class: &str| {
        Files::default()
            .with("manifest.csv", "propertyName,value\noneroster.version,1.2\nfile.enrollments,delta\n")
            .with("enrollments.csv", format!("{head}\ne1,active,,{class},S1,liv,student,,,\n"))
    };
    for stop in 0..6 {
        let limits = Limits { roster_batch: 1, ..Limits::default() };
        let mut hall = Hall::new(limits.clone());
        hall.import(&whole);
        let mut batches = 0;
        let _ = hall.try_import(&to("4C"), |options| options.allow_ending = true, &mut |progress| {
            batches += usize::from(matches!(progress, ImportProgress::Applying { .. }));
            if batches > stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        hall.engine = open(&hall.store, limits);
        // Not the same again, but the next change.
        hall.import(&to("4D"));
        let classes = ["4B", "4C", "4D"].map(|sid| class(&hall, sid));
        assert_eq!(classes, [false, false, true], "stopped after {stop} transactions");
        assert!(!hall.reads("sanna").contains_key(&attendance("liv")));
    }
}
