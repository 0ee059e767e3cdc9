//! Every dependency's licence is among those that deny.toml allows. `cargo deny check` says the same and more, where it
//! is installed; this needs nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::Value;
use std::{collections::BTreeSet, path::Path, process::Command};

#[test]
fn every_dependency_may_be_used_by_a_public_body_under_the_eupl() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let deny: toml::Table = std::fs::read_to_string(root.join("deny.toml")).unwrap().parse().unwrap();
    let allowed: BTreeSet<&str> =
        deny["licenses"]["allow"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(!allowed.iter().any(|name| name.contains("GPL")), "no GPL-only or AGPL dependency");
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "the whole graph was read");
    let refused = packages.iter().filter_map(|package| {
        let licence = package["license"].as_str().unwrap_or("none given");
        let may = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|wanted| {
                let name = wanted.to_string();
                allowed.contains(name.as_str())
            })
        });
        (!may).then(|| format!("{} {}: {licence}", package["name"], package["version"]))
    });
    assert_eq!(refused.collect::<Vec<_>>(), Vec::<String>::new());
}
