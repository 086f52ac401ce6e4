//! PostgreSQL: a pool of connections, statements prepared once per connection.

use super::{Row, Value};
use crate::{Error, Result};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use std::error::Error as _;
use std::time::Duration;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

const CONNECTIONS: usize = 16;

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
}

pub(crate) struct Tx {
    // Taken on commit; while it is there, dropping closes the connection, which rolls back.
    connection: Option<Object>,
}

impl Postgres {
    pub(super) async fn open(url: &str) -> Result<Self> {
        let config: tokio_postgres::Config = url.parse().map_err(failed)?;
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(10)))
            .create_timeout(Some(Duration::from_secs(10)))
            .build()
            .map_err(|error| Error::Database(error.to_string()))?;
        let postgres = Self { pool };
        drop(postgres.connection().await?);
        Ok(postgres)
    }

    async fn connection(&self) -> Result<Object> {
        self.pool.get().await.map_err(|error| match error {
            deadpool_postgres::PoolError::Timeout(_) => Error::Busy,
            other => Error::Database(other.to_string()),
        })
    }

    pub(super) async fn begin(&self, how: &str) -> Result<Tx> {
        // A transaction from the first moment: if this is dropped while it begins, dropping it rolls back.
        let tx = Tx { connection: Some(self.connection().await?) };
        tx.connection()?.batch_execute(how).await.map_err(failed)?;
        Ok(tx)
    }

    pub(super) async fn batch(&self, sql: String) -> Result<()> {
        self.connection().await?.batch_execute(&sql).await.map_err(failed)
    }
}

impl Tx {
    fn connection(&self) -> Result<&Object> {
        self.connection.as_ref().ok_or(Error::Busy)
    }

    pub(super) async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        let connection = self.connection()?;
        let statement = connection.prepare_cached(sql).await.map_err(failed)?;
        connection.execute_raw(&statement, values).await.map_err(failed)
    }

    pub(super) async fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let connection = self.connection()?;
        let statement = connection.prepare_cached(sql).await.map_err(failed)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let rows = connection.query(&statement, &values).await.map_err(failed)?;
        rows.iter().map(row).collect()
    }

    pub(super) async fn commit(mut self) -> Result<()> {
        let Some(connection) = self.connection.take() else { return Ok(()) };
        let committed = connection.batch_execute("commit").await.map_err(failed);
        if committed.is_err() {
            drop(Object::take(connection));
        }
        committed
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        // Undone by a task where there is a runtime to run it; by closing the connection where there is none.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    if connection.batch_execute("rollback").await.is_err() {
                        drop(Object::take(connection));
                    }
                });
            }
            Err(_) => drop(Object::take(connection)),
        }
    }
}

fn row(row: &tokio_postgres::Row) -> Result<Row> {
    let column = |place: usize, kind: &Type| {
        Ok(match *kind {
            Type::INT8 => row.try_get::<_, Option<i64>>(place).map_err(failed)?.map_or(Value::Null, Value::Integer),
            Type::INT4 => row
                .try_get::<_, Option<i32>>(place)
                .map_err(failed)?
                .map_or(Value::Null, |integer| Value::Integer(integer.into())),
            Type::TEXT | Type::VARCHAR => {
                row.try_get::<_, Option<String>>(place).map_err(failed)?.map_or(Value::Null, Value::Text)
            }
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(place).map_err(failed)?.map_or(Value::Null, Value::Bytes),
            _ => return Err(Error::Corrupt("a column of an unexpected type")),
        })
    };
    let values = row.columns().iter().enumerate().map(|(place, described)| column(place, described.type_()));
    values.collect::<Result<_>>().map(Row)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(integer) if *kind == Type::INT4 => i32::try_from(*integer)?.to_sql(kind, out),
            Self::Integer(integer) => integer.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

#[allow(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failed(error: tokio_postgres::Error) -> Error {
    match error.code() {
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => Error::Duplicate,
        Some(code) if *code == SqlState::T_R_DEADLOCK_DETECTED || *code == SqlState::T_R_SERIALIZATION_FAILURE => {
            Error::Busy
        }
        // The message names tables and columns, never values; the detail does, and is left out.
        Some(_) => {
            Error::Database(error.as_db_error().map_or_else(|| error.to_string(), |inner| inner.message().to_owned()))
        }
        None => Error::Database(error.source().map_or_else(|| error.to_string(), ToString::to_string)),
    }
}
