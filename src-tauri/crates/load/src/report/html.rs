//! The report as one page: no script, no font, no picture from elsewhere.

use std::fmt::Write;

use super::escaped;
use crate::figures::{HEAT_ROWS, Outcome, Summary, Window, heat_edge_ms};
use crate::tally::ErrorKind;

/// Columns of a chart: longer runs are put together.
const COLUMNS_MAX: usize = 240;
const W: f64 = 720.0;
const H: f64 = 160.0;

const STYLE: &str = "
:root{--paper:#faf9f6;--ink:#1d1c19;--soft:#6b675e;--line:#dedad1;--green:#2f7d4f;--red:#b3372b;--amber:#a86a12}
@media(prefers-color-scheme:dark){:root{--paper:#191815;--ink:#edeae2;--soft:#a39e92;--line:#37342d;--green:#6cc18c;--red:#ee8275;--amber:#dfab5b}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1080px;padding:32px 24px;background:var(--paper);color:var(--ink);
font:14px/1.5 Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:24px;margin:0}h2{font-size:15px;margin:32px 0 8px}p{margin:4px 0;color:var(--soft)}
.row{display:flex;flex-wrap:wrap;gap:32px;margin:24px 0;border-block:1px solid var(--line);padding:16px 0}
.row div{color:var(--soft)}.row b{display:block;font-size:26px;line-height:1.2;color:var(--ink);font-weight:600}
table{border-collapse:collapse;width:100%}th{color:var(--soft);font-weight:500;font-size:12px}
td,th{text-align:right;padding:6px 8px;border-bottom:1px solid var(--line)}td:first-child,th:first-child{text-align:left;padding-left:0}
.bad{color:var(--red)}.ok{color:var(--green)}.warn{color:var(--amber)}svg{width:100%;height:auto;display:block}
svg text{font-size:10px;fill:var(--soft)}ul{padding-left:18px}";

pub fn html(summary: &Summary) -> String {
    let mut out = String::new();
    let title = escaped(&summary.plan);
    let _ = write!(
        out,
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1><p>{}</p>",
        escaped(&about(summary))
    );
    headline(&mut out, summary);
    if !summary.notes.is_empty() {
        out.push_str("<ul class=\"warn\">");
        for note in &summary.notes {
            let _ = write!(out, "<li>{}</li>", escaped(note));
        }
        out.push_str("</ul>");
    }
    if !summary.thresholds.is_empty() {
        out.push_str("<h2>Thresholds</h2><ul>");
        for verdict in &summary.thresholds {
            let (class, word) = if verdict.kept { ("ok", "kept") } else { ("bad", "broken") };
            let _ = write!(out, "<li class=\"{class}\">{}, {word}</li>", escaped(&verdict.sentence()));
        }
        out.push_str("</ul>");
    }
    let columns = gathered(&summary.windows);
    let per_s: fn(&Window) -> f64 = |w| w.requests as f64;
    let began: fn(&Window) -> f64 = |w| w.begun as f64;
    let asked: fn(&Window) -> f64 = |w| w.asked;
    if summary.is_closed {
        lines(&mut out, "Requests a second", &columns, &[("requests", "--green", per_s)], "");
    } else {
        let series = [("asked", "--soft", asked), ("begun", "--amber", began), ("requests", "--green", per_s)];
        lines(&mut out, "Arrivals asked and begun, requests answered, a second", &columns, &series, "");
    }
    let series: [Series; 3] =
        [("p99", "--red", |w| w.p99_ms), ("p95", "--amber", |w| w.p95_ms), ("p50", "--green", |w| w.p50_ms)];
    lines(&mut out, "Latency from the intended start", &columns, &series, " ms");
    heat(&mut out, &columns);
    steps(&mut out, summary);
    heard(&mut out, summary);
    errors(&mut out, summary);
    let own = &summary.generator;
    let _ = writeln!(
        out,
        "<h2>The generator</h2><p>{} threads, {} connections, busy {:.0} % of the time; one arrival in a hundred began \
         more than {:.2} ms late, the latest {:.1} ms. p99 from when requests went out: {:.1} ms.</p></main></html>",
        own.threads,
        own.connections,
        own.cpu * 100.0,
        own.lag_p99_ms,
        own.lag_max_ms,
        own.service_p99_ms
    );
    out
}

fn about(summary: &Summary) -> String {
    let model = if summary.is_closed { "users who wait for their answers" } else { "open arrivals" };
    let ended = match summary.outcome {
        Outcome::Finished => "ran to its end",
        Outcome::Stopped => "was stopped",
        Outcome::StoppedItself => "stopped itself",
    };
    format!("{} · {model} · {:.0} s of {:.0} s, {ended}", summary.target, summary.for_s, summary.planned_s)
}

fn headline(out: &mut String, summary: &Summary) {
    let totals = &summary.totals;
    let cells = [
        (format!("{:.0}", totals.per_s), "requests a second"),
        (format!("{:.1} ms", totals.p50_ms), "p50"),
        (format!("{:.1} ms", totals.p95_ms), "p95"),
        (format!("{:.1} ms", totals.p99_ms), "p99"),
        (format!("{:.1} ms", totals.p999_ms), "p99.9"),
        (format!("{:.2} %", totals.errors_percent), "errors"),
        (totals.requests.to_string(), "requests"),
    ];
    out.push_str("<div class=\"row\">");
    for (value, name) in cells {
        let _ = write!(out, "<div><b>{value}</b>{name}</div>");
    }
    out.push_str("</div>");
}

/// At most so many columns; of those put together, the worst latency counts.
fn gathered(windows: &[Window]) -> Vec<Window> {
    let each = windows.len().div_ceil(COLUMNS_MAX).max(1);
    let mean = |many: &[Window], of: fn(&Window) -> f64| many.iter().map(of).sum::<f64>() / many.len() as f64;
    let worst = |many: &[Window], of: fn(&Window) -> f64| many.iter().map(of).fold(0.0, f64::max);
    let one = |many: &[Window]| {
        let mut window = many[0].clone();
        window.asked = mean(many, |w| w.asked);
        window.begun = mean(many, |w| w.begun as f64).round() as u64;
        window.requests = mean(many, |w| w.requests as f64).round() as u64;
        (window.p50_ms, window.p95_ms) = (worst(many, |w| w.p50_ms), worst(many, |w| w.p95_ms));
        window.p99_ms = worst(many, |w| w.p99_ms);
        window.heat = (0..HEAT_ROWS).map(|row| many.iter().filter_map(|w| w.heat.get(row)).sum()).collect();
        window
    };
    windows.chunks(each).map(one).collect()
}

type Series = (&'static str, &'static str, fn(&Window) -> f64);

fn lines(out: &mut String, title: &str, columns: &[Window], series: &[Series], unit: &str) {
    let highest = columns.iter().flat_map(|w| series.iter().map(|s| (s.2)(w))).fold(0.0, f64::max);
    let highest = if highest > 0.0 { highest } else { 1.0 };
    let _ = write!(out, "<h2>{title}</h2><svg viewBox=\"0 -14 {W} {}\" role=\"img\" aria-label=\"{title}\">", H + 32.0);
    let _ = write!(out, "<line x1=\"0\" x2=\"{W}\" y1=\"{H}\" y2=\"{H}\" stroke=\"var(--line)\"/>");
    for (_, colour, of) in series {
        let step = W / (columns.len().max(2) - 1) as f64;
        let points =
            columns.iter().enumerate().map(|(at, w)| format!("{:.1},{:.1}", at as f64 * step, H - of(w) / highest * H));
        let points = points.collect::<Vec<_>>().join(" ");
        let _ =
            write!(out, "<polyline points=\"{points}\" fill=\"none\" stroke=\"var({colour})\" stroke-width=\"1.5\"/>");
    }
    for (at, (name, colour, _)) in series.iter().enumerate() {
        let x = W - 4.0 - at as f64 * 70.0;
        let _ = write!(out, "<text x=\"{x}\" y=\"-4\" text-anchor=\"end\" style=\"fill:var({colour})\">{name}</text>");
    }
    let last = columns.last().map_or(0, |w| w.at_s + 1);
    let _ = write!(
        out,
        "<text x=\"0\" y=\"-4\">{highest:.1}{unit}</text><text x=\"0\" y=\"{y}\">0 s</text>\
         <text x=\"{W}\" y=\"{y}\" text-anchor=\"end\">{last} s</text></svg>",
        y = H + 14.0
    );
}

fn heat(out: &mut String, columns: &[Window]) {
    let rows = columns.iter().map(|w| w.heat.iter().rposition(|n| *n > 0).map_or(0, |last| last + 1)).max();
    let rows = rows.unwrap_or_default().max(1);
    let most = columns.iter().flat_map(|w| w.heat.iter().copied()).max().unwrap_or(1).max(1);
    let (height, width) = (10.0, W / columns.len().max(1) as f64);
    let title = "Every request by latency";
    let _ = write!(
        out,
        "<h2>{title}</h2><svg viewBox=\"0 -12 {W} {}\" role=\"img\" aria-label=\"{title}\">",
        rows as f64 * height + 16.0
    );
    for (x, window) in columns.iter().enumerate() {
        for (row, count) in window.heat.iter().enumerate().filter(|(_, count)| **count > 0) {
            let strength = 0.1 + 0.9 * (f64::from(*count).ln_1p() / f64::from(most).ln_1p());
            let _ = write!(
                out,
                "<rect x=\"{:.1}\" y=\"{}\" width=\"{width:.2}\" height=\"9\" fill=\"var(--green)\" opacity=\"{strength:.2}\"/>",
                x as f64 * width,
                (rows - 1 - row) as f64 * height
            );
        }
    }
    let _ = write!(out, "<text x=\"0\" y=\"-3\">up to {:.1} ms</text></svg>", heat_edge_ms(rows - 1));
}

fn steps(out: &mut String, summary: &Summary) {
    out.push_str(
        "<h2>By step</h2><table><tr><th>Step<th>Requests<th>a second<th>p50<th>p95<th>p99<th>p99.9<th>Errors</tr>",
    );
    for step in &summary.steps {
        let f = &step.figures;
        let _ = write!(
            out,
            "<tr><td>{}<td>{}<td>{:.1}<td>{:.1} ms<td>{:.1} ms<td>{:.1} ms<td>{:.1} ms<td>{:.2} %</tr>",
            escaped(&step.name),
            f.requests,
            f.per_s,
            f.p50_ms,
            f.p95_ms,
            f.p99_ms,
            f.p999_ms,
            f.errors_percent
        );
    }
    out.push_str("</table>");
}

/// What those were told who stayed to listen.
fn heard(out: &mut String, summary: &Summary) {
    if summary.steps.iter().all(|step| step.heard.is_none()) {
        return;
    }
    out.push_str(
        "<h2>Told to listeners</h2><table><tr><th>Step<th>Events<th>a second<th>p50<th>p95<th>p99<th>Latest</tr>",
    );
    for step in &summary.steps {
        let Some(heard) = &step.heard else { continue };
        let _ = write!(
            out,
            "<tr><td>{}<td>{}<td>{:.1}<td>{:.1} ms<td>{:.1} ms<td>{:.1} ms<td>{:.1} ms</tr>",
            escaped(&step.name),
            heard.events,
            heard.per_s,
            heard.p50_ms,
            heard.p95_ms,
            heard.p99_ms,
            heard.max_ms
        );
    }
    out.push_str("</table>");
}

fn errors(out: &mut String, summary: &Summary) {
    if summary.errors_by_kind.iter().all(|count| *count == 0) {
        return;
    }
    let kinds = ErrorKind::ALL.iter().zip(summary.errors_by_kind).filter(|(_, count)| *count > 0);
    let kinds = kinds.map(|(kind, count)| format!("{count} {}", kind.as_str())).collect::<Vec<_>>().join(", ");
    let _ = write!(out, "<h2>Errors</h2><p>{kinds}</p><table><tr><th>Step<th>What<th>Times</tr>");
    for line in &summary.errors {
        let _ = write!(out, "<tr><td>{}<td>{}<td>{}</tr>", escaped(&line.step), escaped(&line.text), line.times);
    }
    out.push_str("</table>");
}
