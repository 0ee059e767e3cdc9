//! What each release before this one stored of a school is read by this one, to the last rule set: a field that has come
//! since has a default.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rusqlite::Connection;
use skolebro_core::domain::roster::RosterEntry;
use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn every_fact_of_a_roster_that_an_earlier_release_stored_is_read() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    let releases: Vec<_> =
        fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    assert!(!releases.is_empty());
    for release in releases {
        // A copy: whoever looks at a database may leave something beside it.
        let folder = tempfile::tempdir().unwrap();
        for file in fs::read_dir(release.join("server")).unwrap().map(Result::unwrap) {
            if file.file_name().to_string_lossy().starts_with("school.db") {
                fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
            }
        }
        let store = Connection::open(folder.path().join("school.db")).unwrap();
        let mut stored = store.prepare("SELECT kind, entry FROM roster").unwrap();
        let stored = stored.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
        let mut kinds = BTreeSet::new();
        for (kind, entry) in stored.map(Result::unwrap) {
            let read = RosterEntry::from_json(&entry);
            assert!(read.is_ok(), "{}: {kind}: {read:?}", release.display());
            kinds.insert(kind);
        }
        for kind in ["rule_set", "calendar", "school", "person"] {
            assert!(kinds.contains(kind), "{}: {kinds:?}", release.display());
        }
    }
}
