//! One collection as it was at a moment: the menu, the floor, the stations. A command in the ledger like any other,
//! which puts rows as they were and takes off what came since; nothing of orders, payments or people is touched.
//!
//! Only what somebody arranged can be put back alone. What happened (orders, payments, the till) is true whatever is
//! arranged, and a part of it without the rest would be a lie; that is refused with a sentence. `compare` is pure.

use std::collections::{BTreeMap, BTreeSet};

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;

/// Rows one command puts back.
const ROWS_MAX: usize = 20_000;
/// Changes named in a preview.
const NAMED_MAX: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BackupCollection)]
pub enum Collection {
    Menu,
    Floor,
    Stations,
}

impl Collection {
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        match name {
            "menu" => Ok(Self::Menu),
            "floor" => Ok(Self::Floor),
            "stations" => Ok(Self::Stations),
            "orders" | "payments" | "till" | "invoices" | "clock" | "audit" => Err(Refusal::invalid(
                "collection",
                "This is what happened, and is not put back by itself. Put the whole restaurant back instead.",
            )),
            _ => Err(Refusal::invalid("collection", "Give menu, floor or stations.")),
        }
    }

    /// In the order their rows refer to each other.
    pub const fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Menu => &[
                "menu_category",
                "modifier_group",
                "modifier",
                "menu_item",
                "menu_variant",
                "menu_item_group",
                "price_list",
                "price_list_price",
            ],
            Self::Floor => &["floor_area", "floor_table"],
            Self::Stations => &["station", "station_route"],
        }
    }
}

/// A value of a row, as it is frozen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Null,
    Integer(i64),
    Text(String),
    /// Hexadecimal: ids.
    Bytes {
        x: String,
    },
}

pub type Row = Vec<Value>;

/// A table as it stands in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<String>,
    /// Which of them are its key, in their order.
    pub keys: Vec<usize>,
    pub rows: BTreeMap<Row, Row>,
}

impl Table {
    fn at(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    fn stands(&self, row: &Row) -> bool {
        self.at("archived_ms").is_none_or(|at| row.get(at) == Some(&Value::Null))
    }

    fn name_of(&self, row: &Row) -> Option<String> {
        match row.get(self.at("name")?)? {
            Value::Text(name) => Some(name.clone()),
            _ => None,
        }
    }
}

/// What a command does to one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub table: String,
    pub columns: Vec<String>,
    pub keys: Vec<String>,
    /// As they are to be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub put: Vec<Row>,
    /// Keys of what came since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Row>,
    /// What is gone is kept, off the list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archives: bool,
}

/// Puts a collection as it was.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutBack {
    pub collection: Collection,
    /// The moment it is of.
    pub moment_ms: i64,
    pub changes: Vec<Change>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct PutBackDone {
    pub rows: usize,
}

impl Write for PutBack {
    const NAME: &'static str = "put_back_collection";
    const KIND: Kind = Kind::Intent;
    type Answer = PutBackDone;

