//! Every number that bounds the engine. Parameters, never constants in code, so that tests run with 1, 2 and 3.

use super::belief::ClockLimits;
use chrono::TimeDelta;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Commands that one request may carry; the rest stay queued (`TooManyAtOnce`).
    pub commands_per_sync: usize,
    /// Commands above which a request is refused whole (`TooLarge`): those that stay queued cost an answer each.
    pub commands_per_request: usize,
    /// Bytes of one command as it was sent, unread fields and spaces included. An honest roll of the most marks that one
    /// command may carry is about half of it.
    pub command_bytes: usize,
    /// Bytes of a rejected command that the log keeps; of one that is longer, it keeps who, when, and what was answered.
    pub rejected_bytes: usize,
    /// What one person may have written in 24 hours, in bytes, at all schools together: rows, and lines of the log. What is
    /// over stays queued (`TooMuchToday`).
    pub bytes_per_day: u64,
    /// Rows of one page.
    pub rows_per_page: usize,
    /// Requests that share one durable commit.
    pub requests_per_commit: usize,
    /// Requests of phones that may wait for the writer; further ones are `unavailable` at once. About twice what the HTTP
    /// face lets in: where more wait, nobody is there any more to hear of it.
    pub requests_waiting: usize,
    /// The same of one person at one school; one more is told to wait.
    pub requests_waiting_of_one: usize,
    /// How long one request's commands are settled in a row, before others come in between; at least one command is.
    pub slice: Duration,
    /// How long requests join one durable commit, so that none waits longer than that for another's work.
    pub turn: Duration,
    /// From so many scopes on, a session is read by (school, sequence) instead of scope by scope.
    pub wide_scopes: usize,
    /// Newest rows of each school that are kept in memory, so that a phone nearly up to date touches no file.
    pub tail_rows: usize,
    /// Subscriptions that are kept in memory for each school.
    pub cached_rights: usize,
    /// Tokens, and persons' schools, that are kept in memory; more than twice the event streams that a server holds open,
    /// so that their heartbeats do not drive out those who sync.
    pub cached_sessions: usize,
    /// Wrong secrets in a row that a code's selector takes before it is to wait.
    pub code_tries: u32,
    /// After how long one try of a selector comes back.
    pub code_try_back: TimeDelta,
    /// Wrong secrets that a code takes in its whole life, of 2^40 that it could have.
    pub code_tries_in_all: u32,
    /// Selectors whose wrong tries are remembered.
    pub tried_selectors: usize,
    pub code_life: TimeDelta,
    /// Of a code that staff make on their own phone, and hand over face to face.
    pub handed_code_life: TimeDelta,
    /// How many of those one member of staff asks for in an hour, in a row or one after the other.
    pub handed_codes_per_hour: u32,
    /// Phones in use of one person; one more revokes the one that was not seen for longest.
    pub devices_per_person: usize,
    /// How exactly a device's `last_seen` is kept.
    pub last_seen_every: TimeDelta,
    /// Roster changes that go into one transaction.
    pub roster_batch: usize,
    /// System commands, lapses or erasures that go into one transaction.
    pub tick_batch: usize,
    /// For how many days *gone* rows are kept: a phone away for longer starts over.
    pub gone_days: u32,
    /// How far the machine's clock is believed.
    pub clock: ClockLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            commands_per_sync: 100,
            commands_per_request: 1_000,
            command_bytes: 32 << 10,
            rejected_bytes: 2 << 10,
            bytes_per_day: 16 << 20,
            rows_per_page: 500,
            requests_per_commit: 256,
            requests_waiting: 8_192,
            requests_waiting_of_one: 64,
            slice: Duration::from_millis(20),
            turn: Duration::from_millis(50),
            wide_scopes: 48,
            tail_rows: 1024,
            cached_rights: 100_000,
            cached_sessions: 100_000,
            code_tries: 5,
            code_try_back: TimeDelta::minutes(10),
            code_tries_in_all: 1_000,
            tried_selectors: 100_000,
            code_life: TimeDelta::days(30),
            handed_code_life: TimeDelta::hours(24),
            handed_codes_per_hour: 30,
            devices_per_person: 10,
            last_seen_every: TimeDelta::hours(1),
            roster_batch: 500,
            tick_batch: 200,
            gone_days: 180,
            clock: ClockLimits::default(),
        }
    }
}

impl Limits {
    /// The smallest that still works: every batch and page of `size`.
    pub fn tiny(size: usize) -> Self {
        Self {
            commands_per_sync: size,
            rows_per_page: size,
            requests_per_commit: size,
            wide_scopes: size,
            tail_rows: size,
            cached_rights: size,
            cached_sessions: size,
            roster_batch: size,
            tick_batch: size,
            ..Self::default()
        }
    }
}
