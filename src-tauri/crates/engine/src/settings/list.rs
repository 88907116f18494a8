//! The one list of settings: their keys in `comanda.toml`, their variables, what they are for.

/// What a value looks like, to read it from a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    /// Between 0 and 1.
    Share,
    /// true or false, 1 or 0, yes or no, on or off.
    Switch,
    /// Separated by commas.
    Words,
}

#[derive(Debug)]
pub struct Setting {
    /// `section.name`
    pub key: &'static str,
    /// The first one that is set counts.
    pub variables: &'static [&'static str],
    pub kind: Kind,
    pub about: &'static str,
    /// Opens something: shown to nobody.
    pub is_secret: bool,
}

const fn setting(key: &'static str, variables: &'static [&'static str], kind: Kind, about: &'static str) -> Setting {
    Setting { key, variables, kind, about, is_secret: false }
}

/// Where `limits.quotas.NAME` lies: one for each limiter.
pub const QUOTAS: &str = "limits.quotas";

pub const LIST: &[Setting] = &[
    setting("server.listen", &["COMANDA_LISTEN"], Kind::Text, "Address to listen on."),
    setting("server.port", &["COMANDA_PORT", "PORT"], Kind::Number, "Port to listen on; 0 takes a free one."),
    setting("server.ui", &["COMANDA_UI"], Kind::Text, "Folder of the built screens; left out: beside the program."),
    setting("server.hosts", &["COMANDA_HOSTS"], Kind::Words, "Other host names to answer to."),
    setting("server.origins", &["COMANDA_ORIGINS"], Kind::Words, "Other pages that may talk to the engine."),
    setting(
        "server.idempotency",
        &["IDEMPOTENCY_ENABLED"],
        Kind::Switch,
        "Whether a repeated `Idempotency-Key` is answered as the first time.",
    ),
    setting("log.level", &["LOG_LEVEL"], Kind::Text, "error, warn, info, debug or trace; or a filter of `tracing`."),
    Setting {
        key: "errors.dsn",
        variables: &["SENTRY_DSN"],
        kind: Kind::Text,
        about: "A tracker that speaks Sentry's protocol, to tell errors to. Left out: nobody is told.",
        is_secret: true,
    },
    setting(
        "errors.environment",
        &["SENTRY_ENVIRONMENT"],
        Kind::Text,
        "What the tracker is told this is: production, say.",
    ),
    setting("errors.traces", &["SENTRY_TRACES_SAMPLE_RATE"], Kind::Share, "Requests in 1 that are traced for it."),
    Setting {
        key: "metrics.token",
        variables: &["COMANDA_METRICS_TOKEN"],
        kind: Kind::Text,
        about: "Opens /metrics to a collector that is no person.",
        is_secret: true,
    },
    setting("metrics.statsd", &["COMANDA_STATSD"], Kind::Text, "StatsD server to send figures to, HOST:PORT."),
    setting("limits.enabled", &["RATE_LIMIT_ENABLED"], Kind::Switch, "Whether who asks too often is told to wait."),
    Setting {
        key: "limits.redis",
        variables: &["REDIS_URL"],
        kind: Kind::Text,
        about: "Redis that several processes count in together: redis://HOST:PORT. Left out: this one by itself.",
        is_secret: true,
    },
    setting("hub.enabled", &["COMANDA_HUB"], Kind::Switch, "Whether this is a process of a hub of many restaurants."),
    Setting {
        key: "hub.ledger",
        variables: &["COMANDA_LEDGER"],
        kind: Kind::Text,
        about: "PostgreSQL that holds a hub's restaurants: postgres://USER:PASSWORD@HOST/DATABASE.",
        is_secret: true,
    },
    setting("features.api_docs", &[], Kind::Switch, "The page of the contract at /api-docs."),
    setting("features.load_tests", &[], Kind::Switch, "Load tests."),
    setting("features.deployments", &[], Kind::Switch, "Watching other servers, and their backups."),
    setting("features.api_keys", &[], Kind::Switch, "Making API keys. Those there are go on working."),
];
