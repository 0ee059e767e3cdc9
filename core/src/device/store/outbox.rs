//! `outbox.db`: what the person has said, durable before anybody is told that it is kept.
//!
//! Nothing here takes a command out but an outcome from the server or the person: no migration, reset or sign-out does.
//! A command belongs to the person who gave it; another person's are neither read nor sent.

use super::{
    super::{error::PhoneError, time::HeardTime},
    check_whole,
    columns::{instant, micros, parse, seq, unseq},
    connect, connect_to_read, empty_the_log,
    entry::{Entry, EntryState},
    mirror::MirrorOwner,
    schema,
};
use crate::{
    domain::{
        ids::{CommandId, DeviceId, PersonId, SchoolId},
        people::Language,
        rejection::Rejection,
    },
    protocol::{CommandOutcome, Outcome},
};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::{path::Path, sync::Arc};
use uuid::Uuid;

/// How long accepted commands are kept: a server restored from backup gets them again.
pub const HISTORY: TimeDelta = TimeDelta::days(30);
/// How long an accepted command is still listed with what has become of it.
const LISTED: TimeDelta = TimeDelta::days(2);

/// Whether the person can use this phone, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Standing {
    Enrolled,
    /// The server did not know the token when it was last asked. Token and queue are kept and shown, and it is asked again:
    /// a server that was started on the wrong folder knows nobody. Where it stays so, enrol again.
    TokenUnknown,
    /// The person signed out. The outbox is sealed until the same person enrols again.
    SignedOut,
    /// The phone was revoked. The mirror is wiped and the outbox sealed.
    Revoked,
}

impl Standing {
    fn as_str(self) -> &'static str {
        match self {
            Standing::Enrolled => "enrolled",
            Standing::TokenUnknown => "token_unknown",
            Standing::SignedOut => "signed_out",
            Standing::Revoked => "revoked",
        }
    }

    /// An unknown word, of a newer app, seals: better asked to sign in than shown to the wrong person.
    fn parse(text: &str) -> Self {
        [Standing::Enrolled, Standing::TokenUnknown, Standing::Revoked]
            .into_iter()
            .find(|standing| standing.as_str() == text)
            .unwrap_or(Standing::SignedOut)
    }

    /// Whether the token is kept, and the server asked with it.
    pub(in crate::device) fn has_token(self) -> bool {
        match self {
            Standing::Enrolled | Standing::TokenUnknown => true,
            Standing::SignedOut | Standing::Revoked => false,
        }
    }

    /// Sealed: not shown and not sent.
    pub fn is_sealed(self) -> bool {
        match self {
            Standing::SignedOut | Standing::Revoked => true,
            Standing::Enrolled | Standing::TokenUnknown => false,
        }
    }
}

/// Who this folder is for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Who {
    pub person: PersonId,
    pub device: DeviceId,
    pub standing: Standing,
    pub language: Option<Language>,
    pub schools: Vec<SchoolId>,
}

impl Who {
    pub(in crate::device) fn mirror_owner(&self) -> MirrorOwner {
        MirrorOwner { person: self.person, device: self.device }
    }
}

#[derive(Debug)]
pub(in crate::device) struct Outbox {
    connection: Connection,
    /// SQLite's count of other connections' commits, when this process last read the file.
    seen: i64,
}

pub(in crate::device) struct NewEntry<'a> {
    pub id: CommandId,
    pub owner: PersonId,
    pub school: SchoolId,
    pub payload: &'a str,
    pub depends_on: Option<CommandId>,
    pub said_at: DateTime<Utc>,
    pub advice: Option<&'a Rejection>,
    pub replaces: Option<CommandId>,
}

/// Settled, and put away if it was rejected, for longer than the history.
const OUTLIVED: &str =
    "state IN ('accepted', 'dismissed', 'replaced', 'taken_back') AND coalesce(settled_at, said_at) < ?1";

const COLUMNS: &str = "position, id, school, payload, depends_on, said_at, advice, state, sent, not_now, settled_at, seq, \
                       epoch, reached, rejection, replaces";

impl Outbox {
    pub fn open(path: &Path) -> Result<Self, PhoneError> {
        let mut connection = connect(path, "FULL")?;
        check_whole(&connection)?;
        schema::migrate_outbox(&mut connection)?;
        let mut outbox = Self { connection, seen: 0 };
        outbox.changed_elsewhere()?;
        Ok(outbox)
    }

