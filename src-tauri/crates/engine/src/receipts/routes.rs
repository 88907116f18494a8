//! Paper of a check and of the till: a preview, a PDF, or printed.

use axum::Json;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::check::Sheet;
use super::till;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Path, Query};
use crate::kernel::ids::{CheckId, PrinterId};
use crate::orders::routes::OrderPath;
use crate::printing::desk::logo_of;
use crate::printing::model::{Job, Kind, Printer};
use crate::printing::paper::{self, Block, Row, Style};
use crate::printing::routes::{JobView, enqueue};
use crate::printing::{pdf, store as printers};
use crate::staff::model::needs;
use crate::till::store as tills;
use crate::{fiscal, orders, today};

/// Characters on a row where no printer says.
const COLUMNS: u8 = 42;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_check_paper))
        .routes(routes!(print_check))
        .routes(routes!(get_till_paper))
        .routes(routes!(print_till))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckPaper {
    /// What is to be paid.
    Bill,
    /// What was paid, and how.
    Receipt,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperFormat {
    /// JSON, for a preview.
    #[default]
    Rows,
    Pdf,
}

/// What would be printed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paper {
    pub title: String,
    /// Characters on a row of the printer it would come out on.
    pub columns: u8,
    pub rows: Vec<Row>,
    /// How often it may be on paper already, printed here; 0: the next one is the first.
    pub copies: i64,
}

/// A document that was asked for, before it is laid out.
struct Asked {
    kind: Kind,
    /// What is printed again when it is asked for again.
    subject: String,
    title: String,
    file: String,
    blocks: Vec<Block>,
}

impl Asked {
    fn answer(self, place: &Place, format: PaperFormat, on: Option<PrinterId>) -> Result<Response, ApiError> {
        let printer = match on {
            Some(id) => Some(named(place, id)?),
            None => printer_for_guests(place)?,
        };
        let columns = printer.map_or(COLUMNS, |printer| printer.columns);
        let logo = logo_of(&place.restaurant, &self.blocks, columns)?;
        let mut rows = paper::rows(&self.blocks, columns);
        rows.retain(|row| row.style != Style::Logo || logo.is_some());
        if format == PaperFormat::Pdf {
            let name = format!("attachment; filename=\"{}.pdf\"", self.file);
            let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)];
            return Ok((headers, pdf::roll(&self.title, &rows, columns, logo.as_ref())?).into_response());
        }
        let before = place.read(|conn| printers::job_of(conn, &self.subject))?;
        let title = self.title.clone();
        let copies = before.map_or(0, |before| before.asked_again(self.job(PrinterId::mint(), 0)).copies);
        Ok(Json(Paper { title, columns, rows, copies }).into_response())
    }

    fn job(self, printer: PrinterId, now_ms: i64) -> Job {
        let subject = Some(self.subject);
        Job { subject, ..Job::new(self.kind, self.title, printer, self.blocks, now_ms) }
    }
}

fn printer_for_guests(place: &Place) -> Result<Option<Printer>, ApiError> {
    let printers = place.read(printers::printers)?;
    Ok(printers.into_iter().find(|printer| printer.guests))
}

fn named(place: &Place, id: PrinterId) -> Result<Printer, ApiError> {
    let printer = place.read(|conn| printers::printer(conn, id))?;
    Ok(printer.ok_or_else(|| Refusal::rule("There is no such printer on this computer.").at("printer_id"))?)
}

/// The printer somebody named, or the one for guests. In practice there is none.
fn printer(place: &Place, on: Option<PrinterId>) -> Result<PrinterId, ApiError> {
    if place.restaurant.practice.is_some() {
        return Err(Refusal::rule("Nothing is printed in practice.").into());
    }
    match on {
        Some(id) => Ok(named(place, id)?.id),
        None => match printer_for_guests(place)? {
            Some(printer) => Ok(printer.id),
            None => Err(Refusal::rule("No printer of this computer is for bills and receipts.").into()),
        },
    }
}

fn check_paper(
    place: &Place,
    path: &OrderPath,
    check: Option<CheckId>,
    which: CheckPaper,
    now_ms: i64,
) -> Result<Asked, ApiError> {
    let settings = place.settings()?;
    let (order, invoices) = place.read::<_, ApiError>(|conn| {
        let order = orders::store::order(conn, path.order_id)?.ok_or_else(|| Refusal::not_found("The order"))?;
        Ok((order, fiscal::store::of_order(conn, path.order_id)?))
    })?;
    let check = check.unwrap_or(order.first_check());
    let sheet = Sheet::of(&settings, &order, check)
        .ok_or_else(|| Refusal::rule("The order has no such check.").at("check_id"))?;
    let number = sheet.number().to_owned();
    let file = format!("{}-{}", order.business_date, number.replace('/', "-"));
    Ok(match which {
        CheckPaper::Bill => Asked {
            kind: Kind::Bill,
            subject: format!("bill {check}"),
            file: format!("bill-{file}"),
            blocks: sheet.bill(now_ms),
            title: number,
        },
        CheckPaper::Receipt => {
            if sheet.is_unpaid() {
                return Err(Refusal::rule("Nothing of this check is paid yet.").into());
            }
            let of_it =
                |invoice: &&fiscal::model::Invoice| invoice.refund.is_none() && order.check_of(invoice.check) == check;
            let issued = invoices.iter().find(of_it);
            let issued = issued.map(|invoice| fiscal::model::printed(&invoice.series, invoice.number));
            Asked {
                kind: Kind::Receipt,
                subject: format!("receipt {check}"),
                file: format!("receipt-{file}"),
                blocks: sheet.receipt(issued.as_deref()),
                title: number,
            }
        }
    })
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckPaperQuery {
    #[garde(skip)]
    #[param(inline)]
    pub paper: CheckPaper,
    /// Of a split order; left out: its first.
    #[garde(skip)]
    pub check_id: Option<CheckId>,
    /// Laid out for this one; left out: the printer for guests.
    #[garde(skip)]
    pub printer_id: Option<PrinterId>,
    #[garde(skip)]
    #[serde(default)]
    #[param(inline)]
    pub format: PaperFormat,
}

/// The bill or the receipt of a check: its rows as they would be printed, or a PDF.
#[utoipa::path(get, path = "/restaurants/{rid}/orders/{order_id}/paper", tag = "receipts",
    operation_id = "get_check_paper",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), CheckPaperQuery),
    responses((status = 200, content((Paper = "application/json"), (String = "application/pdf")))),
    extensions(("x-permission" = json!("orders.read"))))]
