//! The endpoints of the till.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::{CloseDay, CloseTill, MoveCash, OpenDrawer, OpenTill, not_open, too_much};
use super::model::{KINDS_MAX, Move, MoveKind, Pieces, Session, SessionState, Totals, counted};
use super::store::{self, Report};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::fiscal::signing;
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::front::reply;
use crate::kernel::ids::{TillMoveId, TillSessionId};
use crate::kernel::money::{Minor, PRICE_MINOR_MAX};
use crate::kernel::page::{Page, Wanted};
use crate::kernel::text;
use crate::printing::drawer as drawers;
use crate::staff::model::{Role, needs};
use crate::{orders, today};

/// Most pieces of one coin or note.
const PIECES_MAX: i64 = 100_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_till))
        .routes(routes!(open_till))
        .routes(routes!(move_cash))
        .routes(routes!(open_drawer))
        .routes(routes!(close_till))
        .routes(routes!(close_day))
        .routes(routes!(list_z_reports))
        .routes(routes!(get_z_report))
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TillSession)]
pub struct SessionView {
    pub id: TillSessionId,
    pub opened_at_ms: i64,
    pub opened_by_name: String,
    pub float_minor: Minor,
    /// Taken in cash since then, with tips, less what was given back. Null: not told before the count.
    pub cash_minor: Option<Minor>,
    /// Put in and taken out for other reasons.
    pub moves: Vec<MoveView>,
    /// What should lie in the drawer. Null: not told before the count.
    pub expected_minor: Option<Minor>,
    pub state: SessionState,
    pub counted_minor: Option<Minor>,
    /// Over (positive) or short (negative), once counted.
    pub over_short_minor: Option<Minor>,
    /// By coins and notes, where it was counted so.
    pub counts: Vec<PiecesView>,
    /// Of the float, likewise.
    pub float_counts: Vec<PiecesView>,
}

impl SessionView {
    /// As somebody in that role is told it.
    fn of(session: &Session, role: Role) -> Self {
        let is_told = session.is_told_to(role);
        let seen = |pieces: &Vec<Pieces>| {
            pieces.iter().map(|one| PiecesView { value_minor: one.value.0, count: one.count }).collect()
        };
        SessionView {
            id: session.id,
            opened_at_ms: session.opened_ms,
            opened_by_name: session.opened_by_name.clone(),
            float_minor: session.float,
            cash_minor: is_told.then(|| session.taken()),
            moves: session.moves.iter().map(MoveView::from).collect(),
            expected_minor: is_told.then(|| session.expected()),
            state: session.state(),
            counted_minor: session.counted,
            over_short_minor: session.over_short(),
            counts: seen(&session.counts),
            float_counts: seen(&session.float_counts),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TillMove)]
pub struct MoveView {
    pub id: TillMoveId,
    pub kind: MoveKind,
    pub amount_minor: Minor,
    pub reason: String,
    pub moved_by_name: String,
    pub moved_at_ms: i64,
}

impl From<&Move> for MoveView {
    fn from(one: &Move) -> Self {
        MoveView {
            id: one.id,
            kind: one.kind,
            amount_minor: one.amount,
            reason: one.reason.clone(),
            moved_by_name: one.moved_by_name.clone(),
            moved_at_ms: one.moved_ms,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Till {
    /// Null: no drawer is open.
    pub session: Option<SessionView>,
    pub business_date: String,
    /// The X report: what a Z would count now.
    pub x: Totals,
    pub open_orders: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TillClosed {
    pub session: SessionView,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ZReport {
    /// Counted from 1 without a gap.
    pub number: i64,
    pub business_date: String,
    pub closed_at_ms: i64,
    pub closed_by_name: String,
    /// Orders that were open then; the next report counts them.
    pub handed_over_orders: i64,
    pub over_short_minor: Minor,
    #[serde(flatten)]
    pub totals: Totals,
}

impl From<Report> for ZReport {
    fn from(report: Report) -> Self {
        ZReport {
            number: report.number,
            business_date: report.business_date,
            closed_at_ms: report.closed_ms,
            closed_by_name: report.closed_by_name,
            handed_over_orders: report.handed_over,
            over_short_minor: report.over_short,
            totals: report.totals,
        }
    }
}

/// The drawer and the X report. While the drawer is open, who reads no reports is not told how it was paid and what
/// should lie in it: they count it blind.
#[utoipa::path(get, path = "/restaurants/{rid}/till", tag = "till", operation_id = "get_till",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = Till)),
    extensions(("x-permission" = json!("till.read"))))]
pub async fn get_till(here: Here<needs::TillRead>) -> Result<Json<Till>, ApiError> {
    let business_date = here.settings()?.business_date(here.now_ms()).to_string();
    here.read::<_, ApiError>(|conn| {
        let session = store::open_session(conn)?;
        let x = today::store::rung_up(conn)?.less(&store::reported(conn)?);
        Ok(Json(Till {
            x: x.told_to(here.role, session.is_some()),
            session: session.map(|session| SessionView::of(&session, here.role)),
            business_date,
            open_orders: orders::store::open_counts(conn)?.0,
        }))
    })
}

fn session(place: &Place, id: TillSessionId) -> Result<SessionView, ApiError> {
    let session = place.read::<_, ApiError>(|conn| Ok(store::session(conn, id)?))?;
    let session = session.ok_or_else(|| Refusal::not_found("The till session"))?;
    Ok(SessionView::of(&session, place.role))
}

/// Either the sum, or the coins and notes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"float_minor": 20000}))]
pub struct Float {
    /// Cash in the drawer to begin with.
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub float_minor: Option<i64>,
    #[garde(length(min = 1, max = KINDS_MAX), dive)]
    #[schema(min_items = 1, max_items = 40)]
    pub counts: Option<Vec<PiecesView>>,
}

/// Opens the drawer with a float.
#[utoipa::path(post, path = "/restaurants/{rid}/till/open", tag = "till", operation_id = "open_till",
    params(("rid" = uuid::Uuid, Path)),
    request_body = Float, responses((status = 201, body = SessionView)),
    extensions(("x-permission" = json!("till.write"))))]
pub async fn open_till(here: Here<needs::TillWrite>, input: Input<Float>) -> Result<Response, ApiError> {
    let Float { float_minor, counts } = input.value;
    let (float, counts) = drawer(float_minor, counts, "float_minor")?;
    let write = OpenTill { id: TillSessionId::mint(), float, counts };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::created(&done, session(&here, done.answer.id)?))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "pay_out", "amount_minor": 1250, "reason": "Lemons"}))]
