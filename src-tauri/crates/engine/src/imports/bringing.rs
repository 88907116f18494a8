//! One file on its way in, asked for by the page or on the command line. Blocking.

use comanda_db::{Outcome, WriteError};

use super::columns::Mapping;
use super::commands::{Imported, RecordImport};
use super::plan::{self, batch_id};
use super::reading::{self, Reading, Rules};
use super::running::Begun;
use super::store;
use crate::app::{Done, Restaurant};
use crate::command::Write;
use crate::error::{ApiError, Refusal};
use crate::front::input::Meta;
use crate::kernel::ids::AccountId;
use crate::restaurant::model::Settings;

pub struct Import<'a> {
    pub restaurant: &'a Restaurant,
    pub actor: AccountId,
    pub meta: &'a Meta,
    /// The file's.
    pub name: String,
    pub skip_dirty: bool,
}

impl Import<'_> {
    /// From now on it is seen to be on its way, and can be stopped.
    pub fn begin(&self) -> Begun<'_> {
        self.restaurant.imports.begin(self.meta.id(self.actor.0), &self.name, self.meta.at_ms)
    }

    /// Reads the file `begun` is for and brings it in, all or nothing.
    pub fn read_and_bring_in(
        &self,
        begun: &Begun<'_>,
        packed: &[u8],
        mapping: &Mapping,
    ) -> Result<Done<Imported>, ApiError> {
        let settings = self.restaurant.settings()?;
        let plain = reading::unpack(packed)?;
        let reading = reading::read(&plain, mapping, Rules::of(&settings), |_| {})?;
        self.bring_in(begun, &reading, &settings)
    }

    pub fn bring_in(
        &self,
        begun: &Begun<'_>,
        reading: &Reading,
        settings: &Settings,
    ) -> Result<Done<Imported>, ApiError> {
        let id = self.meta.id(self.actor.0);
        let request = self.meta.fingerprint(self.actor.0, RecordImport::NAME);
        let db = &self.restaurant.db;
        if self.meta.has_key()
            && let Some((row, answer)) = db.known(id)?
        {
            if row.request != request {
                return Err(WriteError::Reused.into());
            }
            return Done::of(answer);
        }
        let batch = batch_id(&reading.fingerprint);
        if db.read(|conn| store::batch(conn, batch))?.is_some() {
            return Ok(Done { answer: Imported { id: batch, created: false }, replayed: false, entry: 0 });
        }
        if reading.dirty_count > 0 && !self.skip_dirty {
            let message = format!("{} rows cannot be read. Mend them, or leave them out.", reading.dirty_count);
            let details = serde_json::json!({ "dirty": reading.dirty, "dirty_count": reading.dirty_count });
            return Err(Refusal::rule(message).with_details(details).into());
        }
        if reading.orders.is_empty() {
            return Err(Refusal::rule("There is no order in this file.").into());
        }
        if begun.is_stopped() {
            return Err(WriteError::Stopped.into());
        }
        let plan = plan::plan(reading, settings, self.name.clone());
        let watch = begun.writes(plan.orders_of_each());
        let commands = plan.commands(id, request, self.actor, self.meta.at_ms)?;
        let mut answers = db.execute_together_blocking(commands, Some(watch))?;
        if answers.last().is_some_and(|last| last.outcome == Outcome::Refused) {
            answers.drain(..answers.len() - 1);
        }
        let first = answers.into_iter().next().ok_or_else(|| ApiError::internal("an import without an answer"))?;
        Done::of(first)
    }
}
