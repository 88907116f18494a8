//! JSON pointers (RFC 6901), and the same with `*` for every element of a list.

use serde_json::Value;

use crate::plan::Gather;

/// The rows that are wanted.
pub fn rows<'a>(value: &'a Value, gather: &Gather) -> Vec<&'a Value> {
    let has_nothing = |row: &Value| gather.without.iter().all(|pointer| row.pointer(pointer).is_none_or(is_nothing));
    all(value, &gather.rows).into_iter().filter(|row| has_nothing(row)).collect()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// Every value the pointer leads to.
pub fn all<'a>(value: &'a Value, pointer: &str) -> Vec<&'a Value> {
    let Some((before, after)) = pointer.split_once("/*") else {
        return value.pointer(pointer).into_iter().collect();
    };
    let lists = value.pointer(before).and_then(Value::as_array);
    lists.into_iter().flatten().flat_map(|item| all(item, after)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_star_goes_through_every_element() {
        let value = json!({"a": [{"b": [1, 2]}, {"b": [3]}, {"c": 0}]});
        assert_eq!(all(&value, "/a/*/b/*"), [&json!(1), &json!(2), &json!(3)]);
        assert_eq!(all(&value, "/a/0/b"), [&json!([1, 2])]);
        assert!(all(&value, "/x/*").is_empty());
        let gather = Gather { rows: "/a/*".into(), without: vec!["/b".into()] };
        assert_eq!(rows(&value, &gather), [&json!({"c": 0})]);
    }
}
