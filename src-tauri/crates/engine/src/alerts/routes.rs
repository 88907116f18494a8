//! `/restaurants/{rid}/alerts`: what is on, what was, who saw it, and the rules. Alerts are of this computer: each of its
//! restaurants shows the same.

use axum::Json;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Bad, Change, FOR_S_MAX, RULES, Rule, RuleName, Severity, Unit};
use super::store::{self, Alert, Subject};
use super::watch;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::staff::model::needs;

/// Alerts of the past on the page.
const SHOWN_MAX: u32 = 100;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_alerts))
        .routes(routes!(acknowledge_alert))
        .routes(routes!(list_alert_rules))
        .routes(routes!(change_alert_rule))
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alert)]
pub struct AlertView {
    pub id: Uuid,
    pub rule: RuleName,
    /// The deployment it is of. Null: this computer.
    pub subject: Option<Subject>,
    pub severity: Severity,
    pub unit: Unit,
    pub bad: Bad,
    /// The limit it fired at.
    pub threshold: i64,
    /// The figure that was over it.
    pub value: i64,
    pub fired_ms: i64,
    /// Null: it is on.
    pub ended_ms: Option<i64>,
    /// When somebody said that they have seen it.
    pub acknowledged_ms: Option<i64>,
    pub acknowledged_by: Option<String>,
}

fn known(name: RuleName) -> Result<Rule, ApiError> {
    let rule = RULES.iter().find(|rule| rule.name == name).copied();
    rule.ok_or_else(|| Refusal::not_found("The rule").into())
}

fn shown(alert: Alert) -> Result<AlertView, ApiError> {
    let Alert { id, rule, subject, severity, threshold, value, fired_ms, ended_ms, acknowledged } = alert;
    let of = known(rule)?;
    let (acknowledged_ms, acknowledged_by) = acknowledged.unzip();
    let (unit, bad) = (of.unit, of.bad);
    Ok(AlertView {
        id,
        rule,
        subject,
        severity,
        unit,
        bad,
        threshold,
        value,
        fired_ms,
        ended_ms,
        acknowledged_ms,
        acknowledged_by,
    })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    pub now_ms: i64,
    /// On now, the newest first.
    pub active: Vec<AlertView>,
    /// Over, the newest first.
    pub history: Vec<AlertView>,
}

