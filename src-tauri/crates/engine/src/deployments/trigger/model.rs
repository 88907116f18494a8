//! How a backup is asked for, and what its answers mean. Pure.

use std::collections::HashSet;

use garde::Validate;
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::deployments::model::{self, Kind};
use crate::kernel::text;
use crate::kernel::words::words;

pub const URL_MAX: usize = 1024;
pub const BODY_MAX: usize = 8 * 1024;
pub const HEADERS_MAX: usize = 20;
pub const HEADER_MAX: usize = 4096;
pub const POINTER_MAX: usize = 200;
pub const EQUALS_MAX: usize = 200;
/// Of what a service says so much is shown and kept.
const SAID_CHARS_MAX: usize = 80;
/// Headers that the way there needs for itself.
const NOT_OURS: [&str; 6] = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schema(as = TriggerMethod)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
}

/// How a backup is asked for. Secret values are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BackupTrigger)]
pub struct Trigger {
    pub method: Method,
    pub url: String,
    /// Sent as it is.
    pub body: Option<String>,
    pub headers: Vec<Header>,
    /// The answer has one of these; none: any of 200 to 299.
    pub statuses: Vec<u16>,
    /// And the answer says this.
    pub says: Option<Says>,
    /// Null: the answer itself says that it was made.
    pub poll: Option<Poll>,
    /// The whole of it takes no longer.
    pub limit_s: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TriggerHeader)]
pub struct Header {
    pub name: String,
    /// Null: it is secret, and shown to nobody.
    pub value: Option<String>,
}

/// A part of a JSON answer that has to be this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TriggerSays)]
pub struct Says {
    /// RFC 6901: `/job/state`. Empty: the whole answer.
    #[garde(length(max = POINTER_MAX))]
    #[schema(max_length = 200)]
    pub pointer: String,
    /// A text as it is; a number, true, false or null as JSON writes it.
    #[garde(length(max = EQUALS_MAX))]
    #[schema(max_length = 200)]
    pub equals: String,
}

/// How one sees whether it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TriggerPoll)]
pub struct Poll {
    /// Where to ask; null: the first answer says where.
    #[serde(default)]
    #[garde(length(min = 1, max = URL_MAX))]
    #[schema(max_length = 1024)]
    pub url: Option<String>,
    /// Where in the first answer the address stands.
    #[serde(default)]
    #[garde(length(max = POINTER_MAX))]
    #[schema(max_length = 200)]
    pub pointer: Option<String>,
    #[garde(range(min = 1, max = 600))]
    pub every_s: u32,
    #[garde(dive)]
    pub done: Says,
    #[serde(default)]
    #[garde(dive)]
    pub failed: Option<Says>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TriggerRunState)]
pub enum State {
    Running,
    Done,
    Failed,
    /// Nobody here waits for it any more. It may go on there.
    Stopped,
}
words!(State { Running = "running", Done = "done", Failed = "failed", Stopped = "stopped" });

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TriggerRunFault)]
pub enum Fault {
    /// It gave no answer; `reason` says why.
    NoAnswer,
    /// Another status than one that is good.
    Status,
    /// The answer has no such part, or is no JSON.
    SaysNothing,
    /// The part says something else.
    SaysOther,
    /// Where to ask on is no address.
    NoPollAddress,
    /// It sends on to another server: what opens this one does not go there.
    PollElsewhere,
    /// It says itself that it failed.
    SaysFailed,
    TimeUp,
    /// The engine here stopped meanwhile.
    Interrupted,
}
words!(Fault {
    NoAnswer = "no_answer",
    Status = "status",
    SaysNothing = "says_nothing",
    SaysOther = "says_other",
    NoPollAddress = "no_poll_address",
    PollElsewhere = "poll_elsewhere",
    SaysFailed = "says_failed",
    TimeUp = "time_up",
    Interrupted = "interrupted",
});

impl Says {
    /// What stands there, as text. None: nothing, or more than a value.
    pub fn found(&self, answer: &Value) -> Option<String> {
        found(answer, &self.pointer)
    }

    pub fn holds(&self, answer: &Value) -> bool {
        self.found(answer).is_some_and(|found| found == self.equals)
    }
}

fn found(answer: &Value, pointer: &str) -> Option<String> {
    match answer.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
        scalar => Some(scalar.to_string()),
    }
}

/// A value as it is shown and kept.
pub fn shown(said: &str) -> String {
    text::cleaned(said).chars().take(SAID_CHARS_MAX).collect()
}

