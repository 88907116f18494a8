//! A person's own password, changed with the one they have.

use axum::extract::State;
use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::commands::ChangePassword;
use super::{passwords, store};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::LoggedIn;
use crate::front::input::Input;
use crate::front::reply;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "Trattoria-26", "new_password": "Trattoria-27"}))]
pub struct PasswordChange {
    #[garde(length(min = 1, max = passwords::BYTES_MAX))]
    #[schema(max_length = 256)]
    pub current_password: String,
    /// 8 or more characters: upper, lower, digit, special.
    #[garde(custom(passwords::good))]
    #[schema(min_length = 8)]
    pub new_password: String,
}

/// Changes one's own password. Every other session of that person ends.
#[utoipa::path(put, path = "/me/password", tag = "installation", operation_id = "change_own_password",
    request_body = PasswordChange, responses((status = 204)))]
pub async fn change_own_password(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
    input: Input<PasswordChange>,
) -> Result<Response, ApiError> {
    let meta = input.meta.hiding(&["/current_password", "/new_password"]);
    let PasswordChange { current_password, new_password } = input.value;
    let id = caller.account_id;
    let kept = app.installation.read(|conn| store::password_of(conn, id))?;
    let has_one = kept.is_some();
    let right = app.passwords.verify(current_password, kept).await?;
    let (prepared, secret) = if right {
        let hash = app.passwords.hash(new_password).await?;
        (Ok(ChangePassword { account_id: id, kept: Some(caller.session_id) }), Some(hash.into_bytes()))
    } else if has_one {
        tracing::info!(session = %caller.session_id, "a wrong password while changing it");
        (Err(Refusal::invalid("current_password", "This is not your password.").into()), None)
    } else {
        (Err(Refusal::rule("You have no password here: you work with a PIN.").into()), None)
    };
    let done = app.write_with_secret(&app.installation, id.0, &meta, prepared, secret).await?;
    Ok(reply::gone(&done))
}
