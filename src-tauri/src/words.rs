//! The shell's words: the very files the pages read, in the language the page was given, before that in the system's.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

struct Texts {
    desktop: Value,
    alerts: Value,
}

macro_rules! texts {
    ($language:literal) => {
        Texts {
            desktop: read(include_str!(concat!("../../ui/src/locales/", $language, "/desktop.json"))),
            alerts: read(include_str!(concat!("../../ui/src/locales/", $language, "/alerts.json"))),
        }
    };
}

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| texts!("en"));
static SPANISH: LazyLock<Texts> = LazyLock::new(|| texts!("es"));
static SPEAKS_SPANISH: AtomicBool = AtomicBool::new(false);

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Before a page has said which language it speaks.
pub fn as_the_system_speaks() {
    let tag =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    speak(&tag.unwrap_or_default());
}

/// A tag like `es` or `es_ES.UTF-8`; what is not known is English.
pub fn speak(tag: &str) {
    SPEAKS_SPANISH.store(tag.starts_with("es"), Ordering::Relaxed);
}

/// A word of `desktop.json`, by its key with dots.
pub fn word(key: &str) -> String {
    find(|texts| &texts.desktop, key)
}

/// The same, with what its places in double braces stand for.
pub fn with(key: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(word(key), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

/// What is spoken, as HTML names it.
pub fn language() -> &'static str {
    if SPEAKS_SPANISH.load(Ordering::Relaxed) { "es" } else { "en" }
}

/// What is wrong and what to do about it, of a rule of the alerts.
pub fn alert(rule: &str) -> (String, String) {
    let one = |what| find(|texts| &texts.alerts, &format!("rule.{rule}.{what}"));
    (one("what"), one("todo"))
}

/// The key itself where there is no such word, which a test forbids.
fn find(of: impl Fn(&'static Texts) -> &'static Value, key: &str) -> String {
    let texts = if SPEAKS_SPANISH.load(Ordering::Relaxed) { &*SPANISH } else { &*ENGLISH };
    let found = key.split('.').try_fold(of(texts), |at, part| at.get(part));
    found.and_then(Value::as_str).unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use comanda_engine::alerts::model::RULES;

    use super::*;

    #[test]
    fn every_rule_has_its_words_in_both_languages() {
        for tag in ["en_GB.UTF-8", "es"] {
            speak(tag);
            for rule in RULES {
                let (what, todo) = alert(rule.name.as_str());
                assert!(!what.starts_with("rule.") && !todo.starts_with("rule."), "{tag}: {:?}", rule.name);
            }
            for part in comanda_engine::health::model::PartName::ALL {
                let key = format!("wayBack.part.{}", part.as_str());
                assert_ne!(word(&key), key, "{tag}");
            }
            for key in ["tray.well", "tray.warning", "tray.critical", "tray.open", "tray.today", "tray.orders"] {
                assert_ne!(word(key), key, "{tag}");
            }
        }
    }
}
