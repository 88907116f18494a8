//! Sends what waits, each address in its order and all at once.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use uuid::Uuid;

use super::mail;
use super::model::{self, State};
use super::store::{self, Due, Target, Tried};
use crate::app::App;
use crate::error::ApiError;
use crate::outward::Reason;
use crate::outward::service::Service;

const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
/// Without a notice that waits, it is looked at as seldom.
const IDLE: Duration = Duration::from_secs(300);

/// Runs for as long as the engine does.
pub async fn keep_sending(app: App) {
    loop {
        let wait = match send_due(&app).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!(%error, "what waits to be told could not be read or written");
                IDLE
            }
        };
        tokio::select! {
            () = app.wall_clock.pause(wait) => {}
            () = app.notices.notified() => {}
        }
    }
}

/// Sends until nothing is due; how long there is to wait then.
async fn send_due(app: &App) -> Result<Duration, ApiError> {
    loop {
        let now_ms = app.clock.now_ms();
        let due = app.installation.read(|conn| store::due(conn, now_ms))?;
        if due.is_empty() {
            let next_ms = app.installation.read(store::next_ms)?;
            let wait = next_ms.map(|next_ms| u64::try_from(next_ms - now_ms).unwrap_or(0));
            return Ok(wait.map_or(IDLE, |wait_ms| Duration::from_millis(wait_ms).min(IDLE)));
        }
        for ended in futures::future::join_all(due.into_iter().map(|due| send_one(app, due))).await {
            ended?;
        }
        crate::alerts::watch::tell(app);
    }
}

async fn send_one(app: &App, due: Due) -> Result<(), ApiError> {
    let at_ms = app.clock.now_ms();
    let (reason, status) = send(app, &due.target, due.id, at_ms, &due.body).await?;
    let wait_ms = reason.and_then(|_| model::wait_ms(due.tries + 1));
    let state = match (reason, wait_ms) {
        (None, _) => State::Sent,
        (Some(_), Some(_)) => State::Waiting,
        (Some(_), None) => State::GivenUp,
    };
    tracing::info!(target = %due.target.id, notice = %due.id, state = state.as_str(), ?reason, status, "told outside");
    let tried = Tried { state, at_ms, next_ms: at_ms + wait_ms.unwrap_or(0), reason, status };
    let (id, target) = (due.id, due.target.id);
    Ok(app.installation.local(move |tx| store::tried(tx, id, target, tried)).await?)
}

/// Sends one; why it did not arrive, and the status it was answered with.
pub async fn send(
    app: &App,
    to: &Target,
    id: Uuid,
    at_ms: i64,
    body: &str,
) -> Result<(Option<Reason>, Option<u16>), ApiError> {
    match to.mailbox() {
        None => Ok(post(app, to, id, at_ms, body).await),
        Some(mailbox) => {
            let server = app.installation.read(store::mail_server)?;
            let Some(server) = server else { return Ok((Some(Reason::NoMailServer), None)) };
            Ok(mail::send(&app.outward, &server, mailbox, id, at_ms, &model::text(body)).await)
        }
    }
}

async fn post(app: &App, to: &Target, id: Uuid, at_ms: i64, body: &str) -> (Option<Reason>, Option<u16>) {
    let at_s = at_ms / 1000;
    let signature = to.secret.sign(id, at_s, body).unwrap_or_default();
    let request = app
        .outward
        .client
        .post(&to.address)
        .timeout(ANSWER_TIME_MAX)
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", id.to_string())
        .header("webhook-timestamp", at_s)
        .header("webhook-signature", signature)
        .body(body.to_owned());
    match app.outward.try_send(Service::Webhook, request).await {
        Ok(answer) if answer.status().is_success() => (None, Some(answer.status().as_u16())),
        Ok(answer) if answer.status().is_redirection() => (Some(Reason::Redirected), Some(answer.status().as_u16())),
        Ok(answer) => (Some(Reason::Status), Some(answer.status().as_u16())),
        Err(reason) => (Some(reason), None),
    }
}
