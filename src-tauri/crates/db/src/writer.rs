//! The write door: one thread, one writable connection, many writes a commit.
//!
//! It takes what is waiting (never waits for more), runs each write in its own savepoint, commits once
//! with `synchronous=FULL`, and only then tells the listener and answers everybody. If SQLite rolls the
//! group back (disk full, I/O), everybody in it is told "not taken" and the head returns to where it was.

use std::any::Any;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::command::{Answer, Command, Outcome, WriteError};
use crate::core::{Core, Guard, Halt, panic_text};
use crate::homing::Homing;
use crate::meter::{Metered, Work};
use crate::tx::Tx;
use crate::upstream::{self, TRIES};

type Reply<T> = oneshot::Sender<Result<T, WriteError>>;
type Boxed = Box<dyn Any + Send>;
pub(crate) type LocalWrite = Box<dyn FnMut(&Tx<'_>) -> rusqlite::Result<Boxed> + Send>;
/// Says whether to commit, and what to answer either way.
pub(crate) type Exclusive = Box<dyn FnMut(&mut Core) -> (bool, Boxed) + Send>;

/// A command and who waits for it.
pub(crate) struct Asked {
    pub command: Box<Command>,
    /// Hears before the commit what the answer will be if it succeeds, to make something ready while the disk writes.
    pub ahead: Option<oneshot::Sender<Answer>>,
    pub reply: Reply<Answer>,
}

pub(crate) enum Job {
    Command(Asked),
    /// All in one transaction of their own, or none.
    Together(Vec<Command>, Watch, Reply<Vec<Answer>>),
    /// Local and secret tables only.
    Local(LocalWrite, Reply<Boxed>),
    /// In a transaction of its own, with the whole core: rebase, sequencing, packing.
    Exclusive(Exclusive, Reply<Boxed>),
    /// Take in what other copies placed.
    CatchUp(Reply<bool>),
}

/// Hears after each command of those sent together how many are done. `Break` takes them all back.
pub type Watch = Box<dyn FnMut(usize) -> ControlFlow<()> + Send>;

/// A commit, told when it is durable and before anybody is answered: a cache dropped here is never stale to them.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The last journal entry it holds.
    pub entry: u64,
    /// Synced tables with changed rows.
    pub tables: Vec<String>,
}

/// Hears of every commit.
pub type OnCommit = Box<dyn Fn(&Commit) + Send>;

/// Runs a group's answers where those who wait for them live: one wake-up a group, not one an answer.
pub type AnswerOn = Box<dyn Fn(Box<dyn FnOnce() + Send>) + Send>;

pub(crate) struct Settings {
    pub queue: usize,
    pub group: usize,
    pub on_commit: Option<OnCommit>,
    pub answer_on: Option<AnswerOn>,
    pub answer_early: Option<Duration>,
    pub waiting: Waiting,
    pub meter: Metered,
}

/// How many jobs wait in the queue, which does not say so itself.
#[derive(Clone, Default)]
pub(crate) struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn taken(&self, job: Job) -> Job {
        self.0.fetch_sub(1, Ordering::Relaxed);
        job
    }
}

/// Starts the thread. It ends when the last sender is gone.
pub(crate) fn start(
    core: Core,
    homing: Homing,
    settings: Settings,
) -> std::io::Result<(SyncSender<Job>, JoinHandle<()>)> {
    let (sender, jobs) = sync_channel(settings.queue);
    let serve = move || serve(core, homing, &jobs, &settings);
    let thread = std::thread::Builder::new().name("writer".into()).spawn(serve)?;
    Ok((sender, thread))
}

pub(crate) fn send(queue: &SyncSender<Job>, waiting: &Waiting, job: Job) -> Result<(), WriteError> {
    // Counted first: the thread may take it before this one goes on.
    waiting.0.fetch_add(1, Ordering::Relaxed);
    queue.try_send(job).map_err(|error| {
        waiting.0.fetch_sub(1, Ordering::Relaxed);
        match error {
            TrySendError::Full(_) => WriteError::Overloaded,
            TrySendError::Disconnected(_) => WriteError::Closed,
        }
    })
}

