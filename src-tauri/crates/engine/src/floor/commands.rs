//! The writes of the floor. How it is arranged and who serves it is asked for, so the rules stand in
//! `run` and hold wherever it runs; that a table called and that somebody came happened.

mod calls;
mod layout;

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{AREAS_MAX, Area, Shape, Spot, TABLES_MAX, Table, key};
use super::store::{self, Party};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AreaId, OrderId, StaffId, TableId};
use crate::staff;

pub use calls::{AnswerCall, CallWaiter};
pub use layout::{LaidArea, LaidTable, LayOutFloor};

/// The answer of a write about one thing.
#[derive(Debug, Serialize, Deserialize)]
pub struct Noted<Id> {
    pub id: Id,
}

/// The answer of a write about several.
#[derive(Debug, Serialize, Deserialize)]
pub struct Changed {
    pub tables: usize,
}

fn standing(tx: &Tx<'_>, id: TableId) -> Result<Table, Stop> {
    store::table(tx.conn(), id)?.ok_or_else(|| Refusal::not_found("The table").into())
}

fn standing_area(tx: &Tx<'_>, id: AreaId) -> Result<Area, Stop> {
    store::area(tx.conn(), id)?.ok_or_else(|| Refusal::not_found("The area").at("area_id").into())
}

/// The first other order at a place of that name.
pub fn party_at(tx: &Tx<'_>, name: &str, but: Option<OrderId>) -> Result<Option<Party>, Stop> {
    let wanted = key(name);
    let parties = store::parties(tx.conn())?;
    Ok(parties.into_iter().find(|party| Some(party.order_id) != but && key(&party.table) == wanted))
}

/// Whether nobody but this order sits at the place an order shall go to. A bar takes anybody, and of a place
/// that is not on the floor nothing is known.
pub fn may_sit(tx: &Tx<'_>, name: &str, order: OrderId) -> Result<(), Stop> {
    let wanted = key(name);
    let tables = store::tables(tx.conn())?;
    let Some(table) = tables.into_iter().find(|table| key(&table.name) == wanted && table.shape != Shape::Bar) else {
        return Ok(());
    };
    let Some(party) = party_at(tx, name, Some(order))? else { return Ok(()) };
    let why = format!("Order {} is at table {}. Merge the two, or choose another table.", party.number, table.name);
    Err(Refusal::conflict(why)
        .at("table")
        .with_details(serde_json::json!({ "order_id": party.order_id, "number": party.number }))
        .into())
}

/// An area as it shall be.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveArea {
    pub id: AreaId,
    /// Changes one that is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub change: bool,
    pub name: String,
    pub w: i64,
    pub h: i64,
}

