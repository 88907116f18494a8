//! What comes with a request: body, query and path, checked, with the field named when it is wrong.
//!
//! `Input<T>` is the JSON body of a write together with `Meta`, what makes the write repeatable:
//! the idempotency key and a fingerprint of the request. `Meta` alone is for writes without a body.
//! `T` refuses unknown fields (serde) and says its limits (garde).

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use garde::Validate;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::kernel::{ids, page};

/// A key is a UUID or another text of at most this many bytes.
const KEY_BYTES_MAX: usize = 255;

/// What makes a write repeatable.
#[derive(Debug, Clone)]
pub struct Meta {
    key: Key,
    uri: Uri,
    body: Bytes,
    /// When the request came: the write's "now".
    pub at_ms: i64,
}

#[derive(Debug, Clone)]
enum Key {
    /// None was given: asking again is another request.
    Minted(Uuid),
    Uuid(Uuid),
    Text(String),
}

impl Key {
    fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let Some(value) = headers.get("idempotency-key") else { return Ok(Self::Minted(ids::mint())) };
        let text = value.to_str().ok().map(str::trim);
        let text = text.filter(|text| !text.is_empty() && text.len() <= KEY_BYTES_MAX).ok_or_else(|| {
            let message = format!("The key is a UUID, or visible ASCII text of 1 to {KEY_BYTES_MAX} bytes.");
            Refusal::invalid("Idempotency-Key", message)
        })?;
        Ok(Uuid::try_parse(text).map_or_else(|_| Self::Text(text.to_owned()), Self::Uuid))
    }
}

impl Meta {
    /// A write the engine itself asks for, not a request.
    pub fn own(at_ms: i64) -> Self {
        Self { key: Key::Minted(ids::mint()), uri: Uri::default(), body: Bytes::new(), at_ms }
    }

    pub fn has_key(&self) -> bool {
        !matches!(self.key, Key::Minted(_))
    }

    /// The command's id: a UUID key as it is, any other one as a UUID of its own for each actor.
    pub fn id(&self, actor: Uuid) -> Uuid {
        match &self.key {
            Key::Minted(id) | Key::Uuid(id) => *id,
            Key::Text(text) => ids::derived(&[b"idempotency key", actor.as_bytes(), text.as_bytes()]),
        }
    }

    /// The same key for a second write of the same request, on another file.
    #[must_use]
    pub fn also(&self, what: &str, actor: Uuid) -> Self {
        let id = ids::derived(&[what.as_bytes(), self.id(actor).as_bytes()]);
        let key = if self.has_key() { Key::Uuid(id) } else { Key::Minted(id) };
        Self { key, ..self.clone() }
    }

    /// Who asked for what, in eight bytes. Another person's request never has the same one, so a
    /// key somebody else used is refused and its answer not given away.
    pub fn fingerprint(&self, actor: Uuid, command: &str) -> [u8; 8] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(actor.as_bytes());
        hasher.update(command.as_bytes());
        hasher.update(b"\n");
        hasher.update(self.uri.path_and_query().map_or("", |path| path.as_str()).as_bytes());
        hasher.update(b"\n");
        hasher.update(&self.body);
        let mut short = [0; 8];
        hasher.finalize_xof().fill(&mut short);
        short
    }

    /// The same request with secrets cut out of what its fingerprint is made of: a short secret could
    /// be guessed from a fingerprint in the ledger. `fields` are JSON pointers: `/pin`.
    pub fn hiding(mut self, fields: &[&str]) -> Self {
        let Ok(mut body) = serde_json::from_slice::<serde_json::Value>(&self.body) else { return self };
        for field in fields {
            if let Some(value) = body.pointer_mut(field) {
                *value = serde_json::Value::Null;
            }
        }
        self.body = serde_json::to_vec(&body).unwrap_or_default().into();
        self
    }

    /// The body as it came, for those that are no JSON (imports).
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

impl FromRequest<App> for Meta {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let at_ms = app.clock.now_ms();
        let (key, uri) = (Key::of(request.headers())?, request.uri().clone());
        let body = Bytes::from_request(request, app).await.map_err(unread)?;
        Ok(Self { key, uri, body, at_ms })
    }
}

/// The JSON body of a write, checked.
pub struct Input<T> {
    pub value: T,
    pub meta: Meta,
}

