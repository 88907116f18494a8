//! The body of a block: entries as columns.
//!
//! An entry is a journal row with the ledger row that arrived with it. Its parts that repeat (cause, name,
//! patterns of arguments, answer and changes) are one shape; what remains are values in columns. States
//! and hashes are kept after the last entry only: the chain vouches for the rest.

use std::collections::HashMap;
use std::hash::Hash;

use uuid::Uuid;

use super::bytes::{Corrupt, Reader, put, put_bytes, put_section, section};
use super::columns::{Cell, Columns, Entry, Rule, choose};
use super::ids::{self, Id};
use super::tokens::{self, Class, Pattern, Sink, Value};
use crate::command::Outcome;
use crate::records::{Cause, JournalRow, LedgerRow};

/// A journal row, and the ledger row whose first entry it is.
pub type Unit = (JournalRow, Option<LedgerRow>);

/// Columns that every block has, by number.
const SHAPE: u32 = 0;
const COMMAND: u32 = 1;
const AT: u32 = 2;
const DEVICE: u32 = 3;
const DEVICE_SEQ: u32 = 4;
const ACTOR: u32 = 5;
const REQUEST: u32 = 6;
const POSITION: u32 = 7;
const SEQ: u32 = 8;
const JOURNAL_POSITION: u32 = 9;
const FIXED: [Class; 10] = [
    Class::Int,
    Class::Id,
    Class::Int,
    Class::Id,
    Class::Int,
    Class::Id,
    Class::Bytes,
    Class::Int,
    Class::Int,
    Class::Int,
];

const HAS_LEDGER: u64 = 1;
const HAS_DEVICE_SEQ: u64 = 2;
const HAS_POSITION: u64 = 4;
const HAS_JOURNAL_POSITION: u64 = 8;
const REFUSED: u64 = 16;

/// What entries have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Shape {
    cause: u8,
    flags: u64,
    name: String,
    version: u16,
    args: usize,
    answer: usize,
    changes: usize,
}

