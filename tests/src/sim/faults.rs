//! Wrong readings of the sync rules, planted between phone and server: what a phone or a server that misread the text
//! would send or do. The simulation must catch each one; else it proves nothing (docs/protocol.md; each stands for a
//! counterexample that the rules were mended for).
//!
//! Of the model's readings of the pull (`campaigns.py`), those that fail there are here by name. Not planted: *cursor 0 not
//! exempt*, *floor tested on the first page only*, *late answer applied* (the phone's own comparing of places decides that:
//! core/tests/device/exchange.rs) and *fresh rows before back-fill*, which is an order of the server's and no reading of a
//! phone's. Of the readings of the two files (`outbox.py`), *mirror first* and *own effect unknown* cannot fail while
//! settling is at the cursor and a refusal is only a hint: they change nothing that is kept. They are planted on top of
//! *a refusal is a rejection* ([`Fault::beneath`]), each with a counterexample that does not fail by what is beneath it.
//! *A lost answer is a rejection* stands for *send* (an answer that is not heard), *settled at the outcome* for *settle*.

use super::{oracle, schedule::Schedule, server::Server};
use crate::village;
use serde_json::value::RawValue;
use skolebro_core::{
    domain::{ids::CommandId, rejection::Rejection, scope::Scope},
    protocol::{CommandOutcome, Continuation, Granted, Outcome, Page, Pull, Row, SyncRequest, SyncResponse},
};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Everything as it should be.
    None,
    /// Losing a subscription or strong assurance leaves no sequenced revocation.
    RevocationsUnsaid,
    /// Every revocation is listed and dropped after the rows, also of what was given back since.
    RevokedThoughGivenAgain,
    /// A grant takes the head's number instead of its own: no reset, no back-fill.
    GrantsAtTheHead,
    /// Resets stand on every page: rows of the pages before are thrown away.
    ResetOnEveryPage,
    /// The head is read again on each page, and the cursor jumps to it.
    HeadReadAgain,
    /// The continuation is forgotten, with the cursor moved.
    ContinuationForgotten,
    /// *Gone* rows are not sent.
    GoneRowsUnsent,
    /// A phone under the floor goes on as if nothing were missing.
    FloorIgnored,
    /// A restore from backup keeps the epoch.
    EpochIgnored,
    /// All rows of one command have one number, and a page that ends among them loses the rest.
    OneNumberPerCommand,
    /// The phone keys rows by id alone: a move's gone row takes the moved record along.
    KeyedByIdAlone,
    /// A number is taken before its row is to be seen: a page passes over it.
    NumberedBeforeCommit,
    /// An outcome is told that was never made durable.
    AnsweredBeforeDurable,
    /// A lost answer is taken for a rejection.
    LostAnswerIsRejection,
    /// Settled at the outcome instead of at the cursor: the effect blinks away.
    SettledAtTheOutcome,
    /// What a session reads is decided at the first page, and stands for the pages after it.
    RightsFrozen,
    /// Another process has rights in its memory that are one pull old.
    StaleRights,
    /// The phone takes its own refusal for a rejection.
    RefusalIsRejection,
    /// That, and it does not know the effect of its own command for its own.
    OwnEffectUnknown,
    /// Both, and the page is written before the outcomes.
    MirrorFirst,
}

impl Fault {
    /// Every planted one.
    pub const PLANTED: [Fault; 20] = [
        Fault::RevocationsUnsaid,
        Fault::RevokedThoughGivenAgain,
        Fault::GrantsAtTheHead,
        Fault::ResetOnEveryPage,
        Fault::HeadReadAgain,
        Fault::ContinuationForgotten,
        Fault::GoneRowsUnsent,
        Fault::FloorIgnored,
        Fault::EpochIgnored,
        Fault::OneNumberPerCommand,
        Fault::KeyedByIdAlone,
        Fault::NumberedBeforeCommit,
        Fault::AnsweredBeforeDurable,
        Fault::LostAnswerIsRejection,
        Fault::SettledAtTheOutcome,
        Fault::RightsFrozen,
        Fault::StaleRights,
        Fault::RefusalIsRejection,
        Fault::OwnEffectUnknown,
        Fault::MirrorFirst,
    ];

