//! Copies of a line on this disk: made from the last snapshot and what was placed after it, thrown away, made again.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use comanda_db::upstream::{self, Upstream};
use comanda_db::{Database, OpenError, Schema};
use uuid::Uuid;

use super::connect::Trouble;
use super::line::{Line, fits};
use super::{Hub, store};

/// A row of a snapshot holds so much.
const PIECE_BYTES: usize = 1024 * 1024;
/// Pages are read and answers given at this strength; more costs time and little else.
const LEVEL: i32 = 3;

/// Where a file's turns are kept, and which tables go along.
pub type Kept = (Arc<dyn Upstream>, &'static [&'static str]);

/// Opens a copy. One that is not there is made; what was placed meanwhile is in it when it is handed out. Blocking.
pub fn open(
    line: &Arc<Line>,
    path: &Path,
    apart: &'static [&'static str],
    open: impl FnOnce(Kept) -> Result<Database, OpenError>,
) -> Result<Database, OpenError> {
    let failed = |trouble: Trouble| OpenError::Thread(std::io::Error::other(trouble.to_string()));
    let hub = line.hub.clone();
    if path.exists() && !hub.runtime.block_on(goes_on(line, path)).map_err(failed)? {
        tracing::warn!(line = %line.id, "a copy that is too far behind is thrown away");
        throw_away(path)?;
    }
    if !path.exists() {
        hub.runtime.block_on(fetch(&hub, line.id, path)).map_err(failed)?;
    }
    let db = open((line.clone() as Arc<dyn Upstream>, apart))?;
    let begun = async { Ok(store::begin(&hub.client().await?, line.id, db.epoch() as i64, line.schema).await?) };
    hub.runtime.block_on(begun).map_err(failed)?;
    let Err(error) = db.catch_up() else { return Ok(db) };
    if hub.is_misfit(line.id) {
        db.close();
        throw_away(path)?;
    }
    Err(OpenError::Thread(std::io::Error::other(format!("{error}; start again"))))
}

/// Whether a copy that lies there can go on from where it is.
async fn goes_on(line: &Line, path: &Path) -> Result<bool, Trouble> {
    let Ok(turn) = upstream::turn_of(path) else { return Ok(false) };
    let head = store::head(&line.hub.client().await?, line.id).await?;
    Ok(head.map_or(turn == 0, |head| fits(&head, turn as i64)))
}

/// Brings the last snapshot, if there is one.
async fn fetch(hub: &Hub, line: Uuid, path: &Path) -> Result<(), Trouble> {
    let client = hub.client().await?;
    let Some((turn, pieces)) = store::last_snapshot(&client, line).await? else { return Ok(()) };
    let folder = |error: std::io::Error| Trouble::Folder(error.to_string());
    let part = beside(path, ".part");
    let file = std::fs::File::create(&part).map_err(folder)?;
    let mut out = zstd::stream::write::Decoder::new(file).map_err(folder)?;
    for piece in 0..pieces {
        out.write_all(&store::snapshot_piece(&client, line, turn, piece).await?).map_err(folder)?;
    }
    out.flush().map_err(folder)?;
    std::fs::rename(&part, path).map_err(folder)
}

/// Keeps a snapshot of a copy, unless somebody has just kept one. The turn of the last one.
pub async fn keep(
    hub: &Hub,
    line: Uuid,
    db: &Database,
    schema: Schema,
    apart: &'static [&'static str],
) -> Result<u64, Trouble> {
    let mut client = hub.client().await?;
    let last = store::last_snapshot(&client, line).await?.map_or(0, |(turn, _)| turn as u64);
    let failed = |error: rusqlite::Error| Trouble::Failed(error.to_string());
    if db.turn().map_err(failed)? < last + hub.snapshot_every {
        return Ok(last);
    }
    let (copying, path) = (db.clone(), beside(db.path(), ".snapshot"));
    let made = tokio::task::spawn_blocking(move || -> Result<(u64, Vec<u8>), Trouble> {
        let made = (|| {
            drop(std::fs::remove_file(&path));
            copying.snapshot(&path)?;
            upstream::bare(&path, &schema, apart)
        })();
        let packed = made.map_err(|error| Trouble::Failed(error.to_string())).and_then(|turn| {
            let mut packed = Vec::new();
            let file = std::fs::File::open(&path).map_err(|error| Trouble::Folder(error.to_string()))?;
            zstd::stream::read::Encoder::new(file, LEVEL)
                .and_then(|mut from| from.read_to_end(&mut packed))
                .map_err(|error| Trouble::Folder(error.to_string()))?;
            Ok((turn, packed))
        });
        drop(std::fs::remove_file(&path));
        packed
    });
    let (turn, packed) = made.await.map_err(|error| Trouble::Failed(error.to_string()))??;
    let tx = client.transaction().await?;
    let mut pieces = 0;
    for bytes in packed.chunks(PIECE_BYTES) {
        store::put_snapshot_piece(&tx, line, turn as i64, pieces, bytes).await?;
        pieces += 1;
    }
    store::finish_snapshot(&tx, line, turn as i64, pieces).await?;
    tx.commit().await?;
    tracing::info!(%line, turn, bytes = packed.len(), "a snapshot was kept");
    Ok(turn)
}

/// Takes a closed copy off the disk.
pub fn throw_away(path: &Path) -> std::io::Result<()> {
    for path in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
