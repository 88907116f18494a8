//! First run, logging in and out, and who one is.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::at_till::{__path_lock_session, __path_take_over, lock_session, take_over};
use super::codes::Purpose;
use super::files::Trouble;
use super::own_password::{__path_change_own_password, change_own_password};
use super::own_sessions::{
    __path_end_other_sessions, __path_end_own_session, __path_list_own_sessions, Agent, end_other_sessions,
    end_own_session, list_own_sessions,
};
use super::sessions::Token;
use super::setup::{self, SetupRequest};
use super::{store, tries};
use crate::app::App;
use crate::demo;
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::{AnySession, Anybody, AtDesk, Caller, bearer};
use crate::front::input::Input;
use crate::front::reply;
use crate::kernel::ids::{AccountId, RestaurantId};
use crate::kernel::money::CURRENCIES;
use crate::kernel::text;
use crate::restaurant::model::Locale;
use crate::second_factor::check::{Checked, check};
use crate::second_factor::model::CODE_MAX;
use crate::staff;
use crate::staff::model::{Permission, Role};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_setup, set_up))
        .routes(routes!(exchange_code))
        .routes(routes!(log_in))
        .routes(routes!(log_out))
        .routes(routes!(get_me))
        .routes(routes!(change_own_password))
        .routes(routes!(list_own_sessions, end_other_sessions))
        .routes(routes!(end_own_session))
        .routes(routes!(take_over))
        .routes(routes!(lock_session))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SetupState {
    /// True until a restaurant exists.
    pub needed: bool,
    pub currencies: Vec<CurrencyChoice>,
    /// IANA names.
    pub time_zones: Vec<&'static str>,
    pub locales: &'static [Locale],
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CurrencyChoice {
    pub code: &'static str,
    pub exponent: u8,
    pub name: &'static str,
}

/// Whether this installation has to be set up, and what there is to choose from.
#[utoipa::path(get, path = "/setup", tag = "installation", operation_id = "get_setup", security(()),
    responses((status = 200, body = SetupState)))]
pub async fn get_setup(State(app): State<App>) -> Result<Json<SetupState>, ApiError> {
    let needed = !app.installation.read(store::has_restaurant)?;
    let choice =
        |c: &crate::kernel::money::Currency| CurrencyChoice { code: c.code, exponent: c.exponent, name: c.name };
    Ok(Json(SetupState {
        needed,
        currencies: CURRENCIES.iter().map(choice).collect(),
        time_zones: chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect(),
        locales: Locale::ALL,
    }))
}

/// Who one is, and where.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    pub account_id: AccountId,
    pub name: String,
    /// Null: works with a PIN only.
    pub email: Option<String>,
    pub restaurants: Vec<MyRestaurant>,
    /// The screen waits for somebody's PIN; nothing else is answered.
    pub locked: bool,
    /// Somebody took over from whoever logged in on this device.
    pub by_pin: bool,
    /// Nobody logged in on this device: it was paired, and takes PINs.
    pub paired: bool,
    /// What a role permits and this device does not.
    pub without: &'static [Permission],
    /// Restaurants of this installation whose file could not be opened. Whose they are is in that file.
    pub unreadable: Vec<UnreadableRestaurant>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UnreadableRestaurant {
    pub id: RestaurantId,
    pub reason: Trouble,
    /// A sentence for people.
    pub message: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyRestaurant {
    pub id: RestaurantId,
    pub name: String,
    pub role: Role,
    pub currency: &'static str,
    pub exponent: u8,
    pub locale: Locale,
    pub time_zone: String,
}

pub(super) fn me(app: &App, caller: &Caller) -> Result<Me, ApiError> {
    // A locked screen still says which restaurant it stands in.
    let places = if caller.locked { &caller.home } else { &caller.places };
    let mut restaurants = Vec::with_capacity(places.len());
    for (id, _, role) in places {
        let Some(restaurant) = app.restaurant(*id) else { continue };
        let settings = restaurant.settings()?;
        restaurants.push(MyRestaurant {
            id: *id,
            name: settings.name.clone(),
            role: *role,
            currency: settings.currency.code,
            exponent: settings.currency.exponent,
            locale: settings.locale,
            time_zone: settings.time_zone.name().to_owned(),
        });
    }
    Ok(Me {
        account_id: caller.account_id,
        name: caller.name.clone(),
        email: caller.email.clone(),
        restaurants,
        locked: caller.locked,
        by_pin: caller.account_id != caller.login_id,
        paired: caller.device,
        without: if caller.device { Permission::OF_THE_HOUSE } else { &[] },
        unreadable: app.unreadable.all().into_iter().map(unreadable).collect(),
    })
}

fn unreadable((id, reason): (RestaurantId, Trouble)) -> UnreadableRestaurant {
    UnreadableRestaurant { id, reason, message: reason.sentence() }
}

/// A new session and who it belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// For `Authorization: Bearer …`. Shown this once.
    pub token: String,
    pub me: Me,
}

