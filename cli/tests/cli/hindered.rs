//! Files that are damaged, gone or closed, a clock that was set, a school that has ended: what can be read is read, and what
//! is wrong is said in the person's language, with what to do.

use crate::harness::{Ran, Terminal};
use skolebro_core::domain::people::Block;
use skolebro_tests::{town::Town, village::person};
use std::{fs, process::Command};

/// In the language that the phone knows by itself, and no other.
fn plainly(terminal: &Terminal, args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skolebro"));
    command.arg("--phone").arg(terminal.folder()).args(args).env("LANG", "en_GB.UTF-8");
    for name in ["SKOLEBRO_PHONE", "SKOLEBRO_TEST_NOW", "NO_COLOR", "http_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        command.env_remove(name);
    }
    command.output().unwrap().into()
}

const ENGLISH: &[&str] = &["error", "EOF", "disk I/O", "os error", "No such", "directory", "invalid"];

#[track_caller]
fn no_english(ran: Ran) -> Ran {
    let mut ran = ran;
    for words in ENGLISH {
        ran = ran.keeps_silent_of(words);
    }
    ran
}

#[test]
fn whatever_is_wrong_with_a_file_the_phone_says_so_in_its_persons_language_and_shows_what_it_can() {
    type Harm = fn(&std::path::Path);
    let harms: [(&str, Harm); 4] = [
        ("gone", |path| drop(fs::remove_file(path))),
        ("empty", |path| fs::write(path, b"").unwrap()),
        ("garbage", |path| fs::write(path, vec![0xa5; 8192]).unwrap()),
        ("a folder", |path| {
            let _ = fs::remove_file(path);
            fs::create_dir(path).unwrap();
        }),
    ];
    let town = Town::open();
    for (what, harm) in harms {
        for file in ["outbox.db", "mirror.db", "token", "server", "offline", "clock", "known.json"] {
            let amal = Terminal::of(&town, "Amal");
            amal.run(&["today"]).ends(0);
            for left in ["-wal", "-shm"] {
                let _ = fs::remove_file(amal.folder().join(format!("{file}{left}")));
            }
            harm(&amal.folder().join(file));
            let shown = no_english(plainly(&amal, &["today"]));
            let told = format!("{what} {file}: {} {}", shown.out, shown.err);
            assert_eq!(shown.code, 0, "{told}");
            // Only what the mirror held is not there before the school has been asked again.
            assert!(shown.out.contains("Liv Berg"), "{told}");
            let said = no_english(plainly(&amal, &["sick", "--anyway"]));
            let told = format!("{what} {file}: {} {}", said.out, said.err);
            match file {
                "token" => {
                    assert_eq!(said.code, 3, "{told}");
                    assert!(told.contains("nyckel") && told.contains("ny kod"), "{told}");
                }
                "server" => assert!(said.code == 3 && told.contains("online --server"), "{told}"),
                _ if what != "gone" && file == "offline" => assert_eq!(said.code, 3, "{told}"),
                _ => assert_eq!(said.code, 0, "{told}"),
            }
        }
    }
}

#[test]
fn a_lost_outbox_is_told_once_with_where_it_is_kept_and_whom_to_call() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["sick", "--wait", "0"]).ends(3);
    fs::write(amal.folder().join("outbox.db"), vec![0xa5; 8192]).unwrap();
    let told = plainly(&amal, &["today"]).ends(0).complains("gick inte att läsa").complains("outbox-damaged-");
    told.complains("021-000 00");
    let after = plainly(&amal, &["today"]).ends(0);
    assert_eq!(after.err, "", "once");
    plainly(&amal, &["outbox"]).ends(0).says("outbox-damaged-");
}

#[test]
fn an_address_that_was_lost_is_named_again_and_the_report_goes_out() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    fs::remove_file(amal.folder().join("server")).unwrap();
    amal.run(&["sick"]).ends(3).complains("online --server URL");
    amal.run(&["online", "--server", "not a url"]).ends(2).complains("not a url");
    amal.run(&["online", "--server", &town.url()]).ends(0);
    amal.run(&["online", "--server", "http://127.0.0.1:9"]).ends(2).complains("take another folder");
    amal.run(&["outbox"]).ends(0).says("At the school");
}

