//! Names that end with `.local` are asked of the house itself (RFC 6762), also where the system does not do so; every
//! other name is the system's.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::house::voice;

const ENDS: &str = ".local";

pub struct HouseNames;

impl Resolve for HouseNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_ascii_lowercase();
            if host.ends_with(ENDS) {
                let found = voice::find(&host).await.inspect_err(|error| tracing::debug!(%error, "no multicast here"));
                let found: Vec<_> = found.unwrap_or_default();
                if !found.is_empty() {
                    return Ok(Box::new(found.into_iter().map(|ip| SocketAddr::from((ip, 0)))) as Addrs);
                }
            }
            let known: Vec<_> = tokio::net::lookup_host((host, 0)).await?.collect();
            Ok(Box::new(known.into_iter()) as Addrs)
        })
    }
}
