//! A whole copy of a file, kept before a migration changes it.
//!
//! It is named after the file and the schema it is of. What an earlier try left is replaced by a whole one, never by a
//! part. Deliberately absent: letting copies go; there is one for each schema a file ever had.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

#[derive(Debug, thiserror::Error)]
pub(crate) enum KeepError {
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    #[error(transparent)]
    Disk(#[from] io::Error),
    #[error("the copy is not whole: {0}")]
    Broken(String),
}

/// Where the copy of a file of that schema is.
pub(crate) fn place(folder: &Path, file: &Path, schema: usize) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    folder.join(format!("{stem}-v{schema}.db"))
}

/// Copies the file `conn` has open. A new one has nothing to keep.
pub(crate) fn copy(conn: &Connection, file: &Path, folder: &Path, schema: usize) -> Result<(), KeepError> {
    let tables: usize = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let whole = place(folder, file, schema);
    let part = whole.with_extension("part");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let made = conn.execute("VACUUM INTO ?1", [part.to_string_lossy()]).map_err(KeepError::from).and_then(|_| {
        check(&part)?;
        File::open(&part)?.sync_all()?;
        fs::rename(&part, &whole)?;
        Ok(File::open(folder)?.sync_all()?)
    });
    if made.is_err() {
        // It takes room that may be what is missing.
        drop(fs::remove_file(&part));
    }
    made
}

fn check(copy: &Path) -> Result<(), KeepError> {
    let conn = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let said: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(KeepError::Broken(said)) }
}