#[test]
fn nothing_to_see_is_said_in_words_with_whom_to_call() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    plainly(&amal, &["today"]).ends(0).says("Liv Berg");
    // Liv comes of age while the phone has no network, or its clock has run away.
    let mut later = amal.command(&["today"]);
    later.env("SKOLEBRO_TEST_NOW", "2099-05-01T05:00:00Z").arg("--wait").arg("0");
    let ran: Ran = later.output().unwrap().into();
    ran.ends(0).says("nothing for you to see here").says("021-000 00").says("2099").keeps_silent_of("Liv");
    let mut later = Command::new(env!("CARGO_BIN_EXE_skolebro"));
    later.arg("--phone").arg(amal.folder()).args(["--wait", "0", "today"]);
    later.env("SKOLEBRO_TEST_NOW", "2099-05-01T05:00:00Z").env("LANG", "en_GB.UTF-8");
    Ran::from(later.output().unwrap()).ends(0).says("Det finns inget för dig att se");
    town.put(Block { pupil: person("Liv"), person: person("Amal") });
    plainly(&amal, &["today"]).ends(0).says("Det finns inget för dig att se").says("021-000 00").keeps_silent_of("Liv");
    plainly(&amal, &["outbox"]).ends(0).says("Allt du har skickat är framme");
    plainly(&amal, &["inbox"]).ends(0).says("Inga meddelanden");
}

#[test]
fn a_clock_that_was_put_right_since_the_last_contact_reports_no_other_day() {
    let mut town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    let at =
        |now: &str, args: &[&str]| -> Ran { amal.command(args).env("SKOLEBRO_TEST_NOW", now).output().unwrap().into() };
    // The machine is a day slow, and then right.
    at("2026-09-14T04:50:00Z", &["sync"]).ends(0);
    town.stop();
    at("2026-09-15T04:50:00Z", &["sick"]).ends(4).says("Tuesday 15 September").says("Wednesday 16 September");
    at("2026-09-15T04:50:00Z", &["outbox"]).ends(0).keeps_silent_of("Liv");
    town.start();
    at("2026-09-15T04:50:00Z", &["sick"]).ends(0).says("At the school");
    amal.run(&["stats"]).ends(0).keeps_silent_of("16 September");
    // And now it is a day ahead: whoever can ask the school what day it is does so before calling one today.
    at("2026-09-16T04:50:00Z", &["well"]).ends(0).says("back today");
    at("2026-09-16T04:50:00Z", &["sick"]).ends(0).says("At the school");
    amal.run(&["stats"]).ends(0).keeps_silent_of("16 September");
}

#[test]
fn what_was_said_by_a_clock_that_ran_ahead_is_told_when_the_school_has_it() {
    let mut town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    town.stop();
    let mut ahead = amal.command(&["sick"]);
    let ran: Ran = ahead.env("SKOLEBRO_TEST_NOW", "2026-09-16T04:50:00Z").output().unwrap().into();
    ran.ends(3).says("On this phone only");
    town.start();
    amal.run(&["sync"]).ends(0).says("1 accepted");
    amal.run(&["outbox"]).ends(0).says("clock was ahead");
}