impl Write for SaveArea {
    const NAME: &'static str = "save_floor_area";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted<AreaId>;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted<AreaId>, Stop> {
        let area = Area { id: self.id, name: self.name.clone(), width_cm: self.w, height_cm: self.h };
        let others = store::areas(tx.conn())?;
        if self.change && !others.iter().any(|other| other.id == self.id) {
            return Err(Refusal::not_found("The area").into());
        }
        if others.iter().any(|other| other.id != self.id && key(&other.name) == key(&self.name)) {
            return Err(Refusal::conflict("Another area has this name.").at("name").into());
        }
        if !self.change {
            if others.len() >= AREAS_MAX {
                return Err(Refusal::rule(format!("A floor has at most {AREAS_MAX} areas.")).into());
            }
            store::insert_area(tx, &area)?;
            return Ok(Noted { id: self.id });
        }
        let tables = store::tables(tx.conn())?;
        let cut = tables.iter().filter(|table| table.area_id == self.id);
        if let Some((table, side)) = cut.filter_map(|table| area.misfit(&table.spot).map(|side| (table, side))).next() {
            let field = if side == "x_cm" { "width_cm" } else { "height_cm" };
            return Err(Refusal::rule(format!("Table {} would stand outside.", table.name)).at(field).into());
        }
        store::update_area(tx, &area)?;
        Ok(Noted { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveArea {
    pub id: AreaId,
}

impl Write for ArchiveArea {
    const NAME: &'static str = "archive_floor_area";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted<AreaId>;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted<AreaId>, Stop> {
        standing_area(tx, self.id)?;
        if store::tables(tx.conn())?.iter().any(|table| table.area_id == self.id) {
            return Err(Refusal::rule("There are tables in this area. Move or remove them first.").into());
        }
        store::archive_area(tx, self.id, cx.at_ms)?;
        Ok(Noted { id: self.id })
    }
}

/// A table as it shall be.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveTable {
    pub id: TableId,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub change: bool,
    pub area: AreaId,
    pub name: String,
    pub shape: Shape,
    pub seats: i64,
    pub spot: Spot,
}

impl SaveTable {
    fn table(&self) -> Table {
        let Self { id, area, name, shape, seats, spot, .. } = self;
        Table { id: *id, area_id: *area, name: name.clone(), shape: *shape, seats: *seats, spot: *spot }
    }
}

fn must_fit(area: &Area, table: &str, spot: &Spot) -> Result<(), Refusal> {
    let outside = || format!("Table {table} would stand outside of {}.", area.name);
    area.misfit(spot).map_or(Ok(()), |field| Err(Refusal::rule(outside()).at(format!("spot.{field}"))))
}

impl Write for SaveTable {
    const NAME: &'static str = "save_floor_table";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted<TableId>;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted<TableId>, Stop> {
        let table = self.table();
        let before = if self.change { Some(standing(tx, self.id)?) } else { None };
        let others = store::tables(tx.conn())?;
        if others.iter().any(|other| other.id != self.id && key(&other.name) == key(&self.name)) {
            return Err(Refusal::conflict(format!("There is a table {} already.", self.name)).at("name").into());
        }
        must_fit(&standing_area(tx, self.area)?, &self.name, &self.spot)?;
        let Some(before) = before else {
            if others.len() >= TABLES_MAX {
                return Err(Refusal::rule(format!("A floor has at most {TABLES_MAX} tables.")).into());
            }
            store::insert_table(tx, &table)?;
            return Ok(Noted { id: self.id });
        };
        if key(&before.name) != key(&self.name)
            && let Some(party) = party_at(tx, &before.name, None)?
        {
            let why = format!("Order {} is at table {}: name it anew when they have left.", party.number, before.name);
            return Err(Refusal::rule(why).at("name").into());
        }
        store::update_table(tx, &table)?;
        Ok(Noted { id: self.id })
    }
}

/// Tables are moved, turned or made larger within their areas, all of them or none.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrangeTables {
    pub spots: Vec<(TableId, Spot)>,
}

impl Write for ArrangeTables {
    const NAME: &'static str = "arrange_floor_tables";
    const KIND: Kind = Kind::Intent;
    type Answer = Changed;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Changed, Stop> {
        let areas = store::areas(tx.conn())?;
        for (at, (id, spot)) in self.spots.iter().enumerate() {
            let in_list = |refusal: Refusal, field: &str| refusal.at(format!("tables[{at}].{field}"));
            let table = store::table(tx.conn(), *id)?;
            let table = table.ok_or_else(|| in_list(Refusal::not_found("The table"), "table_id"))?;
            if let Some(area) = areas.iter().find(|area| area.id == table.area_id) {
                must_fit(area, &table.name, spot).map_err(|refusal| {
                    let field = refusal.field.clone().unwrap_or_default();
                    in_list(refusal, &field)
                })?;
            }
            store::update_table(tx, &Table { spot: *spot, ..table })?;
        }
        Ok(Changed { tables: self.spots.len() })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveTable {
    pub id: TableId,
}

impl Write for ArchiveTable {
    const NAME: &'static str = "archive_floor_table";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted<TableId>;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted<TableId>, Stop> {
        let table = standing(tx, self.id)?;
        if let Some(party) = party_at(tx, &table.name, None)? {
            let why = format!("Order {} is at table {}: remove it when they have left.", party.number, table.name);
            return Err(Refusal::rule(why).into());
        }
        store::archive_table(tx, self.id, cx.at_ms)?;
        Ok(Noted { id: self.id })
    }
}

/// A section: these tables are served by that person, or by nobody.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignTables {
    pub tables: Vec<TableId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffId>,
}

impl Write for AssignTables {
    const NAME: &'static str = "assign_floor_tables";
    const KIND: Kind = Kind::Intent;
    type Answer = Changed;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Changed, Stop> {
        let person = self.staff.map(|id| staff::store::by_id(tx.conn(), id)).transpose()?;
        if person.is_some_and(|person| !person.is_some_and(|member| member.active)) {
            return Err(Refusal::not_found("This person").at("staff_id").into());
        }
        for (at, id) in self.tables.iter().enumerate() {
            if store::table(tx.conn(), *id)?.is_none() {
                return Err(Refusal::not_found("The table").at(format!("table_ids[{at}]")).into());
            }
            store::assign(tx, *id, self.staff)?;
        }
        Ok(Changed { tables: self.tables.len() })
    }
}
