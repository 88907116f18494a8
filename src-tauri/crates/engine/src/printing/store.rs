//! The only SQL for printers and what is on its way to them: local tables, which no record holds.

use comanda_db::Tx;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use uuid::Uuid;

use super::model::{Job, Printer};
use crate::kernel::ids::{AccountId, PrintJobId, PrinterId, StationId};

/// Tickets are forgotten after this long; of the rest only how often it was printed is kept.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Documents shown at most.
const SHOWN_MAX: i64 = 200;

pub fn printers(conn: &Connection) -> Result<Vec<Printer>> {
    let sql = "SELECT id, name, address, language, columns, guests, drawer FROM printer ORDER BY name, id";
    conn.prepare_cached(sql)?.query_map([], printer_row)?.collect()
}

pub fn printer(conn: &Connection, id: PrinterId) -> Result<Option<Printer>> {
    let sql = "SELECT id, name, address, language, columns, guests, drawer FROM printer WHERE id = ?1";
    conn.prepare_cached(sql)?.query_row([id], printer_row).optional()
}

fn printer_row(row: &Row<'_>) -> Result<Printer> {
    Ok(Printer {
        id: row.get(0)?,
        name: row.get(1)?,
        address: row.get(2)?,
        language: row.get(3)?,
        columns: row.get(4)?,
        guests: row.get(5)?,
        drawer: row.get(6)?,
    })
}

/// Adds a printer or changes one. At most one is for guests: the last that was said to be.
pub fn put_printer(tx: &Tx<'_>, printer: &Printer) -> Result<()> {
    if printer.guests {
        tx.execute("UPDATE printer SET guests = 0 WHERE id <> ?1", [printer.id])?;
    }
    tx.execute(
        "INSERT INTO printer (id, name, address, language, columns, guests, drawer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET name = excluded.name, address = excluded.address, language = excluded.language,
                                   columns = excluded.columns, guests = excluded.guests, drawer = excluded.drawer",
        params![
            printer.id,
            printer.name,
            printer.address,
            printer.language,
            printer.columns,
            printer.guests,
            printer.drawer
        ],
    )
    .map(drop)
}

/// Takes a printer away; what waited for it is a person's to send elsewhere.
pub fn remove_printer(tx: &Tx<'_>, id: PrinterId, now_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM station_printer WHERE printer_id = ?1", [id])?;
    tx.execute("DELETE FROM printer WHERE id = ?1", [id])?;
    tx.execute(
        "UPDATE print_job SET state = 'failed', trouble = 'no_printer', failing_ms = COALESCE(failing_ms, ?2)
         WHERE printer_id = ?1 AND done_ms IS NULL AND state = 'waiting'",
        params![id, now_ms],
    )
    .map(drop)
}

/// Which printer each station has here.
pub fn station_printers(conn: &Connection) -> Result<Vec<(StationId, PrinterId)>> {
    let sql = "SELECT p.station_id, p.printer_id FROM station_printer p JOIN station s ON s.id = p.station_id
               WHERE s.archived_ms IS NULL ORDER BY s.position, s.id";
    conn.prepare_cached(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// What is fired from now on comes out there; another printer leaves that as it was.
pub fn give_station(tx: &Tx<'_>, station: StationId, printer: PrinterId, now_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO station_printer (station_id, printer_id, since_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET printer_id = excluded.printer_id",
        params![station, printer, now_ms],
    )
    .map(drop)
}

/// What is fired there comes out nowhere any more.
pub fn take_from_station(tx: &Tx<'_>, station: StationId) -> Result<()> {
    tx.execute("DELETE FROM station_printer WHERE station_id = ?1", [station]).map(drop)
}

/// Adds a document or writes what became of one.
pub fn put(tx: &Tx<'_>, job: &Job) -> Result<()> {
    tx.execute(
        "INSERT INTO print_job (id, kind, subject, title, order_id, table_name, service, station_id, printer_id, blocks,
                                lines, made_ms, state, copies, attempts, next_ms, until_ms, failing_ms, trouble, done_ms,
                                done_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
         ON CONFLICT (id) DO UPDATE SET
           printer_id = excluded.printer_id, blocks = excluded.blocks, made_ms = excluded.made_ms, state = excluded.state,
           copies = excluded.copies, attempts = excluded.attempts, next_ms = excluded.next_ms,
           until_ms = excluded.until_ms, failing_ms = excluded.failing_ms, trouble = excluded.trouble,
           done_ms = excluded.done_ms, done_by = excluded.done_by",
        params![
            job.id,
            job.kind,
            job.subject,
            job.title,
            job.order,
            job.table,
            job.service,
            job.station,
            job.printer,
            serde_json::json!(job.blocks).to_string(),
            serde_json::json!(job.lines).to_string(),
            job.made_ms,
            job.state,
            job.copies,
            job.attempts,
            job.next_ms,
            job.until_ms,
            job.failing_ms,
            job.trouble,
            job.done_ms,
            job.done_by
        ],
    )
    .map(drop)
}

macro_rules! job_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, subject, title, order_id, table_name, service, station_id, printer_id, blocks, lines, made_ms,
                    state, copies, attempts, next_ms, until_ms, failing_ms, trouble, done_ms, done_by FROM print_job ",
            $rest
        )
    };
}

