//! A plan made ready: templates cut, constants put in, weights summed. What is left to do for a request is little.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;

use crate::plan::{Check, Pick, Plan, Problem, Step, Think, resolved};
use crate::template::{Piece, Template};
use crate::wire::Target;

/// A value for templates.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub text: Arc<str>,
    /// A JSON text rather than a number or list.
    pub is_text: bool,
}

impl Known {
    pub fn text(text: &str) -> Self {
        Self { text: text.into(), is_text: true }
    }

    pub fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::text(text),
            other => Self { text: other.to_string().into(), is_text: false },
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Rows {
    pub pick: Pick,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Option<Known>>>,
}

impl Rows {
    /// Of objects by their fields; of anything else as the column `value`.
    pub fn of<'a>(pick: Pick, values: impl Iterator<Item = &'a Value>) -> Self {
        let mut rows = Self { pick, ..Self::default() };
        for value in values {
            let single = [("value".to_owned(), value.clone())].into_iter().collect();
            let fields = value.as_object().unwrap_or(&single);
            let mut row: Vec<Option<Known>> = vec![None; rows.columns.len()];
            for (name, value) in fields {
                match rows.columns.iter().position(|column| column == name) {
                    Some(at) => row[at] = Some(Known::of(value)),
                    None => {
                        rows.columns.push(name.clone());
                        row.push(Some(Known::of(value)));
                    }
                }
            }
            rows.rows.push(row);
        }
        rows
    }
}

/// What is known to everybody: variables, secrets, what setup extracted, feeds.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub values: BTreeMap<String, Known>,
    pub feeds: Vec<(String, Rows)>,
}

impl World {
    pub fn of(plan: &Plan, secrets: &BTreeMap<String, String>) -> Result<Self, Problem> {
        let mut world = Self::default();
        for name in &plan.secrets {
            let value = secrets.get(name).ok_or_else(|| Problem::new("secrets", format!("{name} was not given.")))?;
            world.values.insert(name.clone(), Known::text(value));
        }
        if let Some(name) = secrets.keys().find(|name| !plan.secrets.contains(name)) {
            return Err(Problem::new("secrets", format!("The plan has no secret called {name}.")));
        }
        for name in resolved(&plan.variables, &plan.secrets)? {
            let template = Template::parse(&plan.variables[&name])
                .map_err(|text| Problem::new(format!("variables.{name}"), text))?;
            let mut value = String::new();
            for piece in &template.pieces {
                match piece {
                    Piece::Text(text) => value.push_str(text),
                    Piece::Name { name, .. } => {
                        value.push_str(world.values.get(name).map_or("", |known| &known.text));
                    }
                    Piece::Uuid => value.push_str(&uuid::Uuid::new_v4().to_string()),
                    _ => {
                        return Err(Problem::new(format!("variables.{name}"), "A variable is the same for everybody."));
                    }
                }
            }
            world.values.insert(name, Known::text(&value));
        }
        for (name, feed) in plan.feeds.iter().filter(|(_, feed)| !feed.rows.is_empty()) {
            let rows: Vec<Value> =
                feed.rows.iter().map(|row| Value::Object(row.clone().into_iter().collect())).collect();
            world.feeds.push((name.clone(), Rows::of(feed.pick, rows.iter())));
        }
        Ok(world)
    }
}

/// A text with its places.
#[derive(Debug, Clone)]
pub enum Part {
    Fixed(Bytes),
    /// What an earlier step of the walk extracted.
    Slot(usize, Style),
    Column(usize, usize, Style),
    Uuid,
    NowMs,
    Number,
    Random(i64, i64),
}

/// How a value stands where it is put.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Style {
    Path,
    Plain,
    /// Inside a JSON text.
    Quoted,
    /// As JSON itself.
    Json,
}

#[derive(Debug, Clone)]
pub struct ReadyStep {
    /// Which of `Script::names`.
    pub counted: usize,
    pub method: Method,
    pub path: Vec<Part>,
    pub headers: Vec<(HeaderName, Vec<Part>)>,
    pub body: Option<Vec<Part>>,
    /// Slot, name, pointer.
    pub extract: Vec<(usize, String, String)>,
    pub check: Check,
    pub think: Option<Think>,
    pub listen: Option<ReadyListen>,
}

