//! Texts with places to fill: `/items/{{item.id}}?n={{random 1 9}}`.
//!
//! `{{name}}` a value, `{{feed.column}}` of the row this walk took, `{{uuid}}`, `{{now_ms}}` (since the run began),
//! `{{number}}` of the arrival, `{{random 1 9}}`. In a JSON body a text that is `{{=name}}` and nothing else becomes
//! the value itself: a number, a list.

/// A text as its pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Text(String),
    /// A value, or a feed's column. `json`: as it is in JSON.
    Name {
        name: String,
        json: bool,
    },
    Uuid,
    NowMs,
    Number,
    Random(i64, i64),
}

/// Words of the language: no value can have them.
const TAKEN: [&str; 4] = ["uuid", "now_ms", "number", "random"];

pub fn is_taken(name: &str) -> bool {
    TAKEN.contains(&name)
}

pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Template {
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let Some((inner, after)) = after.split_once("}}") else {
                return Err("A {{ is not closed by }}.".into());
            };
            pieces.push(piece(inner.trim())?);
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        let json = pieces.iter().any(|piece| matches!(piece, Piece::Name { json: true, .. }));
        if json && pieces.len() > 1 {
            return Err("{{=name}} stands alone in its text.".into());
        }
        Ok(Self { pieces })
    }

    /// The values it needs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Name { name, .. } => Some(name.as_str()),
            _ => None,
        })
    }
}

fn piece(inner: &str) -> Result<Piece, String> {
    let (json, inner) = inner.strip_prefix('=').map_or((false, inner), |rest| (true, rest.trim()));
    let mut words = inner.split_whitespace();
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some("uuid"), None, ..) => Ok(Piece::Uuid),
        (Some("now_ms"), None, ..) => Ok(Piece::NowMs),
        (Some("number"), None, ..) => Ok(Piece::Number),
        (Some("random"), Some(low), Some(high), None) => match (low.parse(), high.parse()) {
            (Ok(low), Ok(high)) if low <= high => Ok(Piece::Random(low, high)),
            _ => Err(format!("{{{{{inner}}}}}: random takes two whole numbers, the smaller first.")),
        },
        (Some(name), None, ..) if name.split('.').count() <= 2 && name.split('.').all(is_name) => {
            Ok(Piece::Name { name: name.to_owned(), json })
        }
        _ => Err(format!("{{{{{inner}}}}} is not understood.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_its_pieces() {
        let template = Template::parse("/a/{{ item.id }}?n={{random 1 9}}&u={{uuid}}").unwrap();
        assert_eq!(template.names().collect::<Vec<_>>(), ["item.id"]);
        assert_eq!(template.pieces.len(), 6);
        assert_eq!(template.pieces[3], Piece::Random(1, 9));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (text, says) in [
            ("{{", "not closed"),
            ("{{a b}}", "not understood"),
            ("{{random 9 1}}", "smaller first"),
            ("x{{=a}}", "stands alone"),
            ("{{a.b.c}}", "not understood"),
        ] {
            let error = Template::parse(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
