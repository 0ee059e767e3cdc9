//! A root of Debian 13 with Swift, for Debian 12 which has none: made by debootstrap, entered by chroot.
//!
//! It is made under another name and gets its own when it is whole. Nothing stays mounted after a run: see `in-root.sh`.

use super::apt;
use crate::command::run;
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const SUITE: &str = "trixie";
const PACKAGES: [&str; 7] =
    ["swiftlang", "swiftlang-dev", "libswiftlang", "libc6-dev", "libstdc++-14-dev", "ca-certificates", "git"];
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
const MIRROR: &str = "http://deb.debian.org/debian";
const IN_ROOT: &str = include_str!("in-root.sh");

pub fn folder(toolchains: &Path) -> PathBuf {
    toolchains.join("swift-root")
}

/// Whether the root is whole and has the packages of today's list.
pub fn is_complete(root: &Path) -> bool {
    // The link itself: it points at a path of the root's own, and leads nowhere outside.
    let swift = root.join("usr/bin/swift").symlink_metadata();
    fs::read_to_string(marker(root)).is_ok_and(|installed| installed == contents()) && swift.is_ok()
}

/// About two minutes and 3 GB.
pub fn install(toolchains: &Path) -> Result<(), Box<dyn Error>> {
    let root = folder(toolchains);
    if root.exists() && !marker(&root).is_file() {
        return Err(format!("{} is there and was not made here: move it away", root.display()).into());
    }
    apt::install(&["debootstrap", "debian-archive-keyring"])?;
    let unfinished = toolchains.join("swift-root.unfinished");
    remove(&unfinished)?;
    fs::create_dir_all(&unfinished)?;
    let mirror = mirror(&fs::read_to_string("/etc/apt/sources.list.d/debian.sources").unwrap_or_default());
    let keyring = format!("--keyring={KEYRING}");
    println!("making a root of Debian {SUITE} in {} (about two minutes, 3 GB)", root.display());
    run(Command::new("debootstrap").args(["--variant=minbase", &keyring, SUITE]).arg(&unfinished).arg(&mirror))?;
    let apt_get = |arguments: &[&str]| {
        let proxies = ["http_proxy", "https_proxy", "no_proxy"];
        let mut variables = vec![("DEBIAN_FRONTEND", PathBuf::from("noninteractive"))];
        variables.extend(proxies.iter().filter_map(|name| Some((*name, PathBuf::from(std::env::var_os(name)?)))));
        let mut command = enter(&unfinished, Path::new("/"), &[], &variables, "apt-get");
        run(command.args(arguments))
    };
    apt_get(&["update", "-q"])?;
    apt_get(&[&["install", "-yq", "--no-install-recommends"], PACKAGES.as_slice()].concat())?;
    apt_get(&["clean"])?;
    fs::write(marker(&unfinished), contents())?;
    remove(&root)?;
    fs::rename(&unfinished, &root)?;
    Ok(())
}

/// A program inside the root, at work in `folder`; it sees the folders in `shown`, under their own absolute paths.
pub fn enter(root: &Path, folder: &Path, shown: &[&Path], variables: &[(&str, PathBuf)], program: &str) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", IN_ROOT, "sh"])
        .arg(root)
        .arg(folder)
        .args(shown)
        .arg("--");
    for (name, value) in variables {
        command.arg(format!("{name}={}", value.display()));
    }
    command.arg(program);
    command
}

/// Removes a root that was made here. Another's mount below it would be emptied with it, so one stops this.
fn remove(root: &Path) -> Result<(), Box<dyn Error>> {
    if !root.exists() {
        return Ok(());
    }
    let real = root.canonicalize()?;
    if let Some(mount) = mounted_below(&fs::read_to_string("/proc/self/mountinfo")?, &real) {
        return Err(format!("{mount} is mounted: unmount it first").into());
    }
    run(Command::new("rm").args(["-rf", "--one-file-system", "--"]).arg(&real))
}

/// The first mount point at or below a folder; the fifth word of a line of mountinfo is one.
fn mounted_below(mountinfo: &str, folder: &Path) -> Option<String> {
    let points = mountinfo.lines().filter_map(|line| line.split(' ').nth(4));
    points.map(|point| point.replace("\\040", " ")).find(|point| Path::new(point).starts_with(folder))
}

/// This machine's own mirror, if it is Debian.
fn mirror(sources: &str) -> String {
    let named = sources.lines().find_map(|line| line.strip_prefix("URIs:")?.split_whitespace().next());
    named.unwrap_or(MIRROR).to_owned()
}

fn marker(root: &Path) -> PathBuf {
    root.join("skolebro-complete")
}

fn contents() -> String {
    format!("{SUITE} {}", PACKAGES.join(" "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_half_made_root_does_not_count_and_what_we_did_not_make_stays() {
        let toolchains = tempfile::tempdir().unwrap();
        let root = folder(toolchains.path());
        fs::create_dir_all(root.join("usr/bin")).unwrap();
        std::os::unix::fs::symlink("/usr/libexec/swift/bin/swift", root.join("usr/bin/swift")).unwrap();
        assert!(!is_complete(&root), "no marker");
        assert!(install(toolchains.path()).unwrap_err().to_string().contains("was not made here"));
        assert!(root.join("usr/bin/swift").symlink_metadata().is_ok());

        fs::write(marker(&root), "trixie swiftlang").unwrap();
        assert!(!is_complete(&root), "another list of packages");
        fs::write(marker(&root), contents()).unwrap();
        assert!(is_complete(&root));
    }

    #[test]
    fn a_mount_below_a_root_is_seen_and_one_beside_it_is_not() {
        let info = "30 1 0:5 / /dev rw - devtmpfs x rw\n31 1 0:6 / /t/swift-root/proc rw - proc proc rw\n";
        assert_eq!(mounted_below(info, Path::new("/t/swift-root")), Some("/t/swift-root/proc".to_owned()));
        assert_eq!(mounted_below(info, Path::new("/t/swift")), None);
    }

    #[test]
    fn the_mirror_is_the_machines_own_or_debians() {
        assert_eq!(
            mirror("Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\n"),
            "http://mirror.example/debian"
        );
        assert_eq!(mirror(""), MIRROR);
    }
}
