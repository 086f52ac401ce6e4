//! SQLite: one writing connection, a few reading ones, write-ahead log, every commit synced to disk.
//!
//! Statements run where they are called because they take microseconds; the commit, which waits for the disk,
//! runs on a blocking thread so that it holds up nobody else.

use super::{Row, Value};
use crate::{Error, Result};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, params_from_iter};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Mutex, OwnedMutexGuard};

const READERS: usize = 4;

#[derive(Clone)]
pub(crate) struct Sqlite {
    writer: Arc<Mutex<Connection>>,
    readers: Arc<[Arc<Mutex<Connection>>]>,
    turn: Arc<AtomicUsize>,
}

pub(crate) struct Tx {
    // Taken on commit; while it is there, dropping rolls back.
    connection: Option<OwnedMutexGuard<Connection>>,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let writer = connect(path, OpenFlags::default())?;
        let readers = (0..READERS)
            .map(|_| connect(path, OpenFlags::default()).map(|connection| Arc::new(Mutex::new(connection))))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { writer: Arc::new(Mutex::new(writer)), readers: readers.into(), turn: Arc::default() })
    }

    pub(super) async fn write(&self) -> Result<Tx> {
        begin(self.writer.clone().lock_owned().await, "begin immediate")
    }

    pub(super) async fn read(&self) -> Result<Tx> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % READERS;
        let reader = self.readers.get(turn).ok_or(Error::Busy)?;
        begin(reader.clone().lock_owned().await, "begin deferred")
    }

    pub(super) async fn scrub(&self) -> Result<()> {
        let writer = self.writer.clone().lock_owned().await;
        blocking(move || writer.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).map_err(failed)).await
    }

    pub(super) async fn batch(&self, sql: String) -> Result<()> {
        let writer = self.writer.clone().lock_owned().await;
        blocking(move || writer.execute_batch(&sql).map_err(failed)).await
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection
        .execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
             pragma secure_delete = on; pragma busy_timeout = 5000; pragma temp_store = memory;
             pragma wal_autocheckpoint = 4000;",
        )
        .map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

fn begin(connection: OwnedMutexGuard<Connection>, how: &str) -> Result<Tx> {
    connection.execute_batch(how).map_err(failed)?;
    Ok(Tx { connection: Some(connection) })
}

impl Tx {
    fn connection(&self) -> Result<&Connection> {
        self.connection.as_deref().ok_or(Error::Busy)
    }

    pub(super) fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        let mut statement = self.connection()?.prepare_cached(&question_marks(sql)).map_err(failed)?;
        let changed = statement.execute(params_from_iter(values)).map_err(failed)?;
        Ok(changed as u64)
    }

    pub(super) fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let mut statement = self.connection()?.prepare_cached(&question_marks(sql)).map_err(failed)?;
        let columns = statement.column_count();
        let mut cursor = statement.query(params_from_iter(values)).map_err(failed)?;
        let mut rows = Vec::new();
        while let Some(row) = cursor.next().map_err(failed)? {
            let values = (0..columns).map(|column| row.get_ref(column).map_err(failed).and_then(value));
            rows.push(Row(values.collect::<Result<_>>()?));
        }
        Ok(rows)
    }

    pub(super) async fn commit(mut self) -> Result<()> {
        let Some(connection) = self.connection.take() else { return Ok(()) };
        blocking(move || {
            connection.execute_batch("commit").map_err(|error| {
                // A commit that failed leaves the transaction open; the next user must not inherit it.
                let _ = connection.execute_batch("rollback");
                failed(error)
            })
        })
        .await
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.execute_batch("rollback");
        }
    }
}

async fn blocking(work: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Error::Busy))
}

/// `$1` is a name to SQLite and numbered by first appearance; `?1` is the number it looks like.
fn question_marks(sql: &str) -> String {
    sql.replace('$', "?")
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(integer) => ValueRef::Integer(*integer),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn value(value: ValueRef<'_>) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => Value::Integer(integer),
        ValueRef::Text(text) => {
            Value::Text(String::from_utf8(text.to_vec()).map_err(|_| Error::Corrupt("a text column"))?)
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(Error::Corrupt("a column of floating-point numbers")),
    })
}

#[allow(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failed(error: rusqlite::Error) -> Error {
    match error.sqlite_error() {
        Some(failure) if matches!(failure.extended_code, 1555 | 2067) => Error::Duplicate,
        Some(failure) if matches!(failure.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy,
        Some(failure) => Error::Database(failure.to_string()),
        None => Error::Database(error.to_string()),
    }
}
