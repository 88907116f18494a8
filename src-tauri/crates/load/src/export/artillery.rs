//! For Artillery: JSON, which is YAML too.

use serde_json::{Map, Value, json};

use super::{body_with, filled, json_path, left_out, pause, stretches};
use crate::plan::{Gather, Metric, Plan, Step, resolved};
use crate::template::Piece;

pub fn artillery(plan: &Plan) -> String {
    let mut variables: Map<String, Value> = Map::new();
    // Filled in once, before anything runs: there they do not know each other.
    for name in &plan.secrets {
        variables.insert(name.clone(), format!("{{{{ $env.{name} }}}}").into());
    }
    for name in resolved(&plan.variables, &plan.secrets).unwrap_or_default() {
        let known = |piece: &Piece| match piece {
            Piece::Name { name, .. } => variables.get(name).and_then(Value::as_str).unwrap_or_default().to_owned(),
            other => place(plan, other),
        };
        let value = filled(&plan.variables[&name], str::to_owned, known);
        variables.insert(name, value.into());
    }
    for (name, feed) in &plan.feeds {
        for column in feed.rows.first().map(|row| row.keys().collect::<Vec<_>>()).unwrap_or_default() {
            let values: Vec<&Value> = feed.rows.iter().filter_map(|row| row.get(column)).collect();
            variables.insert(format!("{name}_{column}"), json!(values));
        }
    }
    let phases = stretches(plan).into_iter().map(|(for_s, from, to)| {
        let for_s = for_s.round().max(1.0);
        if plan.is_closed() {
            // It has no users who wait: so many arrive, spread over the phase.
            json!({"duration": for_s, "arrivalCount": to.round(), "maxVusers": to.round()})
        } else if (from - to).abs() < f64::EPSILON {
            json!({"duration": for_s, "arrivalRate": from})
        } else {
            json!({"duration": for_s, "arrivalRate": from, "rampTo": to})
        }
    });
    let mut ensure = Map::new();
    let mut conditions = Vec::new();
    for threshold in &plan.thresholds {
        let limit = threshold.at_most.or(threshold.at_least).unwrap_or_default();
        let sign = if threshold.at_most.is_some() { "<=" } else { ">=" };
        let metric = match threshold.metric {
            Metric::Errors | Metric::Throughput | Metric::EventP95 => continue,
            Metric::P999 => "p999",
            other => other.as_str(),
        };
        let name = match &threshold.step {
            None => "http.response_time".to_owned(),
            Some(step) => format!("plugins.metrics-by-endpoint.response_time.{step}"),
        };
        conditions.push(json!({"expression": format!("{name}.{metric} {sign} {limit}")}));
    }
    ensure.insert("conditions".into(), conditions.into());
    let config = json!({
        "target": plan.target,
        "phases": phases.collect::<Vec<_>>(),
        "variables": variables,
        "http": {"timeout": plan.timeout_s, "maxSockets": plan.connections_max},
        "plugins": {"ensure": {}, "metrics-by-endpoint": {"useOnlyRequestNames": true}},
        "ensure": ensure,
    });
    let scenarios = plan.scenarios.iter().map(|scenario| {
        let mut flow: Vec<Value> =
            scenario.steps.iter().filter(|step| step.listen.is_none()).flat_map(|one| step(plan, one)).collect();
        if flow.is_empty() {
            flow.push(json!({"think": 0}));
        }
        json!({"name": scenario.name, "weight": scenario.weight, "flow": flow})
    });
    let mut script = json!({"config": config, "scenarios": scenarios.collect::<Vec<_>>()});
    if !plan.setup.is_empty() {
        script["before"] = json!({"flow": plan.setup.iter().flat_map(|one| step(plan, one)).collect::<Vec<_>>()});
    }
    let said = "# Written from a plan. Artillery counts from when a request went out, picks rows of feeds at random and each \
                column by itself, of what setup gathers one row for the whole run; it does not \
                check answers; it has no thresholds for errors and throughput by step.\n";
    let left_out = left_out(plan).map(|text| format!("# {text}\n")).unwrap_or_default();
    format!("{said}{left_out}{}\n", serde_json::to_string_pretty(&script).unwrap_or_default())
}

fn step(plan: &Plan, step: &Step) -> Vec<Value> {
    let text = |text: &str| filled(text, str::to_owned, |piece| place(plan, piece));
    let mut request = json!({"url": text(&step.path), "name": step.name, "followRedirect": false});
    let headers = plan.headers.iter().filter(|(name, _)| !step.headers.contains_key(*name)).chain(&step.headers);
    let headers: Map<_, _> = headers.map(|(name, value)| (name.clone(), Value::from(text(value)))).collect();
    if !headers.is_empty() {
        request["headers"] = headers.into();
    }
    if let Some(body) = &step.body {
        request["json"] = body_with(body, &|piece| place(plan, piece));
    }
    let gathered = step.gather.iter().map(|(name, gather)| (name, rows(gather)));
    let captures = step.extract.iter().map(|(name, pointer)| (name, json_path(pointer))).chain(gathered);
    let captures: Vec<Value> = captures.map(|(name, path)| json!({"json": path, "as": name})).collect();
    if !captures.is_empty() {
        request["capture"] = captures.into();
    }
    let mut flow = vec![json!({step.method.to_ascii_lowercase(): request})];
    if let Some(think) = step.think_s {
        let (low, high) = pause(think);
        flow.push(json!({"think": f64::midpoint(low, high)}));
    }
    flow
}

/// The rows of an answer that have nothing at the pointers of `without`.
fn rows(gather: &Gather) -> String {
    let path = json_path(&gather.rows);
    let nothing = |pointer: &String| {
        let at = json_path(pointer).replacen('$', "@", 1);
        format!("(!{at} || {at}.length === 0)")
    };
    let nothing: Vec<String> = gather.without.iter().map(nothing).collect();
    match path.strip_suffix("[*]") {
        Some(list) if !nothing.is_empty() => format!("{list}[?({})]", nothing.join(" && ")),
        _ => path,
    }
}

fn place(plan: &Plan, piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => text.clone(),
        Piece::Name { name, .. } => match name.split_once('.') {
            Some((feed, column)) if plan.feeds.get(feed).is_some_and(|feed| !feed.rows.is_empty()) => {
                format!("{{{{ {feed}_{column} }}}}")
            }
            _ => format!("{{{{ {name} }}}}"),
        },
        // Its own is one for all requests of a user. Digits are hexadecimal too.
        Piece::Uuid => {
            let digits = |low: u64, high: u64| format!("{{{{ $randomNumber({low}, {high}) }}}}");
            let (four, three) = (digits(1_000, 9_999), digits(100, 999));
            let (eight, twelve) = (digits(10_000_000, 99_999_999), digits(100_000_000_000, 999_999_999_999));
            format!("{eight}-{four}-4{three}-8{three}-{twelve}")
        }
        Piece::NowMs => "{{ $timestamp }}".into(),
        Piece::Number => "{{ $randomNumber(0, 1000000000) }}".into(),
        Piece::Random(low, high) => format!("{{{{ $randomNumber({low}, {high}) }}}}"),
    }
}