    /// To be read only: on a disk that takes nothing.
    pub fn open_to_read(path: &Path) -> Result<Self, PhoneError> {
        let connection = connect_to_read(path)?;
        check_whole(&connection)?;
        schema::known_outbox(&connection)?;
        Ok(Self { connection, seen: 0 })
    }

    /// Whether another process has written since the last call.
    pub fn changed_elsewhere(&mut self) -> Result<bool, PhoneError> {
        let now = self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        Ok(std::mem::replace(&mut self.seen, now) != now)
    }

    pub fn who(&self) -> Result<Option<Who>, PhoneError> {
        let sql = "SELECT person, device, standing, language, schools FROM login";
        let who = self.connection.query_row(sql, [], |row| {
            let standing: String = row.get(2)?;
            Ok(Who {
                person: parse(0, &row.get::<_, String>(0)?)?,
                device: parse(1, &row.get::<_, String>(1)?)?,
                standing: Standing::parse(&standing),
                language: serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default(),
                schools: serde_json::from_str(&row.get::<_, String>(4)?).unwrap_or_default(),
            })
        });
        Ok(who.optional()?)
    }

    pub fn set_who(&mut self, who: &Who) -> Result<(), PhoneError> {
        self.connection.execute(
            "INSERT INTO login (only, person, device, standing, language, schools) VALUES (1, ?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (only) DO UPDATE SET person = excluded.person, device = excluded.device,
                 standing = excluded.standing, language = excluded.language, schools = excluded.schools",
            params![
                who.person.to_string(),
                who.device.to_string(),
                who.standing.as_str(),
                serde_json::to_string(&who.language)?,
                serde_json::to_string(&who.schools)?
            ],
        )?;
        Ok(())
    }

    /// Durable when it returns. Gives the new command's place.
    pub fn add(&mut self, entry: &NewEntry<'_>) -> Result<i64, PhoneError> {
        let transaction = self.connection.unchecked_transaction()?;
        let position = insert(&transaction, entry)?;
        transaction.commit()?;
        Ok(position)
    }

    /// All of them or none. Gives their places.
    pub fn add_all(&mut self, entries: &[NewEntry<'_>]) -> Result<Vec<i64>, PhoneError> {
        let transaction = self.connection.unchecked_transaction()?;
        let positions = entries.iter().map(|entry| insert(&transaction, entry)).collect::<Result<_, _>>()?;
        transaction.commit()?;
        Ok(positions)
    }

    /// Puts `entry` in the place of the rejected command `old`, both or neither. None: there is no such rejection.
    pub fn replace(&mut self, old: CommandId, entry: &NewEntry<'_>) -> Result<Option<i64>, PhoneError> {
        let transaction = self.connection.unchecked_transaction()?;
        let changed = transaction
            .prepare_cached(
                "UPDATE command SET state = 'replaced', payload = '' WHERE id = ?1 AND owner = ?2 AND state = 'rejected'",
            )?
            .execute(params![old.to_string(), entry.owner.to_string()])?;
        if changed == 0 {
            return Ok(None);
        }
        let position = insert(&transaction, entry)?;
        transaction.commit()?;
        empty_the_log(&self.connection);
        Ok(Some(position))
    }

    /// The person has seen a rejection, and those that were rejected because of it. Gives the ids put away.
    pub fn dismiss(&mut self, owner: PersonId, id: CommandId) -> Result<Vec<CommandId>, PhoneError> {
        let transaction = self.connection.unchecked_transaction()?;
        let mut gone = Vec::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            let changed = transaction
                .prepare_cached(
                    "UPDATE command SET state = 'dismissed', payload = '' WHERE id = ?1 AND owner = ?2 AND state = 'rejected'",
                )?
                .execute(params![id.to_string(), owner.to_string()])?;
            if changed == 0 {
                continue;
            }
            gone.push(id);
            let mut dependents = transaction.prepare_cached(
                "SELECT id, rejection FROM command WHERE depends_on = ?1 AND owner = ?2 AND state = 'rejected'",
            )?;
            let rows = dependents.query_map(params![id.to_string(), owner.to_string()], |row| {
                Ok((parse::<CommandId>(0, &row.get::<_, String>(0)?)?, row.get::<_, String>(1)?))
            })?;
            for row in rows {
                let (dependent, rejection) = row?;
                if serde_json::from_str(&rejection)
                    .is_ok_and(|r: Rejection| r == Rejection::DependencyRejected { on: id })
                {
                    next.push(dependent);
                }
            }
        }
        transaction.commit()?;
        empty_the_log(&self.connection);
        Ok(gone)
    }

