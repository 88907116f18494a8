//! `/restaurants/{rid}/staff`: the people, and appointing them.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access;
use super::commands::{AddStaff, ChangeStaff};
use super::model::{Permission, Role, needs};
use super::pins;
use super::store::{self, Member};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::front::reply;
use crate::installation::{passwords, store as accounts};
use crate::kernel::ids::{AccountId, StaffId};
use crate::kernel::page::{Page, Wanted};
use crate::kernel::text;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_staff, add_staff))
        .routes(routes!(change_staff))
        .routes(routes!(list_roles))
        .merge(super::access::routes())
}

/// Somebody on the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffMember {
    pub id: StaffId,
    pub account_id: AccountId,
    pub name: String,
    /// Null: works with a PIN only, or their account is on another engine.
    pub email: Option<String>,
    pub role: Role,
    /// False: has left, and cannot use this restaurant any more.
    pub active: bool,
    /// When their PIN was set; null: has none.
    pub pin_set_ms: Option<i64>,
}

fn show(place: &Place, member: Member) -> Result<StaffMember, ApiError> {
    let account = place.app.installation.read(|conn| accounts::account_by_id(conn, member.account_id))?;
    let Member { id, account_id, name, role, active, pin_set_ms } = member;
    Ok(StaffMember { id, account_id, name, email: account.map(|account| account.email), role, active, pin_set_ms })
}

pub(super) fn show_by_id(place: &Place, id: StaffId) -> Result<StaffMember, ApiError> {
    let member = place.read(|conn| store::by_id(conn, id))?.ok_or_else(|| Refusal::not_found("This person"))?;
    show(place, member)
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Rows on the page, 1 to 200.
    #[garde(skip)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    #[garde(skip)]
    cursor: Option<String>,
}

/// Everybody who works or worked here.
#[utoipa::path(get, path = "/restaurants/{rid}/staff", tag = "staff", operation_id = "list_staff",
    params(("rid" = uuid::Uuid, Path), ListQuery),
    responses((status = 200, body = Page<StaffMember>)),
    extensions(("x-permission" = json!("staff.read"))))]
pub async fn list_staff(
    here: Here<needs::StaffRead>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<StaffMember>>, ApiError> {
    let wanted = Wanted::<StaffId>::of(query.limit, query.cursor.as_deref())?;
    let members = here.read(|conn| store::list(conn, wanted.after, wanted.fetch()))?;
    let page = Page::cut(members, wanted.limit, |member| member.id);
    let items = page.items.into_iter().map(|member| show(&here, member)).collect::<Result<_, _>>()?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Marco Bianchi", "email": "marco@example.com", "role": "waiter",
                          "password": "Trattoria-26"}))]
pub struct NewStaff {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Their log-in. Left out: they work with a PIN only.
    #[serde(default, deserialize_with = "text::clean_some")]
    #[garde(inner(email, length(max = text::EMAIL_MAX)))]
    #[schema(max_length = 255)]
    pub email: Option<String>,
    #[garde(skip)]
    pub role: Role,
    /// 8 or more characters: upper, lower, digit, special. Needed with a new `email`.
    #[garde(custom(passwords::good_some))]
    #[schema(min_length = 8)]
    pub password: Option<String>,
    /// 4 to 8 digits, to take over at a device somebody else logged in on.
    #[garde(custom(pins::well_formed_some))]
    #[schema(min_length = 4, max_length = 8)]
    pub pin: Option<String>,
}

/// Adds somebody. An address that has an account on this installation already keeps its name and
/// password there: one log-in for several restaurants. Without an address they need a PIN.
#[utoipa::path(post, path = "/restaurants/{rid}/staff", tag = "staff", operation_id = "add_staff",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewStaff, responses((status = 201, body = StaffMember)),
    extensions(("x-permission" = json!("staff.write"))))]
pub async fn add_staff(here: Here<needs::StaffWrite>, input: Input<NewStaff>) -> Result<Response, ApiError> {
    let meta = input.meta.hiding(&["/password", "/pin"]);
    let mut new = input.value;
    let pin = new.pin.take();
    let with_pin = pin.is_some();
    access::with_pin(&here, &meta, pin, async |secret| {
        let prepared = match here.role.may_appoint(new.role) {
            Ok(()) => prepare_staff(&here, &meta, new, with_pin).await,
            Err(refusal) => Err(refusal.into()),
        };
        let actor = here.caller.account_id.0;
        let done = here.app.write_with_secret(&here.restaurant.db, actor, &meta, prepared, secret).await?;
        Ok(reply::created(&done, show_by_id(&here, done.answer.id)?))
    })
    .await
}

/// Finds the account of the address, or makes it. Asked again after a crash, it finds it.
async fn prepare_staff(place: &Place, meta: &Meta, new: NewStaff, with_pin: bool) -> Result<AddStaff, ApiError> {
    let NewStaff { name, email, role, password, .. } = new;
    let account_id = match (email, password) {
        (Some(email), password) => access::account_of(place, meta, &name, email, password).await?,
        (None, Some(_)) => return Err(Refusal::invalid("email", "A password needs an address to log in with.").into()),
        (None, None) if !with_pin => {
            return Err(Refusal::invalid("pin", "Give an address to log in with, or a PIN.").into());
        }
        (None, None) => AccountId::mint(),
    };
    Ok(AddStaff { id: StaffId::mint(), account_id, name, role, with_pin })
}

/// What each role may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Roles {
    pub roles: &'static [Role],
    pub permissions: Vec<WhoMay>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WhoMay {
    pub permission: Permission,
    pub roles: Vec<Role>,
}

/// The table of roles and permissions, as the engine holds it.
#[utoipa::path(get, path = "/restaurants/{rid}/staff/roles", tag = "staff", operation_id = "list_roles",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = Roles)),
    extensions(("x-permission" = json!("staff.read"))))]
pub async fn list_roles(_here: Here<needs::StaffRead>) -> Json<Roles> {
    let line = |permission: &Permission| WhoMay { permission: *permission, roles: Role::who_may(*permission) };
    Json(Roles { roles: Role::ALL, permissions: Permission::ALL.iter().map(line).collect() })
}

#[derive(Deserialize)]
pub struct StaffPath {
    pub(super) staff_id: StaffId,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "cashier"}))]
pub struct StaffChange {
    #[serde(default, deserialize_with = "text::clean_some")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    #[garde(skip)]
    pub role: Option<Role>,
    /// False when somebody leaves.
    #[garde(skip)]
    pub active: Option<bool>,
}

/// Changes somebody's name or role, or lets them leave. It holds from their next request on.
#[utoipa::path(patch, path = "/restaurants/{rid}/staff/{staff_id}", tag = "staff", operation_id = "change_staff",
    params(("rid" = uuid::Uuid, Path), ("staff_id" = uuid::Uuid, Path)),
    request_body = StaffChange, responses((status = 200, body = StaffMember)),
    extensions(("x-permission" = json!("staff.write"))))]
pub async fn change_staff(
    here: Here<needs::StaffWrite>,
    Path(path): Path<StaffPath>,
    input: Input<StaffChange>,
) -> Result<Response, ApiError> {
    let StaffChange { name, role, active } = input.value;
    let write = ChangeStaff { id: path.staff_id, name, role, active };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::changed(&done, show_by_id(&here, path.staff_id)?))
}
