//! One file to carry by hand: what a target holds of some units, one object after the other, sealed as it is there.
//!
//! Format (for ever): `COMANDAF`, then for each object the length of its name (two bytes, little-endian), the name,
//! its length (eight) and its bytes; a name of no length ends it, and the blake3 of all before follows. The hash finds
//! a copy that went wrong; what is believed is decided by each object's own seal. Unpacked it is a folder as any
//! target is, so whatever is done with it is done as with a target.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use comanda_db::Database;

use super::manifest::{self, Kind, Manifest};
use super::plan::{self, Wanted};
use super::runs::{Handle, Step};
use super::seal::DataKey;
use super::segment::{self, Segment, WRAPPED_KEY};
use super::settings::{self, Place};
use super::target::Target;
use super::unit::Unit;
use super::{Failure, base, bring, check, shelf, ship};
use crate::app::App;

const MAGIC: &[u8; 8] = b"COMANDAF";
const NAME_MAX: usize = 256;
/// Pieces of the journal after a base; a file is made while orders come in, and an end must be found.
const TAIL_MAX: usize = 64;
const HASH: usize = 32;

/// Writes units into a file: a base of each, what was asked for meanwhile, and the key under its passphrase if one was
/// chosen. Counts when it was unpacked again, brought back and checked.
pub async fn write(app: &App, units: &[Unit], to: &Path, run: &Handle) -> Result<(), Failure> {
    let _alone = app.backups.alone.lock().await;
    let (key, wrapped) = (app.backups.key()?, app.backups.settings().wrapped);
    let mut packing = Packing::begin(to)?;
    if let Some(wrapped) = wrapped {
        let bytes = serde_json::to_vec_pretty(&wrapped).map_err(io::Error::other)?;
        packing.object(WRAPPED_KEY, bytes.len() as u64, &*bytes)?;
    }
    for unit in units {
        let made = base::make(app, *unit, Kind::Carried, run).await?;
        let database = unit.database(app).ok_or_else(|| Failure::Said("this restaurant is not open".into()))?;
        run.at(Step::Upload, 0.5)?;
        let key = key.clone();
        let packed = tokio::task::spawn_blocking(move || {
            put_base(&mut packing, &key, &made)?;
            put_tail(&mut packing, &key, &database, &made.manifest)?;
            Ok::<_, Failure>(packing)
        });
        packing = packed.await??;
    }
    packing.end()?;
    run.at(Step::Check, 0.7)?;
    test(app, units, to, &key, run).await
}

fn put_base(packing: &mut Packing, key: &DataKey, made: &base::Made) -> Result<(), Failure> {
    let (unit, id) = (&made.manifest.unit, made.manifest.id);
    let file = File::open(made.file())?;
    packing.object(&segment::base_path(unit, id), file.metadata()?.len(), file)?;
    let path = segment::manifest_path(unit, id);
    let bytes = manifest::write(key, &path, &made.manifest).map_err(io::Error::other)?;
    Ok(packing.object(&path, bytes.len() as u64, &*bytes)?)
}

fn put_tail(packing: &mut Packing, key: &DataKey, database: &Database, base: &Manifest) -> Result<(), Failure> {
    let mut cursor = base.entry;
    for _ in 0..TAIL_MAX {
        let Some(piece) = database.piece(cursor, ship::SEGMENT_BYTES)? else { break };
        let path = Segment::of(base.epoch, &piece).path(&base.unit);
        let sealed = segment::shut(key, &path, &piece)?;
        packing.object(&path, sealed.len() as u64, &*sealed)?;
        cursor = piece.last;
    }
    Ok(())
}

async fn test(app: &App, units: &[Unit], file: &Path, key: &DataKey, run: &Handle) -> Result<(), Failure> {
    let work = app.backups.work()?;
    let (from, folder) = (file.to_owned(), work.file("target"));
    let target = tokio::task::spawn_blocking(move || unpack(&from, &folder)).await??;
    let target = Target::reach(&target).await.map_err(|source| Failure::Target { target: target.name, source })?;
    for unit in units {
        let shelf = shelf::look(&target, *unit, key).await?;
        let way = plan::way(&shelf, Wanted::Latest, chrono_tz::UTC).map_err(|no| Failure::Said(no.to_string()))?;
        let back = work.file(&format!("{}.db", unit.name()));
        bring::bring(&target, *unit, key, &shelf, &way, &back, run).await?;
        let unit = *unit;
        let checked = tokio::task::spawn_blocking(move || check::check(&back, unit)).await??;
        if let Some(finding) = checked.findings.first() {
            return Err(Failure::Said(finding.clone()));
        }
    }
    Ok(())
}

/// A file on its way.
struct Packing {
    out: BufWriter<File>,
    hasher: blake3::Hasher,
}

impl Packing {
    fn begin(to: &Path) -> io::Result<Self> {
        let mut packing = Self { out: BufWriter::new(File::create(to)?), hasher: blake3::Hasher::new() };
        packing.put(MAGIC)?;
        Ok(packing)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.out.write_all(bytes)
    }

    fn object(&mut self, name: &str, length: u64, mut from: impl Read) -> io::Result<()> {
        let name_length = u16::try_from(name.len()).map_err(io::Error::other)?;
        self.put(&name_length.to_le_bytes())?;
        self.put(name.as_bytes())?;
        self.put(&length.to_le_bytes())?;
        let mut part = vec![0; 256 * 1024];
        let mut went = 0;
        loop {
            let read = from.read(&mut part)?;
            if read == 0 {
                break;
            }
            self.put(&part[..read])?;
            went += read as u64;
        }
        if went == length { Ok(()) } else { Err(io::Error::other("an object changed while it was packed")) }
    }

