//! What was fired and is on no ticket, and the firings that are.

use std::collections::HashMap;

use chrono_tz::Tz;
use comanda_db::Tx;
use rusqlite::types::Type;
use rusqlite::{Connection, Result, Row, named_params, params};

use super::slip::{Head, SlipLine, blocks};
use crate::kernel::ids::{LineId, OrderId, PrinterId, StationId};
use crate::kernel::time;
use crate::menu::model::Chosen;
use crate::orders::model::Service;
use crate::printing;
use crate::printing::model::{GIVE_UP_MS, Job, JobState, Kind, Trouble};
use crate::restaurant::model::{Locale, Settings};
use crate::stations::model::{BAR, KITCHEN};

/// What was fired longer ago needs no ticket any more.
const LOOKED_BACK_MS: i64 = 24 * 60 * 60 * 1000;
/// Which firings had a ticket is forgotten after this long.
const KEPT_MS: i64 = 7 * LOOKED_BACK_MS;
/// Lines that are looked at in one go; the rest is found by the next.
const LINES_MAX: i64 = 500;

/// What is fired together for one station is one ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Together {
    order: OrderId,
    station: StationId,
    fired_ms: i64,
}

/// A line that was fired and is on no ticket.
struct Unticketed {
    root: LineId,
    together: Together,
    number: String,
    table: Option<String>,
    service: Service,
    station_name: String,
    printer: PrinterId,
    /// It was on one before: the firing was undone, and it was fired again.
    again: bool,
    line: SlipLine,
}

fn unticketed(conn: &Connection, now_ms: i64) -> Result<Vec<Unticketed>> {
    let mut statement = conn.prepare_cached(
        "SELECT COALESCE(l.cut_from, l.id) AS root, o.id, COALESCE(s.id, :kitchen), l.fired_ms, o.number, o.table_name,
                o.service, COALESCE(s.name, k.name, ''), p.printer_id,
                EXISTS (SELECT 1 FROM ticket_line t WHERE t.line_id = COALESCE(l.cut_from, l.id)),
                l.name, COALESCE(l.modifiers, '[]'), COALESCE(l.quantity_milli, 1000), l.note, l.seat, l.course
         FROM order_line l INDEXED BY order_line_fired CROSS JOIN orders o ON o.id = l.order_id
         LEFT JOIN station s ON s.id = COALESCE(l.station_id, iif(l.station = 'bar', :bar, :kitchen))
                            AND s.archived_ms IS NULL
         LEFT JOIN station k ON k.id = :kitchen
         JOIN station_printer p ON p.station_id = COALESCE(s.id, :kitchen) AND l.fired_ms >= p.since_ms
         WHERE l.fired_ms >= :since AND l.fired_ms IS NOT NULL AND l.served_ms IS NULL AND l.voided_ms IS NULL
           AND l.ready_ms IS NULL AND COALESCE(l.station, '') <> 'none'
           AND NOT EXISTS (SELECT 1 FROM ticket_line t
                           WHERE t.line_id = COALESCE(l.cut_from, l.id) AND t.fired_ms = l.fired_ms)
         ORDER BY l.fired_ms, o.id, l.id LIMIT :limit",
    )?;
    let found = |row: &Row<'_>| -> Result<Unticketed> {
        Ok(Unticketed {
            root: row.get(0)?,
            together: Together { order: row.get(1)?, station: row.get(2)?, fired_ms: row.get(3)? },
            number: row.get(4)?,
            table: row.get(5)?,
            service: row.get(6)?,
            station_name: row.get(7)?,
            printer: row.get(8)?,
            again: row.get(9)?,
            line: SlipLine {
                name: row.get(10)?,
                modifiers: chosen(row, 11)?,
                milli: row.get(12)?,
                note: row.get(13)?,
                seat: row.get(14)?,
                course: row.get(15)?,
            },
        })
    };
    let bind =
        named_params! { ":kitchen": KITCHEN, ":bar": BAR, ":since": now_ms - LOOKED_BACK_MS, ":limit": LINES_MAX };
    statement.query_map(bind, found)?.collect()
}

fn chosen(row: &Row<'_>, at: usize) -> Result<Vec<Chosen>> {
    serde_json::from_str(row.get_ref(at)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, Box::new(error)))
}

/// Whether something was fired that is on no ticket.
pub fn has_unticketed(conn: &Connection, now_ms: i64) -> Result<bool> {
    Ok(!unticketed(conn, now_ms)?.is_empty())
}

/// Makes a ticket for each order and station of what was fired and is on none.
pub fn make(tx: &Tx<'_>, settings: &Settings, now_ms: i64) -> Result<()> {
    let mut tickets: Vec<Vec<Unticketed>> = Vec::new();
    let mut places: HashMap<Together, usize> = HashMap::new();
    for line in unticketed(tx.conn(), now_ms)? {
        tx.execute(
            "INSERT INTO ticket_line (line_id, fired_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![line.root, line.together.fired_ms],
        )?;
        let at = *places.entry(line.together).or_insert(tickets.len());
        match tickets.get_mut(at) {
            Some(ticket) => ticket.push(line),
            None => tickets.push(vec![line]),
        }
    }
    for lines in tickets {
        if let Some(ticket) = ticket(&lines, (settings.time_zone, settings.locale), now_ms) {
            printing::store::put(tx, &ticket)?;
        }
    }
    Ok(())
}

/// The ticket of lines that belong together.
fn ticket(lines: &[Unticketed], (zone, locale): (Tz, Locale), now_ms: i64) -> Option<Job> {
    let first = lines.first()?;
    let Together { order, station, fired_ms } = first.together;
    let head = Head {
        station: first.station_name.clone(),
        number: first.number.clone(),
        table: first.table.clone(),
        service: first.service,
        fired: time::local(fired_ms, zone),
    };
    let slip: Vec<SlipLine> = lines.iter().map(|line| line.line.clone()).collect();
    let ticket = Job {
        order: Some(order),
        table: first.table.clone(),
        service: Some(first.service),
        station: Some(station),
        lines: slip.iter().map(|line| (line.milli, line.name.clone())).collect(),
        made_ms: fired_ms,
        copies: lines.iter().any(|line| line.again).into(),
        next_ms: now_ms,
        until_ms: fired_ms + GIVE_UP_MS,
        ..Job::new(Kind::Ticket, first.number.clone(), first.printer, blocks(&head, &slip, locale), now_ms)
    };
    // The engine did not run, or the clock jumped: nobody cooks from a ticket that is this old by itself.
    let late = now_ms > ticket.until_ms;
    Some(match late {
        true => Job { state: JobState::Failed, failing_ms: Some(now_ms), trouble: Some(Trouble::Late), ..ticket },
        false => ticket,
    })
}

/// When the engine starts: old firings are forgotten.
pub fn recover(tx: &Tx<'_>, now_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM ticket_line WHERE fired_ms < ?1", [now_ms - KEPT_MS]).map(drop)
}
