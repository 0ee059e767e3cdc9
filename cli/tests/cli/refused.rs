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
    // What is sent instead is another line, and a number that was used is never used again.
    amal.run(&["outbox", "--dismiss", "1"]).ends(2).complains("no line 1").complains("The lines are 2");
    amal.run(&["outbox", "--dismiss", "2"]).ends(0).keeps_silent_of("could not take it");
    amal.run(&["outbox", "--dismiss", "2"]).ends(2).complains("The outbox is empty");
    amal.run(&["sick"]).ends(0);
    amal.run(&["outbox", "--resend", "3"]).ends(2).complains("was not refused");
    amal.run(&["outbox", "--take-back", "3"]).ends(2);
}

#[test]
fn all_refusals_are_put_away_at_once_and_nothing_else_is() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["sick"]).ends(0);
    for day in ["saturday", "sunday"] {
        amal.run(&["sick", "--from", day, "--anyway"]).ends(1);
    }
    let left = amal.run(&["outbox", "--dismiss", "all"]).ends(0).keeps_silent_of("could not take it");
    left.says("At the school");
    amal.run(&["outbox", "--dismiss", "all"]).ends(0);
    amal.run(&["outbox", "--dismiss", "some"]).ends(2).complains("A line's number, or all");
    amal.run(&["--lang", "sv", "outbox", "--dismiss", "some"]).ends(2);
}

#[test]
fn a_line_that_was_taken_back_takes_no_other_with_it_when_it_is_asked_for_again() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["offline"]).ends(0);
    for day in ["2026-09-21", "2026-09-22", "2026-09-23"] {
        amal.run(&["sick", "--from", day]).ends(3);
    }
    amal.run(&["outbox", "--take-back", "2"]).ends(0).keeps_silent_of("22 September");
    amal.run(&["outbox", "--take-back", "2"]).ends(2).complains("There is no line 2. The lines are");
    amal.run(&["outbox"]).ends(0).says(" 1  ").says("21 September").says(" 3  ").says("23 September");
    let (_, listed) = amal.json(&["outbox"]);
    let numbers: Vec<u64> = listed["items"].as_array().unwrap().iter().map(|i| i["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [3, 1]);
}

#[test]
fn a_code_is_taken_however_it_was_pasted_and_a_letters_link_names_the_server_too() {
    let town = Town::open();
    for paste in [
        |code: &str, _: &str| code.replace('-', "\u{2212}"),
        |code: &str, _: &str| format!("\u{200b}\u{201d}{code}\u{201d}."),
        |code: &str, _: &str| format!("Kod: {code}, giltig i 14 dagar"),
        |code: &str, url: &str| {
            format!("skolebro:enrol?server={}&code={code}", url.replace(':', "%3A").replace('/', "%2F"))
        },
    ] {
        let (amal, url) = (Terminal::new(), town.url());
        let pasted = paste(&town.code("Amal").unwrap(), &url);
        let named = ["enrol", "--server", &url, "--code", &pasted];
        let words: &[&str] = if pasted.starts_with("skolebro:") { &["enrol", "--code", &pasted] } else { &named };
        amal.run(words).ends(0).says("Amal Nilsson");
    }
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
    for wrong in ["ftp://here", "not a url", "skolebro.example"] {
        let mistyped = Terminal::new();
        mistyped.run(&["enrol", "--server", wrong, "--code", &code]).ends(2).complains(wrong).complains("https://");
        assert_eq!(std::fs::read_dir(mistyped.folder()).unwrap().count(), 0, "nothing is made for a mistyped address");
    }
    let json = other.json(&["enrol", "--server", &url, "--code", &code]);
    assert_eq!((json.0, json.1["error"]["code"].as_str()), (1, Some("code_used")));
}
