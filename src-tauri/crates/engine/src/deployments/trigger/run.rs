//! One backup under way: asked for once, then asked about until it is over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{RequestBuilder, Url};
use serde_json::Value;
use tokio::task::AbortHandle;
use uuid::Uuid;

use super::model::{Fault, Method, Poll, State, Trigger, shown};
use super::store::{self, Run};
use crate::app::App;
use crate::deployments::tell;
use crate::outward::service::Service;
use crate::outward::{self, Reason};

/// One question how far it is takes no longer.
const POLL_TIME_MAX: Duration = Duration::from_secs(15);
/// No more of an answer is read.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// Questions without an answer of use in a row, until nobody asks on.
const MISSES_MAX: u32 = 5;

/// By its deployment a run, and what lets it go once it is on its way.
type Alive = HashMap<Uuid, (Uuid, Option<AbortHandle>)>;

/// Backups under way from here. One that is in the file alone is not.
#[derive(Default)]
pub struct Runs(Arc<Mutex<Alive>>);

/// A deployment's place among those under way, until it is dropped.
pub struct Place {
    runs: Runs,
    deployment: Uuid,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.runs.all().remove(&self.deployment);
    }
}

impl Runs {
    fn all(&self) -> MutexGuard<'_, Alive> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// None: one is under way there.
    pub fn take(&self, deployment: Uuid, run: Uuid) -> Option<Place> {
        let mut all = self.all();
        if all.contains_key(&deployment) {
            return None;
        }
        all.insert(deployment, (run, None));
        Some(Place { runs: Self(self.0.clone()), deployment })
    }

    pub fn is_alive(&self, deployment: Uuid, run: Uuid) -> bool {
        self.all().get(&deployment).is_some_and(|(alive, _)| *alive == run)
    }

    fn may_stop(&self, deployment: Uuid, with: AbortHandle) {
        if let Some((_, stop)) = self.all().get_mut(&deployment) {
            *stop = Some(with);
        }
    }

    /// Waits for it no longer. What it does there goes on.
    pub fn stop(&self, deployment: Uuid) {
        let stop = self.all().get(&deployment).and_then(|(_, stop)| stop.clone());
        if let Some(stop) = stop {
            stop.abort();
        }
    }

    /// The engine ends.
    pub fn stop_all(&self) {
        let all: Vec<_> = self.all().values().filter_map(|(_, stop)| stop.clone()).collect();
        all.iter().for_each(AbortHandle::abort);
    }
}

/// What is sent with every question.
pub struct Wish {
    pub deployment: Uuid,
    pub trigger: Trigger,
    /// Names and values of headers, the secret ones with what is kept.
    pub headers: Vec<(String, String)>,
    pub secrets: Vec<String>,
}

/// Goes on by itself. The run is written down already.
pub fn start(app: &App, place: Place, wish: Wish, run: Run) {
    let (deployment, own) = (wish.deployment, app.clone());
    let task = tokio::spawn(async move {
        let _place = place;
        go(&own, &wish, run).await;
    });
    app.deployments.runs.may_stop(deployment, task.abort_handle());
}

async fn go(app: &App, wish: &Wish, run: Run) {
    let mut going = Going { app, wish, run };
    let limit = Duration::from_secs(wish.trigger.limit_s.into());
    let outcome = tokio::time::timeout(limit, going.through()).await.unwrap_or(Err(Fault::TimeUp));
    going.run.ended_ms = Some(app.clock.now_ms());
    going.run.fault = outcome.err();
    going.run.state = if outcome.is_ok() { State::Done } else { State::Failed };
    going.note().await;
    let Run { id, state, polls, .. } = going.run;
    tracing::info!(deployment = %wish.deployment, run = %id, state = state.as_str(), polls, "a backup elsewhere is over");
}

struct Going<'a> {
    app: &'a App,
    wish: &'a Wish,
    run: Run,
}

