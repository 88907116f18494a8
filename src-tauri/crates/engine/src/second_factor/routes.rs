//! `/me/second-factor`: one's own second factor, on and off.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::check::{self, Checked};
use super::model::{self, CODE_MAX, RECOVERY_CODES, Typed};
use super::store;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Caller, LoggedIn};
use crate::front::input::Input;
use crate::installation::{passwords, store as accounts, tries};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_second_factor, begin_second_factor))
        .routes(routes!(confirm_second_factor))
        .routes(routes!(renew_recovery_codes))
        .routes(routes!(end_second_factor))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactor {
    /// Since when it is asked for. Null: it is not.
    pub since_ms: Option<i64>,
    /// Recovery codes that were not used yet.
    pub recovery_left: u32,
}

/// Whether one's own log-in asks for a second factor.
#[utoipa::path(get, path = "/me/second-factor", tag = "installation", operation_id = "get_second_factor",
    responses((status = 200, body = SecondFactor)))]
pub async fn get_second_factor(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
) -> Result<Json<SecondFactor>, ApiError> {
    let factor = app.installation.read(|conn| store::of(conn, caller.account_id))?;
    let on = factor.filter(|factor| factor.since_ms.is_some());
    let shown = |factor: store::Factor| SecondFactor { since_ms: factor.since_ms, recovery_left: factor.recovery_left };
    Ok(Json(on.map_or(SecondFactor { since_ms: None, recovery_left: 0 }, shown)))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "Trattoria-26"}))]
pub struct OwnPassword {
    #[garde(length(min = 1, max = passwords::BYTES_MAX))]
    #[schema(max_length = 256)]
    pub password: String,
}

/// What an authenticator needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct BegunSecondFactor {
    /// To type: base 32.
    pub secret: String,
    /// To show as a QR code: `otpauth://totp/…`.
    pub uri: String,
}

/// Whoever has the session also knows the password. Counts as a try at logging in.
async fn prove(app: &App, caller: &Caller, password: String) -> Result<(), ApiError> {
    let who = tries::count(app, caller.email.as_deref().unwrap_or_default()).await?;
    let kept = app.installation.read(|conn| accounts::password_of(conn, caller.account_id))?;
    if kept.is_none() {
        return Err(Refusal::rule("You have no password here: you work with a PIN.").into());
    }
    if !app.passwords.verify(password, kept).await? {
        return Err(Refusal::invalid("password", "This is not your password.").into());
    }
    tries::forgive(app, who).await
}

/// The same, with the second factor that is on.
async fn prove_both(app: &App, caller: &Caller, input: PasswordAndCode) -> Result<(), ApiError> {
    prove(app, caller, input.password).await?;
    let who = tries::count(app, caller.email.as_deref().unwrap_or_default()).await?;
    match check::check(app, caller.account_id, Some(&input.code)).await? {
        Checked::Right => tries::forgive(app, who).await,
        Checked::NotAsked => Err(Refusal::conflict("The second factor is not on.").into()),
        Checked::Missing | Checked::Wrong => Err(wrong_code()),
    }
}

fn wrong_code() -> ApiError {
    let message = "This code is wrong or was used. If it goes on, look whether this computer's clock is right.";
    Refusal::invalid("code", message).into()
}

/// Makes a secret for an authenticator. Nothing changes until a first code confirms it; asking again makes another one.
#[utoipa::path(post, path = "/me/second-factor", tag = "installation", operation_id = "begin_second_factor",
    request_body = OwnPassword, responses((status = 200, body = BegunSecondFactor)))]
pub async fn begin_second_factor(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
    input: Input<OwnPassword>,
) -> Result<Json<BegunSecondFactor>, ApiError> {
    prove(&app, &caller, input.value.password).await?;
    let (id, secret) = (caller.account_id, rand::random());
    if !app.installation.local(move |tx| store::begin(tx, id, &secret)).await? {
        return Err(Refusal::conflict("The second factor is on already. Switch it off first.").into());
    }
    let totp = model::totp(&secret, caller.email.as_deref().unwrap_or_default()).map_err(ApiError::internal)?;
    let uri = totp.to_url().map_err(ApiError::internal)?;
    Ok(Json(BegunSecondFactor { secret: totp.secret().to_base32(), uri }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "287082"}))]