    /// Takes back what has never been on its way, and what hangs on it, which could never be sent for good without it.
    /// False, and nothing is changed: one of them has been on its way, or is settled.
    pub fn take_back(&mut self, owner: PersonId, ids: &[CommandId]) -> Result<bool, PhoneError> {
        let owner = owner.to_string();
        let transaction = self.connection.unchecked_transaction()?;
        let mut next: Vec<String> = ids.iter().map(CommandId::to_string).collect();
        while let Some(id) = next.pop() {
            let sql = "UPDATE command SET state = 'taken_back', payload = ''
                       WHERE id = ?1 AND owner = ?2 AND state = 'queued' AND sent = 0";
            if transaction.prepare_cached(sql)?.execute(params![id, owner])? == 0 {
                return Ok(false);
            }
            let sql = "SELECT id FROM command WHERE depends_on = ?1 AND owner = ?2 AND state = 'queued'";
            let mut dependents = transaction.prepare_cached(sql)?;
            for dependent in dependents.query_map(params![id, owner], |row| row.get(0))? {
                next.push(dependent?);
            }
        }
        transaction.commit()?;
        empty_the_log(&self.connection);
        Ok(true)
    }

    /// What the person sees and what is not settled yet, in local order: the queue, rejections, and what was accepted
    /// lately or is not in the mirror yet.
    pub fn open_entries(&self, owner: PersonId, now: DateTime<Utc>) -> Result<Vec<Entry>, PhoneError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM command WHERE owner = ?1 AND (state IN ('queued', 'rejected')
                 OR (state = 'accepted' AND (reached = 0 OR settled_at > ?2))) ORDER BY position"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![owner.to_string(), micros(now - LISTED)], read_entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn entry(&self, owner: PersonId, id: CommandId) -> Result<Option<Entry>, PhoneError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM command
             WHERE id = ?1 AND owner = ?2 AND state IN ('queued', 'accepted', 'rejected')"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params![id.to_string(), owner.to_string()], read_entry).optional()?)
    }

    /// The first `count` of the queue for a school, in local order.
    pub fn prefix(&self, owner: PersonId, school: SchoolId, count: usize) -> Result<Vec<Entry>, PhoneError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM command WHERE state = 'queued' AND owner = ?1 AND school = ?2
             ORDER BY position LIMIT ?3"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let limit = i64::try_from(count).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![owner.to_string(), school.to_string(), limit], read_entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What others than `me` have said here that no server has answered, as it stands: sealed until they enrol again.
    pub fn waiting_of_others(&self, me: Option<PersonId>) -> Result<Vec<String>, PhoneError> {
        let sql = "SELECT payload FROM command WHERE state = 'queued' AND owner <> ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let me = me.map(|me| me.to_string()).unwrap_or_default();
        let rows = statement.query_map([me], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Schools for which something is queued, whatever the server says of them.
    pub fn schools_with_queue(&self, owner: PersonId) -> Result<Vec<SchoolId>, PhoneError> {
        let sql = "SELECT DISTINCT school FROM command WHERE state = 'queued' AND owner = ?1 ORDER BY school";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([owner.to_string()], |row| parse(0, &row.get::<_, String>(0)?))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Before the batch leaves: from now on nobody can take these back. Gives those that may leave: one that was taken back
    /// since the batch was chosen, here or in another process, is no longer queued and must not go.
    pub fn mark_sent(&mut self, ids: &[CommandId]) -> Result<Vec<CommandId>, PhoneError> {
        let transaction = self.connection.unchecked_transaction()?;
        let mut leaving = Vec::with_capacity(ids.len());
        {
            let sql = "UPDATE command SET sent = sent + 1 WHERE id = ?1 AND state = 'queued'";
            let mut statement = transaction.prepare_cached(sql)?;
            for id in ids {
                if statement.execute([id.to_string()])? == 1 {
                    leaving.push(*id);
                }
            }
        }
        transaction.commit()?;
        Ok(leaving)
    }

    /// What no phone may do: only the server rejects.
    #[cfg(feature = "testing")]
    pub fn reject_here(&mut self, id: CommandId, rejection: &Rejection) -> Result<(), PhoneError> {
        self.connection.execute(
            "UPDATE command SET state = 'rejected', rejection = ?2, settled_at = said_at
             WHERE id = ?1 AND state IN ('queued', 'accepted')",
            params![id.to_string(), serde_json::to_string(rejection)?],
        )?;
        Ok(())
    }

    /// Keeps what the server said, before anything of the same answer goes to the mirror. A new epoch queues again what
    /// was accepted under another in the last 30 days; what was settled before that is forgotten. Gives whether anything
    /// was written.
    pub fn keep_answer(&mut self, answer: &Answered<'_>) -> Result<bool, PhoneError> {
        let (owner, school) = (answer.owner.to_string(), answer.school.to_string());
        let epoch = answer.epoch.to_string();
        let since = micros(answer.heard.server - HISTORY);
        let restored = {
            let sql = "SELECT EXISTS (SELECT 1 FROM command WHERE state = 'accepted' AND owner = ?1 AND school = ?2
                       AND epoch <> ?3 AND settled_at > ?4)";
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_row(params![owner, school, epoch, since], |row| row.get::<_, bool>(0))?
        };
        // Old by the server's time and by the phone's: either may be years ahead, and what was forgotten then would be missing
        // when the server is restored from backup.
        let long_ago = micros(answer.heard.server.min(answer.heard.phone) - HISTORY - TimeDelta::days(1));
        let outlived = {
            let sql = format!("SELECT EXISTS (SELECT 1 FROM command WHERE {OUTLIVED})");
            let mut statement = self.connection.prepare_cached(&sql)?;
            statement.query_row([long_ago], |row| row.get::<_, bool>(0))?
        };
        // Settled when the server's time was wrong: from now on, so that it is neither listed nor kept for years.
        let to_come = micros(answer.heard.server + TimeDelta::days(1));
        let too_late = {
            let sql = "SELECT EXISTS (SELECT 1 FROM command WHERE settled_at > ?1)";
            self.connection.prepare_cached(sql)?.query_row([to_come], |row| row.get::<_, bool>(0))?
        };
        if answer.outcomes.is_empty() && !restored && !outlived && !too_late {
            return Ok(false);
        }
        let transaction = self.connection.unchecked_transaction()?;
        for CommandOutcome { id, outcome } in answer.outcomes {
            keep_outcome(&transaction, *id, outcome, answer, &owner, &epoch)?;
        }
        if restored {
            transaction.execute(
                "UPDATE command SET state = 'queued', not_now = NULL, settled_at = NULL, seq = NULL, epoch = NULL,
                     reached = 0
                 WHERE state = 'accepted' AND owner = ?1 AND school = ?2 AND epoch <> ?3 AND settled_at > ?4",
                params![owner, school, epoch, since],
            )?;
        }
        // Here, and not in a commit of its own: it only keeps a later reset of the mirror from replaying what is old.
        if let Some((held_epoch, cursor)) = answer.held {
            transaction.execute(
                "UPDATE command SET reached = 1
                 WHERE state = 'accepted' AND reached = 0 AND owner = ?1 AND school = ?2 AND epoch = ?3 AND seq <= ?4",
                params![owner, school, held_epoch.to_string(), seq(cursor)],
            )?;
        }
        if outlived {
            transaction.execute(&format!("DELETE FROM command WHERE {OUTLIVED}"), [long_ago])?;
        }
        if too_late {
            let sql = "UPDATE command SET settled_at = ?2 WHERE settled_at > ?1";
            transaction.execute(sql, [to_come, micros(answer.heard.server)])?;
        }
        transaction.commit()?;
        if outlived {
            empty_the_log(&self.connection);
        }
        Ok(true)
    }
}

/// What an answer says of the outbox.
pub(in crate::device) struct Answered<'a> {
    pub owner: PersonId,
    pub school: SchoolId,
    pub epoch: Uuid,
    pub heard: HeardTime,
    pub outcomes: &'a [CommandOutcome],
    /// Epoch and cursor of the mirror before this answer.
    pub held: Option<(Uuid, u64)>,
}

