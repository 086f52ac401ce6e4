//! PostgreSQL: a pool of connections, statements prepared once per connection.
//!
//! A round trip costs more than a statement, so a transaction sends nothing before its first question: its beginning,
//! and whatever nobody waits for, leave with the next question or with the commit.

use super::{Row, Value};
use crate::{Error, Result};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures_util::future::{join, join_all};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::error::Error as _;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres_rustls::MakeRustlsConnect;

const CONNECTIONS: usize = 16;

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
}

pub(crate) struct Tx {
    // Taken on commit; while it is there, dropping rolls back.
    connection: Option<Object>,
    unsent: Unsent,
    /// Whether an answer is waited for; stays so after a failure.
    waiting: bool,
}

/// What a transaction has not sent yet.
#[derive(Default)]
struct Unsent {
    begin: Option<&'static str>,
    statements: Vec<(String, Vec<Value>)>,
}

impl Unsent {
    /// Sends everything, and what `next` sends, in one round trip. The first failure is the answer: after it, the
    /// database refuses what follows.
    async fn send<T>(self, connection: &Object, next: impl Future<Output = Result<T>>) -> Result<T> {
        let mut prepared = Vec::with_capacity(self.statements.len());
        for (sql, values) in self.statements {
            prepared.push((connection.prepare_cached(&sql).await.map_err(failed)?, values));
        }
        let begun = async {
            match self.begin {
                Some(how) => connection.batch_execute(how).await,
                None => Ok(()),
            }
        };
        let done = join_all(prepared.iter().map(|(statement, values)| connection.execute_raw(statement, values)));
        // They leave in the order in which they are first polled, which is the order in which they stand here.
        let ((begun, done), next) = join(join(begun, done), next).await;
        begun.map_err(failed)?;
        for done in done {
            done.map_err(failed)?;
        }
        next
    }
}

impl Postgres {
    pub(super) async fn open(url: &str) -> Result<Self> {
        let (url, tls) = tls(url)?;
        let config: tokio_postgres::Config = url.parse().map_err(failed)?;
        let manager = Manager::from_config(config, tls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
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
            deadpool_postgres::PoolError::Backend(error) => failed(error),
            other => Error::Database(other.to_string()),
        })
    }

    pub(super) async fn begin(&self, how: &'static str) -> Result<Tx> {
        let unsent = Unsent { begin: Some(how), ..Unsent::default() };
        Ok(Tx { connection: Some(self.connection().await?), unsent, waiting: false })
    }

    pub(super) async fn batch(&self, sql: String) -> Result<()> {
        self.connection().await?.batch_execute(&sql).await.map_err(failed)
    }
}

/// Whether others could read on the way what is said to the database: it is on another machine, and TLS is not required.
pub(super) fn is_exposed(url: &str) -> Result<bool> {
    let url = url.replace("sslmode=verify-full", "sslmode=require");
    let (address, query) = url.split_once('?').unwrap_or((&url, ""));
    let query: Vec<&str> = query.split('&').filter(|parameter| !parameter.starts_with("sslrootcert=")).collect();
    let config: tokio_postgres::Config = format!("{address}?{}", query.join("&")).parse().map_err(failed)?;
    let near = |host: &Host| match host {
        Host::Tcp(name) => {
            let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        Host::Unix(_) => true,
    };
    let all_near = config.get_hosts().iter().all(near) && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
    Ok(!all_near && config.get_ssl_mode() != SslMode::Require)
}

/// How to speak TLS, and the address without what only concerns that: libpq's `sslrootcert`, a file of the certificates
/// to trust instead of the system's, and its `sslmode=verify-full`, which every TLS connection of ours is.
fn tls(url: &str) -> Result<(String, MakeRustlsConnect)> {
    let failed = |error: &dyn std::fmt::Display| Error::Database(format!("TLS to the database: {error}"));
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let parameters = query.split('&').filter(|parameter| !parameter.is_empty());
    let (roots, kept): (Vec<&str>, Vec<&str>) = parameters.partition(|one| one.starts_with("sslrootcert="));
    let mut kept = kept.join("&").replace("sslmode=verify-full", "sslmode=require");
    // Without a word about it there is no TLS: "prefer" would break on a certificate nobody trusts, and protect nothing.
    if !kept.contains("sslmode=") {
        kept = format!("{kept}{}sslmode=disable", if kept.is_empty() { "" } else { "&" });
    }
    let address = format!("{address}?{kept}");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| failed(&error))?;
    let builder = match roots.first().and_then(|one| one.split_once('=')) {
        None => builder.with_platform_verifier().map_err(|error| failed(&error))?,
        Some((_, file)) => {
            let mut trusted = RootCertStore::empty();
            for certificate in CertificateDer::pem_file_iter(file).map_err(|error| failed(&error))? {
                let certificate = certificate.map_err(|error| failed(&error))?;
                trusted.add(certificate).map_err(|error| failed(&error))?;
            }
            builder.with_root_certificates(trusted)
        }
    };
    Ok((address, MakeRustlsConnect::new(builder.with_no_client_auth())))
}

impl Tx {
    fn connection(&self) -> Result<&Object> {
        self.connection.as_ref().ok_or(Error::Busy)
    }

    pub(super) fn defer(&mut self, sql: &str, values: &[Value]) {
        self.unsent.statements.push((sql.to_owned(), values.to_vec()));
    }

    pub(super) async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64> {
        let unsent = self.begin_question()?;
        let connection = self.connection()?;
        let statement = connection.prepare_cached(sql).await.map_err(failed)?;
        let executed = async { connection.execute_raw(&statement, values).await.map_err(failed) };
        let changed = unsent.send(connection, executed).await?;
        self.waiting = false;
        Ok(changed)
    }

    pub(super) async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let unsent = self.begin_question()?;
        let connection = self.connection()?;
        let statement = connection.prepare_cached(sql).await.map_err(failed)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let found = async { connection.query(&statement, &values).await.map_err(failed) };
        let rows = unsent.send(connection, found).await?.iter().map(row).collect();
        self.waiting = false;
        rows
    }

    pub(super) async fn commit(mut self) -> Result<()> {
        if self.unsent.begin.is_none() || !self.unsent.statements.is_empty() {
            let unsent = self.begin_question()?;
            let connection = self.connection()?;
            unsent.send(connection, async { connection.batch_execute("commit").await.map_err(failed) }).await?;
        }
        self.connection = None;
        Ok(())
    }

    /// What goes with the next question. One that failed, or was cut off, leaves a transaction that answers no more.
    fn begin_question(&mut self) -> Result<Unsent> {
        if self.waiting {
            return Err(Error::Busy);
        }
        self.waiting = true;
        Ok(std::mem::take(&mut self.unsent))
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if self.unsent.begin.is_some() {
            return;
        }
        if self.waiting {
            // Cut off in the middle of a question, perhaps one that waits for a lock, or failed: nobody inherits that.
            drop(Object::take(connection));
            return;
        }
        // Sent with the first poll and not waited for: whoever has the connection next queues behind it, and a
        // connection on which it fails is closed, which rolls back too.
        let rollback = pin!(connection.batch_execute("rollback"));
        let _ = rollback.poll(&mut Context::from_waker(Waker::noop()));
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
        None => {
            let mut words = error.to_string();
            let mut cause = error.source();
            while let Some(inner) = cause {
                words = format!("{words}: {inner}");
                cause = inner.source();
            }
            Error::Database(words)
        }
    }
}
