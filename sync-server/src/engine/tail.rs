//! The newest rows of one school, rendered once, so that a phone that is nearly up to date touches no file.
//!
//! Changed only after commit. Holds every row with a number above `from`, each record at its newest state.

use super::wire;
use crate::store::StoredRow;
use skolebro_core::domain::{ids::RecordId, scope::Scope};
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

#[derive(Debug)]
pub(super) struct TailRow {
    pub scope: Scope,
    pub id: RecordId,
    pub seq: u64,
    pub json: Box<[u8]>,
    /// A newer state of the same record stands behind it.
    superseded: AtomicBool,
}

#[derive(Debug)]
pub(super) struct Tail {
    from: u64,
    most: usize,
    order: VecDeque<Arc<TailRow>>,
    by_scope: HashMap<Scope, VecDeque<Arc<TailRow>>>,
}

impl Tail {
    pub fn empty(head: u64, most: usize) -> Self {
        Self { from: head, most, order: VecDeque::new(), by_scope: HashMap::new() }
    }

    /// Rows at or below this number may be missing.
    pub fn from(&self) -> u64 {
        self.from
    }

    /// Rows in order of their numbers, as one commit left them.
    pub fn extend(&mut self, rows: &[StoredRow], head: u64) {
        if rows.len() > self.most {
            *self = Self::empty(head, self.most);
            return;
        }
        for row in rows {
            let mut json = Vec::with_capacity(256 + row.body.as_ref().map_or(0, |body| body.len()));
            wire::row(&mut json, row);
            self.push(TailRow {
                scope: row.scope,
                id: row.id,
                seq: row.seq,
                json: json.into(),
                superseded: AtomicBool::new(false),
            });
        }
        while self.order.len() > self.most {
            self.drop_oldest();
        }
    }

    fn push(&mut self, row: TailRow) {
        let row = Arc::new(row);
        let list = self.by_scope.entry(row.scope).or_default();
        if let Some(at) = list.iter().rposition(|older| older.id == row.id)
            && let Some(older) = list.remove(at)
        {
            older.superseded.store(true, Ordering::Relaxed);
        }
        list.push_back(row.clone());
        self.order.push_back(row);
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.order.pop_front() else { return };
        self.from = oldest.seq;
        if let Some(list) = self.by_scope.get_mut(&oldest.scope) {
            if list.front().is_some_and(|first| first.seq == oldest.seq) {
                list.pop_front();
            }
            if list.is_empty() {
                self.by_scope.remove(&oldest.scope);
            }
        }
    }

    /// How many rows there are above a number, superseded ones included.
    pub fn count_after(&self, after: u64) -> usize {
        self.order.len() - self.order.partition_point(|row| row.seq <= after)
    }

    /// In order, over all scopes.
    pub fn after(&self, after: u64) -> impl Iterator<Item = &Arc<TailRow>> {
        let start = self.order.partition_point(|row| row.seq <= after);
        self.order.range(start..).filter(|row| !row.superseded.load(Ordering::Relaxed))
    }

    /// In order, of one scope.
    pub fn of_scope(&self, scope: &Scope, after: u64) -> impl Iterator<Item = &Arc<TailRow>> {
        let list = self.by_scope.get(scope);
        list.into_iter().flat_map(move |list| list.range(list.partition_point(|row| row.seq <= after)..))
    }
}