/// Things by the sequence in which they were met.
struct List<T> {
    things: Vec<T>,
    places: HashMap<T, usize>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { things: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> List<T> {
    fn place(&mut self, thing: T) -> usize {
        if let Some(place) = self.places.get(&thing) {
            return *place;
        }
        self.things.push(thing.clone());
        self.places.insert(thing, self.things.len() - 1);
        self.things.len() - 1
    }
}

/// Everything a block lists, and the entry that is being taken apart.
struct Lists {
    columns: List<(Class, String)>,
    texts: List<Vec<u8>>,
    ids: List<Id>,
    bytes: List<Vec<u8>>,
    patterns: List<Vec<u8>>,
    shapes: List<Shape>,
    entry: Entry,
}

impl Sink for Lists {
    fn column(&mut self, class: Class, name: &str) -> u32 {
        self.columns.place((class, name.to_owned())) as u32
    }

    fn value(&mut self, column: u32, value: Value<'_>) {
        let cell = match value {
            Value::Int(n) => n,
            Value::Text(text) => self.texts.place(text.to_vec()) as Cell,
            Value::Id(id) => self.ids.place(id) as Cell,
            Value::Bytes(bytes) => self.bytes.place(bytes.to_vec()) as Cell,
        };
        self.entry.push((column, cell));
    }
}

impl Lists {
    fn new() -> Self {
        let mut columns = List::default();
        for (number, class) in FIXED.into_iter().enumerate() {
            columns.place((class, format!("@{number}")));
        }
        Self {
            columns,
            texts: List::default(),
            ids: List::default(),
            bytes: List::default(),
            patterns: List::default(),
            shapes: List::default(),
            entry: Entry::new(),
        }
    }

    fn number(&mut self, column: u32, number: Option<u64>, flag: u64) -> u64 {
        let Some(number) = number else { return 0 };
        self.value(column, Value::Int(number as i64));
        flag
    }

    fn take_apart(&mut self, (journal, ledger): &Unit) -> Entry {
        let mut shape = Shape { cause: journal.cause.code(), ..Shape::default() };
        self.value(SHAPE, Value::Int(0));
        if let Some(row) = ledger {
            self.value(COMMAND, Value::Id(*row.id.as_bytes()));
            self.value(AT, Value::Int(row.at_ms));
            self.value(DEVICE, Value::Id(*row.device.as_bytes()));
            self.value(ACTOR, Value::Id(*row.actor.as_bytes()));
            self.value(REQUEST, Value::Bytes(&row.request));
            shape.flags |= HAS_LEDGER | if row.outcome == Outcome::Refused { REFUSED } else { 0 };
            shape.flags |= self.number(DEVICE_SEQ, row.device_seq, HAS_DEVICE_SEQ);
            shape.flags |= self.number(POSITION, row.position, HAS_POSITION);
            shape.name.clone_from(&row.name);
            shape.version = row.version;
        } else {
            self.value(SEQ, Value::Int(journal.seq as i64));
        }
        shape.flags |= self.number(JOURNAL_POSITION, journal.position, HAS_JOURNAL_POSITION);
        if let Some(row) = ledger {
            let args = tokens::json(&row.args, "args", self);
            shape.args = self.patterns.place(args.write());
            let answer = tokens::json(&row.answer, "answer", self);
            shape.answer = self.patterns.place(answer.write());
        }
        let changes = tokens::changes(&journal.changes, self);
        shape.changes = self.patterns.place(changes.write());
        self.entry[0].1 = self.shapes.place(shape) as Cell;
        std::mem::take(&mut self.entry)
    }
}

/// Both blobs of a block: its ids, which are looked through alone, and the rest.
pub fn write(units: &[Unit]) -> (Vec<u8>, Vec<u8>) {
    let mut lists = Lists::new();
    let entries: Vec<Entry> = units.iter().map(|unit| lists.take_apart(unit)).collect();
    let classes: Vec<Class> = lists.columns.things.iter().map(|(class, _)| *class).collect();
    let rules = choose(&classes, &lists.ids.things, &entries);
    let mut columns = Columns::new(&classes, &rules, &lists.ids.things);
    let mut codes = vec![Vec::new(); classes.len()];
    for entry in &entries {
        for (column, cell) in entry {
            let code = columns.code(*column, *cell);
            put(&mut codes[*column as usize], code);
        }
        columns.next();
    }

    let mut common = Vec::new();
    put(&mut common, lists.patterns.things.len() as u64);
    for pattern in &lists.patterns.things {
        common.extend_from_slice(pattern);
    }
    put(&mut common, lists.shapes.things.len() as u64);
    for shape in &lists.shapes.things {
        common.push(shape.cause);
        put(&mut common, shape.flags);
        put_bytes(&mut common, shape.name.as_bytes());
        for number in [u64::from(shape.version), shape.args as u64, shape.answer as u64, shape.changes as u64] {
            put(&mut common, number);
        }
    }
    put(&mut common, classes.len() as u64);
    for (class, rule) in classes.iter().zip(&rules) {
        common.push(class.code());
        rule.write(&mut common);
    }
    let mut texts = Vec::new();
    put(&mut texts, lists.texts.things.len() as u64);
    for text in &lists.texts.things {
        put_bytes(&mut texts, text);
    }
    let mut lengths = Vec::new();
    put(&mut lengths, lists.bytes.things.len() as u64);
    for bytes in &lists.bytes.things {
        put(&mut lengths, bytes.len() as u64);
    }

    let mut body = Vec::new();
    put(&mut body, units.len() as u64);
    put_section(&mut body, &common);
    put_section(&mut body, &texts);
    for codes in &codes {
        put_section(&mut body, codes);
    }
    put_section(&mut body, &lengths);
    put_section(&mut body, &lists.bytes.things.concat());
    if let Some((last, _)) = units.last() {
        body.extend_from_slice(&last.state.unwrap_or_default());
        body.extend_from_slice(&last.hash.unwrap_or_default());
    }
    (ids::write(&lists.ids.things), body)
}

/// The rows of a block; the numbers are dense from `entry` and `seq`.
pub fn read(entry: u64, seq: u64, ids: &[u8], body: &[u8]) -> Result<Vec<Unit>, Corrupt> {
    let ids = ids::read(ids)?;
    let mut input = Reader::new(body);
    let count = input.count()?;
    let common = section(&mut input)?;
    let (patterns, shapes, classes, rules) = read_common(&mut Reader::new(&common))?;
    let texts = section(&mut input)?;
    let texts = {
        let mut input = Reader::new(&texts);
        (0..input.count()?).map(|_| input.bytes()).collect::<Result<Vec<_>, _>>()?
    };
    let codes = classes.iter().map(|_| section(&mut input)).collect::<Result<Vec<_>, _>>()?;
    let lengths = section(&mut input)?;
    let all = section(&mut input)?;
    let bytes = {
        let (mut lengths, mut all) = (Reader::new(&lengths), Reader::new(&all));
        (0..lengths.count()?).map(|_| lengths.count().and_then(|n| all.take(n))).collect::<Result<Vec<_>, _>>()?
    };
    let mut filler = Filler {
        columns: Columns::new(&classes, &rules, &ids),
        codes: codes.iter().map(|codes| Reader::new(codes)).collect(),
        classes: &classes,
        texts: &texts,
        ids: &ids,
        bytes: &bytes,
    };
    let mut units = Vec::new();
    let mut seq = seq;
    for number in 0..count as u64 {
        let shape = usize::try_from(filler.int(SHAPE)?).ok().and_then(|place| shapes.get(place));
        let unit = filler.unit(shape.ok_or(Corrupt("no such shape"))?, &patterns, entry + number, seq)?;
        seq += u64::from(unit.1.is_some());
        units.push(unit);
        filler.columns.next();
    }
    if let Some((last, _)) = units.last_mut() {
        last.state = Some(input.array()?);
        last.hash = Some(input.array()?);
    }
    if !input.is_done() {
        return Err(Corrupt("more bytes than it has rows"));
    }
    Ok(units)
}

type Common = (Vec<Pattern>, Vec<Shape>, Vec<Class>, Vec<Rule>);

fn read_common(input: &mut Reader<'_>) -> Result<Common, Corrupt> {
    let patterns = (0..input.count()?).map(|_| Pattern::read(input)).collect::<Result<Vec<_>, _>>()?;
    let mut shapes = Vec::new();
    for _ in 0..input.count()? {
        shapes.push(Shape {
            cause: input.byte()?,
            flags: input.number()?,
            name: String::from_utf8(input.bytes()?.to_vec()).map_err(|_| Corrupt("a name that is no text"))?,
            version: u16::try_from(input.number()?).map_err(|_| Corrupt("no such version"))?,
            args: input.count()?,
            answer: input.count()?,
            changes: input.count()?,
        });
    }
    let (mut classes, mut rules) = (Vec::new(), Vec::new());
    for _ in 0..input.count()? {
        classes.push(Class::from_code(input.byte()?)?);
        rules.push(Rule::read(input)?);
    }
    Ok((patterns, shapes, classes, rules))
}

/// Reads values out of the columns, one entry after the other.
struct Filler<'b> {
    columns: Columns<'b>,
    codes: Vec<Reader<'b>>,
    classes: &'b [Class],
    texts: &'b [&'b [u8]],
    ids: &'b [Id],
    bytes: &'b [&'b [u8]],
}

