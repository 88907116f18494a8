//! `/restaurants/{rid}/clock`: one's own clock, everybody's times, and correcting them.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::{ClockIn, ClockOut, EndBreak, StartBreak};
use super::corrections::{AddTime, CorrectTime, VoidTime};
use super::model::{BREAKS_MAX, Span, monday_of};
use super::sheets::{self, Sheet, Shift};
use super::{export, store};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::front::reply;
use crate::kernel::ids::{BreakId, StaffId, TimeEntryId};
use crate::kernel::{text, time};
use crate::staff;
use crate::staff::model::needs;

/// People on one page of times.
const PEOPLE_MAX: i64 = 500;
/// Days in one file of times.
const EXPORT_DAYS_MAX: i64 = 366;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_clock))
        .routes(routes!(clock_in))
        .routes(routes!(clock_out))
        .routes(routes!(start_break))
        .routes(routes!(end_break))
        .routes(routes!(list_times))
        .routes(routes!(export_times))
        .routes(routes!(add_time))
        .routes(routes!(correct_time))
        .routes(routes!(void_time))
}

/// One's own clock.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnClock)]
pub struct OwnClock {
    pub now_ms: i64,
    /// The shift one is in; null: not clocked in.
    pub shift: Option<Shift>,
    /// One's own week.
    pub week: Sheet,
}

fn own(place: &Place) -> Result<OwnClock, ApiError> {
    let (settings, now_ms, id) = (place.settings()?, place.now_ms(), place.staff_id()?);
    let monday = monday_of(settings.business_date(now_ms));
    place.read(|conn| {
        let member = staff::store::by_id(conn, id)?.ok_or_else(|| Refusal::not_found("This person"))?;
        let shift = store::open_entry(conn, id)?;
        let shift = shift.map(|entry| sheets::shift(conn, &settings, entry, now_ms)).transpose()?;
        let range = sheets::range(&settings, monday, monday + chrono::Duration::days(6));
        Ok(OwnClock { now_ms, shift, week: sheets::sheet(conn, &settings, &member, range, now_ms)? })
    })
}

/// One's own clock: in or out, on a break, and the week so far.
#[utoipa::path(get, path = "/restaurants/{rid}/clock", tag = "clock", operation_id = "get_clock",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = OwnClock)),
    extensions(("x-permission" = json!("clock.own"))))]
pub async fn get_clock(here: Here<needs::ClockOwn>) -> Result<Json<OwnClock>, ApiError> {
    Ok(Json(own(&here)?))
}

/// Clocks in.
#[utoipa::path(post, path = "/restaurants/{rid}/clock/in", tag = "clock", operation_id = "clock_in",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 201, body = OwnClock)),
    extensions(("x-permission" = json!("clock.own"))))]
pub async fn clock_in(here: Here<needs::ClockOwn>, meta: Meta) -> Result<Response, ApiError> {
    let write = ClockIn { id: TimeEntryId::mint(), staff_id: here.staff_id()? };
    let done = here.write(&meta, Ok(write)).await?;
    Ok(reply::created(&done, own(&here)?))
}

/// The shift one is in, and the break; what is not there is refused by the command's check.
fn current(place: &Place) -> Result<(TimeEntryId, Option<BreakId>, StaffId), ApiError> {
    let staff_id = place.staff_id()?;
    let open = place.read(|conn| store::open_entry(conn, staff_id))?;
    let open = open.ok_or_else(|| Refusal::illegal_step("You are not clocked in.", &["in"]))?;
    Ok((open.id, open.open_break().map(|pause| pause.id), staff_id))
}

/// Clocks out; a break one is in ends too.
#[utoipa::path(post, path = "/restaurants/{rid}/clock/out", tag = "clock", operation_id = "clock_out",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = OwnClock)),
    extensions(("x-permission" = json!("clock.own"))))]
pub async fn clock_out(here: Here<needs::ClockOwn>, meta: Meta) -> Result<Response, ApiError> {
    let prepared = current(&here).map(|(id, _, staff_id)| ClockOut { id, staff_id });
    let done = here.write(&meta, prepared).await?;
    Ok(reply::changed(&done, own(&here)?))
}

