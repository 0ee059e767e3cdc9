//! Where things are: the source tree, cargo's target folder, the installed toolchains. It only names folders; it makes none.

use std::{
    env,
    path::{Path, PathBuf},
};

#[derive(Debug)]
pub struct Places {
    pub root: PathBuf,
    pub target: PathBuf,
    /// `$SKOLEBRO_TOOLCHAINS`, or `toolchains` in the target folder.
    pub toolchains: PathBuf,
}

impl Places {
    pub fn find() -> std::io::Result<Self> {
        // Cargo sets the variable when it runs a task; the other is for who starts the binary by itself.
        let own = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&own).parent().unwrap_or(Path::new("/")).to_path_buf();
        let target = folder("CARGO_TARGET_DIR")?.unwrap_or_else(|| root.join("target"));
        let toolchains = folder("SKOLEBRO_TOOLCHAINS")?.unwrap_or_else(|| target.join("toolchains"));
        Ok(Self { root, target, toolchains })
    }

    /// Where `cargo xtask bindings` puts what it generates and builds for one language.
    pub fn built_for(&self, language: &str) -> PathBuf {
        self.target.join("bindings").join(language)
    }
}

fn folder(variable: &str) -> std::io::Result<Option<PathBuf>> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(std::path::absolute).transpose()
}
