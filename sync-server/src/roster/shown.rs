//! The report as an operator reads it in a terminal: first what stopped it and which files were not read, then the
//! figures, then everything else. `--json` has all of it, unfolded.

use super::{
    codes::{Code, Effect},
    legal,
    options::EndDates,
    report::{Fate, FileMode, FileReport, ImportReport, Loss, ReadWith, Safeguard, Stopped, UnknownColumn},
};
use skolebro_core::plain::plain;
use std::fmt;

/// What comes of a file that was not read: references to it that lead nowhere.
const REFERENCES: &[(&str, &[Code])] = &[
    ("orgs.csv", &[Code::OrgDangling]),
    ("academicSessions.csv", &[Code::TermDangling]),
    ("courses.csv", &[Code::CourseDangling]),
    ("classes.csv", &[Code::ClassDangling]),
    ("users.csv", &[Code::UserDangling, Code::AgentDangling, Code::PersonUnknown, Code::PupilUnknown]),
];

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = &self.stopped {
            stopped(f, why)?;
        }
        if self.dry_run {
            writeln!(f, "Dry run: nothing was changed.")?;
        }
        if let Some(version) = &self.version {
            writeln!(f, "OneRoster {version}")?;
        }
        if let Some(read_with) = &self.read_with {
            options(f, read_with)?;
        }
        let unread: Vec<_> = self.files.iter().filter(|(_, file)| is_unread(file)).collect();
        for (name, file) in &unread {
            issues(f, name, file, |_| true)?;
            let rows = self.referring(name);
            if rows > 0 {
                writeln!(f, "  {rows} rows refer to {name}, which was not read; they are not listed.")?;
            }
        }
        if !unread.is_empty() {
            writeln!(f)?;
        }
        table(f, self)?;
        safeguards(f, self)?;
        let folded: Vec<Code> = unread.iter().flat_map(|(name, _)| references(name)).copied().collect();
        for (name, file) in self.files.iter().filter(|(_, file)| !is_unread(file)) {
            issues(f, name, file, |code| !folded.contains(&code))?;
        }
        Ok(())
    }
}

fn stopped(f: &mut fmt::Formatter<'_>, why: &Stopped) -> fmt::Result {
    let (percent, losses) = match why {
        Stopped::ColumnsUnknown { columns } => return unknown(f, columns),
        Stopped::TooMuchEnding { percent, losses } => (percent, losses),
    };
    let told = |loss: &Loss| {
        let Loss { school, name, kind, ending, stored, files } = loss;
        let name = if name.is_empty() { school } else { name };
        let files: Vec<String> = files.iter().map(|(file, ending)| format!("{file} {ending}")).collect();
        let kind = kind.split_once('/').map_or(kind.clone(), |(kind, of)| format!("{kind} ({of})"));
        format!("{ending} of {stored} of kind {kind} of {} would end, by {}", plain(name), files.join(", "))
    };
    let first = losses.first().map(told).unwrap_or_default();
    writeln!(
        f,
        "STOPPED, nothing was applied: {first}. That is all, or more than {percent} %. Give --allow-ending if that is right."
    )?;
    for loss in losses.iter().skip(1) {
        writeln!(f, "  {}", told(loss))?;
    }
    Ok(())
}

fn options(f: &mut fmt::Formatter<'_>, read_with: &ReadWith) -> fmt::Result {
    let meaning = |end_dates: EndDates| match end_dates {
        EndDates::Exclusive => "the first day that no longer counts",
        EndDates::Inclusive => "the last day that counts",
    };
    write!(f, "OneRoster's endDate was read as {}", meaning(read_with.end_dates))?;
    match read_with.end_dates_before {
        Some(before) => writeln!(f, "; CHANGED by this import, it was {} until now.", meaning(before)),
        None => writeln!(f, "; --end-dates-count says otherwise, and is remembered."),
    }
}

