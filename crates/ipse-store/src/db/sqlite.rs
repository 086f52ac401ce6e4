//! SQLite: one writing connection, a few reading ones, write-ahead log, every commit synced to disk.
//!
//! Statements run where they are called because they take microseconds; the commit, which waits for the disk, runs on
//! a blocking thread so that it holds up nobody else. Whoever waits for the writer while another finishes joins its
//! commit: each works in a savepoint of one transaction, and all are told when the disk has it (group commit).

use super::{Row, Value};
use crate::{Error, Result};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, params_from_iter};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

const READERS: usize = 4;

#[derive(Clone)]
pub(crate) struct Sqlite {
    writer: Arc<Mutex<Line>>,
    readers: Arc<[Arc<Mutex<Line>>]>,
    turn: Arc<AtomicUsize>,
}

/// A connection. The writer's may have a transaction open in which others have finished and wait for the commit.
struct Line {
    connection: Connection,
    finished: Vec<oneshot::Sender<Result<()>>>,
}

/// What undoes one user's work and leaves the others'.
const UNDO: &str = "rollback to work; release work";

pub(crate) struct Tx {
    // Taken on commit; while it is there, dropping rolls back.
    line: Option<OwnedMutexGuard<Line>>,
    writes: bool,
    /// A statement failed: as on PostgreSQL, nothing more is done, and nothing is committed.
    failed: bool,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let line = || {
            let connection = connect(path, OpenFlags::default())?;
            Ok(Arc::new(Mutex::new(Line { connection, finished: Vec::new() })))
        };
        let readers = (0..READERS).map(|_| line()).collect::<Result<Vec<_>>>()?;
        Ok(Self { writer: line()?, readers: readers.into(), turn: Arc::default() })
    }

    pub(super) async fn write(&self) -> Result<Tx> {
        let mut line = self.writer.clone().lock_owned().await;
        if line.connection.is_autocommit() {
            // After some failures, a full disk among them, SQLite undoes the whole transaction by itself.
            line.tell(&Err(Error::Busy));
            line.step("begin immediate")?;
        }
        line.step("savepoint work")?;
        Ok(Tx { line: Some(line), writes: true, failed: false })
    }

    pub(super) async fn read(&self) -> Result<Tx> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % READERS;
        let line = self.readers.get(turn).ok_or(Error::Busy)?.clone().lock_owned().await;
        line.step("begin deferred")?;
        Ok(Tx { line: Some(line), writes: false, failed: false })
    }

    /// Empties the write-ahead log into the database. [`Error::Busy`] when a reader was in the way for too long.
    pub(super) async fn scrub(&self) -> Result<()> {
        let mut line = self.writer.clone().lock_owned().await;
        blocking(move || {
            line.settle();
            let busy = line.connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, i64>(0));
            if busy.map_err(failed)? == 0 { Ok(()) } else { Err(Error::Busy) }
        })
        .await
    }

    pub(super) async fn batch(&self, sql: String) -> Result<()> {
        let mut line = self.writer.clone().lock_owned().await;
        blocking(move || {
            line.settle();
            line.run(&sql)
        })
        .await
    }
}

impl Line {
    fn run(&self, sql: &str) -> Result<()> {
        self.connection.execute_batch(sql).map_err(failed)
    }

    /// One of the few statements around every transaction, which are parsed once.
    fn step(&self, sql: &'static str) -> Result<()> {
        self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map_err(failed)?;
        Ok(())
    }

    /// Commits what others have finished, and tells them.
    fn settle(&mut self) {
        if self.finished.is_empty() {
            return;
        }
        let result = self.step("commit");
        if !self.connection.is_autocommit() {
            // A commit that failed leaves the transaction open; the next user must not inherit it.
            let _ = self.step("rollback");
        }
        self.tell(&result);
    }

    fn tell(&mut self, result: &Result<()>) {
        for finished in self.finished.drain(..) {
            // Whoever went away does not wait any more.
            let _ = finished.send(result.clone());
        }
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

impl Tx {
    fn connection(&self) -> Result<&Connection> {
        if self.failed {
            return Err(Error::Busy);
        }
        self.line.as_deref().map(|line| &line.connection).ok_or(Error::Busy)
    }

    pub(super) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64> {
        let done = self.try_to_execute(sql, values);
        self.failed |= done.is_err();
        done
    }

    fn try_to_execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        let mut statement = self.connection()?.prepare_cached(&question_marks(sql)).map_err(failed)?;
        let changed = statement.execute(params_from_iter(values)).map_err(failed)?;
        Ok(changed as u64)
    }

    pub(super) fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let found = self.try_to_find(sql, values);
        self.failed |= found.is_err();
        found
    }

    fn try_to_find(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
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
        if !self.writes {
            return Ok(());
        }
        if self.failed {
            return Err(Error::Busy);
        }
        self.line.as_deref().ok_or(Error::Busy)?.step("release work")?;
        let Some(mut line) = self.line.take() else { return Ok(()) };
        let (finished, committed) = oneshot::channel();
        line.finished.push(finished);
        if line.finished.len() == 1 {
            // The lock is fair: those who wait for it already come first, and join.
            let writer = OwnedMutexGuard::mutex(&line).clone();
            tokio::spawn(async move {
                let mut line = writer.lock_owned().await;
                tokio::task::spawn_blocking(move || line.settle()).await
            });
        }
        drop(line);
        committed.await.unwrap_or(Err(Error::Busy))
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut line) = self.line.take() else { return };
        let alone = !self.writes || line.finished.is_empty();
        if alone || line.run(UNDO).is_err() {
            // What cannot be undone by itself is undone with the others, who hear of it.
            let _ = line.step("rollback");
            line.tell(&Err(Error::Busy));
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
