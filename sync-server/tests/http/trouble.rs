//! A store in trouble: what is said meanwhile, and that phones are let in again as soon as it answers.

use crate::town::{Town, outcomes, problem, sick};
use rusqlite::Connection;
use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt as _,
};

/// Each commit that writes a command or a note of the server's own fails at its very end.
const PLANT: &str = "
    CREATE TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER one AFTER INSERT ON command_log BEGIN INSERT INTO child VALUES (1); END;
    CREATE TRIGGER two AFTER INSERT ON meta BEGIN INSERT INTO child VALUES (1); END;
    CREATE TRIGGER three AFTER UPDATE ON meta BEGIN INSERT INTO child VALUES (1); END;";
const CLEAR: &str = "DROP TRIGGER one; DROP TRIGGER two; DROP TRIGGER three; DROP TABLE child; DROP TABLE parent;";

#[test]
fn the_first_phone_that_comes_when_the_store_answers_again_is_let_in() {
    let town = Town::open();
    let (amal, erik) = (town.enrol("Amal"), town.enrol("Erik"));
    let ready = || reqwest::blocking::get(format!("{}/v1/ready", town.url())).unwrap().status();
    let file = Connection::open(town.folder.path().join("school.db")).unwrap();
    file.execute_batch(PLANT).unwrap();
    let report = sick("Liv");
    assert_eq!(problem(amal.sync(0, std::slice::from_ref(&report))), (503, "unavailable".to_owned()));
    assert_eq!(problem(erik.sync(0, &[])).0, 503, "what was committed is not known, so nothing is told");
    assert_eq!(ready(), 503);
    file.execute_batch(CLEAR).unwrap();
    // No tick comes by in this test: Erik only looks, and it is his coming that has the store looked at.
    assert_eq!(erik.sync(0, &[]).status(), 200);
    assert_eq!(ready(), 200);
    assert!(outcomes(amal.sync(0, &[report]))[0].get("accepted").is_some());
}

#[test]
fn a_server_over_a_damaged_file_is_not_ready() {
    let town = Town::open();
    let folder = town.folder.path().to_owned();
    let ready = |town: &Town| reqwest::blocking::get(format!("{}/v1/ready", town.url())).unwrap().status();
    assert_eq!(ready(&town), 200);
    let Town { running, folder: kept, clock } = town;
    assert!(running.stop());
    // All but the first pages: the schema can be read, what phones need cannot.
    let file = OpenOptions::new().write(true).open(folder.join("school.db")).unwrap();
    let pages = fs::metadata(folder.join("school.db")).unwrap().len() / 4096;
    for page in 8..pages {
        file.write_all_at(&[0x5a; 4096], page * 4096).unwrap();
    }
    drop(file);
    let options = skolebro_server::serve::ServeOptions {
        clock: clock.clone(),
        tick_every: None,
        ..skolebro_server::serve::ServeOptions::on(&folder)
    };
    // It may also refuse to start.
    if let Ok(running) = skolebro_server::serve::Running::start(options) {
        let town = Town { running, folder: kept, clock };
        assert_eq!(ready(&town), 503);
    }
}