#[derive(Debug, Clone)]
pub struct ReadyListen {
    pub auth: Vec<Part>,
    pub for_s: Option<f64>,
    pub time: Option<String>,
}

impl ReadyStep {
    /// Somebody looks into the answer.
    pub fn keeps_body(&self) -> bool {
        !self.extract.is_empty() || self.check.contains.is_some() || !self.check.json.is_empty()
    }
}

#[derive(Debug, Clone)]
pub struct ReadyScenario {
    /// Sum of the weights up to and with this one, of 1.
    pub up_to: f64,
    pub steps: Vec<ReadyStep>,
    pub slots: usize,
}

#[derive(Debug, Clone)]
pub struct Script {
    pub names: Vec<String>,
    pub scenarios: Vec<ReadyScenario>,
    pub feeds: Vec<Rows>,
}

impl Script {
    pub fn of(plan: &Plan, target: &Target, world: &World) -> Result<Self, Problem> {
        let names: Vec<String> = plan.step_names().into_iter().map(str::to_owned).collect();
        let total: f64 = plan.scenarios.iter().map(|scenario| scenario.weight).sum();
        let (mut scenarios, mut sum) = (Vec::new(), 0.0);
        for (at, scenario) in plan.scenarios.iter().enumerate() {
            sum += scenario.weight / total;
            let mut slots: Vec<String> = Vec::new();
            let mut steps = Vec::new();
            for (s, step) in scenario.steps.iter().enumerate() {
                let place = format!("scenarios[{at}].steps[{s}]");
                let counted = names.iter().position(|name| *name == step.name).unwrap_or_default();
                steps.push(ready(plan, target, step, counted, world, &mut slots, &place)?);
            }
            scenarios.push(ReadyScenario { up_to: sum, steps, slots: slots.len() });
        }
        Ok(Self { names, scenarios, feeds: world.feeds.iter().map(|(_, rows)| rows.clone()).collect() })
    }
}

/// One step with everything that is known put in.
pub fn ready(
    plan: &Plan,
    target: &Target,
    step: &Step,
    counted: usize,
    world: &World,
    slots: &mut Vec<String>,
    place: &str,
) -> Result<ReadyStep, Problem> {
    let wrong = |field: &str, text: String| Problem::new(format!("{place}.{field}"), text);
    let mut path = vec![Part::Fixed(Bytes::from(target.base.clone()))];
    path.extend(parts(&step.path, Style::Path, world, slots).map_err(|text| wrong("path", text))?);
    let mut headers = Vec::new();
    for (name, value) in plan.headers.iter().filter(|(name, _)| !step.headers.contains_key(*name)).chain(&step.headers)
    {
        let value = parts(value, Style::Plain, world, slots).map_err(|text| wrong("headers", text))?;
        let value = joined(value);
        if let [Part::Fixed(bytes)] = value.as_slice() {
            // The value may hold a secret: only the name is said.
            HeaderValue::from_bytes(bytes)
                .map_err(|_| wrong("headers", format!("The value of {name} cannot be sent.")))?;
        }
        let name =
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("headers", format!("{name} is no header.")))?;
        headers.push((name, value));
    }
    let body = match &step.body {
        None => None,
        Some(value) => {
            let mut parts = Vec::new();
            json(value, world, slots, &mut parts).map_err(|text| wrong("body", text))?;
            if !headers.iter().any(|(name, _)| *name == CONTENT_TYPE) {
                headers.push((CONTENT_TYPE, vec![Part::Fixed(Bytes::from_static(b"application/json"))]));
            }
            Some(joined(parts))
        }
    };
    let method = Method::from_bytes(step.method.as_bytes()).map_err(|_| wrong("method", "No HTTP method.".into()))?;
    let mut extract = Vec::new();
    for (name, pointer) in &step.extract {
        let slot = slots.iter().position(|slot| slot == name).unwrap_or_else(|| {
            slots.push(name.clone());
            slots.len() - 1
        });
        extract.push((slot, name.clone(), pointer.clone()));
    }
    let listen = match &step.listen {
        None => None,
        Some(listen) => {
            let mut auth = Vec::new();
            json(&listen.auth, world, slots, &mut auth).map_err(|text| wrong("listen.auth", text))?;
            Some(ReadyListen { auth: joined(auth), for_s: listen.for_s, time: listen.time.clone() })
        }
    };
    Ok(ReadyStep {
        counted,
        method,
        path: joined(path),
        headers,
        body,
        extract,
        check: step.check.clone(),
        think: step.think_s,
        listen,
    })
}

