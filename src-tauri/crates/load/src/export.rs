//! A plan written for other tools, so that a larger fleet can run it.
//!
//! What another tool cannot say is told in a comment at the top: a plan here is exact, a translation of it is a good
//! start. Values of secrets are in none: each tool takes them from its own surroundings.

mod artillery;
mod jmeter;
mod k6;
mod locust;

use serde_json::Value;

use crate::arrivals::Arrivals;
use crate::plan::{Plan, Think};
use crate::template::{Piece, Template};

pub use artillery::artillery;
pub use jmeter::jmeter;
pub use k6::k6;
pub use locust::locust;

/// A text with its places written as that tool writes them.
fn filled(text: &str, fixed: impl Fn(&str) -> String, place: impl Fn(&Piece) -> String) -> String {
    // A plan was checked before it came here; what cannot be read is left as it is.
    let Ok(template) = Template::parse(text) else { return fixed(text) };
    let each = |piece: &Piece| match piece {
        Piece::Text(text) => fixed(text),
        other => place(other),
    };
    template.pieces.iter().map(each).collect()
}

/// `/a/0/b` as JSONPath: `$.a[0].b`, with `*` for every element.
fn json_path(pointer: &str) -> String {
    let mut path = String::from("$");
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part == "*" || part.chars().all(|c| c.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else if part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            path.push_str(&format!(".{part}"));
        } else {
            path.push_str(&format!("['{}']", part.replace('\'', "\\'")));
        }
    }
    path
}

/// Straight stretches: seconds, rate at the beginning, rate at the end.
fn stretches(plan: &Plan) -> Vec<(f64, f64, f64)> {
    let corners = Arrivals::of(plan).curve();
    corners.chunks(2).filter_map(|pair| Some((pair.get(1)?.0 - pair[0].0, pair[0].1, pair[1].1))).collect()
}

/// Said of steps that listen, where a tool has nothing for them: the arrivals come, and nobody stays.
fn left_out(plan: &Plan) -> Option<String> {
    let steps = plan.scenarios.iter().flat_map(|scenario| &scenario.steps);
    let names: Vec<&str> = steps.filter(|step| step.listen.is_some()).map(|step| step.name.as_str()).collect();
    (!names.is_empty()).then(|| one_line(&format!("Left out, because they listen to events: {}.", names.join(", "))))
}

fn pause(think: Think) -> (f64, f64) {
    match think {
        Think::Fixed(s) => (s, s),
        Think::Between([low, high]) => (low, high),
    }
}

fn as_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A comment must stay one line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The body with the places in its texts written as that tool does.
fn body_with(value: &Value, place: &impl Fn(&Piece) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(filled(text, str::to_owned, place)),
        Value::Array(items) => items.iter().map(|item| body_with(item, place)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), body_with(field, place))).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_becomes_a_json_path() {
        assert_eq!(json_path("/items/0/id"), "$.items[0].id");
        assert_eq!(json_path("/a b/*/c~1d"), "$['a b'][*]['c/d']");
        assert_eq!(json_path(""), "$");
    }
}
