//! How the engine is started: `comanda.toml`, the environment, the command line, in this order; the last one wins.
//!
//! `list` is the one list of settings, with the variables that stand for them; `read` puts the layers on each other
//! and says of each value where it is from; `shown` is what who may see the engine's health is told of it. What does not fit is told whole, with its place, and nothing is started.
//! The file holds no password: what opens something (`is_secret`) is better given by the environment.

pub mod list;
pub mod read;
pub mod routes;
pub mod shown;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use sentry::types::Dsn;
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use self::read::Finding;
use crate::hub;
use crate::limits::model::{Name, Quota};
use crate::limits::pace::Wanted;
use crate::limits::shared;
use crate::logs::tracker;
use crate::serve::{METRICS_TOKEN_MIN, Options, PORT};

/// The file's name in the data directory.
pub const FILE: &str = "comanda.toml";

/// Everything `comanda.toml` may say, with what holds when it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub server: Server,
    pub log: Log,
    pub errors: Errors,
    pub metrics: Metrics,
    pub limits: Limits,
    pub hub: Hub,
    pub features: Features,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    pub listen: IpAddr,
    pub port: u16,
    pub ui: Option<PathBuf>,
    pub hosts: Vec<String>,
    pub origins: Vec<String>,
    pub idempotency: bool,
}

impl Default for Server {
    fn default() -> Self {
        let none = Vec::new;
        Self {
            listen: Ipv4Addr::LOCALHOST.into(),
            port: PORT,
            ui: None,
            hosts: none(),
            origins: none(),
            idempotency: true,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned() }
    }
}

/// Whom errors are told to.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Errors {
    /// None: nobody.
    pub dsn: Option<String>,
    pub environment: Option<String>,
    /// Requests in 1 that are traced.
    pub traces: f32,
}

impl Default for Errors {
    fn default() -> Self {
        Self { dsn: None, environment: None, traces: 0.1 }
    }
}

impl std::fmt::Debug for Errors {
    /// Without the key in the DSN.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Errors").field("environment", &self.environment).finish_non_exhaustive()
    }
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    pub token: Option<String>,
    pub statsd: Option<String>,
}

impl std::fmt::Debug for Metrics {
    /// Without the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").field("statsd", &self.statsd).finish_non_exhaustive()
    }
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    pub enabled: bool,
    /// Where several processes count together.
    pub redis: Option<String>,
    /// Other quotas than the usual ones.
    pub quotas: BTreeMap<Name, Quota>,
}

impl std::fmt::Debug for Limits {
    /// Without the address of Redis, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Limits");
        shown.field("enabled", &self.enabled).field("quotas", &self.quotas).finish_non_exhaustive()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { enabled: true, redis: None, quotas: BTreeMap::new() }
    }
}

/// A process of a hub of many restaurants.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hub {
    pub enabled: bool,
    pub ledger: Option<String>,
}

impl std::fmt::Debug for Hub {
    /// Without the ledger's address, which holds a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").field("enabled", &self.enabled).finish_non_exhaustive()
    }
}

impl Hub {
    fn wanted(self, redis: Option<String>) -> Option<hub::Wanted> {
        let ledger = self.ledger.filter(|_| self.enabled)?;
        Some(hub::Wanted { ledger, redis, snapshot_every: hub::SNAPSHOT_EVERY })
    }
}

/// What a server may do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Features {
    pub api_docs: bool,
    pub load_tests: bool,
    pub deployments: bool,
    pub api_keys: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { api_docs: true, load_tests: true, deployments: true, api_keys: true }
    }
}

impl Features {
    /// Parts of addresses that are not answered.
    pub fn off(self) -> Vec<&'static str> {
        let parts: [(bool, &[&str]); 4] = [
            (self.api_docs, &["/api-docs"]),
            (self.load_tests, &["/load-plans", "/load-presets", "/load-runs", "/load-comparison"]),
            (self.deployments, &["/deployments"]),
            (self.api_keys, &["/api-keys"]),
        ];
        parts.iter().filter(|(is_on, _)| !is_on).flat_map(|(_, parts)| parts.iter().copied()).collect()
    }
}

impl Settings {
    /// What no type says: `check` adds it to what reading found.
    fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut add = |key: &str, says: String| found.push(Finding { key: key.to_owned(), says });
        if EnvFilter::try_new(&self.log.level).is_err() {
            add("log.level", format!("“{}” is no level: error, warn, info, debug or trace", self.log.level));
        }
        if self.errors.dsn.as_deref().is_some_and(|dsn| !dsn.is_empty() && dsn.parse::<Dsn>().is_err()) {
            add("errors.dsn", "a DSN is like https://KEY@errors.example/1".to_owned());
        }
        if !(0.0..=1.0).contains(&self.errors.traces) {
            add("errors.traces", format!("{} is not between 0 and 1", self.errors.traces));
        }
        let token = self.metrics.token.as_deref().unwrap_or_default();
        if !token.is_empty() && token.len() < METRICS_TOKEN_MIN {
            add("metrics.token", format!("a token has {METRICS_TOKEN_MIN} characters or more"));
        }
        if let Some(address) = self.metrics.statsd.as_deref().filter(|address| !address.is_empty())
            && !address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        {
            add("metrics.statsd", format!("“{address}” is not HOST:PORT"));
        }
        for host in self.server.hosts.iter().filter(|host| host.contains(['/', ' '])) {
            add("server.hosts", format!("“{host}” is no host name"));
        }
        for origin in &self.server.origins {
            let name = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if !name.is_some_and(|name| !name.is_empty() && !name.contains(['/', ' '])) {
                add("server.origins", format!("“{origin}” is not like https://desk.example"));
            }
        }
        if let Some(folder) = self.server.ui.as_deref().filter(|folder| !folder.join("index.html").is_file()) {
            add("server.ui", format!("there are no screens in {}", folder.display()));
        }
        if self.limits.redis.as_deref().is_some_and(|url| !url.is_empty() && !shared::is_address(url)) {
            add("limits.redis", "an address is like redis://127.0.0.1:6379".to_owned());
        }
        let ledger = self.hub.ledger.as_deref().filter(|url| !url.is_empty());
        if self.hub.enabled && !ledger.is_some_and(hub::connect::is_address) {
            add("hub.ledger", "an address is like postgres://comanda@db.example/comanda".to_owned());
        }
        for (name, quota) in &self.limits.quotas {
            if let Err(refusal) = quota.checked() {
                add(&format!("limits.quotas.{}", name.as_str()), refusal.message.to_string());
            }
        }
        found
    }

    /// Whom errors are told to, if anybody.
    pub fn tracker(&self) -> Option<tracker::Wanted> {
        let Errors { dsn, environment, traces } = self.errors.clone();
        Some(tracker::Wanted { dsn: dsn?.parse().ok()?, environment, traces })
    }

    /// As the engine takes them; `Read::options` says besides what people are told of them.
    fn options(&self, data_dir: PathBuf) -> Options {
        let Self { server, metrics, limits, hub, features, .. } = self.clone();
        let redis = limits.redis.filter(|url| !url.is_empty());
        Options {
            data_dir,
            listen: SocketAddr::new(server.listen, server.port),
            ui: server.ui,
            hosts: server.hosts,
            origins: server.origins,
            ignores_keys: !server.idempotency,
            off: features.off(),
            metrics_token: metrics.token,
            statsd: metrics.statsd,
            limits: Wanted { is_on: limits.enabled, quotas: limits.quotas.into_iter().collect(), redis: redis.clone() },
            hub: hub.wanted(redis),
            ..Options::default()
        }
    }
}
