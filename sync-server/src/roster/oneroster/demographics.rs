//! demographics.csv: birth dates, and nothing else of what the file can hold.

use crate::roster::{
    codes::Code,
    error::RosterError,
    intake::{Intake, Status},
    table::{Line, Table},
};
use rusqlite::params;
use std::io::Read;

const DEMOGRAPHICS: &str = "demographics.csv";

pub fn demographics<R: Read>(intake: &mut Intake, mut table: Table<R>) -> Result<(), RosterError> {
    while let Some(line) = table.next_line(&mut intake.reporter)? {
        // Silence leaves a birth date as it is.
        let Line::Row(row) = line else { continue };
        let Ok(sid) = intake.id(DEMOGRAPHICS, &row, "sourcedId") else { continue };
        let Ok(Status::Active) = intake.status(DEMOGRAPHICS, &row) else { continue };
        let Some(born) = intake.birth_date(DEMOGRAPHICS, &row, "birthDate") else { continue };
        let born = born.to_string();
        let before = {
            let mut statement = intake.staging.db.prepare_cached("SELECT born FROM born WHERE user = ?1")?;
            let mut rows = statement.query([sid])?;
            rows.next()?.map(|row| row.get::<_, Option<String>>(0)).transpose()?
        };
        match before {
            None => {
                intake
                    .staging
                    .db
                    .prepare_cached("INSERT INTO born (user, born) VALUES (?1, ?2)")?
                    .execute(params![sid, born])?;
            }
            Some(other) if other.as_deref() == Some(&born) => {
                intake.issue(DEMOGRAPHICS, &row, "sourcedId", Code::DuplicateSame, Some(sid), "the id stands twice");
            }
            Some(_) => {
                let what = "the id stands twice with different birth dates; neither was used";
                intake.issue(DEMOGRAPHICS, &row, "birthDate", Code::DuplicateDiffers, Some(sid), what);
                intake.staging.db.prepare_cached("UPDATE born SET born = NULL WHERE user = ?1")?.execute([sid])?;
            }
        }
    }
    Ok(())
}
