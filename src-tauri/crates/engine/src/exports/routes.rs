//! The endpoints of exports.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cells::FileKind;
use super::sales;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::Here;
use crate::front::input::Query;
use crate::front::stream;
use crate::kernel::time::parse_date;
use crate::staff::model::needs;

/// Days before and after every sale.
const FIRST_DATE: &str = "0000-01-01";
const LAST_DATE: &str = "9999-12-31";

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export_sales)).routes(routes!(export_sales_sheet))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// First business day; left out: from the beginning.
    #[garde(skip)]
    pub from: Option<String>,
    /// Last business day; left out: to the end.
    #[garde(skip)]
    pub to: Option<String>,
}

/// First and last day asked for, as the tables have them.
fn days(query: ExportQuery) -> Result<(String, String), ApiError> {
    let date = |field: &'static str, date: Option<String>, none: &str| match date {
        Some(date) => parse_date(field, &date).map(|date| date.to_string()),
        None => Ok(none.to_owned()),
    };
    let from = date("from", query.from, FIRST_DATE)?;
    let to = date("to", query.to, LAST_DATE)?;
    if from > to {
        return Err(Refusal::invalid("to", "The last day is before the first.").into());
    }
    Ok((from, to))
}

/// Completed sales as CSV, one row a line sold.
#[utoipa::path(get, path = "/restaurants/{rid}/export/sales.csv", tag = "export", operation_id = "export_sales",
    params(("rid" = uuid::Uuid, Path), ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv")),
    extensions(("x-permission" = json!("exports.read"))))]
pub async fn export_sales(
    here: Here<needs::ExportsRead>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, ApiError> {
    let (from, to) = days(query)?;
    let restaurant = here.restaurant.clone();
    Ok(stream::csv("sales.csv", move |out| sales::write(&restaurant, (&from, &to), out, |_| {}).map(drop)))
}

/// Completed sales as a spreadsheet, one row a line sold; at most 250,000.
#[utoipa::path(get, path = "/restaurants/{rid}/export/sales.xlsx", tag = "export", operation_id = "export_sales_sheet",
    params(("rid" = uuid::Uuid, Path), ExportQuery),
    responses((status = 200, body = String, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
    extensions(("x-permission" = json!("exports.read"))))]
pub async fn export_sales_sheet(
    here: Here<needs::ExportsRead>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, ApiError> {
    let (from, to) = days(query)?;
    let restaurant = here.restaurant.clone();
    let written = tokio::task::spawn_blocking(move || {
        let mut file = Vec::new();
        sales::write_sheet(&restaurant, (&from, &to), &mut file, |_| {})?;
        Ok::<_, ApiError>(file)
    });
    let file = written.await.map_err(ApiError::internal)??;
    let headers =
        [(CONTENT_TYPE, FileKind::Xlsx.content_type()), (CONTENT_DISPOSITION, "attachment; filename=\"sales.xlsx\"")];
    Ok((headers, file).into_response())
}
