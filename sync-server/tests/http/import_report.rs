//! What the operator reads after an import, and what a row that was left out gives: through the real command.

use serde_json::Value;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Almskolan's bundle as a folder: Liv in 4B, her mother Amal, the teacher Sanna and the counsellor Kim.
fn bundle(folder: &Path, files: &[(&str, &str)]) -> PathBuf {
    let bundle = folder.join("bundle");
    fs::create_dir_all(&bundle).unwrap();
    let almskolan = [
        ("orgs.csv", "sourcedId,name,type\nS1,Almskolan,school\n"),
        ("classes.csv", "sourcedId,title,grades,classType,schoolSourcedId\n4B,4B,04,homeroom,S1\n"),
        (
            "users.csv",
            "sourcedId,enabledUser,givenName,familyName,agentSourcedIds\nliv,true,Liv,Haddad,amal\n\
             amal,true,Amal,Haddad,\nsanna,true,Sanna,Berg,\nkim,true,Kim,Vik,\n",
        ),
        (
            "roles.csv",
            "sourcedId,userSourcedId,roleType,role,orgSourcedId\nr1,liv,primary,student,S1\n\
             r2,amal,primary,guardian,S1\nr3,sanna,primary,teacher,S1\nr4,kim,primary,counselor,S1\n",
        ),
        ("demographics.csv", "sourcedId,birthDate\nliv,2016-03-08\n"),
        ("enrollments.csv", "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\ne1,4B,S1,liv,student\n"),
        (
            "staff.csv",
            "person,given_name,family_name,role,school,group\nsanna,,,contact_teacher,S1,4B\nkim,,,pupil_health,S1,\n",
        ),
    ];
    for (name, text) in almskolan.iter().chain(files) {
        fs::write(bundle.join(name), text).unwrap();
    }
    bundle
}

