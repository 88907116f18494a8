//! A whole floor at once: how an empty one begins.

use std::collections::HashSet;

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{Area, Shape, Spot, Table, key};
use super::super::store;
use super::{Changed, must_fit};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AreaId, TableId};

/// An area with its tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaidArea {
    pub id: AreaId,
    pub name: String,
    pub w: i64,
    pub h: i64,
    pub tables: Vec<LaidTable>,
}

/// Id, name, shape, seats and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaidTable(pub TableId, pub String, pub Shape, pub i64, pub Spot);

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayOutFloor {
    pub areas: Vec<LaidArea>,
}

impl Write for LayOutFloor {
    const NAME: &'static str = "lay_out_floor";
    const KIND: Kind = Kind::Intent;
    type Answer = Changed;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Changed, Stop> {
        if !store::areas(tx.conn())?.is_empty() {
            return Err(Refusal::rule("There is a floor already. Change it area by area.").into());
        }
        let (mut areas, mut tables) = (HashSet::new(), HashSet::new());
        for (at, laid) in self.areas.iter().enumerate() {
            if !areas.insert(key(&laid.name)) {
                let field = format!("areas[{at}].name");
                return Err(Refusal::conflict("Another area has this name.").at(field).into());
            }
            let area = Area { id: laid.id, name: laid.name.clone(), width_cm: laid.w, height_cm: laid.h };
            store::insert_area(tx, &area)?;
            for (nth, LaidTable(id, name, shape, seats, spot)) in laid.tables.iter().enumerate() {
                let place = format!("areas[{at}].tables[{nth}]");
                if !tables.insert(key(name)) {
                    let why = format!("There is a table {name} already.");
                    return Err(Refusal::conflict(why).at(format!("{place}.name")).into());
                }
                must_fit(&area, name, spot).map_err(|refusal| {
                    let field = format!("{place}.{}", refusal.field.as_deref().unwrap_or_default());
                    refusal.at(field)
                })?;
                let table =
                    Table { id: *id, area_id: area.id, name: name.clone(), shape: *shape, seats: *seats, spot: *spot };
                store::insert_table(tx, &table)?;
            }
        }
        Ok(Changed { tables: tables.len() })
    }
}
