//! What goes out from here to other servers: the one door, a breaker for each place, and in a word a person
//! understands why something did not arrive.

pub mod door;
pub mod line;
pub mod names;
pub mod routes;
pub mod service;

use std::error::Error;

use futures::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::words::words;

pub use door::Outward;

/// Why an answer was bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeploymentReason)]
pub enum Reason {
    NameNotFound,
    Refused,
    Unreachable,
    TimedOut,
    /// The certificate is of another name, too old, or of nobody known here.
    Certificate,
    /// The certificate has ended.
    CertificateEnded,
    /// The certificate vouches for itself, and nobody else does.
    CertificateSelfSigned,
    /// What answers there does not speak TLS.
    NoTls,
    CutOff,
    Redirected,
    TooBig,
    /// A status that is no success.
    Status,
    /// It answers, and is no Comanda.
    NotComanda,
    /// Nobody said through which server mail goes.
    NoMailServer,
    /// Not asked: it failed several times in a row, and is left alone for a while.
    Resting,
    /// Not asked: too much went there at once.
    Crowded,
}
words!(Reason {
    NameNotFound = "name_not_found",
    Refused = "refused",
    Unreachable = "unreachable",
    TimedOut = "timed_out",
    Certificate = "certificate",
    CertificateEnded = "certificate_ended",
    CertificateSelfSigned = "certificate_self_signed",
    NoTls = "no_tls",
    CutOff = "cut_off",
    Redirected = "redirected",
    TooBig = "too_big",
    Status = "status",
    NotComanda = "not_comanda",
    NoMailServer = "no_mail_server",
    Resting = "resting",
    Crowded = "crowded",
});

/// Why there was no answer.
pub fn reason(error: &reqwest::Error) -> Reason {
    if error.is_timeout() {
        return Reason::TimedOut;
    }
    cause(error).unwrap_or(if error.is_connect() { Reason::Unreachable } else { Reason::CutOff })
}

/// The whole of an answer, no more than so many bytes.
pub async fn whole(response: reqwest::Response, bytes_max: usize) -> Result<Vec<u8>, Reason> {
    let mut whole = Vec::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| if error.is_timeout() { Reason::TimedOut } else { Reason::CutOff })?;
        if whole.len() + piece.len() > bytes_max {
            return Err(Reason::TooBig);
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}

/// What lies below an error, as far as it is known.
pub fn cause(error: &dyn Error) -> Option<Reason> {
    let mut causes = Vec::new();
    let mut cause: Option<&dyn Error> = error.source();
    while let Some(one) = cause {
        if let Some(io) = one.downcast_ref::<std::io::Error>() {
            match io.kind() {
                std::io::ErrorKind::ConnectionRefused => return Some(Reason::Refused),
                std::io::ErrorKind::NetworkUnreachable | std::io::ErrorKind::HostUnreachable => {
                    return Some(Reason::Unreachable);
                }
                std::io::ErrorKind::TimedOut => return Some(Reason::TimedOut),
                _ => {}
            }
        }
        causes.push(one.to_string());
        cause = one.source();
    }
    // The layers below say these only in words.
    let says = |word: &str| causes.iter().any(|cause| cause.to_lowercase().contains(word));
    match () {
        () if says("dns error") || says("lookup") => Some(Reason::NameNotFound),
        () if says("certificate") => Some(Reason::Certificate),
        () if says("corrupt message") || says("handshake") || says("tls") => Some(Reason::NoTls),
        () => None,
    }
}
