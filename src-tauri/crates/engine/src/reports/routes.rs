//! The endpoints of reports.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::file;
use super::model::{
    Averages, CategoryRow, DayRow, HourRow, ItemRow, Range, Report, StaffRow, Summary, TaxRow, TenderRow, WeekRow, each,
};
use super::store;
use super::table::{self, Name};
use crate::app::App;
use crate::cache::{View, policy};
use crate::error::ApiError;
use crate::exports::cells::FileKind;
use crate::front::asked::Asked;
use crate::front::here::Here;
use crate::front::input::Query;
use crate::staff::model::needs;
use crate::today;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_report_summary))
        .routes(routes!(get_report_days))
        .routes(routes!(get_report_hours))
        .routes(routes!(get_report_week))
        .routes(routes!(get_report_items))
        .routes(routes!(get_report_categories))
        .routes(routes!(get_report_staff))
        .routes(routes!(get_report_tenders))
        .routes(routes!(get_report_taxes))
        .routes(routes!(export_report))
}

/// Which days: of three years at most.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DaysQuery {
    /// First business day; left out: the last one.
    #[garde(skip)]
    pub from: Option<String>,
    /// Last business day; left out: today.
    #[garde(skip)]
    pub to: Option<String>,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    #[garde(skip)]
    #[param(inline)]
    pub report: Name,
    #[garde(skip)]
    #[param(inline)]
    pub format: FileKind,
    /// First business day; left out: the last one.
    #[garde(skip)]
    pub from: Option<String>,
    /// Last business day; left out: today.
    #[garde(skip)]
    pub to: Option<String>,
}

type AskedReport = Asked<needs::ReportsRead, Query<DaysQuery>>;

fn range(view: &View<'_>, days: &DaysQuery) -> Result<Range, ApiError> {
    let today = view.restaurant.settings()?.business_date(view.at_ms);
    Ok(Range::of(days.from.as_deref(), days.to.as_deref(), today)?)
}

async fn rows<T: Serialize>(
    asked: AskedReport,
    read: impl FnOnce(&Connection, &Range) -> rusqlite::Result<Vec<T>>,
) -> Result<Response, ApiError> {
    let report = |view: &View<'_>, Query(days): Query<DaysQuery>| {
        let range = range(view, &days)?;
        let (from, to) = range.words();
        Ok(Report { from, to, rows: read(view.conn, &range)? })
    };
    asked.answer(&policy::REPORTS, report).await
}

/// What the days come to: sums, averages, orders by state, and the same weekdays before.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/summary", tag = "reports", operation_id = "get_report_summary",
    params(("rid" = uuid::Uuid, Path), DaysQuery), responses((status = 200, body = Summary)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_report_summary(asked: AskedReport) -> Result<Response, ApiError> {
    let summary = |view: &View<'_>, Query(days): Query<DaysQuery>| {
        let range = range(view, &days)?;
        let (conn, (from, to)) = (view.conn, range.words());
        let totals = today::store::of_days(conn, &from, &to)?;
        let turns = store::turns(conn, &range)?;
        Ok(Summary {
            from,
            to,
            days_with_sales: turns.days,
            averages: Averages {
                check_minor: totals.average_minor,
                cover_minor: each(store::covered(conn, &range)?, totals.covers),
                day_minor: each(totals.gross_minor, turns.days),
                turn_ms: (turns.turns > 0).then(|| turns.turn_ms / turns.turns),
            },
            states: store::states(conn, &range)?,
            before: store::before(conn, &range.before())?,
            totals,
        })
    };
    asked.answer(&policy::REPORTS, summary).await
}

