//! What several processes count together, in Redis. Losing it loses nothing: each then counts by itself.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, IntoConnectionInfo, RedisError, RedisResult, Script};

use super::model::{Name, Who};
use crate::outward::service::Service;
use crate::outward::{Outward, Reason};

/// A request waits no longer for it.
const ANSWER_TIME_MAX: Duration = Duration::from_millis(100);

/// What Redis said of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// So many are left.
    Through(u32),
    /// Something comes back after so long.
    TooMany(Duration),
}

pub struct Shared {
    outward: Arc<Outward>,
    /// Without its password.
    place: String,
    redis: ConnectionManager,
    take: Script,
    give_back: Script,
}

/// Whether this is where a Redis answers, in its own words: `redis://:password@host:6379/0`.
pub fn is_address(url: &str) -> bool {
    url.into_connection_info().is_ok()
}

impl Shared {
    /// Connects with the first request, and again when the connection was lost.
    pub fn open(url: &str, outward: Arc<Outward>) -> RedisResult<Self> {
        let info = url.into_connection_info()?;
        let place = format!("redis://{}", info.addr());
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(ANSWER_TIME_MAX))
            .set_response_timeout(Some(ANSWER_TIME_MAX));
        Ok(Self {
            outward,
            place,
            redis: ConnectionManager::new_lazy_with_config(Client::open(info)?, config)?,
            take: Script::new(include_str!("take.lua")),
            give_back: Script::new(include_str!("give_back.lua")),
        })
    }

    /// Counts a request of which one comes back every `each`, and `burst` may come at once. None: it does not answer.
    pub async fn take(&self, name: Name, who: Who, each: Duration, burst: u32) -> Option<Counted> {
        let mut ask = self.take.key(key(name, who));
        ask.arg(each.as_micros() as u64).arg(burst);
        let answer: (bool, u32, u64) = self.asked(&ask).await?;
        Some(match answer {
            (true, left, _) => Counted::Through(left),
            (false, _, wait_us) => Counted::TooMany(Duration::from_micros(wait_us)),
        })
    }

    pub async fn give_back(&self, name: Name, who: Who, each: Duration) {
        let mut ask = self.give_back.key(key(name, who));
        ask.arg(each.as_micros() as u64);
        self.asked::<u8>(&ask).await;
    }

    async fn asked<T: redis::FromRedisValue>(&self, ask: &redis::ScriptInvocation<'_>) -> Option<T> {
        let mut redis = self.redis.clone();
        let call = async { ask.invoke_async(&mut redis).await.map_err(|error| reason(&error)) };
        let answer = self.outward.call(Service::Redis, &self.place, call).await;
        // Each place that fails again and again is on the screen, and one line for each request is too much.
        answer.inspect_err(|reason| tracing::debug!(place = self.place, ?reason, "Redis counts nothing")).ok()
    }
}

fn reason(error: &RedisError) -> Reason {
    match () {
        () if error.is_timeout() => Reason::TimedOut,
        () if error.is_connection_refusal() => Reason::Refused,
        () if error.is_io_error() || error.is_connection_dropped() => Reason::CutOff,
        () => Reason::Status,
    }
}

fn key(name: Name, who: Who) -> String {
    let name = name.as_str();
    match who {
        Who::Person(id) => format!("comanda:limit:{name}:person:{id}"),
        Who::Device(id) => format!("comanda:limit:{name}:device:{id}"),
        Who::Key(id) => format!("comanda:limit:{name}:key:{id}"),
        Who::Restaurant(id) => format!("comanda:limit:{name}:restaurant:{id}"),
        Who::Address(octets) => format!("comanda:limit:{name}:address:{}", std::net::Ipv6Addr::from(octets)),
    }
}