fn serve(mut core: Core, homing: Homing, jobs: &Receiver<Job>, settings: &Settings) {
    let mut held = None;
    loop {
        let Some(job) = held.take().or_else(|| jobs.recv().ok().map(|job| settings.waiting.taken(job))) else { break };
        // Whoever waits for a job that breaks hears that the file does not take it now, and asks again.
        let done = catch_unwind(AssertUnwindSafe(|| work(&mut core, job, jobs, settings)));
        match done {
            Ok(next) => held = next,
            Err(panic) => {
                tracing::error!(why = panic_text(&*panic), "the writer broke; it goes on from what the file holds");
                if let Err(error) = core.begin_anew() {
                    tracing::error!(%error, "the file is not written any more");
                    break;
                }
            }
        }
        homing.rest(&core.conn);
    }
    homing.stop(&mut core.conn);
    // The last connection to leave checkpoints the log, so that a copied file is whole.
    if let Err(error) = core.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA optimize") {
        tracing::warn!(%error, "the log could not be checkpointed at close");
    }
}

/// Does a job. What was taken from the queue meanwhile and has to wait for the next turn comes back.
fn work(core: &mut Core, job: Job, jobs: &Receiver<Job>, settings: &Settings) -> Option<Job> {
    let mut held = None;
    match job {
        Job::Command(asked) => {
            // Whoever is about to ask, on a processor shared with this thread, comes into this group and not
            // into the next one. When nobody is, this costs nothing.
            std::thread::yield_now();
            let mut group = vec![asked];
            while group.len() < settings.group {
                match jobs.try_recv().map(|job| settings.waiting.taken(job)) {
                    Ok(Job::Command(asked)) => group.push(asked),
                    Ok(other) => {
                        held = Some(other);
                        break;
                    }
                    Err(_) => break,
                }
            }
            grouped(core, group, settings);
        }
        Job::Together(commands, watch, reply) => together(core, &commands, watch, reply, settings),
        Job::Local(work, reply) => local(core, work, reply, settings),
        Job::Exclusive(work, reply) => exclusive(core, work, reply, settings),
        Job::CatchUp(reply) => drop(reply.send(upstream::catch_up(core, settings))),
    }
    held
}

/// Commands that share a commit, and who waits for them.
type Group = Vec<Asked>;

/// What each of a group is told after the commit.
type Answers = Vec<Result<Answer, WriteError>>;

fn grouped(core: &mut Core, mut group: Group, settings: &Settings) {
    let (before, began) = (core.before(), settings.meter.now());
    let mut answers = run_all(core, &group, Guard::Group);
    if let Err(Halt::Spoilt) = answers {
        give_up(core, &before);
        answers = run_all(core, &group, Guard::Savepoint);
    }
    settings.meter.took(Work::Run { commands: group.len() }, began);
    if let (Some(early), Ok(answers)) = (settings.answer_early, &answers) {
        // The control of the kill test: answers first, commits later.
        give(group, answers.clone());
        std::thread::sleep(early);
        drop(commit(core, settings));
        return;
    }
    let committed = answers.and_then(|answers| {
        // With an upstream nobody knows the answers before it has the turn.
        if core.upstream.is_none() {
            foretell(&mut group, &answers, settings);
        }
        commit(core, settings).map(|()| answers)
    });
    let committed = committed.or_else(|halt| {
        give_up(core, &before);
        again(core, halt, settings, |core| {
            let answers = run_all(core, &group, Guard::Savepoint)?;
            commit(core, settings).map(|()| answers)
        })
    });
    match committed {
        Ok(answers) => answer(group, answers, settings),
        Err(error) => {
            let answers = vec![Err(error); group.len()];
            answer(group, answers, settings);
        }
    }
}

/// Runs a group, whose transaction was rolled back because another copy was faster, with the line held for it.
fn again<T>(
    core: &mut Core,
    mut halt: Halt,
    settings: &Settings,
    mut run: impl FnMut(&mut Core) -> Result<T, Halt>,
) -> Result<T, WriteError> {
    for _ in 0..TRIES {
        if !matches!(halt, Halt::Moved) {
            break;
        }
        let _held = upstream::hold(core)?;
        upstream::catch_up(core, settings)?;
        let before = core.before();
        match run(core) {
            Ok(done) => return Ok(done),
            Err(next) => halt = next,
        }
        give_up(core, &before);
    }
    Err(halt.into_error())
}

/// Every command of a group in one open transaction. An error is the whole group's.
fn run_all(core: &mut Core, group: &Group, guard: Guard) -> Result<Answers, Halt> {
    core.statement("BEGIN IMMEDIATE")?;
    let mut answers = Vec::with_capacity(group.len());
    for asked in group {
        answers.push(match core.accept(&asked.command, guard) {
            Ok(answer) => Ok(answer),
            Err(Halt::Failed(error)) if !core.conn.is_autocommit() => Err(error),
            Err(halt) => return Err(halt),
        });
    }
    Ok(answers)
}

