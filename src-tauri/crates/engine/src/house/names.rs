//! What this computer is called in its house, as it is now.

use std::net::Ipv4Addr;
use std::sync::{PoisonError, RwLock};

use super::model::{self, Address, LOCAL};

/// Names and addresses the door answers to, and who is beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    /// `comanda-7k2m.local`.
    pub name: String,
    /// What the computer calls itself.
    pub host: Option<String>,
    pub addresses: Vec<Address>,
}

impl Called {
    /// As it is now.
    pub fn now(name: &str) -> Self {
        let host = sysinfo::System::host_name().and_then(|host| model::host_label(&host));
        Self { name: format!("{name}.{LOCAL}"), host, addresses: addresses() }
    }

    /// What the certificate is for: what the authority may vouch for.
    pub fn certified(&self) -> Vec<String> {
        let host = self.host.iter().map(|host| format!("{host}.{LOCAL}"));
        std::iter::once(self.name.clone()).chain(host).chain(self.reachable().map(|ip| ip.to_string())).collect()
    }

    /// Addresses people of the house come to.
    pub fn reachable(&self) -> impl Iterator<Item = Ipv4Addr> {
        self.addresses.iter().map(|at| at.ip).filter(|ip| model::is_of_a_house(*ip))
    }

    fn answers_to(&self, host: &str) -> bool {
        let named = self.host.iter().any(|own| {
            let rest =
                host.get(..own.len()).filter(|start| start.eq_ignore_ascii_case(own)).map(|_| &host[own.len()..]);
            rest.is_some_and(|rest| rest.is_empty() || rest.eq_ignore_ascii_case(".local"))
        });
        let addressed = || host.parse::<Ipv4Addr>().is_ok_and(|ip| self.addresses.iter().any(|at| at.ip == ip));
        named || host.eq_ignore_ascii_case(&self.name) || addressed()
    }
}

/// This computer's own, but for loopback, in their order.
fn addresses() -> Vec<Address> {
    let all = if_addrs::get_if_addrs().inspect_err(|error| tracing::warn!(%error, "the addresses here are not known"));
    let mut found: Vec<_> = all
        .unwrap_or_default()
        .into_iter()
        .filter(|one| !one.is_loopback())
        .filter_map(|one| match one.addr {
            if_addrs::IfAddr::V4(at) => Some(Address { ip: at.ip, mask: at.netmask }),
            if_addrs::IfAddr::V6(_) => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Shared with the door, which asks at every request.
#[derive(Debug, Default)]
pub struct Names(RwLock<Called>);

impl Names {
    pub fn set(&self, called: Called) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = called;
    }

    pub fn called(&self) -> Called {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// `host` without a port.
    pub fn answers_to(&self, host: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).answers_to(host)
    }

    pub fn is_inside(&self, peer: std::net::IpAddr) -> bool {
        model::is_inside(peer, &self.0.read().unwrap_or_else(PoisonError::into_inner).addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_answers_to_its_own_names_alone() {
        let at = |ip: [u8; 4]| Address { ip: ip.into(), mask: Ipv4Addr::new(255, 255, 255, 0) };
        let called = Called {
            name: "comanda-7k2m.local".into(),
            host: Some("till".into()),
            addresses: vec![at([192, 168, 1, 20]), at([203, 0, 113, 7])],
        };
        let check = |host: &str, expect| assert_eq!(called.answers_to(host), expect, "{host}");
        for own in ["comanda-7k2m.local", "COMANDA-7K2M.local", "till", "till.local", "192.168.1.20", "203.0.113.7"] {
            check(own, true);
        }
        for other in ["localhost", "127.0.0.1", "[::1]", "", "till.evil.example", "tillx", "192.168.1.21", "local"] {
            check(other, false);
        }
        // An address of no house is none the authority may vouch for.
        assert_eq!(called.certified(), ["comanda-7k2m.local", "till.local", "192.168.1.20"]);
    }
}
