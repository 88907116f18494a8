//! The only SQL for the hub's tables in PostgreSQL: plain tables, row locks, no more than any server of its protocol has.

use deadpool_postgres::{Client, Transaction};
use tokio_postgres::Error;
use uuid::Uuid;

/// One step of the tables, numbered from 1. A released one is never edited.
const STEPS: &[&str] = &[include_str!("schema_0001.sql")];
/// What these programs know.
pub const VERSION: i32 = STEPS.len() as i32;

/// The version of the tables, and the hub's id. None: there are none.
pub async fn hub(client: &Client) -> Result<Option<(i32, Uuid)>, Error> {
    let there: bool = client.query_one("SELECT to_regclass('hub') IS NOT NULL", &[]).await?.get(0);
    if !there {
        return Ok(None);
    }
    let row = client.query_opt("SELECT version, id FROM hub", &[]).await?;
    Ok(row.map(|row| (row.get(0), row.get(1))))
}

/// Makes the tables, or brings them up to date. Whoever comes second waits for the first.
pub async fn migrate(tx: &Transaction<'_>, there: i32, id: Uuid) -> Result<(), Error> {
    for step in STEPS.iter().skip(usize::try_from(there).unwrap_or(0)) {
        tx.batch_execute(step).await?;
    }
    let sql = "INSERT INTO hub (one, version, id) VALUES (true, $1, $2)
               ON CONFLICT (one) DO UPDATE SET version = excluded.version";
    tx.execute(sql, &[&VERSION, &id]).await.map(drop)
}

/// Where a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub turn: i64,
    pub position: i64,
    pub epoch: i64,
    pub schema: i32,
    /// A copy that holds fewer turns is made again.
    pub floor: i64,
    pub written: Option<Uuid>,
}

pub async fn head(client: &Client, restaurant: Uuid) -> Result<Option<Head>, Error> {
    let sql = "SELECT turn, position, epoch, schema, floor, written FROM head WHERE restaurant = $1";
    let row = client.query_opt(&client.prepare_cached(sql).await?, &[&restaurant]).await?;
    Ok(row.map(|row| Head {
        turn: row.get(0),
        position: row.get(1),
        epoch: row.get(2),
        schema: row.get(3),
        floor: row.get(4),
        written: row.get(5),
    }))
}

