//! An order as callers see it: the status computed, the sums worked out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Discount, Line, LineState, Off, Order, OrderState, Owing, Service, Stage, Station};
use crate::kernel::ids::{CheckId, DiscountId, ItemId, LineId, OrderId, VariantId};
use crate::kernel::money::{Minor, RateTax, TaxMode};
use crate::menu::model::Chosen;
use crate::payments::view::{AttemptView, PaymentView, RefundView};

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
    /// When it is split: each check with what it comes to. Empty: there is one, the order itself.
    pub checks: Vec<CheckView>,
    /// Off whole checks; what is off a line stands on the line.
    pub discounts: Vec<DiscountView>,
    pub payments: Vec<PaymentView>,
    /// Card payments that were asked for, however they ended; left out: none was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<AttemptView>,
    /// Money given back, in the order it was.
    pub refunds: Vec<RefundView>,
    pub totals: TotalsView,
    pub tax_mode: TaxMode,
    /// What cash is rounded to at this order, as it was when it was opened; 0: not at all.
    pub cash_rounding_minor: Minor,
    pub closed_at_ms: Option<i64>,
    pub cancel_reason: Option<String>,
    /// The order that has its lines now: it was put together with another one, and counts as nothing.
    pub merged_into: Option<OrderId>,
    /// Of this order; null: none.
    pub service_charge_bp: Option<i64>,
    /// Why it is another one than the order was opened with.
    pub service_charge_reason: Option<String>,
    /// The steps possible now, by the last word of their address.
    pub allowed: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderTotals)]
pub struct TotalsView {
    /// Lines as priced, after what is off each.
    pub items_minor: Minor,
    /// Off checks as a whole.
    pub discount_minor: Minor,
    /// What lines given free would have cost.
    pub comp_minor: Minor,
    /// No tip: it is the house's, and taxed.
    pub service_charge_minor: Minor,
    pub net_minor: Minor,
    pub taxes: Vec<RateTax>,
    pub gross_minor: Minor,
    /// Cash rounding, a line of its own.
    pub rounding_minor: Minor,
    pub tips_minor: Minor,
    pub paid_minor: Minor,
    pub due_minor: Minor,
}

/// One check of a split order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Check)]
pub struct CheckView {
    /// Of the first check: the order's.
    pub id: CheckId,
    /// `A-0012/2`.
    pub number: String,
    /// The check it is an equal share of.
    pub share_of: Option<CheckId>,
    pub items_minor: Minor,
    pub discount_minor: Minor,
    pub service_charge_minor: Minor,
    pub taxes: Vec<RateTax>,
    pub total_minor: Minor,
    pub paid_minor: Minor,
    pub due_minor: Minor,
    /// Of what is due, asked of a card that has not answered.
    pub pending_minor: Minor,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Discount)]
pub struct DiscountView {
    pub id: DiscountId,
    /// Null: of everything.
    pub check_id: Option<CheckId>,
    pub rate_bp: Option<i64>,
    pub amount_minor: Option<Minor>,
    pub reason: String,
    pub given_by_name: String,
    pub given_at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Line)]
pub struct LineView {
    pub id: LineId,
    pub item_id: Option<ItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// With its variant.
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<ModifierView>,
    /// In thousandths: 1000 is one.
    pub quantity_milli: i64,
    /// With its modifiers.
    pub unit_price_minor: Minor,
    /// What is charged.
    pub total_minor: Minor,
    /// Off its price, in the total already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_minor: Option<Minor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_reason: Option<String>,
    /// Given free: what it would have cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comp_minor: Option<Minor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comp_reason: Option<String>,
    pub tax_rate_bp: i64,
    pub note: Option<String>,
    pub seat: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<i64>,
    /// Left out: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_id: Option<CheckId>,
    pub station: Station,
    pub state: LineState,
    pub void_reason: Option<String>,
    pub added_by_name: String,
    pub added_at_ms: i64,
    pub fired_at_ms: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LineModifier)]
