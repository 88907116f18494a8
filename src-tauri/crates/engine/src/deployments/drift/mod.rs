//! Whether a Comanda still runs with the settings that were accepted of it: what it says first is the measure, until
//! somebody accepts what it says later.
//!
//! Invariants: it is asked as the person who logged in there, and only while somebody is. What is secret there is
//! never kept here, not even as a hash. Where a value is from does not count; what holds does.

pub mod model;
pub mod routes;
pub mod store;

use reqwest::Method;

use self::model::{DriftTrouble, Said};
use self::store::Asked;
use super::model::Kind;
use super::remote::{Remote, Trouble};
use super::store::Deployment;
use super::tell;
use crate::app::App;
use crate::error::ApiError;
use crate::outward::Reason;

/// Settings hold from a start to the next: so often is often enough, unless somebody looks.
const EVERY_MS: i64 = 10 * 60 * 1000;

/// Asks when it is due.
pub async fn look(app: &App, of: &Deployment) -> Result<(), ApiError> {
    let asked_ms = app.installation.read(|conn| store::asked_ms(conn, of.id))?;
    if asked_ms.is_some_and(|asked_ms| (0..EVERY_MS).contains(&(app.clock.now_ms() - asked_ms))) {
        return Ok(());
    }
    ask(app, of).await
}

/// Asks now, and keeps what it said or why it did not. Nobody is asked where nobody is logged in.
pub async fn ask(app: &App, of: &Deployment) -> Result<(), ApiError> {
    if of.kind != Kind::Comanda || !app.deployments.tokens.has(of.id) {
        return Ok(());
    }
    let said = match Remote::logged_in(app, of)?.ask(Method::GET, "/settings", None).await {
        Ok(answer) => Said::read(answer).ok_or((DriftTrouble::Away, Some(Reason::NotComanda))),
        Err(Trouble::Ended) => Err((DriftTrouble::Ended, None)),
        Err(Trouble::Said { status: 403, .. }) => Err((DriftTrouble::Forbidden, None)),
        Err(Trouble::Said { status: 404, .. }) => Err((DriftTrouble::Older, None)),
        Err(Trouble::Said { .. }) => Err((DriftTrouble::Away, Some(Reason::Status))),
        Err(Trouble::Away(reason)) => Err((DriftTrouble::Away, Some(reason))),
    };
    let asked = Asked { address: of.address.clone(), at_ms: app.clock.now_ms(), said };
    let id = of.id;
    if app.installation.local(move |tx| store::record(tx, id, &asked)).await? {
        tell(app);
    }
    Ok(())
}