    /// The smaller fault that this one stands on: its counterexample must not fail by that one alone.
    pub fn beneath(self) -> Fault {
        if self == Fault::OwnEffectUnknown {
            Fault::RefusalIsRejection
        } else if self == Fault::MirrorFirst {
            Fault::OwnEffectUnknown
        } else {
            Fault::None
        }
    }

    /// Whether the phone takes its refusals for rejections; and if so, whether it knows its own effects not for its own.
    pub fn misreads_refusals(self) -> Option<bool> {
        let own_unknown = matches!(self, Fault::OwnEffectUnknown | Fault::MirrorFirst);
        (own_unknown || self == Fault::RefusalIsRejection).then_some(own_unknown)
    }

    pub fn is_about_rights(self) -> bool {
        matches!(self, Fault::RightsFrozen | Fault::StaleRights)
    }

    /// Changes what was asked, before the server sees it.
    pub fn bend_request(self, request: &mut SyncRequest, server: &Server) {
        if self == Fault::EpochIgnored {
            request.epoch = request.epoch.map(|_| server.engine().epoch());
            request.cursor = request.cursor.min(oracle::head(server).seq);
        }
        let floor = oracle::head(server).floor;
        if self == Fault::FloorIgnored && request.cursor != 0 && request.cursor < floor {
            request.cursor = floor;
            request.continuation = None;
        }
        if self == Fault::AnsweredBeforeDurable {
            request.commands.clear();
        }
    }

    /// Changes the answer before the phone sees it.
    pub fn bend_answer(self, answer: &mut SyncResponse, memory: &mut Memory, server: &Server) {
        if self == Fault::SettledAtTheOutcome {
            for CommandOutcome { outcome, .. } in &mut answer.outcomes {
                if let Outcome::Accepted { seq } = outcome {
                    *seq = 0;
                }
            }
        }
        if self == Fault::EpochIgnored {
            answer.epoch = *memory.epoch.get_or_insert(answer.epoch);
        }
        if let Pull::Page(page) = &mut answer.pull {
            self.bend_page(page, memory, server);
        }
    }

    fn bend_page(self, page: &mut Page, memory: &mut Memory, server: &Server) {
        match self {
            Fault::RevocationsUnsaid => page.revoked.clear(),
            Fault::RevokedThoughGivenAgain => {
                let ever: BTreeSet<String> = page.reset.iter().map(|granted| granted.scope.clone()).collect();
                let again: BTreeSet<String> = ever.intersection(&memory.revoked_once).cloned().collect();
                page.rows.retain(|row| !again.contains(&row.scope));
                memory.revoked_once.extend(page.revoked.iter().cloned());
            }
            Fault::GrantsAtTheHead if memory.cursor > 0 => {
                memory.unsaid.extend(page.reset.drain(..).map(|granted| granted.scope));
                page.rows.retain(|row| !memory.unsaid.contains(&row.scope));
                if page.more.is_none() {
                    memory.unsaid.clear();
                }
            }
            Fault::ResetOnEveryPage if memory.continued => page.reset.clone_from(&memory.reset),
            Fault::ResetOnEveryPage => memory.reset.clone_from(&page.reset),
            Fault::HeadReadAgain if page.more.is_none() => page.cursor = oracle::head(server).seq,
            Fault::ContinuationForgotten => {
                if let Some(more) = page.more.take() {
                    page.cursor = more.head;
                }
            }
            Fault::GoneRowsUnsent => page.rows.retain(|row| row.body.is_some()),
            Fault::OneNumberPerCommand => {
                if let Some(more) = &mut page.more {
                    more.after = last_of_command(server, more.after).min(more.head);
                }
            }
            Fault::KeyedByIdAlone => keyed_by_id(&mut page.rows),
            Fault::NumberedBeforeCommit => {
                // The newest row was numbered, but its transaction is still open when this page is read.
                let newest = page.rows.iter().map(|row| row.seq).max();
                page.rows.retain(|row| Some(row.seq) != newest || memory.seen_late.contains(&row.seq));
                memory.seen_late.extend(newest);
            }
            Fault::RightsFrozen => match &memory.asked {
                None => memory.rights.clone_from(&memory.now),
                Some(asked) => {
                    let lost: BTreeSet<Scope> = memory.rights.difference(&memory.now).copied().collect();
                    page.rows.extend(rows_of(server, &lost, asked.after, asked.head));
                }
            },
            Fault::StaleRights => {
                if !memory.continued {
                    if memory.pulls.is_multiple_of(2) {
                        memory.rights.clone_from(&memory.now);
                    }
                    memory.pulls += 1;
                }
                let read = |name: &String| name.parse().is_ok_and(|scope: Scope| memory.rights.contains(&scope));
                page.reset.retain(|granted| read(&granted.scope));
                page.revoked.retain(|name| !read(name));
                page.rows.retain(|row| read(&row.scope));
                let lost: BTreeSet<Scope> = memory.rights.difference(&memory.now).copied().collect();
                page.rows.extend(rows_of(server, &lost, memory.cursor, page.cursor));
            }
            Fault::None
            | Fault::RefusalIsRejection
            | Fault::OwnEffectUnknown
            | Fault::MirrorFirst
            | Fault::GrantsAtTheHead
            | Fault::HeadReadAgain
            | Fault::FloorIgnored
            | Fault::EpochIgnored
            | Fault::AnsweredBeforeDurable
            | Fault::LostAnswerIsRejection
            | Fault::SettledAtTheOutcome => {}
        }
    }

