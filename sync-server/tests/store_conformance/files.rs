//! What a file must do besides: stay, be one server's, be backed up and restored, and say clearly when it cannot be read.

use crate::school::*;
use rusqlite::Connection;
use skolebro_server::store::{
    Store, StoreError, StoredRow, read,
    sqlite::{SqliteOptions, SqliteStore, restore},
    write,
};
use std::{fs, path::Path, sync::atomic::AtomicBool, sync::atomic::Ordering::Relaxed, thread};

pub fn open(folder: &Path, readers: usize) -> SqliteStore {
    try_open(folder, readers).unwrap()
}

fn try_open(folder: &Path, readers: usize) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(folder, SqliteOptions { readers, ..SqliteOptions::default() })
}

fn numbers(store: &dyn Store) -> Vec<u64> {
    let mut numbers = Vec::new();
    store
        .read(&mut |reading| {
            numbers.clear();
            reading.rows_by_sequence(the_school(), 0, u64::MAX, &mut |row| {
                numbers.push(row.seq);
                true
            })
        })
        .unwrap();
    numbers
}

fn unreadable(result: Result<impl Sized, StoreError>) -> String {
    match result {
        Err(StoreError::Unreadable(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was read"),
    }
}

fn refused(result: Result<impl Sized, StoreError>) -> String {
    match result {
        Err(StoreError::Backend(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was done"),
    }
}

#[test]
fn what_was_written_is_there_when_the_server_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("not/there/yet");
    let store = open(&data, 2);
    let epoch = read(&store, |reading| reading.epoch()).unwrap();
    let row = put(&store, &attendance("Liv", "2026-09-14"));
    drop(store);
    for _ in 0..2 {
        let store = open(&data, 2);
        assert_eq!(read(&store, |reading| reading.epoch()).unwrap(), epoch);
        assert_eq!(read(&store, |reading| reading.row(the_school(), &row.scope, row.id)).unwrap(), Some(row.clone()));
        assert_eq!(read(&store, |reading| reading.head(the_school())).unwrap().seq, 1);
    }
}

#[test]
fn a_data_folder_is_one_servers() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 1);
    assert!(matches!(try_open(folder.path(), 1), Err(StoreError::InUse)));
    assert!(matches!(restore(folder.path(), folder.path()), Err(StoreError::InUse)));
    put(&store, &attendance("Liv", "2026-09-14"));
    drop(store);
    assert_eq!(numbers(&open(folder.path(), 1)), [1]);
}

#[test]
fn of_backups_that_go_to_one_folder_at_once_one_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("data"), 1);
    put(&store, &attendance("Liv", "2026-09-14"));
    let copy = folder.path().join("copy");
    let made: Vec<_> = thread::scope(|scope| {
        let backups: Vec<_> = (0..4).map(|_| scope.spawn(|| store.backup(&copy))).collect();
        backups.into_iter().map(|backup| backup.join().unwrap()).collect()
    });
    assert!(made.iter().any(Result::is_ok), "{made:?}");
    for refused in made.into_iter().filter_map(Result::err) {
        let why = refused.to_string();
        assert!(why.contains("not empty") || why.contains("another backup"), "{why}");
    }
    assert_eq!(fs::read_dir(&copy).unwrap().count(), 1);
    restore(&copy, &folder.path().join("restored")).unwrap();
    assert_eq!(numbers(&open(&folder.path().join("restored"), 1)), numbers(&store));
}

#[test]
fn a_backup_is_one_moment_of_a_busy_server() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("data"), 1);
    for n in 0..300 {
        put(&store, &attendance(&format!("pupil {n}"), "2026-09-14"));
    }
    let is_over = AtomicBool::new(false);
    thread::scope(|threads| {
        threads.spawn(|| {
            for n in 0.. {
                put(&store, &attendance(&format!("late {n}"), "2026-09-14"));
                if is_over.load(Relaxed) {
                    break;
                }
            }
        });
        for copy in ["monday", "tuesday"] {
            store.backup(&folder.path().join(copy)).unwrap();
        }
        is_over.store(true, Relaxed);
    });
    let names: Vec<_> = fs::read_dir(folder.path().join("monday")).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(names, ["school.db"]);
    let epoch = read(&store, |reading| reading.epoch()).unwrap();
    for copy in ["monday", "tuesday"] {
        let restored = folder.path().join(format!("{copy} restored"));
        let new_epoch = restore(&folder.path().join(copy), &restored).unwrap();
        let copy = open(&restored, 1);
        assert_ne!(new_epoch, epoch);
        assert_eq!(read(&copy, |reading| reading.epoch()).unwrap(), new_epoch);
        // Head and rows of the same moment.
        let head = read(&copy, |reading| reading.head(the_school())).unwrap().seq;
        assert!(head >= 300);
        assert_eq!(numbers(&copy), (1..=head).collect::<Vec<_>>());
    }
    assert_eq!(read(&store, |reading| reading.epoch()).unwrap(), epoch);
}

