//! Who asks, at which restaurant, and whether they may.
//!
//! `Caller`: somebody who is logged in. `Here<needs::X>`: that somebody at the restaurant in the
//! path, allowed to do X; a handler that names it cannot be reached otherwise, and it is checked
//! before the body is read. A request that names an open moment of the past is answered from that: the
//! place is then the restaurant as it was, its clock stands, and nothing can be written. One that says it is practice is
//! answered from the house its session practises in. Somebody who is not on the staff of a restaurant is told that it does
//! not exist.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method};
use rusqlite::Connection;

use crate::api_keys::model::ApiKey;
use crate::app::{App, Done, Restaurant};
use crate::command::Write;
use crate::error::{ApiError, Code, Refusal};
use crate::front::input::Meta;
use crate::front::limited::Known;
use crate::kernel::ids::{AccountId, RestaurantId, RewindId, SessionId, StaffId};
use crate::practice::model::may_be_practised;
use crate::restaurant::model::Settings;
use crate::staff::model::needs::Need;
use crate::staff::model::{Permission, Role};

/// Names an open moment of the past.
pub const REWIND: HeaderName = HeaderName::from_static("x-rewind");
/// Says that a request is practice.
pub const PRACTICE: HeaderName = HeaderName::from_static("x-practice");

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whoever is there now: the author of what is done.
    pub account_id: AccountId,
    pub session_id: SessionId,
    /// Whoever logged in on this device.
    pub login_id: AccountId,
    pub name: String,
    /// None: works with a PIN only.
    pub email: Option<String>,
    pub expires_ms: i64,
    /// Where they are on the staff, and as what. Short; empty while the session is locked.
    pub places: Vec<(RestaurantId, StaffId, Role)>,
    /// Where whoever logged in is on the staff: whose PINs this session takes.
    pub home: Vec<(RestaurantId, StaffId, Role)>,
    /// Nobody is there until a PIN is entered.
    pub locked: bool,
    /// A program that asks in that person's name.
    pub key: Option<Arc<ApiKey>>,
    /// Nobody logged in: this browser was paired, and takes the PINs of one restaurant.
    pub device: bool,
}

impl Caller {
    pub fn is_home(&self, restaurant: RestaurantId) -> bool {
        self.home.iter().any(|place| place.0 == restaurant)
    }

    pub fn role_at(&self, restaurant: RestaurantId) -> Option<Role> {
        self.places.iter().find(|place| place.0 == restaurant).map(|place| place.2)
    }

    /// Whether they may, being that; a program, only what its key is for. With a PIN on a paired device nobody answers
    /// for the house.
    pub fn may(&self, role: Role, permission: Permission) -> bool {
        let is_enough = !self.device || !Permission::OF_THE_HOUSE.contains(&permission);
        role.may(permission) && is_enough && self.key.as_ref().is_none_or(|key| key.scopes.contains(&permission))
    }

    /// Whether this is for people alone: a program changes nothing where reading is all that is asked for.
    fn is_kept_from(&self, method: &Method, needs: Option<Permission>) -> bool {
        let changes = !matches!(*method, Method::GET | Method::HEAD);
        self.key.is_some() && changes && needs.is_none_or(|needs| needs.as_str().ends_with(".read"))
    }
}

/// A request that came by the house's door. Said by that door alone.
#[derive(Clone, Copy)]
pub struct ThroughHouse;

/// Extractor: somebody who sits at this computer, or came by the listener its owner set up. Nobody from the house's door.
pub struct AtDesk;

impl<S: Sync> FromRequestParts<S> for AtDesk {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        if parts.extensions.get::<ThroughHouse>().is_some() {
            return Err(
                Refusal::new(Code::Forbidden, "This is done at the computer itself, not over the network.").into()
            );
        }
        Ok(Self)
    }
}

/// Extractor: somebody who is logged in, anywhere.
pub struct LoggedIn(pub Arc<Caller>);

impl FromRequestParts<App> for LoggedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let AnySession(caller) = AnySession::from_request_parts(parts, app).await?;
        if caller.locked { Err(ApiError::new(Code::Locked)) } else { Ok(Self(caller)) }
    }
}

