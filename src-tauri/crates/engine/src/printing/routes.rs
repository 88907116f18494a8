//! `/restaurants/{rid}/print-jobs`: what is on its way to paper, what is stuck and why, and what a
//! person does about it. Whoever sees the alarm may end it.

use axum::Json;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Job, JobState, Kind, Trouble};
use super::routes_printers::{self, PrinterView};
use super::{desk, store};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::kernel::ids::{AccountId, OrderId, PrintJobId, PrinterId, StationId};
use crate::orders::model::Service;
use crate::staff::model::needs;
use crate::till::model::counts_blind;

/// Documents that are done and shown.
const DONE_MAX: i64 = 20;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_print_jobs))
        .routes(routes!(send_print_job))
        .routes(routes!(see_to_print_job))
        .merge(routes_printers::routes())
}

/// A document on its way to paper.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PrintJob)]
pub struct JobView {
    pub id: PrintJobId,
    pub kind: Kind,
    /// The order's number, the report's, or the printer's name.
    pub title: String,
    pub order_id: Option<OrderId>,
    pub table: Option<String>,
    pub service: Option<Service>,
    /// Whose food it is.
    pub station_id: Option<StationId>,
    /// Where it comes out.
    pub printer_id: PrinterId,
    pub lines: Vec<PrintedLine>,
    /// When it was fired, or asked for.
    pub made_at_ms: i64,
    pub state: JobState,
    /// How often it may be on paper already: the next time it says COPY and this number.
    pub copies: i64,
    pub attempts: i64,
    /// Trouble since then; null: none.
    pub failing_since_ms: Option<i64>,
    pub trouble: Option<Trouble>,
    pub done_at_ms: Option<i64>,
    pub done_by_name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PrintedLine {
    pub name: String,
    pub quantity_milli: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PrintJobs {
    pub now_ms: i64,
    /// Of this device.
    pub printers: Vec<PrinterView>,
    /// Bounded: 200 at most.
    pub items: Vec<JobView>,
}

fn show(place: &Place, job: Job) -> Result<JobView, ApiError> {
    let name = |account: AccountId| place.read::<_, ApiError>(|conn| Ok(store::name_of(conn, account)?));
    let line = |(quantity_milli, name)| PrintedLine { name, quantity_milli };
    Ok(JobView {
        id: job.id,
        kind: job.kind,
        title: job.title,
        order_id: job.order,
        table: job.table,
        service: job.service,
        station_id: job.station,
        printer_id: job.printer,
        lines: job.lines.into_iter().map(line).collect(),
        made_at_ms: job.made_ms,
        state: job.state,
        copies: job.copies,
        attempts: job.attempts,
        failing_since_ms: job.failing_ms,
        trouble: job.trouble,
        done_at_ms: job.done_ms,
        done_by_name: job.done_by.map(name).transpose()?.flatten(),
    })
}

/// A document as it is now.
pub fn show_by_id(place: &Place, id: PrintJobId) -> Result<JobView, ApiError> {
    let job = place.read(|conn| store::job(conn, id))?;
    show(place, job.ok_or_else(not_found)?)
}

fn not_found() -> Refusal {
    Refusal::not_found("What was to be printed")
}

/// Puts a document into the queue; one that was asked for before is asked for again, and says which copy it is.
/// The same request again changes nothing: it could print twice.
pub async fn enqueue(place: &Place, wanted: Job, meta: &Meta) -> Result<JobView, ApiError> {
    let request = meta.id(place.caller.account_id.0);
    let queued = place.restaurant.db.local(move |tx| {
        let before = match &wanted.subject {
            Some(subject) => store::job_of(tx.conn(), subject)?,
            None => None,
        };
        let job = match before {
            Some(before) if store::is_asked(tx.conn(), before.id, request)? => return Ok(Ok(before.id)),
            Some(before) if before.state == JobState::Sending => {
                return Ok(Err(Refusal::illegal_step("It is on its way to the printer.", before.allowed())));
            }
            Some(before) => {
                let job = before.asked_again(wanted.clone());
                store::put(tx, &job)?;
                job
            }
            None => {
                store::put(tx, &wanted)?;
                wanted.clone()
            }
        };
        store::note_asked(tx, job.id, request)?;
        Ok(Ok(job.id))
    });
    let id = queued.await??;
    desk::announce(&place.app, &place.restaurant);
    place.restaurant.bell.ring();
    show_by_id(place, id)
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhichPrintJobs {
    /// Not on paper yet, the oldest first.
    #[default]
    Open,
    /// The last 20 that are on paper, or that somebody saw to.
    Done,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PrintJobsQuery {
    #[garde(skip)]
    #[serde(default)]
    #[param(inline)]
    pub which: WhichPrintJobs,
}

/// What this device's printers are given, and the printers. One with `failing_since_ms` is an alarm.
#[utoipa::path(get, path = "/restaurants/{rid}/print-jobs", tag = "printing", operation_id = "list_print_jobs",
    params(("rid" = uuid::Uuid, Path), PrintJobsQuery),
    responses((status = 200, body = PrintJobs)),
    extensions(("x-permission" = json!("kitchen.read"))))]
pub async fn list_print_jobs(
    here: Here<needs::KitchenRead>,
    Query(query): Query<PrintJobsQuery>,
) -> Result<Json<PrintJobs>, ApiError> {
    let jobs = here.read(|conn| match query.which {
        WhichPrintJobs::Open => store::open(conn),
        WhichPrintJobs::Done => store::done(conn, DONE_MAX),
    })?;
    let items = jobs.into_iter().map(|job| show(&here, job)).collect::<Result<_, _>>()?;
    Ok(Json(PrintJobs { now_ms: here.now_ms(), printers: routes_printers::all(&here)?, items }))
}

#[derive(Deserialize)]
pub struct JobPath {
    job_id: PrintJobId,
}

#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendPrintJob {
    /// To this printer; left out: the same as before.
    #[garde(skip)]
    pub printer_id: Option<PrinterId>,
}

/// One step of a person on a document. The same request again changes nothing: it could print twice.
async fn step(
    place: &Place,
    id: PrintJobId,
    meta: &Meta,
    mut change: impl FnMut(Job) -> Job + Send + 'static,
) -> Result<(), ApiError> {
    let request = meta.id(place.caller.account_id.0);
    let stepped = place.restaurant.db.local(move |tx| {
        let Some(job) = store::job(tx.conn(), id)? else { return Ok(Some(not_found())) };
        if store::is_asked(tx.conn(), id, request)? {
            return Ok(None);
        }
        if job.allowed().is_empty() {
            let why = match job.state {
                JobState::Sending => "It is on its way to the printer.",
                _ => "What was on it is not kept so long. Print it from where it came.",
            };
            return Ok(Some(Refusal::illegal_step(why, job.allowed())));
        }
        store::note_asked(tx, id, request)?;
        store::put(tx, &change(job))?;
        Ok(None)
    });
    if let Some(refusal) = stepped.await? {
        return Err(refusal.into());
    }
    desk::announce(&place.app, &place.restaurant);
    place.restaurant.bell.ring();
    Ok(())
}

/// Sends a document once more, or to another printer. What may be on paper says which COPY it is.
#[utoipa::path(post, path = "/restaurants/{rid}/print-jobs/{job_id}/send", tag = "printing",
    operation_id = "send_print_job",
    params(("rid" = uuid::Uuid, Path), ("job_id" = uuid::Uuid, Path)),
    request_body = SendPrintJob, responses((status = 200, body = JobView)),
    extensions(("x-permission" = json!("kitchen.read"))))]