async fn session_of(app: &App, account_id: AccountId, agent: Agent) -> Result<Session, ApiError> {
    session_with(app, &app.log_in(account_id, agent.0).await?)
}

/// A token that was just made, and who holds it.
pub fn session_with(app: &App, token: &Token) -> Result<Session, ApiError> {
    let caller = app.caller(token.as_str())?.ok_or_else(|| ApiError::internal("a new session is not found"))?;
    Ok(Session { me: me(app, &caller)?, token: token.as_str().to_owned() })
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeExchange {
    /// From the fragment of the printed link, or from the window.
    #[garde(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128)]
    pub code: String,
}

/// What a one-time code was good for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Exchanged {
    pub kind: ExchangedKind,
    /// `setup`: good for `POST /setup`. `session`: good for everything the person may do.
    pub token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub me: Option<Me>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExchangedKind {
    Setup,
    Session,
}

/// Exchanges a one-time code for a token. A code works once, for ten minutes.
#[utoipa::path(post, path = "/codes/exchange", tag = "installation", operation_id = "exchange_code", security(()),
    request_body = CodeExchange, responses((status = 200, body = Exchanged)))]
pub async fn exchange_code(
    State(app): State<App>,
    _: AtDesk,
    agent: Agent,
    input: Input<CodeExchange>,
) -> Result<Json<Exchanged>, ApiError> {
    let now_ms = app.clock.now_ms();
    let unknown = || Refusal::new(Code::Unauthenticated, "This code is unknown, used or too old. Ask for a new link.");
    let purpose = app.codes.take(&input.value.code, now_ms).ok_or_else(unknown)?;
    let needed = !app.installation.read(store::has_restaurant)?;
    match purpose {
        Purpose::Setup if needed => {
            let token: Token = app.codes.mint_setup_token(now_ms);
            let token = token.as_str().to_owned();
            Ok(Json(Exchanged { kind: ExchangedKind::Setup, token, me: None }))
        }
        Purpose::Setup => Err(Refusal::conflict("This installation is set up already. Log in.").into()),
        Purpose::Console => {
            let closed = || app.unreadable.all().first().and_then(|(id, _)| app.unreadable.refusal(*id));
            let owner = first_owner(&app)?.ok_or_else(|| closed().unwrap_or_else(|| unknown().into()))?;
            let Session { token, me } = session_of(&app, owner, agent).await?;
            Ok(Json(Exchanged { kind: ExchangedKind::Session, token, me: Some(me) }))
        }
    }
}

/// Whom a console code lets in: the owner of the first restaurant.
fn first_owner(app: &App) -> Result<Option<AccountId>, ApiError> {
    for restaurant in app.restaurants() {
        if let Some(owner) = restaurant.read(staff::store::owner)? {
            return Ok(Some(owner));
        }
    }
    Ok(None)
}

/// The installation is set up, and the owner is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub struct WasSetUp {
    pub token: String,
    pub me: Me,
    pub restaurant_id: RestaurantId,
}

/// First run: makes the restaurant and its owner. Takes a set-up token, which a one-time code gives.
#[utoipa::path(post, path = "/setup", tag = "installation", operation_id = "set_up",
    request_body = SetupRequest, responses((status = 201, body = WasSetUp)))]
pub async fn set_up(
    State(app): State<App>,
    _may: SetupToken,
    agent: Agent,
    input: Input<SetupRequest>,
) -> Result<Response, ApiError> {
    let demo = setup::demo_of(&input.value, input.meta.at_ms);
    let meta = input.meta.hiding(&["/owner/password"]);
    let done = setup::set_up(&app, &meta, input.value).await?;
    if let Some(demo) = demo.filter(|_| !done.replayed) {
        fill(&app, &done.answer, demo).await?;
    }
    let Session { token, me } = session_of(&app, done.answer.account_id, agent).await?;
    Ok(reply::created(&done, WasSetUp { token, me, restaurant_id: done.answer.restaurant_id }))
}

