//! The endpoint of the Today page.

use axum::response::Response;
use chrono::Days;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store::{self, DaySales, HourSales, TopItem};
use crate::app::App;
use crate::cache::{View, policy};
use crate::error::ApiError;
use crate::front::asked::Asked;
use crate::inbox;
use crate::inbox::store::InboxItem;
use crate::kernel::money::Minor;
use crate::payments;
use crate::payments::store::attempts::PendingPayment;
use crate::staff::model::needs;
use crate::till::model::Totals;
use crate::{orders, till};

const TOP_ITEMS: i64 = 10;
const LAST_DAYS: i64 = 14;
const FLAGS: i64 = 20;
const PENDING: i64 = 20;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_today))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Today {
    pub business_date: String,
    /// When this was worked out: within the hour, for the day's chart.
    pub now_ms: i64,
    pub totals: Totals,
    pub open: OpenNow,
    pub by_hour: Vec<HourSales>,
    /// The same weekday a week ago.
    pub last_week_by_hour: Vec<HourSales>,
    pub top_items: Vec<TopItem>,
    /// Days with sales up to today, newest first.
    pub last_days: Vec<DaySales>,
    /// Card payments that wait for an answer, the oldest first.
    pub pending_payments: Vec<PendingPayment>,
    /// What nobody has looked at yet.
    pub flags: Vec<InboxItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OpenNow {
    pub orders: i64,
    pub covers: i64,
    /// What the newest 5,000 of them come to.
    pub minor: Minor,
}

/// The day so far. While the till is open, who reads no reports is not told how it was paid.
#[utoipa::path(get, path = "/restaurants/{rid}/today", tag = "today", operation_id = "get_today",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = Today)),
    extensions(("x-permission" = json!("today.read"))))]
pub async fn get_today(asked: Asked<needs::TodayRead>) -> Result<Response, ApiError> {
    asked.answer(&policy::TODAY, |view, _| today(view)).await
}

fn today(view: &View<'_>) -> Result<Today, ApiError> {
    let (conn, now_ms) = (view.conn, view.at_ms);
    let date = view.restaurant.settings()?.business_date(now_ms);
    let last_week = date.checked_sub_days(Days::new(7)).unwrap_or(date).to_string();
    let business_date = date.to_string();
    let (orders, covers) = orders::store::open_counts(conn)?;
    let is_open = till::store::open_session_id(conn)?.is_some();
    Ok(Today {
        totals: store::of_day(conn, &business_date)?.told_to(view.role, is_open),
        open: OpenNow { orders, covers, minor: orders::store::summed(conn)? },
        by_hour: store::by_hour(conn, &business_date)?,
        last_week_by_hour: store::by_hour(conn, &last_week)?,
        top_items: store::top_items(conn, &business_date, TOP_ITEMS)?,
        last_days: store::last_days(conn, &business_date, LAST_DAYS)?,
        pending_payments: payments::store::attempts::pending(conn, PENDING)?,
        flags: inbox::store::flags(conn, true, None, FLAGS)?,
        business_date,
        now_ms,
    })
}
