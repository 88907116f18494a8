//! A file, open: one write door, many readers.

use std::any::Any;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::command::{Answer, Command, Rules, WriteError};
use crate::core::{self, Core, meta, set_meta};
use crate::homing::Homing;
use crate::keep;
use crate::meter::{Load, Metered};
use crate::migrate;
use crate::options::{OpenError, Options};
use crate::readers::Readers;
use crate::records::{self, Head};
use crate::schema::{KIT_SQL, Schema};
use crate::tx::Tx;
use crate::upstream::{self, Turn, Upstream};
use crate::writer::{self, Asked, Exclusive, Job, LocalWrite, Settings, Waiting, Watch};

/// A handle; cloning it is cheap. The file closes when the last one is gone, or with `close`.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    schema: Schema,
    device: Uuid,
    epoch: u64,
    readers: Readers,
    waiting: Waiting,
    queue_max: usize,
    scratch: bool,
    queue: Mutex<Option<SyncSender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Database {
    /// Opens or makes a file, migrates it and sees that every change will be captured.
    pub fn open(path: &Path, schema: Schema, rules: impl Rules, options: Options) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
        let mut conn = open_for(path, options.scratch).map_err(failed)?;
        let there = migrate::version(&conn).map_err(failed)?;
        if there > schema.migrations.len() {
            return Err(OpenError::Newer { path: path.to_owned(), there, known: schema.migrations.len() });
        }
        if let Some(folder) = options.copies.filter(|_| there < schema.migrations.len()) {
            let kept = keep::copy(&conn, path, &folder, there);
            kept.map_err(|error| OpenError::Uncopied { path: path.to_owned(), why: error.to_string() })?;
        }
        prepare(&mut conn, &schema).map_err(failed)?;
        let epoch = epoch(&conn).map_err(failed)?;
        let meter = Metered(options.meter.map(Arc::new));
        meter.listen(&mut conn).map_err(failed)?;
        let homing = Homing::start(&mut conn).map_err(failed)?;
        let core = load(conn, &schema, Arc::new(rules), options.sequencer, options.upstream).map_err(failed)?;
        let device = core.device;
        let settings = Settings {
            queue: options.queue,
            group: options.group.max(1),
            on_commit: options.on_commit,
            answer_on: options.answer_on,
            answer_early: options.answer_early,
            waiting: Waiting::default(),
            meter,
        };
        let (waiting, meter) = (settings.waiting.clone(), settings.meter.clone());
        let (queue, thread) = writer::start(core, homing, settings)?;
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                schema,
                device,
                epoch,
                readers: Readers::new(path.to_owned(), options.readers, meter),
                waiting,
                queue_max: options.queue,
                scratch: options.scratch,
                queue: Mutex::new(Some(queue)),
                writer: Mutex::new(Some(thread)),
            }),
        })
    }

    /// Opens a file for reading alone, as it is: there is no door to write through.
    pub fn open_to_read(path: &Path, schema: Schema, readers: usize) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
        let readers = Readers::new(path.to_owned(), readers, Metered::default());
        let (device, epoch) = readers
            .read(|conn| Ok((meta(conn, "device")?.ok_or(rusqlite::Error::QueryReturnedNoRows)?, epoch(conn)?)))
            .map_err(failed)?;
        let (queue, writer) = (Mutex::new(None), Mutex::new(None));
        let (waiting, queue_max, path) = (Waiting::default(), 0, path.to_owned());
        let inner = Inner { path, schema, device, epoch, readers, waiting, queue_max, scratch: false, queue, writer };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Runs a command; the answer is durable when it arrives.
    pub async fn execute(&self, command: Command) -> Result<Answer, WriteError> {
        self.ask(command)?.await.map_err(|_| WriteError::Closed)?
    }

    /// Runs a command, and `shape` on its answer while the disk is still writing. What `shape` makes is handed out
    /// when the commit is durable and not before; it is dropped when the commit fails.
    pub async fn execute_shaped<T>(&self, command: Command, shape: impl FnOnce(Answer) -> T) -> Result<T, WriteError> {
        let (ahead, foretold) = oneshot::channel();
        let job = |reply| Job::Command(Asked { command: Box::new(command), ahead: Some(ahead), reply });
        let durable = self.send(job)?;
        let shaped = match foretold.await {
            Ok(answer) => Ok(shape(answer)),
            Err(_) => Err(shape),
        };
        let answer = durable.await.map_err(|_| WriteError::Closed)??;
        Ok(shaped.unwrap_or_else(|shape| shape(answer)))
    }

    pub fn execute_blocking(&self, command: Command) -> Result<Answer, WriteError> {
        self.ask(command)?.blocking_recv().map_err(|_| WriteError::Closed)?
    }

    /// Runs all in one transaction. The first refusal rolls everything back; its answer is then the last one.
    /// `watch` sees how far they are, and may stop them and so take everything back.
    pub fn execute_together_blocking(
        &self,
        commands: Vec<Command>,
        watch: Option<Watch>,
    ) -> Result<Vec<Answer>, WriteError> {
        let watch = watch.unwrap_or_else(unwatched);
        let answers = self.send(|reply| Job::Together(commands, watch, reply))?;
        answers.blocking_recv().map_err(|_| WriteError::Closed)?
    }

    /// Writes local or secret tables, which the records do not hold. Touching a synced table undoes it.
    pub async fn local<T: Any + Send>(
        &self,
        mut work: impl FnMut(&Tx<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        let work: LocalWrite = Box::new(move |tx| work(tx).map(|value| Box::new(value) as _));
        unboxed(self.send(|reply| Job::Local(work, reply))?.await)
    }

    /// Brings up to date what queries are planned with: SQLite's own advice for files that are open for long
    /// (https://sqlite.org/pragma.html#pragma_optimize), looking at so many rows of an index. Blocking.
    pub fn tend_indexes(&self) -> Result<(), WriteError> {
        self.local_blocking(|tx| tx.conn().execute_batch("PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002"))
    }

    pub fn local_blocking<T: Any + Send>(
        &self,
        mut work: impl FnMut(&Tx<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, WriteError> {
        let work: LocalWrite = Box::new(move |tx| work(tx).map(|value| Box::new(value) as _));
        unboxed(self.send(|reply| Job::Local(work, reply))?.blocking_recv())
    }

    /// Runs on the writer's thread in a transaction of its own, with everything the writer owns.
    /// An error rolls it back.
    pub(crate) fn exclusive<T: Any + Send, E: From<WriteError> + Any + Send>(
        &self,
        work: impl FnOnce(&mut Core) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let mut work = Some(work);
        self.exclusive_again(move |core| match work.take() {
            Some(work) => work(core),
            None => Err(WriteError::Unavailable("it is done once and no more".into()).into()),
        })
    }

    /// The same with work that may run again, because another copy was faster.
    pub(crate) fn exclusive_again<T: Any + Send, E: From<WriteError> + Any + Send>(
        &self,
        mut work: impl FnMut(&mut Core) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let work: Exclusive = Box::new(move |core| {
            let result = work(core);
            (result.is_ok(), Box::new(result))
        });
        let answer = self.send(|reply| Job::Exclusive(work, reply))?;
        unboxed::<Result<T, E>>(answer.blocking_recv())?
    }

    /// Reads on one snapshot. Reads are short: a connection is lent out for the whole of `f`.
    pub fn read<T, E: From<rusqlite::Error>>(&self, f: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        self.inner.readers.read(f)
    }

    /// The same on a connection that has read nothing before.
    pub(crate) fn read_afresh<T, E: From<rusqlite::Error>>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.inner.readers.read_afresh(f)
    }

    /// The first answer to a command of this id, if this disk has ever answered it.
    pub fn known(&self, id: Uuid) -> rusqlite::Result<Option<(records::LedgerRow, Answer)>> {
        self.read(|conn| Ok(records::ledger_by_id(conn, id)?.map(|row| (row.clone(), core::replay(row)))))
    }

    /// This disk's id: what it signs its commands with.
    pub fn device(&self) -> Uuid {
        self.inner.device
    }

    /// Raised when the file is rolled back or another disk becomes its sequencer. 1: never.
    pub fn epoch(&self) -> u64 {
        self.inner.epoch
    }

    /// The last committed journal entry.
    pub fn entry(&self) -> rusqlite::Result<u64> {
        self.read(|conn| Head::read(conn).map(|head| head.entry))
    }

    /// How busy the file is now.
    pub fn load(&self) -> Load {
        let (lent, open, open_max) = self.inner.readers.load();
        Load { queued: self.inner.waiting.count(), queue_max: self.inner.queue_max, lent, open, open_max }
    }

    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    pub fn schema(&self) -> &Schema {
        &self.inner.schema
    }

    /// Stops taking writes, finishes those that wait, and closes the file.
    pub fn close(&self) {
        self.inner.close();
    }

    /// The same, and lets go of the file itself: nobody reads it any more. False: somebody still does after `wait`.
    pub fn close_wholly(&self, wait: Duration) -> bool {
        self.inner.close();
        if !self.inner.readers.close(wait) {
            return false;
        }
        // What the writer left in the log is brought home by the last one to leave, which a reader cannot do.
        let home = open_for(&self.inner.path, self.inner.scratch)
            .and_then(|conn| conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"));
        if let Err(error) = home {
            tracing::warn!(%error, "the log could not be brought home");
        }
        true
    }

    fn ask(&self, command: Command) -> Result<oneshot::Receiver<Result<Answer, WriteError>>, WriteError> {
        self.send(|reply| Job::Command(Asked { command: Box::new(command), ahead: None, reply }))
    }

    pub(crate) fn send<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, WriteError>>) -> Job,
    ) -> Result<oneshot::Receiver<Result<T, WriteError>>, WriteError> {
        let (reply, answer) = oneshot::channel();
        let queue = self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner);
        writer::send(queue.as_ref().ok_or(WriteError::Closed)?, &self.inner.waiting, job(reply))?;
        Ok(answer)
    }
}

