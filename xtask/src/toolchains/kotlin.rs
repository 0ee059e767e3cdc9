//! Kotlin's tools: a JDK and Maven. The compiler itself is a plugin that Maven fetches, of the version in `pom.xml`.

use super::{Language, Missing, apt};
use crate::command::says;
use std::{error::Error, path::Path};

const OLDEST_JAVA: u32 = 17;
const BY_HAND: &str = "install a JDK, 17 or later, and Maven (on a Mac: brew install openjdk maven), with mvn on PATH";

/// What there is, in words. Maven is asked, since it alone knows which of several JDKs it will use.
pub fn find() -> Result<String, Missing> {
    let missing = |what: String| Missing { language: Language::Kotlin, what, by_hand: BY_HAND };
    let Some(told) = says("mvn", &["-B", "-v"]) else {
        let java = says("javac", &["-version"]).is_some();
        return Err(missing(
            if java {
                "Maven (mvn is not on PATH, or does not run)"
            } else {
                "Maven and a JDK (neither mvn nor javac runs)"
            }
            .to_owned(),
        ));
    };
    let (version, home) =
        java_of_maven(&told).ok_or_else(|| missing("a JDK that Maven can tell of (`mvn -v` names none)".to_owned()))?;
    if version < OLDEST_JAVA {
        return Err(missing(format!("a JDK of version {OLDEST_JAVA} or later (Maven uses {version}, in {home})")));
    }
    if !Path::new(home).join("bin/javac").is_file() {
        return Err(missing(format!("a whole JDK (Maven uses {home}, which has no compiler)")));
    }
    Ok(format!("Maven with Java {version} in {home}"))
}

pub fn install() -> Result<(), Box<dyn Error>> {
    apt::install(&["default-jdk-headless", "maven"])
}

/// From `Java version: 17.0.15, vendor: Debian, runtime: /usr/lib/jvm/…`.
fn java_of_maven(told: &str) -> Option<(u32, &str)> {
    let line = told.lines().find_map(|line| line.trim().strip_prefix("Java version: "))?;
    let digits: String = line.chars().take_while(char::is_ascii_digit).collect();
    Some((digits.parse().ok()?, line.split("runtime: ").nth(1)?.trim()))
}

#[cfg(test)]
mod tests {
    use super::java_of_maven;

    #[test]
    fn maven_tells_its_jdk_and_an_old_one_counts_as_old() {
        let told = "Apache Maven 3.8.7\nMaven home: /usr/share/maven\nJava version: 17.0.15, vendor: Debian, runtime: /usr/lib/jvm/a b\n";
        assert_eq!(java_of_maven(told), Some((17, "/usr/lib/jvm/a b")));
        assert_eq!(java_of_maven("Java version: 1.8.0_392, vendor: X, runtime: /jdk8"), Some((1, "/jdk8")));
        assert_eq!(java_of_maven("Apache Maven 3.8.7"), None);
    }
}
