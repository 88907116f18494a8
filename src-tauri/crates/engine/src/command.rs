//! What a command is: a struct of frozen arguments that can be checked and run.
//!
//! `prepare` (a plain function beside each) turns a request into the struct: it looks up prices and
//! names, takes the business date, mints ids. `check` holds the strict rules and is asked only on
//! the engine that accepts. `run` is deterministic: it knows its own fields, the transaction and
//! `Context`, nothing else, because it runs again on other devices. A fact's run is total: it
//! appends rows and raises flags, and no constraint it could break exists.

use std::borrow::Cow;
use std::collections::HashMap;

use comanda_db::{Command, Rules, Stop, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Whether it happened or is asked for. Facts are flagged, never refused, when they meet others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Fact,
    Intent,
}

/// All a run may know besides its own fields and the transaction.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The command's id: the seed of anything a run must make up.
    pub id: Uuid,
    /// The account that asked.
    pub actor: Uuid,
    /// When the accepting engine prepared it. Unix milliseconds.
    pub at_ms: i64,
    /// Reaches the first run only and is recorded nowhere.
    pub secret: Option<&'a [u8]>,
}

impl<'a> Context<'a> {
    fn of(command: &'a Command) -> Self {
        Self { id: command.id, actor: command.actor, at_ms: command.at_ms, secret: command.secret.as_deref() }
    }
}

/// A command. The fields of the struct are its frozen arguments (serde, `deny_unknown_fields`).
pub trait Write: Serialize + DeserializeOwned {
    const NAME: &'static str;
    /// Raised when the meaning of the fields changes; the older one stays in the list and runs on.
    const VERSION: u16 = 1;
    const KIND: Kind;
    /// Small: ids and numbers. Routes read the fresh thing after the commit.
    type Answer: Serialize + DeserializeOwned;

    fn check(&self, _tx: &Tx<'_>, _cx: &Context<'_>) -> Result<(), Stop> {
        Ok(())
    }
    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Self::Answer, Stop>;
}

/// A command's line in the list of `commands.rs`.
#[derive(Clone, Copy)]
pub struct Spec {
    pub name: &'static str,
    pub version: u16,
    pub kind: Kind,
    accept: fn(&Tx<'_>, &Command) -> Result<Vec<u8>, Stop>,
    run: fn(&Tx<'_>, &Command) -> Result<Vec<u8>, Stop>,
}

pub const fn spec<W: Write>() -> Spec {
    Spec { name: W::NAME, version: W::VERSION, kind: W::KIND, accept: accept::<W>, run: run::<W> }
}

fn accept<W: Write>(tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop> {
    let (write, cx) = (args::<W>(command)?, Context::of(command));
    write.check(tx, &cx)?;
    answer(&write.run(tx, &cx)?)
}

fn run<W: Write>(tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop> {
    answer(&args::<W>(command)?.run(tx, &Context::of(command))?)
}

fn answer(answer: &impl Serialize) -> Result<Vec<u8>, Stop> {
    serde_json::to_vec(answer).map_err(|error| Stop::Broken(error.to_string()))
}

fn args<W: Write>(command: &Command) -> Result<W, Stop> {
    serde_json::from_slice(&command.args)
        .map_err(|error| Stop::Broken(format!("arguments of {} v{}: {error}", command.name, command.version)))
}

/// Puts a write into the shape the door takes.
pub fn freeze<W: Write>(id: Uuid, actor: Uuid, at_ms: i64, write: &W) -> Result<Command, serde_json::Error> {
    Ok(Command {
        id,
        actor,
        name: Cow::Borrowed(W::NAME),
        version: W::VERSION,
        at_ms,
        request: [0; 8],
        args: serde_json::to_vec(write)?,
        secret: None,
    })
}

/// The commands of one kind of file, by name and version.
pub struct Book(HashMap<(&'static str, u16), Spec>);

impl Book {
    pub fn new(specs: &[Spec]) -> Self {
        Self(specs.iter().map(|spec| ((spec.name, spec.version), *spec)).collect())
    }

    fn find(&self, command: &Command) -> Result<Spec, Stop> {
        let book: &HashMap<(&str, u16), Spec> = &self.0;
        book.get(&(command.name.as_ref(), command.version))
            .copied()
            .ok_or_else(|| Stop::Broken(format!("unknown command {} v{}", command.name, command.version)))
    }
}

impl Rules for Book {
    fn accept(&self, tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop> {
        (self.find(command)?.accept)(tx, command)
    }

    fn run(&self, tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop> {
        (self.find(command)?.run)(tx, command)
    }
}
