//! The thread that alone touches sled, and what it does when sled is unwell: throw the folder away and begin again.
//!
//! A folder belongs to one format, one schema and one program; its number grows each time one is thrown away.
//! Opening happens on a thread of its own, so that one that never ends is left behind. While a folder is being
//! opened its name stands in `opening`: if the process dies of it, the next start begins with another.

use std::collections::HashMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use axum::body::Bytes;

use super::entry::{Head, Id};
use super::line::Record;
use super::shelf::{Found, Shelf};
use super::{Limits, MARKS_MAX, Shared, State};
use crate::cache::policy::Tag;
use crate::kernel::time::Clock;

/// What is offered is written this often: of an answer that is made again and again, the last one.
const WRITE_EVERY: Duration = Duration::from_secs(1);
/// What lapsed by the clock is taken away this often.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// After a folder that could not be opened.
const REST: Duration = Duration::from_secs(30);

/// How long a folder that is locked is waited for.
const FREE_MAX: Duration = Duration::from_secs(1);

pub enum Ask {
    Keep(Id, Head, Bytes),
    Find(Id, Head, SyncSender<Option<Vec<u8>>>),
    /// What waits about that, or all of it; and what is there under these keys.
    Clear(Option<Tag>, Vec<(Id, Head)>),
    End(Vec<Record>, SyncSender<()>),
}

pub struct Keeper {
    /// `cache` in the data directory, and how the names of our folders begin.
    pub root: PathBuf,
    pub prefix: String,
    pub(super) shared: Arc<Shared>,
    pub limits: Limits,
    pub clock: Clock,
    pub shelf: Option<(Shelf, PathBuf)>,
    pub waiting: HashMap<Id, (Head, Bytes)>,
    pub opened_last: Option<Instant>,
    /// No folder of a lower number is opened: it may still be on its way out.
    pub floor: u64,
}

