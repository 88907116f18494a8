//! The only SQL for printers and tickets: local tables, which no record holds.

use comanda_db::Tx;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Result, Row, named_params, params};
use uuid::Uuid;

use super::model::{GIVE_UP_MS, SlipLine, Ticket, TicketState, Trouble};
use crate::kernel::ids::{AccountId, LineId, StationId, TicketId};
use crate::menu::model::Chosen;
use crate::stations::model::{BAR, KITCHEN};

/// What was fired longer ago needs no ticket any more.
const LOOKED_BACK_MS: i64 = 24 * 60 * 60 * 1000;
/// Tickets are forgotten after this long, and which firings had one.
const KEPT_MS: i64 = 7 * LOOKED_BACK_MS;
/// Lines that are looked at in one go; the rest is found by the next.
const LINES_MAX: i64 = 500;
/// Tickets shown at most.
const SHOWN_MAX: i64 = 200;

/// A station's printer on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printer {
    pub station_id: StationId,
    pub address: String,
}

pub fn printers(conn: &Connection) -> Result<Vec<Printer>> {
    let sql = "SELECT p.station_id, p.address FROM station_printer p JOIN station s ON s.id = p.station_id
               WHERE s.archived_ms IS NULL ORDER BY s.position, s.id";
    let printer = |row: &Row<'_>| Ok(Printer { station_id: row.get(0)?, address: row.get(1)? });
    conn.prepare_cached(sql)?.query_map([], printer)?.collect()
}

/// What is fired from now on comes out there; a new address leaves that as it was.
pub fn put_printer(tx: &Tx<'_>, printer: &Printer, now_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO station_printer (station_id, address, since_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET address = excluded.address",
        params![printer.station_id, printer.address, now_ms],
    )
    .map(drop)
}

/// Takes a printer away; what waited for it is a person's to send elsewhere.
pub fn remove_printer(tx: &Tx<'_>, station: StationId, now_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM station_printer WHERE station_id = ?1", [station])?;
    tx.execute(
        "UPDATE ticket SET state = 'failed', trouble = 'no_printer', failing_ms = COALESCE(failing_ms, ?2)
         WHERE printer_id = ?1 AND done_ms IS NULL AND state = 'waiting'",
        params![station, now_ms],
    )
    .map(drop)
}

/// A line that was fired and is on no ticket.
struct Unticketed {
    root: LineId,
    fired_ms: i64,
    /// It was on one before: the firing was undone, and it was fired again.
    again: bool,
    ticket: Ticket,
}

fn unticketed(conn: &Connection, now_ms: i64) -> Result<Vec<Unticketed>> {
    let mut statement = conn.prepare_cached(
        "SELECT o.id, o.number, o.table_name, o.service, p.station_id, COALESCE(l.cut_from, l.id) AS root, l.fired_ms,
                EXISTS (SELECT 1 FROM ticket_line t WHERE t.line_id = COALESCE(l.cut_from, l.id)),
                l.id, l.name, COALESCE(l.modifiers, '[]'), COALESCE(l.quantity_milli, 1000), l.note, l.seat, l.course
         FROM order_line l INDEXED BY order_line_fired CROSS JOIN orders o ON o.id = l.order_id
         LEFT JOIN station s ON s.id = COALESCE(l.station_id, iif(l.station = 'bar', :bar, :kitchen))
                            AND s.archived_ms IS NULL
         JOIN station_printer p ON p.station_id = COALESCE(s.id, :kitchen) AND l.fired_ms >= p.since_ms
         WHERE l.fired_ms >= :since AND l.fired_ms IS NOT NULL AND l.served_ms IS NULL AND l.voided_ms IS NULL
           AND l.ready_ms IS NULL AND COALESCE(l.station, '') <> 'none'
           AND NOT EXISTS (SELECT 1 FROM ticket_line t
                           WHERE t.line_id = COALESCE(l.cut_from, l.id) AND t.fired_ms = l.fired_ms)
         ORDER BY l.fired_ms, o.id, l.id LIMIT :limit",
    )?;
    let found = |row: &Row<'_>| -> Result<Unticketed> {
        let (fired_ms, station_id): (i64, StationId) = (row.get(6)?, row.get(4)?);
        let line = SlipLine {
            id: row.get(8)?,
            name: row.get(9)?,
            modifiers: read_json::<Vec<Chosen>>(row, 10)?,
            milli: row.get(11)?,
            note: row.get(12)?,
            seat: row.get(13)?,
            course: row.get(14)?,
        };
        let ticket = Ticket {
            id: TicketId::mint(),
            order_id: row.get(0)?,
            number: row.get(1)?,
            table: row.get(2)?,
            service: row.get(3)?,
            station_id,
            printer_id: station_id,
            lines: vec![line],
            fired_ms,
            state: TicketState::Waiting,
            copy: false,
            attempts: 0,
            next_ms: now_ms,
            until_ms: fired_ms + GIVE_UP_MS,
            failing_ms: None,
            trouble: None,
            done_ms: None,
            done_by: None,
        };
        Ok(Unticketed { root: row.get(5)?, fired_ms, again: row.get(7)?, ticket })
    };
    let bind =
        named_params! { ":kitchen": KITCHEN, ":bar": BAR, ":since": now_ms - LOOKED_BACK_MS, ":limit": LINES_MAX };
    statement.query_map(bind, found)?.collect()
}

