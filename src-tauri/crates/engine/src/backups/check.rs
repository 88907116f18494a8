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

/// Checks a file that is to be kept: see `look`. It is on the disk then. Blocking.
pub fn check(path: &Path, unit: Unit) -> Result<Checked, Failure> {
    let checked = look(path, unit)?;
    settle(path)?;
    Ok(checked)
}

/// Checks a file nobody has open, brings it to this program's schema, and leaves it closed and whole. It is not forced
/// to the disk, which orders that come in meanwhile would have to wait for. Blocking.
pub fn look(path: &Path, unit: Unit) -> Result<Checked, Failure> {
    let database = Database::open(path, unit.schema(), unit.book(), Options { scratch: true, ..Options::default() })?;
    let mut findings = database.check()?.findings;
    findings.truncate(FINDINGS_MAX);
    let mut figures = None;
    if let Unit::Restaurant(_) = unit {
        findings.extend(database.read(store::unbalanced)?);
        figures = Some(database.read(store::figures)?);
    }
    database.close_wholly(Duration::from_secs(10));
    leave_one_file(path)?;
    Ok(Checked { findings, figures })
}

/// A closed file is one file: what SQLite keeps beside an open one is gone, and it is on the disk.
pub fn settle(path: &Path) -> Result<(), Failure> {
    leave_one_file(path)?;
    Ok(std::fs::File::open(path)?.sync_all()?)
}

fn leave_one_file(path: &Path) -> Result<(), Failure> {
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
    Ok(())
}

pub fn beside(path: &Path, kind: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(kind);
    name.into()
}
