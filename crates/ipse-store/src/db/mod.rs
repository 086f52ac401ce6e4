//! The seam between one SQL text and two databases.
//!
//! Statements are written once with `$1`, `$2`, …; values are text, integers, bytes or null. The three things the
//! databases do differently are here and nowhere else: row locks ([`Tx::lock`]), how a duplicate is reported, and
//! how a connection is had. Booleans are 0 and 1, instants are microseconds since 1970, JSON is text.

mod migrations;
mod postgres;
mod sqlite;

use crate::{Error, Result};
use std::path::PathBuf;

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A connection string, `postgres://…`.
    Postgres(String),
}

impl Address {
    /// Whether others could read on the way what is said to the database.
    ///
    /// # Errors
    /// [`Error::Database`] for an address that is none.
    pub fn is_exposed(&self) -> Result<bool> {
        match self {
            Self::Sqlite(_) => Ok(false),
            Self::Postgres(url) => postgres::is_exposed(url),
        }
    }
}

/// A value going in or coming out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

macro_rules! values {
    ($($from:ty => |$value:ident| $make:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self { $make }
        }
    )*};
}

values! {
    i64 => |value| Self::Integer(value);
    u64 => |value| Self::Integer(value.cast_signed());
    u32 => |value| Self::Integer(value.into());
    bool => |value| Self::Integer(value.into());
    &str => |value| Self::Text(value.to_owned());
    String => |value| Self::Text(value);
    &String => |value| Self::Text(value.clone());
    Vec<u8> => |value| Self::Bytes(value);
    &[u8] => |value| Self::Bytes(value.to_vec());
    &[u8; 32] => |value| Self::Bytes(value.to_vec());
    [u8; 32] => |value| Self::Bytes(value.to_vec());
    jiff::Timestamp => |value| Self::Integer(value.as_microsecond());
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Builds a statement's values: `values![id, now]`.
macro_rules! values_of {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Value::from($value)),*] };
}
pub(crate) use values_of;

/// One row coming out.
#[derive(Debug)]
pub(crate) struct Row(Vec<Value>);

impl Row {
    pub(crate) fn text(&self, column: usize) -> Result<&str> {
        self.optional_text(column)?.ok_or(Error::Corrupt("a text column"))
    }

    pub(crate) fn optional_text(&self, column: usize) -> Result<Option<&str>> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            _ => Err(Error::Corrupt("a text column")),
        }
    }

    pub(crate) fn parse<T: std::str::FromStr>(&self, column: usize) -> Result<T> {
        self.text(column)?.parse().map_err(|_| Error::Corrupt("an identifier column"))
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T> {
        serde_json::from_str(self.text(column)?).map_err(|_| Error::Corrupt("a JSON column"))
    }

    pub(crate) fn integer(&self, column: usize) -> Result<i64> {
        match self.0.get(column) {
            Some(Value::Integer(integer)) => Ok(*integer),
            _ => Err(Error::Corrupt("an integer column")),
        }
    }

    pub(crate) fn number<T: TryFrom<i64>>(&self, column: usize) -> Result<T> {
        T::try_from(self.integer(column)?).map_err(|_| Error::Corrupt("an integer column"))
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool> {
        Ok(self.integer(column)? != 0)
    }

    pub(crate) fn instant(&self, column: usize) -> Result<jiff::Timestamp> {
        jiff::Timestamp::from_microsecond(self.integer(column)?).map_err(|_| Error::Corrupt("an instant column"))
    }

    pub(crate) fn optional_instant(&self, column: usize) -> Result<Option<jiff::Timestamp>> {
        if self.0.get(column) == Some(&Value::Null) { Ok(None) } else { self.instant(column).map(Some) }
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8]> {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(Error::Corrupt("a bytes column")),
        }
    }

    pub(crate) fn hash(&self, column: usize) -> Result<[u8; 32]> {
        self.bytes(column)?.try_into().map_err(|_| Error::Corrupt("a hash column"))
    }
}

/// How PostgreSQL begins a transaction that only reads: one snapshot throughout, as SQLite's are.
const SNAPSHOT: &str = "begin isolation level repeatable read, read only";

/// A pool of connections.
#[derive(Clone)]
pub(crate) enum Db {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// A transaction on one connection. Dropping it rolls back.
pub(crate) enum Tx {
    Sqlite(sqlite::Tx),
    Postgres(Box<postgres::Tx>),
}

/// How a statement treats the rows it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Wait for whoever holds them, then hold them.
    Wait,
    /// Leave out rows somebody else holds.
    Skip,
}

impl Db {
    pub(crate) async fn open(address: &Address) -> Result<Self> {
        match address {
            Address::Sqlite(path) => sqlite::Sqlite::open(path).map(Self::Sqlite),
            Address::Postgres(url) => postgres::Postgres::open(url).await.map(Self::Postgres),
        }
    }

    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgresql",
        }
    }

    pub(crate) async fn write(&self) -> Result<Tx> {
        match self {
            Self::Sqlite(sqlite) => sqlite.write().await.map(Tx::Sqlite),
            Self::Postgres(postgres) => postgres.begin("begin").await.map(Box::new).map(Tx::Postgres),
        }
    }

    pub(crate) async fn read(&self) -> Result<Tx> {
        match self {
            Self::Sqlite(sqlite) => sqlite.read().await.map(Tx::Sqlite),
            Self::Postgres(postgres) => postgres.begin(SNAPSHOT).await.map(Box::new).map(Tx::Postgres),
        }
    }

    /// Makes sure that what was deleted is not left in the database's side files.
    pub(crate) async fn scrub(&self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.scrub().await,
            Self::Postgres(_) => Ok(()),
        }
    }
}

/// PostgreSQL keeps no NUL in a text; what one database refuses, both refuse.
fn storable(values: &[Value]) -> Result<()> {
    let holds_nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    if values.iter().any(holds_nul) { Err(Error::Unstorable) } else { Ok(()) }
}

impl Tx {
    /// Runs a statement; returns the number of rows it changed.
    pub(crate) async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64> {
        storable(values)?;
        match self {
            Self::Sqlite(tx) => tx.execute(sql, values),
            Self::Postgres(tx) => tx.execute(sql, values).await,
        }
    }

    /// Runs a statement whose outcome nobody needs before the commit: there, or at the next question, its failure is
    /// told. Saves a round trip.
    #[allow(clippy::unused_async, reason = "whether it waits is the database's matter, and nothing to its callers")]
    pub(crate) async fn defer(&mut self, sql: &str, values: &[Value]) -> Result<()> {
        storable(values)?;
        match self {
            Self::Sqlite(tx) => tx.execute(sql, values).map(|_| ()),
            Self::Postgres(tx) => {
                tx.defer(sql, values);
                Ok(())
            }
        }
    }

    /// Runs a query.
    pub(crate) async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        storable(values)?;
        match self {
            Self::Sqlite(tx) => tx.rows(sql, values),
            Self::Postgres(tx) => tx.rows(sql, values).await,
        }
    }

    /// Runs a query for at most one row.
    pub(crate) async fn row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// What to write at the end of a `select` whose rows will be changed. SQLite has one writer, so nothing.
    pub(crate) const fn lock(&self, lock: Lock) -> &'static str {
        match (self, lock) {
            (Self::Sqlite(_), _) => "",
            (Self::Postgres(_), Lock::Wait) => " for update",
            (Self::Postgres(_), Lock::Skip) => " for update skip locked",
        }
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}
