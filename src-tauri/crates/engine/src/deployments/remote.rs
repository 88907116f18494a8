//! Asking another Comanda as the person who logged in there. The session's token stays on this computer; what goes
//! wrong becomes a sentence, and no word of a token.

use std::io::Error as IoError;
use std::time::Duration;

use futures::{Stream, StreamExt};
use reqwest::header::{CONTENT_LENGTH, RANGE};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::Kind;
use super::store::Deployment;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::kernel::text;
use crate::outward::service::Service;
use crate::outward::{self, Reason};

const ANSWER_TIME_MAX: Duration = Duration::from_secs(20);
/// Between two pieces of a file.
const PIECE_TIME_MAX: Duration = Duration::from_secs(30);
/// Of an answer that is no file.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
const SENTENCE_CHARS_MAX: usize = 300;
/// A file that breaks off goes on where it was, so often in a row without a byte.
const TRIES: u32 = 5;

/// A Comanda elsewhere.
#[derive(Clone)]
pub struct Remote {
    app: App,
    name: String,
    base: String,
    token: Option<String>,
}

/// Why there is no answer of use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    Away(Reason),
    /// Nobody is logged in there any more.
    Ended,
    /// It answered and does not want to.
    Said {
        status: u16,
        code: String,
        message: String,
    },
}

impl Remote {
    /// To log in there.
    pub fn open(app: &App, of: &Deployment) -> Result<Self, ApiError> {
        if of.kind != Kind::Comanda {
            return Err(Refusal::rule("This is no Comanda: it is watched, and nothing else.").into());
        }
        let base = of.address.trim_end_matches('/').to_owned();
        Ok(Self { app: app.clone(), name: of.name.clone(), base, token: None })
    }

    /// To ask there what needs a session.
    pub fn logged_in(app: &App, of: &Deployment) -> Result<Self, ApiError> {
        let open = Self::open(app, of)?;
        let token = app.deployments.tokens.of(of.id).ok_or_else(|| no_session("none", &of.name))?;
        Ok(Self { token: Some(token), ..open })
    }

    pub fn with(self, token: String) -> Self {
        Self { token: Some(token), ..self }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.app.outward.client.request(method, format!("{}/api/v1{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// What it answers, or why not.
    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Trouble> {
        let mut request = self.request(method, path).timeout(ANSWER_TIME_MAX);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = self.app.outward.send(Service::Deployment, request).await.map_err(Trouble::Away)?;
        let status = response.status();
        let bytes = whole(response).await?;
        let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if status.is_success() {
            return if bytes.is_empty() || !value.is_null() {
                Ok(value)
            } else {
                Err(Trouble::Away(Reason::NotComanda))
            };
        }
        Err(judged(status, &value))
    }

    /// The same, with trouble as the answer to whoever asked here.
    pub async fn asked(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, ApiError> {
        self.ask(method, path, body).await.map_err(|trouble| self.told(trouble))
    }

    pub fn told(&self, trouble: Trouble) -> ApiError {
        match trouble {
            Trouble::Away(reason) => Refusal::conflict(format!("{} does not answer as it should.", self.name))
                .with_details(json!({ "reason": reason }))
                .into(),
            Trouble::Ended => no_session("ended", &self.name),
            Trouble::Said { status: 403, .. } => {
                Refusal::rule(format!("Your role at {} does not allow this.", self.name)).into()
            }
            Trouble::Said { status, code, message } => Refusal::rule(format!("{} says: {message}", self.name))
                .with_details(json!({ "status": status, "code": code }))
                .into(),
        }
    }

    /// A file there, from a byte on; and how long it is from there.
    async fn file(&self, path: &str, from: u64) -> Result<(Response, Option<u64>), Trouble> {
        let mut request = self.request(Method::GET, path);
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        let response = tokio::time::timeout(ANSWER_TIME_MAX, self.app.outward.send(Service::Deployment, request)).await;
        let response = response.map_err(|_| Trouble::Away(Reason::TimedOut))?;
        let response = response.map_err(Trouble::Away)?;
        let status = response.status();
        if !status.is_success() {
            let value = serde_json::from_slice(&whole(response).await?).unwrap_or(Value::Null);
            return Err(judged(status, &value));
        }
        if from > 0 && status != StatusCode::PARTIAL_CONTENT {
            return Err(Trouble::Away(Reason::CutOff));
        }
        let length = response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        Ok((response, length))
    }

    /// A file there as it comes, and its length. One that breaks off is asked for again from where it was.
    pub async fn fetch(
        self,
        path: String,
    ) -> Result<(Option<u64>, impl Stream<Item = Result<axum::body::Bytes, IoError>>), ApiError> {
        let (response, length) = self.file(&path, 0).await.map_err(|trouble| self.told(trouble))?;
        let coming =
            Coming { remote: self, path, length, at: 0, failed: 0, pieces: Some(response.bytes_stream().boxed()) };
        Ok((length, futures::stream::unfold(Some(coming), |coming| async move { coming?.next().await }).fuse()))
    }
}

type Pieces = futures::stream::BoxStream<'static, reqwest::Result<axum::body::Bytes>>;

/// A file on its way.
struct Coming {
    remote: Remote,
    path: String,
    length: Option<u64>,
    at: u64,
    failed: u32,
    pieces: Option<Pieces>,
}

impl Coming {
    async fn next(mut self) -> Option<(Result<axum::body::Bytes, IoError>, Option<Self>)> {
        loop {
            if let Some(pieces) = &mut self.pieces {
                let came = tokio::time::timeout(PIECE_TIME_MAX, pieces.next()).await;
                match came {
                    Ok(Some(Ok(piece))) => {
                        self.at += piece.len() as u64;
                        self.failed = 0;
                        return Some((Ok(piece), Some(self)));
                    }
                    Ok(None) if self.length.is_none_or(|length| self.at >= length) => return None,
                    Ok(None | Some(Err(_))) | Err(_) => self.pieces = None,
                }
            }
            self.failed += 1;
            if self.length.is_none() || self.failed > TRIES {
                return Some((Err(IoError::other("the file broke off")), None));
            }
            tokio::time::sleep(Duration::from_millis(200) * self.failed).await;
            if let Ok((response, _)) = self.remote.file(&self.path, self.at).await {
                self.pieces = Some(response.bytes_stream().boxed());
            }
        }
    }
}

fn no_session(session: &str, name: &str) -> ApiError {
    let message = match session {
        "ended" => format!("The session at {name} has ended. Log in there again."),
        _ => format!("Log in at {name} first."),
    };
    Refusal::conflict(message).with_details(json!({ "session": session })).into()
}

async fn whole(response: Response) -> Result<Vec<u8>, Trouble> {
    outward::whole(response, ANSWER_BYTES_MAX).await.map_err(Trouble::Away)
}

fn judged(status: StatusCode, body: &Value) -> Trouble {
    let error = &body["error"];
    let (Some(code), Some(message)) = (error["code"].as_str(), error["message"].as_str()) else {
        let redirected = status.is_redirection();
        return Trouble::Away(if redirected { Reason::Redirected } else { Reason::Status });
    };
    match code {
        "unauthenticated" | "locked" => Trouble::Ended,
        "overloaded" | "internal" => Trouble::Away(Reason::Status),
        _ => Trouble::Said {
            status: status.as_u16(),
            code: text::cleaned(code).chars().take(40).collect(),
            message: text::cleaned(message).chars().take(SENTENCE_CHARS_MAX).collect(),
        },
    }
}

/// The backups of one restaurant there.
pub fn backups(restaurant: Uuid, what: &str) -> String {
    format!("/restaurants/{restaurant}/backups{what}")
}
