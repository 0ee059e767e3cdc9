//! The first start: a folder that is not the school's makes no school, and the first bundle can be looked at beforehand.

use crate::town::{Town, outcomes, sick};
use skolebro_demo::sample::{Country, Municipality, SampleSpec};
use skolebro_server::roster::report::ImportReport;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

fn command(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skolebro-server"));
    command.args(["--data", data.to_str().unwrap(), "--test-clock", "2026-11-23T05:50:00Z"]).args(words);
    command
}

fn run(data: &Path, words: &[&str]) -> Output {
    command(data, words).output().unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn bundle(folder: &Path) -> PathBuf {
    let today = "2026-11-23".parse().unwrap();
    let file = folder.join("roster.zip");
    Municipality::generate(SampleSpec { pupils: 200, seed: 3, country: Country::Sweden, today })
        .write_zip(&file)
        .unwrap();
    file
}

/// Serves until it says that it is ready, and ends it.
fn serves(data: &Path) -> bool {
    let mut child = command(data, &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    line.starts_with("skolebro-server ready on ")
}

#[test]
fn a_mistyped_folder_is_refused_by_name_and_amals_phone_meets_no_empty_school() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    let url = town.url();
    let Town { running, folder, clock } = town;
    assert!(running.stop());
    let typo = folder.path().join("typo");
    let address = url.strip_prefix("http://").unwrap();
    let refused = run(&typo, &["serve", "--listen", address]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(complaint(&refused).contains(typo.to_str().unwrap()), "{}", complaint(&refused));
    assert!(refused.stdout.is_empty() && !typo.exists(), "nothing is made");
    // Keys alone, and a file of no bytes, are no school's data either: a disk that is not there.
    fs::create_dir_all(typo.join("keys")).unwrap();
    fs::write(typo.join("school.db"), "").unwrap();
    for words in [&["serve", "--listen", "127.0.0.1:0"][..], &["status"], &["tick"], &["people"]] {
        let refused = run(&typo, words);
        assert_eq!(refused.status.code(), Some(1), "{words:?}");
        assert!(complaint(&refused).contains("no school's data"), "{}", complaint(&refused));
    }
    assert_eq!(fs::metadata(typo.join("school.db")).unwrap().len(), 0);
    // The right folder: the phone goes on.
    let town = Town { running: crate::town::start(&folder, Default::default(), &clock), folder, clock };
    assert!(outcomes(amal.at(&town.url()).sync(0, &[sick("Liv")]))[0].get("accepted").is_some());
}

#[test]
fn an_empty_school_is_made_by_those_who_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new");
    assert_eq!(run(&data, &["init"]).status.code(), Some(0));
    assert!(serves(&data));
    let again = run(&data, &["init"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(complaint(&again).contains("already"));
    // An import alone does without.
    let imported = folder.path().join("imported");
    assert!(matches!(run(&imported, &["import", bundle(folder.path()).to_str().unwrap()]).status.code(), Some(0 | 3)));
    assert!(serves(&imported));
}

#[test]
fn the_first_bundle_can_be_looked_at_before_there_is_anything() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (bundle(folder.path()), folder.path().join("data"));
    let report = |output: &Output| -> ImportReport {
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    };
    let dry = run(&data, &["import", file.to_str().unwrap(), "--dry-run", "--json"]);
    assert!(!data.exists(), "a look leaves nothing behind");
    let real = run(&data, &["import", file.to_str().unwrap(), "--json"]);
    assert_eq!(dry.status.code(), real.status.code());
    let (dry, real) = (report(&dry), report(&real));
    assert!(dry.dry_run && dry.facts["person"].created > 200);
    assert_eq!((dry.files, dry.facts), (real.files, real.facts), "it says what then comes");
}

fn codes_key(folder: &Path) -> PathBuf {
    folder.join("codes.key")
}

#[test]
fn another_key_for_the_codes_is_made_by_order_only() {
    let town = tempfile::tempdir().unwrap();
    let (data, elsewhere) = (town.path().join("data"), town.path().join("elsewhere"));
    let words = |words: &[&str]| run(&data, words);
    let file = bundle(town.path());
    let imported = words(&["import", file.to_str().unwrap()]);
    assert!(imported.status.code().is_some_and(|code| code == 0 || code == 3), "{}", complaint(&imported));
    let school = ["--json", "status"];
    let status: serde_json::Value = serde_json::from_slice(&words(&school).stdout).unwrap();
    let name = status["schools"][0]["name"].as_str().unwrap().to_owned();
    assert_eq!(words(&["codes", "--staff", "--school", &name]).status.code(), Some(0));

    // The unit file names another folder than the import did: nothing is served, and no key is made there.
    let keys = ["--keys", elsewhere.to_str().unwrap()];
    let refused = words(&[keys[0], keys[1], "serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(1));
    let told = complaint(&refused);
    for word in ["elsewhere", "unused code", "--keys", "new-key"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert!(!codes_key(&elsewhere).exists());

    // The same in a restored copy, which has no key: it is restored, and somebody must look.
    let (backup, restored) = (town.path().join("backup"), town.path().join("restored"));
    assert_eq!(words(&["backup", backup.to_str().unwrap()]).status.code(), Some(0));
    let again = run(&restored, &["restore", backup.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(3), "{}", complaint(&again));
    assert!(String::from_utf8_lossy(&again.stdout).contains("codes.key"));
    assert_eq!(run(&restored, &["status"]).status.code(), Some(1));

    // Moved, and named once, it is found again.
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(codes_key(&data.join("keys")), codes_key(&elsewhere)).unwrap();
    assert_eq!(words(&["status"]).status.code(), Some(1));
    assert_eq!(words(&[keys[0], keys[1], "status"]).status.code(), Some(0));
    assert!(serves(&data));

    // Lost: said by order, and every code that waited is dead.
    fs::remove_file(codes_key(&elsewhere)).unwrap();
    let renewed = words(&["new-key"]);
    assert_eq!(renewed.status.code(), Some(0), "{}", complaint(&renewed));
    assert!(serves(&data));
    let left = words(&["codes", "--staff", "--school", &name]);
    assert_eq!(left.status.code(), Some(0), "new letters are made without --again: {}", complaint(&left));

    // With the key there, none is made, and nobody is told that there was.
    let same = words(&["new-key"]);
    assert_eq!(same.status.code(), Some(1));
    assert!(complaint(&same).contains("take its codes.key away first"), "{}", complaint(&same));
    let left = words(&["codes", "--staff", "--school", &name]);
    assert_eq!(left.status.code(), Some(3), "the letters that are out are good: {}", complaint(&left));
}

#[test]
fn an_address_that_no_phone_takes_makes_no_code() {
    let town = Town::open();
    for address in ["not a url", "ftp://skola.example.se", "http://skola.example.se", "skola.example.se"] {
        let refused = run(town.folder.path(), &["codes", "--staff", "--server", address]);
        assert_eq!(refused.status.code(), Some(2), "{address}");
        assert!(complaint(&refused).contains("https://"), "{}", complaint(&refused));
    }
}

#[test]
fn a_level_that_there_is_not_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for level in ["banana", "info,banana", "skolebro_server::http=loud", ""] {
        let refused = run(folder.path(), &["--log-level", level, "status"]);
        assert_eq!(refused.status.code(), Some(2), "{level}");
    }
    for level in ["debug", "warn,skolebro_server::http=debug"] {
        assert_eq!(run(folder.path(), &["--log-level", level, "status"]).status.code(), Some(1), "no school is there");
    }
}