pub async fn send_print_job(
    here: Here<needs::KitchenRead>,
    Path(path): Path<JobPath>,
    input: Input<SendPrintJob>,
) -> Result<Json<JobView>, ApiError> {
    let job = here.read(|conn| store::job(conn, path.job_id))?.ok_or_else(not_found)?;
    // It was read by somebody who may have been told more.
    if job.kind == Kind::X && counts_blind(here.role) {
        return Err(Refusal::rule("A reading of the till is not sent again. Print a new one from the till.").into());
    }
    let to = input.value.printer_id.unwrap_or(job.printer);
    if here.read(|conn| store::printer(conn, to))?.is_none() {
        return Err(Refusal::rule("There is no such printer on this computer.").at("printer_id").into());
    }
    let now_ms = input.meta.at_ms;
    step(&here, path.job_id, &input.meta, move |job| job.again(to, now_ms)).await?;
    Ok(Json(show_by_id(&here, path.job_id)?))
}

/// Somebody saw to it: the kitchen knows, it was written by hand, or it is not wanted any more.
#[utoipa::path(post, path = "/restaurants/{rid}/print-jobs/{job_id}/by-hand", tag = "printing",
    operation_id = "see_to_print_job",
    params(("rid" = uuid::Uuid, Path), ("job_id" = uuid::Uuid, Path)),
    responses((status = 200, body = JobView)),
    extensions(("x-permission" = json!("kitchen.read"))))]
pub async fn see_to_print_job(
    here: Here<needs::KitchenRead>,
    Path(path): Path<JobPath>,
    meta: Meta,
) -> Result<Json<JobView>, ApiError> {
    let (now_ms, by) = (meta.at_ms, here.caller.account_id);
    step(&here, path.job_id, &meta, move |job| job.seen_to(by, now_ms)).await?;
    Ok(Json(show_by_id(&here, path.job_id)?))
}
