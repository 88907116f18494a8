//! The endpoints of payments, under the order they pay.

use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::prepare::{self, NewPayment};
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Here;
use crate::front::input::{Input, Path};
use crate::front::reply;
use crate::orders::routes::{OrderPath, fresh};
use crate::orders::view::OrderView;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(take_payment))
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
    let done = here.write(&input.meta, prepared).await?;
    Ok(reply::created(&done, fresh(&here, path.order_id)?))
}