pub struct ModifierView {
    pub name: String,
    /// Of one; in the line's price already.
    pub price_minor: Minor,
    pub count: i64,
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
        let bill = order.bill();
        let totals = bill.totals;
        let checks = if order.checks.is_empty() { Vec::new() } else { order.owing() };
        OrderView {
            summary: summary(order, totals.gross),
            note: order.note.clone(),
            lines: order.lines.iter().map(LineView::from).collect(),
            checks: checks.into_iter().map(CheckView::from).collect(),
            discounts: order.discounts.iter().map(DiscountView::from).collect(),
            payments: order.payments.iter().map(PaymentView::from).collect(),
            attempts: order.attempts.iter().map(AttemptView::from).collect(),
            refunds: Vec::new(),
            totals: TotalsView {
                items_minor: bill.items,
                discount_minor: bill.discount,
                comp_minor: order.sold().map(|line| line.comp).sum(),
                service_charge_minor: bill.service_charge,
                net_minor: totals.net,
                gross_minor: totals.gross,
                taxes: totals.taxes,
                rounding_minor: order.payments.iter().map(|payment| payment.rounding).sum(),
                tips_minor: order.payments.iter().map(|payment| payment.tip).sum(),
                paid_minor: order.paid(),
                due_minor: order.due(),
            },
            tax_mode: order.terms.tax_mode,
            cash_rounding_minor: order.terms.cash_unit,
            closed_at_ms: order.closed_ms,
            cancel_reason: order.cancel_reason.clone(),
            merged_into: order.merged_into,
            service_charge_bp: order.service_charge.map(|charge| charge.rate_bp),
            service_charge_reason: order.service_reason.clone(),
            allowed: order.allowed().into_iter().map(str::to_owned).collect(),
        }
    }
}

impl From<Owing> for CheckView {
    fn from(check: Owing) -> Self {
        CheckView {
            due_minor: check.due(),
            id: check.id,
            number: check.number,
            share_of: check.shares,
            items_minor: check.bill.items,
            discount_minor: check.bill.discount,
            service_charge_minor: check.bill.service_charge,
            total_minor: check.bill.totals.gross,
            taxes: check.bill.totals.taxes,
            paid_minor: check.paid,
            pending_minor: check.pending,
        }
    }
}

impl From<&Discount> for DiscountView {
    fn from(discount: &Discount) -> Self {
        let (rate_bp, amount_minor) = match discount.off {
            Off::Rate(rate_bp) => (Some(rate_bp), None),
            Off::Amount(amount) => (None, Some(amount)),
        };
        DiscountView {
            id: discount.id,
            check_id: discount.check,
            rate_bp,
            amount_minor,
            reason: discount.reason.clone(),
            given_by_name: discount.given_by_name.clone(),
            given_at_ms: discount.given_ms,
        }
    }
}

impl From<&Chosen> for ModifierView {
    fn from(Chosen(name, price, count): &Chosen) -> Self {
        ModifierView { name: name.clone(), price_minor: *price, count: *count }
    }
}

impl From<&Line> for LineView {
    fn from(line: &Line) -> Self {
        LineView {
            id: line.id,
            item_id: line.item_id,
            variant_id: line.variant_id,
            modifiers: line.modifiers.iter().map(ModifierView::from).collect(),
            name: line.name.clone(),
            quantity_milli: line.quantity_milli,
            unit_price_minor: line.unit_price,
            total_minor: line.total,
            discount_minor: line.discount.some(),
            discount_reason: line.discount_reason.clone(),
            comp_minor: line.comped_ms.map(|_| line.comp),
            comp_reason: line.comp_reason.clone(),
            tax_rate_bp: line.tax_rate_bp,
            note: line.note.clone(),
            seat: line.seat,
            course: line.course,
            check_id: line.check,
            station: line.station,
            state: line.state(),
            void_reason: line.void_reason.clone(),
            added_by_name: line.added_by_name.clone(),
            added_at_ms: line.added_ms,
            fired_at_ms: line.fired_ms,
        }
    }
}