/// Extractor: a session, locked or not. For what a locked screen may do.
pub struct AnySession(pub Arc<Caller>);

impl FromRequestParts<App> for AnySession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let Anybody(caller) = Anybody::from_request_parts(parts, app).await?;
        if caller.key.is_some() {
            let message = "This is for people: log in instead of using an API key.";
            return Err(Refusal::new(Code::Forbidden, message).into());
        }
        Ok(Self(caller))
    }
}

/// Extractor: a session, locked or not, or a program with its key.
pub struct Anybody(pub Arc<Caller>);

impl FromRequestParts<App> for Anybody {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = bearer(parts).ok_or_else(|| ApiError::new(Code::Unauthenticated))?;
        let caller = match parts.extensions.get::<Known>() {
            Some(Known(caller)) => caller.clone(),
            None => app.caller(token)?,
        };
        let caller = caller.ok_or_else(|| ApiError::new(Code::Unauthenticated))?;
        if let Some(key) = &caller.key {
            app.note_use(key);
        }
        if caller.device {
            app.note_contact(caller.session_id);
        }
        Ok(Self(caller))
    }
}

/// Somebody who may be asked what they may do: no locked screen.
async fn awake(parts: &mut Parts, app: &App) -> Result<Arc<Caller>, ApiError> {
    let Anybody(caller) = Anybody::from_request_parts(parts, app).await?;
    if caller.locked { Err(ApiError::new(Code::Locked)) } else { Ok(caller) }
}

/// The token of `Authorization: Bearer …`.
pub fn bearer(parts: &Parts) -> Option<&str> {
    bearer_of(&parts.headers)
}

pub fn bearer_of(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()).filter(|token| !token.is_empty())
}

/// Extractor: somebody who may do `N` at one restaurant of this installation at least. For what
/// belongs to the engine and to no restaurant.
pub struct Somewhere<N> {
    pub app: App,
    pub caller: Arc<Caller>,
    needs: PhantomData<N>,
}

impl<N: Need> FromRequestParts<App> for Somewhere<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = awake(parts, app).await?;
        if let Some(permission) = N::PERMISSION
            && !caller.places.iter().any(|(_, _, role)| caller.may(*role, permission))
        {
            return Err(forbidden(permission));
        }
        if caller.is_kept_from(&parts.method, N::PERMISSION) {
            return Err(for_people());
        }
        Ok(Self { app: app.clone(), caller, needs: PhantomData })
    }
}

/// Somebody at a restaurant they belong to.
#[derive(Clone)]
pub struct Place {
    pub app: App,
    pub restaurant: Arc<Restaurant>,
    pub caller: Arc<Caller>,
    pub role: Role,
}

impl Place {
    /// For what depends on the request's content; what does not is named in the handler's signature.
    pub fn may(&self, permission: Permission) -> Result<(), ApiError> {
        if self.is_allowed(permission) { Ok(()) } else { Err(forbidden(permission)) }
    }

    pub fn is_allowed(&self, permission: Permission) -> bool {
        self.caller.may(self.role, permission)
    }

    /// The caller's own place on this staff.
    pub fn staff_id(&self) -> Result<StaffId, ApiError> {
        let own = self.caller.places.iter().find(|place| place.0 == self.restaurant.id);
        own.map(|place| place.1).ok_or_else(|| ApiError::new(Code::Forbidden))
    }

    pub fn settings(&self) -> Result<Arc<Settings>, ApiError> {
        Ok(self.restaurant.settings()?)
    }

    /// The restaurant itself, also for somebody who practises: PINs and places are of people, not of a file.
    pub fn itself(&self) -> Arc<Restaurant> {
        self.app.restaurant(self.restaurant.id).unwrap_or_else(|| self.restaurant.clone())
    }

    /// The time it is here: in the past, that of the moment.
    pub fn now_ms(&self) -> i64 {
        self.restaurant.moment.map_or_else(|| self.app.clock.now_ms(), |moment| moment.at_ms)
    }

    /// Reads on one snapshot of the restaurant's file; short.
    pub fn read<T, E: From<rusqlite::Error>>(&self, f: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        self.restaurant.db.read(f)
    }

