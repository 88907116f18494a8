//! What a caller is told when something does not work. The only place that knows status codes.
//!
//! A `Refusal` is the public text: a code programs branch on, a sentence for people, the field it
//! is about. It is also what the ledger keeps when a command is refused. An `ApiError` may carry
//! an inner text besides, which goes to the log with the request id and never to a caller.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use comanda_db::{OpenError, Stop, WriteError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What went wrong, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    InvalidInput,
    Unauthenticated,
    /// The password is right; `code` is missing.
    SecondFactorNeeded,
    /// The session waits for somebody's PIN.
    Locked,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    IllegalStep,
    /// The restaurant's file cannot be opened; `details.reason` says why.
    RestaurantUnreadable,
    /// The device is in an earlier epoch than the restaurant; `details.epoch` is the restaurant's.
    Fenced,
    TooLarge,
    UnsupportedMediaType,
    IdempotencyKeyReused,
    RuleViolated,
    TooManyRequests,
    Overloaded,
    Internal,
}

impl Code {
    pub const ALL: &'static [Self] = &[
        Self::InvalidInput,
        Self::Unauthenticated,
        Self::SecondFactorNeeded,
        Self::Locked,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::IllegalStep,
        Self::RestaurantUnreadable,
        Self::Fenced,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::IdempotencyKeyReused,
        Self::RuleViolated,
        Self::TooManyRequests,
        Self::Overloaded,
        Self::Internal,
    ];

    pub const fn status(self) -> StatusCode {
        match self {
            Self::InvalidInput => StatusCode::BAD_REQUEST,
            Self::Unauthenticated | Self::SecondFactorNeeded => StatusCode::UNAUTHORIZED,
            Self::Locked => StatusCode::LOCKED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict | Self::IllegalStep | Self::RestaurantUnreadable | Self::Fenced => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::IdempotencyKeyReused | Self::RuleViolated => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// For answers that some layer below made without us (405, 413, a time-out).
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::LOCKED => Self::Locked,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::CONFLICT => Self::Conflict,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::UNPROCESSABLE_ENTITY => Self::RuleViolated,
            StatusCode::TOO_MANY_REQUESTS => Self::TooManyRequests,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
                Self::Overloaded
            }
            status if status.is_client_error() => Self::InvalidInput,
            _ => Self::Internal,
        }
    }

    /// What it says when nothing better is known.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::InvalidInput => "The request cannot be read.",
            Self::Unauthenticated => "Log in first.",
            Self::SecondFactorNeeded => "Give the code your authenticator shows, or a recovery code.",
            Self::Locked => "The screen is locked. Enter a PIN.",
            Self::Forbidden => "Your role does not allow this.",
            Self::NotFound => "There is nothing here.",
            Self::MethodNotAllowed => "This address does not take that method.",
            Self::Conflict => "This clashes with what is already there.",
            Self::IllegalStep => "This step is not possible now.",
            Self::RestaurantUnreadable => "This restaurant's file cannot be opened.",
            Self::Fenced => "The restaurant was put back. This device begins again from a fresh copy.",
            Self::TooLarge => "The request is too large.",
            Self::UnsupportedMediaType => "This address does not take that kind of content.",
            Self::IdempotencyKeyReused => "This idempotency key was used for another request.",
            Self::RuleViolated => "A rule does not allow this.",
            Self::TooManyRequests => "Too many requests. Wait a little.",
            Self::Overloaded => "The engine has too much to do. Try again in a moment.",
            Self::Internal => "Something went wrong here. Nothing was changed.",
        }
    }
}

/// Why not. Public, and what the ledger keeps as the answer to a refused command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    pub code: Code,
    pub message: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

impl Refusal {
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), field: None, details: None }
    }

    /// A field that is not as it must be.
    pub fn invalid(field: impl Into<String>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field.into()), ..Self::new(Code::InvalidInput, message) }
    }

    /// `what` with a capital and an article: "The order".
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("{what} does not exist."))
    }

    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden, Code::Forbidden.sentence())
    }

    pub fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::Conflict, message)
    }

    /// A rule of the trade says no.
    pub fn rule(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::RuleViolated, message)
    }

    /// A step the machine of that thing does not have from where it is.
    pub fn illegal_step(message: impl Into<Cow<'static, str>>, allowed: &[&str]) -> Self {
        Self::new(Code::IllegalStep, message).with_details(serde_json::json!({ "allowed": allowed }))
    }

    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }
}

