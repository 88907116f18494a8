//! Putting the layers on each other: what holds by itself, the file, the environment, the command line.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::list::{Kind, LIST, QUOTAS, Setting};
use super::{FILE, Settings};
use crate::limits::pace::switch;

/// Where a value is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Itself,
    File(PathBuf),
    Variable(&'static str),
    CommandLine,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Itself => f.write_str("usual"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

/// What does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub key: String,
    pub says: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.says)
    }
}

/// Everything that does not fit, a line each.
#[derive(Debug, thiserror::Error)]
pub struct Findings(pub Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// Told of what is not set, and of what is and opens something.
pub const NOT_SET: &str = "-";
pub const NOT_SHOWN: &str = "(not shown)";

/// Settings, and of each in the list what it is and where from.
#[derive(Debug)]
pub struct Read {
    pub settings: Settings,
    pub told: Vec<(&'static Setting, String, Source)>,
}

/// The layers, lowest first.
#[derive(Debug, Default)]
pub struct Layers<'a> {
    /// `comanda.toml`: one that was named has to be there.
    pub file: Option<&'a Path>,
    /// The environment.
    pub variables: Vec<(String, String)>,
    /// Keys of the list, and what the command line says.
    pub flags: Vec<(&'static str, String)>,
}

impl<'a> Layers<'a> {
    pub fn of_process(file: Option<&'a Path>) -> Self {
        // What is no text is none of ours.
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            name.into_string().ok().zip(value.into_string().ok())
        };
        Self { file, variables: std::env::vars_os().filter_map(text).collect(), flags: Vec::new() }
    }
}

/// The file that is read when nobody names one: that in the data directory, if there is one.
pub fn file_in(data_dir: &Path) -> Option<PathBuf> {
    Some(data_dir.join(FILE)).filter(|path| path.is_file())
}

/// Reads all layers. What does not fit is told whole.
pub fn read(layers: &Layers<'_>) -> Result<Read, Findings> {
    let mut found = Vec::new();
    let mut whole = Table::new();
    if let Some(path) = layers.file {
        match table_of(path) {
            Ok(table) => {
                strangers(&table, "", &mut found);
                whole = table;
            }
            Err(says) => return Err(Findings(vec![Finding { key: path.display().to_string(), says }])),
        }
    }
    let sources: Vec<Source> = LIST.iter().map(|setting| laid(setting, layers, &mut whole, &mut found)).collect();
    if !found.is_empty() {
        return Err(Findings(found));
    }
    let settings: Settings = match whole.try_into() {
        Ok(settings) => settings,
        Err(error) => return Err(Findings(vec![misfit(layers.file, &error)])),
    };
    let found = settings.findings();
    if !found.is_empty() {
        return Err(Findings(found));
    }
    let shown = Table::try_from(&settings).unwrap_or_default();
    let told = LIST.iter().zip(sources).map(|(setting, source)| {
        // An empty text is as good as none.
        let value = match at(&shown, setting.key).filter(|value| value.as_str() != Some("")) {
            None => NOT_SET.to_owned(),
            Some(_) if setting.is_secret => NOT_SHOWN.to_owned(),
            Some(value) => value.to_string(),
        };
        (setting, value, source)
    });
    Ok(Read { told: told.collect(), settings })
}

/// Puts what the upper layers say of a setting over what the file says; where the value is from then.
fn laid(setting: &'static Setting, layers: &Layers<'_>, whole: &mut Table, found: &mut Vec<Finding>) -> Source {
    let of = |name: &&'static str| {
        let said = |(variable, value): &&(String, String)| variable == name && !value.is_empty();
        layers.variables.iter().find(said).map(|(_, value)| (Source::Variable(name), value))
    };
    let variable = setting.variables.iter().find_map(of);
    let flag = layers.flags.iter().find(|(key, _)| *key == setting.key);
    let mut source = match layers.file.filter(|_| at(whole, setting.key).is_some()) {
        Some(path) => Source::File(path.to_owned()),
        None => Source::Itself,
    };
    for (from, text) in variable.into_iter().chain(flag.map(|(_, text)| (Source::CommandLine, text))) {
        match value_of(setting.kind, text) {
            Ok(value) => {
                put(whole, setting.key, value);
                source = from;
            }
            Err(says) => found.push(Finding { key: format!("{} ({from})", setting.key), says }),
        }
    }
    source
}

/// A value of the wrong kind, as TOML tells it, with the file when there is one.
fn misfit(file: Option<&Path>, error: &toml::de::Error) -> Finding {
    let key = file.map_or_else(|| "settings".to_owned(), |path| path.display().to_string());
    Finding { key, says: error.to_string().trim().replace('\n', " ") }
}

fn table_of(path: &Path) -> Result<Table, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
    text.parse().map_err(|error: toml::de::Error| format!("is not TOML: {error}"))
}

