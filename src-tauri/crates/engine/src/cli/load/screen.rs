//! What a run says on the terminal: a line while it goes, a table at its end.

use comanda_load::compare::{Change, Comparison};
use comanda_load::figures::{Outcome, Summary, Window};
use comanda_load::plan::Plan;
use indicatif::{ProgressBar, ProgressStyle};

/// The line; nothing where nobody looks (a file, a pipe).
pub struct Progress {
    bar: ProgressBar,
    is_closed: bool,
}

impl Progress {
    pub fn of(plan: &Plan) -> Self {
        let bar = ProgressBar::new(plan.for_s().ceil() as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:20} {pos}/{len} s  {msg}") {
            bar.set_style(style);
        }
        Self { bar, is_closed: plan.is_closed() }
    }

    pub fn tell(&self, w: &Window) {
        let asked = if self.is_closed { format!("{:.0} users", w.asked) } else { format!("asked {:.0}/s", w.asked) };
        self.bar.set_position(w.at_s + 1);
        self.bar.set_message(format!(
            "{asked}  answered {}/s  p50 {:.1}  p95 {:.1}  p99 {:.1} ms  errors {}",
            w.requests, w.p50_ms, w.p95_ms, w.p99_ms, w.errors
        ));
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

pub fn print_summary(summary: &Summary) {
    let ended = match summary.outcome {
        Outcome::Finished => "ran to its end",
        Outcome::Stopped => "was stopped",
        Outcome::StoppedItself => "ended itself",
    };
    println!("{}, {}, {:.0} s of {:.0} s, {ended}", summary.plan, summary.target, summary.for_s, summary.planned_s);
    let widest = summary.steps.iter().map(|step| step.name.chars().count()).max().unwrap_or(0).max(8);
    println!(
        "\n{:widest$} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8}",
        "step", "requests", "a second", "p50 ms", "p95 ms", "p99 ms", "p99.9 ms", "errors"
    );
    let all = std::iter::once(("together", &summary.totals));
    for (name, f) in summary.steps.iter().map(|step| (step.name.as_str(), &step.figures)).chain(all) {
        println!(
            "{name:widest$} {:>9} {:>9.1} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {:>6.2} %",
            f.requests, f.per_s, f.p50_ms, f.p95_ms, f.p99_ms, f.p999_ms, f.errors_percent
        );
    }
    print_heard(summary, widest);
    if !summary.errors.is_empty() {
        println!();
    }
    for line in summary.errors.iter().take(10) {
        println!("{} x {}: {}", line.times, line.step, line.text);
    }
    let own = &summary.generator;
    println!(
        "\nGenerator: {} threads, {} connections, busy {:.0} %, {:.2} CPU s; began at most {:.2} ms late for 99 of 100",
        own.threads,
        own.connections,
        own.cpu * 100.0,
        own.cpu_s,
        own.lag_p99_ms
    );
    for note in &summary.notes {
        println!("{note}");
    }
    for verdict in &summary.thresholds {
        println!("{}  {}", if verdict.kept { "kept  " } else { "BROKEN" }, verdict.sentence());
    }
}

/// What those were told who stayed to listen.
fn print_heard(summary: &Summary, widest: usize) {
    let heard: Vec<_> =
        summary.steps.iter().filter_map(|step| Some((step.name.as_str(), step.heard.as_ref()?))).collect();
    if heard.is_empty() {
        return;
    }
    println!(
        "\n{:widest$} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "told", "events", "a second", "p50 ms", "p95 ms", "p99 ms", "latest"
    );
    for (name, h) in heard {
        println!(
            "{name:widest$} {:>9} {:>9.1} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
            h.events, h.per_s, h.p50_ms, h.p95_ms, h.p99_ms, h.max_ms
        );
    }
}

pub fn print_comparison(compared: &Comparison) {
    println!("{}", compared.sentence);
    for row in &compared.rows {
        let word = match row.change {
            Change::Better => "better",
            Change::Worse => "WORSE",
            Change::Same => "same",
            Change::Unknown => "too short",
        };
        let noise = row.low.zip(row.high).map(|(low, high)| format!("  difference {low:+.2} to {high:+.2}"));
        println!("{:15} {:>10.2} {:>10.2}  {word}{}", row.metric, row.before, row.after, noise.unwrap_or_default());
    }
    for warning in &compared.warnings {
        println!("{warning}");
    }
}

pub fn print_plan(plan: &Plan) {
    let arrivals = comanda_load::arrivals::Arrivals::of(plan);
    let what = if plan.is_closed() {
        format!("up to {:.0} users", arrivals.peak())
    } else {
        format!("{} arrivals, up to {}/s", arrivals.count(), arrivals.peak())
    };
    println!("{}: {:.0} s, {what}, {} steps", plan.name, plan.for_s(), plan.step_names().len());
}