/// Whether something was fired that is on no ticket.
pub fn has_unticketed(conn: &Connection, now_ms: i64) -> Result<bool> {
    Ok(!unticketed(conn, now_ms)?.is_empty())
}

/// Makes a ticket for each order and station of what was fired and is on none.
pub fn make(tx: &Tx<'_>, now_ms: i64) -> Result<()> {
    let mut tickets: Vec<Ticket> = Vec::new();
    for Unticketed { root, fired_ms, again, ticket } in unticketed(tx.conn(), now_ms)? {
        tx.execute(
            "INSERT INTO ticket_line (line_id, fired_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![root, fired_ms],
        )?;
        let same = |other: &&mut Ticket| {
            (other.order_id, other.station_id, other.fired_ms) == (ticket.order_id, ticket.station_id, fired_ms)
        };
        match tickets.iter_mut().find(same) {
            Some(other) => {
                other.lines.extend(ticket.lines);
                other.copy |= again;
            }
            None => tickets.push(Ticket { copy: again, ..ticket }),
        }
    }
    for ticket in tickets {
        // The engine did not run, or the clock jumped: nobody cooks from a ticket that is this old by itself.
        let late = now_ms > ticket.until_ms;
        let ticket = if late {
            let trouble = Some(Trouble::Late);
            Ticket { state: TicketState::Failed, failing_ms: Some(now_ms), trouble, ..ticket }
        } else {
            ticket
        };
        insert(tx, &ticket)?;
    }
    Ok(())
}

fn insert(tx: &Tx<'_>, ticket: &Ticket) -> Result<()> {
    tx.execute(
        "INSERT INTO ticket (id, order_id, number, table_name, service, station_id, printer_id, lines, fired_ms, state, copy,
                             attempts, next_ms, until_ms, failing_ms, trouble)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params![
            ticket.id,
            ticket.order_id,
            ticket.number,
            ticket.table,
            ticket.service,
            ticket.station_id,
            ticket.printer_id,
            serde_json::json!(ticket.lines).to_string(),
            ticket.fired_ms,
            ticket.state,
            ticket.copy,
            ticket.attempts,
            ticket.next_ms,
            ticket.until_ms,
            ticket.failing_ms,
            ticket.trouble
        ],
    )
    .map(drop)
}

/// Writes what happens to a ticket after it was made.
pub fn put(tx: &Tx<'_>, ticket: &Ticket) -> Result<()> {
    tx.execute(
        "UPDATE ticket SET printer_id = ?2, state = ?3, copy = ?4, attempts = ?5, next_ms = ?6, until_ms = ?7,
                           failing_ms = ?8, trouble = ?9, done_ms = ?10, done_by = ?11
         WHERE id = ?1",
        params![
            ticket.id,
            ticket.printer_id,
            ticket.state,
            ticket.copy,
            ticket.attempts,
            ticket.next_ms,
            ticket.until_ms,
            ticket.failing_ms,
            ticket.trouble,
            ticket.done_ms,
            ticket.done_by
        ],
    )
    .map(drop)
}