pub struct NewCashMove {
    #[garde(skip)]
    pub kind: MoveKind,
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub amount_minor: i64,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// It is meant, however much it is.
    #[serde(default)]
    #[garde(skip)]
    pub confirmed: bool,
}

/// Puts cash into the open drawer or takes it out, with a reason. Taking out more than should lie in it is refused
/// (`details.confirm`) until it is confirmed; who counts blind is asked above a fixed sum instead.
#[utoipa::path(post, path = "/restaurants/{rid}/till/moves", tag = "till", operation_id = "move_cash",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewCashMove, responses((status = 201, body = SessionView)),
    extensions(("x-permission" = json!("till.write"))))]
pub async fn move_cash(here: Here<needs::TillWrite>, input: Input<NewCashMove>) -> Result<Response, ApiError> {
    let NewCashMove { kind, amount_minor, reason, confirmed } = input.value;
    let date = here.settings()?.business_date(input.meta.at_ms).to_string();
    let prepared = here.read::<_, ApiError>(|conn| {
        let open = store::open_session(conn)?.ok_or_else(not_open)?;
        let (session, amount) = (open.id, Minor(amount_minor));
        if kind != MoveKind::PayIn && !confirmed && amount > open.unasked(here.role) {
            return Err(too_much(open.is_told_to(here.role).then(|| open.expected())).into());
        }
        Ok(MoveCash { session, id: TillMoveId::mint(), kind, amount, reason, date })
    });
    let done = here.write(&input.meta, prepared).await?;
    drawers::open_for_cash(&here, &input.meta).await;
    Ok(reply::created(&done, session(&here, done.answer.id)?))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Change for a guest"}))]
pub struct DrawerOpening {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Opens the drawer on this computer's printer, with a reason. Who, when and why stay in the records.
#[utoipa::path(post, path = "/restaurants/{rid}/till/drawer", tag = "till", operation_id = "open_drawer",
    params(("rid" = uuid::Uuid, Path)),
    request_body = DrawerOpening, responses((status = 204)),
    extensions(("x-permission" = json!("till.drawer"))))]
pub async fn open_drawer(here: Here<needs::TillDrawer>, input: Input<DrawerOpening>) -> Result<Response, ApiError> {
    let printer = drawers::printer(&here)?.ok_or_else(drawers::none)?;
    // First the record, then the drawer.
    let done = here.write(&input.meta, Ok(OpenDrawer { reason: input.value.reason })).await?;
    drawers::open(&here, printer, &input.meta).await?;
    Ok(reply::gone(&done))
}

/// So many pieces of one coin or note.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Pieces)]
pub struct PiecesView {
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub value_minor: i64,
    #[garde(range(min = 0, max = PIECES_MAX))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub count: i64,
}

/// Either the sum, or the coins and notes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"counts": [{"value_minor": 5000, "count": 6}, {"value_minor": 50, "count": 25}]}))]
pub struct Count {
    /// Cash that was counted in the drawer, float included.
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub counted_minor: Option<i64>,
    #[garde(length(min = 1, max = KINDS_MAX), dive)]
    #[schema(min_items = 1, max_items = 40)]
    pub counts: Option<Vec<PiecesView>>,
}

