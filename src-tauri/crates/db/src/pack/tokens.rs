//! Texts taken apart into a pattern that many rows share and the values each has of its own.
//!
//! Any bytes can be taken apart and come back as they were: what is not recognised stays in the pattern.
//! An id is the same value whether it stands as text in arguments or as bytes in changes.

use minicbor::Decoder;
use minicbor::data::Type;

use super::bytes::{Corrupt, Reader, put, put_bytes};
use super::ids::Id;

/// What kind of value a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    Int,
    Text,
    Id,
    Bytes,
}

impl Class {
    pub const fn code(self) -> u8 {
        match self {
            Self::Int => 0,
            Self::Text => 1,
            Self::Id => 2,
            Self::Bytes => 3,
        }
    }

    pub fn from_code(code: u8) -> Result<Self, Corrupt> {
        [Self::Int, Self::Text, Self::Id, Self::Bytes].get(usize::from(code)).copied().ok_or(Corrupt("no such class"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'v> {
    Int(i64),
    Text(&'v [u8]),
    Id(Id),
    Bytes(&'v [u8]),
}

/// How a value is written in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    JsonInt,
    JsonText,
    JsonId,
    CborInt,
    CborText,
    CborId,
    CborBytes,
    /// The whole text: it could not be taken apart.
    Whole,
}

const FORMS: [Form; 8] = [
    Form::JsonInt,
    Form::JsonText,
    Form::JsonId,
    Form::CborInt,
    Form::CborText,
    Form::CborId,
    Form::CborBytes,
    Form::Whole,
];

impl Form {
    const fn class(self) -> Class {
        match self {
            Self::JsonInt | Self::CborInt => Class::Int,
            Self::JsonText | Self::CborText => Class::Text,
            Self::JsonId | Self::CborId => Class::Id,
            Self::CborBytes | Self::Whole => Class::Bytes,
        }
    }
}

/// Bytes as they stand, then one value; at the end bytes alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<(Vec<u8>, Form, u32)>,
    tail: Vec<u8>,
}

impl Pattern {
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, self.pieces.len() as u64);
        for (literal, form, column) in &self.pieces {
            put_bytes(&mut out, literal);
            out.push(FORMS.iter().position(|f| f == form).unwrap_or_default() as u8);
            put(&mut out, u64::from(*column));
        }
        put_bytes(&mut out, &self.tail);
        out
    }

    pub fn read(input: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let mut pattern = Self::default();
        for _ in 0..input.count()? {
            let literal = input.bytes()?.to_vec();
            let form = *FORMS.get(usize::from(input.byte()?)).ok_or(Corrupt("no such form"))?;
            let column = u32::try_from(input.number()?).map_err(|_| Corrupt("no such column"))?;
            pattern.pieces.push((literal, form, column));
        }
        pattern.tail = input.bytes()?.to_vec();
        Ok(pattern)
    }

    /// The text, with one value asked for at each place.
    pub fn fill<'v>(&self, mut value: impl FnMut(u32) -> Result<Value<'v>, Corrupt>) -> Result<Vec<u8>, Corrupt> {
        let mut out = Vec::new();
        for (literal, form, column) in &self.pieces {
            out.extend_from_slice(literal);
            match (form, value(*column)?) {
                (Form::JsonInt, Value::Int(n)) => out.extend_from_slice(n.to_string().as_bytes()),
                (Form::JsonText, Value::Text(t)) => out.extend_from_slice(t),
                (Form::JsonId, Value::Id(id)) => out.extend_from_slice(hyphenated(id).as_bytes()),
                (Form::CborInt, Value::Int(n)) => out.extend_from_slice(&int(n)),
                (Form::CborText, Value::Text(t)) => {
                    out.extend_from_slice(&head(0x60, t.len() as u64));
                    out.extend_from_slice(t);
                }
                (Form::CborId, Value::Id(id)) => {
                    out.push(0x50);
                    out.extend_from_slice(&id);
                }
                (Form::CborBytes, Value::Bytes(b)) => {
                    out.extend_from_slice(&head(0x40, b.len() as u64));
                    out.extend_from_slice(b);
                }
                (Form::Whole, Value::Bytes(b)) => out.extend_from_slice(b),
                _ => return Err(Corrupt("a value of another class than its place")),
            }
        }
        out.extend_from_slice(&self.tail);
        Ok(out)
    }
}