/// Keys of the file that are in no list.
fn strangers(table: &Table, under: &str, found: &mut Vec<Finding>) {
    for (name, value) in table {
        let key = if under.is_empty() { name.clone() } else { format!("{under}.{name}") };
        let is_known = LIST.iter().any(|setting| setting.key == key) || key == QUOTAS;
        match value.as_table() {
            _ if is_known => {}
            Some(inner) if LIST.iter().any(|setting| setting.key.starts_with(&format!("{key}."))) => {
                strangers(inner, &key, found);
            }
            _ => found.push(Finding { says: format!("there is no such setting{}", like(&key)), key }),
        }
    }
}

/// What was meant, perhaps.
fn like(key: &str) -> String {
    let near = |known: &&Setting| strsim::jaro_winkler(known.key, key);
    let nearest = LIST.iter().max_by(|a, b| near(a).total_cmp(&near(b)));
    nearest.filter(|known| near(known) > 0.8).map(|known| format!("; is {} meant?", known.key)).unwrap_or_default()
}

fn value_of(kind: Kind, text: &str) -> Result<Value, String> {
    match kind {
        Kind::Text => Ok(Value::String(text.to_owned())),
        Kind::Number => text.trim().parse().map(Value::Integer).map_err(|_| format!("“{text}” is no whole number")),
        Kind::Share => text.trim().parse().map(Value::Float).map_err(|_| format!("“{text}” is no number")),
        Kind::Switch => switch(text).map(Value::Boolean).ok_or_else(|| format!("“{text}” is neither true nor false")),
        Kind::Words => {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            Ok(Value::Array(words.map(|word| Value::String(word.to_owned())).collect()))
        }
    }
}

fn at<'t>(table: &'t Table, key: &str) -> Option<&'t Value> {
    let (section, name) = key.split_once('.')?;
    table.get(section)?.get(name)
}

fn put(table: &mut Table, key: &str, value: Value) {
    let Some((section, name)) = key.split_once('.') else { return };
    let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(section) = section {
        section.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a file of these lines under these variables; the sentences of what does not fit.
    fn reading(lines: &str, variables: &[(&str, &str)]) -> Result<Read, Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        std::fs::write(&file, lines).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let read = read(&Layers { file: Some(&file), variables, flags: vec![("server.port", "7000".into())] });
        read.map_err(|found| found.0.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_last_layer_wins_and_each_value_says_where_it_is_from() {
        let lines = "[server]\nport = 1\nhosts = [\"a\"]\n[limits]\nenabled = true\n\
                     [limits.quotas]\ngeneral = { requests = 7, window_s = 60 }\n[log]\nlevel = \"warn\"";
        let variables = [("PORT", "2"), ("COMANDA_HOSTS", "b, c"), ("RATE_LIMIT_ENABLED", "off"), ("LOG_LEVEL", "")];
        let Read { settings, told } = reading(lines, &variables).unwrap();
        assert_eq!((settings.server.port, settings.server.hosts.join(" ")), (7000, "b c".to_owned()));
        assert_eq!((settings.limits.enabled, settings.log.level.as_str()), (false, "warn"));
        assert_eq!(settings.limits.quotas.values().next().unwrap().requests, 7);
        let source = |key| told.iter().find(|(setting, ..)| setting.key == key).unwrap().2.to_string();
        assert_eq!(source("server.port"), "command line");
        assert_eq!(source("server.hosts"), "COMANDA_HOSTS");
        assert_eq!(source("server.listen"), "usual");
        assert!(source("log.level").ends_with(FILE), "an empty variable says nothing");
    }

    #[test]
    fn a_secret_is_told_of_and_not_told() {
        let Read { settings, told } = reading("", &[("COMANDA_METRICS_TOKEN", "0123456789abcdef")]).unwrap();
        assert!(!format!("{settings:?} {told:?}").contains("0123456789abcdef"));
        assert_eq!(settings.metrics.token.as_deref(), Some("0123456789abcdef"));
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        let check = |lines: &str, variables: &[(&str, &str)], says: &str| {
            let found = reading(lines, variables).expect_err(lines).join("\n");
            assert!(found.contains(says), "{found}");
        };
        check("[server]\nprot = 1", &[], "server.prot: there is no such setting; is server.port meant?");
        check("[sever]\nport = 1", &[], "sever: there is no such setting");
        check("[server\nport = 1", &[], "is not TOML");
        check("[server]\nlisten = \"here\"", &[], "IP address");
        check("", &[("COMANDA_PORT", "many")], "server.port (COMANDA_PORT): “many” is no whole number");
        check(
            "[server]\nport = 1\norigins = [\"desk\"]",
            &[],
            "server.origins: “desk” is not like https://desk.example",
        );
        check("[limits.quotas]\ngeneral = { requests = 0, window_s = 1 }", &[], "limits.quotas.general");
        check("[limits.quotas]\nnobody = { requests = 1, window_s = 1 }", &[], "nobody");
        check("[metrics]\ntoken = \"short\"", &[], "metrics.token: a token has 16");
        check("[metrics]\nstatsd = \"here\"", &[], "metrics.statsd");
        check("[log]\nlevel = \"comanda=loud\"", &[], "log.level");
        check("[server]\nui = \"/nowhere\"", &[], "server.ui");
        // Both, not the first alone.
        let both = reading("[server]\nx = 1\ny = 2", &[]).unwrap_err();
        assert_eq!(both.len(), 2);
    }
}
