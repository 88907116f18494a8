//! A synced table as the schema on disk has it: columns by name, which of them are the key.

use rusqlite::Connection;

#[derive(Debug, Clone)]
pub struct Shape {
    pub table: String,
    pub columns: Vec<String>,
    /// Positions of the key columns, in key order.
    pub key: Vec<usize>,
    /// Positions of all columns, sorted by name: hashes must not depend on declaration order.
    pub(crate) by_name: Vec<usize>,
}

impl Shape {
    /// Reads a table's shape; a table without a declared primary key has none worth capturing.
    pub fn read(conn: &Connection, table: &str) -> rusqlite::Result<Option<Self>> {
        let mut columns = Vec::new();
        let mut key = Vec::new();
        let mut statement =
            conn.prepare("SELECT name, pk FROM pragma_table_xinfo(?1) WHERE hidden = 0 ORDER BY cid")?;
        let mut rows = statement.query([table])?;
        while let Some(row) = rows.next()? {
            let place: i64 = row.get(1)?;
            if place > 0 {
                key.push((place, columns.len()));
            }
            columns.push(row.get::<_, String>(0)?);
        }
        if key.is_empty() {
            return Ok(None);
        }
        key.sort_unstable();
        let mut by_name: Vec<usize> = (0..columns.len()).collect();
        by_name.sort_by(|a, b| columns[*a].cmp(&columns[*b]));
        Ok(Some(Self {
            table: table.to_owned(),
            key: key.into_iter().map(|(_, column)| column).collect(),
            columns,
            by_name,
        }))
    }

    pub(crate) fn is_key(&self, column: usize) -> bool {
        self.key.contains(&column)
    }

    pub(crate) fn quoted(&self) -> String {
        quote(&self.table)
    }

    pub(crate) fn column_list(&self) -> String {
        self.columns.iter().map(|c| quote(c)).collect::<Vec<_>>().join(", ")
    }
}

/// An identifier in double quotes.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
