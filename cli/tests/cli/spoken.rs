//! The command line's own form in the person's language: what is mistyped, and help.

use crate::harness::{Ran, Terminal};
use skolebro_tests::town::Town;
use std::process::Command;

fn typed(args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skolebro"));
    command.args(args).env_remove("SKOLEBRO_PHONE").env("LANG", "C");
    command.output().unwrap().into()
}

#[test]
fn what_is_mistyped_is_told_in_the_language_that_was_asked_for() {
    for (lang, words) in [
        ("sv", ["Menar du", "Användning:", "saknas", "går inte att förstå", "veckodag"]),
        ("da", ["Mener du", "Brug:", "mangler", "kan ikke forstås", "ugedag"]),
        ("nb", ["Mener du", "Bruk:", "mangler", "kan ikke forstås", "ukedag"]),
        ("en", ["Do you mean", "Usage:", "missing", "cannot be understood", "weekday"]),
    ] {
        let [nearest, usage, missing, unknown, day] = words;
        typed(&["--lang", lang, "todya"]).ends(2).complains(nearest).complains("today");
        let twice = typed(&["--lang", lang, "--lang", "xx", "sick", "--from", "monday"]).ends(2);
        twice.complains(usage).complains("--lang <LANG> ");
        typed(&["--lang", lang, "extend"]).ends(2).complains(missing).complains("--to").complains(usage);
        typed(&["--lang", lang, "sick", "--kind", "plague"]).ends(2).complains(unknown).complains("appointment");
        typed(&["--lang", lang, "sick", "--from", "someday"]).ends(2).complains(unknown).complains(day);
        for args in [&["roll", "--lesson", "x"][..], &["outbox", "--dismiss", "x"], &["--wait", "soon", "today"], &[]] {
            let mut all = vec!["--lang", lang];
            all.extend_from_slice(args);
            let ran = typed(&all).ends(2);
            if lang != "en" {
                for english in ["error:", "invalid", "tip:", "For more", "Usage:"] {
                    assert!(!ran.err.contains(english), "{lang} {args:?}: {}", ran.err);
                }
            }
        }
    }
}

#[test]
fn without_being_asked_it_is_the_language_that_the_phone_last_spoke() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    let folder = amal.folder().to_str().unwrap();
    typed(&["--phone", folder, "todya"]).ends(2).complains("Menar du");
    typed(&[&format!("--phone={folder}"), "todya"]).ends(2).complains("Menar du");
    let ran = typed(&["--json", "--phone", folder, "todya"]).ends(2);
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["error"]["code"], "usage");
}

#[test]
fn help_has_its_headings_in_the_language_and_keeps_what_holds_everywhere_apart() {
    let help = typed(&["--lang", "sv", "outbox", "--help"]).ends(0);
    let help = help.says("Användning: skolebro outbox [VAL]").says("För alla kommandon:").says("Val:");
    let (own, everywhere) = help.out.split_once("För alla kommandon:").unwrap();
    assert!(own.contains("--take-back") && !everywhere.contains("--take-back"), "{}", help.out);
    for common in ["--phone", "--json", "--wait", "--as", "--help"] {
        assert!(everywhere.contains(common) && !own.contains(common), "{common}: {}", help.out);
    }
    let help = typed(&["--lang", "da", "--help"]).ends(0).says("Kommandoer:").says("Slutkoder:");
    assert!(help.out.contains("Brug: skolebro"), "{}", help.out);
    typed(&["--version"]).ends(0).says("skolebro ");
    typed(&["help", "sick"]).ends(0).says("--part");
}
