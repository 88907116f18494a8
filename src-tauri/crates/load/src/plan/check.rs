//! The rules of a plan. Everything that is wrong is said at once.

use std::collections::BTreeMap;

use super::read::nearest;
use super::{Listen, Metric, Phase, Plan, Problem, Protocol, Step, Think};
use crate::template::{self, Template};
use crate::wire::Target;

const NAME_CHARS_MAX: usize = 120;
const PHASES_MAX: usize = 50;
const SCENARIOS_MAX: usize = 50;
/// Different names of steps: each has a histogram a thread.
const STEPS_MAX: usize = 100;
const FOR_S_MAX: f64 = 7.0 * 24.0 * 3600.0;
const RATE_MAX: f64 = 1_000_000.0;
const USERS_MAX: u32 = 100_000;
const PROBLEMS_MAX: usize = 50;

/// Empty: the plan can be run.
pub fn check(plan: &Plan) -> Vec<Problem> {
    let mut found = Vec::new();
    named(&mut found, "name", &plan.name);
    if let Err(text) = Target::parse(&plan.target) {
        found.push(Problem::new("target", text));
    }
    if !(0.0..=100.0).contains(&plan.stop_at_errors_percent) {
        found.push(Problem::new("stop_at_errors_percent", "A percentage is between 0 and 100."));
    }
    if !(plan.timeout_s > 0.0 && plan.timeout_s <= 600.0) {
        found.push(Problem::new("timeout_s", "A request may take more than 0 and at most 600 seconds."));
    }
    if !(1..=10_000).contains(&plan.connections_max) {
        found.push(Problem::new("connections_max", "Between 1 and 10,000 connections."));
    }
    phases(&mut found, plan);
    scenarios(&mut found, plan);
    thresholds(&mut found, plan);
    variables(&mut found, plan);
    found.truncate(PROBLEMS_MAX);
    found
}

fn named(found: &mut Vec<Problem>, place: impl Into<String>, name: &str) {
    if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        found.push(Problem::new(place, format!("A name has 1 to {NAME_CHARS_MAX} letters.")));
    }
}

fn phases(found: &mut Vec<Problem>, plan: &Plan) {
    if plan.phases.is_empty() || plan.phases.len() > PHASES_MAX {
        found.push(Problem::new("phases", format!("A plan has 1 to {PHASES_MAX} phases.")));
    }
    for (at, phase) in plan.phases.iter().enumerate() {
        let place = format!("phases[{at}]");
        named(found, format!("{place}.name"), phase.name());
        if !(phase.for_s() > 0.0 && phase.for_s() <= FOR_S_MAX) {
            found.push(Problem::new(format!("{place}.for_s"), "A phase takes more than 0 seconds and at most a week."));
        }
        if matches!(phase, Phase::Users(_)) != plan.is_closed() {
            let text = "Users who wait for answers and arrivals by rate do not go into one plan: make two.";
            found.push(Problem::new(&place, text));
        }
        let rates: Vec<f64> = match phase {
            Phase::Constant(phase) => vec![phase.rate],
            Phase::Ramp(phase) => vec![phase.from, phase.to],
            Phase::Spike(phase) => vec![phase.base, phase.peak],
            Phase::Steps(phase) if phase.rates.is_empty() || phase.rates.len() > 100 => {
                found.push(Problem::new(format!("{place}.rates"), "Between 1 and 100 rates."));
                vec![]
            }
            Phase::Steps(phase) => phase.rates.clone(),
            Phase::Users(phase) => {
                if !(1..=USERS_MAX).contains(&phase.users.max(phase.from.unwrap_or(0))) {
                    found.push(Problem::new(format!("{place}.users"), format!("Between 1 and {USERS_MAX} users.")));
                }
                vec![]
            }
        };
        if rates.iter().any(|rate| !(0.0..=RATE_MAX).contains(rate)) {
            found.push(Problem::new(&place, format!("A rate is between 0 and {RATE_MAX} arrivals a second.")));
        } else if !rates.is_empty() && rates.iter().all(|rate| *rate == 0.0) && plan.phases.len() == 1 {
            found.push(Problem::new(&place, "Nobody arrives."));
        }
    }
}

