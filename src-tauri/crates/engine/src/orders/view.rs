//! An order as callers see it: the status computed, the sums worked out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Line, LineState, Order, OrderState, Service, Stage, Station};
use crate::kernel::ids::{ItemId, LineId, OrderId};
use crate::kernel::money::{Minor, RateTax, TaxMode};
use crate::payments::view::PaymentView;

/// Names that stand for an order in a list, at most.
const NAMES_MAX: usize = 6;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderSummary)]
pub struct SummaryView {
    pub id: OrderId,
    /// Printed: the device's letters and its counter of the business day.
    pub number: String,
    pub business_date: String,
    pub service: Service,
    pub table: Option<String>,
    pub covers: Option<i64>,
    pub state: OrderState,
    pub stage: Stage,
    pub opened_at_ms: i64,
    pub opened_by_name: String,
    pub total_minor: Minor,
    pub paid_minor: Minor,
    pub due_minor: Minor,
    /// Without voided ones, like the two that follow.
    pub lines_count: usize,
    pub lines_ready: usize,
    /// With the kitchen: fired, and neither ready nor served.
    pub lines_fired: usize,
    /// The first few names: `2 × Margherita, Cola`.
    pub item_names: String,
    /// What a manager should look at: `overpaid`.
    pub flags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView {
    #[serde(flatten)]
    pub summary: SummaryView,
    pub note: Option<String>,
    pub lines: Vec<LineView>,
    pub payments: Vec<PaymentView>,
    pub totals: TotalsView,
    pub tax_mode: TaxMode,
    pub closed_at_ms: Option<i64>,
    pub cancel_reason: Option<String>,
    /// The steps possible now, by the last word of their address.
    pub allowed: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderTotals)]
pub struct TotalsView {
    pub net_minor: Minor,
    pub taxes: Vec<RateTax>,
    pub gross_minor: Minor,
    /// Cash rounding, a line of its own.
    pub rounding_minor: Minor,
    pub tips_minor: Minor,
    pub paid_minor: Minor,
    pub due_minor: Minor,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Line)]
pub struct LineView {
    pub id: LineId,
    pub item_id: Option<ItemId>,
    pub name: String,
    /// In thousandths: 1000 is one.
    pub quantity_milli: i64,
    pub unit_price_minor: Minor,
    pub total_minor: Minor,
    pub tax_rate_bp: i64,
    pub note: Option<String>,
    pub seat: Option<i64>,
    pub station: Station,
    pub state: LineState,
    pub void_reason: Option<String>,
    pub added_by_name: String,
    pub added_at_ms: i64,
    pub fired_at_ms: Option<i64>,
}

impl From<&Order> for SummaryView {
    fn from(order: &Order) -> Self {
        summary(order, order.totals().gross)
    }
}

fn summary(order: &Order, gross: Minor) -> SummaryView {
    let count = |states: &[LineState]| order.sold().filter(|line| states.contains(&line.state())).count();
    let mut flags: Vec<String> = order.payments.iter().filter_map(|payment| payment.flag.clone()).collect();
    flags.dedup();
    SummaryView {
        id: order.id,
        number: order.number.clone(),
        business_date: order.business_date.clone(),
        service: order.service,
        table: order.table.clone(),
        covers: order.covers,
        state: order.state(),
        stage: order.stage(),
        opened_at_ms: order.opened_ms,
        opened_by_name: order.opened_by_name.clone(),
        total_minor: gross,
        paid_minor: order.paid(),
        due_minor: order.due(),
        lines_count: order.sold().count(),
        lines_ready: count(&[LineState::Ready]),
        lines_fired: count(&[LineState::Fired, LineState::Preparing]),
        item_names: names(order),
        flags,
    }
}

fn names(order: &Order) -> String {
    let mut names = String::new();
    for (at, line) in order.sold().enumerate() {
        if at == NAMES_MAX {
            names += ", …";
            break;
        }
        if at > 0 {
            names += ", ";
        }
        if line.quantity_milli != 1000 {
            names += &format!("{} × ", quantity(line.quantity_milli));
        }
        names += &line.name;
    }
    names
}

/// Thousandths as people write them: 2000 is `2`, 500 is `0.5`.
pub fn quantity(milli: i64) -> String {
    let text = format!("{}.{:03}", milli / 1000, milli % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl From<&Order> for OrderView {
    fn from(order: &Order) -> Self {
        let totals = order.totals();
        OrderView {
            summary: summary(order, totals.gross),
            note: order.note.clone(),
            lines: order.lines.iter().map(LineView::from).collect(),
            payments: order.payments.iter().map(PaymentView::from).collect(),
            totals: TotalsView {
                net_minor: totals.net,
                gross_minor: totals.gross,
                taxes: totals.taxes,
                rounding_minor: order.payments.iter().map(|payment| payment.rounding).sum(),
                tips_minor: order.payments.iter().map(|payment| payment.tip).sum(),
                paid_minor: order.paid(),
                due_minor: order.due(),
            },
            tax_mode: order.terms.tax_mode,
            closed_at_ms: order.closed_ms,
            cancel_reason: order.cancel_reason.clone(),
            allowed: order.allowed().into_iter().map(str::to_owned).collect(),
        }
    }
}

impl From<&Line> for LineView {
    fn from(line: &Line) -> Self {
        LineView {
            id: line.id,
            item_id: line.item_id,
            name: line.name.clone(),
            quantity_milli: line.quantity_milli,
            unit_price_minor: line.unit_price,
            total_minor: line.total,
            tax_rate_bp: line.tax_rate_bp,
            note: line.note.clone(),
            seat: line.seat,
            station: line.station,
            state: line.state(),
            void_reason: line.void_reason.clone(),
            added_by_name: line.added_by_name.clone(),
            added_at_ms: line.added_ms,
            fired_at_ms: line.fired_ms,
        }
    }
}