/// Sales by day, beside the same weekday of the week before.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/days", tag = "reports", operation_id = "get_report_days",
    params(("rid" = uuid::Uuid, Path), DaysQuery), responses((status = 200, body = Report<DayRow>)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_report_days(asked: AskedReport) -> Result<Response, ApiError> {
    rows(asked, store::by_day).await
}

/// Sales by hour of the day, beside the same weekdays before.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/hours", tag = "reports", operation_id = "get_report_hours",
    params(("rid" = uuid::Uuid, Path), DaysQuery), responses((status = 200, body = Report<HourRow>)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_report_hours(asked: AskedReport) -> Result<Response, ApiError> {
    let hours = |view: &View<'_>, Query(days): Query<DaysQuery>| {
        let range = range(view, &days)?;
        let (from, to) = range.words();
        let cutoff_minute = view.restaurant.settings()?.day_cutoff_minute;
        Ok(Report { from, to, rows: store::by_hour(view.conn, &range, cutoff_minute)? })
    };
    asked.answer(&policy::REPORTS, hours).await
}

/// Sales by hour and weekday.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/week", tag = "reports", operation_id = "get_report_week",
    params(("rid" = uuid::Uuid, Path), DaysQuery), responses((status = 200, body = Report<WeekRow>)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_report_week(asked: AskedReport) -> Result<Response, ApiError> {
    rows(asked, store::by_weekday).await
}

/// Sales by item, best sellers first; at most 2,000. An item sold in two categories has a row in each.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/items", tag = "reports", operation_id = "get_report_items",
    params(("rid" = uuid::Uuid, Path), DaysQuery), responses((status = 200, body = Report<ItemRow>)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_report_items(asked: AskedReport) -> Result<Response, ApiError> {
    rows(asked, |conn, range| store::by_item(conn, range, store::ITEMS_MAX)).await
}

/// Sales by category: the one an item had when it was ordered.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/categories", tag = "reports",
    operation_id = "get_report_categories",
    params(("rid" = uuid::Uuid, Path), DaysQuery), responses((status = 200, body = Report<CategoryRow>)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_report_categories(asked: AskedReport) -> Result<Response, ApiError> {
    rows(asked, store::by_category).await
}

/// Who opened what was sold, who took the money, who voided.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/staff", tag = "reports", operation_id = "get_report_staff",
    params(("rid" = uuid::Uuid, Path), DaysQuery), responses((status = 200, body = Report<StaffRow>)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_report_staff(asked: AskedReport) -> Result<Response, ApiError> {
    rows(asked, store::by_staff).await
}

/// How it was paid.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/tenders", tag = "reports", operation_id = "get_report_tenders",
    params(("rid" = uuid::Uuid, Path), DaysQuery), responses((status = 200, body = Report<TenderRow>)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_report_tenders(asked: AskedReport) -> Result<Response, ApiError> {
    rows(asked, store::by_tender).await
}

/// Tax by rate, and what came back of it.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/taxes", tag = "reports", operation_id = "get_report_taxes",
    params(("rid" = uuid::Uuid, Path), DaysQuery), responses((status = 200, body = Report<TaxRow>)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_report_taxes(asked: AskedReport) -> Result<Response, ApiError> {
    rows(asked, store::by_tax).await
}

/// A report as a file: CSV, a spreadsheet or a PDF with its sums.
#[utoipa::path(get, path = "/restaurants/{rid}/reports/export", tag = "reports", operation_id = "export_report",
    params(("rid" = uuid::Uuid, Path), FileQuery),
    responses((status = 200, content((String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/pdf")))),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn export_report(
    here: Here<needs::ReportsRead>,
    Query(query): Query<FileQuery>,
) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let today = settings.business_date(here.now_ms());
    let range = Range::of(query.from.as_deref(), query.to.as_deref(), today)?;
    let table = here.read(|conn| table::table(conn, query.report, &range, settings.day_cutoff_minute))?;
    let (from, to) = range.words();
    let heading = format!("{}  {}  {from} – {to}  {}", settings.name, table.name, settings.currency.code);
    let bytes = file::write(query.format, &table, &heading, settings.currency.exponent)?;
    let name = format!("attachment; filename=\"{}-{from}-{to}.{}\"", table.name, query.format.ending());
    let headers = [(CONTENT_TYPE, query.format.content_type().to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}