fn keep_outcome(
    transaction: &Connection,
    id: CommandId,
    outcome: &Outcome,
    answer: &Answered<'_>,
    owner: &str,
    epoch: &str,
) -> Result<(), PhoneError> {
    let (id, at) = (id.to_string(), micros(answer.heard.server));
    match outcome {
        Outcome::Accepted { seq: number } => transaction
            .prepare_cached(
                "UPDATE command SET state = 'accepted', seq = ?3, epoch = ?4, settled_at = ?5, reached = 0, not_now = NULL
                 WHERE id = ?1 AND owner = ?2 AND state = 'queued'",
            )?
            .execute(params![id, owner, seq(*number), epoch, at])?,
        Outcome::Rejected(rejection) => transaction
            .prepare_cached(
                "UPDATE command SET state = 'rejected', rejection = ?3, epoch = ?4, settled_at = ?5, not_now = NULL
                 WHERE id = ?1 AND owner = ?2 AND state = 'queued'",
            )?
            .execute(params![id, owner, serde_json::to_string(rejection)?, epoch, at])?,
        Outcome::NotNow(why) => transaction
            .prepare_cached("UPDATE command SET not_now = ?3 WHERE id = ?1 AND owner = ?2 AND state = 'queued'")?
            .execute(params![id, owner, serde_json::to_string(why)?])?,
    };
    Ok(())
}