    /// The request's write; see `App::write`.
    pub async fn write<W: Write>(
        &self,
        meta: &Meta,
        prepared: Result<W, ApiError>,
    ) -> Result<Done<W::Answer>, ApiError> {
        self.app.write(&self.restaurant.db, self.caller.account_id.0, meta, prepared).await
    }

    /// The same, with what `shape` makes of the answer while the disk is still writing.
    pub async fn write_shaped<W: Write, T>(
        &self,
        meta: &Meta,
        prepared: Result<W, ApiError>,
        shape: impl FnOnce(Done<W::Answer>) -> T,
    ) -> Result<T, ApiError> {
        self.app.write_shaped(&self.restaurant.db, self.caller.account_id.0, meta, prepared, shape).await
    }
}

/// Extractor: somebody at the restaurant in the path (`{rid}`) who may do `N`.
pub struct Here<N>(pub Place, PhantomData<N>);

impl<N> Deref for Here<N> {
    type Target = Place;
    fn deref(&self) -> &Place {
        &self.0
    }
}

impl<N: Need> FromRequestParts<App> for Here<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = awake(parts, app).await?;
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(ApiError::internal)?;
        let rid = params.iter().find(|(name, _)| *name == "rid").map(|(_, value)| value);
        let id = rid.and_then(|rid| rid.parse().ok().map(RestaurantId));
        let id = id.ok_or_else(|| Refusal::not_found("The restaurant"))?;
        let place = caller.role_at(id).zip(app.restaurant(id));
        let (role, restaurant) = place.ok_or_else(|| {
            // Who belongs to it is in the file nobody can read.
            app.unreadable.refusal(id).unwrap_or_else(|| Refusal::not_found("The restaurant").into())
        })?;
        let restaurant = match (parts.headers.get(REWIND), parts.headers.get(PRACTICE)) {
            (None, None) => restaurant,
            (Some(view), None) => past(app, &restaurant, &caller, &parts.method, view.to_str().unwrap_or_default())?,
            (None, Some(_)) => practice(app, id, caller.session_id, &parts.method, N::PERMISSION)?,
            (Some(_), Some(_)) => {
                return Err(Refusal::invalid(PRACTICE.as_str(), "The past is not practised.").into());
            }
        };
        if let Some(permission) = N::PERMISSION.filter(|permission| !caller.may(role, *permission)) {
            return Err(forbidden(permission));
        }
        if caller.is_kept_from(&parts.method, N::PERMISSION) {
            return Err(for_people());
        }
        Ok(Self(Place { app: app.clone(), restaurant, caller, role }, PhantomData))
    }
}

/// The restaurant as it was at the moment a request names.
fn past(app: &App, now: &Restaurant, who: &Caller, method: &Method, view: &str) -> Result<Arc<Restaurant>, ApiError> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let message = "This is the past: it can be looked at and not changed. Come back to now first.";
        return Err(Refusal::rule(message).at(REWIND.as_str()).into());
    }
    if !who.role_at(now.id).is_some_and(|role| who.may(role, Permission::RewindRead)) {
        return Err(forbidden(Permission::RewindRead));
    }
    let view = view.parse().map(RewindId);
    let view = view.map_err(|_| Refusal::invalid(REWIND.as_str(), "The id of an open moment is a UUID."))?;
    Ok(app.rewinds.past(now.id, view, app.clock.now_ms())?)
}

/// The house a session practises in.
fn practice(
    app: &App,
    id: RestaurantId,
    session: SessionId,
    method: &Method,
    needs: Option<Permission>,
) -> Result<Arc<Restaurant>, ApiError> {
    let house = app.practices.of(id, session)?;
    let looks = matches!(*method, Method::GET | Method::HEAD);
    if !looks && !needs.is_some_and(may_be_practised) {
        let message =
            "This is practice: people, menu and settings are changed in the restaurant. Go back to work first.";
        return Err(Refusal::rule(message).at(PRACTICE.as_str()).into());
    }
    Ok(house)
}

fn for_people() -> ApiError {
    Refusal::new(Code::Forbidden, "An API key that reads cannot change anything here.").into()
}

fn forbidden(permission: Permission) -> ApiError {
    Refusal::forbidden().with_details(serde_json::json!({ "permission": permission })).into()
}
