//! One walk through a scenario: fill the templates, ask, look at the answer, go on.
//!
//! The first step is meant to begin when its arrival is; each further one when the answer before it was there and the
//! pause is over. A step that fails ends the walk: what follows would ask for what is not there.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HOST, HeaderMap, HeaderValue};
use hyper::{Request, Uri, Version};
use serde_json::Value;

use crate::lines::Lines;
use crate::plan::{Check, Pick, Protocol, Think};
use crate::script::{Known, Part, ReadyScenario, ReadyStep, Rows, put};
use crate::tally::ErrorKind;
use crate::wire::{Answer, Broken, Target};

/// Numbers that look random and are the same for the same seed (SplitMix64: Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0xD129_0CC4_37A8_5C4D) ^ number);
        dice.throw();
        dice
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// From 0 up to 1.
    pub fn share(&mut self) -> f64 {
        (self.throw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, most: u64) -> u64 {
        self.throw() % most.max(1)
    }
}

/// What one walk knows.
pub struct Walk<'a> {
    pub target: &'a Target,
    pub protocol: Protocol,
    pub feeds: &'a [Rows],
    pub slots: Vec<Option<Known>>,
    pub rows: Vec<usize>,
    pub number: u64,
    pub dice: Dice,
    pub began: Instant,
}

/// Which scenario an arrival begins.
pub fn choose(scenarios: &[ReadyScenario], dice: &mut Dice) -> usize {
    let at = dice.share();
    scenarios.iter().position(|scenario| at < scenario.up_to).unwrap_or(scenarios.len() - 1)
}

/// The row of each feed that a walk takes.
pub fn rows(feeds: &[Rows], number: u64, dice: &mut Dice) -> Vec<usize> {
    let pick = |feed: &Rows| {
        let rows = feed.rows.len().max(1) as u64;
        (match feed.pick {
            Pick::Cycle => number % rows,
            Pick::Random => dice.below(rows),
        }) as usize
    };
    feeds.iter().map(pick).collect()
}

fn wrong(what: &str) -> Broken {
    Broken::new(ErrorKind::Check, format!("{what} cannot be sent as it was filled in."))
}