macro_rules! ticket_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, order_id, number, table_name, service, station_id, printer_id, lines, fired_ms, state, copy, attempts,
                    next_ms, until_ms, failing_ms, trouble, done_ms, done_by FROM ticket ",
            $rest
        )
    };
}

fn ticket_row(row: &Row<'_>) -> Result<Ticket> {
    Ok(Ticket {
        id: row.get(0)?,
        order_id: row.get(1)?,
        number: row.get(2)?,
        table: row.get(3)?,
        service: row.get(4)?,
        station_id: row.get(5)?,
        printer_id: row.get(6)?,
        lines: read_json(row, 7)?,
        fired_ms: row.get(8)?,
        state: row.get(9)?,
        copy: row.get(10)?,
        attempts: row.get(11)?,
        next_ms: row.get(12)?,
        until_ms: row.get(13)?,
        failing_ms: row.get(14)?,
        trouble: row.get(15)?,
        done_ms: row.get(16)?,
        done_by: row.get(17)?,
    })
}

fn read_json<T: serde::de::DeserializeOwned>(row: &Row<'_>, at: usize) -> Result<T> {
    let text = row.get_ref(at)?.as_str()?;
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, Box::new(error)))
}

pub fn ticket(conn: &Connection, id: TicketId) -> Result<Option<Ticket>> {
    conn.prepare_cached(ticket_sql!("WHERE id = ?1"))?.query_row([id], ticket_row).optional()
}

/// Not on paper yet, the oldest first.
pub fn open(conn: &Connection) -> Result<Vec<Ticket>> {
    let sql = ticket_sql!("INDEXED BY ticket_open WHERE done_ms IS NULL ORDER BY fired_ms, id LIMIT ?1");
    conn.prepare_cached(sql)?.query_map([SHOWN_MAX], ticket_row)?.collect()
}

/// On paper, or seen to, the last first.
pub fn done(conn: &Connection, limit: i64) -> Result<Vec<Ticket>> {
    let sql = ticket_sql!("INDEXED BY ticket_done WHERE done_ms IS NOT NULL ORDER BY done_ms DESC, id DESC LIMIT ?1");
    conn.prepare_cached(sql)?.query_map([limit], ticket_row)?.collect()
}

/// The request a person last asked this ticket with; says whether it is this one.
pub fn is_asked(conn: &Connection, id: TicketId, request: Uuid) -> Result<bool> {
    conn.prepare_cached("SELECT asked IS ?2 FROM ticket WHERE id = ?1")?
        .query_row(params![id, request], |row| row.get(0))
}

pub fn note_asked(tx: &Tx<'_>, id: TicketId, request: Uuid) -> Result<()> {
    tx.execute("UPDATE ticket SET asked = ?2 WHERE id = ?1", params![id, request]).map(drop)
}

/// When the engine starts: what was on its way may be on paper; what is old is forgotten.
pub fn recover(tx: &Tx<'_>, now_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE ticket SET state = 'unsure', trouble = 'stopped', copy = 1, failing_ms = COALESCE(failing_ms, ?1)
         WHERE done_ms IS NULL AND state = 'sending'",
        [now_ms],
    )?;
    tx.execute("DELETE FROM ticket WHERE done_ms < ?1", [now_ms - KEPT_MS])?;
    tx.execute("DELETE FROM ticket_line WHERE fired_ms < ?1", [now_ms - KEPT_MS]).map(drop)
}

/// The name of who saw to it.
pub fn name_of(conn: &Connection, account: AccountId) -> Result<Option<String>> {
    conn.prepare_cached("SELECT name FROM staff WHERE account_id = ?1")?
        .query_row([account], |row| row.get(0))
        .optional()
}