/// Begins a break.
#[utoipa::path(post, path = "/restaurants/{rid}/clock/break", tag = "clock", operation_id = "start_break",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = OwnClock)),
    extensions(("x-permission" = json!("clock.own"))))]
pub async fn start_break(here: Here<needs::ClockOwn>, meta: Meta) -> Result<Response, ApiError> {
    let prepared = current(&here).map(|(entry_id, _, staff_id)| StartBreak { entry_id, id: BreakId::mint(), staff_id });
    let done = here.write(&meta, prepared).await?;
    Ok(reply::changed(&done, own(&here)?))
}

/// Ends the break.
#[utoipa::path(post, path = "/restaurants/{rid}/clock/resume", tag = "clock", operation_id = "end_break",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = OwnClock)),
    extensions(("x-permission" = json!("clock.own"))))]
pub async fn end_break(here: Here<needs::ClockOwn>, meta: Meta) -> Result<Response, ApiError> {
    let prepared = current(&here).map(|(entry_id, pause, staff_id)| EndBreak {
        entry_id,
        id: pause.unwrap_or_else(BreakId::mint),
        staff_id,
    });
    let done = here.write(&meta, prepared).await?;
    Ok(reply::changed(&done, own(&here)?))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WeekQuery {
    /// A day of the week; left out: this week.
    #[garde(skip)]
    pub week: Option<String>,
    /// One person's times only.
    #[garde(skip)]
    pub person: Option<StaffId>,
}

/// Everybody's week.
#[derive(Debug, Serialize, ToSchema)]
pub struct Times {
    pub now_ms: i64,
    /// Monday.
    pub first_date: NaiveDate,
    /// Sunday.
    pub last_date: NaiveDate,
    /// Who works here or has times in this week.
    pub people: Vec<Sheet>,
}

fn times(place: &Place, first: NaiveDate, last: NaiveDate, person: Option<StaffId>) -> Result<Times, ApiError> {
    let (settings, now_ms) = (place.settings()?, place.now_ms());
    let range = sheets::range(&settings, first, last);
    let people = place.read(|conn| {
        let members = staff::store::list(conn, None, PEOPLE_MAX)?;
        let mut people = Vec::with_capacity(members.len());
        for member in members.iter().filter(|member| person.is_none_or(|person| person == member.id)) {
            let sheet = sheets::sheet(conn, &settings, member, range, now_ms)?;
            if member.active || !sheet.shifts.is_empty() {
                people.push(sheet);
            }
        }
        Ok::<_, ApiError>(people)
    })?;
    Ok(Times { now_ms, first_date: first, last_date: last, people })
}

/// Everybody's times of a week, with totals.
#[utoipa::path(get, path = "/restaurants/{rid}/clock/times", tag = "clock", operation_id = "list_times",
    params(("rid" = uuid::Uuid, Path), WeekQuery),
    responses((status = 200, body = Times)),
    extensions(("x-permission" = json!("clock.read"))))]
pub async fn list_times(here: Here<needs::ClockRead>, Query(query): Query<WeekQuery>) -> Result<Json<Times>, ApiError> {
    let day = match &query.week {
        Some(day) => time::parse_date("week", day)?,
        None => here.settings()?.business_date(here.now_ms()),
    };
    let monday = monday_of(day);
    Ok(Json(times(&here, monday, monday + chrono::Duration::days(6), query.person)?))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DaysQuery {
    /// First business day.
    #[garde(skip)]
    pub from: String,
    /// Last business day, at most a year after the first.
    #[garde(skip)]
    pub to: String,
}

/// Times as CSV, one row a shift.
#[utoipa::path(get, path = "/restaurants/{rid}/clock/times.csv", tag = "clock", operation_id = "export_times",
    params(("rid" = uuid::Uuid, Path), DaysQuery),
    responses((status = 200, body = String, content_type = "text/csv")),
    extensions(("x-permission" = json!("clock.read"))))]