pub struct FirstCode {
    /// The six digits the authenticator shows.
    #[garde(length(min = 1, max = CODE_MAX))]
    #[schema(max_length = 32)]
    pub code: String,
}

/// Each opens one log-in without the authenticator.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Shown this once.
    pub codes: Vec<String>,
}

fn recovery_codes() -> (RecoveryCodes, Vec<[u8; 32]>) {
    let (codes, hashes) = (0..RECOVERY_CODES).map(|_| model::recovery_code()).unzip();
    (RecoveryCodes { codes }, hashes)
}

/// Switches the second factor on with a first code. Every other session of that person ends.
#[utoipa::path(post, path = "/me/second-factor/confirm", tag = "installation", operation_id = "confirm_second_factor",
    request_body = FirstCode, responses((status = 200, body = RecoveryCodes)))]
pub async fn confirm_second_factor(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
    input: Input<FirstCode>,
) -> Result<Json<RecoveryCodes>, ApiError> {
    let (id, session, now_ms) = (caller.account_id, caller.session_id, input.meta.at_ms);
    let factor = app.installation.read(|conn| store::of(conn, id))?;
    let factor = factor.filter(|factor| factor.since_ms.is_none());
    let factor = factor.ok_or_else(|| Refusal::conflict("There is nothing to confirm. Begin first."))?;
    let right = match model::typed(&input.value.code) {
        Typed::Digits(digits) => check::uses_digits(&app, id, &factor, &digits).await?,
        Typed::Recovery(_) | Typed::Neither => false,
    };
    if !right {
        return Err(wrong_code());
    }
    let (codes, hashes) = recovery_codes();
    let switch_on = move |tx: &comanda_db::Tx<'_>| {
        store::switch_on(tx, id, now_ms)?;
        store::set_recovery(tx, id, &hashes)?;
        accounts::delete_other_sessions_of(tx, id, Some(session))
    };
    app.installation.local(switch_on).await?;
    app.sessions.forget_all();
    tracing::info!(account = %id.0, "a second factor was switched on");
    Ok(Json(codes))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "Trattoria-26", "code": "287082"}))]
pub struct PasswordAndCode {
    #[garde(length(min = 1, max = passwords::BYTES_MAX))]
    #[schema(max_length = 256)]
    pub password: String,
    /// Six digits, or a recovery code.
    #[garde(length(min = 1, max = CODE_MAX))]
    #[schema(max_length = 32)]
    pub code: String,
}

/// Other recovery codes; those there were work no more.
#[utoipa::path(post, path = "/me/second-factor/recovery-codes", tag = "installation",
    operation_id = "renew_recovery_codes", request_body = PasswordAndCode,
    responses((status = 200, body = RecoveryCodes)))]
pub async fn renew_recovery_codes(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
    input: Input<PasswordAndCode>,
) -> Result<Json<RecoveryCodes>, ApiError> {
    prove_both(&app, &caller, input.value).await?;
    let (id, (codes, hashes)) = (caller.account_id, recovery_codes());
    app.installation.local(move |tx| store::set_recovery(tx, id, &hashes)).await?;
    tracing::info!(account = %id.0, "new recovery codes");
    Ok(Json(codes))
}

/// Switches the second factor off.
#[utoipa::path(post, path = "/me/second-factor/end", tag = "installation", operation_id = "end_second_factor",
    request_body = PasswordAndCode, responses((status = 204)))]
pub async fn end_second_factor(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
    input: Input<PasswordAndCode>,
) -> Result<StatusCode, ApiError> {
    prove_both(&app, &caller, input.value).await?;
    let id = caller.account_id;
    app.installation.local(move |tx| store::forget(tx, id)).await?;
    tracing::info!(account = %id.0, "a second factor was switched off");
    Ok(StatusCode::NO_CONTENT)
}
