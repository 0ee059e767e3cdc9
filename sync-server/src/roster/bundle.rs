//! Opening what the operator gave: a zip, a folder or one CSV file. Files are found by their plain name in one folder.
//!
//! It must never write a file by a name from the zip, and never unpack more than the limits allow, whatever the zip declares.

use super::{error::RosterError, options::Limits};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};
use zip::{CompressionMethod, ZipArchive, result::ZipError};

/// A bundle, opened. Names are lower case, without their folder.
#[derive(Debug)]
pub struct Bundle {
    source: Source,
    files: BTreeMap<String, Found>,
    /// Files outside the bundle's folder, or that stand twice.
    pub elsewhere: Vec<String>,
    limits: Limits,
    unpacked: u64,
}

enum Source {
    Zip(Box<ZipArchive<BufReader<File>>>),
    Plain,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Source::Zip(_) => "Zip",
            Source::Plain => "Plain",
        })
    }
}

#[derive(Debug)]
enum Found {
    Entry(usize),
    Path(PathBuf),
}

impl Bundle {
    /// Opens a zip, a folder of files, or a single file such as `legal.csv`.
    ///
    /// # Errors
    /// When it is none of these, or the zip is damaged, encrypted or holds too many entries or two bundles.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, RosterError> {
        let bundle = Self::opened(path, limits)?;
        if bundle.names().any(super::is_known) {
            return Ok(bundle);
        }
        Err(RosterError::Empty { holds: some_of(bundle.names()) })
    }

    fn opened(path: &Path, limits: Limits) -> Result<Self, RosterError> {
        if path.is_dir() {
            return Self::folder(path, limits);
        }
        let mut file = File::open(path).map_err(RosterError::Open)?;
        let mut magic = [0_u8; 4];
        let read = file.read(&mut magic).map_err(RosterError::Open)?;
        if magic.get(..read).is_some_and(|start| start.starts_with(b"PK")) {
            let file = File::open(path).map_err(RosterError::Open)?;
            return Self::zip(file, limits);
        }
        match path.file_name().and_then(|name| name.to_str()).map(str::to_lowercase) {
            Some(name) if name.ends_with(".csv") || name.ends_with(".toml") => Ok(Self {
                source: Source::Plain,
                files: BTreeMap::from([(name, Found::Path(path.to_owned()))]),
                elsewhere: Vec::new(),
                limits,
                unpacked: 0,
            }),
            _ => Err(RosterError::NotABundle),
        }
    }

    fn folder(path: &Path, limits: Limits) -> Result<Self, RosterError> {
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(path).map_err(RosterError::Open)? {
            let entry = entry.map_err(RosterError::Open)?;
            if let (true, Some(name)) = (entry.path().is_file(), entry.file_name().to_str())
                && !name.starts_with('.')
            {
                files.insert(name.to_lowercase(), Found::Path(entry.path()));
            }
        }
        Ok(Self { source: Source::Plain, files, elsewhere: Vec::new(), limits, unpacked: 0 })
    }

    fn zip(file: File, limits: Limits) -> Result<Self, RosterError> {
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged("the zip", error))?;
        if archive.len() > limits.entries {
            return Err(RosterError::TooLarge { file: "the zip".into(), limit: "entries" });
        }
        let mut folders: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        let mut elsewhere = Vec::new();
        for index in 0..archive.len() {
            // Raw: reading the directory must not fail on an entry that nobody asks for.
            let entry = archive.by_index_raw(index).map_err(|error| damaged("the zip", error))?;
            let Ok(full) = entry.name() else { continue };
            let full = full.replace('\\', "/");
            if entry.is_dir() || full.ends_with('/') {
                continue;
            }
            let (folder, name) = full.rsplit_once('/').unwrap_or(("", &full));
            // What macOS and Windows put beside the files.
            if name.starts_with('.') || folder.contains("__MACOSX") || name.eq_ignore_ascii_case("thumbs.db") {
                continue;
            }
            let files = folders.entry(folder.to_owned()).or_default();
            if files.insert(name.to_lowercase(), index).is_some() {
                elsewhere.push(full.clone());
            }
        }
        let chosen = choose(&folders)?;
        let mut files = BTreeMap::new();
        for (folder, names) in folders {
            if folder == chosen {
                files.extend(names.into_iter().map(|(name, index)| (name, Found::Entry(index))));
            } else {
                elsewhere.extend(names.into_keys().map(|name| format!("{folder}/{name}")));
            }
        }
        weigh(&mut archive, &files, limits)?;
        Ok(Self { source: Source::Zip(Box::new(archive)), files, elsewhere, limits, unpacked: 0 })
    }

    /// The names of the bundle's files, lower case.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(&name.to_lowercase())
    }

    /// Bytes unpacked so far.
    pub fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// Unpacks a file as it is read. `None` when the bundle has no such file.
    ///
    /// # Errors
    /// When the file is encrypted or packed in an unknown way. Reading fails past a limit: see [`read_error`].
    pub fn read(&mut self, name: &str) -> Result<Option<Unpacking<'_>>, RosterError> {
        let Some(found) = self.files.get(&name.to_lowercase()) else { return Ok(None) };
        let (inner, packed, declared): (Box<dyn Read + '_>, u64, Option<u64>) = match (&mut self.source, found) {
            (Source::Zip(archive), Found::Entry(index)) => {
                {
                    let raw = archive.by_index_raw(*index).map_err(|error| damaged(name, error))?;
                    if raw.encrypted() {
                        return Err(RosterError::Encrypted { file: name.to_owned() });
                    }
                    if !matches!(raw.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
                        return Err(RosterError::Packing { file: name.to_owned() });
                    }
                }
                let entry = archive.by_index(*index).map_err(|error| damaged(name, error))?;
                let (packed, size) = (entry.compressed_size(), entry.size());
                (Box::new(entry), packed, Some(size))
            }
            (_, Found::Path(path)) => {
                let file = File::open(path).map_err(|error| RosterError::Read { file: name.to_owned(), error })?;
                (Box::new(file), u64::MAX, None)
            }
            (Source::Plain, Found::Entry(_)) => return Ok(None),
        };
        Ok(Some(Unpacking { inner, packed, declared, read: 0, total: &mut self.unpacked, limits: self.limits }))
    }
}