impl Trigger {
    /// Whether an answer says that it was taken. `answer` is null when it is no JSON.
    pub fn judge(&self, status: u16, answer: &Value) -> Result<(), Fault> {
        let is_good =
            if self.statuses.is_empty() { (200..300).contains(&status) } else { self.statuses.contains(&status) };
        match &self.says {
            _ if !is_good => Err(Fault::Status),
            Some(says) if says.found(answer).is_none() => Err(Fault::SaysNothing),
            Some(says) if !says.holds(answer) => Err(Fault::SaysOther),
            _ => Ok(()),
        }
    }

    /// Where to ask on, after the first answer.
    pub fn poll_url(&self, poll: &Poll, answer: &Value) -> Result<Url, Fault> {
        let own = Url::parse(&self.url).map_err(|_| Fault::NoPollAddress)?;
        let url = match &poll.url {
            Some(fixed) => Url::parse(fixed).map_err(|_| Fault::NoPollAddress)?,
            None => {
                let pointer = poll.pointer.as_deref().unwrap_or_default();
                let said = found(answer, pointer).filter(|said| !said.is_empty() && said.len() <= URL_MAX);
                own.join(&said.ok_or(Fault::NoPollAddress)?).map_err(|_| Fault::NoPollAddress)?
            }
        };
        if url.origin() == own.origin() { Ok(url) } else { Err(Fault::PollElsewhere) }
    }

    /// What keeps it from being kept: a field and a sentence. `url` comes back as it is kept.
    pub fn check(&mut self) -> Result<(), (String, &'static str)> {
        let url = model::address(Kind::Http, &self.url).map_err(|why| ("url".to_owned(), why))?;
        self.url = url.to_string();
        self.check_headers(&url)?;
        if self.body.is_some() && self.method == Method::Get {
            return Err(("body".to_owned(), "A GET takes no body."));
        }
        if let Some(says) = &self.says {
            pointer("says.pointer", &says.pointer)?;
        }
        let Some(poll) = &mut self.poll else { return Ok(()) };
        pointer("poll.done.pointer", &poll.done.pointer)?;
        if let Some(failed) = &poll.failed {
            pointer("poll.failed.pointer", &failed.pointer)?;
        }
        match (&mut poll.url, &poll.pointer) {
            (Some(fixed), None) => {
                let at = model::address(Kind::Http, fixed).map_err(|why| ("poll.url".to_owned(), why))?;
                if at.origin() != url.origin() {
                    let why = "It is asked at the server of the first address: what opens that one goes nowhere else.";
                    return Err(("poll.url".to_owned(), why));
                }
                *fixed = at.to_string();
                Ok(())
            }
            (None, Some(at)) => pointer("poll.pointer", at),
            _ => Err(("poll.url".to_owned(), "Say where to ask: an address, or where it stands in the first answer.")),
        }
    }

