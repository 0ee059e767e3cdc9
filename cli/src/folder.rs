//! What the command line keeps in a phone's folder beside core's own files: the server's address, and whether there is to
//! be no network. Nothing of the person.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

const SERVER: &str = "server";
const OFFLINE: &str = "offline";
const CLOCK: &str = "clock";

#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes it, readable for its owner only.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(&self.0)
    }

    pub fn server(&self) -> Option<String> {
        self.read(SERVER)
    }
    /// # Errors
    /// The folder cannot be written.
    pub fn keep_server(&self, url: &str) -> io::Result<()> {
        self.write(SERVER, url)
    }

    pub fn is_offline(&self) -> bool {
        self.0.join(OFFLINE).exists()
    }
    /// # Errors
    /// The folder cannot be written.
    pub fn set_offline(&self, offline: bool) -> io::Result<()> {
        if offline {
            return self.write(OFFLINE, "no network is tried while this file is here");
        }
        match fs::remove_file(self.0.join(OFFLINE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Milliseconds from this machine's clock to the server's, as far as they differ.
    pub fn clock_offset(&self) -> i64 {
        self.read(CLOCK).and_then(|text| text.parse().ok()).unwrap_or(0)
    }
    /// # Errors
    /// The folder cannot be written.
    pub fn keep_clock_offset(&self, millis: i64) -> io::Result<()> {
        self.write(CLOCK, &millis.to_string())
    }

    fn read(&self, name: &str) -> Option<String> {
        let text = fs::read_to_string(self.0.join(name)).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let beside = self.0.join(format!("{name}.{}.new", std::process::id()));
        fs::write(&beside, format!("{text}\n"))?;
        fs::rename(beside, self.0.join(name))
    }
}