fn unwatched() -> Watch {
    Box::new(|_| ControlFlow::Continue(()))
}

impl Inner {
    fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer ended in a panic");
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

/// The epoch a file is in.
pub(crate) fn epoch(conn: &Connection) -> rusqlite::Result<u64> {
    Ok(meta(conn, "epoch")?.unwrap_or(1))
}

type Received = Result<Result<Box<dyn Any + Send>, WriteError>, oneshot::error::RecvError>;

fn unboxed<T: Any>(received: Received) -> Result<T, WriteError> {
    let value = received.map_err(|_| WriteError::Closed)??;
    let value = value.downcast().map_err(|_| WriteError::Broken("a write answered with another type".into()))?;
    Ok(*value)
}

/// Every writable connection of a live file is opened here.
///
/// Its page cache is small on purpose: a commit that has balanced a tree looks at every page in it once
/// (SQLite numbers pages past the end while it balances, and forgets those by a walk over the cache).
pub(crate) fn open_writable(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA recursive_triggers = ON;
         PRAGMA trusted_schema = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -8000;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864",
    )?;
    conn.set_prepared_statement_cache_capacity(256);
    Ok(conn)
}

fn open_for(path: &Path, scratch: bool) -> rusqlite::Result<Connection> {
    let conn = open_writable(path)?;
    if scratch {
        conn.pragma_update(None, "synchronous", "OFF")?;
    }
    Ok(conn)
}

