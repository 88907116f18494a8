//! `/restaurants/{rid}/rewind`: choosing a moment, opening it, and what it holds against now.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use comanda_db::records;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::timeline::{self, RewindBin};
use super::views::{self, State, View};
use crate::app::{App, Restaurant};
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Path, Query};
use crate::kernel::ids::RewindId;
use crate::kernel::money::Minor;
use crate::kernel::time::{self, parse_date};
use crate::staff::model::needs;
use crate::till::model::Totals;
use crate::{orders, today};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_rewind, open_rewind))
        .routes(routes!(get_rewind_day))
        .routes(routes!(get_rewind_view, close_rewind_view))
        .routes(routes!(compare_rewind_view))
}

/// A moment of the past that is open, or is being made.
#[derive(Debug, Serialize, ToSchema)]
pub struct RewindView {
    /// Goes into the header `X-Rewind` of a reading to have it answered from this moment.
    pub id: RewindId,
    pub at_ms: i64,
    /// The last entry of the journal that has happened then.
    pub entry: u64,
    pub state: RewindState,
    /// How much of it is made, 0 to 1000.
    pub done_permille: u32,
    /// Why it could not be made: a sentence.
    pub failure: Option<&'static str>,
    /// It is closed then if nobody looks at it any more.
    pub closes_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RewindState {
    Making,
    Ready,
    Failed,
}

impl RewindView {
    fn of(view: &View) -> Self {
        let (state, failure) = match view.state() {
            State::Making => (RewindState::Making, None),
            State::Ready(_) => (RewindState::Ready, None),
            State::Failed(why) => (RewindState::Failed, Some(why)),
        };
        let done_permille = if state == RewindState::Ready { 1000 } else { view.done_permille() };
        let View { id, at_ms, entry, .. } = *view;
        Self { id, at_ms, entry, state, done_permille, failure, closes_ms: view.closes_ms() }
    }
}

/// How far the records reach, and what is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rewind {
    /// When the first command of this restaurant was asked for; null: none was.
    pub begins_ms: Option<i64>,
    pub now_ms: i64,
    /// The last entry of the journal.
    pub entry: u64,
    pub views: Vec<RewindView>,
}

/// How far back one can go, and the moments that are open.
#[utoipa::path(get, path = "/restaurants/{rid}/rewind", tag = "rewind", operation_id = "get_rewind",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = Rewind)),
    extensions(("x-permission" = json!("rewind.read"))))]
pub async fn get_rewind(here: Here<needs::RewindRead>) -> Result<Json<Rewind>, ApiError> {
    here.app.rewinds.sweep(here.app.clock.now_ms());
    let begins_ms = here.read(timeline::begins_ms)?;
    let views = here.app.rewinds.of(here.restaurant.id).iter().map(|view| RewindView::of(view)).collect();
    Ok(Json(Rewind { begins_ms, now_ms: here.now_ms(), entry: here.restaurant.db.entry()?, views }))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"at_ms": 1_781_283_600_000_i64}))]
pub struct NewRewind {
    /// This instant. One of the two is given.
    #[garde(skip)]
    pub at_ms: Option<i64>,
    /// Right after this entry of the journal.
    #[garde(skip)]
    pub entry: Option<u64>,
}

/// Opens a moment. It is made in the background: ask again until it is `ready`. One that is open already is given again.
#[utoipa::path(post, path = "/restaurants/{rid}/rewind", tag = "rewind", operation_id = "open_rewind",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewRewind, responses((status = 202, body = RewindView)),
    extensions(("x-permission" = json!("rewind.read"))))]
pub async fn open_rewind(here: Here<needs::RewindRead>, input: Input<NewRewind>) -> Result<Response, ApiError> {
    let place = here.0.clone();
    let moment = tokio::task::spawn_blocking(move || moment(&place, &input.value));
    let moment = moment.await.map_err(ApiError::internal)??;
    let view = views::open(&here.app, &here.restaurant, moment, here.caller.account_id)?;
    Ok((StatusCode::ACCEPTED, Json(RewindView::of(&view))).into_response())
}

/// The entry a moment is after, and the time it is.
fn moment(place: &Place, asked: &NewRewind) -> Result<(u64, i64), ApiError> {
    match (asked.at_ms, asked.entry) {
        (Some(at_ms), None) => {
            if at_ms > place.now_ms() {
                return Err(Refusal::invalid("at_ms", "This has not happened yet.").into());
            }
            let last = place.read(|conn| timeline::last_before(conn, at_ms))?;
            let (entry, _) = last.ok_or_else(|| Refusal::invalid("at_ms", "The records begin later."))?;
            Ok((entry, at_ms))
        }
        (None, Some(entry)) => {
            let none = || Refusal::invalid("entry", "There is no such entry.");
            let row = place.read(|conn| records::journal(conn, entry))?.ok_or_else(none)?;
            let ledger = place.read(|conn| records::ledger(conn, row.seq))?;
            Ok((entry, ledger.ok_or_else(none)?.at_ms))
        }
        _ => Err(Refusal::invalid("at_ms", "Give either an instant or an entry.").into()),
    }
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RewindDayQuery {
    /// A business date; today if left out.
    #[garde(length(max = 10))]
    #[param(max_length = 10)]
    pub date: Option<String>,
}

/// One business day on the time line.
#[derive(Debug, Serialize, ToSchema)]
pub struct RewindDay {
    pub business_date: String,
    pub from_ms: i64,
    pub to_ms: i64,
    /// Quarters of an hour in which something happened, oldest first.
    pub bins: Vec<RewindBin>,
}

/// What happened on a day, by the quarter hour.
#[utoipa::path(get, path = "/restaurants/{rid}/rewind/day", tag = "rewind", operation_id = "get_rewind_day",
    params(("rid" = uuid::Uuid, Path), RewindDayQuery),
    responses((status = 200, body = RewindDay)),
    extensions(("x-permission" = json!("rewind.read"))))]
