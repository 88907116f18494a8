//! The limiters: what each allows, whom it counts, and which requests belong to it. The one table.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Refusal;
use crate::kernel::words::words;

/// A limiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LimiterName)]
pub enum Name {
    /// Whoever is logged in, and linked desks.
    People,
    /// Whoever is not.
    General,
    /// Tries to get in that were refused.
    Auth,
    /// Tokens nobody has, or has no more.
    Api,
    Payment,
    Upload,
    Search,
    Heavy,
    /// What other services send.
    Webhook,
    /// API keys, by what they were made for. Those for administration have no limit.
    Free,
    Premium,
    Creator,
}

words!(Name {
    People = "people",
    General = "general",
    Auth = "auth",
    Api = "api",
    Payment = "payment",
    Upload = "upload",
    Search = "search",
    Heavy = "heavy",
    Webhook = "webhook",
    Free = "free",
    Premium = "premium",
    Creator = "creator",
});

/// What is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountedBy {
    /// A person, or a linked desk.
    Person,
    Address,
    Key,
    Restaurant,
}

/// So many requests at once; they come back evenly over the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    pub requests: u32,
    pub window_s: u32,
}

pub const REQUESTS_MAX: u32 = 1_000_000;
/// A day.
pub const WINDOW_S_MAX: u32 = 86_400;

impl Quota {
    pub fn checked(self) -> Result<Self, Refusal> {
        if !(1..=REQUESTS_MAX).contains(&self.requests) {
            return Err(Refusal::invalid("requests", format!("Between 1 and {REQUESTS_MAX} requests.")));
        }
        if !(1..=WINDOW_S_MAX).contains(&self.window_s) {
            return Err(Refusal::invalid("window_s", format!("Between 1 second and {WINDOW_S_MAX}, a day.")));
        }
        Ok(self)
    }
}

pub struct Rule {
    pub name: Name,
    pub usual: Quota,
    pub by: CountedBy,
}

const MINUTE: u32 = 60;
const QUARTER: u32 = 15 * MINUTE;

/// In the order of `Name`. A till in a rush asks some ten times a second and a load test 500 times: people have 1,000.
pub const TABLE: [Rule; 12] = [
    rule(Name::People, 60_000, MINUTE, CountedBy::Person),
    rule(Name::General, 100, QUARTER, CountedBy::Address),
    rule(Name::Auth, 5, QUARTER, CountedBy::Address),
    rule(Name::Api, 60, MINUTE, CountedBy::Address),
    rule(Name::Payment, 10, MINUTE, CountedBy::Key),
    rule(Name::Upload, 10, MINUTE, CountedBy::Key),
    rule(Name::Search, 60, MINUTE, CountedBy::Key),
    rule(Name::Heavy, 20, MINUTE, CountedBy::Restaurant),
    rule(Name::Webhook, 100, MINUTE, CountedBy::Address),
    rule(Name::Free, 10, MINUTE, CountedBy::Key),
    rule(Name::Premium, 100, MINUTE, CountedBy::Key),
    rule(Name::Creator, 500, MINUTE, CountedBy::Key),
];

const fn rule(name: Name, requests: u32, window_s: u32, by: CountedBy) -> Rule {
    Rule { name, usual: Quota { requests, window_s }, by }
}

/// Which requests a named limiter counts: method (`*`: any) and route; a route that ends with `*` means all that begin so.
pub const ROUTES: &[(Name, &str, &str)] = &[
    (Name::Auth, "POST", "/api/v1/sessions"),
    (Name::Auth, "POST", "/api/v1/setup"),
    (Name::Auth, "POST", "/api/v1/sync/link"),
    (Name::Auth, "POST", "/api/v1/house/pairings"),
    (Name::Payment, "POST", "/api/v1/restaurants/{rid}/orders/{order_id}/payments*"),
    (Name::Payment, "POST", "/api/v1/restaurants/{rid}/orders/{order_id}/payment-attempts*"),
    (Name::Payment, "POST", "/api/v1/restaurants/{rid}/orders/{order_id}/refunds"),
    (Name::Upload, "POST", "/api/v1/restaurants/{rid}/imports*"),
    (Name::Upload, "POST", "/api/v1/restaurants/{rid}/menu/images"),
    (Name::Search, "GET", "/api/v1/restaurants/{rid}/menu/search"),
    (Name::Search, "GET", "/api/v1/restaurants/{rid}/orders"),
    (Name::Search, "GET", "/api/v1/restaurants/{rid}/audit"),
    (Name::Heavy, "GET", "/api/v1/restaurants/{rid}/reports/*"),
    (Name::Heavy, "GET", "/api/v1/restaurants/{rid}/export/*"),
    (Name::Heavy, "GET", "/api/v1/restaurants/{rid}/audit.csv"),
    (Name::Heavy, "GET", "/api/v1/restaurants/{rid}/journal*"),
    (Name::Heavy, "GET", "/api/v1/restaurants/{rid}/clock/times.csv"),
    (Name::Heavy, "*", "/api/v1/restaurants/{rid}/backups/*"),
    (Name::Webhook, "*", "/api/v1/webhooks/*"),
];