/// Makes the kit's tables in a new file and brings any file to the schema.
pub(crate) fn prepare(conn: &mut Connection, schema: &Schema) -> rusqlite::Result<()> {
    let made: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'ledger')",
        [],
        |row| row.get(0),
    )?;
    if !made {
        let tx = conn.transaction()?;
        begin(&tx, Uuid::now_v7(), Uuid::now_v7())?;
        tx.commit()?;
    }
    migrate::run(conn, schema).map(drop)
}

/// The kit's tables, before the first entry of a file.
pub(crate) fn begin(conn: &Connection, file: Uuid, device: Uuid) -> rusqlite::Result<()> {
    conn.execute_batch(KIT_SQL)?;
    set_meta(conn, "file", file)?;
    set_meta(conn, "device", device)?;
    conn.execute(
        "INSERT INTO head (one, entry, hash, seq, device_seq, position) VALUES (1, 0, ?1, 0, 0, 0)",
        [records::genesis(file)],
    )?;
    Ok(())
}

/// Takes an up-to-date file into a writer's hands.
fn load(
    conn: Connection,
    schema: &Schema,
    rules: Arc<dyn Rules>,
    sequencer: bool,
    upstream: Option<(Arc<dyn Upstream>, &[&str])>,
) -> rusqlite::Result<Core> {
    let apart = upstream.as_ref().map_or(&[][..], |(_, tables)| tables);
    let capture = migrate::capture(&conn, schema, apart)?;
    let turn = Turn { before: upstream::turn(&conn)?, ..Turn::default() };
    let upstream = upstream.map(|(upstream, _)| upstream);
    let head = Head::read(&conn)?;
    let device = meta(&conn, "device")?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    Ok(Core { conn, capture, rules, head, device, sequencer, upstream, turn })
}
