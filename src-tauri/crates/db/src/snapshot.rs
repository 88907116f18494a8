//! A whole copy of a live file.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::database::Database;

impl Database {
    /// Writes one consistent copy to a new file while writes go on. `VACUUM INTO` reads one snapshot;
    /// a stepped online backup would start again with every write. The copy is not forced to the disk, which
    /// writes beside it would have to wait for: whoever keeps it as it is syncs it.
    pub fn snapshot(&self, to: &Path) -> rusqlite::Result<()> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(self.path(), flags)?;
        conn.busy_timeout(std::time::Duration::from_secs(5))?;
        conn.pragma_update(None, "synchronous", "OFF")?;
        conn.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
        Ok(())
    }
}
