//! A summary as files: JSON, CSV (a row a second), JUnit (a test a threshold), and one HTML page that needs nothing.

mod html;

use std::fmt::Write;

use crate::figures::Summary;
use crate::tally::ErrorKind;

pub use html::html;

pub fn json(summary: &Summary) -> String {
    let mut text = serde_json::to_string_pretty(summary).unwrap_or_default();
    text.push('\n');
    text
}

/// A row a second.
pub fn csv(summary: &Summary) -> String {
    let mut out = String::from(
        "second,phase,asked,begun,requests,errors,p50_ms,p90_ms,p95_ms,p99_ms,max_ms,mean_ms,in_flight,lag_ms,cpu,events",
    );
    for kind in ErrorKind::ALL {
        out.push_str(",errors_");
        out.push_str(kind.as_str());
    }
    out.push('\n');
    for w in &summary.windows {
        let phase = summary.phases.get(w.phase as usize).map_or("", |phase| phase.name.as_str());
        let _ = write!(
            out,
            "{},{},{:.3},{},{},{},{:.3},{:.3},{:.3},{:.3},{:.3},{:.3},{},{:.3},{:.3},{}",
            w.at_s,
            field(phase),
            w.asked,
            w.begun,
            w.requests,
            w.errors,
            w.p50_ms,
            w.p90_ms,
            w.p95_ms,
            w.p99_ms,
            w.max_ms,
            w.mean_ms,
            w.in_flight,
            w.lag_ms,
            w.cpu,
            w.events
        );
        for errors in w.errors_by_kind {
            let _ = write!(out, ",{errors}");
        }
        out.push('\n');
    }
    out
}

/// RFC 4180, and no formula for a spreadsheet.
fn field(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// What a CI server reads: each threshold is a test, and so is coming to the end.
pub fn junit(summary: &Summary) -> String {
    let failed = summary.thresholds.iter().filter(|verdict| !verdict.kept).count();
    let ended = summary.outcome == crate::figures::Outcome::Finished;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" time=\"{:.3}\">",
        escaped(&summary.plan),
        summary.thresholds.len() + 1,
        failed + usize::from(!ended),
        summary.for_s
    );
    let mut case = |name: &str, failure: Option<String>| {
        let _ = write!(out, "  <testcase classname=\"load\" name=\"{}\"", escaped(name));
        let _ = match failure {
            None => writeln!(out, "/>"),
            Some(text) => writeln!(out, "><failure message=\"{}\"/></testcase>", escaped(&text)),
        };
    };
    let why = summary.notes.join(" ");
    case("comes to its end", (!ended).then(|| format!("It was stopped. {why}")));
    for verdict in &summary.thresholds {
        let sentence = verdict.sentence();
        let name = sentence.split(": ").next().unwrap_or_default();
        case(name, (!verdict.kept).then(|| sentence.clone()));
    }
    out.push_str("</testsuite>\n");
    out
}

/// For XML and HTML; what XML cannot hold is left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}
