//! One look at a deployment: did it answer, how fast, and if not, why, in a word a person understands.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::tls::TlsInfo;
use serde::Deserialize;

use super::certificate::{self, Certificate};
use super::model::{Kind, health_url};
use super::store::{Deployment, Found, Probe};
use crate::outward::service::Service;
use crate::outward::{self, Outward, Reason};

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
    let mut outcome = look(outward, of, token, &mut found).await;
    found.probe.took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    if outcome == Err(Reason::Certificate)
        && let Some(read) = outward.shown_certificate(&of.address).await.as_deref().and_then(certificate::read)
    {
        found.expires_ms = Some(read.expires_ms);
        outcome = Err(untrusted(read, at_ms));
    }
    found.probe.good = outcome.is_ok();
    found.probe.reason = outcome.err();
    found
}

/// Why a certificate is not trusted, as far as it says so itself.
fn untrusted(read: Certificate, at_ms: i64) -> Reason {
    if read.expires_ms < at_ms {
        Reason::CertificateEnded
    } else if read.is_self_signed {
        Reason::CertificateSelfSigned
    } else {
        Reason::Certificate
    }
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
    let shown = response.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
    found.expires_ms = shown.and_then(certificate::read).map(|read| read.expires_ms);
    if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
        return Err(Reason::Redirected);
    }
    if !status.is_success() {
        return Err(Reason::Status);
    }
    let body = outward::whole(response, BODY_BYTES_MAX).await?;
    if of.kind == Kind::Comanda {
        let says: Says = serde_json::from_slice(&body).map_err(|_| Reason::NotComanda)?;
        if says.status != "ok" {
            return Err(Reason::NotComanda);
        }
        found.version = Some(says.version.chars().take(VERSION_CHARS_MAX).collect());
    }
    Ok(())
}
