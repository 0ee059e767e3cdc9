//! The operator's commands, over the socket of a running server and by themselves, as a person and as a script.

use crate::town::{Town, outcomes, person, sick};
use serde_json::Value;
use skolebro_server::operate::answer::{Answer, Confirmed, Exit, People, WhyNot};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

fn run(data: &Path, words: &[&str]) -> Output {
    let clock = ["--test-clock", "2026-11-23T05:50:00Z"];
    let data = ["--data", data.to_str().unwrap()];
    Command::new(env!("CARGO_BIN_EXE_skolebro-server")).args(data).args(clock).args(words).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn people(town: &Town) -> People {
    match town.order(&["people"]).unwrap() {
        Answer::People(people) => people,
        other => panic!("{other:?}"),
    }
}

fn confirmed(answer: Answer) -> Confirmed {
    match answer {
        Answer::Confirmed(confirmed) => confirmed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn vera_is_pending_until_the_office_says_what_she_is() {
    let town = Town::open();
    let list = people(&town);
    assert_eq!(list.pending.len(), 1);
    assert_eq!((list.pending[0].person, list.pending[0].pupil), (person("Vera"), person("Ida")));
    assert_eq!(list.pending[0].groups, ["4B"]);
    assert_eq!(list.unknown_birth_dates.iter().map(|pupil| pupil.pupil).collect::<Vec<_>>(), [person("Ida")]);
    assert_eq!(Answer::People(list).exit(), Exit::NeedsAttention);

    // Nothing says what she is, so the group's confirmation leaves her.
    let left = confirmed(town.order(&["confirm", "--group", "4B"]).unwrap());
    assert!(left.confirmed.is_empty() && left.unclear.len() == 1);
    let tried = confirmed(town.order(&["confirm", "--group", "4B", "--kind", "guardian", "--dry-run"]).unwrap());
    assert_eq!(tried.confirmed.len(), 1);
    assert_eq!(people(&town).pending.len(), 1, "a dry run changes nothing");
    let done = confirmed(town.order(&["confirm", "--group", "4B", "--kind", "guardian"]).unwrap());
    assert_eq!(done.confirmed[0].person, person("Vera"));
    assert!(people(&town).pending.is_empty());
    let vera = town.enrol("Vera");
    assert!(outcomes(vera.sync(0, &[sick("Ida")]))[0].get("accepted").is_some());
    assert_eq!(outcomes(vera.sync(0, &[sick("Liv")]))[0]["rejected"]["code"], "not_yours");
}

#[test]
fn a_group_is_never_confirmed_past_a_block() {
    let town = Town::open();
    let (vera, ida) = (person("Vera").to_string(), person("Ida").to_string());
    town.order(&["block", "--person", &vera, "--pupil", &ida]).unwrap();
    let answer = confirmed(town.order(&["confirm", "--group", "4B", "--kind", "guardian"]).unwrap());
    assert!(answer.confirmed.is_empty() && answer.blocked.len() == 1);
    let one = town.order(&["confirm", "--person", &vera, "--pupil", &ida, "--kind", "guardian"]);
    assert_eq!(one.unwrap_err().exit, Exit::Refused);
    assert_eq!(people(&town).blocked.len(), 1);
    let Answer::Changed { changed } = town.order(&["block", "--person", &vera, "--pupil", &ida]).unwrap() else {
        panic!()
    };
    assert!(!changed, "it stood already");
    town.order(&["unblock", "--person", &vera, "--pupil", &ida]).unwrap();
    assert!(people(&town).blocked.is_empty());
}

#[test]
fn a_blocked_guardians_phone_gets_nothing_from_the_next_sync_on() {
    let town = Town::open();
    let erik = town.enrol("Erik");
    let livs = |rows: &[Value]| rows.iter().any(|row| row["pupil"] == serde_json::json!(person("Liv")));
    assert!(livs(&erik.pull().1));
    town.order(&["block", "--person", &person("Erik").to_string(), "--pupil", &person("Liv").to_string()]).unwrap();
    assert!(!livs(&erik.pull().1));
    assert_eq!(outcomes(erik.sync(0, &[sick("Liv")]))[0]["rejected"]["code"], "not_yours");
}

#[test]
fn a_substitute_has_one_group_until_midnight() {
    let town = Town::open();
    let vera = person("Vera").to_string();
    let day = "2026-11-23";
    town.order(&["assign", "--person", &vera, "--role", "teacher", "--group", "4B", "--until", day]).unwrap();
    let phone = town.enrol("Vera");
    assert!(phone.pull().1.iter().any(|row| row["kind"] == "pupil_card"));
    // 23:00 in Stockholm, and then 00:30.
    town.clock.advance(chrono::TimeDelta::minutes(16 * 60 + 10));
    assert!(phone.pull().1.iter().any(|row| row["kind"] == "pupil_card"));
    town.clock.advance(chrono::TimeDelta::minutes(90));
    assert!(phone.pull().1.iter().all(|row| row["kind"] != "pupil_card"));
}

#[test]
fn an_assignment_that_is_over_before_it_begins_is_refused() {
    let town = Town::open();
    let vera = person("Vera").to_string();
    let words = ["assign", "--person", &vera, "--role", "teacher", "--group", "4B", "--until"];
    let refused = town.order(&[&words[..], &["2026-11-22"]].concat()).unwrap_err();
    assert_eq!(refused.exit, Exit::Usage);
    assert!(refused.what.contains("2026-11-22 is past"), "{refused}");
    assert!(town.codes(&["--person", &vera]).letters.is_empty(), "she has nothing");
    // Today is not past.
    town.order(&[&words[..], &["2026-11-23"]].concat()).unwrap();
}

#[test]
fn of_two_periods_one_is_ended_by_its_dates_and_all_without_them() {
    let town = Town::open();
    let vera = person("Vera").to_string();
    let words = ["assign", "--person", &vera, "--role", "teacher", "--group", "4B"];
    let order = |more: &[&str]| match town.order(&[&words[..], more].concat()).unwrap() {
        Answer::Changed { changed } => changed,
        other => panic!("{other:?}"),
    };
    let is_teacher = || !town.codes(&["--person", &vera, "--again"]).letters.is_empty();
    assert!(order(&["--until", "2026-11-27"]) && order(&["--from", "2026-11-30", "--until", "2026-12-04"]));
    let none = town.order(&[&words[..], &["--end", "--until", "2026-11-26"]].concat()).unwrap_err();
    assert_eq!(none.exit, Exit::Usage);
    let stands = "teacher in 4B until 2026-11-27, teacher in 4B from 2026-11-30 until 2026-12-04";
    assert!(none.what.ends_with(stands), "there is no such period: {none}");
    assert!(order(&["--end", "--from", "2026-11-30"]));
    assert!(is_teacher(), "this week's stands");
    assert!(order(&["--end"]));
    assert!(!is_teacher());
}

#[test]
fn who_can_read_names_amal_and_sanna_and_not_nils() {
    let town = Town::open();
    let Answer::Readers(list) = town.order(&["who-can-read", "--pupil", &person("Liv").to_string()]).unwrap() else {
        panic!("no readers")
    };
    let names: Vec<&str> = list.readers.iter().map(|reader| reader.name.as_str()).collect();
    assert_eq!(names, ["Sanna Berg", "Amal Haddad", "Olle Kontor", "Erik Lind"]);
}

#[test]
fn an_operator_revokes_a_lost_phone() {
    let town = Town::open();
    let (lost, other) = (town.enrol("Amal"), town.enrol("Erik"));
    town.order(&["revoke", "--device", &lost.device.to_string()]).unwrap();
    assert_eq!(lost.sync(0, &[]).status(), 401);
    assert_eq!(other.sync(0, &[]).status(), 200);
    let Answer::Devices { devices, .. } = town.order(&["devices", "--person", &person("Amal").to_string()]).unwrap()
    else {
        panic!("no devices")
    };
    assert!(devices[0].revoked_at.is_some());
    assert!(town.order(&["revoke", "--device", &person("Amal").to_string()]).is_err());
    // Of her two phones one is lost: which it is, is asked. The one that is left is named by her alone.
    let (kept, lost) = (town.enrol("Amal"), town.enrol("Amal"));
    let several = town.order(&["revoke", "--person", "Amal"]).unwrap_err();
    assert!(several.exit == Exit::Usage && several.what.contains(&lost.device.to_string()), "{several}");
    town.order(&["revoke", "--device", &lost.device.to_string()]).unwrap();
    town.order(&["revoke", "--person", "Amal"]).unwrap();
    let Answer::Devices { devices, .. } = town.order(&["devices", "--person", "Amal"]).unwrap() else { panic!() };
    assert!(devices.iter().any(|device| device.device == kept.device));
    assert!(devices.iter().all(|device| device.revoked_at.is_some()), "{devices:?}");
    assert_eq!(town.order(&["revoke", "--person", "Amal"]).unwrap_err().exit, Exit::Usage);
}

#[test]
fn codes_for_a_group_come_as_letters_that_only_the_operator_can_read() {
    let town = Town::open();
    let out = town.folder.path().join("letters");
    let words = ["codes", "--group", "4B", "--server", "https://skola.example.se", "--out", out.to_str().unwrap()];
    let output = run(town.folder.path(), &words);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let letters = fs::read_to_string(out.join("letters.html")).unwrap();
    let list = fs::read_to_string(out.join("list.html")).unwrap();
    assert_eq!(letters.matches("<section").count(), 3, "Amal, Erik and Nils");
    assert!(letters.contains("Hello <bdi>Amal Haddad</bdi>") && letters.contains("Hej <bdi>Erik Lind</bdi>"));
    assert!(!letters.contains("Vera") && list.contains("Vera Ny"));
    for name in ["letters.html", "list.html"] {
        assert_eq!(fs::metadata(out.join(name)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The codes are in the letters and nowhere else.
    let code = letters.split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(!said(&output).contains(&code) && !list.contains(&code));
    assert_eq!(crate::town::enrol(&town.url(), &code).status(), 200);
    // Letters that are there are not written over, and no new codes kill those that they carry.
    assert_eq!(run(town.folder.path(), &words).status.code(), Some(1));
    let second = letters.split("class=\"code\">").nth(2).unwrap().split('<').next().unwrap();
    assert_eq!(crate::town::enrol(&town.url(), second).status(), 200);
    // The first letter was Nils's, whose child's name comes first, and the second Amal's; both have a phone now.
    let left = town.codes(&["--group", "4B", "--without-phone", "--again"]);
    let names: Vec<&str> = left.letters.iter().map(|letter| letter.to.name.as_str()).collect();
    assert_eq!(names, ["Erik Lind"]);
    assert_eq!(
        left.left.iter().map(|(to, why)| (to.person, *why)).collect::<Vec<_>>(),
        [(person("Vera"), WhyNot::Pending)]
    );
}

#[test]
fn a_letter_that_is_out_lives_until_the_operator_says_again() {
    let town = Town::open();
    let erik = person("Erik");
    let mut first = town.codes(&["--group", "4B"]).letters;
    let of_erik = first.iter().position(|letter| letter.to.person == erik).unwrap();
    let letter = first.remove(of_erik).code;
    // Another class, another day: his other child is there. Everybody has a letter, so nobody gets one.
    town.clock.advance(chrono::TimeDelta::days(2));
    let none = town.codes(&["--group", "4B"]);
    assert!(none.letters.is_empty());
    let why = none.left.iter().find(|(to, _)| to.person == erik).unwrap().1;
    assert_eq!(why, WhyNot::HasCode { made: crate::town::today() });
    let answer = Answer::Codes(none);
    assert_eq!(answer.exit(), Exit::NeedsAttention, "none was made");
    assert!(answer.to_string().contains("--again") && answer.to_string().contains("(3)"), "{answer}");
    // Nothing is written over a letter that is out.
    let out = town.folder.path().join("letters");
    let words = ["codes", "--group", "4B", "--server", "https://skola.example.se", "--out", out.to_str().unwrap()];
    assert_eq!(run(town.folder.path(), &words).status.code(), Some(3));
    assert!(!out.join("letters.html").exists());
    assert_eq!(crate::town::enrol(&town.url(), &letter).status(), 200, "the first letter opens the door");

    // He loses the phone and the letter is used up: a new code needs no leave.
    let person_of = erik.to_string();
    let second = town.codes(&["--person", &person_of]).letters.remove(0).code;
    assert!(town.codes(&["--person", &person_of]).letters.is_empty());
    // That letter is lost too, before it is used.
    let third = town.codes(&["--person", &person_of, "--again"]).letters.remove(0).code;
    assert_eq!(crate::town::problem(crate::town::enrol(&town.url(), &second)).1, "code_expired");
    assert_eq!(crate::town::enrol(&town.url(), &third).status(), 200);
}

#[test]
fn letters_without_the_schools_address_are_not_made() {
    let town = Town::open();
    let out = town.folder.path().join("letters");
    let refused = run(town.folder.path(), &["codes", "--group", "4B", "--out", out.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--server"));
    assert!(!out.exists());
    assert_eq!(town.codes(&["--group", "4B"]).letters.len(), 3, "and no code was made for them");
}

#[test]
fn a_letter_whose_code_waits_after_guesses_is_a_letter_still() {
    let town = Town::open();
    let (code, amal) = (town.code("Amal"), person("Amal").to_string());
    let wrong = format!("{}-0000-0000", &code[..4]);
    for _ in 0..5 {
        assert_ne!(crate::town::enrol(&town.url(), &wrong).status(), 200);
    }
    assert!(town.codes(&["--person", &amal]).letters.is_empty(), "guesses kill no letter");
    // Who cannot wait gets another.
    let next = town.codes(&["--person", &amal, "--again"]).letters.remove(0).code;
    assert_eq!(crate::town::enrol(&town.url(), &next).status(), 200);
}

#[test]
fn the_same_words_work_with_and_without_a_running_server() {
    let town = Town::open();
    let data = town.folder.path().to_owned();
    let running = run(&data, &["people", "--json"]);
    assert_eq!(running.status.code(), Some(3));
    let Town { running: server, folder: _kept, .. } = town;
    assert!(server.stop());
    let alone = run(&data, &["people", "--json"]);
    assert_eq!(alone.status.code(), Some(3));
    assert_eq!(said(&running), said(&alone));
    let list: Value = serde_json::from_str(&said(&alone)).unwrap();
    assert_eq!(list["pending"][0]["name"], "Vera Ny");
    let status = run(&data, &["status"]);
    assert!(said(&status).contains("not running") && said(&status).contains("Almskolan: 2 pupils"));
}

#[test]
fn wrong_words_are_told_apart_from_refusals() {
    let town = Town::open();
    let code = |words: &[&str]| run(town.folder.path(), words).status.code();
    assert_eq!(code(&["confirm"]), Some(2));
    assert_eq!(code(&["codes", "--group", "9Z"]), Some(2));
    assert_eq!(code(&["codes", "--group", "4B", "--staff"]), Some(2));
    assert_eq!(code(&["people", "--school", "Björkskolan"]), Some(2));
    assert_eq!(code(&["assign", "--person", &person("Vera").to_string(), "--role", "wizard"]), Some(2));
    assert_eq!(code(&["block", "--person", "Liv", "--pupil", "Liv"]), Some(2));
    let said = |words: &[&str]| {
        let output = run(town.folder.path(), words);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&["assign", "--person", "Vera", "--role", "teacher", "--until", "23/11/2026"]).contains("2026-08-17"));
    assert!(said(&["revoke", "--device", "Amal"]).contains("devices --person NAME"));
    // Forgetting the group does not make a teacher of the whole school.
    assert!(said(&["assign", "--person", "Vera", "--role", "teacher"]).contains("--group"));
    assert_eq!(code(&["status"]), Some(0));
    assert_eq!(code(&["completions", "bash"]), Some(0));
    let empty = tempfile::tempdir().unwrap();
    let nothing = run(empty.path(), &["people"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(fs::read_dir(empty.path()).unwrap().next().is_none(), "asking makes no store");
}

#[test]
fn a_role_has_the_reach_that_it_is_for_and_a_pupil_has_none() {
    let town = Town::open();
    let refused = |words: &[&str]| town.order(&[&["assign"], words].concat()).unwrap_err().what;
    for role in ["principal", "deputy-principal", "office", "organiser"] {
        let what = refused(&["--person", "Vera", "--role", role, "--group", "4B"]);
        assert!(what.contains("leave --group out"), "{role}: {what}");
    }
    assert!(refused(&["--person", "Liv Haddad", "--role", "teacher", "--group", "4B"]).contains("is a pupil"));
    town.order(&["assign", "--person", "Vera", "--role", "pupil-health", "--group", "4B"]).unwrap();
    let none = refused(&["--person", "Vera", "--role", "office", "--end"]);
    assert!(none.contains("Vera Ny has no such assignment at Almskolan; what stands: pupil-health in 4B"), "{none}");
    // A school is named as people are, by the beginnings of its words.
    town.order(&["assign", "--person", "Vera", "--role", "pupil-health", "--group", "4B", "--end", "--school", "alm"])
        .unwrap();
    assert!(refused(&["--person", "Vera", "--role", "office", "--end"]).contains("has no assignment"));
    assert!(refused(&["--person", "Vera", "--role", "office", "--school", "Ek"]).contains("there is Almskolan"));
}

#[test]
fn a_backup_or_a_restore_onto_something_is_refused_in_the_operators_words() {
    let town = Town::open();
    let (data, there) = (town.folder.path(), town.folder.path().join("there"));
    fs::create_dir_all(&there).unwrap();
    fs::write(there.join("letter.txt"), "mine").unwrap();
    let there = there.to_str().unwrap();
    let refused = |data: &Path, words: &[&str], why: &str| {
        let output = run(data, words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains(why) && !said.contains("failed"), "{said}");
    };
    refused(data, &["backup", there], "is not empty");
    refused(&data.join("new"), &["restore", there], "no school.db");
    let copy = data.join("copy");
    assert_eq!(run(data, &["backup", copy.to_str().unwrap()]).status.code(), Some(0));
    refused(data, &["restore", copy.to_str().unwrap()], "already");
    // The key for codes is in no backup: the restored folder is told what it lacks, or is given it.
    assert_eq!(run(&data.join("new"), &["restore", copy.to_str().unwrap()]).status.code(), Some(3));
    let keys = data.join("keys");
    let with_key = ["--keys", keys.to_str().unwrap(), "restore", copy.to_str().unwrap()];
    assert_eq!(run(&data.join("newer"), &with_key).status.code(), Some(0));
}

#[test]
fn the_folder_is_for_its_owner_alone() {
    let town = Town::open();
    let mode = |path: &str| fs::metadata(town.folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("run"), 0o700);
    assert_eq!(mode("run/operator.sock"), 0o600);
    assert_eq!(mode("keys"), 0o700);
    assert_eq!(mode("keys/codes.key"), 0o600);
}

#[test]
fn an_operator_says_names_and_never_needs_an_id_from_elsewhere() {
    let town = Town::open();
    town.order(&["block", "--person", "Erik Lind", "--pupil", "liv haddad"]).unwrap();
    let blocked = people(&town).blocked;
    assert_eq!((blocked[0].person, blocked[0].pupil), (person("Erik"), person("Liv")));
    town.order(&["unblock", "--person", "erik", "--pupil", "Liv"]).unwrap();
    assert!(people(&town).blocked.is_empty());
    town.order(&["confirm", "--person", "Vera", "--pupil", "Ida", "--kind", "guardian"]).unwrap();
    assert!(people(&town).pending.is_empty());
    assert_eq!(town.codes(&["--person", "Amal"]).letters[0].to.person, person("Amal"));
    town.order(&["assign", "--person", "Vera", "--role", "teacher", "--group", "4b"]).unwrap();
    let Answer::Readers(list) = town.order(&["who-can-read", "--pupil", "Liv"]).unwrap() else { panic!() };
    assert!(list.readers.iter().any(|reader| reader.name == "Vera Ny"));
    town.enrol("Erik");
    let Answer::Devices { devices, .. } = town.order(&["devices", "--person", "Erik Lind"]).unwrap() else { panic!() };
    assert_eq!(devices.len(), 1);
    // Sanna teaches: she is no pupil to be barred from.
    let refused = town.order(&["block", "--person", "Erik", "--pupil", "Sanna"]).unwrap_err();
    assert_eq!(refused.exit, Exit::Usage);
}

#[test]
fn a_name_that_fits_several_or_nobody_is_never_guessed() {
    let town = Town::open();
    // Liv Haddad and Amal Haddad; Ida Ek and Nils Ek.
    let refused = town.order(&["codes", "--person", "Haddad"]).unwrap_err();
    assert_eq!(refused.exit, Exit::Usage);
    let ids: Vec<_> = refused.candidates.iter().map(|found| found.id).collect();
    assert!(ids.contains(&person("Liv").0) && ids.contains(&person("Amal").0), "{refused}");
    assert!(refused.what.contains("pupil in 4B") && refused.what.contains("guardian of Liv Haddad (4B)"), "{refused}");
    // Of the two, one is a pupil.
    town.order(&["who-can-read", "--pupil", "Haddad"]).unwrap();
    for words in [&["codes", "--person", "Mona"][..], &["devices", "--person", "Mona"], &["find", "--school", "x", "y"]]
    {
        let refused = town.order(words).unwrap_err();
        assert_eq!(refused.exit, Exit::Usage, "{words:?}");
        assert!(!refused.what.contains("invalid character"), "{refused}");
    }
}

#[test]
fn a_search_tells_people_groups_and_schools_a_page_at_a_time() {
    let town = Town::open();
    let find = |words: &[&str]| match town.order(&[&["find"], words].concat()).unwrap() {
        Answer::Found(list) => list,
        other => panic!("{other:?}"),
    };
    let amal = find(&["am", "had"]);
    assert_eq!((amal.total, amal.found[0].id), (1, person("Amal").0));
    assert_eq!(amal.found[0].is, ["guardian of Liv Haddad (4B)"]);
    assert_eq!(find(&["4b"]).found[0].name, "4B");
    assert_eq!(find(&["alm"]).found[0].name, "Almskolan");
    assert_eq!(find(&[&person("Sanna").to_string()]).found[0].is, ["contact-teacher in 4B"]);
    assert_eq!(find(&["vera"]).found[0].is, ["pending unspecified of Ida Ek (4B)"]);
    assert_eq!(find(&["mona"]).total, 0);
    let pages: Vec<_> =
        ["1", "2", "3"].iter().map(|page| find(&["ek", "--limit", "1", "--page", page]).found.len()).collect();
    assert_eq!(pages, [1, 1, 0]);
}
