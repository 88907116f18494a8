//! When arrivals come: a pure function of the phases.
//!
//! The rate over time is made of straight stretches. Arrival `k` (from 0) comes when the area under the rate has
//! reached `k + 1/2`; so a constant rate is evenly spaced, and the count is the area, rounded.

use crate::plan::{Phase, Plan};

/// A stretch in which the rate goes straight from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stretch {
    begins_s: f64,
    for_s: f64,
    from: f64,
    to: f64,
    /// Arrivals before it.
    before: f64,
}

/// The arrivals of a plan; for users, how many there are.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrivals {
    stretches: Vec<Stretch>,
    total: f64,
    for_s: f64,
}

impl Arrivals {
    pub fn of(plan: &Plan) -> Self {
        let mut lines: Vec<(f64, f64, f64)> = Vec::new();
        for phase in &plan.phases {
            match phase {
                Phase::Constant(p) => lines.push((p.for_s, p.rate, p.rate)),
                Phase::Ramp(p) => lines.push((p.for_s, p.from, p.to)),
                Phase::Spike(p) => lines.extend([p.base, p.peak, p.base].map(|rate| (p.for_s / 3.0, rate, rate))),
                Phase::Steps(p) => {
                    let each_s = p.for_s / p.rates.len().max(1) as f64;
                    lines.extend(p.rates.iter().map(|rate| (each_s, *rate, *rate)));
                }
                Phase::Users(p) => lines.push((p.for_s, p.from.unwrap_or(p.users).into(), p.users.into())),
            }
        }
        let mut arrivals = Self { stretches: Vec::new(), total: 0.0, for_s: 0.0 };
        for (for_s, from, to) in lines {
            arrivals.stretches.push(Stretch { begins_s: arrivals.for_s, for_s, from, to, before: arrivals.total });
            arrivals.total += for_s * (from + to) / 2.0;
            arrivals.for_s += for_s;
        }
        arrivals
    }

    /// How many arrivals there are.
    pub fn count(&self) -> u64 {
        (self.total + 0.5 + 1e-9).floor() as u64
    }

    pub fn for_s(&self) -> f64 {
        self.for_s
    }

    /// When an arrival comes, in seconds from the start. None: there are fewer.
    pub fn at_s(&self, k: u64) -> Option<f64> {
        if k >= self.count() {
            return None;
        }
        let area = (k as f64 + 0.5).min(self.total);
        let after = self.stretches.partition_point(|stretch| stretch.before < area);
        let stretch = self.stretches.get(after.checked_sub(1)?)?;
        let (area, slope) = (area - stretch.before, (stretch.to - stretch.from) / stretch.for_s);
        // The root of from x + slope x^2 / 2 = area that does not cancel.
        let root = (stretch.from * stretch.from + 2.0 * slope * area).max(0.0).sqrt();
        let x = if area <= 0.0 { 0.0 } else { 2.0 * area / (stretch.from + root) };
        Some(stretch.begins_s + x.min(stretch.for_s))
    }

    /// The rate at a moment (for users: how many).
    pub fn rate_at(&self, s: f64) -> f64 {
        let stretch = self.stretches.iter().rev().find(|stretch| stretch.begins_s <= s);
        stretch.map_or(0.0, |stretch| {
            let share = (s - stretch.begins_s) / stretch.for_s;
            if share > 1.0 { 0.0 } else { stretch.from + (stretch.to - stretch.from) * share }
        })
    }

    /// Arrivals up to a moment, as area.
    pub fn area_to(&self, s: f64) -> f64 {
        let stretch = self.stretches.iter().rev().find(|stretch| stretch.begins_s <= s);
        stretch.map_or(0.0, |stretch| {
            let x = (s - stretch.begins_s).min(stretch.for_s);
            let slope = (stretch.to - stretch.from) / stretch.for_s;
            stretch.before + stretch.from * x + slope * x * x / 2.0
        })
    }

