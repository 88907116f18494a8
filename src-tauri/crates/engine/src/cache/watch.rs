//! Debug builds: sees that what is kept is made from no table but those it names.
//!
//! SQLite tells which tables a statement reads when it is prepared; so the reading runs on a
//! connection of its own, where nothing is prepared yet.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, OpenFlags};

use super::versions::Tables;

/// Tables that are no tables: functions of SQLite, and its own list.
const WITHOUT_ROWS_OF_OURS: &[&str] = &["", "json_each", "sqlite_master"];

pub fn read<T, E: From<rusqlite::Error>>(
    path: &Path,
    tables: Tables,
    f: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let (all, flags) = (seen.clone(), OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let mut conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    conn.authorizer(Some(move |context: AuthContext<'_>| {
        if let AuthAction::Read { table_name, .. } = context.action {
            all.lock().unwrap_or_else(PoisonError::into_inner).insert(table_name.to_owned());
        }
        Authorization::Allow
    }))?;
    let snapshot = conn.transaction()?;
    let value = f(&snapshot)?;
    for table in seen.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        let known = tables.contain(table) || WITHOUT_ROWS_OF_OURS.contains(&table.as_str());
        assert!(known, "what is kept is read from {table}, which is not among its tables");
    }
    Ok(value)
}