/// The turns of all lines.
pub async fn turns(client: &Client) -> Result<Vec<(Uuid, i64)>, Error> {
    let statement = client.prepare_cached("SELECT restaurant, turn FROM head").await?;
    Ok(client.query(&statement, &[]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Begins a line, or raises its schema to that of the file that is opened here.
pub async fn begin(client: &Client, restaurant: Uuid, epoch: i64, schema: i32) -> Result<(), Error> {
    let sql = "INSERT INTO head (restaurant, turn, position, epoch, schema, floor) VALUES ($1, 0, 0, $2, $3, 0)
               ON CONFLICT (restaurant) DO UPDATE SET schema = excluded.schema WHERE head.schema < excluded.schema";
    client.execute(sql, &[&restaurant, &epoch, &schema]).await.map(drop)
}

/// Locks a line in a transaction of its own: nobody else appends before it ends. Whoever waits sees the head as it is
/// then, so not at a stricter level.
pub async fn hold(client: &Client, restaurant: Uuid) -> Result<(), Error> {
    client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
    let sql = "SELECT turn FROM head WHERE restaurant = $1 FOR UPDATE";
    client.query_opt(&client.prepare_cached(sql).await?, &[&restaurant]).await.map(drop)
}

/// Ends such a transaction, and keeps what was done in it.
pub async fn let_go(client: &Client) -> Result<(), Error> {
    client.batch_execute("COMMIT").await
}

/// A turn as it is written.
pub struct Written {
    pub restaurant: Uuid,
    pub before: i64,
    pub position: i64,
    pub epoch: i64,
    pub schema: i32,
    pub drawn: Uuid,
    pub positions: Vec<i64>,
    pub ids: Vec<Uuid>,
    pub ledger: Vec<Vec<u8>>,
    pub effects: Vec<Vec<u8>>,
    pub devices: Vec<Uuid>,
    pub device_seqs: Vec<i64>,
    pub apart: Option<Vec<u8>>,
}

/// Takes a turn if the line ends where it begins: one statement, so whole or not at all. False: it ends elsewhere.
pub async fn append(client: &Client, turn: &Written) -> Result<bool, Error> {
    let sql = "WITH moved AS (
                 UPDATE head SET turn = turn + 1, position = $3, written = $6
                  WHERE restaurant = $1 AND turn = $2 AND epoch = $4 AND schema = $5
                  RETURNING restaurant, turn
               ), asked AS (
                 INSERT INTO ledger (restaurant, position, command_id, body)
                 SELECT m.restaurant, p.position, p.id, p.body
                   FROM moved m, unnest($7::bigint[], $8::uuid[], $9::bytea[]) AS p (position, id, body)
               ), changed AS (
                 INSERT INTO effects (restaurant, position, schema, body)
                 SELECT m.restaurant, p.position, $5, p.body
                   FROM moved m, unnest($7::bigint[], $10::bytea[]) AS p (position, body)
               ), told AS (
                 INSERT INTO heard (restaurant, device, device_seq)
                 SELECT m.restaurant, p.device, p.seq FROM moved m, unnest($11::uuid[], $12::bigint[]) AS p (device, seq)
                 ON CONFLICT (restaurant, device)
                 DO UPDATE SET device_seq = GREATEST(heard.device_seq, excluded.device_seq)
               ), beside AS (
                 INSERT INTO apart (restaurant, turn, body)
                 SELECT restaurant, turn, $13 FROM moved WHERE $13::bytea IS NOT NULL
               )
               SELECT count(*) FROM moved";
    let statement = client.prepare_cached(sql).await?;
    let row = client
        .query_one(
            &statement,
            &[
                &turn.restaurant,
                &turn.before,
                &turn.position,
                &turn.epoch,
                &turn.schema,
                &turn.drawn,
                &turn.positions,
                &turn.ids,
                &turn.ledger,
                &turn.effects,
                &turn.devices,
                &turn.device_seqs,
                &turn.apart,
            ],
        )
        .await?;
    Ok(row.get::<_, i64>(0) > 0)
}

/// A placed command: position, the body of its ledger row, the schema and the body of its effects.
pub type PlacedRow = (i64, Vec<u8>, i32, Vec<u8>);

pub async fn placed(
    client: &Client,
    restaurant: Uuid,
    after: i64,
    up_to: i64,
    limit: i64,
) -> Result<Vec<PlacedRow>, Error> {
    let sql = "SELECT position, l.body, e.schema, e.body FROM ledger l JOIN effects e USING (restaurant, position)
                WHERE restaurant = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4";
    let rows = client.query(&client.prepare_cached(sql).await?, &[&restaurant, &after, &up_to, &limit]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect())
}

pub async fn heard(client: &Client, restaurant: Uuid) -> Result<Vec<(Uuid, i64)>, Error> {
    let statement = client.prepare_cached("SELECT device, device_seq FROM heard WHERE restaurant = $1").await?;
    Ok(client.query(&statement, &[&restaurant]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

pub async fn apart(client: &Client, restaurant: Uuid, after: i64, up_to: i64) -> Result<Vec<Vec<u8>>, Error> {
    let sql = "SELECT body FROM apart WHERE restaurant = $1 AND turn > $2 AND turn <= $3 ORDER BY turn";
    let rows = client.query(&client.prepare_cached(sql).await?, &[&restaurant, &after, &up_to]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The turn of the last snapshot, and in how many pieces it is.
pub async fn last_snapshot(client: &Client, restaurant: Uuid) -> Result<Option<(i64, i32)>, Error> {
    let sql = "SELECT turn, pieces FROM snapshot WHERE restaurant = $1 ORDER BY turn DESC LIMIT 1";
    Ok(client.query_opt(sql, &[&restaurant]).await?.map(|row| (row.get(0), row.get(1))))
}

pub async fn snapshot_piece(client: &Client, restaurant: Uuid, turn: i64, piece: i32) -> Result<Vec<u8>, Error> {
    let sql = "SELECT bytes FROM snapshot_piece WHERE restaurant = $1 AND turn = $2 AND piece = $3";
    Ok(client.query_one(sql, &[&restaurant, &turn, &piece]).await?.get(0))
}

pub async fn put_snapshot_piece(
    tx: &Transaction<'_>,
    restaurant: Uuid,
    turn: i64,
    piece: i32,
    bytes: &[u8],
) -> Result<(), Error> {
    let sql = "INSERT INTO snapshot_piece (restaurant, turn, piece, bytes) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, &[&restaurant, &turn, &piece, &bytes]).await.map(drop)
}

/// The snapshot is whole. Those before the one before it go.
pub async fn finish_snapshot(tx: &Transaction<'_>, restaurant: Uuid, turn: i64, pieces: i32) -> Result<(), Error> {
    let sql = "INSERT INTO snapshot (restaurant, turn, pieces) VALUES ($1, $2, $3)";
    tx.execute(sql, &[&restaurant, &turn, &pieces]).await?;
    let sql = "SELECT turn FROM snapshot WHERE restaurant = $1 ORDER BY turn DESC OFFSET 1 LIMIT 1";
    let Some(kept) = tx.query_opt(sql, &[&restaurant]).await? else { return Ok(()) };
    let kept: i64 = kept.get(0);
    for sql in [
        "DELETE FROM snapshot_piece WHERE restaurant = $1 AND turn < $2",
        "DELETE FROM snapshot WHERE restaurant = $1 AND turn < $2",
        "DELETE FROM apart WHERE restaurant = $1 AND turn <= $2",
        "UPDATE head SET floor = GREATEST(floor, $2) WHERE restaurant = $1",
    ] {
        tx.execute(sql, &[&restaurant, &kept]).await?;
    }
    Ok(())
}

pub async fn put_code(
    client: &Client,
    proof: &str,
    code: &str,
    restaurant: Uuid,
    ends_ms: i64,
    now_ms: i64,
) -> Result<(), Error> {
    client.execute("DELETE FROM link_code WHERE ends_ms <= $1", &[&now_ms]).await?;
    let sql = "INSERT INTO link_code (proof, code, restaurant, ends_ms) VALUES ($1, $2, $3, $4)";
    client.execute(sql, &[&proof, &code, &restaurant, &ends_ms]).await.map(drop)
}

/// Uses a code up: of two processes that ask, one gets it.
pub async fn take_code(client: &Client, proof: &str) -> Result<Option<(String, Uuid, i64)>, Error> {
    let sql = "DELETE FROM link_code WHERE proof = $1 RETURNING code, restaurant, ends_ms";
    let row = client.query_opt(sql, &[&proof]).await?;
    Ok(row.map(|row| (row.get(0), row.get(1), row.get(2))))
}