impl Walk<'_> {
    fn fill(&mut self, parts: &[Part]) -> Result<Bytes, Broken> {
        if let [Part::Fixed(bytes)] = parts {
            return Ok(bytes.clone());
        }
        let mut out = Vec::with_capacity(128);
        for part in parts {
            match part {
                Part::Fixed(bytes) => out.extend_from_slice(bytes),
                Part::Slot(at, style) => match &self.slots[*at] {
                    Some(value) => put(&mut out, value, *style),
                    None => {
                        return Err(Broken::new(ErrorKind::Check, "A value was not extracted before it was needed."));
                    }
                },
                Part::Column(feed, column, style) => {
                    let row = self.feeds[*feed].rows.get(self.rows[*feed]).and_then(|row| row.get(*column));
                    match row.and_then(Option::as_ref) {
                        Some(value) => put(&mut out, value, *style),
                        None => return Err(Broken::new(ErrorKind::Check, "A feed's row lacks a column.")),
                    }
                }
                Part::Uuid => out.extend_from_slice(uuid::Uuid::new_v4().to_string().as_bytes()),
                Part::NowMs => out.extend_from_slice(self.began.elapsed().as_millis().to_string().as_bytes()),
                Part::Number => out.extend_from_slice(self.number.to_string().as_bytes()),
                Part::Random(low, high) => {
                    let span = u64::try_from(high.saturating_sub(*low)).unwrap_or_default().saturating_add(1);
                    let value = low.saturating_add(i64::try_from(self.dice.below(span)).unwrap_or_default());
                    out.extend_from_slice(value.to_string().as_bytes());
                }
            }
        }
        Ok(out.into())
    }

    /// Of a step that listens: where, with which headers, and who it says it is.
    pub fn opening(&mut self, step: &ReadyStep, auth: &[Part]) -> Result<(Bytes, HeaderMap, Bytes), Broken> {
        Ok((self.fill(&step.path)?, self.headers(step)?, self.fill(auth)?))
    }

    fn headers(&mut self, step: &ReadyStep) -> Result<HeaderMap, Broken> {
        let mut headers = HeaderMap::with_capacity(step.headers.len() + 1);
        for (name, value) in &step.headers {
            let value =
                HeaderValue::from_maybe_shared(self.fill(value)?).map_err(|_| wrong(&format!("The header {name}")))?;
            headers.insert(name.clone(), value);
        }
        Ok(headers)
    }

    pub fn request(&mut self, step: &ReadyStep) -> Result<Request<Full<Bytes>>, Broken> {
        let path = self.fill(&step.path)?;
        let mut uri = Uri::builder().path_and_query(path.as_ref());
        if self.protocol == Protocol::Http2 {
            let scheme = if self.target.is_tls { "https" } else { "http" };
            uri = uri.scheme(scheme).authority(self.target.authority());
        }
        let uri = uri.build().map_err(|_| wrong("The path"))?;
        let body = step.body.as_ref().map(|body| self.fill(body)).transpose()?.unwrap_or_default();
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = step.method.clone();
        *request.uri_mut() = uri;
        if self.protocol == Protocol::Http2 {
            *request.version_mut() = Version::HTTP_2;
        } else {
            let host = HeaderValue::from_str(&self.target.authority()).map_err(|_| wrong("The host"))?;
            request.headers_mut().insert(HOST, host);
        }
        request.headers_mut().extend(self.headers(step)?);
        Ok(request)
    }

    /// Looks at an answer and takes out of it what later steps need.
    pub fn take(&mut self, step: &ReadyStep, answer: &Answer) -> Result<(), Broken> {
        status(&step.check, answer)?;
        if !step.keeps_body() {
            return Ok(());
        }
        if let Some(text) = &step.check.contains {
            let found = answer.body.windows(text.len().max(1)).any(|window| window == text.as_bytes());
            if !found && !text.is_empty() {
                return Err(Broken::new(ErrorKind::Check, format!("The answer does not contain {text:?}.")));
            }
        }
        if step.extract.is_empty() && step.check.json.is_empty() {
            return Ok(());
        }
        let value: Value = serde_json::from_slice(&answer.body)
            .map_err(|_| Broken::new(ErrorKind::Check, "The answer is no JSON, which a check or extraction needs."))?;
        for (pointer, wanted) in &step.check.json {
            if value.pointer(pointer) != Some(wanted) {
                return Err(Broken::new(ErrorKind::Check, format!("The answer's {pointer} is not {wanted}.")));
            }
        }
        for (slot, name, pointer) in &step.extract {
            let found = value.pointer(pointer).filter(|value| !value.is_null());
            let found = found.ok_or_else(|| {
                Broken::new(ErrorKind::Check, format!("The answer has nothing at {pointer} for {name}."))
            })?;
            self.slots[*slot] = Some(Known::of(found));
        }
        Ok(())
    }

    pub fn pause(&mut self, think: Option<Think>) -> Duration {
        let s = match think {
            None => 0.0,
            Some(Think::Fixed(s)) => s,
            Some(Think::Between([low, high])) => low + (high - low) * self.dice.share(),
        };
        Duration::from_secs_f64(s.clamp(0.0, 3600.0))
    }

    /// Asks once, within the time a request may take.
    pub async fn ask(
        &self,
        lines: &Lines,
        request: Request<Full<Bytes>>,
        keep: bool,
        time: Duration,
    ) -> Result<Answer, Broken> {
        match tokio::time::timeout(time, lines.ask(request, keep)).await {
            Ok(answer) => answer,
            Err(_) => Err(Broken::new(ErrorKind::Timeout, format!("No whole answer within {} s.", time.as_secs_f64()))),
        }
    }
}

fn status(check: &Check, answer: &Answer) -> Result<(), Broken> {
    let status = answer.status;
    let wanted = if check.status.is_empty() { (200..300).contains(&status) } else { check.status.contains(&status) };
    if wanted {
        return Ok(());
    }
    let text = match &answer.location {
        // Without its query, which may carry what nobody else should read.
        Some(location) => {
            let place = location.split(['?', '#']).next().unwrap_or_default();
            let place: String = place.chars().filter(|c| !c.is_control()).take(200).collect();
            format!("It answered {status}: what was asked is at {place}. Redirects are not followed; ask there.")
        }
        None if status == 429 => "It answered 429: the target limits how often it may be asked.".to_owned(),
        None if status == 401 || status == 403 => format!("It answered {status}: the token or the rights are missing."),
        None => format!("It answered {status}."),
    };
    Err(Broken::new(ErrorKind::Status, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_arrival_makes_the_same_choices_and_weights_are_kept() {
        let scenario = |up_to| ReadyScenario { up_to, steps: vec![], slots: 0 };
        let scenarios = [scenario(0.25), scenario(1.0)];
        let chosen = |seed, k| choose(&scenarios, &mut Dice::new(seed, k));
        assert!((0..100).all(|k| chosen(7, k) == chosen(7, k)));
        let first = (0..40_000).filter(|k| chosen(7, *k) == 0).count();
        assert!((9_600..=10_400).contains(&first), "{first} of 40,000 at a weight of a quarter");
        assert!((0..100).any(|k| chosen(7, k) != chosen(8, k)));
    }
}
