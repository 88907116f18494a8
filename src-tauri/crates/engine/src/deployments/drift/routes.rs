//! `/restaurants/{rid}/deployments/{deployment_id}/settings`: what drifted there, and accepting it.

use axum::Json;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{DriftDifference, DriftTrouble, differences};
use super::store;
use crate::app::App;
use crate::deployments::routes::{DeploymentPath, found};
use crate::deployments::tell;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Path};
use crate::kernel::text;
use crate::outward::Reason;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_deployment_drift, accept_deployment_settings))
}

/// The settings of a Comanda against what was accepted of them.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct DeploymentDrift {
    /// Somebody is logged in there from here: without, it is not asked.
    pub has_session: bool,
    /// Null: it has not been asked.
    pub asked_ms: Option<i64>,
    /// Why it did not say them when it was asked last. Null: it did.
    pub trouble: Option<DriftTrouble>,
    pub reason: Option<Reason>,
    /// When it said them last. Null: never.
    pub seen_ms: Option<i64>,
    /// So many it said then, its version among them.
    pub settings: u32,
    pub accepted_ms: Option<i64>,
    /// Null: what it said first counts as accepted.
    pub accepted_by: Option<String>,
    /// By key. Empty: everything is as it was accepted.
    pub differences: Vec<DriftDifference>,
}

fn shown(place: &Place, id: Uuid) -> Result<DeploymentDrift, ApiError> {
    let has_session = place.app.deployments.tokens.has(id);
    let Some(known) = place.app.installation.read(|conn| store::known(conn, id))? else {
        return Ok(DeploymentDrift { has_session, ..DeploymentDrift::default() });
    };
    let differ = known.seen.as_ref().zip(known.accepted.as_ref());
    Ok(DeploymentDrift {
        has_session,
        asked_ms: Some(known.asked_ms),
        trouble: known.trouble,
        reason: known.reason,
        settings: known.seen.as_ref().map_or(0, |(_, said)| u32::try_from(said.0.len()).unwrap_or(u32::MAX)),
        differences: differ.map(|((_, seen), (_, accepted, _))| differences(accepted, seen)).unwrap_or_default(),
        seen_ms: known.seen.map(|(at_ms, _)| at_ms),
        accepted_ms: known.accepted.as_ref().map(|(at_ms, ..)| *at_ms),
        accepted_by: known.accepted.and_then(|(.., by)| by),
    })
}

/// Which settings of a Comanda are no longer as they were accepted. It is asked every ten minutes, and when it is probed
/// by hand, while somebody is logged in there from here.
#[utoipa::path(get, path = "/restaurants/{rid}/deployments/{deployment_id}/settings", tag = "deployments",
    operation_id = "get_deployment_drift",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)),
    responses((status = 200, body = DeploymentDrift)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn get_deployment_drift(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
) -> Result<Json<DeploymentDrift>, ApiError> {
    Ok(Json(shown(&here, found(&here, path.deployment_id)?.id)?))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeploymentAcceptance {
    /// `seen_ms` of what was looked at.
    #[garde(skip)]
    pub seen_ms: i64,
}

/// Accepts the settings as they were seen: from now on what is other than these is drift.
#[utoipa::path(put, path = "/restaurants/{rid}/deployments/{deployment_id}/settings", tag = "deployments",
    operation_id = "accept_deployment_settings",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)),
    request_body = DeploymentAcceptance, responses((status = 200, body = DeploymentDrift)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn accept_deployment_settings(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
    input: Input<DeploymentAcceptance>,
) -> Result<Json<DeploymentDrift>, ApiError> {
    let of = found(&here, path.deployment_id)?;
    let (id, seen_ms, at_ms) = (of.id, input.value.seen_ms, input.meta.at_ms);
    let by = text::cleaned(&here.caller.name);
    if !here.app.installation.local(move |tx| store::accept(tx, id, seen_ms, at_ms, &by)).await? {
        return Err(Refusal::conflict(format!("{} has said its settings anew. Look again.", of.name)).into());
    }
    tell(&here.app);
    Ok(Json(shown(&here, id)?))
}
