//! The endpoints of payments, under the order they pay.

mod attempts;

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::Tender;
use super::prepare::{self, NewPayment, NewRefund, RefundLine};
use super::refunding::refundable;
use super::view::{RefundPreview, RefundableView};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::Here;
use crate::front::input::{Input, Path};
use crate::front::reply;
use crate::kernel::money::PRICE_MINOR_MAX;
use crate::orders::model::LINES_MAX;
use crate::orders::routes::{OrderPath, fresh};
use crate::orders::view::OrderView;
use crate::printing::drawer;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(take_payment))
        .routes(routes!(get_refundable))
        .routes(routes!(preview_refund))
        .routes(routes!(give_refund))
        .merge(attempts::routes())
}

/// Takes a payment of at most what is due. Cash that closes the check is rounded to the smallest coin.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/payments", tag = "payments",
    operation_id = "take_payment",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = NewPayment, responses((status = 201, body = OrderView)),
    extensions(("x-permission" = json!("orders.pay"))))]
pub async fn take_payment(
    here: Here<needs::OrdersPay>,
    Path(path): Path<OrderPath>,
    input: Input<NewPayment>,
) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let at_ms = input.meta.at_ms;
    let prepared = here.read(|conn| prepare::pay(conn, &settings, at_ms, path.order_id, input.value));
    let is_cash = prepared.as_ref().is_ok_and(|pay| pay.tender == Tender::Cash || pay.cash_back.is_some());
    let done = here.write(&input.meta, prepared).await?;
    if is_cash {
        drawer::open_for_cash(&here, &input.meta).await;
    }
    Ok(reply::created(&done, fresh(&here, path.order_id)?))
}

/// What of an order can be given back: by line, and of each payment.
#[utoipa::path(get, path = "/restaurants/{rid}/orders/{order_id}/refundable", tag = "payments",
    operation_id = "get_refundable",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    responses((status = 200, body = RefundableView)),
    extensions(("x-permission" = json!("orders.refund"))))]
pub async fn get_refundable(
    here: Here<needs::OrdersRefund>,
    Path(path): Path<OrderPath>,
) -> Result<Json<RefundableView>, ApiError> {
    here.read::<_, ApiError>(|conn| {
        let now = refundable(conn, path.order_id)?.ok_or_else(|| Refusal::not_found("The order"))?;
        Ok(Json(RefundableView::from(&now)))
    })
}

/// Lines, or an amount of the whole.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount_minor": 500}))]
pub struct RefundWish {
    #[garde(length(min = 1, max = LINES_MAX), dive)]
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Option<Vec<RefundLine>>,
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub amount_minor: Option<i64>,
}

/// What a refund would come to, with its tax. Changes nothing.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/refunds/preview", tag = "payments",
    operation_id = "preview_refund",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = RefundWish, responses((status = 200, body = RefundPreview)),
    extensions(("x-permission" = json!("orders.refund"))))]
pub async fn preview_refund(
    here: Here<needs::OrdersRefund>,
    Path(path): Path<OrderPath>,
    input: Input<RefundWish>,
) -> Result<Json<RefundPreview>, ApiError> {
    let RefundWish { lines, amount_minor } = input.value;
    here.read::<_, ApiError>(|conn| {
        let (now, plan) = prepare::planned(conn, path.order_id, lines, amount_minor)?;
        Ok(Json(RefundPreview::of(&now, &plan)))
    })
}

/// Gives money back, on any later day too, of lines or of the whole. It counts on the day it is given.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/refunds", tag = "payments",
    operation_id = "give_refund",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = NewRefund, responses((status = 201, body = OrderView)),
    extensions(("x-permission" = json!("orders.refund"))))]
pub async fn give_refund(
    here: Here<needs::OrdersRefund>,
    Path(path): Path<OrderPath>,
    input: Input<NewRefund>,
) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let at_ms = input.meta.at_ms;
    let prepared = here.read(|conn| prepare::refund(conn, &settings, at_ms, path.order_id, input.value));
    let is_cash = prepared.as_ref().is_ok_and(|refund| refund.tender == Tender::Cash);
    let done = here.write(&input.meta, prepared).await?;
    if is_cash {
        drawer::open_for_cash(&here, &input.meta).await;
    }
    Ok(reply::created(&done, fresh(&here, path.order_id)?))
}