/// What lies in a drawer: the sum said, or what its coins and notes come to; where both are said they agree.
fn drawer(
    said_minor: Option<i64>,
    counts: Option<Vec<PiecesView>>,
    field: &str,
) -> Result<(Minor, Vec<(Minor, i64)>), Refusal> {
    let pieces: Vec<Pieces> = counts
        .unwrap_or_default()
        .iter()
        .map(|one| Pieces { value: Minor(one.value_minor), count: one.count })
        .collect();
    let sum = (!pieces.is_empty()).then(|| counted(&pieces));
    let frozen = pieces.iter().map(|one| (one.value, one.count)).collect();
    match (said_minor.map(Minor), sum) {
        (Some(said), Some(sum)) if said != sum => {
            Err(Refusal::invalid(field, "The coins and notes come to another sum."))
        }
        (_, Some(sum)) if sum.0 > PRICE_MINOR_MAX => Err(Refusal::invalid("counts", "This is too much for a drawer.")),
        (_, Some(sum)) => Ok((sum, frozen)),
        (Some(said), None) => Ok((said, frozen)),
        (None, None) => Err(Refusal::invalid(field, "Say what was counted.")),
    }
}

/// Closes the drawer with what was counted, and says whether it is over or short.
#[utoipa::path(post, path = "/restaurants/{rid}/till/close", tag = "till", operation_id = "close_till",
    params(("rid" = uuid::Uuid, Path)),
    request_body = Count, responses((status = 200, body = TillClosed)),
    extensions(("x-permission" = json!("till.write"))))]
pub async fn close_till(here: Here<needs::TillWrite>, input: Input<Count>) -> Result<Response, ApiError> {
    let Count { counted_minor, counts } = input.value;
    let (counted, counts) = drawer(counted_minor, counts, "counted_minor")?;
    let prepared = here.read::<_, ApiError>(|conn| {
        let id = store::open_session_id(conn)?.ok_or_else(not_open)?;
        Ok(CloseTill { id, counted, counts })
    });
    let done = here.write(&input.meta, prepared).await?;
    Ok(reply::changed(&done, TillClosed { session: session(&here, done.answer.id)? }))
}

fn report(place: &Place, number: i64) -> Result<ZReport, ApiError> {
    let report = place.read::<_, ApiError>(|conn| Ok(store::report(conn, number)?))?;
    Ok(report.ok_or_else(|| Refusal::not_found("The Z report"))?.into())
}

/// Closes the business day with a numbered report. Open orders are handed over to the next one.
#[utoipa::path(post, path = "/restaurants/{rid}/till/z", tag = "till", operation_id = "close_day",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 201, body = ZReport)),
    extensions(("x-permission" = json!("till.close_day"))))]
pub async fn close_day(here: Here<needs::TillCloseDay>, meta: Meta) -> Result<Response, ApiError> {
    let date = here.settings()?.business_date(meta.at_ms).to_string();
    let done = here.write(&meta, Ok(CloseDay { date })).await?;
    signing::sign_soon(&here.app, &here.restaurant);
    Ok(reply::created(&done, report(&here, done.answer.number)?))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportsQuery {
    #[garde(skip)]
    pub cursor: Option<String>,
    /// 1 to 200; left out: 50.
    #[garde(skip)]
    pub limit: Option<u16>,
}

/// Z reports, newest first.
#[utoipa::path(get, path = "/restaurants/{rid}/till/z-reports", tag = "till", operation_id = "list_z_reports",
    params(("rid" = uuid::Uuid, Path), ReportsQuery),
    responses((status = 200, body = Page<ZReport>)),
    extensions(("x-permission" = json!("till.read"))))]
pub async fn list_z_reports(
    here: Here<needs::TillRead>,
    Query(query): Query<ReportsQuery>,
) -> Result<Json<Page<ZReport>>, ApiError> {
    let wanted = Wanted::<i64>::of(query.limit, query.cursor.as_deref())?;
    let reports = here.read::<_, ApiError>(|conn| Ok(store::reports(conn, wanted.after, wanted.fetch())?))?;
    let page = Page::cut(reports, wanted.limit, |report| report.number);
    Ok(Json(Page { items: page.items.into_iter().map(ZReport::from).collect(), next_cursor: page.next_cursor }))
}

#[derive(Deserialize)]
pub struct ReportPath {
    number: i64,
}

/// One Z report, as it was written.
#[utoipa::path(get, path = "/restaurants/{rid}/till/z-reports/{number}", tag = "till", operation_id = "get_z_report",
    params(("rid" = uuid::Uuid, Path), ("number" = i64, Path)),
    responses((status = 200, body = ZReport)),
    extensions(("x-permission" = json!("till.read"))))]
pub async fn get_z_report(
    here: Here<needs::TillRead>,
    Path(path): Path<ReportPath>,
) -> Result<Json<ZReport>, ApiError> {
    report(&here, path.number).map(Json)
}
