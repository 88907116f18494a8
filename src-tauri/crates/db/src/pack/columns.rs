//! Columns of values, each with a rule that foretells most of them.
//!
//! What a command changed follows mostly from what it was asked, and what was asked from what stood before.
//! So a value is first foretold: from the value before it in its column, from another column of the same
//! entry, from what that one meant the last time, or from an id's clock. Only what is different is written.

use std::collections::HashMap;

use super::bytes::{Corrupt, Reader, put, unzigzag, zigzag};
use super::ids::{self, Id};
use super::tokens::Class;

/// One value: an integer as it is, of anything else its place in the block's list of such things.
pub type Cell = i64;
/// The values of one entry, with their columns, in the sequence in which they are read.
pub type Entry = Vec<(u32, Cell)>;

/// What a value is foretold from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The value before it in the column.
    Before,
    /// The value at the same place of another column of this entry.
    Copy(u32),
    /// The value that stood beside the other column's the last time.
    Meant(u32),
    /// The clock in the other column's id.
    Clock(u32),
}

impl Rule {
    pub fn write(self, out: &mut Vec<u8>) {
        let (code, from) = match self {
            Self::Before => (0, 0),
            Self::Copy(from) => (1, from),
            Self::Meant(from) => (2, from),
            Self::Clock(from) => (3, from),
        };
        put(out, u64::from(from) << 2 | code);
    }

    pub fn read(input: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let number = input.number()?;
        let from = u32::try_from(number >> 2).map_err(|_| Corrupt("no such column"))?;
        Ok(match number & 0b11 {
            0 => Self::Before,
            1 => Self::Copy(from),
            2 => Self::Meant(from),
            _ => Self::Clock(from),
        })
    }
}

/// What has been seen of a column.
#[derive(Debug, Default)]
struct Seen {
    /// In this entry.
    now: Vec<Cell>,
    before: Option<Cell>,
    meant: HashMap<Cell, Cell>,
}

/// Both sides, writing and reading, go through the same columns in the same sequence.
pub struct Columns<'i> {
    classes: &'i [Class],
    rules: &'i [Rule],
    ids: &'i [Id],
    seen: Vec<Seen>,
    /// How many things of each class have been met.
    met: [i64; 4],
    used: Vec<u32>,
}

impl<'i> Columns<'i> {
    pub fn new(classes: &'i [Class], rules: &'i [Rule], ids: &'i [Id]) -> Self {
        let seen = classes.iter().map(|_| Seen::default()).collect();
        Self { classes, rules, ids, seen, met: [0; 4], used: Vec::new() }
    }

    /// The other column's value at the place where this column now stands, or its last.
    fn beside(&self, column: u32, other: u32) -> Option<Cell> {
        let place = self.seen[column as usize].now.len();
        let now = &self.seen.get(other as usize)?.now;
        now.get(place.min(now.len().checked_sub(1)?)).copied()
    }

    fn foretold(&self, column: u32) -> Option<Cell> {
        let seen = &self.seen[column as usize];
        let told = match self.rules[column as usize] {
            Rule::Before => None,
            Rule::Copy(other) => self.beside(column, other),
            Rule::Meant(other) => self.beside(column, other).and_then(|key| seen.meant.get(&key)).copied(),
            Rule::Clock(other) => self
                .beside(column, other)
                .and_then(|place| ids::minted_ms(*self.ids.get(usize::try_from(place).ok()?)?)),
        };
        told.or(seen.before)
    }

    fn saw(&mut self, column: u32, cell: Cell) {
        if let Rule::Meant(other) = self.rules[column as usize]
            && let Some(key) = self.beside(column, other)
        {
            self.seen[column as usize].meant.insert(key, cell);
        }
        let seen = &mut self.seen[column as usize];
        seen.now.push(cell);
        seen.before = Some(cell);
        self.used.push(column);
    }

