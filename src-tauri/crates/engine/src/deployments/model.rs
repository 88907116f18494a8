//! Words, addresses and what up and down mean. Pure.

use std::net::IpAddr;

use reqwest::Url;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::words::words;

/// Registered at most.
pub const DEPLOYMENTS_MAX: i64 = 50;
pub const TAGS_MAX: usize = 10;
/// Between two probes, unless somebody says otherwise.
pub const EVERY_S: u32 = 60;
/// So many answers in a row change what is said.
const IN_A_ROW: u32 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeploymentKind)]
pub enum Kind {
    /// One of ours: its address, and it says its version.
    Comanda,
    /// Anything that answers at a health address.
    Http,
}
words!(Kind { Comanda = "comanda", Http = "http" });

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeploymentEnvironment)]
pub enum Environment {
    Production,
    Staging,
    Test,
}
words!(Environment { Production = "production", Staging = "staging", Test = "test" });

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeploymentState)]
pub enum State {
    /// Nobody has asked yet.
    Unknown,
    Up,
    Down,
}
words!(State { Unknown = "unknown", Up = "up", Down = "down" });

/// What is said of a deployment, and what speaks against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    pub since_ms: Option<i64>,
    /// Answers in a row that say the opposite, and when the first of them came.
    pub against: u32,
    pub against_ms: Option<i64>,
}

impl Standing {
    pub const UNKNOWN: Self = Self { state: State::Unknown, since_ms: None, against: 0, against_ms: None };

    /// After one answer more. The first one of all is believed; later it takes two in a row.
    pub fn after(self, good: bool, at_ms: i64) -> Self {
        let says = if good { State::Up } else { State::Down };
        if self.state == State::Unknown {
            return Self { state: says, since_ms: Some(at_ms), ..Self::UNKNOWN };
        }
        if self.state == says {
            return Self { against: 0, against_ms: None, ..self };
        }
        let first_ms = self.against_ms.unwrap_or(at_ms);
        if self.against + 1 >= IN_A_ROW {
            return Self { state: says, since_ms: Some(first_ms), ..Self::UNKNOWN };
        }
        Self { against: self.against + 1, against_ms: Some(first_ms), ..self }
    }
}

/// An address as people type it. Without a scheme it is https, near by http.
pub fn address(kind: Kind, typed: &str) -> Result<Url, &'static str> {
    const SHAPE: &str = "Type an address like https://desk.example or 192.168.1.20:8787.";
    let typed = typed.trim();
    let read = |text: &str| Url::parse(text).map_err(|_| SHAPE);
    let url = if typed.contains("://") {
        read(typed)?
    } else {
        let url = read(&format!("http://{typed}"))?;
        if is_near(&url) { url } else { read(&format!("https://{typed}"))? }
    };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(SHAPE);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("A name and a password do not belong into an address: everybody who sees it reads them.");
    }
    if url.fragment().is_some() {
        return Err("An address has nothing after a #.");
    }
    if kind == Kind::Comanda && (url.query().is_some() || url.path().ends_with("/api/v1")) {
        return Err("Only the address itself, without a path of the interface.");
    }
    Ok(url)
}

/// Where a deployment says how it is.
pub fn health_url(kind: Kind, address: &str) -> String {
    match kind {
        Kind::Comanda => format!("{}/health", address.trim_end_matches('/')),
        Kind::Http => address.to_owned(),
    }
}

fn ip(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

/// Scheme, host and port: who gets a secret.
pub fn origin(address: &str) -> Option<String> {
    Url::parse(address).ok().map(|url| url.origin().ascii_serialization())
}

/// In the house: this computer or its network.
pub fn is_near(url: &Url) -> bool {
    match ip(url) {
        Some(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Some(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        None => {
            let host = url.host_str().unwrap_or_default().trim_end_matches('.');
            !host.contains('.') || [".local", ".lan", ".home.arpa", ".localhost"].iter().any(|end| host.ends_with(end))
        }
    }
}

/// On this very computer.
pub fn is_here(url: &Url) -> bool {
    ip(url).map_or(url.host_str() == Some("localhost"), |ip| ip.is_loopback())
}

/// Whether a secret may go there: not in the open through other people's networks.
pub fn may_carry_secrets(url: &Url) -> bool {
    url.scheme() == "https" || is_near(url)
}

/// A share in 10,000ths, rounded down: only all of it is 100 %. None: of nothing.
pub fn share_bp(part: u64, whole: u64) -> Option<u32> {
    (u128::from(part) * 10_000).checked_div(u128::from(whole)).and_then(|bp| u32::try_from(bp).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_two_in_a_row_to_be_down_and_two_to_be_up_again() {
        let after = |answers: &[bool]| {
            let steps = answers.iter().zip(1..);
            steps.fold(Standing::UNKNOWN, |standing, (good, at_ms)| standing.after(*good, at_ms))
        };
        assert_eq!((after(&[true]).state, after(&[false]).state), (State::Up, State::Down));
        assert_eq!(after(&[true, false]).state, State::Up);
        assert_eq!(after(&[true, false, true, false]).state, State::Up, "one in between begins again");
        let down = after(&[true, false, false]);
        assert_eq!((down.state, down.since_ms), (State::Down, Some(2)), "down since the first bad answer");
        assert_eq!(after(&[true, false, false, true]).state, State::Down);
        let up = after(&[true, false, false, true, true, true]);
        assert_eq!((up.state, up.since_ms, up.against), (State::Up, Some(4), 0));
    }

    #[test]
    fn an_address_is_read_as_people_type_it() {
        let read = |typed: &str| address(Kind::Comanda, typed).map(|url| url.to_string());
        assert_eq!(read(" 192.168.1.20:8787 ").as_deref(), Ok("http://192.168.1.20:8787/"));
        assert_eq!(read("desk.local").as_deref(), Ok("http://desk.local/"));
        assert_eq!(read("hub.example").as_deref(), Ok("https://hub.example/"));
        assert_eq!(read("[::1]:80").as_deref(), Ok("http://[::1]/"));
        for wrong in ["", "ftp://desk", "http://", "https://a:b@desk", "a b", "https://desk?x=1", "https://desk#x"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(address(Kind::Http, "https://shop.example/health?deep=1").is_ok());
        assert_eq!(health_url(Kind::Comanda, "https://hub.example/"), "https://hub.example/health");
    }

    #[test]
    fn a_secret_goes_nowhere_in_the_open() {
        let may = |url: &str| may_carry_secrets(&Url::parse(url).unwrap());
        for fine in ["https://hub.example", "http://127.0.0.1:1", "http://10.0.0.3", "http://desk", "http://[fd00::1]"]
        {
            assert!(may(fine), "{fine}");
        }
        for open in ["http://hub.example", "http://8.8.8.8", "http://192.169.1.1", "http://evil.local.example"] {
            assert!(!may(open), "{open}");
        }
    }

    #[test]
    fn only_all_of_it_is_all() {
        assert_eq!((share_bp(99_999, 100_000), share_bp(7, 7), share_bp(0, 0)), (Some(9_999), Some(10_000), None));
    }
}
