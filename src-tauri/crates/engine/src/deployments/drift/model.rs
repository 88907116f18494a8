//! Settings as a Comanda said them, and which of them are no longer as they were accepted. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::text;
use crate::kernel::words::words;

/// A Comanda that says more has settings nobody here knows how to show.
const SETTINGS_MAX: usize = 500;
const VALUE_CHARS_MAX: usize = 1_000;
const KEY_CHARS_MAX: usize = 120;
/// Stands beside the settings, and drifts like them.
const VERSION: &str = "version";

/// Why it did not say its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriftTrouble {
    /// It did not answer as it should.
    Away,
    /// The session there has ended.
    Ended,
    /// The role there does not see them.
    Forbidden,
    /// It is of a version that does not say them.
    Older,
}
words!(DriftTrouble { Away = "away", Ended = "ended", Forbidden = "forbidden", Older = "older" });

/// One setting as it was or is. A secret says whether it is set, so that one that is another now does not show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DriftValue {
    /// Null: it is not set, or secret.
    pub value: Option<String>,
    pub is_set: bool,
}

/// What a Comanda said of itself: its settings by their keys, and its version among them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said(pub BTreeMap<String, DriftValue>);

#[derive(Deserialize)]
struct Answer {
    version: String,
    items: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    key: String,
    value: Option<String>,
    is_set: bool,
    is_secret: bool,
}

impl Said {
    /// Out of an answer of `/settings`; none: it is another kind of answer. What is secret there stays there, whatever
    /// is in the answer.
    pub fn read(answer: serde_json::Value) -> Option<Self> {
        let Answer { version, items } = serde_json::from_value(answer).ok()?;
        if items.len() > SETTINGS_MAX {
            return None;
        }
        let short = |text: String, most: usize| text::cleaned(&text).chars().take(most).collect::<String>();
        let version = DriftValue { value: Some(short(version, KEY_CHARS_MAX)), is_set: true };
        let items = items.into_iter().map(|line| {
            let value = line.value.filter(|_| !line.is_secret).map(|value| short(value, VALUE_CHARS_MAX));
            (short(line.key, KEY_CHARS_MAX), DriftValue { value, is_set: line.is_set })
        });
        Some(Self(items.chain([(VERSION.to_owned(), version)]).collect()))
    }
}

/// A setting that is no longer as it was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DriftDifference {
    /// As in `comanda.toml`; `version` is the program's.
    pub key: String,
    /// Null: there was no such setting.
    pub was: Option<DriftValue>,
    /// Null: there is no such setting any more.
    pub is: Option<DriftValue>,
}

/// By key. Where a value is from does not count: what holds is the same.
pub fn differences(accepted: &Said, seen: &Said) -> Vec<DriftDifference> {
    let keys: BTreeSet<&String> = accepted.0.keys().chain(seen.0.keys()).collect();
    let differ = keys.into_iter().filter(|key| accepted.0.get(*key) != seen.0.get(*key));
    let of = |said: &Said, key: &str| said.0.get(key).cloned();
    differ.map(|key| DriftDifference { key: key.clone(), was: of(accepted, key), is: of(seen, key) }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(version: &str, items: serde_json::Value) -> Said {
        Said::read(json!({ "version": version, "items": items })).unwrap()
    }

    fn line(key: &str, value: Option<&str>, is_set: bool, is_secret: bool) -> serde_json::Value {
        json!({ "key": key, "value": value, "is_set": is_set, "is_secret": is_secret, "source": "file" })
    }

    #[test]
    fn what_is_another_new_or_gone_is_a_difference_and_nothing_else() {
        let before = said(
            "1.0",
            json!([line("a", Some("1"), true, false), line("b", None, false, true), line("c", Some("x"), true, false)]),
        );
        assert_eq!(differences(&before, &before), []);
        let after = said(
            "1.1",
            json!([line("a", Some("1"), true, false), line("b", None, true, true), line("d", Some("y"), true, false)]),
        );
        let found = differences(&before, &after);
        let keys: Vec<&str> = found.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["b", "c", "d", "version"]);
        assert_eq!((found[0].was.as_ref().unwrap().is_set, found[0].is.as_ref().unwrap().is_set), (false, true));
        assert_eq!((&found[1].is, &found[2].was), (&None, &None));
    }

    #[test]
    fn a_secret_that_is_told_all_the_same_is_not_kept() {
        let told = said("1.0", json!([line("metrics.token", Some("0123456789abcdef"), true, true)]));
        assert!(!format!("{told:?}").contains("0123456789abcdef"));
        assert_eq!(Said::read(json!({ "version": "1.0" })), None);
        assert_eq!(Said::read(json!({ "version": "1.0", "items": vec![line("a", None, false, false); 501] })), None);
    }
}
