//! One page of what a session has not seen: design.md, *Sync*.
//!
//! With cursor `c` and head `S` of the first page: scopes held since before `c` send their rows in `(c, S]`, gone ones
//! too, in order of sequence; then each scope granted after `c` sends its rows in `(0, S]`, scope by scope, without gone
//! ones. Resets and revocations stand on the first page only. Rights are read again on every page: a scope lost meanwhile
//! sends no more, and one granted after `S` waits for the next pull, which resets it. Must never send a row of a scope
//! that the session may not read at this moment.

use super::{
    live::{Live, rights_of},
    rights::{Right, Rights},
    tail::{Tail, TailRow},
};
use crate::store::{Head, Reading, Result, StoredRow};
use chrono::{DateTime, Utc};
use skolebro_core::{
    domain::{ids::DeviceId, ids::PersonId, scope::Scope},
    protocol::{Continuation, SyncRequest},
};
use std::sync::Arc;
use uuid::Uuid;

/// A request's pull.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    pub cursor: u64,
    pub at: Option<Position>,
    pub limit: usize,
    pub wide_scopes: usize,
}

/// [`Continuation`], with a scope that this version knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub head: u64,
    pub scope: Option<Scope>,
    pub after: u64,
}

#[derive(Debug)]
pub(super) enum Pulled {
    Page(Page),
    ResetRequired,
}

#[derive(Debug, Default)]
pub(super) struct Page {
    pub cursor: u64,
    pub more: Option<Position>,
    pub behind: bool,
    pub reset: Vec<(Scope, Option<DateTime<Utc>>)>,
    pub revoked: Vec<Scope>,
    pub rows: Vec<Sent>,
}

#[derive(Debug)]
pub(super) enum Sent {
    Tail(Arc<TailRow>),
    Stored(StoredRow),
}

impl Sent {
    fn seq(&self) -> u64 {
        match self {
            Sent::Tail(row) => row.seq,
            Sent::Stored(row) => row.seq,
        }
    }
    /// Bytes on the wire, about.
    pub fn size(&self) -> usize {
        match self {
            Sent::Tail(row) => row.json.len() + 1,
            Sent::Stored(row) => 320 + row.body.as_ref().map_or(0, |body| body.len()),
        }
    }
}

impl Ask {
    /// None: the phone's cursor is of another epoch, or of no server like this one.
    pub fn of(request: &SyncRequest, epoch: Uuid, most_rows: usize, wide_scopes: usize) -> Option<Self> {
        let fresh = request.cursor == 0 && request.continuation.is_none();
        let same_epoch = request.epoch.map_or(fresh, |theirs| theirs == epoch);
        let at = match &request.continuation {
            None => None,
            Some(continuation) => Some(Position::of(continuation)?),
        };
        let wanted = request.limit.map_or(most_rows, |limit| limit as usize);
        let limit = wanted.min(most_rows).max(1);
        same_epoch.then_some(Self { cursor: request.cursor, at, limit, wide_scopes })
    }
}

impl Position {
    fn of(continuation: &Continuation) -> Option<Self> {
        let scope = match &continuation.scope {
            None => None,
            // Of a newer server that this one took over from: the phone starts over.
            Some(scope) => Some(scope.parse().ok()?),
        };
        Some(Self { head: continuation.head, scope, after: continuation.after })
    }
}

/// Where rows come from: the store's snapshot, or the tail in memory.
trait Rows {
    /// At most `limit` rows with `after < seq <= upto` of all scopes held since before `cursor`, in order, gone too.
    fn held(&mut self, held: &Held<'_>, after: u64, upto: u64, limit: usize) -> Result<Vec<Sent>>;
    /// At most `limit` rows with `after < seq <= upto` of one scope, in order, without gone ones.
    fn back_fill(&mut self, scope: &Scope, after: u64, upto: u64, limit: usize) -> Result<Vec<Sent>>;
}

#[derive(Clone, Copy)]
struct Held<'a> {
    rights: &'a Rights,
    cursor: u64,
    now: DateTime<Utc>,
}

