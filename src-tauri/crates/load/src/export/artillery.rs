//! For Artillery: JSON, which is YAML too.

use serde_json::{Map, Value, json};

use super::{body_with, filled, json_path, left_out, pause, stretches};
use crate::plan::{Metric, Plan, Step};
use crate::template::Piece;

pub fn artillery(plan: &Plan) -> String {
    let mut variables: Map<String, Value> = Map::new();
    for (name, value) in &plan.variables {
        variables.insert(name.clone(), text(value).into());
    }
    for name in &plan.secrets {
        variables.insert(name.clone(), format!("{{{{ $env.{name} }}}}").into());
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
    let mut config = json!({
        "target": plan.target,
        "phases": phases.collect::<Vec<_>>(),
        "variables": variables,
        "http": {"timeout": plan.timeout_s, "maxSockets": plan.connections_max},
        "plugins": {"ensure": {}, "metrics-by-endpoint": {"useOnlyRequestNames": true}},
        "ensure": ensure,
    });
    if !plan.headers.is_empty() {
        let headers = plan.headers.iter().map(|(name, value)| (name.clone(), Value::from(text(value))));
        config["http"]["defaults"] = json!({"headers": headers.collect::<Map<_, _>>()});
    }
    let scenarios = plan.scenarios.iter().map(|scenario| {
        let mut flow: Vec<Value> = scenario.steps.iter().filter(|step| step.listen.is_none()).flat_map(step).collect();
        if flow.is_empty() {
            flow.push(json!({"think": 0}));
        }
        json!({"name": scenario.name, "weight": scenario.weight, "flow": flow})
    });
    let mut script = json!({"config": config, "scenarios": scenarios.collect::<Vec<_>>()});
    if !plan.setup.is_empty() {
        script["before"] = json!({"flow": plan.setup.iter().flat_map(step).collect::<Vec<_>>()});
    }
    let said = "# Written from a plan. Artillery counts from when a request went out, picks rows of feeds at random and each \
                column by itself; it has no thresholds for errors and throughput by step.\n";
    let left_out = left_out(plan).map(|text| format!("# {text}\n")).unwrap_or_default();
    format!("{said}{left_out}{}\n", serde_json::to_string_pretty(&script).unwrap_or_default())
}

fn step(step: &Step) -> Vec<Value> {
    let mut request = json!({"url": text(&step.path), "name": step.name, "followRedirect": false});
    if !step.headers.is_empty() {
        let headers = step.headers.iter().map(|(name, value)| (name.clone(), Value::from(text(value))));
        request["headers"] = Value::Object(headers.collect());
    }
    if let Some(body) = &step.body {
        request["json"] = body_with(body, &place);
    }
    let gathered = step.gather.iter().map(|(name, gather)| (name, &gather.rows));
    let captures = step.extract.iter().chain(gathered);
    let captures: Vec<Value> =
        captures.map(|(name, pointer)| json!({"json": json_path(pointer), "as": name})).collect();
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

fn text(text: &str) -> String {
    filled(text, str::to_owned, place)
}

fn place(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => text.clone(),
        Piece::Name { name, .. } => format!("{{{{ {} }}}}", name.replace('.', "_")),
        Piece::Uuid => "{{ $uuid }}".into(),
        Piece::NowMs => "{{ $timestamp }}".into(),
        Piece::Number => "{{ $randomNumber(0, 1000000000) }}".into(),
        Piece::Random(low, high) => format!("{{{{ $randomNumber({low}, {high}) }}}}"),
    }
}
