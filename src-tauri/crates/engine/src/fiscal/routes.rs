//! The endpoints of invoices and of the accountant's journal.

use axum::Json;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::IssueInvoice;
use super::entries::{Entry, entries};
use super::model::{Invoice, printed};
use super::{signing, store};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::exports::fields::{amount, plain};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Path, Query};
use crate::front::reply;
use crate::kernel::ids::{CheckId, OrderId, RefundId};
use crate::kernel::money::{Minor, RateTax, Rounding, TaxMode};
use crate::orders::routes::OrderPath;
use crate::orders::view::quantity;
use crate::reports::model::Range;
use crate::restaurant::model::Settings;
use crate::staff::model::needs;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_invoices, issue_invoice))
        .routes(routes!(get_journal))
        .routes(routes!(export_journal))
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Invoice)]
pub struct InvoiceView {
    /// Printed: `F2026-000012`.
    pub number: String,
    pub order_id: OrderId,
    /// Null: the order's first check.
    pub check_id: Option<CheckId>,
    /// A credit note of this refund; null: an invoice.
    pub refund_id: Option<RefundId>,
    /// The invoice a credit note corrects.
    pub corrects: Option<String>,
    pub issued_at_ms: i64,
    pub business_date: String,
    /// Below zero on a credit note, like its taxes.
    pub total_minor: Minor,
    pub taxes: Vec<RateTax>,
    /// Of its content and the hash before it in its series, in hexadecimal.
    pub hash: String,
    /// What the signing hook answered; null: nothing signs here, or not yet.
    pub signature: Option<String>,
}

fn view(conn: &Connection, invoice: &Invoice) -> rusqlite::Result<InvoiceView> {
    Ok(InvoiceView {
        number: printed(&invoice.series, invoice.number),
        order_id: invoice.order,
        check_id: invoice.check,
        refund_id: invoice.refund,
        corrects: invoice.corrects.clone(),
        issued_at_ms: invoice.issued_ms,
        business_date: invoice.business_date.clone(),
        total_minor: invoice.total,
        taxes: invoice.taxes.clone(),
        hash: blake3::Hash::from_bytes(invoice.hash).to_string(),
        signature: store::signature(conn, &invoice.series, invoice.number)?,
    })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Invoices {
    pub items: Vec<InvoiceView>,
}

fn of_order(place: &Place, order: OrderId) -> Result<Invoices, ApiError> {
    let read = |conn: &Connection| -> rusqlite::Result<Invoices> {
        let items = store::of_order(conn, order)?.iter().map(|one| view(conn, one)).collect::<Result<_, _>>()?;
        Ok(Invoices { items })
    };
    Ok(place.read(read)?)
}

/// The invoices of an order and the credit notes of its refunds, in the order they were issued.
#[utoipa::path(get, path = "/restaurants/{rid}/orders/{order_id}/invoices", tag = "fiscal",
    operation_id = "list_invoices",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    responses((status = 200, body = Invoices)),
    extensions(("x-permission" = json!("orders.read"))))]
pub async fn list_invoices(
    here: Here<needs::OrdersRead>,
    Path(path): Path<OrderPath>,
) -> Result<Json<Invoices>, ApiError> {
    Ok(Json(of_order(&here, path.order_id)?))
}

/// An invoice of a check (`check_id`; left out: the first), or the credit note of a refund.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct NewInvoice {
    #[garde(skip)]
    pub check_id: Option<CheckId>,
    #[garde(skip)]
    pub refund_id: Option<RefundId>,
}

/// Writes the invoice of a check of a completed order, with the next number of its series, or the credit note
/// of a refund of an order that has one. Asked for again, it is the same one.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/invoices", tag = "fiscal",
    operation_id = "issue_invoice",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = NewInvoice, responses((status = 201, body = InvoiceView)),
    extensions(("x-permission" = json!("orders.pay"))))]