    pub fn peak(&self) -> f64 {
        self.stretches.iter().map(|stretch| stretch.from.max(stretch.to)).fold(0.0, f64::max)
    }

    /// The corners of the curve: (seconds, rate).
    pub fn curve(&self) -> Vec<(f64, f64)> {
        let corners = |s: &Stretch| [(s.begins_s, s.from), (s.begins_s + s.for_s, s.to)];
        self.stretches.iter().flat_map(corners).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::{Constant, Ramp, Spike, Steps};

    fn plan(phases: Vec<Phase>) -> Plan {
        let scenario = serde_json::json!({"name": "a", "weight": 1, "steps": [{"name": "a", "path": "/"}]});
        let mut plan: Plan = serde_json::from_value(
            serde_json::json!({"name": "p", "target": "http://127.0.0.1:1", "phases": [], "scenarios": [scenario]}),
        )
        .unwrap();
        plan.phases = phases;
        plan
    }

    fn a_phase() -> impl Strategy<Value = Phase> {
        let rate = || 0.0..500.0f64;
        let name = String::from("p");
        let (a, b, c, d) = (name.clone(), name.clone(), name.clone(), name);
        prop_oneof![
            (0.1..20.0f64, rate()).prop_map(move |(for_s, rate)| Phase::Constant(Constant {
                name: a.clone(),
                for_s,
                warm_up: false,
                rate
            })),
            (0.1..20.0f64, rate(), rate()).prop_map(move |(for_s, from, to)| Phase::Ramp(Ramp {
                name: b.clone(),
                for_s,
                warm_up: false,
                from,
                to
            })),
            (0.1..20.0f64, rate(), rate()).prop_map(move |(for_s, base, peak)| Phase::Spike(Spike {
                name: c.clone(),
                for_s,
                warm_up: false,
                base,
                peak
            })),
            (0.1..20.0f64, prop::collection::vec(rate(), 1..6)).prop_map(move |(for_s, rates)| Phase::Steps(Steps {
                name: d.clone(),
                for_s,
                warm_up: false,
                rates
            })),
        ]
    }

    #[test]
    fn a_constant_rate_is_evenly_spaced() {
        let arrivals = Arrivals::of(&plan(vec![Phase::Constant(Constant {
            name: "p".into(),
            for_s: 1.0,
            warm_up: false,
            rate: 4.0,
        })]));
        let times: Vec<f64> = (0..).map_while(|k| arrivals.at_s(k)).collect();
        assert_eq!(times, [0.125, 0.375, 0.625, 0.875]);
    }

    proptest! {
        /// The count is the area under the curve, worked out here another way: by small slices of the rate.
        #[test]
        fn as_many_arrive_as_the_area_under_the_curve(phases in prop::collection::vec(a_phase(), 1..5)) {
            let arrivals = Arrivals::of(&plan(phases));
            let slices = 20_000;
            let width = arrivals.for_s() / f64::from(slices);
            let area: f64 = (0..slices).map(|i| arrivals.rate_at((f64::from(i) + 0.5) * width) * width).sum();
            prop_assert!((arrivals.count() as f64 - area).abs() <= 0.5 + area * 0.001 + 1.0, "{} {area}", arrivals.count());
        }

        #[test]
        fn arrivals_come_one_after_another_each_where_the_area_is_its_number(
            phases in prop::collection::vec(a_phase(), 1..5)
        ) {
            let arrivals = Arrivals::of(&plan(phases));
            let mut last = 0.0;
            for k in 0..arrivals.count() {
                let at = arrivals.at_s(k).unwrap();
                prop_assert!(at >= last && at <= arrivals.for_s() + 1e-9, "{k}: {at} after {last}");
                prop_assert!((arrivals.area_to(at) - (k as f64 + 0.5)).abs() < 1e-3 + 1e-6 * k as f64);
                last = at;
            }
            prop_assert_eq!(arrivals.at_s(arrivals.count()), None);
            prop_assert_eq!(arrivals.at_s(0), arrivals.clone().at_s(0), "the same every time");
        }
    }
}
