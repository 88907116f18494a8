//! Somebody else's yes: a person with the permission enters their PIN, or e-mail and password, where
//! the order is, and the write goes on under the name of who asked. Who approved is recorded with it;
//! the secret is checked here and goes no further.
//!
//! Invariant: a try is counted before it is looked at, and after some wrong ones approvals wait like the
//! lock screen does (`staff::pins`). The two counts are apart: wrong approvals keep nobody from the till.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{ApiError, Code, Refusal};
use crate::front::here::Place;
use crate::installation;
use crate::installation::passwords::BYTES_MAX;
use crate::kernel::ids::AccountId;
use crate::kernel::text;
use crate::staff;
use crate::staff::model::Permission;
use crate::staff::pins::{self, For};

/// What of a request's body is secret; for `Meta::hiding`.
pub const SECRETS: &[&str] = &["/approval/secret", "/approval/pin"];

/// Either a PIN, or e-mail and password.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pin": "4711"}))]
pub struct Approval {
    #[garde(custom(pins::well_formed_some))]
    #[schema(min_length = 4, max_length = 8)]
    pub pin: Option<String>,
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(max = text::EMAIL_MAX))]
    #[schema(max_length = 255)]
    pub email: Option<String>,
    /// Their password.
    #[garde(length(min = 1, max = BYTES_MAX))]
    #[schema(max_length = 256)]
    pub secret: Option<String>,
}

impl std::fmt::Debug for Approval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Approval").field("email", &self.email).finish_non_exhaustive()
    }
}

/// Who approved. The same answer whether the person, the secret or the permission is wrong.
pub async fn approved_by(place: &Place, approval: Approval, needed: Permission) -> Result<AccountId, ApiError> {
    let how = match approval {
        Approval { pin: Some(pin), email: None, secret: None } => How::Pin(pin),
        Approval { pin: None, email: Some(email), secret: Some(secret) } => How::Password(email, secret),
        _ => return Err(Refusal::invalid("approval", "Give a PIN, or e-mail and password.").into()),
    };
    let house = place.itself();
    let left = pins::count_try(&house, &place.caller, place.now_ms(), For::Approval).await?;
    let found = match how {
        How::Pin(pin) => pins::whose(&place.app, &house, pin).await?.map(|member| member.account_id),
        How::Password(email, secret) => with_password(place, &email, secret).await?,
    };
    let role = match found {
        Some(account) => house.read(|conn| staff::store::place_of(conn, account))?.map(|(_, role)| role),
        None => None,
    };
    let Some(account) = found.filter(|_| role.is_some_and(|role| role.may(needed))) else {
        pins::note_wrong(&place.app, &house, &place.caller, For::Approval).await?;
        let details = serde_json::json!({ "permission": needed, "tries_left": left });
        let no = Refusal::new(Code::Forbidden, "Nobody who may approve this has this PIN or password.");
        return Err(no.at("approval").with_details(details).into());
    };
    pins::forgive_try(&house, &place.caller, For::Approval).await?;
    Ok(account)
}

/// For what the caller may, or somebody approves: who that was.
pub async fn must_approve(
    place: &Place,
    approval: Option<Approval>,
    permission: Permission,
) -> Result<Option<AccountId>, ApiError> {
    match approval {
        Some(approval) => approved_by(place, approval, Permission::OrdersApprove).await.map(Some),
        None if place.is_allowed(permission) => Ok(None),
        None => {
            let needs = serde_json::json!({ "approval": true, "permission": permission });
            Err(Refusal::forbidden().at("approval").with_details(needs).into())
        }
    }
}

enum How {
    Pin(String),
    Password(String, String),
}

async fn with_password(place: &Place, email: &str, secret: String) -> Result<Option<AccountId>, ApiError> {
    let (account, kept) = place.app.installation.read::<_, rusqlite::Error>(|conn| {
        let account = installation::store::account_by_email(conn, email)?;
        let kept = account.as_ref().map(|it| installation::store::password_of(conn, it.id)).transpose()?.flatten();
        Ok((account, kept))
    })?;
    let right = place.app.passwords.verify(secret, kept).await?;
    Ok(account.filter(|_| right).map(|account| account.id))
}