pub async fn get_rewind_day(
    here: Here<needs::RewindRead>,
    Query(query): Query<RewindDayQuery>,
) -> Result<Json<RewindDay>, ApiError> {
    let settings = here.settings()?;
    let date = match &query.date {
        Some(date) => parse_date("date", date)?,
        None => settings.business_date(here.now_ms()),
    };
    let begins = |date| time::begins_ms(date, settings.time_zone, settings.day_cutoff_minute);
    let from_ms = begins(date);
    let to_ms = date.succ_opt().map_or(from_ms, begins);
    let place = here.0.clone();
    let bins = tokio::task::spawn_blocking(move || place.read(|conn| timeline::bins(conn, from_ms, to_ms)));
    let bins = bins.await.map_err(ApiError::internal)??;
    Ok(Json(RewindDay { business_date: date.to_string(), from_ms, to_ms, bins }))
}

#[derive(Deserialize)]
pub struct RewindPath {
    view_id: RewindId,
}

fn view(place: &Place, path: &RewindPath) -> Result<std::sync::Arc<View>, ApiError> {
    let view = place.app.rewinds.find(place.restaurant.id, path.view_id).ok_or_else(views::closed)?;
    view.is_used(place.app.clock.now_ms());
    Ok(view)
}

/// How far a moment is.
#[utoipa::path(get, path = "/restaurants/{rid}/rewind/{view_id}", tag = "rewind", operation_id = "get_rewind_view",
    params(("rid" = uuid::Uuid, Path), ("view_id" = uuid::Uuid, Path)),
    responses((status = 200, body = RewindView)),
    extensions(("x-permission" = json!("rewind.read"))))]
pub async fn get_rewind_view(
    here: Here<needs::RewindRead>,
    Path(path): Path<RewindPath>,
) -> Result<Json<RewindView>, ApiError> {
    Ok(Json(RewindView::of(&*view(&here, &path)?)))
}

/// Closes a moment, or stops making it.
#[utoipa::path(delete, path = "/restaurants/{rid}/rewind/{view_id}", tag = "rewind",
    operation_id = "close_rewind_view",
    params(("rid" = uuid::Uuid, Path), ("view_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("rewind.read"))))]
pub async fn close_rewind_view(
    here: Here<needs::RewindRead>,
    Path(path): Path<RewindPath>,
) -> Result<StatusCode, ApiError> {
    here.app.rewinds.close(&*view(&here, &path)?);
    Ok(StatusCode::NO_CONTENT)
}

/// What stands in the books of one business day.
#[derive(Debug, Serialize, ToSchema)]
pub struct RewindFigures {
    pub totals: Totals,
    pub open_orders: i64,
    pub open_covers: i64,
    /// What is open comes to; the newest 5,000 orders.
    pub open_minor: Minor,
}

/// One business day, at the moment and now.
#[derive(Debug, Serialize, ToSchema)]
pub struct RewindCompared {
    /// The business day of the moment.
    pub business_date: String,
    pub then: RewindFigures,
    pub now: RewindFigures,
    /// Entries of the journal since.
    pub entries_since: u64,
}

/// The business day of a moment: its figures then, and what they have become.
#[utoipa::path(get, path = "/restaurants/{rid}/rewind/{view_id}/compare", tag = "rewind",
    operation_id = "compare_rewind_view",
    params(("rid" = uuid::Uuid, Path), ("view_id" = uuid::Uuid, Path)),
    responses((status = 200, body = RewindCompared)),
    extensions(("x-permission" = json!("rewind.read"))))]
pub async fn compare_rewind_view(
    here: Here<needs::RewindRead>,
    Path(path): Path<RewindPath>,
) -> Result<Json<RewindCompared>, ApiError> {
    let view = view(&here, &path)?;
    let past = here.app.rewinds.past(here.restaurant.id, view.id, here.app.clock.now_ms())?;
    let business_date = past.settings()?.business_date(view.at_ms).to_string();
    let (then, now) = (figures(&past, &business_date)?, figures(&here.restaurant, &business_date)?);
    let entries_since = here.restaurant.db.entry()?.saturating_sub(view.entry);
    Ok(Json(RewindCompared { business_date, then, now, entries_since }))
}

fn figures(restaurant: &Restaurant, date: &str) -> Result<RewindFigures, ApiError> {
    restaurant.read(|conn| {
        let (open_orders, open_covers) = orders::store::open_counts(conn)?;
        let open_minor = orders::store::summed(conn)?;
        Ok(RewindFigures { totals: today::store::of_day(conn, date)?, open_orders, open_covers, open_minor })
    })
}
