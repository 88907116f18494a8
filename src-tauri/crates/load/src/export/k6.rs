//! For k6: a script with the same arrivals, scenarios, checks and thresholds.

use std::fmt::Write;

use serde_json::Value;

use super::{as_json, filled, one_line, pause, stretches};
use crate::plan::{Listen, Metric, Phase, Pick, Plan, Step};
use crate::template::Piece;

const HELPERS: &str = "
function at(value, pointer) {
  return pointer.split(\"/\").slice(1).reduce((v, k) => (v == null ? undefined : v[k.replace(/~1/g, \"/\").replace(/~0/g, \"~\")]), value);
}
function rows(value, pointer) {
  const cut = pointer.indexOf(\"/*\");
  if (cut < 0) { const one = at(value, pointer); return one === undefined ? [] : [one]; }
  const list = at(value, pointer.slice(0, cut)) || [];
  return list.flatMap((item) => rows(item, pointer.slice(cut + 2)));
}
function nothing(value) { return value == null || value === false || value.length === 0; }
function uuid() {
  return \"xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx\".replace(/x/g, () => Math.floor(Math.random() * 16).toString(16));
}
function between(low, high) { return low + Math.floor(Math.random() * (high - low + 1)); }
";

pub fn k6(plan: &Plan) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "// {}: written from a plan.\n// k6 counts from when a request went out, not from when it was meant to: waits for a free user are in\n\
         // dropped_iterations. Secrets come from the environment: k6 run -e NAME=value.\n\
         import http from \"k6/http\";\nimport ws from \"k6/ws\";\nimport {{ check, sleep }} from \"k6\";\nimport exec from \"k6/execution\";\n\n\
         const target = __ENV.TARGET || {};\n",
        one_line(&plan.name),
        as_json(&plan.target.trim_end_matches('/'))
    );
    out.push_str("const vars = {};\n(function (v) {\n");
    for name in &plan.secrets {
        let _ = writeln!(out, "  v.{name} = __ENV.{name};");
    }
    for name in crate::plan::resolved(&plan.variables, &plan.secrets).unwrap_or_default() {
        let _ = writeln!(out, "  v.{name} = {};", literal(&plan.variables[&name]));
    }
    out.push_str("})(vars);\n");
    let feeds: serde_json::Map<String, Value> = plan
        .feeds
        .iter()
        .map(|(name, feed)| (name.clone(), serde_json::to_value(&feed.rows).unwrap_or_default()))
        .collect();
    let random: Vec<&String> =
        plan.feeds.iter().filter(|(_, f)| f.pick == Pick::Random).map(|(name, _)| name).collect();
    let _ = writeln!(out, "const feeds = {};\nconst random = {};", as_json(&feeds), as_json(&random));
    out.push_str(HELPERS);
    options(&mut out, plan);
    out.push_str(
        "\nexport function setup() {\n  const v = Object.assign({}, vars);\n  const f = {};\n  const gathered = {};\n",
    );
    for step in &plan.setup {
        request(&mut out, plan, step, "  ");
        for (feed, gather) in &step.gather {
            let without: Vec<String> =
                gather.without.iter().map(|p| format!(" && nothing(at(row, {}))", as_json(p))).collect();
            let _ = writeln!(
                out,
                "  gathered[{}] = rows(r.json(), {}).filter((row) => true{});",
                as_json(feed),
                as_json(&gather.rows),
                without.concat()
            );
        }
    }
    out.push_str(
        "  return { v, gathered };\n}\n\nexport default function (data) {\n  const v = Object.assign({}, data.v);\n",
    );
    out.push_str("  const all = Object.assign({}, feeds, data.gathered);\n  const f = {};\n");
    out.push_str("  for (const name of Object.keys(all)) {\n    const n = random.includes(name) ? between(0, all[name].length - 1) : exec.scenario.iterationInTest % all[name].length;\n    f[name] = all[name][n];\n  }\n");
    let total: f64 = plan.scenarios.iter().map(|scenario| scenario.weight).sum();
    let _ = writeln!(out, "  let lot = Math.random() * {total};");
    for scenario in &plan.scenarios {
        let _ = writeln!(out, "  lot -= {};\n  if (lot < 0) {{ // {}", scenario.weight, one_line(&scenario.name));
        for step in &scenario.steps {
            request(&mut out, plan, step, "    ");
        }
        out.push_str("    return;\n  }\n");
    }
    out.push_str("}\n");
    out
}

