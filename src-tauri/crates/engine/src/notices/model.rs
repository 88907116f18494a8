//! What is said, how it is signed, and when it is tried again. Pure.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use uuid::Uuid;

use crate::alerts::model::Unit;
use crate::alerts::store::Alert;
use crate::kernel::words::words;

/// Addresses, at most.
pub const TARGETS_MAX: u64 = 10;
/// Notices that were sent or given up and are kept, of each address.
pub const KEPT_MAX: u32 = 50;
/// Between one try and the next; after the last of them nobody tries any more. Twelve hours in all.
const WAITS_S: [i64; 7] = [5, 30, 120, 600, 1_800, 7_200, 33_600];
pub const WAIT_MS_MAX: i64 = WAITS_S[6] * 1_000;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Fired,
    Ended,
    /// Somebody wants to see whether it arrives.
    Test,
}

words!(Kind { Fired = "alert.fired", Ended = "alert.ended", Test = "test" });

/// How far a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    Sent,
    GivenUp,
}

words!(State { Waiting = "waiting", Sent = "sent", GivenUp = "given_up" });

/// How long to wait after so many tries that failed. None: no longer.
pub fn wait_ms(tries: u32) -> Option<i64> {
    let wait_s = WAITS_S.get(usize::try_from(tries.checked_sub(1)?).ok()?)?;
    Some(wait_s * 1_000)
}

/// What is sent about an alert.
pub fn body(kind: Kind, alert: &Alert, unit: Unit, at_ms: i64) -> String {
    let what = alert.rule.as_str().replace('_', " ");
    let what = alert.subject.as_ref().map_or(what.clone(), |of| format!("{what}, {}", of.name));
    let (value, limit) = (in_unit(unit, alert.value), in_unit(unit, alert.threshold));
    let text = match kind {
        Kind::Ended => format!("Over: {what}."),
        Kind::Fired | Kind::Test => {
            format!("{}: {what}. It is {value}, the limit is {limit}.", capital(alert.severity.as_str()))
        }
    };
    json!({
        "type": kind.as_str(), "at_ms": at_ms, "text": format!("Comanda: {text}"),
        "alert": {
            "id": alert.id, "rule": alert.rule, "subject": alert.subject, "severity": alert.severity, "unit": unit, "value": alert.value,
            "threshold": alert.threshold, "fired_ms": alert.fired_ms, "ended_ms": alert.ended_ms,
        },
    })
    .to_string()
}

/// What is sent to see whether it arrives.
pub fn test_body(at_ms: i64) -> String {
    let text = "Comanda: this is a test. Alerts arrive here.";
    json!({ "type": Kind::Test.as_str(), "at_ms": at_ms, "text": text }).to_string()
}

/// What a body says in words.
pub fn text(body: &str) -> String {
    let body = serde_json::from_str::<serde_json::Value>(body).unwrap_or_default();
    body["text"].as_str().unwrap_or("Comanda: an alert.").to_owned()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn in_unit(unit: Unit, value: i64) -> String {
    match unit {
        Unit::Bp => format!("{}.{:02} %", value / 100, value.rem_euclid(100)),
        Unit::Ms => format!("{value} ms"),
        Unit::S => format!("{} min", value / 60),
        Unit::Count => value.to_string(),
    }
}

/// The secret an address proves our notices with; as Standard Webhooks writes it.
pub struct Secret([u8; 32]);

impl Secret {
    pub fn mint() -> Self {
        Self(rand::random())
    }

    pub const fn of(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub fn shown(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// `webhook-signature`: of the id, the second and the body.
    pub fn sign(&self, id: Uuid, at_s: i64, body: &str) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{at_s}.{body}").as_bytes());
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::model::{RuleName, Severity};

    #[test]
    fn it_is_tried_for_half_a_day_and_no_longer() {
        assert_eq!((wait_ms(0), wait_ms(1), wait_ms(7), wait_ms(8)), (None, Some(5_000), Some(WAIT_MS_MAX), None));
        let all: i64 = (1..).map_while(wait_ms).sum();
        assert!((11 * 3_600_000..=13 * 3_600_000).contains(&all), "{all}");
    }

    /// Made with `openssl dgst -sha256 -mac HMAC`.
    #[test]
    fn a_signature_is_what_others_make_of_the_same() {
        let signed = Secret::of([7; 32]).sign(Uuid::nil(), 1_700_000_000, "{}").unwrap();
        assert_eq!(signed, "v1,ZxvsOzYV/OpNsXv3s5jH6WUZOCIv7ONToQakPTt2CAM=");
    }

    #[test]
    fn a_chat_is_told_in_words() {
        let alert = Alert {
            id: Uuid::nil(),
            rule: RuleName::DiskFull,
            subject: None,
            severity: Severity::Critical,
            threshold: 9_500,
            value: 9_807,
            fired_ms: 1,
            ended_ms: None,
            acknowledged: None,
        };
        let text =
            |kind| serde_json::from_str::<serde_json::Value>(&body(kind, &alert, Unit::Bp, 2)).unwrap()["text"].clone();
        assert_eq!(text(Kind::Fired), "Comanda: Critical: disk full. It is 98.07 %, the limit is 95.00 %.");
        assert_eq!(text(Kind::Ended), "Comanda: Over: disk full.");
    }
}
