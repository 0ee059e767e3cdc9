//! orgs.csv: schools, their departments, and the organiser above them.

use crate::roster::{
    codes::Code,
    error::RosterError,
    intake::{Intake, Org, OrgKind, Status},
    table::{Line, Table},
};
use std::io::Read;

const FILE: &str = "orgs.csv";

pub fn read<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        // A school without a row that can be read is no school of the bundle: nothing of it ends or changes.
        let Line::Row(row) = line else { continue };
        let Ok(sid) = intake.id(FILE, &row, "sourcedId") else { continue };
        let Ok(status) = intake.status(FILE, &row) else { continue };
        let kind = match row.value("type").map(str::to_lowercase).as_deref() {
            Some("school") => OrgKind::School,
            Some("department") => OrgKind::Department,
            Some("district" | "local" | "state" | "national") => OrgKind::Above,
            _ => {
                let what = "the type is not known, so nobody belongs to a school through it";
                intake.issue(FILE, &row, "type", Code::OrgTypeUnknown, row.value("type"), what);
                OrgKind::Unknown
            }
        };
        let name = row.text("name").to_owned();
        if kind == OrgKind::School && name.is_empty() {
            intake.issue(FILE, &row, "name", Code::NameMissing, Some(sid), "the school has no name");
            continue;
        }
        let parent = row.value("parentSourcedId").map(str::to_owned);
        let org = Org { name, kind, parent, gone: status == Status::Gone, line: row.line };
        if let Some(other) = intake.orgs.get(sid).cloned() {
            let same = other.name == org.name && other.kind == org.kind && other.parent == org.parent;
            let (code, what) = if same && other.gone == org.gone {
                (Code::DuplicateSame, format!("the id stands on line {} too", other.line))
            } else {
                // Not held, unlike other rows: without the school, nobody in it could be told of. Names give no access.
                (
                    Code::OrgTwice,
                    format!("the id stands on line {} too, with other words; that one was used", other.line),
                )
            };
            intake.issue(FILE, &row, "sourcedId", code, Some(sid), &what);
            continue;
        }
        intake.orgs.insert(sid.to_owned(), org);
    }
    Ok(())
}
