//! Who is at the till: taking over a device's session with a PIN, and locking it.
//!
//! A session belongs to whoever logged in on the device. With a PIN somebody on the staff of one of
//! its restaurants takes over: what is done from then on is theirs, with their role, at that
//! restaurant only. A PIN alone says who it is; wrong ones are counted before they are looked at
//! (`staff::pins`), so that many at once are no way around the wait.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::routes::{Me, me};
use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::AnySession;
use crate::front::input::Input;
use crate::kernel::ids::RestaurantId;
use crate::staff::pins;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"restaurant_id": "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11", "pin": "4711"}))]
pub struct PinEntry {
    #[garde(skip)]
    pub restaurant_id: RestaurantId,
    /// 4 to 8 digits.
    #[garde(custom(pins::well_formed))]
    #[schema(min_length = 4, max_length = 8)]
    pub pin: String,
}

/// Takes the session over with a PIN, and unlocks it. After some wrong ones there is a wait that
/// grows (`too_many_requests`, `details.wait_s`).
#[utoipa::path(put, path = "/sessions/current/person", tag = "installation", operation_id = "take_over",
    request_body = PinEntry, responses((status = 200, body = Me)))]
pub async fn take_over(
    State(app): State<App>,
    AnySession(caller): AnySession,
    input: Input<PinEntry>,
) -> Result<Json<Me>, ApiError> {
    let PinEntry { restaurant_id, pin } = input.value;
    let restaurant = app.restaurant(restaurant_id).filter(|_| caller.is_home(restaurant_id));
    let restaurant = restaurant.ok_or_else(|| Refusal::not_found("The restaurant"))?;
    let left = pins::count_try(&restaurant, &caller, input.meta.at_ms, pins::For::Person).await?;
    let member = pins::whose(&app, &restaurant, pin).await?;
    let Some(member) = member else {
        pins::note_wrong(&app, &restaurant, &caller, pins::For::Person).await?;
        let refusal = Refusal::new(Code::Forbidden, "Nobody here has this PIN.").at("pin");
        return Err(refusal.with_details(serde_json::json!({ "tries_left": left })).into());
    };
    pins::forgive_try(&restaurant, &caller, pins::For::Person).await?;
    let now = app.take_over(&caller, restaurant_id, member.account_id).await?;
    Ok(Json(me(&app, &now)?))
}

/// Locks the session: it answers nothing but who it is and a PIN.
#[utoipa::path(post, path = "/sessions/current/lock", tag = "installation", operation_id = "lock_session",
    responses((status = 204)))]
pub async fn lock_session(State(app): State<App>, AnySession(caller): AnySession) -> Result<StatusCode, ApiError> {
    app.lock(caller.session_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