    /// What the phone makes of no answer at all.
    pub fn no_answer(self, request: &SyncRequest) -> Option<SyncResponse> {
        if self != Fault::LostAnswerIsRejection {
            return None;
        }
        let outcomes = request.commands.iter().filter_map(|command| {
            let command: serde_json::Value = serde_json::from_str(command.get()).ok()?;
            let id: CommandId = command["id"].as_str()?.parse().ok()?;
            Some(CommandOutcome { id, outcome: Outcome::Rejected(Rejection::NotYours) })
        });
        Some(SyncResponse {
            protocol: request.protocol,
            server_time: chrono::Utc::now(),
            epoch: request.epoch?,
            schools: vec![village::school()],
            outcomes: outcomes.collect(),
            pull: Pull::Page(Page { cursor: request.cursor, more: request.continuation.clone(), ..Page::default() }),
        })
    }
}

/// A schedule that is known to bring a fault to light, for those that random ones seldom do.
pub fn counterexample(fault: Fault) -> Option<Schedule> {
    use super::schedule::{Op, Weather};
    use skolebro_core::device::crash::Step;
    let sync = |phone| Op::Sync { phone, weather: vec![], dies: None };
    // Amal has phones 0 and 1, Erik 2, the office 7. Sentence 1 is Liv's sick report for two days, 2 for three.
    let say = |phone, what| Op::Say { phone, what };
    let put = |scope| Op::Sensitive { pupil: 0, id: 0, scope };
    let strong = [Op::Assure { phone: 0, minutes: 3000 }, sync(7), sync(0)];
    let (limit, ops) = match fault {
        Fault::FloorIgnored => (3, [&strong[..], &[put(0), sync(0), put(4), Op::Purge { part: 4 }]].concat()),
        Fault::EpochIgnored => {
            (3, vec![sync(0), sync(2), Op::Backup, say(0, 1), sync(0), Op::Restore, say(2, 2), sync(2)])
        }
        Fault::OneNumberPerCommand => (1, vec![sync(0), sync(2), say(2, 2), sync(2), sync(0)]),
        Fault::KeyedByIdAlone => (3, [&strong[..], &[put(0), sync(0), put(2)]].concat()),
        Fault::LostAnswerIsRejection => {
            let lost = Op::Sync { phone: 0, weather: vec![Weather::AnswerLost], dies: None };
            (3, vec![sync(0), say(0, 1), lost])
        }
        Fault::SettledAtTheOutcome => {
            let dies = Some((Step::SyncOutcomesKept, 0));
            (3, vec![sync(0), say(0, 1), Op::Sync { phone: 0, weather: vec![], dies }])
        }
        // A block in the middle of a pull.
        Fault::RightsFrozen => {
            let first = Op::Sync { phone: 0, weather: vec![], dies: Some((Step::SyncPageKept, 0)) };
            (1, vec![first, Op::Roster { what: 0 }, sync(0)])
        }
        // Nora is Omar's guardian no more.
        Fault::StaleRights => (3, vec![sync(3), Op::Roster { what: 1 }, sync(3)]),
        // An explanation of what nobody has marked.
        Fault::RefusalIsRejection => (3, vec![sync(0), say(0, 8)]),
        // Amal withdraws what she reported; the rows come before the page that ends the pull, since Erik spoke after her.
        Fault::OwnEffectUnknown => {
            let lost = Op::Sync { phone: 0, weather: vec![Weather::AnswerLost], dies: None };
            let dies = Op::Sync { phone: 0, weather: vec![], dies: Some((Step::SyncPageKept, 1)) };
            (1, vec![sync(0), say(0, 1), sync(0), sync(2), say(0, 7), lost, say(2, 0), sync(2), dies])
        }
        Fault::MirrorFirst => {
            let dies = Op::Sync { phone: 0, weather: vec![], dies: Some((Step::SyncOutcomesKept, 0)) };
            (3, vec![sync(0), say(0, 1), sync(0), say(0, 7), dies])
        }
        Fault::RevocationsUnsaid => (3, vec![sync(3), Op::Roster { what: 1 }, sync(3)]),
        // And is his guardian again.
        Fault::RevokedThoughGivenAgain | Fault::GrantsAtTheHead => {
            (3, vec![sync(3), Op::Roster { what: 1 }, sync(3), Op::Roster { what: 2 }, sync(3)])
        }
        Fault::GoneRowsUnsent => (3, [&strong[..], &[put(0), sync(0), put(4)]].concat()),
        Fault::None
        | Fault::ResetOnEveryPage
        | Fault::HeadReadAgain
        | Fault::ContinuationForgotten
        | Fault::NumberedBeforeCommit
        | Fault::AnsweredBeforeDurable => return None,
    };
    Some(Schedule { seed: 0, limit, ops })
}