fn run(data: &Path, words: &[&str]) -> Output {
    let before = ["--data", data.to_str().unwrap(), "--test-clock", "2026-11-23T05:50:00Z"];
    Command::new(env!("CARGO_BIN_EXE_skolebro-server")).args(before).args(words).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// A data folder with the bundle in it, and what the import said.
fn imported(folder: &Path, files: &[(&str, &str)]) -> (PathBuf, Output) {
    let data = folder.join("data");
    let output = run(&data, &["import", bundle(folder, files).to_str().unwrap()]);
    (data, output)
}

const SHORT: &str = "sourcedId,enabledUser,givenName,famlyName,agentSourcedIds\nliv,true,Liv,Haddad,amal\n\
                     amal,true,Amal,Haddad,\nsanna,true,Sanna,Berg,\nkim,true,Kim,Vik,\n";

#[test]
fn a_staff_row_about_nobody_gives_nothing_and_no_code_is_made() {
    let folder = tempfile::tempdir().unwrap();
    // Kim's row stands twice, differently: neither is used.
    let users = "sourcedId,enabledUser,givenName,familyName,agentSourcedIds\nliv,true,Liv,Haddad,amal\n\
                 amal,true,Amal,Haddad,\nsanna,true,Sanna,Berg,\nkim,true,Kim,Vik,\nkim,true,Kim,Vek,\n";
    let (data, output) = imported(folder.path(), &[("users.csv", users)]);
    assert!(said(&output).contains("staff.csv: person_unknown, once"), "{}", said(&output));
    let status = json(&run(&data, &["status", "--json"]));
    let codes = json(&run(&data, &["codes", "--staff", "--json"]));
    let names: Vec<&str> =
        codes["letters"].as_array().unwrap().iter().map(|letter| letter["to"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Sanna Berg"], "{status}");
    assert_eq!(codes["left"].as_array().unwrap().len(), 0, "there is nobody else");

    // Without users.csv there is nobody at all.
    let folder = tempfile::tempdir().unwrap();
    let (data, _) = imported(folder.path(), &[("users.csv", SHORT)]);
    assert_eq!(json(&run(&data, &["codes", "--staff", "--json"]))["letters"].as_array().unwrap().len(), 0);
}

#[test]
fn a_bundle_that_is_in_order_ends_with_zero_every_night() {
    let folder = tempfile::tempdir().unwrap();
    let (data, first) = imported(folder.path(), &[]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    assert!(said(&first).contains("role_in_staff"), "Kim the counsellor is in staff.csv: {}", said(&first));
    let bundle = folder.path().join("bundle");
    // The next night's bundle may lack the file: what it gave stands.
    fs::remove_file(bundle.join("staff.csv")).unwrap();
    assert_eq!(run(&data, &["import", bundle.to_str().unwrap()]).status.code(), Some(0));
    // Somebody whom nothing gives anything is still to be looked at.
    fs::write(bundle.join("staff.csv"), "person,role,school,group\nsanna,contact_teacher,S1,4B\n").unwrap();
    let third = run(&data, &["import", bundle.to_str().unwrap(), "--allow-ending"]);
    assert_eq!(third.status.code(), Some(3));
    assert!(said(&third).contains("role_not_taken"), "{}", said(&third));
}

#[test]
fn a_birth_date_in_another_form_is_read_with_a_note_and_told_to_nobody() {
    for (written, masked) in [
        ("2016-3-8", "####-#-#"),
        ("08.03.2016", "##.##.####"),
        ("20160308", "########"),
        ("2016-03-08T00:00:00.000Z", "####-##-##T##:##:##.###Z"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let bundle = bundle(folder.path(), &[("demographics.csv", &format!("sourcedId,birthDate\nliv,{written}\n"))]);
        let data = folder.path().join("data");
        let report = json(&run(&data, &["import", bundle.to_str().unwrap(), "--json"]));
        let file = &report["files"]["demographics.csv"];
        assert_eq!(file["counts"], serde_json::json!({ "date_form": 1 }), "{written}");
        assert_eq!(file["issues"][0]["value"], masked);
        let people = json(&run(&data, &["people", "--json"]));
        assert_eq!(people["unknown_birth_dates"].as_array().unwrap().len(), 0, "{written} was read");
    }
}

/// A zip of such files, packed.
fn zip(at: &Path, files: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(fs::File::create(at).unwrap());
    let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, packed).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn a_zip_of_other_things_is_refused_and_makes_no_school() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("other.zip"), folder.path().join("data"));
    let refused = |files: &[(&str, &[u8])]| {
        zip(&file, files);
        for words in [&["import", file.to_str().unwrap()][..], &["import", file.to_str().unwrap(), "--dry-run"]] {
            let output = run(&data, words);
            assert_eq!((output.status.code(), said(&output).as_str()), (Some(1), ""), "{output:?}");
            assert!(!data.exists());
        }
        String::from_utf8(run(&data, &["import", file.to_str().unwrap()]).stderr).unwrap()
    };
    let said = refused(&[("photo.jpg", b"JFIF"), ("readme.txt", b"hello")]);
    assert!(said.contains("nothing in the bundle") && said.contains("photo.jpg, readme.txt"), "{said}");
    assert!(refused(&[]).contains("it holds no file"));
    assert!(refused(&[("enrolments.csv", b"x\n")]).contains("did you mean enrollments.csv?"));
    // A file that is not there makes none either.
    assert_eq!(run(&data, &["import", "/nowhere.zip"]).status.code(), Some(1));
    assert!(!data.exists());
}

#[test]
fn a_slow_bomb_is_refused_by_its_directory_before_it_is_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("bomb.zip"), folder.path().join("data"));
    let rows = vec![b','; 20 << 20];
    zip(&file, &[("orgs.csv", b"sourcedId,name,type\nS1,Almskolan,school\n"), ("enrollments.csv", &rows)]);
    let mut bytes = fs::read(&file).unwrap();
    // Broken where the rows are: it would be found damaged, were it unpacked.
    let at = bytes.len() / 2;
    bytes[at..at + 64].fill(0xFF);
    fs::write(&file, bytes).unwrap();
    let output = run(&data, &["import", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("zip bomb") && said.contains("enrollments.csv"), "{said}");
    assert!(!data.exists(), "nothing was made for it");
}

#[test]
fn a_file_that_was_not_read_is_told_first_and_what_comes_of_it_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let (_, output) = imported(folder.path(), &[("users.csv", SHORT)]);
    assert_eq!(output.status.code(), Some(3));
    let said = said(&output);
    let place = |text: &str| said.find(text).unwrap_or_else(|| panic!("{text} is not in {said}"));
    assert!(place("users.csv: column_missing") < place("file  "), "{said}");
    assert!(place("did you mean familyName?") < place("file  "), "{said}");
    // The enrollment, two roles and two of staff.csv.
    assert!(place("5 rows refer to users.csv, which was not read") < place("file  "), "{said}");
    for folded in ["user_dangling", "person_unknown"] {
        assert!(!said.contains(folded), "{said}");
    }
    // Nothing is folded where the file was read.
    let other = tempfile::tempdir().unwrap();
    let staff = "person,role,school,group\nnils,office,S1,\n";
    assert!(self::said(&imported(other.path(), &[("staff.csv", staff)]).1).contains("person_unknown"));
}

#[test]
fn a_stopped_import_says_so_first_with_the_schools_name_and_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let (data, _) = imported(folder.path(), &[]);
    let half =
        bundle(folder.path(), &[("enrollments.csv", "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n")]);
    let output = run(&data, &["import", half.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    let first = said.lines().next().unwrap();
    assert!(first.starts_with("STOPPED, nothing was applied") && first.contains("of Almskolan"), "{said}");
    assert!(first.contains("enrollments.csv 1") && first.contains("--allow-ending"), "{said}");
    assert!(said.contains("would be\n"), "the figures are no deeds: {said}");
    // And so it is: Liv is in 4B.
    let codes = json(&run(&data, &["confirm", "--group", "4B", "--dry-run", "--json"]));
    assert_eq!(codes["unclear"][0]["pupil_name"], "Liv Haddad");
}

/// The same exporter every night; the option was given once.
#[test]
fn how_end_dates_are_read_is_remembered_until_something_else_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let enrollments = "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,endDate\n\
                       e1,4B,S1,liv,student,2027-06-11\n";
    let bundle = bundle(folder.path(), &[("enrollments.csv", enrollments)]);
    let (bundle, data) = (bundle.to_str().unwrap(), folder.path().join("data"));
    let import = |more: &[&str]| json(&run(&data, &[&["import", bundle, "--json"], more].concat()));
    // A trial run remembers nothing.
    assert_eq!(import(&["--dry-run", "--end-dates-count"])["read_with"]["end_dates"], "inclusive");
    assert_eq!(import(&["--dry-run"])["read_with"]["end_dates"], "exclusive");
    assert_eq!(import(&["--end-dates-count"])["read_with"]["end_dates"], "inclusive");
    let silent = import(&[]);
    assert_eq!(silent["read_with"]["end_dates"], "inclusive");
    assert_eq!(silent["facts"]["membership"]["changed"], 0, "the last day is the same: {silent}");
    let changed = run(&data, &["import", bundle, "--end-dates-count=no"]);
    assert!(said(&changed).contains("CHANGED by this import, it was the last day that counts"), "{}", said(&changed));
    assert_eq!(import(&[])["read_with"]["end_dates"], "exclusive");
    // Of another organiser nothing was said.
    assert_eq!(import(&["--organiser", "b", "--new-organiser"])["read_with"]["end_dates"], "exclusive");
}

/// What an unknown column of legal.csv would bar cannot be known: not even what is in order is applied.
#[test]
fn a_column_that_may_bar_stops_the_import_and_no_leave_can_be_given() {
    let folder = tempfile::tempdir().unwrap();
    let legal = "pupil,person,kind,confirmed,blok\nliv,amal,guardian,yes,yes\n";
    let bundle = bundle(folder.path(), &[("legal.csv", legal)]);
    let data = folder.path().join("data");
    for more in [&[][..], &["--allow-ending"], &["--dry-run"]] {
        let output = run(&data, &[&["import", bundle.to_str().unwrap()], more].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).starts_with("STOPPED, nothing was applied"), "{}", said(&output));
        assert!(said(&output).contains("legal.csv, “blok”") && said(&output).contains("did you mean block?"));
    }
    let status = json(&run(&data, &["status", "--json"]));
    assert_eq!(status["schools"].as_array().unwrap().len(), 0);
    fs::write(bundle.join("legal.csv"), legal.replace("blok", "block")).unwrap();
    let output = run(&data, &["import", bundle.to_str().unwrap()]);
    assert!(said(&output).contains("legal.csv bars: 1 new (line 2)"), "{}", said(&output));
    // A row without its pupil bars nobody, and somebody must look.
    fs::write(bundle.join("legal.csv"), "pupil,person,block\n,amal,yes\n").unwrap();
    let output = run(&data, &["import", bundle.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("1 not understood (line 2)"), "{}", said(&output));
}