/// Where values go: the number of a column by class and name, and the value itself.
pub trait Sink {
    fn column(&mut self, class: Class, name: &str) -> u32;
    fn value(&mut self, column: u32, value: Value<'_>);
}

/// A pattern in the making.
struct Maker<'s, S> {
    sink: &'s mut S,
    pattern: Pattern,
}

impl<S: Sink> Maker<'_, S> {
    fn literal(&mut self, bytes: &[u8]) {
        self.pattern.tail.extend_from_slice(bytes);
    }

    fn value(&mut self, form: Form, name: &str, value: Value<'_>) {
        let column = self.sink.column(form.class(), name);
        self.sink.value(column, value);
        self.pattern.pieces.push((std::mem::take(&mut self.pattern.tail), form, column));
    }
}

/// Takes JSON apart. A value's column is named after the nearest key before it.
pub fn json(text: &[u8], part: &str, sink: &mut impl Sink) -> Pattern {
    let mut maker = Maker { sink, pattern: Pattern::default() };
    let mut name = part.to_owned();
    let mut rest = text;
    while let Some(first) = rest.first() {
        let length = match first {
            b'"' => {
                let length = string_length(rest);
                let content = rest.get(1..length - 1).unwrap_or_default();
                if rest.get(length) == Some(&b':') {
                    name = format!("{part}.{}", String::from_utf8_lossy(content));
                    maker.literal(&rest[..length]);
                } else if length < 2 || rest[length - 1] != b'"' {
                    maker.literal(&rest[..length]);
                } else {
                    maker.literal(b"\"");
                    match id(content) {
                        Some(id) => maker.value(Form::JsonId, &name, Value::Id(id)),
                        None => maker.value(Form::JsonText, &name, Value::Text(content)),
                    }
                    maker.literal(b"\"");
                }
                length
            }
            b'-' | b'0'..=b'9' => {
                let length =
                    rest.iter().take_while(|b| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')).count();
                match std::str::from_utf8(&rest[..length]).map(|t| (t, t.parse::<i64>())) {
                    Ok((text, Ok(n))) if n.to_string() == text => maker.value(Form::JsonInt, &name, Value::Int(n)),
                    _ => maker.literal(&rest[..length]),
                }
                length
            }
            _ => {
                let length = rest.iter().take_while(|b| !matches!(b, b'"' | b'-' | b'0'..=b'9')).count();
                maker.literal(&rest[..length]);
                length
            }
        };
        rest = &rest[length..];
    }
    maker.pattern
}

/// From a quote to its partner, both counted; to the end where there is none.
fn string_length(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// Takes the changes of a journal row apart. A value's column is named after its table and column.
pub fn changes(bytes: &[u8], sink: &mut impl Sink) -> Pattern {
    let mut spans = Vec::new();
    if spans_of(bytes, &mut spans).is_err() {
        let mut maker = Maker { sink, pattern: Pattern::default() };
        maker.value(Form::Whole, "changes", Value::Bytes(bytes));
        return maker.pattern;
    }
    let mut maker = Maker { sink, pattern: Pattern::default() };
    let mut at = 0;
    for span in spans {
        let form = match span.value {
            Value::Int(n) if int(n) == bytes[span.from..span.to] => Form::CborInt,
            Value::Text(t) if head(0x60, t.len() as u64).len() + t.len() == span.to - span.from => Form::CborText,
            Value::Id(_) if span.to - span.from == 17 => Form::CborId,
            Value::Bytes(b) if head(0x40, b.len() as u64).len() + b.len() == span.to - span.from => Form::CborBytes,
            _ => continue,
        };
        maker.literal(&bytes[at..span.from]);
        maker.value(form, &span.name, span.value);
        at = span.to;
    }
    maker.literal(&bytes[at..]);
    maker.pattern
}

struct Span<'b> {
    from: usize,
    to: usize,
    name: String,
    value: Value<'b>,
}

fn spans_of<'b>(bytes: &'b [u8], spans: &mut Vec<Span<'b>>) -> Result<(), minicbor::decode::Error> {
    let mut input = Decoder::new(bytes);
    while input.position() < bytes.len() {
        input.array()?;
        let op = input.u8()?;
        let table = input.str()?;
        for part in ["key", "old", "new"] {
            for _ in 0..input.map()?.unwrap_or_default() {
                let name = format!("{table}.{op}.{part}.{}", input.str()?);
                let from = input.position();
                let value = match input.datatype()? {
                    Type::String => Value::Text(input.str()?.as_bytes()),
                    Type::Bytes => {
                        let bytes = input.bytes()?;
                        bytes.try_into().map_or(Value::Bytes(bytes), Value::Id)
                    }
                    Type::Null | Type::F64 => {
                        input.skip()?;
                        continue;
                    }
                    _ => Value::Int(input.i64()?),
                };
                spans.push(Span { from, to: input.position(), name, value });
            }
        }
    }
    Ok(())
}

