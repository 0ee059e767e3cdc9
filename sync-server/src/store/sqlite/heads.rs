//! Heads of schools within one transaction: read once, counted on in memory, written once before the commit. Nothing
//! here outlives the transaction.

use super::{
    codec::{Id, Number},
    transaction::Transaction,
};
use crate::store::{Head, Result};
use rusqlite::params;
use skolebro_core::domain::ids::SchoolId;
use std::{cell::RefCell, collections::BTreeMap};

#[derive(Clone, Copy)]
struct Held {
    head: Head,
    is_written: bool,
}

#[derive(Default)]
pub(super) struct Heads {
    held: RefCell<BTreeMap<SchoolId, Held>>,
    /// As they were at each open savepoint.
    saved: Vec<BTreeMap<SchoolId, Held>>,
}

impl Heads {
    pub fn save(&mut self) {
        let held = self.held.borrow().clone();
        self.saved.push(held);
    }

    pub fn keep(&mut self) {
        self.saved.pop();
    }

    pub fn go_back(&mut self) {
        if let Some(saved) = self.saved.pop() {
            *self.held.borrow_mut() = saved;
        }
    }
}

impl Transaction<'_> {
    pub fn held_head(&self, school: SchoolId) -> Result<Head> {
        if let Some(held) = self.heads.held.borrow().get(&school) {
            return Ok(held.head);
        }
        let sql = "SELECT seq, floor, access_version FROM head WHERE school = ?1";
        let head = self.one(sql, params![Id(school.0)], |row| {
            Ok(Head {
                seq: row.get::<_, Number>(0)?.0,
                floor: row.get::<_, Number>(1)?.0,
                access_version: row.get::<_, Number>(2)?.0,
            })
        })?;
        let head = head.unwrap_or_default();
        self.heads.held.borrow_mut().insert(school, Held { head, is_written: true });
        Ok(head)
    }

    pub fn set_head(&self, school: SchoolId, head: Head) {
        self.heads.held.borrow_mut().insert(school, Held { head, is_written: false });
    }

    /// Before the commit, and before a statement that reads the table.
    pub fn write_heads(&self) -> Result<()> {
        let sql = "INSERT INTO head (school, seq, floor, access_version) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (school) DO UPDATE SET seq = excluded.seq, floor = excluded.floor,
                   access_version = excluded.access_version";
        for (school, held) in self.heads.held.borrow_mut().iter_mut().filter(|(_, held)| !held.is_written) {
            let Head { seq, floor, access_version } = held.head;
            self.execute(sql, params![Id(school.0), Number(seq), Number(floor), Number(access_version)])?;
            held.is_written = true;
        }
        Ok(())
    }
}