impl Held<'_> {
    fn scopes(&self) -> impl Iterator<Item = &Right> {
        self.rights.list().iter().filter(|right| right.granted <= self.cursor && right.is_readable(self.now))
    }
    fn has(&self, scope: &Scope) -> bool {
        self.rights.is_held(scope, self.cursor, self.now)
    }
}

/// The one algorithm, over either source.
fn page(ask: Ask, head: Head, rights: &Rights, now: DateTime<Utc>, rows: &mut dyn Rows) -> Result<Pulled> {
    let cursor = ask.cursor;
    let upto = ask.at.map_or(head.seq, |at| at.head);
    if cursor > upto || upto > head.seq {
        return Ok(Pulled::ResetRequired);
    }
    let (back_filling, held_upto) = match ask.at {
        None => (None, cursor),
        Some(Position { scope: None, after, .. }) => (None, after.max(cursor)),
        Some(Position { scope: Some(scope), after, .. }) => (Some((scope, after)), upto),
    };
    // Who may read nothing, and has been told so, learns no more: not even how many changes the school sees.
    let reads_nothing = rights.list().iter().all(|right| !right.is_readable(now));
    let told_all = reads_nothing && cursor >= rights.newest();
    // Gone rows under the floor are forgotten; a phone that has nothing needs none.
    if cursor != 0 && held_upto < head.floor && !told_all {
        return Ok(Pulled::ResetRequired);
    }
    let mut page = Page { cursor, ..Page::default() };
    let newly = |right: &&Right| right.granted > cursor && right.granted <= upto && right.is_readable(now);
    if ask.at.is_none() && rights.newest() > cursor {
        page.reset = rights.list().iter().filter(newly).map(|right| (right.scope, right.until)).collect();
        let lost = |right: &&Right| right.ended > cursor && !right.is_readable(now);
        page.revoked = rights.list().iter().filter(lost).map(|right| right.scope).collect();
    }
    // One more than the page takes, to know whether there is more.
    let wanted = ask.limit + 1;
    let mut last = Position { head: upto, scope: None, after: held_upto };
    let mut filled = Vec::new();
    if back_filling.is_none() {
        let held = Held { rights, cursor, now };
        page.rows = rows.held(&held, held_upto, upto, wanted)?;
        filled.push((None, page.rows.len()));
    }
    if rights.newest() > cursor {
        let start = back_filling.map(|(scope, _)| scope);
        for right in rights.list().iter().filter(|right| start.is_none_or(|start| start <= right.scope)).filter(newly) {
            if page.rows.len() >= wanted {
                break;
            }
            let after = back_filling.filter(|(scope, _)| *scope == right.scope).map_or(0, |(_, after)| after);
            page.rows.extend(rows.back_fill(&right.scope, after, upto, wanted - page.rows.len())?);
            filled.push((Some(right.scope), page.rows.len()));
        }
    }
    if page.rows.len() > ask.limit {
        page.rows.truncate(ask.limit);
        // The phase that the page's last row is of.
        last.scope = filled.iter().find(|(_, end)| *end >= ask.limit).and_then(|(scope, _)| *scope);
        last.after = page.rows.last().map_or(last.after, Sent::seq);
        page.more = Some(last);
    } else if reads_nothing {
        page.cursor = cursor.max(rights.newest().min(upto));
        page.behind = rights.newest() > upto;
    } else {
        page.cursor = upto;
        page.behind = upto < head.seq;
    }
    Ok(Pulled::Page(page))
}

struct StoreRows<'a> {
    live: &'a Live,
    reading: &'a dyn Reading,
    wide_scopes: usize,
}