fn scenarios(found: &mut Vec<Problem>, plan: &Plan) {
    if plan.scenarios.is_empty() || plan.scenarios.len() > SCENARIOS_MAX {
        found.push(Problem::new("scenarios", format!("A plan has 1 to {SCENARIOS_MAX} scenarios.")));
    }
    if plan.step_names().len() > STEPS_MAX {
        found.push(Problem::new("scenarios", format!("At most {STEPS_MAX} different steps.")));
    }
    let weights: f64 = plan.scenarios.iter().map(|scenario| scenario.weight).sum();
    if plan.scenarios.iter().any(|scenario| !(scenario.weight >= 0.0 && scenario.weight.is_finite()))
        || (!plan.scenarios.is_empty() && weights <= 0.0)
    {
        found.push(Problem::new("scenarios", "Weights are numbers from 0 up, one of them above 0."));
    }
    // What is known before a step: variables, secrets, feeds, what earlier steps extracted.
    let mut known = Known {
        names: plan.variables.keys().chain(&plan.secrets).cloned().collect(),
        feeds: plan.feeds.iter().map(|(name, feed)| (name.clone(), feed.rows.first().cloned())).collect(),
    };
    for (at, step) in plan.setup.iter().enumerate() {
        one_step(found, &format!("setup[{at}]"), plan, step, &mut known);
        known.feeds.extend(step.gather.keys().map(|name| (name.clone(), None)));
    }
    for (name, feed) in &plan.feeds {
        if feed.rows.is_empty() && !plan.setup.iter().any(|step| step.gather.contains_key(name)) {
            found.push(Problem::new(format!("feeds.{name}"), "A feed has at least one row, or setup gathers it."));
        }
    }
    for (s, scenario) in plan.scenarios.iter().enumerate() {
        named(found, format!("scenarios[{s}].name"), &scenario.name);
        if scenario.steps.is_empty() {
            found.push(Problem::new(format!("scenarios[{s}].steps"), "A scenario has at least one step."));
        }
        let mut known = Known { names: known.names.clone(), feeds: known.feeds.clone() };
        for (at, step) in scenario.steps.iter().enumerate() {
            let place = format!("scenarios[{s}].steps[{at}]");
            if !step.gather.is_empty() {
                found.push(Problem::new(format!("{place}.gather"), "Feeds are gathered in setup only."));
            }
            one_step(found, &place, plan, step, &mut known);
        }
    }
}

struct Known {
    names: Vec<String>,
    feeds: BTreeMap<String, Option<BTreeMap<String, serde_json::Value>>>,
}

fn one_step(found: &mut Vec<Problem>, place: &str, plan: &Plan, step: &Step, known: &mut Known) {
    named(found, format!("{place}.name"), &step.name);
    if hyper::Method::from_bytes(step.method.as_bytes()).is_err() {
        found.push(Problem::new(format!("{place}.method"), format!("{} is no HTTP method.", step.method)));
    }
    if !step.path.starts_with('/') {
        found.push(Problem::new(format!("{place}.path"), "A path begins with a slash."));
    }
    let mut texts = vec![(format!("{place}.path"), step.path.clone())];
    for (name, value) in plan.headers.iter().chain(&step.headers) {
        if hyper::header::HeaderName::from_bytes(name.as_bytes()).is_err() {
            found.push(Problem::new(format!("{place}.headers"), format!("{name} is no name of a header.")));
        }
        texts.push((format!("{place}.headers.{name}"), value.clone()));
    }
    if let Some(body) = &step.body {
        strings(body, &mut |text| texts.push((format!("{place}.body"), text.to_owned())));
    }
    if let Some(listen) = &step.listen {
        strings(&listen.auth, &mut |text| texts.push((format!("{place}.listen.auth"), text.to_owned())));
    }
    for (place, text) in texts {
        match Template::parse(&text) {
            Ok(template) => {
                for name in template.names() {
                    if let Some(text) = unknown(name, known) {
                        found.push(Problem::new(place.clone(), text));
                    }
                }
            }
            Err(text) => found.push(Problem::new(place, text)),
        }
    }
    let gathered = step.gather.iter().map(|(name, gather)| (name, &gather.rows));
    for (name, pointer) in step.extract.iter().chain(gathered) {
        if !template::is_name(name) || template::is_taken(name) {
            let text = format!("{name} cannot be the name of a value: letters, digits and _ only.");
            found.push(Problem::new(format!("{place}.extract"), text));
        }
        pointed(found, format!("{place}.extract.{name}"), pointer);
    }
    for pointer in step.check.json.keys() {
        pointed(found, format!("{place}.check.json"), pointer);
    }
    if step.check.status.iter().any(|status| !(100..=599).contains(status)) {
        found.push(Problem::new(format!("{place}.check.status"), "A status is between 100 and 599."));
    }
    let pause_ok = |s: f64| (0.0..=3600.0).contains(&s);
    let thinks = match step.think_s {
        None => true,
        Some(Think::Fixed(s)) => pause_ok(s),
        Some(Think::Between([low, high])) => pause_ok(low) && pause_ok(high) && low <= high,
    };
    if !thinks {
        found.push(Problem::new(
            format!("{place}.think_s"),
            "A pause is between 0 and 3,600 seconds, the shorter first.",
        ));
    }
    if let Some(listen) = &step.listen {
        listener(found, place, plan, step, listen);
    }
    known.names.extend(step.extract.keys().cloned());
}

