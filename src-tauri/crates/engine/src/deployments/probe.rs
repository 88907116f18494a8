//! One look at a deployment: did it answer, how fast, and if not, why, in a word a person understands.

use std::time::{Duration, Instant};

use futures::StreamExt;
use reqwest::tls::TlsInfo;
use reqwest::{Response, StatusCode};
use serde::Deserialize;

use super::certificate;
use super::model::{Kind, health_url};
use super::store::{Deployment, Found, Probe};
use crate::outward::service::Service;
use crate::outward::{Outward, Reason};

const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
/// A health address that says more is none.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// A version is a short word.
const VERSION_CHARS_MAX: usize = 40;

/// What a Comanda says of itself.
#[derive(Deserialize)]
struct Says {
    status: String,
    version: String,
}

/// Looks once, also at what is left alone: this is how it is found well again.
pub async fn probe(outward: &Outward, of: &Deployment, token: Option<String>, at_ms: i64) -> Found {
    let began = Instant::now();
    let mut found = Found {
        probe: Probe { at_ms, good: false, took_us: 0, status: None, reason: None },
        address: of.address.clone(),
        version: None,
        expires_ms: None,
    };
    let outcome = look(outward, of, token, &mut found).await;
    found.probe.took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    found.probe.good = outcome.is_ok();
    found.probe.reason = outcome.err();
    found
}

async fn look(outward: &Outward, of: &Deployment, token: Option<String>, found: &mut Found) -> Result<(), Reason> {
    let mut request = outward.client.get(health_url(of.kind, &of.address)).timeout(ANSWER_TIME_MAX);
    // A Comanda tells anybody how it is; its token stays at home.
    if let Some(token) = token.filter(|_| of.kind == Kind::Http) {
        request = request.bearer_auth(token);
    }
    let response = outward.try_send(Service::Deployment, request).await?;
    let status = response.status();
    found.probe.status = Some(status.as_u16());
    found.expires_ms =
        response.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate).and_then(certificate::expires_ms);
    if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
        return Err(Reason::Redirected);
    }
    if !status.is_success() {
        return Err(Reason::Status);
    }
    let body = body(response).await?;
    if of.kind == Kind::Comanda {
        let says: Says = serde_json::from_slice(&body).map_err(|_| Reason::NotComanda)?;
        if says.status != "ok" {
            return Err(Reason::NotComanda);
        }
        found.version = Some(says.version.chars().take(VERSION_CHARS_MAX).collect());
    }
    Ok(())
}

async fn body(response: Response) -> Result<Vec<u8>, Reason> {
    let mut whole = Vec::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| if error.is_timeout() { Reason::TimedOut } else { Reason::CutOff })?;
        if whole.len() + piece.len() > BODY_BYTES_MAX {
            return Err(Reason::TooBig);
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}