fn job_row(row: &Row<'_>) -> Result<Job> {
    Ok(Job {
        id: row.get(0)?,
        kind: row.get(1)?,
        subject: row.get(2)?,
        title: row.get(3)?,
        order: row.get(4)?,
        table: row.get(5)?,
        service: row.get(6)?,
        station: row.get(7)?,
        printer: row.get(8)?,
        blocks: read_json(row, 9)?,
        lines: read_json(row, 10)?,
        made_ms: row.get(11)?,
        state: row.get(12)?,
        copies: row.get(13)?,
        attempts: row.get(14)?,
        next_ms: row.get(15)?,
        until_ms: row.get(16)?,
        failing_ms: row.get(17)?,
        trouble: row.get(18)?,
        done_ms: row.get(19)?,
        done_by: row.get(20)?,
    })
}

fn read_json<T: serde::de::DeserializeOwned>(row: &Row<'_>, at: usize) -> Result<T> {
    let text = row.get_ref(at)?.as_str()?;
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, Box::new(error)))
}

pub fn job(conn: &Connection, id: PrintJobId) -> Result<Option<Job>> {
    conn.prepare_cached(job_sql!("WHERE id = ?1"))?.query_row([id], job_row).optional()
}

pub fn job_of(conn: &Connection, subject: &str) -> Result<Option<Job>> {
    conn.prepare_cached(job_sql!("WHERE subject = ?1"))?.query_row([subject], job_row).optional()
}

/// Not on paper yet, the oldest first.
pub fn open(conn: &Connection) -> Result<Vec<Job>> {
    let sql = job_sql!("INDEXED BY print_job_open WHERE done_ms IS NULL ORDER BY made_ms, id LIMIT ?1");
    conn.prepare_cached(sql)?.query_map([SHOWN_MAX], job_row)?.collect()
}

/// On paper, or seen to, the last first.
pub fn done(conn: &Connection, limit: i64) -> Result<Vec<Job>> {
    let sql = job_sql!("INDEXED BY print_job_done WHERE done_ms IS NOT NULL ORDER BY done_ms DESC, id DESC LIMIT ?1");
    conn.prepare_cached(sql)?.query_map([limit], job_row)?.collect()
}

/// The request a person last asked for this with; says whether it is this one.
pub fn is_asked(conn: &Connection, id: PrintJobId, request: Uuid) -> Result<bool> {
    conn.prepare_cached("SELECT asked IS ?2 FROM print_job WHERE id = ?1")?
        .query_row(params![id, request], |row| row.get(0))
}

pub fn note_asked(tx: &Tx<'_>, id: PrintJobId, request: Uuid) -> Result<()> {
    tx.execute("UPDATE print_job SET asked = ?2 WHERE id = ?1", params![id, request]).map(drop)
}

/// When the engine starts: what was on its way may be on paper; what is old is forgotten. No drawer opens late.
pub fn recover(tx: &Tx<'_>, now_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM print_job WHERE kind = 'drawer' AND done_ms IS NULL", [])?;
    tx.execute(
        "UPDATE print_job SET state = 'unsure', trouble = 'stopped', copies = copies + 1,
                              failing_ms = COALESCE(failing_ms, ?1)
         WHERE done_ms IS NULL AND state = 'sending'",
        [now_ms],
    )?;
    tx.execute("DELETE FROM print_job WHERE done_ms < ?1 AND subject IS NULL", [now_ms - KEPT_MS])?;
    tx.execute("DELETE FROM print_job WHERE kind = 'test' AND made_ms < ?1", [now_ms - KEPT_MS])?;
    tx.execute("UPDATE print_job SET blocks = '[]' WHERE done_ms < ?1 AND blocks <> '[]'", [now_ms - KEPT_MS]).map(drop)
}

/// The name of who saw to it.
pub fn name_of(conn: &Connection, account: AccountId) -> Result<Option<String>> {
    conn.prepare_cached("SELECT name FROM staff WHERE account_id = ?1")?
        .query_row([account], |row| row.get(0))
        .optional()
}
