//! What is erased is erased: in no file of the data folder, in no backup that is made later, and in no line of the log,
//! whatever became of what it was said in.

use crate::{
    reports::sick,
    town::{Town, day, named, person, time},
};
use chrono::TimeDelta;
use rusqlite::Connection;
use skolebro_core::domain::{
    command::{Capacity, Command, CommandBody},
    ids::CommandId,
};
use skolebro_server::{
    engine::Limits,
    store::{
        self, Store,
        sqlite::{SqliteOptions, SqliteStore, restore},
    },
};
use std::{fs, path::Path, sync::Arc};

fn tells(folder: &Path, what: &str) -> bool {
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).any(|file| match file.is_dir() {
        true => tells(&file, what),
        false => fs::read(&file).unwrap().windows(what.len()).any(|bytes| bytes == what.as_bytes()),
    })
}

fn on_a_file(folder: &Path) -> Town {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder, SqliteOptions::default()).unwrap());
    Town::on(store, Limits::default())
}

fn noted(town: &Town, text: &str) -> Command {
    let mut command = sick(town);
    if let CommandBody::ReportAbsence { note, from, to, .. } = &mut command.body {
        *note = Some(text.to_owned());
        (*from, *to) = (day("2026-09-16"), day("2026-09-16"));
    }
    command
}

fn payload(town: &Town, id: CommandId) -> bool {
    let line = store::read(&*town.store, |reading| reading.command(town.school, id)).unwrap().unwrap();
    assert!(line.author.is_some() && line.payload_hash != [0; 32], "the line stays");
    line.payload.is_some()
}

#[test]
fn after_their_retention_notes_are_in_no_file_and_in_no_later_backup() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backups) = (folder.path().join("data"), folder.path().join("backups"));
    let town = on_a_file(&data);
    let (mut amal, mut greta) = (town.phone("Amal"), town.phone("Greta"));
    let [kept, refused, withdrawn] = ["KEPT-NOTE", "REFUSED-NOTE", "WITHDRAWN-NOTE"].map(|note| noted(&town, note));
    amal.send(&withdrawn);
    let (pupil, from) = (person("Liv"), day("2026-09-16"));
    amal.send(&town.command(Capacity::Home, CommandBody::WithdrawAbsence { pupil, from, to: from }));
    amal.send(&kept);
    greta.send(&refused);
    let commands = [kept.id, refused.id, withdrawn.id];
    assert!(["KEPT-NOTE", "REFUSED-NOTE", "WITHDRAWN-NOTE"].iter().all(|note| tells(&data, note)));
    town.engine.tick(town.engine.now()).unwrap();
    // Within the school year, and the time for which notes are kept after it.
    town.later(TimeDelta::days(300));
    town.engine.tick(town.engine.now()).unwrap();
    assert!(commands.iter().all(|id| payload(&town, *id)));
    town.store.backup(&backups.join("before")).unwrap();
    assert!(tells(&backups.join("before"), "REFUSED-NOTE"));
    // Not yet past the retention of everything else.
    town.later(TimeDelta::days(400));
    let ticked = town.engine.tick(town.engine.now()).unwrap();
    assert!(ticked.erased > 0);
    for note in ["KEPT-NOTE", "REFUSED-NOTE", "WITHDRAWN-NOTE"] {
        assert!(!tells(&data, note), "{note} on the disk");
    }
    assert!(commands.iter().all(|id| !payload(&town, *id)));
    town.store.backup(&backups.join("after")).unwrap();
    assert!(!tells(&backups.join("after"), "-NOTE"));
}

#[test]
fn a_name_that_left_the_roster_has_left_the_disk_by_the_next_night() {
    let folder = tempfile::tempdir().unwrap();
    let town = on_a_file(folder.path());
    town.engine.tick(town.engine.now()).unwrap();
    let mut left = named("Nils");
    left.id = person("somebody who leaves");
    left.family_name = "QVARNSTROM-UNIQUE".to_owned();
    town.put(left.clone());
    town.remove(left);
    town.later(TimeDelta::hours(24));
    town.engine.tick(town.engine.now()).unwrap();
    assert!(!tells(folder.path(), "QVARNSTROM-UNIQUE"));
}

/// Older versions left what they erased where it had stood, in the file and in copies of it.
#[test]
fn what_an_older_version_left_in_the_file_goes_at_the_first_tick_of_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy, restored) =
        (folder.path().join("data"), folder.path().join("copy"), folder.path().join("restored"));
    drop(on_a_file(&data));
    {
        let file = Connection::open(data.join("school.db")).unwrap();
        file.pragma_update(None, "secure_delete", false).unwrap();
        file.execute("DELETE FROM meta WHERE key = 'scrub'", []).unwrap();
        for n in 0..500 {
            let text = format!("LEFT-BEHIND {n} {}", "x".repeat(900));
            file.execute("INSERT INTO meta (key, value) VALUES (?1, ?2)", [&format!("old {n}"), &text]).unwrap();
        }
        file.execute("DELETE FROM meta WHERE key LIKE 'old %'", []).unwrap();
    }
    assert!(tells(&data, "LEFT-BEHIND"));
    fs::create_dir(&copy).unwrap();
    fs::copy(data.join("school.db"), copy.join("school.db")).unwrap();
    restore(&copy, &restored).unwrap();
    for folder in [&data, &restored] {
        let town = on_a_file(folder);
        town.engine.tick(town.engine.now()).unwrap();
        assert!(!tells(folder, "LEFT-BEHIND"));
        assert!(town.engine.now() >= time("2026-09-15T00:00:00Z"));
    }
}
