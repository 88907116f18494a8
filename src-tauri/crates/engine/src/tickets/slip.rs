//! A ticket as plain text, 42 characters wide. Pure.

use chrono::NaiveDateTime;

use super::model::{SlipLine, Ticket};
use crate::orders::model::Service;
use crate::restaurant::model::Locale;

/// Characters on a line of the usual paper.
const WIDTH: usize = 42;

struct Words {
    copy: &'static str,
    table: &'static str,
    seat: &'static str,
    course: &'static str,
    takeaway: &'static str,
    delivery: &'static str,
    at: &'static str,
}

const fn words(locale: Locale) -> Words {
    match locale {
        Locale::En => Words {
            copy: "*** COPY ***",
            table: "Table",
            seat: "seat",
            course: "course",
            takeaway: "TAKEAWAY",
            delivery: "DELIVERY",
            at: "for",
        },
        Locale::Es => Words {
            copy: "*** COPIA ***",
            table: "Mesa",
            seat: "asiento",
            course: "pase",
            takeaway: "PARA LLEVAR",
            delivery: "A DOMICILIO",
            at: "para",
        },
    }
}

/// What comes out of the printer. `elsewhere`: the name of the station whose food it is, where it
/// comes out on another's printer.
pub fn text(ticket: &Ticket, station: &str, elsewhere: bool, fired: NaiveDateTime, locale: Locale) -> String {
    let words = words(locale);
    let mut out = String::new();
    let mut put = |line: &str| {
        out.push_str(line);
        out.push_str("\r\n");
    };
    if ticket.copy {
        put(words.copy);
    }
    if elsewhere {
        put(&format!("{} {}", words.at, station.to_uppercase()));
    } else {
        put(&station.to_uppercase());
    }
    put(&format!("{}  {}", ticket.number, fired.format("%H:%M")));
    match (ticket.service, &ticket.table) {
        (Service::Takeaway, _) => put(words.takeaway),
        (Service::Delivery, _) => put(words.delivery),
        (Service::DineIn, Some(table)) => put(&format!("{} {table}", words.table)),
        (Service::DineIn, None) => {}
    }
    put(&"-".repeat(WIDTH));
    for line in &ticket.lines {
        for row in rows(line, &words) {
            put(&row);
        }
    }
    put(&"-".repeat(WIDTH));
    // Past the blade.
    out.push_str("\r\n\r\n\r\n\r\n");
    out
}

fn rows(line: &SlipLine, words: &Words) -> Vec<String> {
    let mut rows = wrapped(&format!("{} {}", quantity(line.milli), line.name), "    ");
    for chosen in &line.modifiers {
        let times = if chosen.2 > 1 { format!("{} ", chosen.2) } else { String::new() };
        rows.extend(wrapped(&format!("    + {times}{}", chosen.0), "      "));
    }
    if let Some(note) = &line.note {
        rows.extend(wrapped(&format!("    ! {note}"), "      "));
    }
    let small: Vec<String> = [(words.seat, line.seat), (words.course, line.course)]
        .into_iter()
        .filter_map(|(word, number)| number.map(|number| format!("{word} {number}")))
        .collect();
    if !small.is_empty() {
        rows.push(format!("    {}", small.join(", ")));
    }
    rows
}

/// `2`, `0.5`.
fn quantity(milli: i64) -> String {
    let (whole, part) = (milli / 1000, milli % 1000);
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{part:03}").trim_end_matches('0').to_owned()
}

/// Breaks a text at spaces, so that nothing is lost beyond the paper's edge.
fn wrapped(text: &str, indent: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    for word in text.split_inclusive(' ') {
        if row.chars().count() + word.trim_end().chars().count() > WIDTH && !row.trim().is_empty() {
            rows.push(row.trim_end().to_owned());
            row = indent.to_owned();
        }
        row.push_str(word);
    }
    rows.push(row.trim_end().to_owned());
    rows
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{LineId, OrderId, StationId, TicketId};
    use crate::kernel::money::Minor;
    use crate::menu::model::Chosen;
    use crate::tickets::model::TicketState;

    #[test]
    fn a_slip_says_what_to_make_and_that_it_is_a_copy() {
        let line = SlipLine {
            id: LineId(Uuid::nil()),
            name: "Margherita, large, from the wood-fired oven in the yard".to_owned(),
            modifiers: vec![Chosen("Extra cheese".to_owned(), Minor(100), 2)],
            milli: 1500,
            note: Some("no basil".to_owned()),
            seat: Some(3),
            course: None,
        };
        let station_id = StationId(Uuid::from_u128(1));
        let ticket = Ticket {
            id: TicketId(Uuid::nil()),
            order_id: OrderId(Uuid::nil()),
            number: "A-0007".to_owned(),
            table: Some("4".to_owned()),
            service: Service::DineIn,
            station_id,
            printer_id: station_id,
            lines: vec![line],
            fired_ms: 0,
            state: TicketState::Waiting,
            copy: true,
            attempts: 0,
            next_ms: 0,
            until_ms: 0,
            failing_ms: None,
            trouble: None,
            done_ms: None,
            done_by: None,
        };
        let fired = NaiveDate::from_ymd_opt(2026, 6, 12).and_then(|day| day.and_hms_opt(19, 5, 0)).unwrap();
        let shown = text(&ticket, "Grill", true, fired, Locale::En);
        let expect = "*** COPY ***\nfor GRILL\nA-0007  19:05\nTable 4\n------------------------------------------\n\
                      1.5 Margherita, large, from the wood-fired\n    oven in the yard\n    + 2 Extra cheese\n    ! no basil\n    \
                      seat 3\n------------------------------------------\n\n\n\n\n";
        assert_eq!(shown.replace("\r\n", "\n"), expect);
        let plain = text(&Ticket { copy: false, ..ticket }, "Grill", false, fired, Locale::Es);
        assert!(plain.starts_with("GRILL\r\n") && plain.contains("Mesa 4") && !plain.contains("COPIA"), "{plain}");
    }
}
