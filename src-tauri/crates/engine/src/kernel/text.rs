//! Text that people type: trimmed, without HTML and control characters, its length checked.
//!
//! Requests clean their fields while they are read (`#[serde(deserialize_with = "text::clean")]`),
//! so that the length rules (garde) see what will be stored.

use serde::{Deserialize, Deserializer};

/// Longest name of a person, place or thing, in characters.
pub const NAME_MAX: usize = 120;
/// Longest e-mail address, in bytes.
pub const EMAIL_MAX: usize = 255;
/// Longest note or reason, in characters.
pub const NOTE_MAX: usize = 500;

/// For a required text field.
pub fn clean<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    String::deserialize(from).map(|text| cleaned(&text))
}

/// For an optional one; what is empty after cleaning is nothing.
pub fn clean_option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(text.map(|text| cleaned(&text)).filter(|text| !text.is_empty()))
}

/// For a change of a required field: left out is left alone, empty is refused by its length rule.
pub fn clean_some<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(|text| cleaned(&text)))
}

/// One line: tags and control characters gone, runs of white space one space, ends trimmed.
pub fn cleaned(text: &str) -> String {
    let bare = without_tags(text);
    let mut out = String::with_capacity(bare.len());
    for word in bare.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// A tag starts with `<` and a letter, `/`, `!` or `?`; "3 < 4" is none. An unclosed one goes to the end.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let opens = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if opens {
            rest = tag.find('>').map_or("", |end| &tag[end + 1..]);
        } else {
            out.push('<');
            rest = &tag[1..];
        }
    }
    out.push_str(rest);
    // Taking a tag out can make a new one of what stood around it.
    if out.len() < text.len() && out.contains('<') { without_tags(&out) } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_plain_text_stays() {
        let check = |input: &str, expect: &str| assert_eq!(cleaned(input), expect, "{input:?}");
        check("  Pizza   Margherita \n", "Pizza Margherita");
        check("<b>Bold</b> move", "Bold move");
        check("<script>alert(1)</script>", "alert(1)");
        check("a<scr<b>ipt>x", "aipt>x");
        check("<<b>script>x", "x");
        check("3 < 4 and 5 > 2", "3 < 4 and 5 > 2");
        check("I <3 it", "I <3 it");
        check("open <img src=x", "open");
        check("tab\tand\u{0}nul\u{7f}", "tab and nul");
        check("Crème brûlée · 寿司", "Crème brûlée · 寿司");
    }
}