/// The head of a CBOR item in its shortest form.
fn head(major: u8, n: u64) -> Vec<u8> {
    match n {
        0..24 => vec![major | n as u8],
        24..0x100 => vec![major | 24, n as u8],
        0x100..0x1_0000 => [&[major | 25][..], &(n as u16).to_be_bytes()].concat(),
        0x1_0000..0x1_0000_0000 => [&[major | 26][..], &(n as u32).to_be_bytes()].concat(),
        _ => [&[major | 27][..], &n.to_be_bytes()].concat(),
    }
}

fn int(n: i64) -> Vec<u8> {
    if n < 0 { head(0x20, !n as u64) } else { head(0, n as u64) }
}

/// An id in its usual text form, lower case, and in no other.
fn id(text: &[u8]) -> Option<Id> {
    let id = uuid::Uuid::try_parse_ascii(text).ok().filter(|_| text.len() == 36)?;
    (hyphenated(*id.as_bytes()).as_bytes() == text).then(|| *id.as_bytes())
}

fn hyphenated(id: Id) -> String {
    uuid::Uuid::from_bytes(id).hyphenated().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Keeps values as text, in the sequence they come.
    #[derive(Default)]
    struct Kept(Vec<(Class, String)>, Vec<Owned>);

    enum Owned {
        Int(i64),
        Text(Vec<u8>),
        Id(Id),
        Bytes(Vec<u8>),
    }

    impl Sink for Kept {
        fn column(&mut self, class: Class, name: &str) -> u32 {
            let key = (class, name.to_owned());
            self.0.iter().position(|k| *k == key).unwrap_or_else(|| {
                self.0.push(key);
                self.0.len() - 1
            }) as u32
        }

        fn value(&mut self, _: u32, value: Value<'_>) {
            self.1.push(match value {
                Value::Int(n) => Owned::Int(n),
                Value::Text(t) => Owned::Text(t.to_vec()),
                Value::Id(id) => Owned::Id(id),
                Value::Bytes(b) => Owned::Bytes(b.to_vec()),
            });
        }
    }

    fn back(pattern: &Pattern, kept: &Kept) -> Vec<u8> {
        let written = pattern.write();
        let pattern = Pattern::read(&mut Reader::new(&written)).unwrap();
        let mut values = kept.1.iter();
        let fill = pattern.fill(|_| {
            Ok(match values.next().unwrap() {
                Owned::Int(n) => Value::Int(*n),
                Owned::Text(t) => Value::Text(t),
                Owned::Id(id) => Value::Id(*id),
                Owned::Bytes(b) => Value::Bytes(b),
            })
        });
        fill.unwrap()
    }

    #[test]
    fn arguments_come_back_and_share_a_pattern() {
        let text =
            |id: &str, n: i64| format!(r#"{{"id":"{id}","n":[{n},-1.5e3,"a \"b\""],"x":null,"e":""}}"#).into_bytes();
        let mut kept = Kept::default();
        let first = text("01a1fd05-1b81-722f-b636-957d6a2e6de3", 7);
        let pattern = json(&first, "args", &mut kept);
        assert_eq!(back(&pattern, &kept), first);
        assert_eq!(kept.1.len(), 4);
        let second = json(&text("01a1fd05-1b81-722f-b636-957d6a2e6de4", -9), "args", &mut Kept::default());
        assert_eq!(second, pattern);
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..80), text in "[\\[{}\"\\\\:,0-9a-f.eE+-]{0,60}") {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                let mut kept = Kept::default();
                let pattern = json(bytes, "args", &mut kept);
                prop_assert_eq!(&back(&pattern, &kept), bytes);
                let mut kept = Kept::default();
                let pattern = changes(bytes, &mut kept);
                prop_assert_eq!(&back(&pattern, &kept), bytes);
            }
        }
    }
}