/// Refuses a bomb by what its directory says, before a minute has gone into unpacking it. What the directory conceals is
/// found while unpacking.
fn weigh(
    archive: &mut ZipArchive<BufReader<File>>,
    files: &BTreeMap<String, Found>,
    limits: Limits,
) -> Result<(), RosterError> {
    let mut total = 0_u64;
    for (name, found) in files {
        let Found::Entry(index) = found else { continue };
        if !super::is_known(name) {
            continue;
        }
        let entry = archive.by_index_raw(*index).map_err(|error| damaged(name, error))?;
        total = total.saturating_add(entry.size());
        if let Some(limit) = limits.passed(entry.size(), entry.compressed_size(), total) {
            return Err(RosterError::TooLarge { file: name.clone(), limit });
        }
    }
    Ok(())
}

impl Limits {
    /// The limit that a file of such sizes is past; `total` is that of all files so far.
    fn passed(&self, size: u64, packed: u64, total: u64) -> Option<&'static str> {
        if size > self.file_bytes {
            Some("the size of one file")
        } else if total > self.total_bytes {
            Some("the size of all files")
        } else if size > self.ratio_from && size / packed.max(1) > self.ratio {
            Some("the ratio of unpacked to packed")
        } else {
            None
        }
    }
}

/// The folder that holds the bundle: the one with the manifest, else the one with users or our own files.
fn choose(folders: &BTreeMap<String, BTreeMap<String, usize>>) -> Result<String, RosterError> {
    for sign in [&["manifest.csv"][..], &["users.csv", "orgs.csv", "enrollments.csv", "classes.csv"], super::OWN_FILES]
    {
        let mut holding =
            folders.iter().filter(|(_, files)| sign.iter().any(|name| files.contains_key(*name))).map(|(name, _)| name);
        match (holding.next(), holding.next()) {
            (Some(first), Some(second)) => {
                return Err(RosterError::TwoBundles { first: shown(first), second: shown(second) });
            }
            (Some(only), None) => return Ok(only.clone()),
            (None, _) => {}
        }
    }
    // Nothing known anywhere: the outermost folder, so that the refusal can name what is in it.
    folders.keys().next().cloned().ok_or_else(|| RosterError::Empty { holds: some_of(std::iter::empty()) })
}

/// A few names, and the one that a misspelt one is near to.
fn some_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.collect();
    let more = names.len() > NAMED;
    names.truncate(NAMED);
    let with_near = |name: &&str| match super::near_file(name) {
        Some(near) => format!("{name} (did you mean {near}?)"),
        None => (*name).to_owned(),
    };
    let mut text = names.iter().map(with_near).collect::<Vec<_>>().join(", ");
    if more {
        text.push_str(" and more");
    }
    if text.is_empty() { "no file".to_owned() } else { text }
}

/// Names of files that a refusal tells.
const NAMED: usize = 5;

fn shown(folder: &str) -> String {
    if folder.is_empty() { "the outermost folder".into() } else { folder.into() }
}

fn damaged(file: &str, error: ZipError) -> RosterError {
    match error {
        ZipError::UnsupportedArchive(text) if text == ZipError::PASSWORD_REQUIRED => {
            RosterError::Encrypted { file: file.into() }
        }
        ZipError::CompressionMethodNotSupported(_) => RosterError::Packing { file: file.into() },
        other => RosterError::Damaged(format!("{file}: {other}")),
    }
}

/// One file as it unpacks, with its limits.
pub struct Unpacking<'a> {
    inner: Box<dyn Read + 'a>,
    packed: u64,
    /// Bytes that the zip's directory says; none of a plain file.
    declared: Option<u64>,
    read: u64,
    total: &'a mut u64,
    limits: Limits,
}

impl std::fmt::Debug for Unpacking<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpacking").field("read", &self.read).finish_non_exhaustive()
    }
}

/// Carried inside an [`io::Error`] when a limit is passed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("more than the limit on {0}")]
pub struct PastLimit(pub &'static str);

impl Read for Unpacking<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count as u64;
        *self.total += count as u64;
        let past = match self.declared {
            // What a zip's directory says of a file is at once the most that is unpacked of it.
            Some(declared) if self.read > declared => Some("the size that the zip declares"),
            Some(_) | None => self.limits.passed(self.read, self.packed, *self.total),
        };
        past.map_or(Ok(count), |limit| Err(io::Error::other(PastLimit(limit))))
    }
}

/// What an error while reading a file means.
pub fn read_error(file: &str, error: io::Error) -> RosterError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<PastLimit>()) {
        Some(PastLimit(limit)) => RosterError::TooLarge { file: file.to_owned(), limit },
        None if error.kind() == io::ErrorKind::InvalidData || error.kind() == io::ErrorKind::UnexpectedEof => {
            RosterError::Damaged(format!("{file}: {error}"))
        }
        None => RosterError::Read { file: file.to_owned(), error },
    }
}
