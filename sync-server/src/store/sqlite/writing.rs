//! Writing to the file, within the writer's one transaction. Columns are named, so that a new one never shifts another.

use super::{
    codec::{Day, Id, Kind, Micros, Number, Said, ScopeKey},
    transaction::Transaction,
};
use crate::store::{
    ActivationCode, Assurance, Device, Head, LoggedCommand, Reading, Result, SourceRow, StoreError, StoredEntry,
    StoredRow, Subscription, Writing, known_person,
};
use rusqlite::params;
use skolebro_core::domain::{
    ids::{CommandId, DeviceId, PersonId, SchoolId},
    roster::RosterKey,
};
use uuid::Uuid;

impl Transaction<'_> {
    /// The scope's number, which it gets with its first row.
    fn place(&self, school: SchoolId, scope: &ScopeKey) -> Result<i64> {
        let sql = "SELECT number FROM place WHERE school = ?1 AND scope = ?2";
        if let Some(number) = self.one(sql, params![Id(school.0), scope], |row| row.get(0))? {
            return Ok(number);
        }
        let sql = "INSERT INTO place (school, scope) VALUES (?1, ?2) RETURNING number";
        self.returning(sql, params![Id(school.0), scope], |row| row.get(0))
    }
}

impl Writing for Transaction<'_> {
    // PostgreSQL: SELECT … FOR UPDATE locks the head row until commit, so that numbers are in order of commit.
    fn take_number(&mut self, school: SchoolId) -> Result<u64> {
        let mut head = self.held_head(school)?;
        head.seq += 1;
        self.set_head(school, head);
        Ok(head.seq)
    }

    fn bump_access_version(&mut self, school: SchoolId) -> Result<u64> {
        let mut head = self.held_head(school)?;
        head.access_version += 1;
        self.set_head(school, head);
        Ok(head.access_version)
    }

    fn raise_floor(&mut self, school: SchoolId, floor: u64, limit: usize) -> Result<()> {
        let head = self.head(school)?;
        let floor = floor.min(head.seq);
        if floor <= head.floor {
            return Ok(());
        }
        let sql = "SELECT rowid, seq FROM record INDEXED BY record_gone
                   WHERE school = ?1 AND seq <= ?2 AND gone = 1 ORDER BY seq";
        let mut gone = self.first(limit.saturating_add(1), sql, params![Id(school.0), Number(floor)], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Number>(1)?.0))
        })?;
        let more = gone.len() > limit;
        gone.truncate(limit);
        let reached = if more { gone.last().map_or(0, |(_, seq)| *seq) } else { floor };
        for (rowid, _) in gone {
            self.execute("DELETE FROM record WHERE rowid = ?1", params![rowid])?;
        }
        self.set_head(school, Head { floor: head.floor.max(reached), ..head });
        Ok(())
    }

    fn put_row(&mut self, school: SchoolId, row: &StoredRow) -> Result<()> {
        let scope = ScopeKey::of(&row.scope);
        let sql = "SELECT record.rowid, kind, pupil, day, gone
                   FROM place CROSS JOIN record ON record.place = place.number AND record.id = ?3
                   WHERE place.school = ?1 AND place.scope = ?2";
        let is_gone = row.body.is_none();
        let found = self.one(sql, params![Id(school.0), scope, Id(row.id.0)], |found| {
            let is_alike = found.get::<_, Kind>(1)?.0 == row.kind
                && found.get::<_, Option<Id>>(2)?.map(|id| PersonId(id.0)) == row.pupil
                && found.get::<_, Option<Day>>(3)?.map(|day| day.0) == row.day
                && found.get::<_, bool>(4)? == is_gone;
            Ok((found.get::<_, i64>(0)?, is_alike))
        })?;
        let (pupil, day) = (row.pupil.map(|pupil| Id(pupil.0)), row.day.map(Day));
        let gone = i64::from(is_gone);
        let seq = Number(row.seq);
        match found {
            // The usual change: the index by day is left alone.
            Some((rowid, true)) => {
                let sql = "UPDATE record SET seq = ?2, body = ?3 WHERE rowid = ?1";
                self.execute(sql, params![rowid, seq, row.body])
            }
            Some((rowid, false)) => {
                let sql = "UPDATE record SET seq = ?2, body = ?3, kind = ?4, pupil = ?5, day = ?6, gone = ?7
                           WHERE rowid = ?1";
                self.execute(sql, params![rowid, seq, row.body, Kind(row.kind), pupil, day, gone])
            }
            None => {
                let place = self.place(school, &scope)?;
                let sql = "INSERT INTO record (place, id, seq, school, scope, kind, pupil, day, gone, body)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
                let (id, kind) = (Id(row.id.0), Kind(row.kind));
                self.execute(sql, params![place, id, seq, Id(school.0), scope, kind, pupil, day, gone, row.body])
            }
        }
    }

    fn put_subscription(&mut self, school: SchoolId, person: PersonId, subscription: &Subscription) -> Result<()> {
        let sql = "INSERT INTO subscription (school, person, scope, granted, revoked, until)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (school, person, scope) DO UPDATE SET granted = excluded.granted,
                   revoked = excluded.revoked, until = excluded.until";
        self.execute(
            sql,
            params![
                Id(school.0),
                Id(person.0),
                ScopeKey::of(&subscription.scope),
                Number(subscription.granted),
                subscription.revoked.map(Number),
                subscription.until.map(Micros)
            ],
        )
    }

    fn put_assurance(&mut self, school: SchoolId, device: DeviceId, assurance: &Assurance) -> Result<()> {
        let sql = "INSERT INTO assurance (school, device, granted, until, lapsed) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (school, device) DO UPDATE SET granted = excluded.granted, until = excluded.until,
                   lapsed = excluded.lapsed";
        let (until, lapsed) = (Micros(assurance.until), assurance.lapsed.map(Number));
        self.execute(sql, params![Id(school.0), Id(device.0), Number(assurance.granted), until, lapsed])
    }

    fn log_command(&mut self, school: SchoolId, command: &LoggedCommand) -> Result<()> {
        let sql = "INSERT INTO command_log (school, id, author, device, payload_hash, outcome, seq, at, payload)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.execute(
            sql,
            params![
                Id(school.0),
                Id(command.id.0),
                command.author.map(|person| Id(person.0)),
                command.device.map(|device| Id(device.0)),
                command.payload_hash,
                command.outcome,
                Number(command.seq),
                Micros(command.at),
                command.payload
            ],
        )
    }

    fn erase_payload(&mut self, school: SchoolId, command: CommandId) -> Result<()> {
        let sql = "UPDATE command_log SET payload = NULL WHERE school = ?1 AND id = ?2";
        self.execute(sql, params![Id(school.0), Id(command.0)])
    }

    fn put_roster(&mut self, school: SchoolId, stored: &StoredEntry) -> Result<()> {
        // An error of serde's could carry a value, and a value may be about a child.
        let json = serde_json::to_string(&stored.entry)
            .map_err(|_| StoreError::Backend("a roster entry cannot be written as JSON".to_owned()))?;
        let key = stored.entry.key();
        let sql = "INSERT INTO roster (school, kind, key, person, origin, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (school, kind, key) DO UPDATE SET origin = excluded.origin, entry = excluded.entry";
        let person = known_person(&stored.entry).map(|person| Id(person.0));
        self.execute(sql, params![Id(school.0), key.kind, key.key, person, Said(stored.origin), json])
    }

    fn remove_roster(&mut self, school: SchoolId, key: &RosterKey) -> Result<()> {
        let sql = "DELETE FROM roster WHERE school = ?1 AND kind = ?2 AND key = ?3";
        self.execute(sql, params![Id(school.0), key.kind, key.key])
    }

    fn put_source_row(&mut self, row: &SourceRow) -> Result<()> {
        let sql = "INSERT INTO source_row (organiser, file, id, said) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (organiser, file, id) DO UPDATE SET said = excluded.said";
        self.execute(sql, params![row.organiser, row.file, row.id, row.said])
    }

    fn remove_source_row(&mut self, organiser: &str, file: &str, id: &str) -> Result<()> {
        let sql = "DELETE FROM source_row WHERE organiser = ?1 AND file = ?2 AND id = ?3";
        self.execute(sql, params![organiser, file, id])
    }

    fn put_device(&mut self, device: &Device) -> Result<()> {
        let sql = "INSERT INTO device (id, person, name, token_hash, enrolled_at, last_seen, revoked_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT (id) DO UPDATE SET person = excluded.person, name = excluded.name,
                   token_hash = excluded.token_hash, enrolled_at = excluded.enrolled_at,
                   last_seen = excluded.last_seen, revoked_at = excluded.revoked_at";
        self.execute(
            sql,
            params![
                Id(device.id.0),
                Id(device.person.0),
                device.name,
                device.token_hash,
                Micros(device.enrolled_at),
                device.last_seen.map(Micros),
                device.revoked_at.map(Micros)
            ],
        )
    }

    fn put_code(&mut self, code: &ActivationCode) -> Result<()> {
        let sql = "INSERT INTO activation_code (selector, secret_hash, person, made_at, expires_at, tries, used_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT (selector) DO UPDATE SET secret_hash = excluded.secret_hash, person = excluded.person,
                   made_at = excluded.made_at, expires_at = excluded.expires_at, tries = excluded.tries,
                   used_at = excluded.used_at";
        self.execute(
            sql,
            params![
                code.selector,
                code.secret_hash,
                Id(code.person.0),
                Micros(code.made_at),
                Micros(code.expires_at),
                code.tries,
                code.used_at.map(Micros)
            ],
        )
    }

    fn put_meta(&mut self, key: &str, value: &str) -> Result<()> {
        let sql =
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.execute(sql, params![key, value])
    }

    fn put_epoch(&mut self, epoch: Uuid) -> Result<()> {
        self.execute("UPDATE identity SET epoch = ?1 WHERE one = 1", params![Id(epoch)])
    }

    fn savepoint(&mut self) -> Result<()> {
        self.execute("SAVEPOINT command", [])?;
        self.heads.save();
        Ok(())
    }

    fn release_savepoint(&mut self) -> Result<()> {
        self.execute("RELEASE command", [])?;
        self.heads.keep();
        Ok(())
    }

    fn rollback_to_savepoint(&mut self) -> Result<()> {
        self.execute("ROLLBACK TO command", [])?;
        self.execute("RELEASE command", [])?;
        self.heads.go_back();
        Ok(())
    }
}
