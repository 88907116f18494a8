//! Two runs against each other, with a verdict that knows noise.
//!
//! Method. The seconds of a run depend on their neighbours, so they are not samples of their own: they are put together
//! into batches (batch means: A. M. Law, *Simulation Modeling and Analysis*, 5th ed., 9.5.3) of at least five seconds,
//! six or more of them, and their spread is widened by what
//! correlation is left between neighbours. The difference of the two means of batches gets a confidence interval of 99 % (Welch); only if
//! zero is outside of it, and the difference is at least `RELEVANT` of the first run, is a run called better or worse
//! (A. Georges, D. Buytaert, L. Eeckhout, *Statistically Rigorous Java Performance Evaluation*, OOPSLA 2007, 3.3).
//!
//! What it cannot know: how much the figures change when the same run is repeated on another day. Two runs are one
//! sample of that each; repeat them before a decision that matters.

use serde::{Deserialize, Serialize};

use crate::figures::{Summary, Window};

/// A smaller difference is nobody's concern.
const RELEVANT: f64 = 0.05;
const BATCH_S_MIN: usize = 5;
const BATCHES_MIN: usize = 6;
const BATCHES_MAX: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Better,
    Worse,
    /// No difference that the noise does not explain.
    Same,
    /// Too few seconds.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// `p50_ms`, `p95_ms`, `p99_ms`, `mean_ms`, `per_s`, `errors_percent`.
    pub metric: String,
    pub before: f64,
    pub after: f64,
    /// Of the difference of the means of batches; None where there are too few.
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub before: String,
    pub after: String,
    pub rows: Vec<Compared>,
    pub steps: Vec<StepCompared>,
    /// Worse if one is worse; else better if one is better.
    pub verdict: Change,
    pub sentence: String,
    /// Why the two should not be held against each other.
    pub warnings: Vec<String>,
}

/// Figures of one step; without a verdict, because the seconds of single steps are not kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepCompared {
    pub name: String,
    pub before_p95_ms: f64,
    pub after_p95_ms: f64,
    pub before_errors_percent: f64,
    pub after_errors_percent: f64,
}

