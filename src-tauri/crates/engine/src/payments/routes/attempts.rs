//! The endpoints of a card payment in steps, and of taking a payment back.

use axum::response::Response;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::attempting::EndAttempt;
use super::super::model::Outcome;
use super::super::prepare::{self, Captured, NewAttempt};
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Here;
use crate::front::input::{Input, Path};
use crate::front::reply;
use crate::kernel::ids::{OrderId, PaymentId};
use crate::orders::approval::{SECRETS, must_approve};
use crate::orders::prepare::Reason;
use crate::orders::routes::{OrderPath, fresh};
use crate::orders::view::OrderView;
use crate::staff::model::{Permission, needs};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(begin_payment))
        .routes(routes!(capture_payment))
        .routes(routes!(fail_payment))
        .routes(routes!(give_up_payment))
        .routes(routes!(void_payment))
}

#[derive(Deserialize)]
pub struct PaymentPath {
    order_id: OrderId,
    payment_id: PaymentId,
}

/// Asks a card for money. It is pending, and due to nobody else, until it is captured, failed or voided; the
/// order neither completes nor is cancelled meanwhile.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/payment-attempts", tag = "payments",
    operation_id = "begin_payment",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = NewAttempt, responses((status = 201, body = OrderView)),
    extensions(("x-permission" = json!("orders.pay"))))]
pub async fn begin_payment(
    here: Here<needs::OrdersPay>,
    Path(path): Path<OrderPath>,
    input: Input<NewAttempt>,
) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(prepare::begin(path.order_id, &input.value))).await?;
    Ok(reply::created(&done, fresh(&here, path.order_id)?))
}

/// The card's money came: the attempt becomes a payment with its id, once.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/payment-attempts/{payment_id}/capture",
    tag = "payments", operation_id = "capture_payment",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), ("payment_id" = uuid::Uuid, Path)),
    request_body = Captured, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.pay"))))]
pub async fn capture_payment(
    here: Here<needs::OrdersPay>,
    Path(path): Path<PaymentPath>,
    input: Input<Captured>,
) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let ids = (path.order_id, path.payment_id);
    let prepared = here.read(|conn| prepare::capture(conn, &settings, input.meta.at_ms, ids, input.value));
    let done = here.write(&input.meta, prepared).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

async fn end(
    here: &Here<needs::OrdersPay>,
    path: PaymentPath,
    input: Input<Reason>,
    outcome: Outcome,
) -> Result<Response, ApiError> {
    let PaymentPath { order_id: order, payment_id: id } = path;
    let write = EndAttempt { order, id, outcome, reason: Some(input.value.reason) };
    let done = here.write(&input.meta.hiding(SECRETS), Ok(write)).await?;
    Ok(reply::changed(&done, fresh(here, order)?))
}

/// The card was declined. What it was asked for is due again.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/payment-attempts/{payment_id}/fail",
    tag = "payments", operation_id = "fail_payment",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), ("payment_id" = uuid::Uuid, Path)),
    request_body = Reason, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.pay"))))]
pub async fn fail_payment(
    here: Here<needs::OrdersPay>,
    Path(path): Path<PaymentPath>,
    input: Input<Reason>,
) -> Result<Response, ApiError> {
    end(&here, path, input, Outcome::Failed).await
}

/// The card payment is given up before it was captured.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/payment-attempts/{payment_id}/void",
    tag = "payments", operation_id = "give_up_payment",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), ("payment_id" = uuid::Uuid, Path)),
    request_body = Reason, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.pay"))))]
pub async fn give_up_payment(
    here: Here<needs::OrdersPay>,
    Path(path): Path<PaymentPath>,
    input: Input<Reason>,
) -> Result<Response, ApiError> {
    end(&here, path, input, Outcome::Voided).await
}

/// Takes a payment back while the drawer it went into is open: the same sums the other way, with a reason. The
/// order is due again. Later the money is given back by a refund. Needs the permission `orders.refund` or an
/// approval.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/payments/{payment_id}/void", tag = "payments",
    operation_id = "void_payment",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), ("payment_id" = uuid::Uuid, Path)),
    request_body = Reason, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.pay"))))]
pub async fn void_payment(
    here: Here<needs::OrdersPay>,
    Path(path): Path<PaymentPath>,
    input: Input<Reason>,
) -> Result<Response, ApiError> {
    let Input { value, meta } = input;
    let approved = must_approve(&here, value.approval, Permission::OrdersRefund).await?;
    let settings = here.settings()?;
    let ids = (path.order_id, path.payment_id);
    let why = (value.reason, approved);
    let prepared = here.read(|conn| prepare::void(conn, &settings, meta.at_ms, ids, why));
    let done = here.write(&meta.hiding(SECRETS), prepared).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}
