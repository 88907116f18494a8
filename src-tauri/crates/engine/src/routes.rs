//! Every route, by feature, under `/api/v1`.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::{inbox, installation, restaurant, staff};

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(installation::routes::routes())
        .merge(restaurant::routes::routes())
        .merge(staff::routes::routes())
        .merge(inbox::routes::routes())
}