fn insert(connection: &Connection, entry: &NewEntry<'_>) -> Result<i64, PhoneError> {
    if let Some(on) = entry.depends_on {
        // The form may have been open while it was taken back: this would wait for it for ever.
        let sql = "SELECT EXISTS (SELECT 1 FROM command WHERE id = ?1 AND state = 'taken_back')";
        if connection.prepare_cached(sql)?.query_row([on.to_string()], |row| row.get(0))? {
            return Err(PhoneError::NoSuchItem);
        }
    }
    let advice = entry.advice.map(serde_json::to_string).transpose()?;
    connection
        .prepare_cached(
            "INSERT INTO command (id, owner, school, payload, depends_on, said_at, advice, replaces)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            entry.id.to_string(),
            entry.owner.to_string(),
            entry.school.to_string(),
            entry.payload,
            entry.depends_on.map(|id| id.to_string()),
            micros(entry.said_at),
            advice,
            entry.replaces.map(|id| id.to_string())
        ])?;
    Ok(connection.last_insert_rowid())
}

fn read_entry(row: &Row<'_>) -> Result<Entry, rusqlite::Error> {
    let id_at = |column: usize| -> Result<Option<CommandId>, rusqlite::Error> {
        row.get::<_, Option<String>>(column)?.map(|text| parse(column, &text)).transpose()
    };
    let payload: Arc<str> = row.get::<_, String>(3)?.into();
    let advice: Option<String> = row.get(6)?;
    let settled_at = instant(row.get::<_, Option<i64>>(10)?.unwrap_or_default());
    let state: String = row.get(7)?;
    let state = match state.as_str() {
        "accepted" => EntryState::Accepted {
            seq: unseq(row.get::<_, Option<i64>>(11)?.unwrap_or_default()),
            epoch: row.get::<_, Option<String>>(12)?.and_then(|text| text.parse().ok()).unwrap_or_default(),
            at: settled_at,
            reached: row.get(13)?,
        },
        "rejected" => {
            let rejection: Option<String> = row.get(14)?;
            let rejection = rejection.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or(Rejection::Newer);
            EntryState::Rejected { rejection, at: settled_at }
        }
        _ => {
            let not_now: Option<String> = row.get(9)?;
            EntryState::Queued { not_now: not_now.and_then(|json| serde_json::from_str(&json).ok()) }
        }
    };
    Ok(Entry {
        position: row.get(0)?,
        id: parse(1, &row.get::<_, String>(1)?)?,
        school: parse(2, &row.get::<_, String>(2)?)?,
        command: serde_json::from_str(&payload).ok().map(Arc::new),
        payload,
        depends_on: id_at(4)?,
        said_at: instant(row.get(5)?),
        advice: advice.and_then(|json| serde_json::from_str(&json).ok()),
        sent: row.get(8)?,
        state,
        replaces: id_at(15)?,
    })
}
