//! How long answers took, as a distribution that can be added to another: percentiles of a day are those of its
//! answers, not a mean of the percentiles of its hours.

use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer, Serializer, V2Serializer};

/// A minute; nothing is waited for that long.
const LONGEST_US: u64 = 60_000_000;

pub struct Latency(Histogram<u32>);

impl Default for Latency {
    /// Two digits are exact.
    fn default() -> Self {
        Self(Histogram::new_with_bounds(1, LONGEST_US, 2).unwrap_or_else(|_| unreachable!("1 < max, digits <= 5")))
    }
}

impl Latency {
    /// None: these bytes are no distribution.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        Deserializer::new().deserialize(&mut &*bytes).ok().map(Self)
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match V2Serializer::new().serialize(&self.0, &mut out) {
            Ok(_) => out,
            Err(_) => Vec::new(),
        }
    }

    pub fn record(&mut self, us: u64) {
        self.0.saturating_record(us.max(1));
    }

    pub fn add(&mut self, other: &Self) {
        // Of other bounds it adds nothing; there are none.
        let _ = self.0.add(&other.0);
    }

    /// In milliseconds. None: nothing answered.
    pub fn ms(&self, percentile: f64) -> Option<f64> {
        (!self.0.is_empty()).then(|| self.0.value_at_percentile(percentile) as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_add_up_to_the_percentiles_of_their_answers() {
        let (mut quick, mut slow) = (Latency::default(), Latency::default());
        (0..99).for_each(|_| quick.record(1_000));
        slow.record(500_000);
        let mut day = Latency::read(&quick.bytes()).unwrap();
        day.add(&Latency::read(&slow.bytes()).unwrap());
        assert!((day.ms(50.0).unwrap() - 1.0).abs() < 0.02 && day.ms(100.0).unwrap() > 495.0);
        assert_eq!(Latency::default().ms(50.0), None);
        assert!(Latency::read(b"no distribution").is_none());
    }
}
