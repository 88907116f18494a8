//! The writes of stations: asked for by a manager, refused when they would lose a ticket.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{BAR, KITCHEN, STATIONS_MAX, Station};
use super::store;
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{CategoryId, ItemId, StationId};
use crate::menu;

#[derive(Debug, Serialize, Deserialize)]
pub struct StationDone {
    pub id: StationId,
}

/// One in use, or a refusal.
pub fn standing(conn: &rusqlite::Connection, id: StationId) -> Result<Station, Stop> {
    store::station(conn, id)?.ok_or_else(|| Refusal::not_found("This station").into())
}

fn name_is_free(tx: &Tx<'_>, id: StationId, name: &str) -> Result<usize, Stop> {
    let stations = store::stations(tx.conn())?;
    let name = name.to_lowercase();
    if stations.iter().any(|other| other.id != id && other.name.to_lowercase() == name) {
        return Err(Refusal::rule("Another station has this name.").at("name").into());
    }
    Ok(stations.len())
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddStation {
    pub id: StationId,
    pub name: String,
}

impl Write for AddStation {
    const NAME: &'static str = "add_station";
    const KIND: Kind = Kind::Intent;
    type Answer = StationDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        if name_is_free(tx, self.id, &self.name)? >= STATIONS_MAX {
            return Err(Refusal::rule(format!("A restaurant has at most {STATIONS_MAX} stations.")).into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<StationDone, Stop> {
        store::insert(tx, &Station { id: self.id, name: self.name.clone() })?;
        Ok(StationDone { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameStation {
    pub id: StationId,
    pub name: String,
}

impl Write for RenameStation {
    const NAME: &'static str = "rename_station";
    const KIND: Kind = Kind::Intent;
    type Answer = StationDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        name_is_free(tx, self.id, &self.name).map(drop)
    }

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<StationDone, Stop> {
        standing(tx.conn(), self.id)?;
        store::rename(tx, self.id, &self.name)?;
        Ok(StationDone { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveStation {
    pub id: StationId,
}

impl Write for ArchiveStation {
    const NAME: &'static str = "archive_station";
    const KIND: Kind = Kind::Intent;
    type Answer = StationDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let station = standing(tx.conn(), self.id)?;
        if self.id == KITCHEN {
            let message = format!("{} takes what has no other station, so it stays.", station.name);
            return Err(Refusal::rule(message).into());
        }
        match store::to_make(tx.conn(), self.id, (self.id == BAR).then_some("bar"))? {
            0 => Ok(()),
            1 => Err(Refusal::rule(format!("{} still has a line to make.", station.name)).into()),
            lines => Err(Refusal::rule(format!("{} still has {lines} lines to make.", station.name)).into()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<StationDone, Stop> {
        standing(tx.conn(), self.id)?;
        store::archive(tx, self.id, cx.at_ms)?;
        Ok(StationDone { id: self.id })
    }
}

/// These categories and items are made at this station from now on, and no others by name. What was
/// fired already stays where it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteStation {
    pub id: StationId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemId>,
}

impl Write for RouteStation {
    const NAME: &'static str = "route_station";
    const KIND: Kind = Kind::Intent;
    type Answer = StationDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        for (at, id) in self.categories.iter().enumerate() {
            if !menu::store::has_category(tx.conn(), *id)? {
                return Err(Refusal::not_found("The category").at(format!("category_ids[{at}]")).into());
            }
        }
        for (at, id) in self.items.iter().enumerate() {
            if menu::store::item(tx.conn(), *id)?.is_none() {
                return Err(Refusal::not_found("The item").at(format!("item_ids[{at}]")).into());
            }
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<StationDone, Stop> {
        standing(tx.conn(), self.id)?;
        let targets: Vec<_> = self.categories.iter().map(|id| id.0).chain(self.items.iter().map(|id| id.0)).collect();
        store::set_routes(tx, self.id, &targets)?;
        Ok(StationDone { id: self.id })
    }
}