impl Going<'_> {
    async fn through(&mut self) -> Result<(), Fault> {
        let trigger = &self.wish.trigger;
        let url = Url::parse(&trigger.url).map_err(|_| Fault::NoAnswer)?;
        let answer = self.ask(trigger.method, url, Duration::from_secs(trigger.limit_s.into())).await;
        let answer = answer.map_err(|reason| self.away(reason))?;
        if let Some(says) = &trigger.says {
            self.said(says.found(&answer));
        }
        trigger.judge(self.run.status.unwrap_or_default(), &answer)?;
        let Some(poll) = &trigger.poll else { return Ok(()) };
        let url = trigger.poll_url(poll, &answer)?;
        self.note().await;
        self.watch(poll, url).await
    }

    async fn watch(&mut self, poll: &Poll, url: Url) -> Result<(), Fault> {
        let mut misses = 0;
        loop {
            tokio::time::sleep(Duration::from_secs(poll.every_s.into())).await;
            self.run.polls += 1;
            let fault = match self.ask(Method::Get, url.clone(), POLL_TIME_MAX).await {
                Err(reason) => self.away(reason),
                Ok(_) if !self.run.status.is_some_and(|status| (200..300).contains(&status)) => Fault::Status,
                Ok(answer) => {
                    let failed = poll.failed.as_ref().filter(|failed| failed.holds(&answer));
                    self.said(failed.unwrap_or(&poll.done).found(&answer));
                    if failed.is_some() {
                        return Err(Fault::SaysFailed);
                    }
                    if poll.done.holds(&answer) {
                        return Ok(());
                    }
                    if !answer.is_null() {
                        misses = 0;
                        self.note().await;
                        continue;
                    }
                    Fault::SaysNothing
                }
            };
            misses += 1;
            if misses >= MISSES_MAX {
                return Err(fault);
            }
            self.note().await;
        }
    }

    /// The answer's JSON, or null if it is none.
    async fn ask(&mut self, method: Method, url: Url, time_max: Duration) -> Result<Value, Reason> {
        (self.run.status, self.run.reason) = (None, None);
        let request = self.request(method, url).timeout(time_max);
        let response = self.app.outward.try_send(Service::Deployment, request).await?;
        self.run.status = Some(response.status().as_u16());
        let bytes = outward::whole(response, ANSWER_BYTES_MAX).await?;
        Ok(serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let client = &self.app.outward.client;
        let (request, body) = match method {
            Method::Get => (client.get(url), None),
            Method::Post => (client.post(url), self.wish.trigger.body.clone()),
            Method::Put => (client.put(url), self.wish.trigger.body.clone()),
            Method::Patch => (client.patch(url), self.wish.trigger.body.clone()),
        };
        let headers = &self.wish.headers;
        let mut request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        if let Some(body) = body {
            if !headers.iter().any(|(name, _)| name == CONTENT_TYPE.as_str()) {
                request = request.header(CONTENT_TYPE, "application/json");
            }
            request = request.body(body);
        }
        request
    }

    fn away(&mut self, reason: Reason) -> Fault {
        self.run.reason = Some(reason);
        Fault::NoAnswer
    }

    /// A service that says our secrets back is not quoted.
    fn said(&mut self, said: Option<String>) {
        let is_fine = |said: &String| !self.wish.secrets.iter().any(|secret| said.contains(secret.as_str()));
        self.run.said = said.filter(is_fine).map(|said| shown(&said));
    }

    async fn note(&self) {
        let run = self.run.clone();
        match self.app.installation.local(move |tx| store::note(tx, &run)).await {
            Ok(_) => tell(self.app),
            Err(error) => {
                tracing::warn!(?error, run = %self.run.id, "how far a backup elsewhere is could not be written down");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_deployment_one_is_under_way_at_a_time() {
        let (runs, deployment, [first, second]) = (Runs::default(), Uuid::from_u128(1), [2, 3].map(Uuid::from_u128));
        let place = runs.take(deployment, first);
        assert!(place.is_some() && runs.take(deployment, second).is_none());
        assert!(runs.is_alive(deployment, first) && !runs.is_alive(deployment, second));
        drop(place);
        assert!(!runs.is_alive(deployment, first) && runs.take(deployment, second).is_some());
    }
}