/// All bytes of all files below.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        bytes.extend(if file.is_dir() { bytes_in(&file) } else { fs::read(&file).unwrap() });
    }
    bytes
}

fn tells(folder: &Path, what: &str) -> bool {
    bytes_in(folder).windows(what.len()).any(|bytes| bytes == what.as_bytes())
}

#[test]
fn what_was_deleted_is_in_no_copy_and_after_a_scrub_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    let store = open(&data, 2);
    let secret = "Liv has a rash on her left arm";
    // Many of them, so that pages are split and moved; in between what stays.
    for n in 0..400 {
        let text = format!(r#"{{"text":"{}"}}"#, if n % 3 == 0 { "stays" } else { secret }.repeat(1 + n % 40));
        put(&store, &StoredRow { body: Some(text.into()), ..attendance(&format!("pupil {n}"), "2026-09-14") });
    }
    assert!(tells(&data, secret));
    for n in (0..400).filter(|n| n % 3 != 0) {
        put(&store, &StoredRow { body: None, ..attendance(&format!("pupil {n}"), "2026-09-14") });
    }
    store.backup(&copy).unwrap();
    assert!(!tells(&copy, secret), "in a copy");
    store.scrub().unwrap();
    assert!(!tells(&data, secret), "on the disk");
    let stays: usize = (0..400).step_by(3).map(|n| 1 + n % 40).sum();
    assert_eq!(bytes_in(&data).windows(5).filter(|bytes| *bytes == b"stays").count(), stays);
    drop(store);
    assert_eq!(numbers(&open(&data, 1)).len(), 400);
}

#[test]
fn a_store_is_scrubbed_while_it_is_read_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("data"), 2);
    for n in 0..300 {
        put(&store, &attendance(&format!("pupil {n}"), "2026-09-14"));
    }
    let is_over = AtomicBool::new(false);
    let written = thread::scope(|threads| {
        let writer = threads.spawn(|| {
            let mut written = 0;
            while !is_over.load(Relaxed) {
                put(&store, &attendance(&format!("late {written}"), "2026-09-14"));
                written += 1;
            }
            written
        });
        threads.spawn(|| {
            while !is_over.load(Relaxed) {
                assert!(numbers(&store).len() >= 300);
            }
        });
        let scrubbed = (0..3).map(|_| store.scrub()).collect::<Vec<_>>();
        is_over.store(true, Relaxed);
        for scrubbed in scrubbed {
            scrubbed.unwrap();
        }
        writer.join().unwrap()
    });
    assert_eq!(numbers(&store).len(), 300 + written);
}

/// Folders that an operator made, with the rights that folders usually have.
#[cfg(unix)]
#[test]
fn only_its_owner_can_look_into_a_store_or_a_copy_whatever_was_there_before() {
    use std::os::unix::fs::PermissionsExt;
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, new] = ["data", "copy", "new"].map(|name| folder.path().join(name));
    for made in [&data, &copy, &new] {
        fs::create_dir(made).unwrap();
        set(made, 0o755);
    }
    let closed = |made: &Path| {
        assert_eq!(fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o700, "{made:?}");
        let mut names = Vec::new();
        for file in fs::read_dir(made).unwrap().map(Result::unwrap) {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
            names.push(file.file_name().into_string().unwrap());
        }
        names.sort();
        names
    };
    let store = open(&data, 1);
    put(&store, &attendance("Liv", "2026-09-14"));
    assert_eq!(closed(&data), ["school.db", "school.db-shm", "school.db-wal", "school.lock"]);
    store.backup(&copy).unwrap();
    assert_eq!(closed(&copy), ["school.db"]);
    drop(store);
    // A copy that lay open, and a data folder that was opened: by a careless `cp`, or by an older version.
    set(&copy.join("school.db"), 0o644);
    restore(&copy, &new).unwrap();
    closed(&new);
    for open in [data.clone(), data.join("school.db"), data.join("school.lock")] {
        set(&open, 0o755);
    }
    drop(open(&data, 1));
    closed(&data);
}

#[test]
fn nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    let store = open(&data, 1);
    put(&store, &attendance("Liv", "2026-09-14"));
    store.backup(&copy).unwrap();
    assert!(refused(store.backup(&copy)).contains("not empty"));
    drop(store);
    assert!(refused(restore(&copy, &data)).contains("nothing is overwritten"));
    assert!(refused(restore(&folder.path().join("nowhere"), &folder.path().join("new"))).contains("no school.db"));
    assert_eq!(numbers(&open(&data, 1)), [1]);
}

