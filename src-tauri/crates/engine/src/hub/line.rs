//! A restaurant's line in PostgreSQL, as the file's writer sees it. Blocking: called on the writer's thread.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use comanda_db::upstream::{Missing, NotTaken, Turn, Upstream};
use deadpool_postgres::{Client, Object};
use tokio::time::Instant;
use tokio::time::error::Elapsed;
use tokio_postgres::Error;
use uuid::Uuid;

use super::connect::{After, Trouble, after, said};
use super::counted::Counted;
use super::store::{self, Head, Written};
use super::{Hub, guard};
use crate::sync::wire;

/// A group waits no longer for PostgreSQL; whoever asked comes back.
const APPEND_TIME_MAX: Duration = Duration::from_secs(5);
/// The wait after a lost connection.
const PAUSE: Duration = Duration::from_millis(50);
/// Placed commands that are taken in with one commit.
const PAGE: i64 = 500;

pub struct Line {
    pub(super) hub: Arc<Hub>,
    pub(super) id: Uuid,
    pub(super) schema: i32,
    /// The connection whose transaction holds the line for this process.
    pub(super) held: Mutex<Option<Client>>,
}

impl Upstream for Line {
    fn append(&self, turn: &Turn) -> Result<(), NotTaken> {
        let written = self.written(turn).map_err(NotTaken::Unavailable)?;
        let (counted, began) = (&self.hub.counted, Instant::now());
        let taken = self.hub.runtime.block_on(self.take(&written));
        counted.waited(began.elapsed());
        Counted::add(match &taken {
            Ok(()) => &counted.taken,
            Err(NotTaken::Moved) => &counted.moved,
            Err(NotTaken::Unavailable(_)) => &counted.failed,
        });
        taken?;
        if let Some(bell) = &self.hub.bell {
            bell.ring(&self.hub.runtime, self.id);
        }
        Ok(())
    }

    fn after(&self, turn: u64, position: u64) -> Result<Option<Missing>, String> {
        self.hub.runtime.block_on(self.missing(turn, position)).map_err(|trouble| trouble.to_string())
    }

    fn hold(&self) -> Result<(), String> {
        let held = self.hub.runtime.block_on(self.lock()).map_err(|trouble| trouble.to_string())?;
        *guard(&self.held) = Some(held);
        Ok(())
    }

    fn let_go(&self) {
        let Some(client) = guard(&self.held).take() else { return };
        // The writer's thread has no clock of the runtime's: whatever waits is made inside.
        let told =
            self.hub.runtime.block_on(async { tokio::time::timeout(APPEND_TIME_MAX, store::let_go(&client)).await });
        if !matches!(told, Ok(Ok(()))) {
            close(client);
        }
    }

    fn misfit(&self, why: &str) {
        tracing::error!(line = %self.id, why, "a copy does not fit what is in the ledger; it is made again");
        self.hub.note_misfit(self.id);
    }
}

impl Line {
    fn written(&self, turn: &Turn) -> Result<Written, String> {
        let error = |error: wire::Unreadable| error.to_string();
        let placed = &turn.placed;
        let mut heard = turn.heard.clone();
        // The furthest of each device: one statement changes a row once.
        heard.sort_unstable();
        heard.reverse();
        heard.dedup_by_key(|(device, _)| *device);
        Ok(Written {
            restaurant: self.id,
            before: turn.before as i64,
            position: turn.position as i64,
            epoch: turn.epoch as i64,
            schema: self.schema,
            drawn: Uuid::now_v7(),
            positions: placed.iter().map(|placed| placed.position as i64).collect(),
            ids: placed.iter().map(|placed| placed.command.id).collect(),
            ledger: placed.iter().map(wire::asked).collect::<Result<_, _>>().map_err(error)?,
            effects: placed.iter().map(wire::changed).collect::<Result<_, _>>().map_err(error)?,
            devices: heard.iter().map(|(device, _)| *device).collect(),
            device_seqs: heard.iter().map(|(_, seq)| *seq as i64).collect(),
            apart: (!turn.apart.is_empty()).then(|| turn.apart.clone()),
        })
    }

