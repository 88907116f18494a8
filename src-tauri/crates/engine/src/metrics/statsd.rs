//! Sends the figures to a StatsD server (UDP, with tags) every ten seconds, where one was named.
//!
//! Gauges as they are, counters as what was added since the last time. Histograms by route stay with Prometheus: a packet
//! for every request would cost more than the request; their quantiles of the last five minutes go instead.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use metrics::{Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use metrics_exporter_statsd::{StatsdBuilder, StatsdError, StatsdRecorder};

use super::collect;
use crate::app::App;

const EVERY: Duration = Duration::from_secs(10);
/// The port when only a host is named.
const PORT: u16 = 8125;
/// What fits into a packet on any network.
const PACKET_BYTES: usize = 1_400;

/// A server that figures are sent to.
pub struct Statsd {
    sink: StatsdRecorder,
    /// What counters were the last time.
    last: Arc<Mutex<HashMap<Key, u64>>>,
}

impl Statsd {
    /// `HOST` or `HOST:PORT`. Looks the name up: blocking.
    pub fn to(address: &str) -> Result<Self, StatsdError> {
        let (host, port) = match address.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| StatsdError::InvalidPortZero)?),
            None => (address, PORT),
        };
        let builder = StatsdBuilder::from(host, port).with_buffer_size(PACKET_BYTES);
        Ok(Self { sink: builder.build(Some("comanda"))?, last: Arc::default() })
    }
}

impl Recorder for Statsd {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        let (sent, last) = (self.sink.register_counter(key, metadata), self.last.clone());
        Counter::from_arc(Arc::new(Added { sent, last, key: key.clone() }))
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        self.sink.register_gauge(key, metadata)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        self.sink.register_histogram(key, metadata)
    }
}

/// A counter that is told where it stands and sends what was added.
struct Added {
    sent: Counter,
    last: Arc<Mutex<HashMap<Key, u64>>>,
    key: Key,
}

impl CounterFn for Added {
    fn increment(&self, value: u64) {
        self.sent.increment(value);
    }

    fn absolute(&self, value: u64) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.insert(self.key.clone(), value).unwrap_or(0);
        if value > before {
            self.sent.increment(value - before);
        }
    }
}

/// Runs for as long as the engine does. It keeps single records from piling up, also where nobody is sent anything.
pub async fn keep_sending(app: App, to: Option<Statsd>) {
    let to = to.map(Arc::new);
    loop {
        let (asked, to) = (app.clone(), to.clone());
        let sent = tokio::task::spawn_blocking(move || {
            asked.instruments.gather();
            if let Some(to) = to {
                collect::collect(&asked, &*to);
            }
        });
        if let Err(error) = sent.await {
            tracing::warn!(%error, "figures could not be sent");
        }
        tokio::time::sleep(EVERY).await;
    }
}