/// What everybody may always ask: how the engine is (watched every few seconds), what every page asks before anybody is
/// logged in, the window's own code (256 random bits, nobody guesses it), and pictures, whose address is signed.
pub const FREE_ROUTES: &[(&str, &str)] = &[
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/health/live"),
    ("GET", "/api/v1/health/ready"),
    ("GET", "/api/v1/setup"),
    ("POST", "/api/v1/codes/exchange"),
    ("GET", "/api/v1/restaurants/{rid}/menu/images/{hash}"),
];

/// The named limiter of a request. None: none but that of whoever asks.
pub fn named(method: &str, route: &str) -> Option<Name> {
    let found = ROUTES.iter().find(|(_, of, pattern)| is_meant(of, pattern, method, route));
    found.map(|(name, _, _)| *name)
}

pub fn is_free(method: &str, route: &str) -> bool {
    FREE_ROUTES.iter().any(|(of, pattern)| is_meant(of, pattern, method, route))
}

fn is_meant(of: &str, pattern: &str, method: &str, route: &str) -> bool {
    let same = pattern.strip_suffix('*').map_or(pattern == route, |start| route.starts_with(start));
    same && (of == "*" || of == method)
}

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    Person(Uuid),
    Device(Uuid),
    Key(Uuid),
    Restaurant(Uuid),
    /// The network part of an IPv6 address: whoever has one has all of it.
    Address([u8; 16]),
}

impl Who {
    pub fn at(address: IpAddr) -> Self {
        let wide = match address {
            IpAddr::V4(v4) => return Self::Address(v4.to_ipv6_mapped().octets()),
            IpAddr::V6(v6) => v6,
        };
        if wide.to_ipv4_mapped().is_some() {
            return Self::Address(wide.octets());
        }
        let mut network = [0; 16];
        network[..8].copy_from_slice(&wide.octets()[..8]);
        Self::Address(network)
    }

    /// Spread evenly, also over addresses of one network.
    pub const fn spread(self) -> u8 {
        let id = match self {
            Self::Person(id) | Self::Device(id) | Self::Key(id) | Self::Restaurant(id) => id.into_bytes(),
            Self::Address(octets) => octets,
        };
        id[15] ^ id[7]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_its_names() {
        for (at, rule) in TABLE.iter().enumerate() {
            assert_eq!(rule.name as usize, at, "{:?}", rule.name);
            assert!(rule.usual.checked().is_ok());
        }
    }

    #[test]
    fn a_request_belongs_to_the_limiter_the_table_says() {
        let check = |method, route, expect| assert_eq!(named(method, route), expect, "{method} {route}");
        check("POST", "/api/v1/sessions", Some(Name::Auth));
        check("DELETE", "/api/v1/sessions/current", None);
        check("GET", "/api/v1/restaurants/{rid}/reports/days", Some(Name::Heavy));
        check("POST", "/api/v1/restaurants/{rid}/orders", None);
        check("POST", "/api/v1/restaurants/{rid}/orders/{order_id}/payments/{payment_id}/void", Some(Name::Payment));
        check("PUT", "/api/v1/webhooks/card", Some(Name::Webhook));
        assert!(is_free("GET", "/api/v1/health") && !is_free("GET", "/api/v1/health/detailed"));
    }

    #[test]
    fn an_address_is_its_network_where_one_network_is_one_customer() {
        let at = |text: &str| Who::at(text.parse().unwrap());
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
        assert_eq!(at("192.0.2.1"), at("::ffff:192.0.2.1"));
    }
}