    /// What is written for a value: 0 where it is the foretold one.
    pub fn code(&mut self, column: u32, cell: Cell) -> u64 {
        let told = self.foretold(column);
        let class = self.classes[column as usize];
        let code = if class == Class::Int {
            zigzag(cell.wrapping_sub(told.unwrap_or(0)))
        } else if told == Some(cell) {
            0
        } else {
            let met = &mut self.met[usize::from(class.code())];
            let new = cell == *met;
            *met += i64::from(new);
            // A thing met before is named by how many new ones came since.
            if new { 1 } else { (*met - cell + 1) as u64 }
        };
        self.saw(column, cell);
        code
    }

    /// The value of a code.
    pub fn cell(&mut self, column: u32, code: u64) -> Result<Cell, Corrupt> {
        let class = *self.classes.get(column as usize).ok_or(Corrupt("no such column"))?;
        let told = self.foretold(column);
        let cell = if class == Class::Int {
            told.unwrap_or(0).wrapping_add(unzigzag(code))
        } else {
            let met = &mut self.met[usize::from(class.code())];
            match code {
                0 => told.ok_or(Corrupt("nothing was foretold"))?,
                1 => {
                    *met += 1;
                    *met - 1
                }
                back => {
                    met.checked_sub_unsigned(back - 1).filter(|c| *c >= 0).ok_or(Corrupt("no such thing was met"))?
                }
            }
        };
        self.saw(column, cell);
        Ok(cell)
    }

    /// The next entry begins.
    pub fn next(&mut self) {
        for column in self.used.drain(..) {
            self.seen[column as usize].now.clear();
        }
    }
}

/// Entries looked at when rules are chosen.
const SAMPLE: usize = 200;
/// A column that costs no more is not worth a search.
const ENOUGH_BITS: f64 = 24.0;

/// The cheapest rule for every column, by what it would have cost on a sample.
pub fn choose(classes: &[Class], ids: &[Id], entries: &[Entry]) -> Vec<Rule> {
    let mut rules = vec![Rule::Before; classes.len()];
    for column in 0..classes.len() as u32 {
        let with: Vec<&Entry> = entries.iter().filter(|e| e.iter().any(|(c, _)| *c == column)).take(SAMPLE).collect();
        let mut best = cost(classes, ids, &with, column, Rule::Before);
        let mut tried = Vec::new();
        for (other, _) in with.iter().flat_map(|e| e.iter().take_while(|(c, _)| *c != column)) {
            if best < ENOUGH_BITS || tried.contains(other) {
                continue;
            }
            tried.push(*other);
            let mut rules_of = vec![Rule::Meant(*other)];
            if classes[*other as usize] == classes[column as usize] {
                rules_of.insert(0, Rule::Copy(*other));
            }
            if (classes[*other as usize], classes[column as usize]) == (Class::Id, Class::Int) {
                rules_of.push(Rule::Clock(*other));
            }
            for rule in rules_of {
                let cost = cost(classes, ids, &with, column, rule);
                if cost < best {
                    best = cost;
                    rules[column as usize] = rule;
                }
            }
        }
    }
    rules
}

/// Bits the column's codes would take, near enough to compare.
fn cost(classes: &[Class], ids: &[Id], entries: &[&Entry], column: u32, rule: Rule) -> f64 {
    let mut rules = vec![Rule::Before; classes.len()];
    rules[column as usize] = rule;
    let mut columns = Columns::new(classes, &rules, ids);
    let source = match rule {
        Rule::Before => column,
        Rule::Copy(other) | Rule::Meant(other) | Rule::Clock(other) => other,
    };
    let mut codes: HashMap<u64, u32> = HashMap::new();
    let mut total = 0;
    for entry in entries {
        for (at, cell) in entry.iter() {
            if *at == column {
                let told = columns.foretold(column);
                let code = match classes[column as usize] {
                    Class::Int => zigzag(cell.wrapping_sub(told.unwrap_or(0))),
                    _ if told == Some(*cell) => 0,
                    _ => 1 + *cell as u64,
                };
                *codes.entry(code).or_default() += 1;
                total += 1;
            }
            if *at == column || *at == source {
                columns.saw(*at, *cell);
            }
        }
        columns.next();
    }
    let bits = |(code, times): (&u64, &u32)| {
        let often = f64::from(*times);
        let width = 64 - code.leading_zeros();
        often * (f64::from(total) / often).log2() + f64::from(width)
    };
    codes.iter().map(bits).sum()
}