fn unknown(f: &mut fmt::Formatter<'_>, columns: &[UnknownColumn]) -> fmt::Result {
    writeln!(f, "STOPPED, nothing was applied: columns are not understood, and may be ones that bar, end or narrow.")?;
    for UnknownColumn { file, column, near, what } in columns {
        let near = near.as_deref().map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let what = what.split(';').next().unwrap_or_default();
        writeln!(f, "  {file}, “{}”: {what}{near}", plain(column))?;
    }
    Ok(())
}

impl ImportReport {
    /// Rows of other files that refer to one that was not read.
    fn referring(&self, name: &str) -> u64 {
        references(name).iter().map(|code| self.times(*code)).sum()
    }
}

fn references(name: &str) -> &'static [Code] {
    REFERENCES.iter().find(|(file, _)| *file == name).map_or(&[], |(_, codes)| codes)
}

fn is_unread(file: &FileReport) -> bool {
    file.counts.keys().any(|code| code.effect() == Effect::FileSkipped)
}

fn table(f: &mut fmt::Formatter<'_>, report: &ImportReport) -> fmt::Result {
    if report.dry_run || report.stopped.is_some() {
        writeln!(f, "{:>51}", "would be")?;
    }
    writeln!(
        f,
        "{:<22} {:<7} {:>8} {:>8} {:>8} {:>8} {:>9} {:>7}",
        "file", "mode", "read", "skipped", "created", "changed", "unchanged", "ended"
    )?;
    for (name, file) in &report.files {
        let mode = match file.mode {
            FileMode::Absent => "absent",
            FileMode::Bulk => "bulk",
            FileMode::Delta => "delta",
        };
        writeln!(
            f,
            "{name:<22} {mode:<7} {:>8} {:>8} {:>8} {:>8} {:>9} {:>7}",
            file.read, file.skipped, file.created, file.changed, file.unchanged, file.ended
        )?;
    }
    Ok(())
}

/// How many lines of one kind are named in the terminal.
const LINES_NAMED: usize = 10;

/// What became of the rows of legal.csv that guard a child.
fn safeguards(f: &mut fmt::Formatter<'_>, report: &ImportReport) -> fmt::Result {
    for (guard, fates) in &report.safeguards {
        let what = match guard {
            Safeguard::Bar => "bars",
            Safeguard::Protection => "protection",
            Safeguard::Custody => "custody",
        };
        let told: Vec<String> = fates
            .iter()
            .map(|(fate, lines)| {
                let word = match fate {
                    Fate::New => "new",
                    Fate::Changed => "changed",
                    Fate::Ended => "ended",
                    Fate::Outranked => "outranked by staff",
                    Fate::Unchanged => return format!("{} as before", lines.len()),
                    Fate::Held => "held as it was",
                    Fate::NotUnderstood => "not understood",
                };
                let named: Vec<String> = lines.iter().take(LINES_NAMED).map(u64::to_string).collect();
                let more = if lines.len() > LINES_NAMED { " and more" } else { "" };
                format!("{} {word} (line {}{more})", lines.len(), named.join(", "))
            })
            .collect();
        writeln!(f, "{} {what}: {}", legal::FILE, told.join("; "))?;
    }
    Ok(())
}

fn issues(f: &mut fmt::Formatter<'_>, name: &str, file: &FileReport, told: impl Fn(Code) -> bool) -> fmt::Result {
    for (code, count) in file.counts.iter().filter(|(code, _)| told(**code)) {
        let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
        writeln!(f, "\n{name}: {code}, {times}. {}", code.remedy())?;
        for issue in file.issues.iter().filter(|issue| issue.code == *code) {
            let line = issue.line.map(|line| format!("line {line}")).unwrap_or_default();
            let column = issue.column.as_deref().unwrap_or_default();
            let value = issue.value.as_deref().map(|value| format!("“{value}”")).unwrap_or_default();
            let place: Vec<&str> =
                [line.as_str(), column, value.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
            match place.as_slice() {
                [] => writeln!(f, "  {}", issue.what)?,
                place => writeln!(f, "  {}: {}", place.join(", "), issue.what)?,
            }
        }
    }
    Ok(())
}
