//! Making a base: a snapshot beside the live file, made small and shut, put into a target, its manifest last.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use comanda_db::pace::give_way;
use comanda_db::{Database, records, shipping};
use uuid::Uuid;

use super::aside::aside;
use super::manifest::{self, FORMAT, Kind, Manifest, Sum};
use super::runs::Step;
use super::seal::{self, DataKey, hex};
use super::shelf::Shelved;
use super::target::Target;
use super::unit::Unit;
use super::{Failure, Work, runs, segment};
use crate::app::App;

/// What is the same for every target.
pub struct Made {
    pub manifest: Manifest,
    work: Work,
}

impl Made {
    /// It, sealed.
    pub fn file(&self) -> PathBuf {
        self.work.file("base")
    }
}

/// The snapshot, sealed, in a folder of its own. Writes go on meanwhile.
pub async fn make(app: &App, unit: Unit, kind: Kind, run: &runs::Handle) -> Result<Made, Failure> {
    let database = unit.database(app).ok_or_else(|| Failure::Said("this restaurant is not open".into()))?;
    let (work, key) = (app.backups.work()?, app.backups.key()?);
    let now = app.clock.clone();
    let (plain_file, sealed_file) = (work.file("plain"), work.file("base"));
    let (taken, to, begun) = (database.clone(), plain_file.clone(), run.clone());
    // As fast as it goes: for as long as it reads, the log only grows.
    tokio::task::spawn_blocking(move || {
        begun.at(Step::Snapshot, 0.0)?;
        Ok::<_, Failure>(taken.snapshot(&to)?)
    })
    .await??;
    let sealing = run.clone();
    aside(run, move || {
        let mark = shipping::mark(&plain_file)?;
        let made_ms = now.now_ms();
        let at_ms = last_command_ms(&database, mark.seq)?;
        sealing.at(Step::Seal, 0.3)?;
        let id = Uuid::now_v7();
        let name = unit.name();
        let plain = seal_file(&key, &segment::base_path(&name, id), &plain_file, &sealed_file)?;
        let sealed = sum(&sealed_file)?;
        std::fs::remove_file(&plain_file)?;
        let manifest = Manifest {
            format: FORMAT,
            id,
            unit: name,
            kind,
            made_ms,
            at_ms,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            schema: mark.schema as u64,
            epoch: mark.epoch,
            entry: mark.entry,
            link: hex(&mark.link),
            state: hex(&mark.state),
            seq: mark.seq,
            position: mark.position,
            key_id: key.id(),
            plain,
            sealed,
        };
        Ok(Made { manifest, work })
    })
    .await
}

fn last_command_ms(database: &Database, seq: u64) -> Result<i64, Failure> {
    Ok(database.read(|conn| records::ledger(conn, seq))?.map_or(0, |row| row.at_ms))
}

fn seal_file(key: &DataKey, about: &str, plain: &Path, sealed: &Path) -> Result<Sum, Failure> {
    let mut hashing = Hashing { from: BufReader::new(File::open(plain)?), hasher: blake3::Hasher::new(), bytes: 0 };
    let mut out = BufWriter::new(File::create(sealed)?);
    seal::shut(key, about, &mut hashing, &mut out)?;
    out.flush()?;
    Ok(hashing.sum())
}

/// Hashes what is read through it.
struct Hashing<R> {
    from: R,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl<R> Hashing<R> {
    fn sum(&self) -> Sum {
        Sum { bytes: self.bytes, blake3: self.hasher.finalize().to_hex().to_string() }
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        give_way();
        let read = self.from.read(into)?;
        self.hasher.update(&into[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

/// Bytes and hash of a file.
pub fn sum(path: &Path) -> std::io::Result<Sum> {
    let mut hashing = Hashing { from: File::open(path)?, hasher: blake3::Hasher::new(), bytes: 0 };
    let mut part = vec![0; 256 * 1024];
    while hashing.read(&mut part)? > 0 {}
    Ok(hashing.sum())
}

/// Bases on their way to a place, or there: they are not left over, though nothing may say yet what they are.
#[derive(Debug, Default)]
pub struct Arriving(Mutex<Vec<Uuid>>);

impl Arriving {
    pub fn has(&self, id: Uuid) -> bool {
        self.all().contains(&id)
    }

    fn all(&self) -> MutexGuard<'_, Vec<Uuid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts it into a target; it counts when its manifest is there.
pub async fn put(app: &App, target: &Target, made: &Made, run: &runs::Handle) -> Result<Shelved, Failure> {
    let id = made.manifest.id;
    app.backups.arriving.all().push(id);
    let outcome = carry(app, target, made, run).await;
    if outcome.is_err() {
        app.backups.arriving.all().retain(|known| *known != id);
    }
    outcome
}

async fn carry(app: &App, target: &Target, made: &Made, run: &runs::Handle) -> Result<Shelved, Failure> {
    let failed = |source| Failure::Target { target: target.name.clone(), source };
    let (manifest, key) = (&made.manifest, app.backups.key()?);
    run.at(Step::Upload, 0.5)?;
    let (mut up, whole) = (0, manifest.sealed.bytes.max(1));
    let went = |bytes| {
        up += bytes;
        run.done(0.5 + 0.25 * up as f32 / whole as f32);
    };
    let path = segment::base_path(&manifest.unit, manifest.id);
    target.put_file(&path, &made.file(), went).await.map_err(failed)?;
    run.at(Step::Upload, 0.75)?;
    let path = segment::manifest_path(&manifest.unit, manifest.id);
    let bytes = manifest::write(&key, &path, manifest).map_err(|error| Failure::Said(error.to_string()))?;
    target.put(&path, bytes).await.map_err(failed)?;
    Ok(Shelved { manifest: manifest.clone(), verdict: None })
}
