//! What a person is told on a machine that has no toolchains: everything at once, how to get it, and a failure.
#![allow(clippy::unwrap_used)]

use std::process::{Command, Output};

/// The task on a machine with nothing on PATH, and an empty folder of toolchains.
fn on_a_bare_machine(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.env_clear().env("PATH", folder.path()).env("SKOLEBRO_TOOLCHAINS", folder.path().join("toolchains"));
    xtask.args(arguments).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn bindings_without_toolchains_name_each_language_and_what_to_do() {
    let output = on_a_bare_machine(&["bindings", "--test"]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for language in ["kotlin", "swift", "python"] {
        let lines = told.lines().filter(|line| line.starts_with(&format!("{language}: missing: "))).count();
        assert_eq!(lines, 1, "{language}: {told}");
        assert!(told.contains(&format!("`cargo xtask toolchains {language}`")), "{told}");
    }
    assert!(told.contains("on a Mac: Xcode 16"), "{told}");
}

#[test]
fn only_the_languages_that_were_named_are_asked_for() {
    let told = told(&on_a_bare_machine(&["bindings", "swift", "swift"]));
    assert_eq!(told.matches("missing: ").count(), 1, "{told}");
    assert!(told.contains("Swift 6 or later (swift is not on PATH"), "{told}");
}

#[test]
fn a_language_that_we_do_not_have_is_refused_with_those_that_we_have() {
    let output = on_a_bare_machine(&["bindings", "cobol"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("kotlin, swift, python"));
}

#[test]
fn toolchains_where_nothing_can_be_installed_say_what_to_do_by_hand() {
    for language in ["kotlin", "swift", "python"] {
        let output = on_a_bare_machine(&["toolchains", language]);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("this is not Debian (no apt-get)") && told.contains("By hand: install "), "{told}");
    }
}
