//! Somebody else's yes: a person with the permission gives their e-mail and password where the
//! order is, and the write goes on under the name of who asked. Who approved is recorded with it;
//! the secret is checked here and goes no further.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{ApiError, Refusal};
use crate::front::here::Place;
use crate::installation;
use crate::installation::passwords::BYTES_MAX;
use crate::kernel::ids::AccountId;
use crate::kernel::text;
use crate::staff;
use crate::staff::model::Permission;

#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "lucia@example.com", "secret": "Trattoria-26"}))]
pub struct Approval {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(min = 1, max = text::EMAIL_MAX))]
    #[schema(max_length = 255)]
    pub email: String,
    /// Their password.
    #[garde(length(min = 1, max = BYTES_MAX))]
    #[schema(max_length = 256)]
    pub secret: String,
}

impl std::fmt::Debug for Approval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Approval").field("email", &self.email).finish_non_exhaustive()
    }
}

/// Who approved. The same answer whether the person, the secret or the permission is wrong.
pub async fn approved_by(place: &Place, approval: Approval, needed: Permission) -> Result<AccountId, ApiError> {
    let (account, kept) = place.app.installation.read::<_, rusqlite::Error>(|conn| {
        let account = installation::store::account_by_email(conn, &approval.email)?;
        let kept = account.as_ref().map(|it| installation::store::password_of(conn, it.id)).transpose()?.flatten();
        Ok((account, kept))
    })?;
    let right = place.app.passwords.verify(approval.secret, kept).await?;
    let no = || Refusal::forbidden().at("approval").with_details(serde_json::json!({ "permission": needed }));
    let account = account.filter(|_| right).ok_or_else(no)?;
    let there = place.read(|conn| staff::store::place_of(conn, account.id))?;
    if !there.is_some_and(|(_, role)| role.may(needed)) {
        return Err(no().into());
    }
    Ok(account.id)
}