pub async fn export_times(here: Here<needs::ClockRead>, Query(query): Query<DaysQuery>) -> Result<Response, ApiError> {
    let (from, to) = (time::parse_date("from", &query.from)?, time::parse_date("to", &query.to)?);
    if from > to {
        return Err(Refusal::invalid("to", "The last day is before the first.").into());
    }
    if (to - from).num_days() > EXPORT_DAYS_MAX {
        return Err(Refusal::invalid("to", "A file holds a year at most.").into());
    }
    let body = export::csv(&*here.settings()?, &times(&here, from, to, None)?.people)?;
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"times.csv\"")];
    Ok((StatusCode::OK, headers, body).into_response())
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTime {
    #[garde(skip)]
    pub staff_id: StaffId,
    #[garde(range(min = 0))]
    pub started_ms: i64,
    #[garde(range(min = 0))]
    pub ended_ms: i64,
    #[serde(default)]
    #[garde(length(max = BREAKS_MAX))]
    pub breaks: Vec<Span>,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

fn with_ids(breaks: Vec<Span>) -> Vec<(BreakId, Span)> {
    breaks.into_iter().map(|span| (BreakId::mint(), span)).collect()
}

fn shown(place: &Place, id: TimeEntryId) -> Result<Shift, ApiError> {
    let (settings, now_ms) = (place.settings()?, place.now_ms());
    place.read(|conn| {
        let entry = store::entry(conn, id)?.ok_or_else(|| Refusal::not_found("This shift"))?;
        Ok(sheets::shift(conn, &settings, entry, now_ms)?)
    })
}

/// Writes down a shift the clock does not know, with the reason.
#[utoipa::path(post, path = "/restaurants/{rid}/clock/entries", tag = "clock", operation_id = "add_time",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewTime, responses((status = 201, body = Shift)),
    extensions(("x-permission" = json!("clock.write"))))]
pub async fn add_time(here: Here<needs::ClockWrite>, input: Input<NewTime>) -> Result<Response, ApiError> {
    let NewTime { staff_id, started_ms, ended_ms, breaks, reason } = input.value;
    let (id, span) = (TimeEntryId::mint(), Span { started_ms, ended_ms });
    let done = here.write(&input.meta, Ok(AddTime { id, staff_id, span, breaks: with_ids(breaks), reason })).await?;
    Ok(reply::created(&done, shown(&here, done.answer.id)?))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeChange {
    #[garde(range(min = 0))]
    pub started_ms: i64,
    #[garde(range(min = 0))]
    pub ended_ms: i64,
    /// Left out: as they are.
    #[garde(inner(length(max = BREAKS_MAX)))]
    pub breaks: Option<Vec<Span>>,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

#[derive(Deserialize)]
pub struct EntryPath {
    entry_id: TimeEntryId,
}

/// Corrects a shift, with the reason. What the clock said stays to be seen.
#[utoipa::path(patch, path = "/restaurants/{rid}/clock/entries/{entry_id}", tag = "clock", operation_id = "correct_time",
    params(("rid" = uuid::Uuid, Path), ("entry_id" = uuid::Uuid, Path)),
    request_body = TimeChange, responses((status = 200, body = Shift)),
    extensions(("x-permission" = json!("clock.write"))))]
pub async fn correct_time(
    here: Here<needs::ClockWrite>,
    Path(path): Path<EntryPath>,
    input: Input<TimeChange>,
) -> Result<Response, ApiError> {
    let TimeChange { started_ms, ended_ms, breaks, reason } = input.value;
    let span = Span { started_ms, ended_ms };
    let write = CorrectTime { id: path.entry_id, span, breaks: breaks.map(with_ids), reason };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::changed(&done, shown(&here, path.entry_id)?))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeVoid {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Strikes out a shift that never was, with the reason.
#[utoipa::path(post, path = "/restaurants/{rid}/clock/entries/{entry_id}/void", tag = "clock", operation_id = "void_time",
    params(("rid" = uuid::Uuid, Path), ("entry_id" = uuid::Uuid, Path)),
    request_body = TimeVoid, responses((status = 200, body = Shift)),
    extensions(("x-permission" = json!("clock.write"))))]
pub async fn void_time(
    here: Here<needs::ClockWrite>,
    Path(path): Path<EntryPath>,
    input: Input<TimeVoid>,
) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(VoidTime { id: path.entry_id, reason: input.value.reason })).await?;
    Ok(reply::changed(&done, shown(&here, path.entry_id)?))
}
