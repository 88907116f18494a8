//! The settings an engine runs with, as they are told outside: a secret says whether it is set, and never its value.

use std::path::PathBuf;

use serde::Serialize;
use utoipa::ToSchema;

use super::list::QUOTAS;
use super::read::{Layers, NOT_SET, Read, Source, read};
use crate::serve::Options;

/// Which layer a value is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettingSource {
    Default,
    File,
    Environment,
    CommandLine,
}

impl From<&Source> for SettingSource {
    fn from(source: &Source) -> Self {
        match source {
            Source::Itself => Self::Default,
            Source::File(_) => Self::File,
            Source::Variable(_) => Self::Environment,
            Source::CommandLine => Self::CommandLine,
        }
    }
}

/// One setting, as it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Setting)]
pub struct Shown {
    #[schema(example = "server.port")]
    pub key: String,
    /// As `comanda.toml` writes it. Null: it is not set, or secret.
    pub value: Option<String>,
    pub is_set: bool,
    /// Opens something: its value is told to nobody.
    pub is_secret: bool,
    pub source: SettingSource,
}

impl Read {
    /// As the engine takes them.
    pub fn options(&self, data_dir: PathBuf) -> Options {
        Options { settings: self.shown(), ..self.settings.options(data_dir) }
    }

    /// Everything in the list, and the quotas that are other than the usual ones.
    pub fn shown(&self) -> Vec<Shown> {
        let listed = self.told.iter().map(|(setting, value, source)| {
            let is_set = value != NOT_SET;
            Shown {
                key: setting.key.to_owned(),
                value: Some(value.clone()).filter(|_| is_set && !setting.is_secret),
                is_set,
                is_secret: setting.is_secret,
                source: source.into(),
            }
        });
        let quotas = self.settings.limits.quotas.iter().map(|(name, quota)| Shown {
            key: format!("{QUOTAS}.{}", name.as_str()),
            value: Some(format!("{} in {} s", quota.requests, quota.window_s)),
            is_set: true,
            is_secret: false,
            source: SettingSource::File,
        });
        listed.chain(quotas).collect()
    }
}

/// What holds when nobody says anything.
pub fn usual() -> Vec<Shown> {
    read(&Layers::default()).map(|read| read.shown()).unwrap_or_default()
}