#[test]
fn a_name_is_looked_for_once_more_in_what_is_newest() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    town.put(Block { pupil: person("Liv"), person: person("Kaj") });
    amal.run(&["sync"]).ends(0);
    amal.run(&["delegate", "--to", "Kaj", "--topics", "attendance"]).ends(2);
    town.remove(Block { pupil: person("Liv"), person: person("Kaj") });
    // Nothing but this has asked the school since.
    amal.run(&["delegate", "--to", "Kaj", "--topics", "attendance"]).ends(0).says("Kaj Lund may see to");
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_made_is_closed_to_them() {
    use std::os::unix::fs::PermissionsExt;
    let town = Town::open();
    let amal = Terminal::new();
    let mode = |name: &str| fs::metadata(amal.folder().join(name)).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(amal.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    let code = town.code("Amal").unwrap();
    amal.run(&["enrol", "--server", &town.url(), "--code", &code]).ends(0);
    amal.run(&["offline"]).ends(0);
    assert_eq!(mode("."), 0o700);
    for file in ["outbox.db", "mirror.db", "token", "server", "offline", "clock", "known.json"] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    fs::write(amal.folder().join("letter.txt"), b"theirs").unwrap();
    fs::set_permissions(amal.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    amal.run(&["today"]).ends(0).complains("Others on this machine can get at");
}

#[cfg(unix)]
#[test]
fn what_was_closed_to_its_owner_too_is_opened_and_a_pipe_is_not_waited_for() {
    use std::os::unix::fs::PermissionsExt;
    let town = Town::open();
    for file in ["outbox.db", "mirror.db", "token", "known.json"] {
        let amal = Terminal::of(&town, "Amal");
        amal.run(&["today"]).ends(0);
        let path = amal.folder().join(file);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        amal.run(&["today"]).ends(0).says("Liv Berg");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    for file in ["token", "known.json", "server", "clock"] {
        let amal = Terminal::of(&town, "Amal");
        let path = amal.folder().join(file);
        let _ = fs::remove_file(&path);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        amal.run(&["today"]).ends(0).says("Liv Berg");
    }
}

/// Whoever is told to sign in anew uses up a code, and what waits in the folder is forgotten.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_looked_into_is_not_taken_for_an_empty_one() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let amal = Terminal::new();
    symlink("round", amal.folder().join("round")).unwrap();
    let within = amal.folder().join("round").join("phone");
    let looked: Ran = Command::new(env!("CARGO_BIN_EXE_skolebro"))
        .args(["--lang", "en", "today", "--phone"])
        .arg(&within)
        .output()
        .unwrap()
        .into();
    looked.ends(1).keeps_silent_of("signed in");
    // An empty one still is.
    amal.run(&["today"]).ends(5).complains("Nobody is signed in");
    fs::set_permissions(amal.folder(), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(amal.folder()).is_err() {
        amal.run(&["today"]).ends(1).complains("may not read").keeps_silent_of("signed in");
    }
    fs::set_permissions(amal.folder(), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn where_no_names_are_held_nobody_is_said_to_be_unknown() {
    let mut town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["today"]).ends(0);
    let mut later = amal.command(&["--wait", "0", "sick", "Liv"]);
    let ran: Ran = later.env("SKOLEBRO_TEST_NOW", "2099-05-01T05:00:00Z").output().unwrap().into();
    ran.ends(1).complains("nothing for you to see here").complains("021-000 00").complains("2099");
    town.stop();
    fs::remove_file(amal.folder().join("mirror.db")).unwrap();
    for command in [&["sick", "Liv"][..], &["sick"], &["well"], &["roll", "4B"], &["stats", "Liv"]] {
        let ran = amal.run(command).ends(1).complains("Nothing has been fetched from the school yet");
        ran.complains("021-000 00").keeps_silent_of("is called");
    }
    amal.run(&["outbox"]).ends(0).says("has arrived");
    town.start();
    amal.run(&["sick", "Liv"]).ends(0).says("At the school");
    amal.run(&["sick", "Omar"]).ends(2).complains("No child is called “Omar”");
}

#[test]
fn an_address_that_is_more_than_one_is_told_before_or_after_it_is_tried() {
    let town = Town::open();
    let (url, amal) = (town.url(), Terminal::new());
    let code = town.code("Amal").unwrap();
    let enrol = |url: &str| amal.run(&["enrol", "--server", url, "--code", &code]);
    let bare = url.trim_start_matches("http://");
    for wrong in [format!("{url}/?code=1"), format!("{url}#top"), format!("http://amal:word@{bare}")] {
        enrol(&wrong).ends(2).complains("https://");
    }
    enrol(&format!("{url}/v1")).ends(1).complains("is no server of Skolebro");
    enrol(&format!("  {url}/ ")).ends(0).says("Amal");
}
