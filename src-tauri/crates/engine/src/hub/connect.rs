//! The way to PostgreSQL. What goes wrong is told without the address, which holds a password.

use std::time::Duration;

use comanda_db::WriteError;
use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, Error, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use uuid::Uuid;

use super::store;
use crate::error::ApiError;

/// Connections of one process.
const CONNECTIONS: usize = 16;
const CONNECT_TIME_MAX: Duration = Duration::from_secs(3);
/// A statement takes no longer; the server ends it.
const STATEMENT_MS_MAX: u32 = 10_000;
/// A process that stops in the middle holds a line no longer.
const HELD_MS_MAX: u32 = 2_000;

#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("the ledger's address is none: it is like postgres://comanda@db.example/comanda")]
    Address,
    #[error("the ledger cannot be reached: {0}")]
    Unreachable(String),
    #[error("the ledger has no tables yet: run comanda hub migrate first")]
    NoTables,
    #[error("the ledger's tables are of version {there} and this program knows {known}: run comanda hub migrate first")]
    Older { there: i32, known: i32 },
    #[error("the ledger's tables are of version {there} and this program knows {known}: update Comanda")]
    Newer { there: i32, known: i32 },
    #[error("a newer Comanda runs this hub: update this process")]
    Outdated,
    #[error("this folder holds restaurants of its own, and a hub's copies are thrown away: give an empty one")]
    NotEmpty,
    #[error("this folder holds copies of another hub: give an empty one")]
    OtherHub,
    #[error("the data directory cannot be used: {0}")]
    Folder(String),
    #[error("the address of Redis is none: it is like redis://127.0.0.1:6379")]
    Redis,
    #[error("the ledger failed: {0}")]
    Failed(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Failed(said(&error))
    }
}

/// Whoever asked comes back.
impl From<Trouble> for ApiError {
    fn from(trouble: Trouble) -> Self {
        WriteError::Upstream(trouble.to_string()).into()
    }
}

/// What PostgreSQL or the way to it says, and never the address.
pub fn said(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} ({})", said.message(), said.code().code()),
        None => std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string),
    }
}

/// How to go on after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Nothing was done; the same again.
    Again,
    /// The connection was lost: nobody knows what was done.
    Unknown,
    /// It will not work.
    Never,
}

pub fn after(error: &Error) -> After {
    let Some(code) = error.code() else { return After::Unknown };
    match *code {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED | SqlState::LOCK_NOT_AVAILABLE => {
            After::Again
        }
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::TOO_MANY_CONNECTIONS
        | SqlState::QUERY_CANCELED => After::Unknown,
        _ if code.code().starts_with("08") => After::Unknown,
        _ => After::Never,
    }
}

/// Whether this is where a PostgreSQL answers, in its own words.
pub fn is_address(address: &str) -> bool {
    address.parse().is_ok_and(|config: Config| !config.get_hosts().is_empty())
}

pub fn pool(address: &str) -> Result<Pool, Trouble> {
    let mut config: Config = address.parse().map_err(|_| Trouble::Address)?;
    if config.get_hosts().is_empty() {
        return Err(Trouble::Address);
    }
    config.connect_timeout(CONNECT_TIME_MAX);
    if config.get_application_name().is_none() {
        config.application_name("comanda");
    }
    let options = config.get_options().unwrap_or_default();
    let limits =
        format!("-c statement_timeout={STATEMENT_MS_MAX} -c idle_in_transaction_session_timeout={HELD_MS_MAX}");
    config.options(format!("{options} {limits}").trim());
    let kept = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = if config.get_ssl_mode() == SslMode::Disable {
        Manager::from_config(config, NoTls, kept)
    } else {
        // Somebody else may have said so before.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let tls = MakeRustlsConnect::with_native_certs();
        match (tls, config.get_ssl_mode()) {
            (Ok((tls, _)), _) => Manager::from_config(config, tls, kept),
            (Err(_), SslMode::Prefer) => Manager::from_config(config, NoTls, kept),
            (Err(_), _) => return Err(Trouble::Unreachable("this computer trusts no certificate".into())),
        }
    };
    let pool = Pool::builder(manager).max_size(CONNECTIONS).runtime(Runtime::Tokio1);
    let pool = pool.wait_timeout(Some(CONNECT_TIME_MAX)).create_timeout(Some(CONNECT_TIME_MAX));
    pool.build().map_err(|error| Trouble::Failed(error.to_string()))
}

pub async fn client(pool: &Pool) -> Result<Client, Trouble> {
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) => Trouble::Unreachable(said(&error)),
        PoolError::Timeout(_) => Trouble::Unreachable("it does not answer".into()),
        other => Trouble::Failed(other.to_string()),
    })
}

/// The hub's id, if the tables are those this program knows.
pub async fn checked(client: &Client) -> Result<Uuid, Trouble> {
    let known = store::VERSION;
    match store::hub(client).await? {
        None => Err(Trouble::NoTables),
        Some((there, _)) if there < known => Err(Trouble::Older { there, known }),
        Some((there, _)) if there > known => Err(Trouble::Newer { there, known }),
        Some((_, id)) => Ok(id),
    }
}

/// Makes the tables or brings them up to date. Says from which version to which.
pub async fn migrate(address: &str) -> Result<(i32, i32), Trouble> {
    let pool = pool(address)?;
    let mut client = client(&pool).await?;
    let (there, id) = store::hub(&client).await?.unwrap_or((0, Uuid::now_v7()));
    if there > store::VERSION {
        return Err(Trouble::Newer { there, known: store::VERSION });
    }
    let tx = client.transaction().await?;
    store::migrate(&tx, there, id).await?;
    tx.commit().await?;
    Ok((there, store::VERSION))
}
