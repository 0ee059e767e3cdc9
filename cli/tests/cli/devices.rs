//! The person's phones: listed, disconnected, sealed.

use crate::harness::Terminal;
use skolebro_tests::town::Town;
use std::fs;

#[test]
fn a_disconnected_phone_shows_and_sends_nothing_and_keeps_what_was_said() {
    let town = Town::open();
    let (kitchen, hall, erik) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"));
    kitchen.run(&["devices"]).ends(0).says("this phone");
    let (_, list) = kitchen.json(&["devices"]);
    let devices = list["devices"].as_array().unwrap();
    assert_eq!(devices.len(), 2);
    let other = devices.iter().find(|line| line["device"]["this"] == false).unwrap()["number"].to_string();
    hall.run(&["sick", "--wait", "0"]).ends(3);
    kitchen.run(&["devices", "--revoke", &other]).ends(0).says("disconnected");
    kitchen.run(&["devices", "--revoke", "7"]).ends(2);

    hall.run(&["sync"]).ends(5).says("disconnected");
    hall.run(&["today"]).ends(5).keeps_silent_of("Liv");
    hall.run(&["outbox"]).ends(5).keeps_silent_of("Liv");
    hall.run(&["sick"]).ends(5);
    erik.run(&["today"]).ends(0).says("Expected at school");
    kitchen.run(&["today"]).ends(0).says("Liv Berg");

    // The same person signs in again, and what was said goes up.
    let code = town.code("Amal").unwrap();
    hall.run(&["enrol", "--code", &code]).ends(0);
    hall.run(&["outbox"]).ends(0).says("Sick: Liv Berg, today").says("At the school");
}

#[test]
fn another_person_in_the_same_folder_sees_nothing_of_the_first() {
    let town = Town::open();
    let phone = Terminal::of(&town, "Amal");
    phone.run(&["sick", "--wait", "0"]).ends(3);
    let code = town.code("Nora").unwrap();
    phone.run(&["enrol", "--code", &code]).ends(0).says("Nora Haddad");
    phone.run(&["outbox"]).ends(0).keeps_silent_of("Liv");
    phone.run(&["today"]).ends(0).keeps_silent_of("Liv").says("Omar Haddad");
}

#[cfg(unix)]
#[test]
fn the_token_is_for_its_owner_only_and_never_shown() {
    use std::os::unix::fs::PermissionsExt;
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    let mode = fs::metadata(amal.folder().join("token")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let secret: serde_json::Value = serde_json::from_slice(&fs::read(amal.folder().join("token")).unwrap()).unwrap();
    let token = secret["token"].as_str().unwrap();
    for args in [&["devices"][..], &["sync"], &["--json", "devices"], &["--json", "today"], &["--help"]] {
        amal.run(args).keeps_silent_of(token);
    }
    for file in ["outbox.db", "mirror.db", "outbox.db-wal", "mirror.db-wal"] {
        let bytes = fs::read(amal.folder().join(file)).unwrap_or_default();
        assert!(!bytes.windows(token.len()).any(|part| part == token.as_bytes()), "{file}");
    }
}