fn options(out: &mut String, plan: &Plan) {
    let mut stages = Vec::new();
    let mut last = None;
    // Whole numbers are asked for: arrivals a minute.
    let unit = if plan.is_closed() { 1.0 } else { 60.0 };
    for (for_s, from, to) in stretches(plan) {
        if last.is_some_and(|last: f64| (last - from).abs() > f64::EPSILON) {
            stages.push(serde_json::json!({"target": (from * unit).round(), "duration": "0s"}));
        }
        stages.push(
            serde_json::json!({"target": (to * unit).round(), "duration": format!("{}ms", (for_s * 1000.0).round())}),
        );
        last = Some(to);
    }
    let first = stretches(plan).first().map_or(0.0, |stretch| stretch.1) * unit;
    let scenario = if plan.phases.iter().any(|phase| matches!(phase, Phase::Users(_))) {
        serde_json::json!({"executor": "ramping-vus", "startVUs": first.round(), "stages": stages})
    } else {
        serde_json::json!({"executor": "ramping-arrival-rate", "startRate": first.round(), "timeUnit": "60s",
            "preAllocatedVUs": plan.connections_max, "maxVUs": plan.connections_max, "stages": stages})
    };
    let mut thresholds = serde_json::Map::new();
    for threshold in &plan.thresholds {
        let metric = match threshold.metric {
            // It does not know when an event happened.
            Metric::EventP95 => continue,
            Metric::Errors => "http_req_failed",
            Metric::Throughput => "http_reqs",
            _ => "http_req_duration",
        };
        let name = threshold.step.as_ref().map_or_else(|| metric.to_owned(), |step| format!("{metric}{{name:{step}}}"));
        let (sign, limit) = match (threshold.at_most, threshold.at_least) {
            (Some(limit), _) => ("<=", limit),
            (_, limit) => (">=", limit.unwrap_or_default()),
        };
        let rule = match threshold.metric {
            Metric::Errors => format!("rate{sign}{}", limit / 100.0),
            Metric::Throughput => format!("rate{sign}{limit}"),
            Metric::Mean => format!("avg{sign}{limit}"),
            Metric::Max => format!("max{sign}{limit}"),
            Metric::P50 => format!("med{sign}{limit}"),
            other => format!("p({}){sign}{limit}", other.as_str().trim_start_matches('p')),
        };
        let rules = thresholds.entry(name).or_insert_with(|| Value::Array(vec![]));
        if let Some(rules) = rules.as_array_mut() {
            rules.push(rule.into());
        }
    }
    let options = serde_json::json!({"scenarios": {"all": scenario}, "thresholds": thresholds});
    let _ = writeln!(out, "\nexport const options = {};", serde_json::to_string_pretty(&options).unwrap_or_default());
}

/// A Socket.IO client, by hand: k6 has WebSockets only.
fn listener(out: &mut String, plan: &Plan, step: &Step, listen: &Listen, headers: &[String], indent: &str) {
    let name = as_json(&step.name);
    let join = if step.path.contains('?') { '&' } else { '?' };
    let hello =
        if listen.auth.is_null() { String::new() } else { format!(" + JSON.stringify({})", object(&listen.auth)) };
    let ms = (listen.for_s.unwrap_or(plan.for_s()).min(plan.for_s()) * 1000.0).round();
    let _ = writeln!(
        out,
        "{indent}{{\n{indent}var r = ws.connect(target.replace(/^http/, \"ws\") + {} + \"{join}EIO=4&transport=websocket\", {{ headers: {{ {} }}, tags: {{ name: {name} }} }}, (socket) => {{\n\
         {indent}  socket.on(\"message\", (m) => {{ if (m === \"2\") socket.send(\"3\"); else if (m[0] === \"0\") socket.send(\"40\"{hello}); }});\n\
         {indent}  socket.setTimeout(() => socket.close(), {ms});\n{indent}}});\n\
         {indent}if (!check(r, {{ {name}: (x) => x && x.status === 101 }})) return;\n{indent}}}",
        literal_of(&step.path, true),
        headers.join(", "),
    );
}

