//! A summary held against the plan's thresholds.

use serde::{Deserialize, Serialize};

use crate::figures::{Figures, Heard, Summary};
use crate::plan::{Metric, Threshold};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub threshold: Threshold,
    /// None: there was nothing to measure, which does not keep a threshold.
    pub measured: Option<f64>,
    pub kept: bool,
}

impl Verdict {
    /// `p95 of Pay at most 500 ms: 38.2 ms`
    pub fn sentence(&self) -> String {
        let Threshold { metric, step, at_most, at_least } = &self.threshold;
        let of = step.as_ref().map(|step| format!(" of {step}")).unwrap_or_default();
        let (bound, limit) = match (at_most, at_least) {
            (Some(limit), _) => ("at most", *limit),
            (_, limit) => ("at least", limit.unwrap_or_default()),
        };
        let unit = metric.unit();
        let measured = self.measured.map_or_else(|| "nothing was measured".into(), |m| format!("{m:.2} {unit}"));
        format!("{}{of} {bound} {limit} {unit}: {measured}", metric.as_str())
    }
}

pub fn judge(thresholds: &[Threshold], summary: &Summary) -> Vec<Verdict> {
    let judged = |threshold: &Threshold| {
        let figures = match &threshold.step {
            None => Some(&summary.totals),
            Some(name) => summary.steps.iter().find(|step| step.name == *name).map(|step| &step.figures),
        };
        let measured = match threshold.metric {
            Metric::EventP95 => heard(threshold, summary).filter(|heard| heard.timed > 0).map(|heard| heard.p95_ms),
            other => figures.filter(|figures| figures.requests > 0).map(|figures| metric(figures, other)),
        };
        let kept = measured.is_some_and(|measured| {
            threshold.at_most.is_none_or(|limit| measured <= limit)
                && threshold.at_least.is_none_or(|limit| measured >= limit)
        });
        Verdict { threshold: threshold.clone(), measured, kept }
    };
    thresholds.iter().map(judged).collect()
}

fn heard<'s>(threshold: &Threshold, summary: &'s Summary) -> Option<&'s Heard> {
    let step = summary.steps.iter().find(|step| Some(&step.name) == threshold.step.as_ref())?;
    step.heard.as_ref()
}

fn metric(figures: &Figures, metric: Metric) -> f64 {
    match metric {
        Metric::P50 => figures.p50_ms,
        Metric::P90 => figures.p90_ms,
        Metric::P95 => figures.p95_ms,
        Metric::P99 => figures.p99_ms,
        Metric::P999 => figures.p999_ms,
        Metric::Max => figures.max_ms,
        Metric::Mean => figures.mean_ms,
        Metric::Errors => figures.errors_percent,
        Metric::Throughput => figures.per_s,
        // It is of a step's listeners, and not among the figures of requests.
        Metric::EventP95 => f64::MAX,
    }
}
