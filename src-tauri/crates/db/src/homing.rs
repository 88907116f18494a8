//! The log is brought home beside the writer.
//!
//! SQLite's own way is a checkpoint inside the commit that crosses a mark: everybody waits for the disk, and while a
//! long reading (a backup) holds the log, every commit tries again. Here a thread with a connection of its own copies
//! pages into the file while writes go on. Under load there is always a rest that came meanwhile; the writer brings
//! that home between two groups, so that the log begins anew instead of growing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use crate::database::open_writable;

/// Pages in the log from which on it is brought home; again after as many more.
const MARK: i32 = 4000;
/// A rest of so many pages is worth another turn beside the writer.
const REST: i32 = 1000;
/// Turns beside the writer before it is asked for the rest.
const TURNS: usize = 3;

#[derive(Default)]
struct Log {
    /// How many it holds since the last commit.
    pages: AtomicI32,
    /// The rest is the writer's.
    rest: AtomicBool,
}

/// The writer's end of it.
pub(crate) struct Homing {
    log: Arc<Log>,
    thread: JoinHandle<()>,
}

impl Homing {
    /// From now on no commit of `writer` brings anything home by itself.
    pub fn start(writer: &mut Connection) -> rusqlite::Result<Self> {
        let beside = open_writable(std::path::Path::new(writer.path().unwrap_or_default()))?;
        let (wake, wakes) = sync_channel(1);
        let synchronous: i64 = writer.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        beside.pragma_update(None, "synchronous", synchronous)?;
        let log = Arc::new(Log::default());
        writer.wal_hook(Some(watch(log.clone(), wake)))?;
        let seen = log.clone();
        let thread = std::thread::Builder::new().name("homing".into()).spawn(move || serve(&beside, &seen, &wakes));
        let thread = thread.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(Self { log, thread })
    }

    /// Between two groups: the rest, if it is asked for.
    pub fn rest(&self, writer: &Connection) {
        if self.log.rest.swap(false, Ordering::Relaxed)
            && let Err(error) = bring(writer)
        {
            tracing::debug!(%error, "the rest of the log stays where it is for now");
        }
    }

    /// Nothing is copied beside the writer any more.
    pub fn stop(self, writer: &mut Connection) {
        // With the hook goes the sender, and with it the thread.
        let unwatched = writer.wal_hook(None::<fn(&mut Wal, i32) -> rusqlite::Result<()>>);
        if unwatched.is_ok() && self.thread.join().is_err() {
            tracing::error!("bringing the log home ended in a panic");
        }
    }
}

/// Counts the log's pages after each commit, and wakes the thread at every mark.
fn watch(log: Arc<Log>, wake: SyncSender<()>) -> impl FnMut(&mut Wal, i32) -> rusqlite::Result<()> + Send + 'static {
    let mut mark = MARK;
    move |_, pages| {
        if pages < log.pages.swap(pages, Ordering::Relaxed) {
            mark = MARK;
        }
        if pages >= mark {
            mark = pages + MARK;
            // Full: it is awake already.
            wake.try_send(()).unwrap_or(());
        }
        Ok(())
    }
}

fn serve(beside: &Connection, log: &Log, wakes: &Receiver<()>) {
    while wakes.recv().is_ok() {
        for _ in 0..TURNS {
            match bring(beside) {
                // A reading holds what lies above; the next mark tries again.
                Ok((there, home)) if home < there => break,
                Ok((there, _)) => {
                    let rest = log.pages.load(Ordering::Relaxed) - there;
                    log.rest.store(rest > 0, Ordering::Relaxed);
                    if rest <= REST {
                        break;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the log could not be brought home");
                    break;
                }
            }
        }
    }
}

/// Pages that were in the log when it began, and how many of them are home now.
fn bring(conn: &Connection) -> rusqlite::Result<(i32, i32)> {
    conn.wal_checkpoint_v2(Some(c"main"), CheckpointMode::PASSIVE)
}
