//! What the phone warns of and what the school refuses: shown until it is dealt with.

use crate::harness::Terminal;
use skolebro_tests::town::Town;

#[test]
fn advice_is_not_sent_and_a_refusal_stays_until_it_is_dealt_with() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["sick", "--from", "saturday"]).ends(4).says("There is no school on those days").says("Not sent");
    let (code, advised) = amal.json(&["sick", "--from", "saturday"]);
    assert_eq!((code, advised["said"][0]["advice"]["code"].as_str()), (4, Some("not_in_session")), "{advised}");
    amal.run(&["outbox"]).ends(0).says("Everything you have sent has arrived");

    amal.run(&["sick", "--from", "saturday", "--anyway"]).ends(1).says("The school could not take it");
    amal.run(&["outbox"]).ends(0).says("could not take it").says("next school day is Monday");
    amal.run(&["today"]).ends(0).says("The school could not take one thing");
    amal.run(&["outbox", "--resend", "1"]).ends(4);
    amal.run(&["outbox", "--resend", "1", "--send-anyway"]).ends(1).says("could not take it");
    amal.run(&["outbox", "--dismiss", "2"]).ends(2).complains("no line 2");
    amal.run(&["outbox", "--dismiss", "1"]).ends(0).keeps_silent_of("could not take it");
    amal.run(&["sick"]).ends(0);
    amal.run(&["outbox", "--resend", "1"]).ends(2).complains("was not refused");
    amal.run(&["outbox", "--take-back", "1"]).ends(2);
}

#[test]
fn codes_are_refused_clearly() {
    let town = Town::open();
    let (amal, url) = (Terminal::new(), town.url());
    amal.run(&["today"]).ends(5).complains("Nobody is signed in");
    amal.run(&["enrol", "--server", &url, "--code", "AAAA-BBBB-CCCC"]).ends(1).complains("The code is not right");
    amal.run(&["today"]).ends(5);
    let code = town.code("Amal").unwrap();
    amal.run(&["enrol", "--code", &code, "--name", "hall"]).ends(0).says("Amal Nilsson").says("Björkskolan");
    let other = Terminal::new();
    other.run(&["enrol", "--server", &url, "--code", &code]).ends(1).complains("used already");
    amal.run(&["enrol", "--server", "http://127.0.0.1:9", "--code", &code]).ends(2).complains("take another folder");
    other.run(&["enrol", "--server", "ftp://here", "--code", &code]).ends(2);
    let json = other.json(&["enrol", "--server", &url, "--code", &code]);
    assert_eq!((json.0, json.1["error"]["code"].as_str()), (1, Some("code_used")));
}