/// Larger demos go on while the owner looks around already.
const DEMO_ORDERS_AWAITED: u32 = 50_000;

async fn fill(app: &App, was_set_up: &super::commands::WasSetUp, wanted: demo::Wanted) -> Result<(), ApiError> {
    let restaurant = app.restaurant(was_set_up.restaurant_id).ok_or_else(|| ApiError::internal("no restaurant"))?;
    let owner = was_set_up.account_id;
    let filling = tokio::task::spawn_blocking(move || {
        let filled = demo::fill(&restaurant, owner, wanted, |_| {});
        filled.inspect_err(|error| tracing::error!(%error, "the demo is not complete"))
    });
    if wanted.orders > DEMO_ORDERS_AWAITED { Ok(()) } else { filling.await.map_err(ApiError::internal)? }
}

/// Extractor: whoever exchanged a set-up code.
pub struct SetupToken;

impl axum::extract::FromRequestParts<App> for SetupToken {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        AtDesk::from_request_parts(parts, app).await?;
        let ok = bearer(parts).is_some_and(|token| app.codes.is_setup_token(token, app.clock.now_ms()));
        ok.then_some(Self).ok_or_else(|| {
            Refusal::new(Code::Unauthenticated, "Setting up needs the link that was printed when the engine started.")
                .into()
        })
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "lucia@example.com", "password": "Trattoria-26"}))]
pub struct LogIn {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(min = 1, max = text::EMAIL_MAX))]
    #[schema(max_length = 255)]
    pub email: String,
    #[garde(length(min = 1, max = super::passwords::BYTES_MAX))]
    #[schema(max_length = 256)]
    pub password: String,
    /// Six digits of the authenticator, or a recovery code, of somebody who has a second factor.
    #[serde(default)]
    #[garde(length(max = CODE_MAX))]
    #[schema(max_length = 32)]
    pub code: Option<String>,
}

/// Logs in. Somebody with a second factor is asked for it with `second_factor_needed`, and sends all of it again.
#[utoipa::path(post, path = "/sessions", tag = "installation", operation_id = "log_in", security(()),
    request_body = LogIn, responses((status = 201, body = Session)))]
pub async fn log_in(State(app): State<App>, agent: Agent, input: Input<LogIn>) -> Result<Response, ApiError> {
    let LogIn { email, password, code } = input.value;
    let who = tries::count(&app, &email).await?;
    let (account, kept) = app.installation.read::<_, rusqlite::Error>(|conn| {
        let account = store::account_by_email(conn, &email)?;
        let kept = account.as_ref().map(|account| store::password_of(conn, account.id)).transpose()?.flatten();
        Ok((account, kept))
    })?;
    let right = match app.passwords.verify(password, kept).await {
        Ok(right) => right,
        Err(busy) => {
            // Nobody looked at it, so it was no wrong one.
            tries::forgive(&app, who).await?;
            return Err(busy);
        }
    };
    let account = account.filter(|_| right).ok_or_else(|| {
        tracing::info!("a log-in was refused");
        Refusal::new(Code::Unauthenticated, "The address or the password is wrong.")
    })?;
    let checked = check(&app, account.id, code.as_deref()).await?;
    if checked == Checked::Wrong {
        tracing::info!(account = %account.id.0, "a wrong second factor");
        return Err(Refusal::new(Code::Unauthenticated, "This code is wrong or was used.").at("code").into());
    }
    tries::forgive(&app, who).await?;
    if checked == Checked::Missing {
        return Err(ApiError::new(Code::SecondFactorNeeded));
    }
    let session = session_of(&app, account.id, agent).await?;
    Ok((StatusCode::CREATED, Json(session)).into_response())
}

/// Logs out: this token is nobody's from now on.
#[utoipa::path(delete, path = "/sessions/current", tag = "installation", operation_id = "log_out",
    responses((status = 204)))]
pub async fn log_out(State(app): State<App>, AnySession(caller): AnySession) -> Result<StatusCode, ApiError> {
    app.log_out(caller.session_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who one is, and on the staff of which restaurants.
#[utoipa::path(get, path = "/me", tag = "installation", operation_id = "get_me",
    responses((status = 200, body = Me)))]
pub async fn get_me(State(app): State<App>, Anybody(caller): Anybody) -> Result<Json<Me>, ApiError> {
    Ok(Json(me(&app, &caller)?))
}
