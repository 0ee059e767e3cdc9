//! For scripts: JSON, exit codes, completions, closed pipes.

use crate::harness::{Ran, Terminal};
use skolebro_tests::town::Town;
use std::process::Stdio;

#[test]
fn every_subcommand_gives_one_json_value() {
    let town = Town::open();
    let (amal, sanna, olga) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Sanna"), Terminal::of(&town, "Olga"));
    let (code, said) = amal.json(&["sick"]);
    assert_eq!((code, said["exit"].as_u64()), (0, Some(0)));
    assert_eq!(said["said"][0]["state"]["state"]["is"], "arrived", "{said}");
    let (_, today) = amal.json(&["today"]);
    assert_eq!(today["home"][0]["children"][0]["today"]["status"]["state"]["is"], "reported", "{today}");
    let (_, roll) = sanna.json(&["roll"]);
    assert_eq!(roll["rows"].as_array().unwrap().len(), 2, "{roll}");
    for args in [
        &["stats"][..],
        &["inbox"],
        &["outbox"],
        &["who-can-read"],
        &["devices"],
        &["sync"],
        &["extend", "--to", "friday"],
        &["well"],
        &["sick", "--from", "monday"],
        &["withdraw", "--from", "monday"],
        &["offline"],
        &["online"],
    ] {
        assert_eq!(amal.json(args).0, 0, "{args:?}");
    }
    for args in [&["today"][..], &["board"], &["board", "4B"], &["calls"], &["confirm"], &["board", "--evacuation"]] {
        assert_eq!(olga.json(args).0, 0, "{args:?}");
    }
    for (args, code) in [
        (&["explain", "--day", "yesterday"][..], 4),
        (&["sick", "Nobody"], 2),
        (&["devices", "--revoke", "9"], 2),
        (&["delegate", "--to", "Kaj", "--topics", "care"], 4),
    ] {
        assert_eq!(amal.json(args).0, code, "{args:?}");
    }
    assert_eq!(Terminal::new().json(&["today"]).0, 5);
}

#[test]
fn usage_is_told_from_failure() {
    let phone = Terminal::new();
    for args in [
        &["dance"][..],
        &["sick", "--kind", "plague"],
        &["sick", "--from", "someday"],
        &["sick", "--part", "noon"],
        &["sick", "--phoned", "08:12"],
        &["roll", "--late", "Omar@noon"],
        &["judge", "Omar"],
        &["calls", "--log", "Omar"],
        &["outbox", "--send-anyway"],
        &["--lang", "fr", "today"],
        &["--wait", "soon", "today"],
    ] {
        phone.run(args).ends(2);
    }
    let nowhere = std::process::Command::new(env!("CARGO_BIN_EXE_skolebro"))
        .env_remove("SKOLEBRO_PHONE")
        .arg("today")
        .output()
        .unwrap();
    Ran::from(nowhere).ends(2).complains("--phone DIR");
    let help = phone.run(&["--help"]).ends(0);
    for code in 0..=5 {
        assert!(help.out.lines().any(|line| line.starts_with(&format!("  {code}  "))), "{}", help.out);
    }
}

#[test]
fn completions_are_made_for_every_shell_without_a_phone() {
    let phone = Terminal::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        phone.run(&["completions", shell]).ends(0).says("who-can-read");
    }
    phone.run(&["completions", "abacus"]).ends(2);
    assert_eq!(std::fs::read_dir(phone.folder()).unwrap().count(), 0, "nothing is made in the folder");
}

#[test]
fn a_closed_pipe_is_no_failure_and_what_was_said_is_said() {
    let town = Town::open();
    let (amal, erik) = (Terminal::of(&town, "Amal"), Terminal::of(&town, "Erik"));
    for args in [&["sick"][..], &["today"], &["--json", "today"], &["completions", "bash"], &["--help"]] {
        let mut child = amal.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert!(!ran.err.contains("panicked"), "{args:?}: {}", ran.err);
        ran.ends(0);
    }
    erik.run(&["today"]).ends(0).says("Reported by Amal Nilsson");
}

#[test]
fn colours_are_for_terminals_only() {
    let town = Town::open();
    let amal = Terminal::of(&town, "Amal");
    amal.run(&["today"]).ends(0).keeps_silent_of("\u{1b}");
    amal.run(&["today", "--color", "always"]).ends(0).says("\u{1b}[1m");
    amal.run(&["today", "--color", "never"]).ends(0).keeps_silent_of("\u{1b}");
    amal.run(&["--json", "today", "--color", "always"]).ends(0).keeps_silent_of("\u{1b}");
}
