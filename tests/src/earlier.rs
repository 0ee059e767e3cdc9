//! What earlier releases left behind (`tests/fixtures`, made by `make.py` with each release's own binaries), copied to be
//! opened by this version.

use crate::{town::Town, village::at};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// The Monday morning on which each of them was left.
pub const LEFT_AT: &str = "2026-10-12T05:00:00Z";

/// One release's folders, as copies.
#[derive(Debug)]
pub struct Earlier {
    pub release: String,
    folder: TempDir,
}

impl Earlier {
    /// One copy of each.
    pub fn all() -> Vec<Self> {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let releases = fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
        let all: Vec<Self> = releases.map(|release| Self::copy_of(&release)).collect();
        assert!(!all.is_empty(), "no release is kept");
        all
    }

    fn copy_of(release: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(release, folder.path());
        Self { release: release.file_name().unwrap().to_string_lossy().into_owned(), folder }
    }

    pub fn part(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn phone(&self, who: &str) -> PathBuf {
        self.part("phones").join(who)
    }

    /// This version's server on the old folder.
    pub fn serve(&self) -> Town {
        Town::open_on(&self.part("server"), at(LEFT_AT))
    }

    /// The code that nobody has used yet.
    pub fn code(&self, name: &str) -> String {
        let codes: Value = serde_json::from_slice(&fs::read(self.part("codes.json")).unwrap()).unwrap();
        codes[name].as_str().unwrap_or_else(|| panic!("no unused code of {name}")).to_owned()
    }

    /// What a phone asked, to the byte, and what it was answered, in order.
    pub fn syncs(&self) -> Vec<(Vec<u8>, Value)> {
        let read =
            |number: usize, side: &str| fs::read(self.part("syncs").join(format!("{number:02}-{side}.json"))).ok();
        let pair = |number| Some((read(number, "request")?, serde_json::from_slice(&read(number, "answer")?).unwrap()));
        let all: Vec<_> = (1..).map_while(pair).collect();
        assert!(!all.is_empty(), "no sync is recorded");
        all
    }
}

/// Files and folders as they are.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