    fn end(mut self) -> io::Result<()> {
        self.put(&0_u16.to_le_bytes())?;
        let hash = self.hasher.finalize();
        self.out.write_all(hash.as_bytes())?;
        self.out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}

/// Unpacks a file into a folder that is not there yet, which is then a target. Blocking.
pub fn unpack(file: &Path, folder: &Path) -> Result<settings::Target, Failure> {
    let broken = |why: &str| Failure::Said(format!("this file is no whole backup: {why}"));
    let mut from = Unpacking { from: BufReader::new(File::open(file)?), hasher: blake3::Hasher::new() };
    let whole = from.from.get_ref().metadata()?.len();
    let cut = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => broken("it was cut"),
        _ => error.into(),
    };
    if from.bytes(MAGIC.len()).map_err(cut)? != MAGIC {
        return Err(Failure::Said("this file is no backup of Comanda".into()));
    }
    std::fs::create_dir_all(folder)?;
    loop {
        let length = from.bytes(2).map_err(cut)?;
        let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
        if length == 0 {
            break;
        }
        if length > NAME_MAX {
            return Err(broken("a name in it is none of ours"));
        }
        let name = String::from_utf8(from.bytes(length).map_err(cut)?).unwrap_or_default();
        if !is_ours(&name) {
            return Err(broken("a name in it is none of ours"));
        }
        let length = from.bytes(8).map_err(cut)?.try_into().map_or(u64::MAX, u64::from_le_bytes);
        if length > whole {
            return Err(broken("it was cut"));
        }
        let to = folder.join(&name);
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent)?;
        }
        from.object(length, File::create(to)?).map_err(cut)?;
    }
    let hash = from.hasher.finalize();
    let mut said = [0; HASH];
    from.from.read_exact(&mut said).map_err(cut)?;
    if hash != blake3::Hash::from(said) {
        return Err(broken("it was altered on its way"));
    }
    Target::mark_folder(folder)?;
    let path = folder.to_str().ok_or_else(|| broken("its folder's name is no text"))?.to_owned();
    Ok(settings::Target { id: uuid::Uuid::now_v7(), name: "This file".into(), place: Place::Folder { path } })
}

/// Names of objects as this program gives them, and no others: they become names of files.
fn is_ours(name: &str) -> bool {
    if name == WRAPPED_KEY {
        return true;
    }
    let Some((unit, _)) = name.split_once('/') else { return false };
    let Some(unit) = Unit::parse(unit).map(Unit::name) else { return false };
    let as_segment = Segment::parse(name).is_some_and(|segment| segment.path(&unit) == name);
    let as_base = segment::base_of(name).is_some_and(|id| {
        [segment::base_path(&unit, id), segment::manifest_path(&unit, id), segment::verdict_path(&unit, id)]
            .iter()
            .any(|path| path == name)
    });
    as_segment || as_base
}

struct Unpacking {
    from: BufReader<File>,
    hasher: blake3::Hasher,
}

impl Unpacking {
    fn bytes(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.from.read_exact(&mut bytes)?;
        self.hasher.update(&bytes);
        Ok(bytes)
    }

    fn object(&mut self, length: u64, to: File) -> io::Result<()> {
        let (mut left, mut to) = (length, BufWriter::new(to));
        let mut part = vec![0; 256 * 1024];
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(part.len());
            let read = self.from.read(&mut part[..most])?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.hasher.update(&part[..read]);
            to.write_all(&part[..read])?;
            left -= read as u64;
        }
        to.flush()
    }
}

/// A file that was unpacked; its folder goes with it.
#[derive(Debug)]
pub struct Unpacked {
    folder: PathBuf,
    pub target: settings::Target,
}

impl Unpacked {
    /// Beside the data, where there is room for it. Blocking.
    pub fn of(file: &Path, beside: &Path) -> Result<Self, Failure> {
        let folder = beside.join(format!("unpacked-{}", uuid::Uuid::now_v7()));
        match unpack(file, &folder) {
            Ok(target) => Ok(Self { folder, target }),
            Err(failure) => {
                drop(std::fs::remove_dir_all(&folder));
                Err(failure)
            }
        }
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, folder = %self.folder.display(), "an unpacked backup stays");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(folder: &Path, objects: &[(&str, &[u8])]) -> PathBuf {
        let file = folder.join("file");
        let mut packing = Packing::begin(&file).unwrap();
        for (name, bytes) in objects {
            packing.object(name, bytes.len() as u64, *bytes).unwrap();
        }
        packing.end().unwrap();
        file
    }

    #[test]
    fn what_is_packed_is_unpacked_and_every_altered_byte_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let base = segment::base_path("installation", uuid::Uuid::nil());
        let file = packed(folder.path(), &[(WRAPPED_KEY, b"{}"), (&base, b"sealed")]);
        unpack(&file, &folder.path().join("whole")).unwrap();
        assert_eq!(std::fs::read(folder.path().join("whole").join(base)).unwrap(), b"sealed");
        let bytes = std::fs::read(&file).unwrap();
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            std::fs::write(&file, &altered).unwrap();
            assert!(unpack(&file, &folder.path().join(format!("flipped-{at}"))).is_err(), "byte {at}");
            std::fs::write(&file, &bytes[..at]).unwrap();
            assert!(unpack(&file, &folder.path().join(format!("cut-{at}"))).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        let id = uuid::Uuid::nil();
        for name in [
            "../evil",
            "/etc/passwd",
            "comanda.json",
            "installation/bases/../../evil/base",
            "installation/images/../../evil",
            &format!("../{id}/bases/{id}/base"),
            &format!("installation/x/bases/{id}/base"),
            "installation/journal/1/1-2-3-4",
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = packed(folder.path(), &[(name, b"x")]);
            assert!(unpack(&file, &folder.path().join("out")).is_err(), "{name}");
        }
    }
}