    fn check(&self, _: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let rows: usize = self.changes.iter().map(|change| change.put.len() + change.gone.len()).sum();
        if rows > ROWS_MAX {
            let message = format!("More than {ROWS_MAX} things are different. Put the whole restaurant back instead.");
            return Err(Refusal::rule(message).into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<PutBackDone, Stop> {
        let mut rows = 0;
        for change in &self.changes {
            if !self.collection.tables().contains(&&*change.table) {
                return Err(Refusal::rule("This collection has no such things.").into());
            }
            rows += change.gone.len() + change.put.len();
            store::take_off(tx, change, cx.at_ms)?;
            store::put_rows(tx, change)?;
        }
        Ok(PutBackDone { rows })
    }
}

/// What putting a collection back would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BackupCollectionPreview)]
pub struct Preview {
    pub comes: usize,
    pub changes: usize,
    pub goes: usize,
    /// By name, as many as are named.
    pub named: Vec<Named>,
    /// Pictures that are no longer here: their dishes stand without.
    pub pictures_missing: usize,
    /// Tables whose waiter is no longer on the staff: nobody serves them.
    pub waiters_gone: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BackupCollectionChange)]
pub struct Named {
    pub what: What,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BackupCollectionChangeKind)]
pub enum What {
    Comes,
    Changes,
    Goes,
}

/// What there is now that rows may refer to.
#[derive(Debug, Default)]
pub struct Here {
    pub pictures: BTreeSet<String>,
    /// Ids of people on the staff, in hexadecimal.
    pub staff: BTreeSet<String>,
}

/// From how it stands to how it stood, table by table; and what that means to people.
pub fn compare(collection: Collection, then: &[Table], now: &[Table], here: &Here) -> (Vec<Change>, Preview) {
    let (mut changes, mut preview) = (Vec::new(), Preview::default());
    for ((name, then), now) in collection.tables().iter().zip(then).zip(now) {
        let archives = now.at("archived_ms").is_some();
        let keys = now.keys.iter().filter_map(|at| now.columns.get(*at).cloned()).collect();
        let columns = now.columns.clone();
        let mut change =
            Change { table: (*name).to_owned(), columns, keys, put: Vec::new(), gone: Vec::new(), archives };
        for (key, row) in &then.rows {
            let before = now.rows.get(key);
            let (row, pictures, waiters) = mended(now, row, here);
            let (stood, stands) = (then.stands(&row), before.is_some_and(|before| now.stands(before)));
            // What stood on no list then and stands on none now is nobody's business.
            if before == Some(&row) || !(stood || stands) {
                continue;
            }
            let what = match (stood, stands) {
                (true, true) => What::Changes,
                (true, false) => What::Comes,
                _ => What::Goes,
            };
            preview.pictures_missing += pictures;
            preview.waiters_gone += waiters;
            note(&mut preview, what, then.name_of(&row));
            change.put.push(row);
        }
        for (key, row) in now.rows.iter().filter(|(key, row)| !then.rows.contains_key(*key) && now.stands(row)) {
            note(&mut preview, What::Goes, now.name_of(row));
            change.gone.push(key.clone());
        }
        if !change.put.is_empty() || !change.gone.is_empty() {
            changes.push(change);
        }
    }
    (changes, preview)
}

/// A row without what it refers to and is no longer here; how many pictures and waiters that were.
fn mended(table: &Table, row: &Row, here: &Here) -> (Row, usize, usize) {
    let mut row = row.clone();
    let mut mend = |column: &str, is_here: &dyn Fn(&Value) -> bool| {
        let Some(value) = table.at(column).and_then(|at| row.get_mut(at)) else { return 0 };
        if *value == Value::Null || is_here(value) {
            return 0;
        }
        *value = Value::Null;
        1
    };
    let pictured = |value: &Value| matches!(value, Value::Text(hash) if here.pictures.contains(hash));
    let employed = |value: &Value| matches!(value, Value::Bytes { x } if here.staff.contains(x));
    let (pictures, waiters) = (mend("image", &pictured), mend("staff_id", &employed));
    (row, pictures, waiters)
}

fn note(preview: &mut Preview, what: What, name: Option<String>) {
    // What has no name (which choices go with a dish, a price on a list) is part of what has one.
    let Some(name) = name else { return };
    match what {
        What::Comes => preview.comes += 1,
        What::Changes => preview.changes += 1,
        What::Goes => preview.goes += 1,
    }
    if preview.named.len() < NAMED_MAX {
        preview.named.push(Named { what, name });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    /// Areas: id, name, archived.
    fn areas(rows: &[(i64, &str, Option<i64>)]) -> Table {
        let row = |(id, name, archived): &(i64, &str, Option<i64>)| {
            vec![Value::Integer(*id), text(name), archived.map_or(Value::Null, Value::Integer)]
        };
        Table {
            columns: ["id", "name", "archived_ms"].map(String::from).to_vec(),
            keys: vec![0],
            rows: rows.iter().map(|one| (vec![Value::Integer(one.0)], row(one))).collect(),
        }
    }

    fn tables(rows: &[(i64, &str)]) -> Table {
        let row = |(id, waiter): &(i64, &str)| {
            let waiter = if waiter.is_empty() { Value::Null } else { Value::Bytes { x: (*waiter).to_owned() } };
            vec![Value::Integer(*id), text("T"), waiter]
        };
        Table {
            columns: ["id", "name", "staff_id"].map(String::from).to_vec(),
            keys: vec![0],
            rows: rows.iter().map(|one| (vec![Value::Integer(one.0)], row(one))).collect(),
        }
    }

    #[test]
    fn what_came_goes_what_went_comes_and_what_changed_is_as_it_was() {
        let then = [areas(&[(1, "Hall", None), (2, "Garden", None), (3, "Old", Some(5))]), tables(&[])];
        let now = [areas(&[(1, "Room", None), (2, "Garden", Some(9)), (4, "Bar", None)]), tables(&[])];
        let (changes, preview) = compare(Collection::Floor, &then, &now, &Here::default());
        assert_eq!((preview.comes, preview.changes, preview.goes), (1, 1, 1));
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].put.len(), 2, "{changes:?}");
        assert_eq!(changes[0].gone, [vec![Value::Integer(4)]]);
        assert!(changes[0].archives);
        let (none, preview) = compare(Collection::Floor, &then, &then, &Here::default());
        assert_eq!((none.len(), preview), (0, Preview::default()));
    }

    #[test]
    fn a_table_whose_waiter_left_is_served_by_nobody_and_that_is_told() {
        let then = [areas(&[]), tables(&[(1, "aa"), (2, "bb")])];
        let now = [areas(&[]), tables(&[])];
        let here = Here { staff: ["bb".to_owned()].into(), ..Here::default() };
        let (changes, preview) = compare(Collection::Floor, &then, &now, &here);
        assert_eq!(preview.waiters_gone, 1);
        let waiters: Vec<_> = changes[0].put.iter().map(|row| row[2].clone()).collect();
        assert_eq!(waiters, [Value::Null, Value::Bytes { x: "bb".into() }]);
    }

    #[test]
    fn a_frozen_value_reads_back_as_it_was() {
        let row: Row = vec![Value::Null, Value::Integer(-3), text("Añejo"), Value::Bytes { x: "00ff".into() }];
        let text = serde_json::to_string(&row).unwrap();
        assert_eq!(text, r#"[null,-3,"Añejo",{"x":"00ff"}]"#);
        assert_eq!(serde_json::from_str::<Row>(&text).unwrap(), row);
    }
}
