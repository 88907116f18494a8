//! Being found by name, and hearing others: mDNS (RFC 6762) and its service `_comanda._tcp` (RFC 6763).
//!
//! What is said: a name made of a key, a port, addresses. Not whose restaurant it is.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use mdns_sd::{DaemonEvent, HostnameResolutionEvent, Receiver, ServiceDaemon, ServiceEvent, ServiceInfo};

use super::model::LOCAL;
use super::names::Called;

const SERVICE: &str = "_comanda._tcp.local.";
/// How long others may take to say that they are there.
const LISTENS: Duration = Duration::from_millis(2_500);
/// How long a name may take to be found.
const FINDS: Duration = Duration::from_millis(2_000);
/// Others that are listed, at most.
const HEARD_MAX: usize = 32;
/// How long the goodbye may take.
const GOODBYE: Duration = Duration::from_millis(500);

/// Says how this computer is called for as long as it is kept.
pub struct Voice {
    daemon: ServiceDaemon,
    events: Receiver<DaemonEvent>,
    fullname: String,
    /// A sentence.
    pub trouble: Option<String>,
}

impl Voice {
    pub fn begin(called: &Called, port: u16) -> mdns_sd::Result<Self> {
        let label = called.name.trim_end_matches(LOCAL).trim_end_matches('.');
        let addresses: Vec<IpAddr> = called.addresses.iter().map(|at| at.ip.into()).collect();
        let host = format!("{}.", called.name);
        let info = ServiceInfo::new(SERVICE, label, &host, &addresses[..], port, &[("v", "1")][..])?;
        let fullname = info.get_fullname().to_owned();
        let daemon = ServiceDaemon::new()?;
        let events = daemon.monitor()?;
        daemon.register(info)?;
        Ok(Self { daemon, events, fullname, trouble: None })
    }

    /// What went wrong since, if something did.
    pub fn look(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            match event {
                DaemonEvent::Error(error) => self.trouble = Some(error.to_string()),
                DaemonEvent::NameChange(change) => {
                    let taken = change.original.trim_end_matches('.').to_owned();
                    self.trouble = Some(format!("another computer here is called {taken} already"));
                }
                DaemonEvent::Respond(_) | DaemonEvent::Announce(..) => self.trouble = None,
                _ => {}
            }
        }
    }

    /// Says goodbye, so that nobody looks for it here any more.
    pub async fn end(self) {
        if let Ok(said) = self.daemon.unregister(&self.fullname) {
            drop(tokio::time::timeout(GOODBYE, said.recv_async()).await);
        }
        drop(self.daemon.shutdown());
    }
}

/// Another Comanda in this house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// `comanda-7k2m.local`.
    pub name: String,
    pub port: u16,
    pub addresses: Vec<Ipv4Addr>,
}

/// Who is there, but for `own`. Takes a moment.
pub async fn listen(own: &str) -> mdns_sd::Result<Vec<Heard>> {
    let daemon = ServiceDaemon::new()?;
    let events = daemon.browse(SERVICE)?;
    let mut heard = BTreeMap::new();
    let gathering = async {
        while let Ok(event) = events.recv_async().await {
            let ServiceEvent::ServiceResolved(one) = event else { continue };
            let name = one.host.trim_end_matches('.').to_ascii_lowercase();
            let mut addresses: Vec<_> = one.get_addresses_v4().into_iter().collect();
            addresses.sort_unstable();
            if name != own && heard.len() < HEARD_MAX {
                heard.insert(name.clone(), Heard { name, port: one.port, addresses });
            }
        }
    };
    drop(tokio::time::timeout(LISTENS, gathering).await);
    drop(daemon.shutdown());
    Ok(heard.into_values().collect())
}

/// Addresses of a computer of this house by its name, `comanda-7k2m.local`. Empty: nobody answers to it.
pub async fn find(host: &str) -> mdns_sd::Result<Vec<Ipv4Addr>> {
    let daemon = ServiceDaemon::new()?;
    let events = daemon.resolve_hostname(&format!("{host}."), None)?;
    let finding = async {
        while let Ok(event) = events.recv_async().await {
            let HostnameResolutionEvent::AddressesFound(_, addresses) = event else { continue };
            let found: Vec<_> = addresses.iter().filter_map(|one| v4(one.to_ip_addr())).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    };
    let found = tokio::time::timeout(FINDS, finding).await.unwrap_or_default();
    drop(daemon.shutdown());
    Ok(found)
}

const fn v4(ip: IpAddr) -> Option<Ipv4Addr> {
    match ip {
        IpAddr::V4(ip) => Some(ip),
        IpAddr::V6(_) => None,
    }
}
