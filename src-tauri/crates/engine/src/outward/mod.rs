//! What goes out from here to other servers: the one client, and in a word a person understands why something
//! did not arrive.

use std::error::Error;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::words::words;

const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);

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
}
words!(Reason {
    NameNotFound = "name_not_found",
    Refused = "refused",
    Unreachable = "unreachable",
    TimedOut = "timed_out",
    Certificate = "certificate",
    NoTls = "no_tls",
    CutOff = "cut_off",
    Redirected = "redirected",
    TooBig = "too_big",
    Status = "status",
    NotComanda = "not_comanda",
    NoMailServer = "no_mail_server",
});

/// Follows no redirect: a token goes where it was given for, and nowhere else.
pub fn client() -> reqwest::Result<Client> {
    let builder = Client::builder().connect_timeout(CONNECT_TIME_MAX).redirect(Policy::none()).tls_info(true);
    builder.pool_max_idle_per_host(0).build()
}

/// Why there was no answer.
pub fn reason(error: &reqwest::Error) -> Reason {
    if error.is_timeout() {
        return Reason::TimedOut;
    }
    cause(error).unwrap_or(if error.is_connect() { Reason::Unreachable } else { Reason::CutOff })
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