type Metric = (&'static str, fn(&Window) -> f64, fn(&Summary) -> f64, bool);

/// Name, of a second, of the run, whether more is better.
const METRICS: [Metric; 6] = [
    ("p50_ms", |w| w.p50_ms, |s| s.totals.p50_ms, false),
    ("p95_ms", |w| w.p95_ms, |s| s.totals.p95_ms, false),
    ("p99_ms", |w| w.p99_ms, |s| s.totals.p99_ms, false),
    ("mean_ms", |w| w.mean_ms, |s| s.totals.mean_ms, false),
    ("per_s", |w| w.requests as f64, |s| s.totals.per_s, true),
    (
        "errors_percent",
        |w| if w.requests == 0 { 0.0 } else { 100.0 * w.errors as f64 / w.requests as f64 },
        |s| s.totals.errors_percent,
        false,
    ),
];

pub fn compare(before: &Summary, after: &Summary) -> Comparison {
    let rows: Vec<Compared> = METRICS.iter().map(|metric| row(metric, before, after)).collect();
    let has = |change: Change| rows.iter().any(|row| row.change == change);
    let verdict = if has(Change::Worse) {
        Change::Worse
    } else if has(Change::Better) {
        Change::Better
    } else if rows.iter().all(|row| row.change == Change::Unknown) {
        Change::Unknown
    } else {
        Change::Same
    };
    let steps = before.steps.iter().filter_map(|own| {
        let other = after.steps.iter().find(|other| other.name == own.name)?;
        Some(StepCompared {
            name: own.name.clone(),
            before_p95_ms: own.figures.p95_ms,
            after_p95_ms: other.figures.p95_ms,
            before_errors_percent: own.figures.errors_percent,
            after_errors_percent: other.figures.errors_percent,
        })
    });
    Comparison {
        before: before.plan.clone(),
        after: after.plan.clone(),
        steps: steps.collect(),
        sentence: sentence(verdict, &rows),
        warnings: warnings(before, after),
        verdict,
        rows,
    }
}

fn row(metric: &Metric, before: &Summary, after: &Summary) -> Compared {
    let (name, of_window, of_run, more_is_better) = metric;
    let (a, b) = (batches(before, *of_window), batches(after, *of_window));
    let interval = a.zip(b).map(|(a, b)| (mean(&a), interval(&a, &b)));
    let change = match interval {
        None => Change::Unknown,
        Some((first, (low, high))) => {
            let middle = f64::midpoint(low, high);
            // From nothing, any difference is relevant.
            let relevant = middle.abs() >= RELEVANT * first.abs();
            match (low > 0.0, high < 0.0) {
                (true, _) if relevant => {
                    if *more_is_better {
                        Change::Better
                    } else {
                        Change::Worse
                    }
                }
                (_, true) if relevant => {
                    if *more_is_better {
                        Change::Worse
                    } else {
                        Change::Better
                    }
                }
                _ => Change::Same,
            }
        }
    };
    Compared {
        metric: (*name).to_owned(),
        before: of_run(before),
        after: of_run(after),
        low: interval.map(|(_, (low, _))| low),
        high: interval.map(|(_, (_, high))| high),
        change,
    }
}

/// Means of neighbouring seconds, warm-up and the cut-off last second left out. None: too few.
fn batches(summary: &Summary, of: fn(&Window) -> f64) -> Option<Vec<f64>> {
    let is_warm_up = |w: &Window| summary.phases.get(w.phase as usize).is_some_and(|phase| phase.warm_up);
    let ends = summary.for_s.min(summary.planned_s);
    let counts = |w: &&Window| !is_warm_up(w) && w.requests > 0 && (w.at_s + 1) as f64 <= ends + 0.01;
    let values: Vec<f64> = summary.windows.iter().filter(counts).map(of).collect();
    let many = (values.len() / BATCH_S_MIN).min(BATCHES_MAX);
    (many >= BATCHES_MIN).then(|| values.chunks_exact(values.len() / many).take(many).map(mean).collect())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Welch's interval for mean(b) - mean(a).
fn interval(a: &[f64], b: &[f64]) -> (f64, f64) {
    let spread = |values: &[f64]| {
        let middle = mean(values);
        let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
        let variance = squares / (values.len() as f64 - 1.0) / values.len() as f64;
        // Batches that still depend on each other say less than they are many.
        let r = neighbours(values, middle, squares);
        variance * (1.0 + r) / (1.0 - r)
    };
    let (va, vb) = (spread(a), spread(b));
    let degrees = (va + vb).powi(2) / (va.powi(2) / (a.len() as f64 - 1.0) + vb.powi(2) / (b.len() as f64 - 1.0));
    let half = t99(if degrees.is_finite() { degrees } else { 60.0 }) * (va + vb).sqrt();
    let difference = mean(b) - mean(a);
    (difference - half, difference + half)
}

/// Correlation of each with the next; 0 if they do not depend on each other, at most 0.8.
fn neighbours(values: &[f64], middle: f64, squares: f64) -> f64 {
    let products: f64 = values.windows(2).map(|pair| (pair[0] - middle) * (pair[1] - middle)).sum();
    if squares > 0.0 { (products / squares).clamp(0.0, 0.8) } else { 0.0 }
}

/// Student's t for 99 %, two-sided.
fn t99(degrees: f64) -> f64 {
    const TABLE: [(f64, f64); 12] = [
        (4.0, 4.604),
        (5.0, 4.032),
        (6.0, 3.707),
        (8.0, 3.355),
        (10.0, 3.169),
        (12.0, 3.055),
        (15.0, 2.947),
        (20.0, 2.845),
        (30.0, 2.750),
        (40.0, 2.704),
        (60.0, 2.660),
        (120.0, 2.617),
    ];
    // The next lower number of degrees: a little too careful.
    TABLE.iter().rev().find(|(known, _)| degrees >= *known).map_or(5.841, |(_, t)| *t)
}

fn sentence(verdict: Change, rows: &[Compared]) -> String {
    let named = |change: Change| {
        let rows = rows.iter().filter(|row| row.change == change);
        let words = rows.map(|row| {
            let name = row.metric.trim_end_matches("_ms").replace('_', " ");
            format!("{name} {:.1} -> {:.1}", row.before, row.after)
        });
        words.collect::<Vec<_>>().join(", ")
    };
    match verdict {
        Change::Worse => format!("Worse, beyond what the noise explains: {}.", named(Change::Worse)),
        Change::Better => format!("Better, beyond what the noise explains: {}.", named(Change::Better)),
        Change::Same => "No difference that the noise does not explain.".into(),
        Change::Unknown => {
            format!("Too short to say: each run needs {} s beside its warm-up.", BATCH_S_MIN * BATCHES_MIN)
        }
    }
}

fn warnings(before: &Summary, after: &Summary) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut warn = |when: bool, text: &str| {
        if when {
            warnings.push(text.to_owned());
        }
    };
    warn(
        before.is_closed != after.is_closed,
        "One run is open and the other closed: their latencies mean different things.",
    );
    warn(before.plan != after.plan, "The runs are of different plans.");
    warn(before.target != after.target, "The runs asked different targets.");
    warn(
        before.generator.is_bottleneck || after.generator.is_bottleneck,
        "The generator was the bottleneck in one of the runs.",
    );
    let asked = |s: &Summary| s.asked as f64 / s.planned_s.max(0.001);
    warn((asked(before) - asked(after)).abs() > 0.01 * asked(before), "The runs asked at different rates.");
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::{Figures, Generator, Outcome};

    /// `seconds` of p95 around a level, with a spread that depends on its neighbours.
    fn run(level_ms: f64, spread: f64, seconds: u64, seed: u64) -> Summary {
        let mut drift = 0.0;
        let mut dice = crate::walk::Dice::new(seed, 0);
        let windows: Vec<Window> = (0..seconds)
            .map(|at_s| {
                drift = 0.7 * drift + (dice.share() - 0.5) * spread;
                let ms = level_ms + drift;
                serde_json::from_value(serde_json::json!({
                    "at_s": at_s, "phase": 0, "asked": 100.0, "begun": 100, "requests": 100, "errors": 0,
                    "errors_by_kind": [0, 0, 0, 0, 0, 0, 0, 0], "p50_ms": ms / 2.0, "p90_ms": ms, "p95_ms": ms,
                    "p99_ms": ms * 2.0, "max_ms": ms * 3.0, "mean_ms": ms, "in_flight": 1, "lag_ms": 0.1, "cpu": 0.1,
                    "heat": [],
                }))
                .unwrap()
            })
            .collect();
        Summary {
            format: 1,
            plan: "p".into(),
            target: "t".into(),
            began_ms: 0,
            planned_s: seconds as f64,
            for_s: seconds as f64,
            is_closed: false,
            seed: 0,
            outcome: Outcome::Finished,
            begun: 0,
            asked: 100 * seconds,
            totals: Figures { p95_ms: level_ms, ..Figures::default() },
            errors_by_kind: Default::default(),
            steps: vec![],
            phases: vec![],
            errors: vec![],
            generator: Generator::default(),
            thresholds: vec![],
            notes: vec![],
            windows,
        }
    }

    #[test]
    fn noise_is_not_called_a_difference() {
        let wrong = (0..200)
            .filter(|seed| {
                let found = compare(&run(50.0, 20.0, 60, *seed), &run(50.0, 20.0, 60, seed + 1_000));
                found.rows.iter().find(|row| row.metric == "p95_ms").unwrap().change != Change::Same
            })
            .count();
        assert!(wrong <= 10, "{wrong} of 200 equal pairs were called different");
    }

    #[test]
    fn a_real_difference_is_seen_and_its_direction_named() {
        let found = compare(&run(50.0, 20.0, 120, 1), &run(80.0, 20.0, 120, 2));
        assert_eq!(found.verdict, Change::Worse, "{}", found.sentence);
        let found = compare(&run(80.0, 20.0, 120, 1), &run(50.0, 20.0, 120, 2));
        assert_eq!(found.verdict, Change::Better, "{}", found.sentence);
    }

    #[test]
    fn short_runs_and_unlike_runs_are_said() {
        let found = compare(&run(50.0, 20.0, 20, 1), &run(80.0, 20.0, 20, 2));
        assert_eq!(found.verdict, Change::Unknown);
        let other = Summary { is_closed: true, ..run(50.0, 1.0, 60, 1) };
        assert!(!compare(&run(50.0, 1.0, 60, 1), &other).warnings.is_empty());
    }
}