fn answer(group: Group, answers: Answers, settings: &Settings) {
    match &settings.answer_on {
        Some(run) => run(Box::new(|| give(group, answers))),
        None => give(group, answers),
    }
}

/// Tells those who want to know ahead what they will be answered if the commit that comes now succeeds.
fn foretell(group: &mut Group, answers: &Answers, settings: &Settings) {
    let told = |(asked, answer): (&mut Asked, &Result<Answer, WriteError>)| {
        Some((asked.ahead.take()?, answer.as_ref().ok()?.clone()))
    };
    let foretold: Vec<_> = group.iter_mut().zip(answers).filter_map(told).collect();
    if foretold.is_empty() {
        return;
    }
    let tell = || foretold.into_iter().for_each(|(ahead, answer)| drop(ahead.send(answer)));
    match &settings.answer_on {
        Some(run) => run(Box::new(tell)),
        None => tell(),
    }
}

fn give(group: Group, answers: Answers) {
    for (asked, answer) in group.into_iter().zip(answers) {
        // Nobody may be listening any more; the write stands all the same.
        drop(asked.reply.send(answer));
    }
}

/// A write to local or secret tables. Touching a synced one undoes it: that is a command's right.
fn local(core: &mut Core, mut work: LocalWrite, reply: Reply<Boxed>, settings: &Settings) {
    let result = tried(core, settings, |core| {
        core.statement("BEGIN IMMEDIATE")?;
        let value = work(&Tx::new(&core.conn, &core.capture)).map_err(|error| core.trouble(&error))?;
        if !core.capture.buffer().bytes.is_empty() {
            return Err(WriteError::Broken("a local write changed a synced table".into()).into());
        }
        commit(core, settings).map(|()| value)
    });
    drop(reply.send(result));
}

fn together(core: &mut Core, commands: &[Command], mut watch: Watch, reply: Reply<Vec<Answer>>, settings: &Settings) {
    let result = tried(core, settings, |core| {
        let before = core.before();
        core.statement("BEGIN IMMEDIATE")?;
        let mut answers = Vec::with_capacity(commands.len());
        for command in commands {
            let answer = core.accept(command, Guard::Savepoint)?;
            let refused = answer.outcome == Outcome::Refused;
            answers.push(answer);
            if refused {
                give_up(core, &before);
                return Ok(answers);
            }
            if watch(answers.len()).is_break() {
                return Err(WriteError::Stopped.into());
            }
        }
        commit(core, settings).map(|()| answers)
    });
    drop(reply.send(result));
}

fn exclusive(core: &mut Core, mut work: Exclusive, reply: Reply<Boxed>, settings: &Settings) {
    let result = tried(core, settings, |core| {
        let before = core.before();
        core.statement("BEGIN IMMEDIATE")?;
        let (keep, value) = work(core);
        if keep {
            commit(core, settings)?;
        } else {
            give_up(core, &before);
        }
        Ok(value)
    });
    drop(reply.send(result));
}

/// Runs a write that opens and commits its own transaction; what fails is rolled back.
fn tried<T>(
    core: &mut Core,
    settings: &Settings,
    mut run: impl FnMut(&mut Core) -> Result<T, Halt>,
) -> Result<T, WriteError> {
    let before = core.before();
    run(core).or_else(|halt| {
        give_up(core, &before);
        again(core, halt, settings, run)
    })
}

fn commit(core: &mut Core, settings: &Settings) -> Result<(), Halt> {
    commit_told(core, settings, Vec::new())
}

/// The same; `apart` are tables outside the records that whoever listens hears of too.
pub(crate) fn commit_told(core: &mut Core, settings: &Settings, apart: Vec<String>) -> Result<(), Halt> {
    let (mut tables, began) = (core.touched_tables(), settings.meter.now());
    tables.extend(apart);
    core.keep().map_err(|error| core.abandon(&error))?;
    core.hand_up()?;
    core.statement("COMMIT").map_err(|error| WriteError::Unavailable(error.to_string()))?;
    settings.meter.took(Work::Commit, began);
    if let (Some(tell), false) = (&settings.on_commit, tables.is_empty()) {
        tell(&Commit { entry: core.head.entry, tables });
    }
    Ok(())
}

pub(crate) fn give_up(core: &mut Core, before: &crate::core::Before) {
    if !core.conn.is_autocommit()
        && let Err(error) = core.conn.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "rollback failed");
    }
    core.rewind_to(before);
}
