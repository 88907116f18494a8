//! Kitchen lines gathered into tickets and counts. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::KitchenLine;
use crate::kernel::ids::{LineId, OrderId, StationId};
use crate::menu::model::Chosen;
use crate::orders::model::{Line, LineState, Service};
use crate::stations::model::{self, KITCHEN, fired_to};

/// Tickets that can be called back, at most.
const BROUGHT_MAX: usize = 20;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Kitchen {
    /// The engine's clock, for ages that do not depend on the screen's.
    pub now_ms: i64,
    /// Every station, and what it has on, whichever was asked for.
    pub stations: Vec<AtStation>,
    /// Oldest first.
    pub tickets: Vec<Ticket>,
    /// Over all these tickets: how much of each is still to make.
    pub all_day: Vec<AllDay>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AtStation {
    pub id: StationId,
    pub name: String,
    /// Lines still to make.
    pub to_make: i64,
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
    /// What was chosen with it, in the order it was.
    pub modifiers: Vec<TicketModifier>,
    pub quantity_milli: i64,
    pub note: Option<String>,
    pub seat: Option<i64>,
    pub course: Option<i64>,
    pub state: LineState,
    pub fired_at_ms: i64,
    /// Where it was fired to.
    pub station_id: StationId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TicketModifier {
    pub name: String,
    pub count: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AllDay {
    pub name: String,
    pub quantity_milli: i64,
}

/// What was brought together, and can be called back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Brought {
    pub order_id: OrderId,
    pub number: String,
    pub table: Option<String>,
    pub service: Service,
    pub served_at_ms: i64,
    pub lines: Vec<TicketLine>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BroughtTickets {
    /// The last first; bounded: 20 at most.
    pub items: Vec<Brought>,
}

fn chosen(modifiers: &[Chosen]) -> Vec<TicketModifier> {
    modifiers.iter().map(|Chosen(name, _, count)| TicketModifier { name: name.clone(), count: *count }).collect()
}

impl From<KitchenLine> for TicketLine {
    fn from(line: KitchenLine) -> Self {
        TicketLine {
            line_id: line.id,
            name: line.name,
            modifiers: chosen(&serde_json::from_str::<Vec<Chosen>>(&line.modifiers).unwrap_or_default()),
            quantity_milli: line.quantity_milli,
            note: line.note,
            seat: line.seat,
            course: line.course,
            state: match (line.served_ms > 0, line.ready, line.started) {
                (true, ..) => LineState::Served,
                (false, true, _) => LineState::Ready,
                (false, false, true) => LineState::Preparing,
                (false, false, false) => LineState::Fired,
            },
            fired_at_ms: line.fired_ms,
            station_id: line.station_id,
        }
    }
}

impl From<&Line> for TicketLine {
    fn from(line: &Line) -> Self {
        TicketLine {
            line_id: line.id,
            name: line.name.clone(),
            modifiers: chosen(&line.modifiers),
            quantity_milli: line.quantity_milli,
            note: line.note.clone(),
            seat: line.seat,
            course: line.course,
            state: line.state(),
            fired_at_ms: line.fired_ms.unwrap_or_default(),
            station_id: fired_to(line.station_id, line.station).unwrap_or(KITCHEN),
        }
    }
}

impl Kitchen {
    /// From the lines of all stations in the order they were fired; shows those of one, or all.
    pub fn of(
        now_ms: i64,
        stations: Vec<model::Station>,
        station: Option<StationId>,
        lines: Vec<KitchenLine>,
    ) -> Kitchen {
        let stations = stations.into_iter().map(|at| AtStation { id: at.id, name: at.name, to_make: 0 }).collect();
        let mut kitchen = Kitchen { now_ms, stations, tickets: Vec::new(), all_day: Vec::new() };
        for line in lines {
            let at = kitchen.stations.iter_mut().find(|at| at.id == line.station_id);
            if let (Some(at), false) = (at, line.ready) {
                at.to_make += 1;
            }
            if station.is_none_or(|station| station == line.station_id) {
                kitchen.show(line);
            }
        }
        kitchen.all_day.sort_by(|a, b| b.quantity_milli.cmp(&a.quantity_milli).then_with(|| a.name.cmp(&b.name)));
        kitchen
    }

    fn show(&mut self, line: KitchenLine) {
        if !line.ready {
            self.count(&line);
        }
        match self.tickets.iter_mut().find(|ticket| ticket.order_id == line.order_id) {
            Some(ticket) => ticket.lines.push(line.into()),
            None => self.tickets.push(Ticket {
                order_id: line.order_id,
                number: line.number.clone(),
                table: line.table.clone(),
                service: line.service,
                fired_at_ms: line.fired_ms,
                lines: vec![line.into()],
            }),
        }
    }

    fn count(&mut self, line: &KitchenLine) {
        match self.all_day.iter_mut().find(|all_day| all_day.name == line.name) {
            Some(all_day) => all_day.quantity_milli += line.quantity_milli,
            None => self.all_day.push(AllDay { name: line.name.clone(), quantity_milli: line.quantity_milli }),
        }
    }
}

/// Lines that were brought, the last first, as they were brought: together, at one time.
pub fn brought(station: Option<StationId>, lines: Vec<KitchenLine>) -> Vec<Brought> {
    let mut tickets: Vec<Brought> = Vec::new();
    for line in lines.into_iter().filter(|line| station.is_none_or(|station| station == line.station_id)) {
        let same = |ticket: &&mut Brought| ticket.order_id == line.order_id && ticket.served_at_ms == line.served_ms;
        let full = tickets.len() == BROUGHT_MAX;
        match tickets.iter_mut().find(same) {
            Some(ticket) => ticket.lines.push(line.into()),
            None if full => break,
            None => tickets.push(Brought {
                order_id: line.order_id,
                number: line.number.clone(),
                table: line.table.clone(),
                service: line.service,
                served_at_ms: line.served_ms,
                lines: vec![line.into()],
            }),
        }
    }
    tickets
}