fn request(out: &mut String, plan: &Plan, step: &Step, indent: &str) {
    let headers: Vec<String> = plan
        .headers
        .iter()
        .filter(|(name, _)| !step.headers.contains_key(*name))
        .chain(&step.headers)
        .map(|(name, value)| format!("{}: {}", as_json(name), literal(value)))
        .chain(step.body.as_ref().map(|_| "\"content-type\": \"application/json\"".to_owned()))
        .collect();
    if let Some(listen) = &step.listen {
        return listener(out, plan, step, listen, &headers, indent);
    }
    let body = step.body.as_ref().map_or_else(|| "null".to_owned(), |body| format!("JSON.stringify({})", object(body)));
    let name = as_json(&step.name);
    let wanted = if step.check.status.is_empty() {
        "x.status >= 200 && x.status < 300".to_owned()
    } else {
        format!("{}.includes(x.status)", as_json(&step.check.status))
    };
    let callback = if step.check.status.is_empty() {
        "http.expectedStatuses({ min: 200, max: 299 })".to_owned()
    } else {
        format!("http.expectedStatuses(...{})", as_json(&step.check.status))
    };
    let _ = writeln!(
        out,
        "{indent}{{\n{indent}var r = http.request({}, target + {}, {body}, {{ headers: {{ {} }}, tags: {{ name: {name} }}, timeout: \"{}s\", redirects: 0, responseCallback: {callback} }});",
        as_json(&step.method),
        literal_of(&step.path, true),
        headers.join(", "),
        plan.timeout_s
    );
    let _ = writeln!(out, "{indent}if (!check(r, {{ {name}: (x) => {wanted} }})) return;");
    if let Some(text) = &step.check.contains {
        let _ = writeln!(
            out,
            "{indent}if (!check(r, {{ {name}: (x) => String(x.body).includes({}) }})) return;",
            as_json(text)
        );
    }
    for (pointer, value) in &step.check.json {
        let _ = writeln!(
            out,
            "{indent}if (!check(r, {{ {name}: (x) => JSON.stringify(at(x.json(), {})) === {} }})) return;",
            as_json(pointer),
            as_json(&value.to_string())
        );
    }
    for (name, pointer) in &step.extract {
        let _ = writeln!(out, "{indent}v.{name} = at(r.json(), {});", as_json(pointer));
    }
    if let Some(think) = step.think_s {
        let (low, high) = pause(think);
        let _ = writeln!(out, "{indent}sleep({low} + Math.random() * {});", high - low);
    }
    let _ = writeln!(out, "{indent}}}");
}

fn place(piece: &Piece) -> String {
    match piece {
        Piece::Text(_) => String::new(),
        Piece::Name { name, .. } => match name.split_once('.') {
            Some((feed, column)) => format!("f[{}][{}]", as_json(&feed), as_json(&column)),
            None => format!("v.{name}"),
        },
        Piece::Uuid => "uuid()".into(),
        Piece::NowMs => "Date.now()".into(),
        Piece::Number => "exec.scenario.iterationInTest".into(),
        Piece::Random(low, high) => format!("between({low}, {high})"),
    }
}

fn literal(text: &str) -> String {
    literal_of(text, false)
}

/// A template literal of JavaScript.
fn literal_of(text: &str, in_path: bool) -> String {
    let fixed = |text: &str| text.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${");
    let inner = filled(text, fixed, |piece| match piece {
        Piece::Name { .. } if in_path => format!("${{encodeURIComponent({})}}", place(piece)),
        piece => format!("${{{}}}", place(piece)),
    });
    format!("`{inner}`")
}

/// A JSON value as an expression of JavaScript.
fn object(value: &Value) -> String {
    match value {
        Value::String(text) => match crate::template::Template::parse(text) {
            Ok(template) => match template.pieces.as_slice() {
                [piece @ Piece::Name { json: true, .. }] => place(piece),
                _ => literal(text),
            },
            Err(_) => as_json(text),
        },
        Value::Array(items) => format!("[{}]", items.iter().map(object).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| format!("{}: {}", as_json(name), object(field)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
