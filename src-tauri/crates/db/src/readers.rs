//! Read-only connections, kept open and lent out one read at a time.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::meter::{Metered, Work};
use crate::pace;

/// A read waits for a connection when all are lent out; reads are short.
pub(crate) struct Readers {
    path: PathBuf,
    most: usize,
    pool: Mutex<Pool>,
    back: Condvar,
    meter: Metered,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    open: usize,
    closed: bool,
}

impl Readers {
    pub fn new(path: PathBuf, most: usize, meter: Metered) -> Self {
        Self { path, most: most.max(1), pool: Mutex::default(), back: Condvar::new(), meter }
    }

    /// Connections that are lent out, that are open, and that may be.
    pub fn load(&self) -> (usize, usize, usize) {
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        (pool.open.saturating_sub(pool.idle.len()), pool.open, self.most)
    }

    /// Runs `f` on one snapshot of the file.
    pub fn read<T, E: From<rusqlite::Error>>(&self, f: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        self.lend(self.take()?, f)
    }

    /// The same on a connection that remembers nothing: an integrity check of full text goes by what its connection
    /// read before, and finds corruption where another one has written since (seen with SQLite 3.54.1).
    pub fn read_afresh<T, E: From<rusqlite::Error>>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        drop(self.take()?);
        self.lend(self.open().inspect_err(|_| self.forget())?, f)
    }

    fn lend<T, E: From<rusqlite::Error>>(
        &self,
        conn: Connection,
        f: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let began = self.meter.now();
        let lent = Lent { conn: Some(conn), readers: self };
        let conn = lent.conn.as_ref().ok_or(rusqlite::Error::InvalidQuery)?;
        conn.prepare_cached("BEGIN")?.execute([])?;
        let result = f(conn);
        let ended = conn.prepare_cached("COMMIT").and_then(|mut s| s.execute([]));
        drop(lent);
        self.meter.took(Work::Read, began);
        let value = result?;
        ended?;
        Ok(value)
    }

    fn take(&self) -> rusqlite::Result<Connection> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if pool.closed {
                return Err(closed());
            }
            if let Some(conn) = pool.idle.pop() {
                return Ok(conn);
            }
            if pool.open < self.most {
                pool.open += 1;
                break;
            }
            pool = self.back.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        drop(pool);
        self.open().inspect_err(|_| self.forget())
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let mut conn = open(&self.path)?;
        self.meter.listen(&mut conn)?;
        Ok(conn)
    }

    fn put_back(&self, conn: Connection) {
        if !conn.is_autocommit() && conn.execute_batch("ROLLBACK").is_err() {
            return self.forget();
        }
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.closed {
            drop(pool);
            drop(conn);
            return self.forget();
        }
        pool.idle.push(conn);
        drop(pool);
        self.back.notify_one();
    }

    /// Lends nothing more and waits for what is lent. False: somebody still reads after `wait`.
    pub fn close(&self, wait: Duration) -> bool {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.closed = true;
        pool.open -= pool.idle.len();
        pool.idle.clear();
        self.back.notify_all();
        let waited = self.back.wait_timeout_while(pool, wait, |pool| pool.open > 0);
        waited.unwrap_or_else(PoisonError::into_inner).0.open == 0
    }

    fn forget(&self) {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner).open -= 1;
        self.back.notify_all();
    }
}

/// What a read is told that comes when the file is being closed.
fn closed() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERRUPT), Some("closed".into()))
}

/// Comes back by itself, also when the read panics.
struct Lent<'a> {
    conn: Option<Connection>,
    readers: &'a Readers,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.readers.put_back(conn);
        }
    }
}

fn open(path: &std::path::Path) -> rusqlite::Result<Connection> {
    let mut conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI,
    )?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8000; PRAGMA mmap_size = 268435456")?;
    conn.set_prepared_statement_cache_capacity(128);
    pace::listen(&mut conn)?;
    Ok(conn)
}
