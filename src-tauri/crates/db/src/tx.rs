//! The writer's open transaction, as a command sees it.

use rusqlite::{Connection, Params};

use crate::capture::Capture;

/// Writes go through `execute`, so that a failed statement leaves nothing in the capture.
pub struct Tx<'a> {
    conn: &'a Connection,
    capture: &'a Capture,
}

impl<'a> Tx<'a> {
    pub(crate) const fn new(conn: &'a Connection, capture: &'a Capture) -> Self {
        Self { conn, capture }
    }

    /// Runs one statement (kept prepared) and says how many rows it changed.
    pub fn execute(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mark = self.capture.buffer().mark();
        let result = statement.execute(params);
        let mut buffer = self.capture.buffer();
        match (result, &buffer.spoilt) {
            (Ok(_), Some(why)) => Err(rusqlite::Error::UserFunctionError(why.clone().into())),
            (Err(error), _) => {
                buffer.cut(&mark);
                Err(error)
            }
            (done, None) => done,
        }
    }

    /// For functions that only read.
    pub const fn conn(&self) -> &Connection {
        self.conn
    }
}
