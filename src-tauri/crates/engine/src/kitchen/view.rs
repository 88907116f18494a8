//! Kitchen lines gathered into tickets and counts. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::{LineId, OrderId};
use crate::orders::model::{LineState, Service};
use crate::orders::store::KitchenLine;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Kitchen {
    /// The engine's clock, for ages that do not depend on the screen's.
    pub now_ms: i64,
    /// Oldest first.
    pub tickets: Vec<Ticket>,
    /// Over all tickets: how much of each is still to make.
    pub all_day: Vec<AllDay>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ticket {
    pub order_id: OrderId,
    pub number: String,
    pub table: Option<String>,
    pub service: Service,
    /// Of its oldest line.
    pub fired_at_ms: i64,
    pub lines: Vec<TicketLine>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketLine {
    pub line_id: LineId,
    pub name: String,
    pub quantity_milli: i64,
    pub note: Option<String>,
    pub seat: Option<i64>,
    pub state: LineState,
    pub fired_at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AllDay {
    pub name: String,
    pub quantity_milli: i64,
}

impl Kitchen {
    /// From lines in the order they were fired.
    pub fn of(now_ms: i64, lines: Vec<KitchenLine>) -> Kitchen {
        let mut kitchen = Kitchen { now_ms, tickets: Vec::new(), all_day: Vec::new() };
        for line in lines {
            if !line.ready {
                kitchen.count(&line);
            }
            let at = kitchen.tickets.iter().position(|ticket| ticket.order_id == line.order_id);
            let ticket_line = TicketLine {
                line_id: line.id,
                name: line.name,
                quantity_milli: line.quantity_milli,
                note: line.note,
                seat: line.seat,
                state: match (line.ready, line.started) {
                    (true, _) => LineState::Ready,
                    (false, true) => LineState::Preparing,
                    (false, false) => LineState::Fired,
                },
                fired_at_ms: line.fired_ms,
            };
            match at {
                Some(at) => kitchen.tickets[at].lines.push(ticket_line),
                None => kitchen.tickets.push(Ticket {
                    order_id: line.order_id,
                    number: line.number,
                    table: line.table,
                    service: line.service,
                    fired_at_ms: line.fired_ms,
                    lines: vec![ticket_line],
                }),
            }
        }
        kitchen.all_day.sort_by(|a, b| b.quantity_milli.cmp(&a.quantity_milli).then_with(|| a.name.cmp(&b.name)));
        kitchen
    }

    fn count(&mut self, line: &KitchenLine) {
        match self.all_day.iter_mut().find(|all_day| all_day.name == line.name) {
            Some(all_day) => all_day.quantity_milli += line.quantity_milli,
            None => self.all_day.push(AllDay { name: line.name.clone(), quantity_milli: line.quantity_milli }),
        }
    }
}