pub async fn get_check_paper(
    here: Here<needs::OrdersRead>,
    Path(path): Path<OrderPath>,
    Query(query): Query<CheckPaperQuery>,
) -> Result<Response, ApiError> {
    check_paper(&here, &path, query.check_id, query.paper, here.now_ms())?.answer(&here, query.format, query.printer_id)
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"paper": "receipt"}))]
pub struct PrintCheck {
    #[garde(skip)]
    pub paper: CheckPaper,
    /// Of a split order; left out: its first.
    #[garde(skip)]
    pub check_id: Option<CheckId>,
    /// Left out: the printer for guests.
    #[garde(skip)]
    pub printer_id: Option<PrinterId>,
}

/// Prints the bill or the receipt of a check. What was printed before says which COPY it is.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/print", tag = "receipts",
    operation_id = "print_check",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = PrintCheck, responses((status = 200, body = JobView)),
    extensions(("x-permission" = json!("orders.pay"))))]
pub async fn print_check(
    here: Here<needs::OrdersPay>,
    Path(path): Path<OrderPath>,
    input: Input<PrintCheck>,
) -> Result<Json<JobView>, ApiError> {
    let PrintCheck { paper, check_id, printer_id } = input.value;
    let asked = check_paper(&here, &path, check_id, paper, input.meta.at_ms)?;
    let order = here.read(|conn| orders::store::order(conn, path.order_id))?;
    let job = asked.job(printer(&here, printer_id)?, input.meta.at_ms);
    let table = order.as_ref().and_then(|order| order.table.clone());
    let job = Job { order: Some(path.order_id), table, service: order.map(|order| order.service), ..job };
    Ok(Json(enqueue(&here, job, &input.meta).await?))
}

fn till_paper(place: &Place, z: Option<i64>, now_ms: i64) -> Result<Asked, ApiError> {
    let settings = place.settings()?;
    if let Some(number) = z {
        let report = place.read(|conn| tills::report(conn, number))?;
        let report = report.ok_or_else(|| Refusal::not_found("The Z report"))?;
        return Ok(Asked {
            kind: Kind::Z,
            subject: format!("z {number}"),
            title: format!("Z {number}"),
            file: format!("z-{number}"),
            blocks: till::z(&settings, &report),
        });
    }
    let (totals, session) = place.read::<_, ApiError>(|conn| {
        Ok((today::store::rung_up(conn)?.less(&tills::reported(conn)?), tills::open_session(conn)?))
    })?;
    Ok(Asked {
        kind: Kind::X,
        subject: "x".to_owned(),
        title: "X".to_owned(),
        file: format!("x-{}", settings.business_date(now_ms)),
        blocks: till::x(&settings, totals, session.as_ref(), place.role, now_ms),
    })
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TillPaperQuery {
    /// The number of a Z report; left out: the X, the till as it stands.
    #[garde(skip)]
    pub z: Option<i64>,
    /// Laid out for this one; left out: the printer for guests.
    #[garde(skip)]
    pub printer_id: Option<PrinterId>,
    #[garde(skip)]
    #[serde(default)]
    #[param(inline)]
    pub format: PaperFormat,
}

/// The X or a Z: its rows as they would be printed, or a PDF. While the drawer is open, the X of who reads no reports
/// leaves out how it was paid and what should lie in it.
#[utoipa::path(get, path = "/restaurants/{rid}/till/paper", tag = "receipts", operation_id = "get_till_paper",
    params(("rid" = uuid::Uuid, Path), TillPaperQuery),
    responses((status = 200, content((Paper = "application/json"), (String = "application/pdf")))),
    extensions(("x-permission" = json!("till.read"))))]
pub async fn get_till_paper(
    here: Here<needs::TillRead>,
    Query(query): Query<TillPaperQuery>,
) -> Result<Response, ApiError> {
    till_paper(&here, query.z, here.now_ms())?.answer(&here, query.format, query.printer_id)
}

#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"z": 12}))]
pub struct PrintTill {
    /// The number of a Z report; left out: the X.
    #[garde(skip)]
    pub z: Option<i64>,
    /// Left out: the printer for guests.
    #[garde(skip)]
    pub printer_id: Option<PrinterId>,
}

/// Prints the X or a Z, with what that person is told of it. A Z that was printed before says which COPY it is.
#[utoipa::path(post, path = "/restaurants/{rid}/till/print", tag = "receipts", operation_id = "print_till",
    params(("rid" = uuid::Uuid, Path)),
    request_body = PrintTill, responses((status = 200, body = JobView)),
    extensions(("x-permission" = json!("till.write"))))]
pub async fn print_till(here: Here<needs::TillWrite>, input: Input<PrintTill>) -> Result<Json<JobView>, ApiError> {
    let asked = till_paper(&here, input.value.z, input.meta.at_ms)?;
    let job = asked.job(printer(&here, input.value.printer_id)?, input.meta.at_ms);
    Ok(Json(enqueue(&here, job, &input.meta).await?))
}
