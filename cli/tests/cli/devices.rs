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
fn somebody_else_signs_in_after_what_waits_is_sent_or_its_person_has_chosen() {
    let mut town = Town::open();
    let phone = Terminal::of(&town, "Amal");
    let erik = Terminal::of(&town, "Erik");
    phone.run(&["sick", "--wait", "0"]).ends(3);
    let nora = town.code("Nora").unwrap();
    phone.run(&["enrol", "--code", &nora]).ends(0).says("Nora Haddad").keeps_silent_of("Liv");
    erik.run(&["today"]).ends(0).says("Reported by Amal Nilsson");

    // With something that cannot be sent, the person is told what, and that nothing has been done.
    phone.run(&["sick", "Omar", "--wait", "0"]).ends(3);
    let amal = town.code("Amal").unwrap();
    town.stop();
    let asked = phone.run(&["enrol", "--code", &amal]).ends(4);
    let asked = asked.complains("Nora Haddad").complains("Sick: Omar Haddad").complains("has not reached the school");
    asked.complains("--keep-waiting").keeps_silent_of("Liv");
    phone.run(&["outbox"]).ends(0).says("Omar Haddad");
    town.start();
}

#[test]
fn what_stays_behind_is_counted_for_the_next_person_and_goes_out_when_the_first_is_back() {
    let town = Town::open();
    let phone = Terminal::of(&town, "Amal");
    let erik = Terminal::of(&town, "Erik");
    phone.run(&["sick", "--wait", "0"]).ends(3);
    let nora = town.code("Nora").unwrap();
    phone.run(&["enrol", "--code", &nora, "--keep-waiting"]).ends(0).says("Nora Haddad").says("somebody else has said");
    for args in [&["today"][..], &["outbox"]] {
        phone
            .run(args)
            .ends(0)
            .says("One thing that somebody else has said")
            .keeps_silent_of("Liv")
            .keeps_silent_of("Amal");
    }
    let (_, today) = phone.json(&["today"]);
    assert!(today["home"][0]["mail"]["sealed"].is_string(), "{today}");
    erik.run(&["today"]).ends(0).says("Expected at school");
    let amal = town.code("Amal").unwrap();
    phone.run(&["enrol", "--code", &amal]).ends(0).keeps_silent_of("somebody else");
    erik.run(&["today"]).ends(0).says("Reported by Amal Nilsson");
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
