//! The hub of many restaurants: any number of processes, and PostgreSQL, which alone holds what is true.
//!
//! Each process runs commands on SQLite files that are copies; a group commits here after PostgreSQL took it at the end
//! of the restaurant's line (`line`, the kit's `upstream`). A copy that is missing or does not fit is made again from
//! the last snapshot and what was placed after it (`copies`). `news` is how processes hear of each other: Redis where
//! there is one, and a look every second in any case. `store` is the SQL, `connect` the way there.
//!
//! Invariants: nothing is answered before PostgreSQL has it; the address of PostgreSQL is in no log and on no screen;
//! losing Redis, or a process, loses nothing.
//!
//! Deliberately absent: see `docs/decisions/0024`.

pub mod connect;
pub mod copies;
pub mod counted;
pub mod line;
pub mod news;
pub mod store;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deadpool_postgres::{Client, Pool};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use uuid::Uuid;

pub use self::connect::Trouble;
use self::counted::Counted;
use self::line::Line;
use self::news::Bell;
use crate::kernel::ids::RestaurantId;
use crate::tables;

/// The installation's line: it is no restaurant's id.
pub const INSTALLATION: Uuid = Uuid::nil();
/// Tables outside the records whose rows all processes have.
pub const APART_INSTALLATION: &[&str] =
    &["password", "second_factor", "recovery_code", "session", "api_key", "sync_device"];
pub const APART_RESTAURANT: &[&str] = &["pin", "pin_salt", "image"];
/// A file in the data directory that says whose copies it holds.
const MARK: &str = "hub";
/// A snapshot is kept every so many turns.
pub const SNAPSHOT_EVERY: u64 = 2_000;

/// How a process joins a hub.
#[derive(Clone)]
pub struct Wanted {
    /// `postgres://…`; opens everything, so it is shown nowhere.
    pub ledger: String,
    /// Where processes tell each other what moved.
    pub redis: Option<String>,
    pub snapshot_every: u64,
}

impl std::fmt::Debug for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wanted(…)")
    }
}

/// A process's part in a hub.
pub struct Hub {
    pool: Pool,
    runtime: Handle,
    pub snapshot_every: u64,
    pub counted: Counted,
    /// The turn at which this process looks whether a line wants a snapshot.
    snapshots_due: Mutex<HashMap<Uuid, u64>>,
    bell: Option<Bell>,
    /// Lines whose copy here has to be made again.
    misfits: Mutex<BTreeSet<Uuid>>,
    /// Lines other processes say moved.
    moved: Mutex<BTreeSet<Uuid>>,
    look: Notify,
}

impl Hub {
    /// Connects, and sees that the tables are those this program knows.
    pub async fn open(wanted: &Wanted, data_dir: &Path) -> Result<Arc<Self>, Trouble> {
        let pool = connect::pool(&wanted.ledger)?;
        let client = connect::client(&pool).await?;
        let id = connect::checked(&client).await?;
        mark(data_dir, id)?;
        let bell = wanted.redis.as_deref().map(Bell::at).transpose().map_err(|_| Trouble::Redis)?;
        Ok(Arc::new(Self {
            pool,
            runtime: Handle::current(),
            snapshot_every: wanted.snapshot_every,
            counted: Counted::default(),
            snapshots_due: Mutex::default(),
            bell,
            misfits: Mutex::default(),
            moved: Mutex::default(),
            look: Notify::new(),
        }))
    }

    /// The line of a restaurant whose file is opened here.
    pub fn line(self: &Arc<Self>, restaurant: RestaurantId) -> Arc<Line> {
        self.line_of(restaurant.0, tables::RESTAURANT.migrations.len())
    }

    pub fn installation(self: &Arc<Self>) -> Arc<Line> {
        self.line_of(INSTALLATION, tables::INSTALLATION.migrations.len())
    }

    fn line_of(self: &Arc<Self>, id: Uuid, schema: usize) -> Arc<Line> {
        Arc::new(Line { hub: self.clone(), id, schema: schema as i32, held: Mutex::default() })
    }

    pub async fn client(&self) -> Result<Client, Trouble> {
        connect::client(&self.pool).await
    }

    /// A link code that any process may be asked for.
    pub async fn put_code(
        &self,
        proof: &str,
        code: &str,
        restaurant: RestaurantId,
        ends_ms: i64,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        Ok(store::put_code(&self.client().await?, proof, code, restaurant.0, ends_ms, now_ms).await?)
    }

    /// Uses a code up: the code, its restaurant, and when it ends.
    pub async fn take_code(&self, proof: &str) -> Result<Option<(String, RestaurantId, i64)>, Trouble> {
        let taken = store::take_code(&self.client().await?, proof).await?;
        Ok(taken.map(|(code, restaurant, ends_ms)| (code, RestaurantId(restaurant), ends_ms)))
    }

    fn note_misfit(&self, line: Uuid) {
        guard(&self.misfits).insert(line);
        self.look.notify_one();
    }

    fn is_snapshot_due(&self, line: Uuid, turn: u64) -> bool {
        turn >= guard(&self.snapshots_due).get(&line).copied().unwrap_or(self.snapshot_every)
    }

    /// The last snapshot of a line is of this turn. Processes look at different times, so that one of them does the work.
    fn note_snapshot(&self, line: Uuid, turn: u64) {
        let later = self.snapshot_every + rand::random_range(0..=self.snapshot_every / 4);
        guard(&self.snapshots_due).insert(line, turn + later);
    }

    fn is_misfit(&self, line: Uuid) -> bool {
        guard(&self.misfits).contains(&line)
    }

    fn take_misfits(&self) -> BTreeSet<Uuid> {
        std::mem::take(&mut *guard(&self.misfits))
    }

    fn note_moved(&self, line: Uuid) {
        guard(&self.moved).insert(line);
        self.look.notify_one();
    }

    fn take_moved(&self) -> BTreeSet<Uuid> {
        std::mem::take(&mut *guard(&self.moved))
    }
}

fn guard<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a data directory holds copies of a hub, which nobody else may write.
pub fn is_marked(data_dir: &Path) -> bool {
    data_dir.join(MARK).exists()
}

/// A hub's folder begins empty and stays that hub's: copies are thrown away, and nothing else may be.
fn mark(data_dir: &Path, id: Uuid) -> Result<(), Trouble> {
    let path = data_dir.join(MARK);
    match std::fs::read_to_string(&path) {
        Ok(there) if there.trim() == id.to_string() => Ok(()),
        Ok(_) => Err(Trouble::OtherHub),
        Err(_) if data_dir.join("installation.db").exists() => Err(Trouble::NotEmpty),
        Err(_) => std::fs::write(&path, format!("{id}\n")).map_err(|error| Trouble::Folder(error.to_string())),
    }
}
