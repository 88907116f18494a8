//! Pictures by the hash of their bytes. They are no part of the records: whoever lacks one fetches it.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, params};

pub struct Image {
    pub media_type: String,
    pub bytes: Vec<u8>,
}

pub fn image(conn: &Connection, hash: &str) -> Result<Option<Image>> {
    let image = |row: &rusqlite::Row<'_>| Ok(Image { media_type: row.get(0)?, bytes: row.get(1)? });
    conn.prepare_cached("SELECT media_type, bytes FROM image WHERE hash = ?1")?.query_row([hash], image).optional()
}

pub fn has_image(conn: &Connection, hash: &str) -> Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM image WHERE hash = ?1)")?.query_row([hash], |row| row.get(0))
}

pub fn images_count(conn: &Connection) -> Result<i64> {
    conn.prepare_cached("SELECT COUNT(*) FROM image")?.query_row([], |row| row.get(0))
}

/// The same bytes are kept once.
pub fn keep_image(tx: &Tx<'_>, hash: &str, media_type: &str, bytes: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO image (hash, media_type, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![hash, media_type, bytes],
    )
    .map(drop)
}
