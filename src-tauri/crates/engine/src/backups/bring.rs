//! Making a file of a moment: the base brought down, opened and held against its manifest, then every segment up to
//! the moment, each believed only in its place. What is left of a failure is worth nothing and goes with its folder.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use comanda_db::replay::ReplayError;
use comanda_db::shipping::{self, Advancing, Mark, Piece, Until};
use rusqlite::Connection;

use super::aside::aside;
use super::plan::Way;
use super::runs::{Handle, Step};
use super::seal::{self, DataKey};
use super::shelf::Shelf;
use super::target::{Target, TargetError};
use super::unit::Unit;
use super::{Failure, base, segment, store};

/// Brings `way` down into `to`, a file that is not there yet.
pub async fn bring(
    target: &Target,
    unit: Unit,
    key: &DataKey,
    shelf: &Shelf,
    way: &Way,
    to: &Path,
    run: &Handle,
) -> Result<Mark, Failure> {
    if way.base.schema > unit.schema().migrations.len() as u64 {
        return Err(Failure::Said("a newer version of Comanda made this backup. Update first.".into()));
    }
    run.at(Step::Download, 0.05)?;
    base_into(target, unit, key, way, to, run).await?;
    run.at(Step::Journal, 0.4)?;
    let mark = journal_into(target, unit, key, way, to, run).await?;
    if let Unit::Restaurant(_) = unit {
        images_into(target, unit, key, shelf, to).await?;
    }
    Ok(mark)
}

async fn base_into(
    target: &Target,
    unit: Unit,
    key: &DataKey,
    way: &Way,
    to: &Path,
    run: &Handle,
) -> Result<(), Failure> {
    let path = segment::base_path(&unit.name(), way.base.id);
    let sealed = to.with_extension("sealed");
    let whole = way.base.sealed.bytes.max(1);
    let mut here = 0;
    let came = |bytes| {
        here += bytes;
        run.done(0.05 + 0.25 * here as f32 / whole as f32);
    };
    let failed = |source| Failure::Target { target: target.name.clone(), source };
    if let Err(source) = target.get_file(&path, &sealed, came).await {
        return Err(match source {
            TargetError::Missing(_) if is_there(target).await? => {
                Failure::Said(format!("base {} is not there any more", way.base.id))
            }
            source => failed(source),
        });
    }
    run.goes_on()?;
    let (key, to, manifest, goes) = (key.clone(), to.to_owned(), way.base.clone(), run.clone());
    aside(run, move || {
        let what = format!("base {}", manifest.id);
        let altered = || Failure::Said(format!("{what} is not what its manifest says: it was altered or cut"));
        if base::sum(&sealed)? != manifest.sealed {
            return Err(altered());
        }
        goes.goes_on()?;
        let mut out = BufWriter::new(File::create(&to)?);
        let opened = seal::open(&key, &path, BufReader::new(File::open(&sealed)?), &mut out);
        opened.map_err(|source| Failure::Sealed { what: what.clone(), source })?;
        out.flush()?;
        drop(out);
        std::fs::remove_file(&sealed)?;
        if base::sum(&to)? != manifest.plain || !manifest.is_of(&shipping::mark(&to)?) {
            return Err(altered());
        }
        Ok(())
    })
    .await
}

async fn journal_into(
    target: &Target,
    unit: Unit,
    key: &DataKey,
    way: &Way,
    to: &Path,
    run: &Handle,
) -> Result<Mark, Failure> {
    let mut advancing = Some(begin(to.to_owned(), unit, Until::End, run).await?);
    let count = way.segments.len();
    for (at, one) in way.segments.iter().enumerate() {
        run.at(Step::Journal, 0.4 + 0.3 * at as f32 / count as f32)?;
        let fetched = fetch(target, &unit.name(), key, one).await;
        let piece = match fetched {
            Ok(piece) => piece,
            Err(failure) => return Err(broken(target, one, failure).await?),
        };
        let mut copy = advancing.take().ok_or(Failure::Stopped)?;
        let until = way.until_ms.filter(|_| at + 1 == count);
        let taken = aside(run, move || take(&mut copy, &piece, until).map(|()| copy)).await;
        advancing = match taken {
            Ok(copy) => Some(copy),
            Err(failure) => return Err(broken(target, one, failure).await?),
        };
    }
    let copy = advancing.take().ok_or(Failure::Stopped)?;
    aside(run, move || Ok(copy.finish()?)).await
}

/// What is the matter with a segment, and what only with reaching it.
async fn broken(target: &Target, one: &segment::Segment, failure: Failure) -> Result<Failure, Failure> {
    let why = match failure {
        Failure::Sealed { source, .. } => source.to_string(),
        Failure::Target { source: TargetError::Missing(_), .. } if is_there(target).await? => {
            "it is not there any more".to_owned()
        }
        Failure::Records(
            error @ (ReplayError::Misfit { .. }
            | ReplayError::State { .. }
            | ReplayError::Chain { .. }
            | ReplayError::Missing { .. }),
        ) => error.to_string(),
        other => return Ok(other),
    };
    Ok(Failure::Broken { segment: Box::new(one.clone()), why })
}

/// A disk that was pulled out holds nothing either.
async fn is_there(target: &Target) -> Result<bool, Failure> {
    let failed = |source| Failure::Target { target: target.name.clone(), source };
    if target.is_marked().await.map_err(failed)? { Ok(true) } else { Err(failed(target.gone())) }
}

async fn begin(to: PathBuf, unit: Unit, until: Until, run: &Handle) -> Result<Advancing, Failure> {
    aside(run, move || Ok(Advancing::begin(&to, unit.schema(), until)?)).await
}

fn take(copy: &mut Advancing, piece: &Piece, until_ms: Option<i64>) -> Result<(), Failure> {
    if let Some(until_ms) = until_ms {
        copy.stop_at(piece.last_until(until_ms)?.unwrap_or(piece.first - 1));
    }
    copy.take(piece)?;
    Ok(())
}

/// One segment, opened under its name.
pub async fn fetch(target: &Target, unit: &str, key: &DataKey, one: &segment::Segment) -> Result<Piece, Failure> {
    let path = one.path(unit);
    let sealed = target.get(&path).await;
    let sealed = sealed.map_err(|source| Failure::Target { target: target.name.clone(), source })?;
    let what = format!("the journal from entry {} to {}", one.first, one.last);
    segment::open(key, &path, one, &sealed).map_err(|source| Failure::Sealed { what, source })
}

/// Pictures that came after the base.
async fn images_into(target: &Target, unit: Unit, key: &DataKey, shelf: &Shelf, to: &Path) -> Result<(), Failure> {
    let missing = Connection::open(to).and_then(|conn| store::images_missing(&conn))?;
    for hash in missing.into_iter().filter(|hash| shelf.images.contains(hash)) {
        let path = segment::image_path(&unit.name(), &hash);
        let sealed = target.get(&path).await;
        let sealed = sealed.map_err(|source| Failure::Target { target: target.name.clone(), source })?;
        let mut plain = Vec::new();
        let opened = seal::open(key, &path, &*sealed, &mut plain);
        opened.map_err(|source| Failure::Sealed { what: format!("picture {hash}"), source })?;
        let Some(end) = plain.iter().position(|byte| *byte == 0) else { continue };
        let media_type = String::from_utf8_lossy(&plain[..end]).into_owned();
        Connection::open(to).and_then(|conn| store::bring_image(&conn, &hash, &media_type, &plain[end + 1..]))?;
    }
    Ok(())
}
