//! What the command line keeps in a phone's folder beside core's own files: the server's address, and whether there is to
//! be no network. Nothing of the person.

use skolebro_core::device::{
    http::{AddressProblem, check_address},
    private,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
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
        private::make_folder(&self.0)
    }

    /// Whether somebody has used it as a phone, whatever has become of the files here.
    ///
    /// # Errors
    /// The folder cannot be looked into: then nobody knows.
    pub fn is_a_phone(&self) -> io::Result<bool> {
        for file in ["outbox.db", "mirror.db", SERVER] {
            match self.0.join(file).try_exists() {
                Ok(false) => {}
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
                found => return found,
            }
        }
        Ok(false)
    }

    /// None: none was kept, or what stands there is no address.
    pub fn server(&self) -> Option<String> {
        self.read(SERVER).filter(|url| !matches!(check_address(url), Err(AddressProblem::NotHttp)))
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
        let path = self.0.join(OFFLINE);
        let removed = if path.is_dir() { fs::remove_dir(&path) } else { fs::remove_file(&path) };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// What the server's clock was to this machine's when it was last heard; nothing where they did not differ.
    pub fn heard(&self) -> Heard {
        self.read(CLOCK).map(|text| Heard::read(&text)).unwrap_or_default()
    }
    /// # Errors
    /// The folder cannot be written.
    pub fn keep_heard(&self, heard: Heard) -> io::Result<()> {
        self.write(CLOCK, &heard.written())
    }

    fn read(&self, name: &str) -> Option<String> {
        let text = String::from_utf8(private::read(&self.0.join(name)).ok()?).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        private::write(&self.0.join(name), format!("{text}\n").as_bytes())
    }
}

/// How this machine's clock stood to the server's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Milliseconds from the machine's clock to the server's.
    pub offset_millis: i64,
    /// When that was by the machine, where it counts time by something else than its clock.
    pub at: Option<Uptime>,
}

/// A moment of one run of the machine, which no setting of its clock moves, and what its clock showed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uptime {
    pub boot: String,
    pub up: Duration,
    pub shown_millis: i64,
}

impl Heard {
    /// `OFFSET [BOOT UP SHOWN]`, in milliseconds. What cannot be read is as if it were not there.
    fn read(text: &str) -> Self {
        let mut words = text.split_whitespace();
        let offset_millis = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        let mut at = || {
            let boot = words.next()?.to_owned();
            let up = Duration::from_millis(words.next()?.parse().ok()?);
            Some(Uptime { boot, up, shown_millis: words.next()?.parse().ok()? })
        };
        Self { offset_millis, at: at() }
    }

    fn written(&self) -> String {
        match &self.at {
            Some(Uptime { boot, up, shown_millis }) => {
                format!("{} {boot} {} {shown_millis}", self.offset_millis, up.as_millis())
            }
            None => self.offset_millis.to_string(),
        }
    }
}

impl Uptime {
    /// None: this machine does not tell.
    pub fn now(shown_millis: i64) -> Option<Self> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned();
        let uptime = fs::read_to_string("/proc/uptime").ok()?;
        let seconds: f64 = uptime.split_whitespace().next()?.parse().ok()?;
        let up = Duration::try_from_secs_f64(seconds).ok()?;
        Some(Self { boot, up, shown_millis })
    }

    /// How far the machine's clock has been set since `earlier`, in milliseconds. None: it has been started anew since.
    pub fn set_since(&self, earlier: &Self) -> Option<i64> {
        let passed = self.up.checked_sub(earlier.up).filter(|_| self.boot == earlier.boot)?;
        Some(self.shown_millis - earlier.shown_millis - i64::try_from(passed.as_millis()).ok()?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_heard_is_read_as_it_was_kept_also_as_older_versions_kept_it() {
        let at = Uptime { boot: "b".into(), up: Duration::from_millis(5), shown_millis: 70 };
        let heard = Heard { offset_millis: -3, at: Some(at) };
        assert_eq!(Heard::read(&heard.written()), heard);
        assert_eq!(Heard::read("86400000"), Heard { offset_millis: 86_400_000, at: None });
        assert_eq!(Heard::read("§"), Heard::default());
    }

    #[test]
    fn a_clock_that_was_set_is_known_by_what_it_does_not_move() {
        let at =
            |boot: &str, up, shown_millis| Uptime { boot: boot.into(), up: Duration::from_millis(up), shown_millis };
        let monday = at("a", 1000, 50_000);
        assert_eq!(at("a", 3000, 52_000).set_since(&monday), Some(0));
        assert_eq!(at("a", 3000, 86_452_000).set_since(&monday), Some(86_400_000));
        assert_eq!(at("b", 3000, 52_000).set_since(&monday), None, "started anew: nobody knows");
    }
}
