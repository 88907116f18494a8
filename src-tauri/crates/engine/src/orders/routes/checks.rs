//! The endpoints that divide an order, move it, or take something off it.

use axum::response::Response;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::approval::{Approval, SECRETS, approved_by, must_approve};
use super::super::commands::{TakeBackDiscount, UnsplitOrder};
use super::super::prepare::{self, Comp, Merge, NewDiscount, NewServiceCharge, Shares, Split, Transfer};
use super::super::store;
use super::super::view::OrderView;
use super::{LinePath, OrderPath, fresh};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::{AccountId, DiscountId, OrderId};
use crate::staff::model::{Permission, needs};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(split_order))
        .routes(routes!(split_by_seat))
        .routes(routes!(share_check))
        .routes(routes!(unsplit_order))
        .routes(routes!(transfer_order))
        .routes(routes!(merge_orders))
        .routes(routes!(give_discount))
        .routes(routes!(take_back_discount))
        .routes(routes!(take_back_line_discount))
        .routes(routes!(comp_lines))
        .routes(routes!(set_service_charge))
}

/// Puts lines, or a part of their quantity, on another check: one that is there, or a new one. What the
/// party owes stays the same to the cent. Not what is paid already.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/split", tag = "orders",
    operation_id = "split_order",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = Split, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn split_order(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    input: Input<Split>,
) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(prepare::split(path.order_id, input.value))).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Makes a check for each seat. Lines for no seat stay on the first one, with the first seat; what the party owes
/// stays the same to the cent. Not an order that is split already.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/split-by-seat", tag = "orders",
    operation_id = "split_by_seat",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn split_by_seat(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let prepared = here.read::<_, ApiError>(|conn| {
        let order = store::order(conn, path.order_id)?.ok_or_else(|| Refusal::not_found("The order"))?;
        prepare::split_by_seat(&order)
    });
    let done = here.write(&meta, prepared).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Divides a check into equal shares, each a check of its own. The odd cents go to the first ones.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/share", tag = "orders",
    operation_id = "share_check",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = Shares, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn share_check(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    input: Input<Shares>,
) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(prepare::share(path.order_id, &input.value))).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Puts everything on one check again, unless another one was paid of.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/unsplit", tag = "orders",
    operation_id = "unsplit_order",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn unsplit_order(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let done = here.write(&meta, Ok(UnsplitOrder { order: path.order_id })).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Moves the party to another table. One of the floor where another party is says no (`conflict`, with its
/// `order_id`), except a bar.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/transfer", tag = "orders",
    operation_id = "transfer_order",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = Transfer, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn transfer_order(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    input: Input<Transfer>,
) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(prepare::transfer(path.order_id, input.value))).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Brings all lines of this order to another one, as they are: nothing is fired twice. This one ends
/// as cancelled, saying where it went. An order with a payment or a discount stays. Answers with the other.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/merge", tag = "orders",
    operation_id = "merge_orders",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = Merge, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn merge_orders(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    input: Input<Merge>,
) -> Result<Response, ApiError> {
    let into = input.value.into;
    let done = here.write(&input.meta, Ok(prepare::merge(path.order_id, &input.value))).await?;
    Ok(reply::changed(&done, fresh(&here, into)?))
}

/// Who approved, if somebody was asked to.
pub async fn approval(place: &Place, approval: Option<Approval>) -> Result<Option<AccountId>, ApiError> {
    match approval {
        Some(approval) => approved_by(place, approval, Permission::OrdersApprove).await.map(Some),
        None => Ok(None),
    }
}

/// Takes a percentage or an amount off a line, a check or everything. Beyond the cap of one's role somebody
/// who may approve enters a PIN, or e-mail and password; who that was is recorded.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/discounts", tag = "orders",
    operation_id = "give_discount",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = NewDiscount, responses((status = 201, body = OrderView)),
    extensions(("x-permission" = json!("orders.discount"))))]
pub async fn give_discount(
    here: Here<needs::OrdersDiscount>,
    Path(path): Path<OrderPath>,
    input: Input<NewDiscount>,
) -> Result<Response, ApiError> {
    let Input { mut value, meta } = input;
    let approved = approval(&here, value.approval.take()).await?;
    let settings = here.settings()?;
    let limits = (prepare::cap_of(&settings, here.role, here.is_allowed(Permission::OrdersApprove)), approved);
    let prepared = prepare::discount(&settings, meta.at_ms, path.order_id, value, limits);
    let done = here.write(&meta.hiding(SECRETS), prepared).await?;
    Ok(reply::created(&done, fresh(&here, path.order_id)?))
}

#[derive(Deserialize)]
pub struct DiscountPath {
    order_id: OrderId,
    discount_id: DiscountId,
}

/// Takes a discount of a check back.
#[utoipa::path(delete, path = "/restaurants/{rid}/orders/{order_id}/discounts/{discount_id}", tag = "orders",
    operation_id = "take_back_discount",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), ("discount_id" = uuid::Uuid, Path)),
    responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.discount"))))]
pub async fn take_back_discount(
    here: Here<needs::OrdersDiscount>,
    Path(path): Path<DiscountPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let write = TakeBackDiscount { order: path.order_id, line: None, discount: Some(path.discount_id) };
    let done = here.write(&meta, Ok(write)).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Takes the discount of a line back.
#[utoipa::path(delete, path = "/restaurants/{rid}/orders/{order_id}/lines/{line_id}/discount", tag = "orders",
    operation_id = "take_back_line_discount",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), ("line_id" = uuid::Uuid, Path)),
    responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.discount"))))]
pub async fn take_back_line_discount(
    here: Here<needs::OrdersDiscount>,
    Path(path): Path<LinePath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let write = TakeBackDiscount { order: path.order_id, line: Some(path.line_id), discount: None };
    let done = here.write(&meta, Ok(write)).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Gives lines free, before or after they are served: nothing is charged, the cost stays. Who may not do
/// it alone brings an approval.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/comp", tag = "orders", operation_id = "comp_lines",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = Comp, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.discount"))))]
pub async fn comp_lines(
    here: Here<needs::OrdersDiscount>,
    Path(path): Path<OrderPath>,
    input: Input<Comp>,
) -> Result<Response, ApiError> {
    let Input { mut value, meta } = input;
    let approved = must_approve(&here, value.approval.take(), Permission::OrdersComp).await?;
    let settings = here.settings()?;
    let prepared = here.read::<_, ApiError>(|conn| {
        let order = store::order(conn, path.order_id)?.ok_or_else(|| Refusal::not_found("The order"))?;
        prepare::comp(&settings, meta.at_ms, &order, (value.line_ids, value.reason), approved)
    });
    let done = here.write(&meta.hiding(SECRETS), prepared).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Takes the service charge off one order, puts it back or sets another, with a reason. Who may not do it alone
/// brings an approval.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/service-charge", tag = "orders",
    operation_id = "set_service_charge",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = NewServiceCharge, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.discount"))))]
pub async fn set_service_charge(
    here: Here<needs::OrdersDiscount>,
    Path(path): Path<OrderPath>,
    input: Input<NewServiceCharge>,
) -> Result<Response, ApiError> {
    let Input { mut value, meta } = input;
    let approved = must_approve(&here, value.approval.take(), Permission::OrdersComp).await?;
    let settings = here.settings()?;
    let prepared = here.read::<_, ApiError>(|conn| {
        let order = store::order(conn, path.order_id)?.ok_or_else(|| Refusal::not_found("The order"))?;
        Ok(prepare::service_charge(&settings, meta.at_ms, &order, value, approved))
    });
    let done = here.write(&meta.hiding(SECRETS), prepared).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}