/// So that a check or run can say `return Err(Refusal::rule("…").into())`.
impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        match serde_json::to_vec(&refusal) {
            Ok(body) => Self::Refused(body),
            Err(error) => Self::Broken(error.to_string()),
        }
    }
}

/// A request that ends without doing what was asked.
#[derive(Debug, Clone)]
pub struct ApiError(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    refusal: Refusal,
    /// For the log.
    cause: Option<String>,
    /// The ledger gave this refusal before.
    replayed: bool,
}

impl ApiError {
    pub fn new(code: Code) -> Self {
        Refusal::new(code, code.sentence()).into()
    }

    /// Something that should not happen; `cause` goes to the log only.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let mut error = Self::new(Code::Internal);
        error.0.cause = Some(cause.to_string());
        error
    }

    pub(crate) fn replayed(mut self, replayed: bool) -> Self {
        self.0.replayed = replayed;
        self
    }

    pub fn refusal(&self) -> &Refusal {
        &self.0.refusal
    }

    pub fn code(&self) -> Code {
        self.0.refusal.code
    }

    /// What has to take a write does not, and may in a moment. `reason`: which.
    fn away(reason: &str, message: &'static str, cause: String) -> Self {
        let refusal = Refusal::new(Code::Overloaded, message).with_details(serde_json::json!({ "reason": reason }));
        let mut error = Self::from(refusal);
        error.0.cause = Some(cause);
        error
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    pub(crate) fn is_replayed(&self) -> bool {
        self.0.replayed
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.refusal.message)?;
        self.0.cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({cause})"))
    }
}

impl std::error::Error for ApiError {}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self(Box::new(Inner { refusal, cause: None, replayed: false }))
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        // The file is being closed: another takes its place, or the engine stops.
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) {
            return Self::new(Code::Overloaded);
        }
        Self::internal(error)
    }
}

impl From<OpenError> for ApiError {
    fn from(error: OpenError) -> Self {
        Self::internal(error)
    }
}

impl From<WriteError> for ApiError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Overloaded | WriteError::Closed => Self::new(Code::Overloaded),
            WriteError::Unavailable(cause) => {
                let message = "The disk does not take it now, so nothing was done. Is it full? Try again in a moment.";
                Self::away("disk", message, cause)
            }
            WriteError::Upstream(cause) => {
                let message =
                    "The hub's ledger does not take it now. Ask again in a moment; what was done is not done twice.";
                Self::away("ledger", message, cause)
            }
            WriteError::Reused => Self::new(Code::IdempotencyKeyReused),
            WriteError::Stopped => Refusal::new(Code::Conflict, "It was stopped on the way. Nothing was done.").into(),
            WriteError::Broken(cause) => Self::internal(cause),
        }
    }
}

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error, example = json!({"error": {
    "code": "invalid_input", "message": "Must be at least 1.", "field": "lines[0].quantity_milli",
    "request_id": "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11", "details": null}}))]
pub struct ErrorBody<'a> {
    pub error: ErrorFields<'a>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ErrorFields)]
pub struct ErrorFields<'a> {
    pub code: Code,
    /// A sentence for people.
    pub message: &'a str,
    /// The field it is about, as a path: `lines[0].quantity_milli`.
    pub field: Option<&'a str>,
    /// The `X-Request-Id` of this answer; the log has it too.
    pub request_id: &'a str,
    pub details: Option<&'a Value>,
}

impl ApiError {
    pub(crate) fn body(&self, request_id: &str) -> Vec<u8> {
        let Refusal { code, message, field, details } = &self.0.refusal;
        let fields =
            ErrorFields { code: *code, message, field: field.as_deref(), request_id, details: details.as_ref() };
        serde_json::to_vec(&ErrorBody { error: fields }).unwrap_or_default()
    }
}

/// Without the body: the front writes it, because it knows the request id.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.code().status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
