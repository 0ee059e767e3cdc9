//! The file's identity and its versions. Migrations go forward only and never delete; a file of a newer version is
//! refused before anything is written to it.

use crate::store::{Result, StoreError};
use rusqlite::{Connection, TransactionBehavior, params};
use uuid::Uuid;

use super::codec::Id;

/// "Skbr": no other program's file is taken for ours.
const APPLICATION: i32 = 0x536b_6272;

/// The statements that lead from each version to the next. A new kind of record and a new topic are a new version too,
/// even where no statement is needed: an older binary then refuses the file, and does not fail at one row for every reader.
const STEPS: &[&str] = &[include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// Refuses what is not ours or too new. Gives the file's version; 0: a new, empty file.
pub(super) fn check(connection: &Connection) -> Result<usize> {
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application == 0 && version == 0 && tables == 0 {
        return Ok(0);
    }
    if application != APPLICATION {
        return Err(StoreError::Unreadable("the file is another program's database".to_owned()));
    }
    match usize::try_from(version) {
        Ok(version) if (1..=STEPS.len()).contains(&version) => Ok(version),
        Ok(_) | Err(_) => Err(StoreError::Unreadable(format!(
            "the file has schema {version}, and this version of the server knows up to {}: install the newer server",
            STEPS.len()
        ))),
    }
}

/// Brings a file to this version's schema, in one transaction. A new file gets an epoch.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let version = check(connection)?;
    if version == STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in &STEPS[version..] {
        transaction.execute_batch(step)?;
    }
    if version == 0 {
        transaction
            .execute("INSERT INTO identity (one, epoch, openings) VALUES (1, ?1, 0)", params![Id(Uuid::now_v7())])?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", STEPS.len() as u32)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use skolebro_core::domain::{record::RecordKind, scope::Topic};

    #[test]
    fn a_kind_or_topic_that_older_binaries_cannot_read_is_a_version_of_its_own() {
        let kinds: Vec<&str> = RecordKind::ALL.iter().map(|kind| kind.as_str()).collect();
        // What version 2 can hold. Add a step to STEPS with what is added here.
        let known = "school rule_set calendar group pupil_card guardian_contact staff_card colleague relation role \
                     attendance attendance_note roll_taken roll_closed notice call_list_entry follow_up_signal";
        assert_eq!((STEPS.len(), kinds.join(" "), Topic::ALL.len()), (2, known.to_owned(), 7));
    }
}
