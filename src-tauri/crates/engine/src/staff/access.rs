//! How somebody on the staff gets in: their log-in, their PIN, and ending a wait after wrong ones.

use axum::http::StatusCode;
use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::SetPin;
use super::model::needs;
use super::pins;
use super::routes::{StaffMember, StaffPath, show_by_id};
use super::store;
use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::installation::commands::CreateAccount;
use crate::installation::{passwords, store as accounts};
use crate::kernel::ids::AccountId;
use crate::kernel::text;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(set_pin, remove_pin))
        .routes(routes!(set_own_pin))
        .routes(routes!(give_log_in))
        .routes(routes!(end_pin_wait))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pin": "4711"}))]
pub struct NewPin {
    /// 4 to 8 digits.
    #[garde(custom(pins::well_formed))]
    #[schema(min_length = 4, max_length = 8)]
    pub pin: String,
}

/// Sets somebody's PIN. One that is taken is refused without saying whose it is.
#[utoipa::path(put, path = "/restaurants/{rid}/staff/{staff_id}/pin", tag = "staff", operation_id = "set_pin",
    params(("rid" = uuid::Uuid, Path), ("staff_id" = uuid::Uuid, Path)),
    request_body = NewPin, responses((status = 200, body = StaffMember)),
    extensions(("x-permission" = json!("staff.write"))))]
pub async fn set_pin(
    here: Here<needs::StaffWrite>,
    Path(path): Path<StaffPath>,
    input: Input<NewPin>,
) -> Result<Response, ApiError> {
    write_pin(&here, SetPin { id: path.staff_id, set: true }, input).await
}

/// Sets one's own PIN.
#[utoipa::path(put, path = "/restaurants/{rid}/staff/me/pin", tag = "staff", operation_id = "set_own_pin",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewPin, responses((status = 200, body = StaffMember)),
    extensions(("x-permission" = json!("clock.own"))))]
pub async fn set_own_pin(here: Here<needs::ClockOwn>, input: Input<NewPin>) -> Result<Response, ApiError> {
    write_pin(&here, SetPin { id: here.staff_id()?, set: true }, input).await
}

async fn write_pin(place: &Place, write: SetPin, input: Input<NewPin>) -> Result<Response, ApiError> {
    let meta = input.meta.hiding(&["/pin"]);
    let id = write.id;
    with_pin(place, &meta, Some(input.value.pin), async |secret| {
        let actor = place.caller.account_id.0;
        let done = place.app.write_with_secret(&place.restaurant.db, actor, &meta, Ok(write), secret).await?;
        Ok(reply::changed(&done, show_by_id(place, id)?))
    })
    .await
}

/// Takes somebody's PIN away.
#[utoipa::path(delete, path = "/restaurants/{rid}/staff/{staff_id}/pin", tag = "staff", operation_id = "remove_pin",
    params(("rid" = uuid::Uuid, Path), ("staff_id" = uuid::Uuid, Path)),
    responses((status = 200, body = StaffMember)),
    extensions(("x-permission" = json!("staff.write"))))]
pub async fn remove_pin(
    here: Here<needs::StaffWrite>,
    Path(path): Path<StaffPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let done = here.write(&meta, Ok(SetPin { id: path.staff_id, set: false })).await?;
    Ok(reply::changed(&done, show_by_id(&here, path.staff_id)?))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "marco@example.com", "password": "Trattoria-26"}))]
pub struct NewLogIn {
    #[serde(deserialize_with = "text::clean")]
    #[garde(email, length(max = text::EMAIL_MAX))]
    #[schema(max_length = 255)]
    pub email: String,
    /// 8 or more characters: upper, lower, digit, special.
    #[garde(custom(passwords::good))]
    #[schema(min_length = 8)]
    pub password: String,
}

/// Gives somebody who worked with a PIN only a log-in of their own.
#[utoipa::path(post, path = "/restaurants/{rid}/staff/{staff_id}/log-in", tag = "staff", operation_id = "give_log_in",
    params(("rid" = uuid::Uuid, Path), ("staff_id" = uuid::Uuid, Path)),
    request_body = NewLogIn, responses((status = 200, body = StaffMember)),
    extensions(("x-permission" = json!("staff.write"))))]
pub async fn give_log_in(
    here: Here<needs::StaffWrite>,
    Path(path): Path<StaffPath>,
    input: Input<NewLogIn>,
) -> Result<Response, ApiError> {
    let meta = input.meta.hiding(&["/password"]);
    let NewLogIn { email, password } = input.value;
    let member = here.read(|conn| store::by_id(conn, path.staff_id))?;
    let member = member.ok_or_else(|| Refusal::not_found("This person"))?;
    here.role.may_appoint(member.role)?;
    let hash = here.app.passwords.hash(password).await?;
    let create = CreateAccount { account_id: member.account_id, name: member.name, email };
    let (db, actor) = (&here.app.installation, here.caller.account_id.0);
    let done = here.app.write_with_secret(db, actor, &meta, Ok(create), Some(hash.into_bytes())).await?;
    Ok(reply::changed(&done, show_by_id(&here, path.staff_id)?))
}

/// Ends the waits after wrong PINs, on every device of the restaurant.
#[utoipa::path(delete, path = "/restaurants/{rid}/staff/pin-wait", tag = "staff", operation_id = "end_pin_wait",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("staff.write"))))]
pub async fn end_pin_wait(here: Here<needs::StaffWrite>) -> Result<StatusCode, ApiError> {
    here.restaurant.db.local(store::forget_tries).await?;
    tracing::info!(by = %here.caller.account_id, "waits after wrong PINs were ended");
    Ok(StatusCode::NO_CONTENT)
}

/// Does a write with a PIN's hash as its secret. A PIN somebody else has counts as a wrong one:
/// setting PINs is no way to find out which there are.
pub(super) async fn with_pin(
    place: &Place,
    meta: &Meta,
    pin: Option<String>,
    write: impl AsyncFnOnce(Option<Vec<u8>>) -> Result<Response, ApiError>,
) -> Result<Response, ApiError> {
    let Some(pin) = pin else { return write(None).await };
    pins::count_try(&place.restaurant, &place.caller, meta.at_ms, pins::For::Person).await?;
    let hash = pins::hash(&place.app, &place.restaurant, pin).await?;
    let answer = write(Some(hash.to_vec())).await;
    let taken =
        |error: &ApiError| error.code() == Code::RuleViolated && error.refusal().field.as_deref() == Some("pin");
    if !answer.as_ref().is_err_and(taken) {
        pins::forgive_try(&place.restaurant, &place.caller, pins::For::Person).await?;
    }
    answer
}

/// The account of an address: the one that is there, or a new one.
pub(super) async fn account_of(
    place: &Place,
    meta: &Meta,
    name: &str,
    email: String,
    password: Option<String>,
) -> Result<AccountId, ApiError> {
    let db = &place.app.installation;
    if let Some(known) = db.read(|conn| accounts::account_by_email(conn, &email))? {
        return Ok(known.id);
    }
    let password = password.ok_or_else(|| Refusal::invalid("password", "A new address needs a password."))?;
    let hash = place.app.passwords.hash(password).await?;
    let create = CreateAccount { account_id: AccountId::mint(), name: name.to_owned(), email };
    let actor = place.caller.account_id.0;
    let meta = meta.also("account", actor);
    Ok(place.app.write_with_secret(db, actor, &meta, Ok(create), Some(hash.into_bytes())).await?.answer)
}