impl<T> FromRequest<App> for Input<T>
where
    T: DeserializeOwned + Validate<Context = ()>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let message = "Send JSON, with the header Content-Type: application/json.";
            return Err(Refusal::new(Code::UnsupportedMediaType, message).into());
        }
        let meta = Meta::from_request(request, app).await?;
        let value: T = serde_json::from_slice(&meta.body).map_err(|error| misread::<T>(&meta.body, &error))?;
        validated(&value)?;
        Ok(Self { value, meta })
    }
}

/// Reads a body that cannot be read once more, slowly, to say where it is wrong.
fn misread<T: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> ApiError {
    match serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(body)) {
        Err(error) => {
            let path = error.path().to_string();
            unreadable(&path, &error.into_inner().to_string())
        }
        // The value is whole, and something follows it.
        Ok(_) => Refusal::new(Code::InvalidInput, error.to_string()).into(),
    }
}

/// The query string, checked.
pub struct Query<T>(pub T);

impl<T> FromRequestParts<App> for Query<T>
where
    T: DeserializeOwned + Validate<Context = ()>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        let value: T = serde_path_to_error::deserialize(reader).map_err(|error| {
            let path = error.path().to_string();
            match &*path {
                "limit" => page::out_of_range().into(),
                _ => unreadable(&path, &error.into_inner().to_string()),
            }
        })?;
        validated(&value)?;
        Ok(Self(value))
    }
}

/// The ids in the path, by name; a struct names those it wants, `rid` is there already in `Here`.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(ApiError::internal)?;
        let pairs: Vec<_> = params.iter().collect();
        let reader = serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(
            pairs.iter().map(|(name, value)| (*name, Plain(value))),
        );
        serde_path_to_error::deserialize(reader).map(Self).map_err(|error| {
            let path = error.path().to_string();
            unreadable(&path, &error.into_inner().to_string())
        })
    }
}

/// One value of a path: text, or a number where one is wanted.
#[derive(Clone, Copy)]
struct Plain<'a>(&'a str);

impl<'de> serde::de::IntoDeserializer<'de, serde::de::value::Error> for Plain<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> serde::Deserializer<'de> for Plain<'de> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_u64<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let number = self.0.parse().map_err(|_| serde::de::Error::custom("not a number"))?;
        visitor.visit_u64(number)
    }

    fn deserialize_i64<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let number = self.0.parse().map_err(|_| serde::de::Error::custom("not a number"))?;
        visitor.visit_i64(number)
    }

    fn deserialize_newtype_struct<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_enum(serde::de::value::BorrowedStrDeserializer::new(self.0))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 u8 u16 u32 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(|t| t.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

fn unread(rejection: BytesRejection) -> ApiError {
    match Code::of_status(rejection.status()) {
        Code::TooLarge => ApiError::new(Code::TooLarge),
        _ => Refusal::new(Code::InvalidInput, "The body did not arrive whole.").into(),
    }
}

/// serde names an unknown or missing field in its text, not in its path: the field is added here.
fn unreadable(path: &str, message: &str) -> ApiError {
    let named = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next());
    let path = if path == "." || path == "?" { "" } else { path };
    let field = match named {
        Some(name) if path.is_empty() || path == name || path.ends_with(&format!(".{name}")) => {
            if path.is_empty() {
                name.to_owned()
            } else {
                path.to_owned()
            }
        }
        Some(name) => format!("{path}.{name}"),
        None => path.to_owned(),
    };
    let message = message.split(" at line ").next().unwrap_or(message);
    let message = match message {
        "number too large to fit in target type" => "This number is too large.",
        "number too small to fit in target type" => "This number is too small.",
        "invalid digit found in string" => "This is no whole number.",
        other => other,
    };
    let refusal = Refusal::new(Code::InvalidInput, sentence(message));
    if field.is_empty() { refusal.into() } else { refusal.at(field).into() }
}

fn validated<T: Validate<Context = ()>>(value: &T) -> Result<(), ApiError> {
    let Err(report) = value.validate() else { return Ok(()) };
    let first = report.iter().next();
    let (path, message) =
        first.map_or_else(Default::default, |(path, error)| (path.to_string(), error.message().to_string()));
    let refusal = Refusal::new(Code::InvalidInput, sentence(&message));
    Err(if path.is_empty() { refusal.into() } else { refusal.at(path).into() })
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    out.extend(chars);
    if !out.ends_with('.') {
        out.push('.');
    }
    out
}