impl<'b> Filler<'b> {
    fn value(&mut self, column: u32) -> Result<Value<'b>, Corrupt> {
        let class = *self.classes.get(column as usize).ok_or(Corrupt("no such column"))?;
        let code = self.codes[column as usize].number()?;
        let cell = self.columns.cell(column, code)?;
        let place = usize::try_from(cell).unwrap_or(usize::MAX);
        let listed = match class {
            Class::Int => Some(Value::Int(cell)),
            Class::Text => self.texts.get(place).map(|t| Value::Text(t)),
            Class::Id => self.ids.get(place).map(|id| Value::Id(*id)),
            Class::Bytes => self.bytes.get(place).map(|b| Value::Bytes(b)),
        };
        listed.ok_or(Corrupt("no such thing in its list"))
    }

    fn int(&mut self, column: u32) -> Result<i64, Corrupt> {
        match self.value(column)? {
            Value::Int(n) => Ok(n),
            _ => Err(Corrupt("a number that is none")),
        }
    }

    fn id(&mut self, column: u32) -> Result<Uuid, Corrupt> {
        match self.value(column)? {
            Value::Id(id) => Ok(Uuid::from_bytes(id)),
            _ => Err(Corrupt("an id that is none")),
        }
    }

    fn request(&mut self) -> Result<[u8; 8], Corrupt> {
        match self.value(REQUEST)? {
            Value::Bytes(bytes) => bytes.try_into().map_err(|_| Corrupt("a fingerprint of another length")),
            _ => Err(Corrupt("a fingerprint that is none")),
        }
    }

    fn number(&mut self, column: u32, flags: u64, flag: u64) -> Result<Option<u64>, Corrupt> {
        if flags & flag == 0 {
            return Ok(None);
        }
        self.int(column).map(|n| Some(n as u64))
    }

    fn fill(&mut self, patterns: &[Pattern], place: usize) -> Result<Vec<u8>, Corrupt> {
        patterns.get(place).ok_or(Corrupt("no such pattern"))?.fill(|column| self.value(column))
    }

    fn unit(&mut self, shape: &Shape, patterns: &[Pattern], entry: u64, seq: u64) -> Result<Unit, Corrupt> {
        let cause = Cause::from_code(shape.cause).ok_or(Corrupt("no such cause"))?;
        let mut journal =
            JournalRow { entry, cause, seq, position: None, changes: Vec::new(), state: None, hash: None };
        let mut ledger = None;
        if shape.flags & HAS_LEDGER == 0 {
            journal.seq = self.int(SEQ)? as u64;
        } else {
            ledger = Some(LedgerRow {
                seq,
                id: self.id(COMMAND)?,
                at_ms: self.int(AT)?,
                device: self.id(DEVICE)?,
                actor: self.id(ACTOR)?,
                request: self.request()?,
                device_seq: self.number(DEVICE_SEQ, shape.flags, HAS_DEVICE_SEQ)?,
                position: self.number(POSITION, shape.flags, HAS_POSITION)?,
                name: shape.name.clone(),
                version: shape.version,
                args: Vec::new(),
                outcome: if shape.flags & REFUSED == 0 { Outcome::Done } else { Outcome::Refused },
                answer: Vec::new(),
                entry,
            });
        }
        journal.position = self.number(JOURNAL_POSITION, shape.flags, HAS_JOURNAL_POSITION)?;
        if let Some(row) = &mut ledger {
            row.args = self.fill(patterns, shape.args)?;
            row.answer = self.fill(patterns, shape.answer)?;
        }
        journal.changes = self.fill(patterns, shape.changes)?;
        Ok((journal, ledger))
    }
}