impl Keeper {
    pub fn run(mut self, asks: &Receiver<Ask>) {
        self.open();
        let (mut wrote, mut swept) = (Instant::now(), Instant::now());
        loop {
            match asks.recv_timeout(WRITE_EVERY) {
                Ok(Ask::End(records, done)) => {
                    self.write();
                    self.with(|shelf| shelf.end(&records));
                    self.shelf = None;
                    done.send(()).ok();
                    return;
                }
                Ok(ask) => self.answer(ask),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if wrote.elapsed() >= WRITE_EVERY {
                self.write();
                wrote = Instant::now();
            }
            if swept.elapsed() >= SWEEP_EVERY {
                self.sweep();
                swept = Instant::now();
            }
        }
    }

    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Keep(id, head, answer) => drop(self.waiting.insert(id, (head, answer))),
            Ask::Find(id, head, reply) => {
                let waits = self.waiting.get(&id).filter(|waiting| waiting.0 == head);
                let found = match waits.map(|(_, answer)| answer.to_vec()) {
                    Some(answer) => Some(answer),
                    None => self.with(|shelf| shelf.get(&id, &head)).flatten(),
                };
                if found.is_none() {
                    self.shared.marks().remove(&id);
                }
                drop(reply.try_send(found));
            }
            Ask::Clear(tag, there) => {
                self.waiting.retain(|_, (head, _)| tag.is_some_and(|tag| tag != head.tag));
                self.take_away(&there);
            }
            // Only `run` ends.
            Ask::End(..) => {}
        }
    }

    /// Everything that waits goes to the disk; what is there no longer fits makes room for an empty folder.
    fn write(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if self.shelf.is_none() && self.opened_last.is_none_or(|last| last.elapsed() >= REST) {
            self.open();
        }
        for (id, (head, answer)) in waiting {
            let before = self.shared.marks().get(&id).map_or(0, Head::chunks);
            if self.with(|shelf| shelf.put(&id, &head, &answer, before)).is_none() {
                return;
            }
            self.shared.written.fetch_add(1, Relaxed);
            let mut marks = self.shared.marks();
            if marks.len() < MARKS_MAX || marks.contains_key(&id) {
                marks.insert(id, head);
            }
        }
        let Some(bytes) = self.with(Shelf::bytes) else { return };
        self.shared.bytes.store(bytes, Relaxed);
        if bytes > self.limits.bytes_max {
            tracing::info!(bytes, "answers on disk outgrew their room and are begun anew");
            self.throw_away();
            self.open();
        }
    }

    fn sweep(&mut self) {
        let now_ms = self.clock.now_ms();
        let lapsed = self.shared.forget(|head| head.until_ms <= now_ms);
        self.take_away(&lapsed);
    }

    fn take_away(&mut self, there: &[(Id, Head)]) {
        for (id, head) in there {
            if self.with(|shelf| shelf.take_away(id, head.chunks())).is_none() {
                return;
            }
        }
    }

    /// Does something with the shelf. None: there is none, or there is none any more.
    fn with<T>(&mut self, work: impl FnOnce(&Shelf) -> sled::Result<T>) -> Option<T> {
        let (shelf, _) = self.shelf.as_ref()?;
        let trouble = match catch_unwind(AssertUnwindSafe(|| work(shelf))) {
            Ok(Ok(value)) => return Some(value),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it panicked".to_owned(),
        };
        tracing::warn!(trouble, "answers on disk are unwell and thrown away");
        self.throw_away();
        None
    }

    /// Lets go of the folder and deletes it, elsewhere: neither is sure to end soon.
    fn throw_away(&mut self) {
        self.shared.set(State::Off);
        self.shared.marks().clear();
        self.shared.bytes.store(0, Relaxed);
        let Some((shelf, folder)) = self.shelf.take() else { return };
        self.shared.wiped.fetch_add(1, Relaxed);
        self.floor += 1;
        // A name nothing is opened under, also if deleting it does not end.
        let gone = folder.with_extension("gone");
        let moved = fs::rename(&folder, &gone).map_or(folder, |()| gone);
        let let_go = move || {
            drop(catch_unwind(AssertUnwindSafe(|| drop(shelf))));
            wipe(&moved);
        };
        drop(std::thread::Builder::new().name("cache-wipe".to_owned()).spawn(let_go));
    }

    /// Opens the newest folder of ours, or a new one if that is unwell. Off for a while if that is no better.
    fn open(&mut self) {
        self.opened_last = Some(Instant::now());
        let (last, mut others) = self.folders();
        let mut number = last.max(self.floor);
        let marker = self.root.join("opening");
        if self.root.is_file() {
            wipe(&self.root);
        }
        if fs::read_to_string(&marker).is_ok_and(|name| name == self.name(number)) {
            others.push(self.root.join(self.name(number)));
            number += 1;
        }
        for number in [number, number + 1] {
            let folder = self.root.join(self.name(number));
            let marked = fs::create_dir_all(&self.root).and_then(|()| fs::write(&marker, self.name(number)));
            let opened = marked.ok().and_then(|()| open_aside(&folder, self.limits.open_max));
            // Marked for as long as it may still break.
            if let Some((shelf, found)) = opened {
                drop(fs::remove_file(&marker));
                self.floor = number;
                self.begin(shelf, folder, found);
                break;
            }
            others.push(folder);
        }
        if self.shelf.is_none() {
            self.shared.set(State::Off);
        }
        others.iter().for_each(|folder| wipe(folder));
    }

    fn begin(&mut self, shelf: Shelf, folder: PathBuf, found: Found) {
        let Found { heads, records } = found;
        self.shared.marks().extend(heads);
        self.shared.records().extend(records.into_iter().map(|record| (record.restaurant, record)));
        self.shelf = Some((shelf, folder));
        let bytes = self.with(Shelf::bytes).unwrap_or(0);
        self.shared.bytes.store(bytes, Relaxed);
        if self.shelf.is_some() {
            self.shared.set(State::On);
        }
    }

    fn name(&self, number: u64) -> String {
        format!("{}{number}", self.prefix)
    }

    /// The highest number of a folder of ours, and every other folder.
    fn folders(&self) -> (u64, Vec<PathBuf>) {
        let (mut last, mut all) = (0, Vec::new());
        for entry in fs::read_dir(&self.root).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let number = name.strip_prefix(&self.prefix).and_then(|number| number.parse().ok());
            last = last.max(number.unwrap_or(0));
            if name.starts_with("answers-") {
                all.push((number, entry.path()));
            }
        }
        (last, all.into_iter().filter(|(number, _)| *number != Some(last)).map(|(_, path)| path).collect())
    }
}

/// None: it did not open in time, or not at all.
fn open_aside(folder: &Path, wait: Duration) -> Option<(Shelf, Found)> {
    let (told, opened) = mpsc::sync_channel(1);
    let there = folder.to_owned();
    let work = move || {
        let open = || {
            let shelf = opened_when_free(&there)?;
            let found = shelf.look_through(MARKS_MAX)?;
            Ok::<_, sled::Error>((shelf, found))
        };
        let result = catch_unwind(AssertUnwindSafe(open));
        let result = result.map_err(|_| "it panicked".to_owned()).and_then(|done| done.map_err(|e| e.to_string()));
        drop(told.send(result));
    };
    std::thread::Builder::new().name("cache-open".to_owned()).spawn(work).ok()?;
    let result = opened.recv_timeout(wait).unwrap_or_else(|_| Err("it takes too long".to_owned()));
    result.inspect_err(|why| tracing::warn!(why, folder = %folder.display(), "answers on disk do not open")).ok()
}

/// The one that had the folder before may still be letting go of it.
fn opened_when_free(folder: &Path) -> sled::Result<Shelf> {
    let began = Instant::now();
    loop {
        match Shelf::open(folder) {
            Err(error) if error.to_string().contains("lock") && began.elapsed() < FREE_MAX => {
                std::thread::sleep(FREE_MAX / 20);
            }
            opened => return opened,
        }
    }
}

/// What is left behind is found at the next start.
fn wipe(folder: &Path) {
    drop(if folder.is_dir() { fs::remove_dir_all(folder) } else { fs::remove_file(folder) });
}
