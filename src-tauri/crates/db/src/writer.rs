//! The write door: one thread, one writable connection, many writes a commit.
//!
//! It takes what is waiting (never waits for more), runs each write in its own savepoint, commits once
//! with `synchronous=FULL`, and only then tells the listener and answers everybody. If SQLite rolls the
//! group back (disk full, I/O), everybody in it is told "not taken" and the head returns to where it was.

use std::any::Any;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::command::{Answer, Command, Outcome, WriteError};
use crate::core::Core;
use crate::tx::Tx;

type Reply<T> = oneshot::Sender<Result<T, WriteError>>;
type Boxed = Box<dyn Any + Send>;
pub(crate) type LocalWrite = Box<dyn FnOnce(&Tx<'_>) -> rusqlite::Result<Boxed> + Send>;
/// Says whether to commit, and what to answer either way.
pub(crate) type Exclusive = Box<dyn FnOnce(&mut Core) -> (bool, Boxed) + Send>;

pub(crate) enum Job {
    Command(Box<Command>, Reply<Answer>),
    /// All in one transaction of their own, or none.
    Together(Vec<Command>, Reply<Vec<Answer>>),
    /// Local and secret tables only.
    Local(LocalWrite, Reply<Boxed>),
    /// In a transaction of its own, with the whole core: rebase, sequencing, packing.
    Exclusive(Exclusive, Reply<Boxed>),
}

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
}

/// Starts the thread. It ends when the last sender is gone.
pub(crate) fn start(core: Core, settings: Settings) -> std::io::Result<(SyncSender<Job>, JoinHandle<()>)> {
    let (sender, jobs) = sync_channel(settings.queue);
    let thread = std::thread::Builder::new().name("writer".into()).spawn(move || serve(core, &jobs, &settings))?;
    Ok((sender, thread))
}

pub(crate) fn send(queue: &SyncSender<Job>, job: Job) -> Result<(), WriteError> {
    queue.try_send(job).map_err(|error| match error {
        TrySendError::Full(_) => WriteError::Overloaded,
        TrySendError::Disconnected(_) => WriteError::Closed,
    })
}

fn serve(mut core: Core, jobs: &Receiver<Job>, settings: &Settings) {
    let mut held = None;
    loop {
        let Some(first) = held.take().or_else(|| jobs.recv().ok()) else { break };
        match first {
            Job::Together(commands, reply) => together(&mut core, commands, reply, settings),
            Job::Exclusive(work, reply) => exclusive(&mut core, work, reply, settings),
            small => {
                let mut group = vec![small];
                while group.len() < settings.group {
                    match jobs.try_recv() {
                        Ok(large @ (Job::Together(..) | Job::Exclusive(..))) => {
                            held = Some(large);
                            break;
                        }
                        Ok(small) => group.push(small),
                        Err(_) => break,
                    }
                }
                grouped(&mut core, group, settings);
            }
        }
    }
    // The last connection to leave checkpoints the log, so that a copied file is whole.
    if let Err(error) = core.conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA optimize") {
        tracing::warn!(%error, "the log could not be checkpointed at close");
    }
}

/// An answer that waits for the commit.
enum Waiting {
    Command(Reply<Answer>, Answer),
    Local(Reply<Boxed>, Boxed),
}

impl Waiting {
    fn give(self) {
        match self {
            // Nobody may be listening any more; the write stands all the same.
            Self::Command(reply, answer) => drop(reply.send(Ok(answer))),
            Self::Local(reply, value) => drop(reply.send(Ok(value))),
        }
    }

    fn fail(self, error: WriteError) {
        match self {
            Self::Command(reply, _) => drop(reply.send(Err(error))),
            Self::Local(reply, _) => drop(reply.send(Err(error))),
        }
    }
}

fn give_all(waiting: Vec<Waiting>, settings: &Settings) {
    let give = move || waiting.into_iter().for_each(Waiting::give);
    match &settings.answer_on {
        Some(run) => run(Box::new(give)),
        None => give(),
    }
}

