//! One open transaction on a connection, and the few ways in which statements are run on it.

use super::heads::Heads;
use crate::store::{Result, StoreError, unread};
use rusqlite::{Connection, OptionalExtension, Params, Row};

/// Readers get it as [`crate::store::Reading`] only; the connection is `query_only` besides.
pub(super) struct Transaction<'c> {
    pub connection: &'c Connection,
    pub heads: Heads,
}

/// A full disk makes SQLite roll back on its own. What follows must then not be committed statement by statement.
pub(super) fn still_open(connection: &Connection) -> Result<()> {
    if connection.is_autocommit() {
        return Err(StoreError::Backend("the transaction was rolled back by the database".to_owned()));
    }
    Ok(())
}

impl<'c> Transaction<'c> {
    /// On a connection where a transaction is open.
    pub fn on(connection: &'c Connection) -> Self {
        Self { connection, heads: Heads::default() }
    }

    pub fn execute(&self, sql: &str, params: impl Params) -> Result<()> {
        still_open(self.connection)?;
        self.connection.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }

    /// A statement that changes something and says what came of it.
    pub fn returning<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        still_open(self.connection)?;
        Ok(self.connection.prepare_cached(sql)?.query_row(params, read)?)
    }

    pub fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.connection.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    pub fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// At most `limit` rows.
    pub fn first<T>(
        &self,
        limit: usize,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.take(limit).collect::<rusqlite::Result<_>>()?)
    }

    /// The same of those that can be read: one that cannot, of a kind or a scope that a later version wrote, is passed over.
    pub fn first_readable<T>(
        &self,
        limit: usize,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        if limit > 0 {
            self.each_readable(sql, params, read, |value| {
                found.push(value);
                found.len() < limit
            })?;
        }
        Ok(found)
    }

    /// As [`Self::each`], of those that can be read.
    pub fn each_readable<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        mut each: impl FnMut(T) -> bool,
    ) -> Result<()> {
        self.walk(sql, params, |row| match read(row).map_err(StoreError::from) {
            Ok(value) => Ok(each(value)),
            Err(error @ StoreError::Unreadable(_)) => {
                unread::passed_over("a row", &error);
                Ok(true)
            }
            Err(error) => Err(error),
        })
    }

    /// Goes on while `each` says true.
    pub fn each<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        mut each: impl FnMut(T) -> bool,
    ) -> Result<()> {
        self.walk(sql, params, |row| Ok(each(read(row)?)))
    }

    /// Row by row, while `goes_on` says so.
    fn walk(&self, sql: &str, params: impl Params, mut goes_on: impl FnMut(&Row<'_>) -> Result<bool>) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            if !goes_on(row)? {
                break;
            }
        }
        Ok(())
    }
}