/// Neighbours that are fixed become one.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Part::Fixed(last)), Part::Fixed(next)) => {
                *last = [last.as_ref(), next.as_ref()].concat().into();
            }
            (_, part) => out.push(part),
        }
    }
    out
}

fn parts(text: &str, style: Style, world: &World, slots: &[String]) -> Result<Vec<Part>, String> {
    let mut out = Vec::new();
    for piece in Template::parse(text)?.pieces {
        out.push(match piece {
            Piece::Text(text) => Part::Fixed(if style == Style::Quoted { quoted(&text) } else { text }.into()),
            Piece::Uuid => Part::Uuid,
            Piece::NowMs => Part::NowMs,
            Piece::Number => Part::Number,
            Piece::Random(low, high) => Part::Random(low, high),
            Piece::Name { name, json } => {
                let style = if json && style == Style::Quoted { Style::Json } else { style };
                if let Some(slot) = slots.iter().position(|slot| *slot == name) {
                    Part::Slot(slot, style)
                } else if let Some(value) = world.values.get(&name) {
                    let mut fixed = Vec::new();
                    put(&mut fixed, value, style);
                    Part::Fixed(fixed.into())
                } else {
                    column(&name, style, world)?
                }
            }
        });
    }
    Ok(out)
}

fn column(name: &str, style: Style, world: &World) -> Result<Part, String> {
    let missing = || format!("{{{{{name}}}}} stands for nothing.");
    let (feed, column) = name.split_once('.').ok_or_else(missing)?;
    let at = world.feeds.iter().position(|(known, _)| known == feed).ok_or_else(missing)?;
    let rows = &world.feeds[at].1;
    if rows.rows.is_empty() {
        return Err(format!("The feed {feed} is empty."));
    }
    let column = rows.columns.iter().position(|known| known == column);
    Ok(Part::Column(at, column.ok_or_else(missing)?, style))
}

/// A JSON value with its templates, as it will be sent.
fn json(value: &Value, world: &World, slots: &[String], out: &mut Vec<Part>) -> Result<(), String> {
    let fixed = |text: String| Part::Fixed(text.into());
    match value {
        Value::String(text) => {
            let inner = parts(text, Style::Quoted, world, slots)?;
            let is_json = Template::parse(text)?.pieces.iter().any(|p| matches!(p, Piece::Name { json: true, .. }));
            if is_json {
                out.extend(inner);
            } else {
                out.push(fixed("\"".into()));
                out.extend(inner);
                out.push(fixed("\"".into()));
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                out.push(fixed(if at == 0 { "[" } else { "," }.into()));
                json(item, world, slots, out)?;
            }
            out.push(fixed(if items.is_empty() { "[]" } else { "]" }.into()));
        }
        Value::Object(fields) => {
            for (at, (name, field)) in fields.iter().enumerate() {
                out.push(fixed(format!("{}\"{}\":", if at == 0 { "{" } else { "," }, quoted(name))));
                json(field, world, slots, out)?;
            }
            out.push(fixed(if fields.is_empty() { "{}" } else { "}" }.into()));
        }
        other => out.push(fixed(other.to_string())),
    }
    Ok(())
}

/// A text as it stands between the quotation marks of JSON.
pub fn quoted(text: &str) -> String {
    let whole = Value::String(text.to_owned()).to_string();
    whole[1..whole.len() - 1].to_owned()
}

/// Puts a value where it stands.
pub fn put(out: &mut Vec<u8>, value: &Known, style: Style) {
    match style {
        Style::Plain => out.extend_from_slice(value.text.as_bytes()),
        Style::Quoted => out.extend_from_slice(quoted(&value.text).as_bytes()),
        Style::Json if value.is_text => {
            out.push(b'"');
            out.extend_from_slice(quoted(&value.text).as_bytes());
            out.push(b'"');
        }
        Style::Json => out.extend_from_slice(value.text.as_bytes()),
        Style::Path => {
            // RFC 3986: everything but the unreserved characters.
            for byte in value.text.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    out.push(byte);
                } else {
                    out.extend_from_slice(format!("%{byte:02X}").as_bytes());
                }
            }
        }
    }
}