    /// Sends a turn until it is known whether it was taken. Sending it again is safe: it is taken at one place only, so
    /// one that was taken unheard shows in the head.
    async fn take(&self, turn: &Written) -> Result<(), NotTaken> {
        let until = Instant::now() + APPEND_TIME_MAX;
        loop {
            let held = guard(&self.held).take();
            let tried = match held {
                Some(client) => try_held(client, turn, until).await,
                None => tokio::time::timeout_at(until, self.try_once(turn)).await,
            };
            let (why, pause) = match tried {
                Ok(Ok(true)) => return Ok(()),
                Ok(Ok(false)) => return Err(NotTaken::Moved),
                Ok(Err(Tried::Never(why))) => return Err(NotTaken::Unavailable(why)),
                Ok(Err(Tried::Beaten(why))) => {
                    // Another process is at this line now. Who waits long here is beaten again.
                    (why, Duration::from_millis(rand::random_range(0..4)))
                }
                Ok(Err(Tried::Lost(why))) => (why, PAUSE),
                Err(_) => return Err(NotTaken::Unavailable("the ledger does not answer".into())),
            };
            if Instant::now() + pause >= until {
                return Err(NotTaken::Unavailable(why));
            }
            Counted::add(&self.hub.counted.again);
            tokio::time::sleep(pause).await;
        }
    }

    async fn try_once(&self, turn: &Written) -> Result<bool, Tried> {
        let client = self.hub.client().await.map_err(|trouble| Tried::Lost(trouble.to_string()))?;
        let appended = async {
            if store::append(&client, turn).await? {
                return Ok(true);
            }
            let head = store::head(&client, self.id).await?;
            Ok(head.is_some_and(|head| head.turn == turn.before + 1 && head.written == Some(turn.drawn)))
        };
        appended.await.map_err(|error: Error| {
            let tried = Tried::from(error);
            if let Tried::Lost(_) = tried {
                close(client);
            }
            tried
        })
    }

    async fn lock(&self) -> Result<Client, Trouble> {
        let client = self.hub.client().await?;
        let locked = tokio::time::timeout(APPEND_TIME_MAX, store::hold(&client, self.id)).await;
        let why = match locked {
            Ok(Ok(())) => return Ok(client),
            Ok(Err(error)) => error.into(),
            Err(_) => Trouble::Unreachable("it does not answer".into()),
        };
        close(client);
        Err(why)
    }

    async fn missing(&self, turn: u64, position: u64) -> Result<Option<Missing>, Trouble> {
        let client = self.hub.client().await?;
        let gone = || Trouble::Failed("the line is not in the ledger".into());
        let head = store::head(&client, self.id).await?.ok_or_else(gone)?;
        let (turn, position) = (turn as i64, position as i64);
        if head.schema > self.schema {
            return Err(Trouble::Outdated);
        }
        if !fits(&head, turn) || head.position < position {
            self.misfit("it is further than the ledger, or too far behind");
            return Err(Trouble::Failed("this copy is made again".into()));
        }
        if head.turn == turn {
            return Ok(None);
        }
        let rows = store::placed(&client, self.id, position, head.position, PAGE).await?;
        let reached = rows.last().map_or(position, |row| row.0);
        let mut missing = Missing { turn: head.turn as u64, more: reached < head.position, ..Missing::default() };
        for (position, ledger, schema, effects) in rows {
            let mut placed = wire::read_placed(position as u64, &ledger, &effects)
                .map_err(|error| Trouble::Failed(format!("position {position} is unreadable: {error}")))?;
            if schema != self.schema {
                // The rows of another schema have other hashes.
                placed.state = None;
            }
            missing.placed.push(placed);
        }
        if missing.more && missing.placed.is_empty() {
            return Err(Trouble::Failed(format!("position {} is not in the ledger", position + 1)));
        }
        if !missing.more {
            let heard = store::heard(&client, self.id).await?;
            missing.heard = heard.into_iter().map(|(device, seq)| (device, seq as u64)).collect();
            missing.apart = store::apart(&client, self.id, turn, head.turn).await?;
        }
        Ok(Some(missing))
    }
}

async fn try_held(client: Client, turn: &Written, until: Instant) -> Result<Result<bool, Tried>, Elapsed> {
    let appended = async {
        let taken = store::append(&client, turn).await?;
        store::let_go(&client).await?;
        Ok(taken)
    };
    let tried = tokio::time::timeout_at(until, appended).await;
    if !matches!(tried, Ok(Ok(_))) {
        close(client);
    }
    tried.map(|tried| tried.map_err(|error: Error| Tried::from(error)))
}

/// What is left in a connection that was cut short is for nobody; closing it ends its transaction.
fn close(client: Client) {
    drop(Object::take(client));
}

/// Whether a copy of so many turns can go on from where it is.
pub(super) fn fits(head: &Head, turn: i64) -> bool {
    (head.floor..=head.turn).contains(&turn)
}

enum Tried {
    /// Somebody else was faster: the same again.
    Beaten(String),
    /// The connection was: nobody knows what was done.
    Lost(String),
    Never(String),
}

impl From<Error> for Tried {
    fn from(error: Error) -> Self {
        match after(&error) {
            After::Never => Self::Never(said(&error)),
            After::Unknown => Self::Lost(said(&error)),
            After::Again => Self::Beaten(said(&error)),
        }
    }
}
