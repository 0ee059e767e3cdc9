//! What docs/bindings.md shows is what the tests run: the first lines of use are those of each language's example.
//! `UPDATE_DOCS=1 cargo test -p skolebro-ffi --test docs` writes them anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{fs, path::Path};

const MARK: &str = "<!-- first-lines: ";

/// What stands between the two marks of an example, as far to the left as it goes.
fn first_lines(example: &Path) -> String {
    let text = fs::read_to_string(example).unwrap_or_else(|error| panic!("{}: {error}", example.display()));
    let mut lines: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.contains("[first-lines]"))
        .skip(1)
        .take_while(|line| !line.contains("[/first-lines]"))
        .collect();
    assert!(!lines.is_empty(), "{} marks no first lines", example.display());
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let depth = |line: &&str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(depth).min().unwrap();
    lines.iter().map(|line| line.get(least..).unwrap_or_default().trim_end().to_owned() + "\n").collect()
}

#[test]
fn the_first_lines_are_those_that_the_tests_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = root.join("docs/bindings.md");
    let told = fs::read_to_string(&page).unwrap();
    let mut written = String::new();
    let mut shown = 0;
    let mut lines = told.lines().peekable();
    while let Some(line) = lines.next() {
        written += &format!("{line}\n");
        let Some(example) = line.strip_prefix(MARK).and_then(|rest| rest.strip_suffix(" -->")) else { continue };
        shown += 1;
        if lines.peek().is_some_and(|next| next.starts_with("```")) {
            lines.next();
            lines.by_ref().take_while(|line| *line != "```").for_each(drop);
        }
        let language = match Path::new(example).extension().and_then(|kind| kind.to_str()) {
            Some("kt") => "kotlin",
            Some("py") => "python",
            Some(other) => other,
            None => panic!("{example} is no example"),
        };
        let code = first_lines(&root.join(example));
        assert!(code.lines().count() <= 24, "{example}: {} lines are not the first twenty", code.lines().count());
        written += &format!("```{language}\n{code}```\n");
    }
    assert_eq!(shown, 3, "one example for each language");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&page, &written).unwrap();
    } else {
        assert_eq!(told, written, "docs/bindings.md shows other lines than the examples");
    }
}
