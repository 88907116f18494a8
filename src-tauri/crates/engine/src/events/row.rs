//! A changed row as an event says it.

use comanda_db::changes::{Change, Columns, Op};
use rusqlite::types::Value;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// A changed row, its values as JSON: an id as its text, what is not there as null.
pub struct Row<'c>(pub &'c Change);

impl Row<'_> {
    pub fn key(&self, column: &str) -> Json {
        as_json(find(&self.0.key, column))
    }

    pub fn before(&self, column: &str) -> Json {
        as_json(find(&self.0.old, column))
    }

    pub fn after(&self, column: &str) -> Json {
        as_json(find(&self.0.new, column))
    }

    /// Whether it differs; in an insert: whether it is there.
    pub fn changed(&self, column: &str) -> bool {
        find(&self.0.new, column).is_some_and(|value| self.0.op == Op::Update || *value != Value::Null)
    }

    pub fn id(&self, column: &str) -> Option<Uuid> {
        as_id(find(&self.0.key, column)?)
    }

    pub fn id_after(&self, column: &str) -> Option<Uuid> {
        as_id(find(&self.0.new, column)?)
    }
}

fn find<'c>(columns: &'c Columns, name: &str) -> Option<&'c Value> {
    columns.iter().find(|(column, _)| column == name).map(|(_, value)| value)
}

fn as_id(value: &Value) -> Option<Uuid> {
    match value {
        Value::Blob(bytes) => Uuid::from_slice(bytes).ok(),
        _ => None,
    }
}

pub fn as_json(value: Option<&Value>) -> Json {
    match value {
        Some(Value::Integer(n)) => json!(n),
        Some(Value::Real(x)) => json!(x),
        Some(Value::Text(text)) => json!(text),
        Some(id @ Value::Blob(_)) => as_id(id).map_or(Json::Null, |id| json!(id)),
        Some(Value::Null) | None => Json::Null,
    }
}