fn grouped(core: &mut Core, group: Vec<Job>, settings: &Settings) {
    let before = core.before();
    let mut waiting = Vec::with_capacity(group.len());
    let mut jobs = group.into_iter();
    let mut failed = core.statement("BEGIN IMMEDIATE").err();
    while failed.is_none() {
        let Some(job) = jobs.next() else { break };
        match job {
            Job::Command(command, reply) => match core.accept(*command) {
                Ok(answer) => waiting.push(Waiting::Command(reply, answer)),
                Err(error) => {
                    drop(reply.send(Err(error.clone())));
                    failed = core.conn.is_autocommit().then_some(error);
                }
            },
            Job::Local(work, reply) => match local(core, work) {
                Ok(value) => waiting.push(Waiting::Local(reply, value)),
                Err(error) => {
                    drop(reply.send(Err(error.clone())));
                    failed = core.conn.is_autocommit().then_some(error);
                }
            },
            Job::Together(..) | Job::Exclusive(..) => {}
        }
    }
    if let Some(early) = settings.answer_early {
        // The control of the kill test: answers first, commits later.
        waiting.drain(..).for_each(Waiting::give);
        std::thread::sleep(early);
    }
    match failed.map_or_else(|| commit(core, settings), Err) {
        Ok(()) => give_all(waiting, settings),
        Err(error) => {
            give_up(core, &before);
            waiting.into_iter().for_each(|w| w.fail(error.clone()));
            for job in jobs {
                refuse(job, &error);
            }
        }
    }
}

/// A write to local or secret tables. Touching a synced one undoes it: that is a command's right.
fn local(core: &mut Core, work: LocalWrite) -> Result<Boxed, WriteError> {
    let mark = core.capture.buffer().mark();
    core.statement("SAVEPOINT command")?;
    let result = work(&Tx::new(&core.conn, &core.capture));
    let captured = !core.capture.buffer().bytes.is_empty();
    match result {
        Ok(value) if !captured => {
            core.statement("RELEASE command")?;
            Ok(value)
        }
        other => {
            core.capture.buffer().cut(&mark);
            let error = match other {
                Ok(_) => WriteError::Broken("a local write changed a synced table".into()),
                Err(error) => core.trouble(&error),
            };
            if !core.conn.is_autocommit() {
                core.statement("ROLLBACK TO command")?;
                core.statement("RELEASE command")?;
            }
            Err(error)
        }
    }
}

fn together(core: &mut Core, commands: Vec<Command>, reply: Reply<Vec<Answer>>, settings: &Settings) {
    let before = core.before();
    let result = (|| {
        core.statement("BEGIN IMMEDIATE")?;
        let mut answers = Vec::with_capacity(commands.len());
        for command in commands {
            let answer = core.accept(command)?;
            let refused = answer.outcome == Outcome::Refused;
            answers.push(answer);
            if refused {
                return Ok((answers, false));
            }
        }
        commit(core, settings)?;
        Ok((answers, true))
    })();
    let result = match result {
        Ok((answers, true)) => Ok(answers),
        Ok((answers, false)) => {
            give_up(core, &before);
            Ok(answers)
        }
        Err(error) => {
            give_up(core, &before);
            Err(error)
        }
    };
    drop(reply.send(result));
}

fn exclusive(core: &mut Core, work: Exclusive, reply: Reply<Boxed>, settings: &Settings) {
    let before = core.before();
    let result = core.statement("BEGIN IMMEDIATE").and_then(|()| {
        let (keep, value) = work(core);
        if keep {
            commit(core, settings)?;
        } else {
            give_up(core, &before);
        }
        Ok(value)
    });
    if result.is_err() {
        give_up(core, &before);
    }
    drop(reply.send(result));
}

fn commit(core: &mut Core, settings: &Settings) -> Result<(), WriteError> {
    let tables = core.touched_tables();
    core.keep().map_err(|error| core.abandon(&error))?;
    core.statement("COMMIT").map_err(|error| WriteError::Unavailable(error.to_string()))?;
    if let (Some(tell), false) = (&settings.on_commit, tables.is_empty()) {
        tell(&Commit { entry: core.head.entry, tables });
    }
    Ok(())
}

fn give_up(core: &mut Core, before: &crate::core::Before) {
    if !core.conn.is_autocommit()
        && let Err(error) = core.conn.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "rollback failed");
    }
    core.rewind_to(before);
}

fn refuse(job: Job, error: &WriteError) {
    match job {
        Job::Command(_, reply) => drop(reply.send(Err(error.clone()))),
        Job::Local(_, reply) => drop(reply.send(Err(error.clone()))),
        Job::Together(_, reply) => drop(reply.send(Err(error.clone()))),
        Job::Exclusive(_, reply) => drop(reply.send(Err(error.clone()))),
    }
}