/// What is wrong now, and what was.
#[utoipa::path(get, path = "/restaurants/{rid}/alerts", tag = "alerts", operation_id = "list_alerts",
    params(("rid" = Uuid, Path)), responses((status = 200, body = Alerts)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn list_alerts(here: Here<needs::HealthRead>) -> Result<Json<Alerts>, ApiError> {
    let both = |conn: &rusqlite::Connection| Ok((store::active(conn)?, store::history(conn, SHOWN_MAX)?));
    let (active, history) = here.app.installation.read::<_, rusqlite::Error>(both)?;
    let all = |alerts: Vec<Alert>| alerts.into_iter().map(shown).collect::<Result<Vec<_>, _>>();
    Ok(Json(Alerts { now_ms: here.app.clock.now_ms(), active: all(active)?, history: all(history)? }))
}

#[derive(Deserialize)]
pub struct AlertPath {
    alert_id: Uuid,
}

/// Says that one has seen it and sees to it. Who said so first stays.
#[utoipa::path(post, path = "/restaurants/{rid}/alerts/{alert_id}/acknowledge", tag = "alerts",
    operation_id = "acknowledge_alert",
    params(("rid" = Uuid, Path), ("alert_id" = Uuid, Path)), responses((status = 200, body = AlertView)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn acknowledge_alert(
    here: Here<needs::HealthRead>,
    Path(path): Path<AlertPath>,
    meta: Meta,
) -> Result<Json<AlertView>, ApiError> {
    let (id, by, name, at_ms) = (path.alert_id, here.caller.account_id, here.caller.name.clone(), meta.at_ms);
    here.app.installation.local(move |tx| store::acknowledge(tx, id, at_ms, by, &name)).await?;
    let alert = here.app.installation.read(|conn| store::alert(conn, id))?;
    watch::tell(&here.app);
    shown(alert.ok_or_else(|| Refusal::not_found("The alert"))?).map(Json)
}

/// A rule as it holds now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertRule {
    pub name: RuleName,
    pub severity: Severity,
    pub unit: Unit,
    pub bad: Bad,
    pub on: bool,
    pub threshold: i64,
    pub threshold_max: i64,
    /// It has to be bad for so long.
    pub for_s: u32,
    /// As it comes with the program.
    pub usual_threshold: i64,
    pub usual_for_s: u32,
    /// What was measured last. Null: there is nothing to measure.
    pub value: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AlertRules {
    pub items: Vec<AlertRule>,
}

fn rules(place: &Place) -> Result<Vec<AlertRule>, ApiError> {
    let changes = place.app.installation.read(store::changes)?;
    let shown = |rule: &Rule| {
        let change = changes.get(&rule.name).copied().unwrap_or_default();
        let now = rule.changed(change);
        AlertRule {
            name: rule.name,
            severity: rule.severity,
            unit: rule.unit,
            bad: rule.bad,
            on: !change.off,
            threshold: now.threshold,
            threshold_max: rule.threshold_max(),
            for_s: now.for_s,
            usual_threshold: rule.threshold,
            usual_for_s: rule.for_s,
            value: place.app.alerts.value(*rule),
        }
    };
    Ok(RULES.iter().map(shown).collect())
}

/// Every rule: its limit, how long it waits, whether it is on, and what was measured last.
#[utoipa::path(get, path = "/restaurants/{rid}/alerts/rules", tag = "alerts", operation_id = "list_alert_rules",
    params(("rid" = Uuid, Path)), responses((status = 200, body = AlertRules)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn list_alert_rules(here: Here<needs::HealthRead>) -> Result<Json<AlertRules>, ApiError> {
    Ok(Json(AlertRules { items: rules(&here)? }))
}

#[derive(Deserialize)]
pub struct RulePath {
    rule: RuleName,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"on": true, "threshold": 1500, "for_s": 300}))]
pub struct AlertRuleChange {
    #[garde(skip)]
    pub on: bool,
    /// In the rule's unit, up to its `threshold_max`. Null: the usual one.
    #[serde(default)]
    #[garde(range(min = 0))]
    pub threshold: Option<i64>,
    /// Null: the usual time.
    #[serde(default)]
    #[garde(range(max = FOR_S_MAX))]
    pub for_s: Option<u32>,
}

/// Sets a rule's limit and time, or switches it off. It is looked at again at once.
#[utoipa::path(put, path = "/restaurants/{rid}/alerts/rules/{rule}", tag = "alerts", operation_id = "change_alert_rule",
    params(("rid" = Uuid, Path), ("rule" = RuleName, Path)),
    request_body = AlertRuleChange, responses((status = 200, body = AlertRules)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn change_alert_rule(
    here: Here<needs::HealthWrite>,
    Path(path): Path<RulePath>,
    input: Input<AlertRuleChange>,
) -> Result<Json<AlertRules>, ApiError> {
    let (AlertRuleChange { on, threshold, for_s }, rule) = (input.value, known(path.rule)?);
    if threshold.is_some_and(|threshold| threshold > rule.threshold_max()) {
        return Err(Refusal::invalid("threshold", format!("The limit is at most {}.", rule.threshold_max())).into());
    }
    let change = Change {
        off: !on,
        threshold: threshold.filter(|threshold| *threshold != rule.threshold),
        for_s: for_s.filter(|for_s| *for_s != rule.for_s),
    };
    here.app.installation.local(move |tx| store::change(tx, rule.name, change)).await?;
    tracing::info!(account = %here.caller.account_id.0, rule = rule.name.as_str(), ?change, "a rule was changed");
    here.app.alerts.judge_afresh(rule.name);
    watch::tell(&here.app);
    Ok(Json(AlertRules { items: rules(&here)? }))
}