impl Rows for StoreRows<'_> {
    fn held(&mut self, held: &Held<'_>, after: u64, upto: u64, limit: usize) -> Result<Vec<Sent>> {
        let scopes: Vec<&Scope> = held.scopes().map(|right| &right.scope).collect();
        let mut found = Vec::new();
        if scopes.is_empty() || after >= upto {
            return Ok(found);
        }
        let school = self.live.school;
        // Reading one scope costs about as much as passing over a few rows.
        if scopes.len() >= self.wide_scopes || upto - after <= 2 * scopes.len() as u64 {
            self.reading.rows_by_sequence(school, after, upto, &mut |row| {
                if held.has(&row.scope) {
                    found.push(Sent::Stored(row));
                }
                found.len() < limit
            })?;
        } else {
            for scope in scopes {
                let rows = self.reading.rows_by_scope(school, scope, after, upto, true, limit)?;
                found.extend(rows.into_iter().map(Sent::Stored));
            }
            found.sort_unstable_by_key(Sent::seq);
            found.truncate(limit);
        }
        Ok(found)
    }

    fn back_fill(&mut self, scope: &Scope, after: u64, upto: u64, limit: usize) -> Result<Vec<Sent>> {
        let rows = self.reading.rows_by_scope(self.live.school, scope, after, upto, false, limit)?;
        Ok(rows.into_iter().map(Sent::Stored).collect())
    }
}

struct TailRows<'a>(&'a Tail);

impl Rows for TailRows<'_> {
    fn held(&mut self, held: &Held<'_>, after: u64, upto: u64, limit: usize) -> Result<Vec<Sent>> {
        let waiting = self.0.count_after(after);
        if waiting <= held.rights.list().len() {
            let rows = self.0.after(after).take_while(|row| row.seq <= upto).filter(|row| held.has(&row.scope));
            return Ok(rows.take(limit).map(|row| Sent::Tail(row.clone())).collect());
        }
        let mut found: Vec<Sent> = Vec::new();
        for right in held.scopes() {
            let rows = self.0.of_scope(&right.scope, after).take_while(|row| row.seq <= upto);
            found.extend(rows.take(limit).map(|row| Sent::Tail(row.clone())));
        }
        found.sort_unstable_by_key(Sent::seq);
        found.truncate(limit);
        Ok(found)
    }

    /// Never asked: whoever back-fills goes to the store.
    fn back_fill(&mut self, _: &Scope, _: u64, _: u64, _: usize) -> Result<Vec<Sent>> {
        Ok(Vec::new())
    }
}

/// From memory, where that is possible: an idle pull, or one of a phone nearly up to date.
pub(super) fn from_memory(live: &Live, device: DeviceId, ask: Ask, now: DateTime<Utc>) -> Option<Pulled> {
    let newest = live.newest.read();
    if !newest.trusted {
        return None;
    }
    let head = newest.head;
    // Somebody read a commit from the store before it was published here.
    if ask.cursor.max(ask.at.map_or(0, |at| at.head)) > head.seq {
        return None;
    }
    if ask.at.is_none() && ask.cursor == head.seq {
        return Some(Pulled::Page(Page { cursor: head.seq, ..Page::default() }));
    }
    let after = ask.at.map_or(ask.cursor, |at| at.after.max(ask.cursor));
    if after < newest.tail.from() || ask.at.is_some_and(|at| at.scope.is_some()) {
        return None;
    }
    let (_, rights) = live.rights.lock().get(&device)?;
    if rights.newest() > ask.cursor {
        return None;
    }
    page(ask, head, &rights, now, &mut TailRows(&newest.tail)).ok()
}

/// A school that is not there has nothing, and will be asked about no more. Where the person never had anything it is the
/// same: that the school is there, and how busy, is not theirs to know.
pub(super) fn from_nowhere(ask: Ask) -> Pulled {
    if ask.cursor == 0 { Pulled::Page(Page::default()) } else { Pulled::ResetRequired }
}

/// From one snapshot of the store.
pub(super) fn from_store(
    live: &Live,
    reading: &dyn Reading,
    person: PersonId,
    device: DeviceId,
    ask: Ask,
    now: DateTime<Utc>,
) -> Result<Pulled> {
    let head = reading.head(live.school)?;
    let rights = rights_of(live, reading, head.access_version, person, device)?;
    if rights.list().is_empty() {
        return Ok(from_nowhere(ask));
    }
    page(ask, head, &rights, now, &mut StoreRows { live, reading, wide_scopes: ask.wide_scopes })
}