#[test]
fn a_copied_folder_of_a_killed_server_keeps_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    let store = open(&data, 1);
    put(&store, &attendance("Liv", "2026-09-14"));
    fs::create_dir(&copy).unwrap();
    for name in ["school.db", "school.db-wal"] {
        fs::copy(data.join(name), copy.join(name)).unwrap();
    }
    restore(&copy, &folder.path().join("new")).unwrap();
    assert_eq!(numbers(&open(&folder.path().join("new"), 1)), [1]);
}

#[test]
fn a_damaged_file_is_said_to_be_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    let store = open(&data, 1);
    for n in 0..200 {
        put(&store, &attendance(&format!("pupil {n}"), "2026-09-14"));
    }
    store.backup(&copy).unwrap();
    drop(store);
    let whole = fs::read(copy.join("school.db")).unwrap();
    // Pages in the middle are overwritten: restoring finds it, and reading says so.
    let mut damaged = whole.clone();
    damaged[8 * 4096..].iter_mut().for_each(|byte| *byte ^= 0x5a);
    fs::write(copy.join("school.db"), &damaged).unwrap();
    let new = folder.path().join("new");
    unreadable(restore(&copy, &new));
    assert!(!new.join("school.db").exists() && !new.join("school.db.part").exists());
    fs::write(data.join("school.db"), &damaged).unwrap();
    let rows = try_open(&data, 1).and_then(|store| {
        store.read(&mut |reading| reading.rows_by_sequence(the_school(), 0, u64::MAX, &mut |_| true))
    });
    unreadable(rows);
    if let Ok(store) = try_open(&data, 1) {
        let none = folder.path().join("none");
        unreadable(store.backup(&none));
        assert_eq!(fs::read_dir(&none).unwrap().count(), 0, "no copy, and nothing half of one");
    }
    // Cut short, overwritten at the start, and not a database at all.
    for content in [&whole[..whole.len() / 2], &[0x5a; 8192], b"Dear parents, the school is closed on Friday."] {
        fs::write(data.join("school.db"), content).unwrap();
        let rows = try_open(&data, 1).and_then(|store| {
            store.read(&mut |reading| reading.rows_by_sequence(the_school(), 0, u64::MAX, &mut |_| true))
        });
        unreadable(rows);
    }
}

#[test]
fn another_programs_file_and_a_newer_servers_are_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("school.db");
    Connection::open(&file).unwrap().execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
    let before = fs::read(&file).unwrap();
    assert!(unreadable(try_open(folder.path(), 1)).contains("another program"));
    assert_eq!(fs::read(&file).unwrap(), before);

    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path(), 1));
    let file = folder.path().join("school.db");
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 999).unwrap();
    let before = fs::read(&file).unwrap();
    let why = unreadable(try_open(folder.path(), 1));
    assert!(why.contains("999") && why.contains("newer"), "{why}");
    assert_eq!(fs::read(&file).unwrap(), before);
    unreadable(restore(folder.path(), &folder.path().join("new")));
}

#[test]
fn what_a_newer_server_wrote_into_a_row_is_unreadable_and_not_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 1);
    let row = put(&store, &attendance("Liv", "2026-09-14"));
    let file = Connection::open(folder.path().join("school.db")).unwrap();
    for change in ["kind = 'hologram'", "scope = x'ff'", "day = 9223372036854775807", "seq = -1"] {
        file.execute_batch(&format!("UPDATE record SET {change}")).unwrap();
        let why = unreadable(read(&store, |reading| {
            // Each look-up that the change leaves a way to.
            reading.rows_before(the_school(), row.kind, day("2027-01-01"), None, 9)?;
            reading.rows_by_sequence(the_school(), 0, u64::MAX, &mut |_| true)?;
            reading.row(the_school(), &row.scope, row.id)
        }));
        assert!(!why.contains("hologram"), "what stands there is nobody's business: {why}");
        file.execute_batch("DELETE FROM record").unwrap();
        write(&store, |writing| writing.put_row(the_school(), &row)).unwrap();
    }
}

#[test]
fn a_failed_commit_is_doubtful_and_the_next_write_works() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 1);
    put(&store, &attendance("Liv", "2026-09-14"));
    // What fails at COMMIT, and only there: a deferred foreign key, which another connection plants.
    let file = Connection::open(folder.path().join("school.db")).unwrap();
    file.execute_batch(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);
         CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER plant AFTER INSERT ON meta BEGIN INSERT INTO child VALUES (1); END;",
    )
    .unwrap();
    let doubtful = write(&store, |writing| {
        writing.take_number(the_school())?;
        writing.put_meta("planted", "1")
    });
    assert!(matches!(doubtful, Err(StoreError::Doubtful(_))), "{doubtful:?}");
    assert_eq!(read(&store, |reading| reading.meta("planted")).unwrap(), None);
    file.execute_batch("DROP TRIGGER plant; DROP TABLE child; DROP TABLE parent").unwrap();
    assert_eq!(put(&store, &attendance("Noor", "2026-09-14")).seq, 2);
    assert_eq!(numbers(&store), [1, 2]);
}
