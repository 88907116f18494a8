//! Whether a file that was brought back is what it must be: integrity, references, the chain over both records, the
//! state, and for a restaurant the books.

use std::path::Path;
use std::time::Duration;

use comanda_db::{Database, Options};

use super::Failure;
use super::store::{self, BackupFigures};
use super::unit::Unit;

/// Findings that are spelled out.
const FINDINGS_MAX: usize = 20;

pub struct Checked {
    /// Sentences; none: it is clean.
    pub findings: Vec<String>,
    /// Of a restaurant.
    pub figures: Option<BackupFigures>,
}

/// Checks a file nobody has open, brings it to this program's schema, and leaves it closed and whole. Blocking.
pub fn check(path: &Path, unit: Unit) -> Result<Checked, Failure> {
    let database = Database::open(path, unit.schema(), unit.book(), Options::default())?;
    let mut findings = database.check()?.findings;
    findings.truncate(FINDINGS_MAX);
    let mut figures = None;
    if let Unit::Restaurant(_) = unit {
        findings.extend(database.read(store::unbalanced)?);
        figures = Some(database.read(store::figures)?);
    }
    database.close_wholly(Duration::from_secs(10));
    settle(path)?;
    Ok(Checked { findings, figures })
}

/// A closed file is one file: what SQLite keeps beside an open one is gone, and it is on the disk.
pub fn settle(path: &Path) -> Result<(), Failure> {
    for kind in ["-wal", "-shm"] {
        let beside = beside(path, kind);
        match std::fs::metadata(&beside) {
            Ok(file) if kind == "-wal" && file.len() > 0 => {
                return Err(Failure::Said("the file could not be closed".into()));
            }
            Ok(_) => std::fs::remove_file(&beside)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(std::fs::File::open(path)?.sync_all()?)
}

pub fn beside(path: &Path, kind: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(kind);
    name.into()
}