/// What a server with other rights in mind would add.
fn rows_of(server: &Server, scopes: &BTreeSet<Scope>, after: u64, head: u64) -> Vec<Row> {
    let engine = server.engine();
    let rows = oracle::rows(engine.store().as_ref()).into_iter();
    rows.filter(|row| scopes.contains(&row.scope) && after < row.seq && row.seq <= head)
        .map(|row| Row {
            scope: row.scope.to_string(),
            id: row.id,
            seq: row.seq,
            kind: row.kind.as_str().into(),
            pupil: row.pupil,
            day: row.day,
            body: row.body.map(|body| RawValue::from_string(body.to_string()).expect("JSON")),
        })
        .collect()
}

/// The newest number that the command which wrote this one took.
fn last_of_command(server: &Server, number: u64) -> u64 {
    let engine = server.engine();
    let rows = oracle::rows(engine.store().as_ref());
    let mut last = number;
    // Rows that one command writes follow each other; a report over several days or children is the plain case.
    while rows.iter().any(|row| row.seq == last + 1) && rows.iter().any(|row| row.seq == last) {
        let (this, next) = (rows.iter().find(|row| row.seq == last), rows.iter().find(|row| row.seq == last + 1));
        match (this, next) {
            (Some(this), Some(next)) if this.kind == next.kind && this.pupil == next.pupil => last += 1,
            _ => break,
        }
    }
    last
}

/// As a phone that knows one place per id would be left: a gone row takes the record from wherever it stands.
fn keyed_by_id(rows: &mut Vec<Row>) {
    let gone: Vec<(u64, skolebro_core::domain::ids::RecordId)> =
        rows.iter().filter(|row| row.body.is_none()).map(|row| (row.seq, row.id)).collect();
    // The moved record comes with the later number; by id alone, old and new state race, and the gone one wins here.
    rows.retain(|row| row.body.is_none() || !gone.iter().any(|(_, id)| *id == row.id));
}

/// What a bending wire remembers of one phone.
#[derive(Debug, Default)]
pub struct Memory {
    pub epoch: Option<uuid::Uuid>,
    pub cursor: u64,
    pub continued: bool,
    pub reset: Vec<Granted>,
    pub revoked_once: BTreeSet<String>,
    pub unsaid: BTreeSet<String>,
    pub seen_late: BTreeSet<u64>,
    pub asked: Option<Continuation>,
    /// What the session may read at this moment.
    pub now: BTreeSet<Scope>,
    /// What a server that is wrong about it believes.
    pub rights: BTreeSet<Scope>,
    pub pulls: u32,
}
