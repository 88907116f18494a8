//! `/restaurants/{rid}/alerts/mail`: the server alerts are mailed through. Of this computer, as alerts are.

use axum::Json;
use axum::http::StatusCode;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::mail::{Security, Server};
use super::store;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::Here;
use crate::front::input::{Input, Meta};
use crate::outward::service::Service;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_mail_server, set_mail_server, forget_mail_server))
}

/// What mail goes through. Its password is shown to nobody.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: Option<String>,
    pub sender: String,
}

impl From<Server> for MailServer {
    fn from(server: Server) -> Self {
        let Server { host, port, security, user, sender, .. } = server;
        Self { host, port, security, user, sender }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MailSetting {
    /// Null: nobody said.
    pub server: Option<MailServer>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"host": "mail.example.com", "port": 587, "security": "starttls", "user": "comanda",
    "password": "app-password", "sender": "comanda@example.com"}))]
pub struct NewMailServer {
    #[garde(length(min = 1, max = 255))]
    #[schema(max_length = 255)]
    pub host: String,
    #[garde(range(min = 1))]
    #[schema(minimum = 1)]
    pub port: u16,
    #[garde(skip)]
    pub security: Security,
    #[garde(length(min = 1, max = 255))]
    #[schema(max_length = 255)]
    pub user: Option<String>,
    /// Left out: the one it has, if server and user are the same.
    #[garde(length(min = 1, max = 255))]
    #[schema(max_length = 255)]
    pub password: Option<String>,
    /// Whom the mail is from.
    #[garde(length(min = 3, max = 255))]
    #[schema(max_length = 255)]
    pub sender: String,
}

/// Through which server alerts are mailed.
#[utoipa::path(get, path = "/restaurants/{rid}/alerts/mail", tag = "alerts", operation_id = "get_mail_server",
    params(("rid" = uuid::Uuid, Path)), responses((status = 200, body = MailSetting)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn get_mail_server(here: Here<needs::HealthRead>) -> Result<Json<MailSetting>, ApiError> {
    let server = here.app.installation.read(store::mail_server)?;
    Ok(Json(MailSetting { server: server.map(Into::into) }))
}

/// Mails alerts through this server from now on.
#[utoipa::path(put, path = "/restaurants/{rid}/alerts/mail", tag = "alerts", operation_id = "set_mail_server",
    params(("rid" = uuid::Uuid, Path)), request_body = NewMailServer, responses((status = 200, body = MailSetting)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn set_mail_server(
    here: Here<needs::HealthWrite>,
    input: Input<NewMailServer>,
) -> Result<Json<MailSetting>, ApiError> {
    let NewMailServer { host, port, security, user, password, sender } = input.value;
    let before = here.app.installation.read(store::mail_server)?;
    // A password goes nowhere but where it was given for.
    let kept =
        before.filter(|before| (&before.host, &before.user) == (&host, &user)).and_then(|before| before.password);
    let server = Server { host, port, security, user, password: password.or(kept), sender }.checked()?;
    let kept = server.clone();
    here.app.installation.local(move |tx| store::set_mail_server(tx, &kept)).await?;
    here.app.outward.forget_all(Service::Mail);
    tracing::info!(account = %here.caller.account_id.0, host = server.host, "alerts are mailed through another server");
    here.app.notices.notify_one();
    Ok(Json(MailSetting { server: Some(server.into()) }))
}

/// Mails nothing more. What waits says that there is no server.
#[utoipa::path(delete, path = "/restaurants/{rid}/alerts/mail", tag = "alerts", operation_id = "forget_mail_server",
    params(("rid" = uuid::Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn forget_mail_server(here: Here<needs::HealthWrite>, _: Meta) -> Result<StatusCode, ApiError> {
    if !here.app.installation.local(store::delete_mail_server).await? {
        return Err(Refusal::not_found("A mail server").into());
    }
    here.app.outward.forget_all(Service::Mail);
    tracing::info!(account = %here.caller.account_id.0, "alerts are mailed no more");
    Ok(StatusCode::NO_CONTENT)
}