pub async fn issue_invoice(
    here: Here<needs::OrdersPay>,
    Path(path): Path<OrderPath>,
    input: Input<NewInvoice>,
) -> Result<Response, ApiError> {
    let NewInvoice { check_id, refund_id } = input.value;
    if check_id.is_some() && refund_id.is_some() {
        return Err(Refusal::invalid("check_id", "A credit note is of a refund; leave the check out.").into());
    }
    let settings = here.settings()?;
    let date = settings.business_date(input.meta.at_ms).to_string();
    let series = settings.series.of(refund_id.is_some(), &date);
    let write = IssueInvoice { order: path.order_id, check: check_id, refund: refund_id, series, date };
    let done = here.write(&input.meta, Ok(write)).await?;
    signing::sign_soon(&here.app, &here.restaurant);
    let (series, number) = (&done.answer.series, done.answer.number);
    let issued = here.read::<_, ApiError>(|conn| {
        let all = store::of_order(conn, path.order_id)?;
        let one = all.iter().find(|one| one.series == *series && one.number == number);
        Ok(view(conn, one.ok_or_else(|| Refusal::not_found("The invoice"))?)?)
    })?;
    Ok(reply::created(&done, issued))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JournalQuery {
    /// First business day; left out: the last one.
    #[garde(skip)]
    pub from: Option<String>,
    /// Last business day; left out: today.
    #[garde(skip)]
    pub to: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Journal {
    pub from: String,
    pub to: String,
    pub lines: Vec<Entry>,
    /// Equal.
    pub debit_minor: Minor,
    pub credit_minor: Minor,
}

fn journal(place: &Place, settings: &Settings, range: &Range) -> Result<Journal, ApiError> {
    let (from, to) = range.words();
    let (mut days, drawers) = place.read::<_, ApiError>(|conn| {
        // A day on the wall begins at most a day before it does in UTC, and ends so late.
        let start = |date: chrono::NaiveDate| date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
        let drawers = store::over_short(conn, start(range.from) - DAY_MS, start(range.to) + 3 * DAY_MS)?;
        Ok((store::days(conn, &from, &to)?, drawers))
    })?;
    for (closed_ms, by) in drawers {
        let date = settings.business_date(closed_ms).to_string();
        if date < from || date > to {
            continue;
        }
        match days.binary_search_by(|day| day.date.as_str().cmp(&date)) {
            Ok(at) => days[at].over_short += by,
            Err(at) => days.insert(at, super::entries::Day { date, over_short: by, ..Default::default() }),
        }
    }
    let rate = settings.service_charges.tax_rate_bp.unwrap_or(settings.default_tax_rate_bp);
    for day in &mut days {
        day.service_rate_bp = rate;
        if settings.tax_mode == TaxMode::Inclusive {
            day.service = Minor(Rounding::HalfUp.divide(i128::from(day.service.0) * 10_000, i128::from(10_000 + rate)));
        }
    }
    let lines: Vec<Entry> = days.iter().flat_map(|day| entries(day, &settings.accounts)).collect();
    Ok(Journal {
        debit_minor: lines.iter().map(|line| line.debit_minor).sum(),
        credit_minor: lines.iter().map(|line| line.credit_minor).sum(),
        from,
        to,
        lines,
    })
}

fn asked(place: &Place, query: &JournalQuery) -> Result<Journal, ApiError> {
    let settings = place.settings()?;
    let today = settings.business_date(place.now_ms());
    let range = Range::of(query.from.as_deref(), query.to.as_deref(), today)?;
    journal(place, &settings, &range)
}

/// The double entries of business days, for the accountant: sales and tax by rate, tips, service charge, how it
/// was paid, what moved in the drawer, over and short. Of what was rung up here; debits equal credits.
#[utoipa::path(get, path = "/restaurants/{rid}/journal", tag = "fiscal", operation_id = "get_journal",
    params(("rid" = uuid::Uuid, Path), JournalQuery), responses((status = 200, body = Journal)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_journal(
    here: Here<needs::ReportsRead>,
    Query(query): Query<JournalQuery>,
) -> Result<Json<Journal>, ApiError> {
    asked(&here, &query).map(Json)
}

/// The same as a file.
#[utoipa::path(get, path = "/restaurants/{rid}/journal.csv", tag = "fiscal", operation_id = "export_journal",
    params(("rid" = uuid::Uuid, Path), JournalQuery),
    responses((status = 200, body = String, content_type = "text/csv")),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn export_journal(
    here: Here<needs::ReportsRead>,
    Query(query): Query<JournalQuery>,
) -> Result<Response, ApiError> {
    let exponent = here.settings()?.currency.exponent;
    let journal = asked(&here, &query)?;
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["business_date", "account", "kind", "tax_rate", "debit", "credit"])
        .map_err(ApiError::internal)?;
    for line in &journal.lines {
        let rate = line.tax_rate_bp.map(|bp| quantity(bp * 10)).unwrap_or_default();
        let (debit, credit) = (amount(line.debit_minor, exponent), amount(line.credit_minor, exponent));
        let row = [&line.business_date, &plain(&line.account), line.kind.as_str(), &rate, &debit, &credit];
        csv.write_record(row).map_err(ApiError::internal)?;
    }
    let body = csv.into_inner().map_err(ApiError::internal)?;
    let name = format!("attachment; filename=\"journal-{}-{}.csv\"", journal.from, journal.to);
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], body).into_response())
}