    fn check_headers(&mut self, url: &Url) -> Result<(), (String, &'static str)> {
        let mut known = HashSet::new();
        for (at, header) in self.headers.iter_mut().enumerate() {
            let wrong = |part: &str, why| Err((format!("headers[{at}].{part}"), why));
            let Ok(name) = HeaderName::from_bytes(header.name.trim().as_bytes()) else {
                return wrong("name", "A header's name has letters, digits and dashes.");
            };
            if NOT_OURS.contains(&name.as_str()) {
                return wrong("name", "This header is written by itself.");
            }
            header.name = name.as_str().to_owned();
            if !known.insert(name) {
                return wrong("name", "This header is there already.");
            }
            match &header.value {
                Some(value) if !sendable(value) => return wrong("value", NOT_SENDABLE),
                None if !model::may_carry_secrets(url) => {
                    let why = "A secret would travel there in the open. Use an https address.";
                    return wrong("value", why);
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub fn secret_names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(|header| header.value.is_none()).map(|header| header.name.as_str())
    }
}

pub const NOT_SENDABLE: &str = "A header's value has letters, digits and signs on one line.";

pub fn sendable(value: &str) -> bool {
    !value.is_empty() && HeaderValue::from_str(value).is_ok_and(|value| value.to_str().is_ok())
}

fn pointer(field: &str, pointer: &str) -> Result<(), (String, &'static str)> {
    if pointer.is_empty() || pointer.starts_with('/') {
        return Ok(());
    }
    Err((field.to_owned(), "A place in a JSON answer begins with /, as /job/state."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn says(pointer: &str, equals: &str) -> Says {
        Says { pointer: pointer.to_owned(), equals: equals.to_owned() }
    }

    fn trigger() -> Trigger {
        Trigger {
            method: Method::Post,
            url: "https://shop.example/backups".to_owned(),
            body: None,
            headers: Vec::new(),
            statuses: Vec::new(),
            says: None,
            poll: None,
            limit_s: 60,
        }
    }

    #[test]
    fn an_answer_is_good_by_its_status_and_by_what_it_says() {
        let mut of = trigger();
        assert_eq!(of.judge(204, &Value::Null), Ok(()));
        assert_eq!(of.judge(302, &Value::Null), Err(Fault::Status));
        of.statuses = vec![202, 409];
        assert_eq!((of.judge(200, &Value::Null), of.judge(409, &Value::Null)), (Err(Fault::Status), Ok(())));
        of.says = Some(says("/made/0", "3"));
        assert_eq!(of.judge(202, &json!({ "made": [3] })), Ok(()));
        assert_eq!(of.judge(202, &json!({ "made": ["3"] })), Ok(()));
        assert_eq!(of.judge(202, &json!({ "made": [4] })), Err(Fault::SaysOther));
        assert_eq!(of.judge(202, &json!({ "made": [[3]] })), Err(Fault::SaysNothing));
        assert_eq!(of.judge(500, &json!({ "made": [3] })), Err(Fault::Status));
        assert!(says("/ok", "true").holds(&json!({ "ok": true })) && says("", "null").holds(&Value::Null));
    }

    #[test]
    fn it_asks_on_at_its_own_server_alone() {
        let of = trigger();
        let poll = |url: Option<&str>, pointer: Option<&str>| Poll {
            url: url.map(str::to_owned),
            pointer: pointer.map(str::to_owned),
            every_s: 5,
            done: says("/state", "done"),
            failed: None,
        };
        let at = |said: &str| {
            let found = of.poll_url(&poll(None, Some("/at")), &json!({ "at": said }));
            found.map(|url| url.to_string())
        };
        assert_eq!(at("/jobs/7").as_deref(), Ok("https://shop.example/jobs/7"));
        assert_eq!(at("7?full=1").as_deref(), Ok("https://shop.example/7?full=1"));
        assert_eq!(at("https://shop.example/jobs/7").as_deref(), Ok("https://shop.example/jobs/7"));
        for elsewhere in
            ["https://evil.example/7", "//evil.example/7", "http://shop.example/7", "https://shop.example:8/"]
        {
            assert_eq!(at(elsewhere), Err(Fault::PollElsewhere), "{elsewhere}");
        }
        assert_eq!(at(""), Err(Fault::NoPollAddress));
        let fixed = poll(Some("https://shop.example/last"), None);
        assert!(of.poll_url(&fixed, &Value::Null).is_ok());
    }

    #[test]
    fn what_cannot_be_kept_is_told_at_its_field() {
        let wrong = |change: fn(&mut Trigger)| {
            let mut of = trigger();
            change(&mut of);
            of.check().err().map(|(field, _)| field)
        };
        let header =
            |name: &str, value: Option<&str>| Header { name: name.to_owned(), value: value.map(str::to_owned) };
        assert_eq!(wrong(|_| ()), None);
        assert_eq!(wrong(|of| of.url = "ftp://shop".to_owned()).as_deref(), Some("url"));
        assert_eq!(wrong(|of| of.says = Some(says("state", "x"))).as_deref(), Some("says.pointer"));
        let mut of = trigger();
        for (bad, field) in [
            (header("two words", Some("x")), "headers[0].name"),
            (header("Host", Some("x")), "headers[0].name"),
            (header("x-key", Some("a\nb")), "headers[0].value"),
        ] {
            of.headers = vec![bad];
            assert_eq!(of.check().err().map(|(field, _)| field).as_deref(), Some(field));
        }
        of.headers = vec![header("X-Key", None), header("x-key", Some("b"))];
        assert_eq!(of.check().err().map(|(field, _)| field).as_deref(), Some("headers[1].name"));
        of.headers.truncate(1);
        assert_eq!(of.check(), Ok(()));
        of.url = "http://shop.example/".to_owned();
        assert_eq!(of.check().err().map(|(field, _)| field).as_deref(), Some("headers[0].value"));
    }
}