fn listener(found: &mut Vec<Problem>, place: &str, plan: &Plan, step: &Step, listen: &Listen) {
    let mut wrong = |field: &str, text: &str| found.push(Problem::new(format!("{place}.{field}"), text));
    if step.method != "GET" || step.body.is_some() || !step.extract.is_empty() || !step.check.is_empty() {
        wrong("listen", "Who listens sends nothing and takes nothing out: no method, body, extract or check.");
    }
    if place.starts_with("setup") {
        wrong("listen", "Nobody listens in setup.");
    }
    if plan.protocol != Protocol::Http1 {
        wrong("listen", "Who listens does so over HTTP/1.1: set the plan's protocol to http1.");
    }
    if listen.for_s.is_some_and(|for_s| !(for_s > 0.0 && for_s <= FOR_S_MAX)) {
        wrong("listen.for_s", "Somebody listens for more than 0 seconds and at most a week.");
    }
    if let Some(pointer) = &listen.time {
        pointed(found, format!("{place}.listen.time"), pointer);
    }
}

fn pointed(found: &mut Vec<Problem>, place: String, pointer: &str) {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        found.push(Problem::new(place, "A JSON pointer begins with a slash: /items/0/id."));
    }
}

/// Why a template's name stands for nothing here.
fn unknown(name: &str, known: &Known) -> Option<String> {
    let (feed, column) = name.split_once('.').map_or((name, None), |(feed, column)| (feed, Some(column)));
    match column {
        None if known.names.iter().any(|known| known == name) => None,
        None => {
            let names: Vec<&str> = known.names.iter().map(String::as_str).collect();
            let meant = nearest(name, &names).map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
            Some(format!("{{{{{name}}}}} stands for nothing before this step.{meant}"))
        }
        Some(column) => match known.feeds.get(feed) {
            None => Some(format!("There is no feed {feed}.")),
            Some(Some(row)) if !row.contains_key(column) => Some(format!("The feed {feed} has no column {column}.")),
            Some(_) => None,
        },
    }
}

/// Every text in a JSON value.
pub(crate) fn strings(value: &serde_json::Value, each: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::String(text) => each(text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, each)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| strings(field, each)),
        _ => {}
    }
}

fn thresholds(found: &mut Vec<Problem>, plan: &Plan) {
    for (at, threshold) in plan.thresholds.iter().enumerate() {
        let place = format!("thresholds[{at}]");
        match (threshold.at_most, threshold.at_least) {
            (Some(limit), None) | (None, Some(limit)) if limit >= 0.0 && limit.is_finite() => {}
            _ => found.push(Problem::new(&place, "A threshold has either at_most or at_least, from 0 up.")),
        }
        if threshold.metric == Metric::Throughput && threshold.at_least.is_none() {
            found.push(Problem::new(&place, "Throughput is a matter of at_least."));
        }
        let names = plan.step_names();
        if threshold.metric == Metric::EventP95 {
            let steps = plan.scenarios.iter().flat_map(|scenario| &scenario.steps);
            let timed = |step: &&Step| step.listen.as_ref().is_some_and(|listen| listen.time.is_some());
            if !steps.filter(timed).any(|step| Some(&step.name) == threshold.step.as_ref()) {
                found.push(Problem::new(
                    &place,
                    "event_p95 is of a step that listens and says where an event's time is.",
                ));
            }
        }
        if let Some(step) = threshold.step.as_deref().filter(|step| !names.contains(step)) {
            let meant = nearest(step, &names).map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
            found.push(Problem::new(format!("{place}.step"), format!("No step is called {step}.{meant}")));
        }
    }
}

/// Variables may name each other, and never in a circle.
fn variables(found: &mut Vec<Problem>, plan: &Plan) {
    for name in plan.variables.keys().chain(&plan.secrets) {
        if !template::is_name(name) || template::is_taken(name) {
            let text = format!("{name} cannot be the name of a value: letters, digits and _ only.");
            found.push(Problem::new(format!("variables.{name}"), text));
        }
    }
    if let Some(name) = plan.secrets.iter().find(|name| plan.variables.contains_key(*name)) {
        found.push(Problem::new("secrets", format!("{name} is a variable too: a secret's value is not in the plan.")));
    }
    if let Err(problem) = resolved(&plan.variables, &plan.secrets) {
        found.push(problem);
    }
}

/// The variables with each other's values put in; secrets stay as they are named.
pub(crate) fn resolved(variables: &BTreeMap<String, String>, secrets: &[String]) -> Result<Vec<String>, Problem> {
    let mut done: Vec<String> = Vec::new();
    let mut waiting: Vec<&String> = variables.keys().collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut later = Vec::new();
        for name in waiting {
            let place = format!("variables.{name}");
            let template = Template::parse(&variables[name]).map_err(|text| Problem::new(&place, text))?;
            for needed in template.names() {
                if !variables.contains_key(needed) && !secrets.iter().any(|secret| secret == needed) {
                    return Err(Problem::new(place, format!("{{{{{needed}}}}} stands for nothing.")));
                }
            }
            let ready = |needed: &str| done.iter().any(|d| d == needed) || !variables.contains_key(needed);
            if template.names().all(ready) { done.push(name.clone()) } else { later.push(name) }
        }
        if later.len() == before {
            let circle: Vec<&str> = later.iter().map(|name| name.as_str()).collect();
            let text = format!("These variables go round in a circle: {}.", circle.join(", "));
            return Err(Problem::new("variables", text));
        }
        waiting = later;
    }
    Ok(done)
}
