//! Every route, by feature, under `/api/v1`.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::{
    alerts, api_keys, audit, backups, bundle, cache, chain, clock, deployments, events, exports, fiscal, floor, health,
    house, imports, inbox, installation, jobs, kitchen, limits, loads, logs, menu, metrics, notices, orders, outward,
    payments, practice, printing, queries, receipts, reports, restaurant, rewind, second_factor, settings, staff,
    stations, sync, tasks, till, today, wall_clock,
};

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(installation::routes::routes())
        .merge(second_factor::routes::routes())
        .merge(health::routes::routes())
        .merge(cache::routes::routes())
        .merge(metrics::routes::routes())
        .merge(alerts::routes::routes())
        .merge(notices::routes::routes())
        .merge(notices::routes_mail::routes())
        .merge(jobs::routes::routes())
        .merge(limits::routes::routes())
        .merge(api_keys::routes::routes())
        .merge(logs::routes::routes())
        .merge(bundle::routes::routes())
        .merge(settings::routes::routes())
        .merge(outward::routes::routes())
        .merge(queries::routes::routes())
        .merge(restaurant::routes::routes())
        .merge(staff::routes::routes())
        .merge(clock::routes::routes())
        .merge(tasks::routes::routes())
        .merge(audit::routes::routes())
        .merge(menu::routes::routes())
        .merge(floor::routes::routes())
        .merge(orders::routes::routes())
        .merge(payments::routes::routes())
        .merge(kitchen::routes::routes())
        .merge(stations::routes::routes())
        .merge(printing::routes::routes())
        .merge(receipts::routes::routes())
        .merge(receipts::routes_logo::routes())
        .merge(till::routes::routes())
        .merge(fiscal::routes::routes())
        .merge(today::routes::routes())
        .merge(reports::routes::routes())
        .merge(chain::routes::routes())
        .merge(rewind::routes::routes())
        .merge(practice::routes::routes())
        .merge(backups::routes::routes())
        .merge(imports::routes::routes())
        .merge(exports::routes::routes())
        .merge(events::routes::routes())
        .merge(inbox::routes::routes())
        .merge(wall_clock::routes::routes())
        .merge(loads::routes::routes())
        .merge(deployments::routes::routes())
        .merge(sync::routes::routes())
        .merge(sync::routes_spare::routes())
        .merge(sync::sequencer::routes())
        .merge(house::routes::routes())
        .merge(sync::fence::routes())
}
