//! A document as blocks, and the rows they become on paper of some width. Pure.

use serde::{Deserialize, Serialize};
use textwrap::Options;
use textwrap::core::display_width;
use utoipa::ToSchema;

/// Fewest and most characters on a row of a printer's paper.
pub const COLUMNS: std::ops::RangeInclusive<u8> = 24..=64;
/// What a row of a pair keeps for its left side at least.
const LEFT_MIN: usize = 8;

/// A part of a document, whatever the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A picture in the middle, by the hash of its bytes.
    Logo(String),
    /// In the middle, twice as large.
    Title(String),
    /// At the left, twice as large.
    Large(String),
    /// In the middle.
    Centre(String),
    /// Broken at words; every row begins so far from the edge.
    Text {
        text: String,
        indent: usize,
    },
    /// The same, standing out.
    Strong {
        text: String,
        indent: usize,
    },
    /// A name and, at the right edge, its figure.
    Pair {
        left: String,
        right: String,
    },
    /// The same, standing out.
    Sum {
        left: String,
        right: String,
    },
    Rule,
    Gap,
}

impl Block {
    pub fn text(indent: usize, text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), indent }
    }

    pub fn pair(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self::Pair { left: left.into(), right: right.into() }
    }

    pub fn sum(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self::Sum { left: left.into(), right: right.into() }
    }
}

/// How a row is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PaperStyle)]
pub enum Style {
    Plain,
    Strong,
    /// Twice as wide and as high: half as many characters fit.
    Large,
    /// No text but a picture in the middle: its hash.
    Logo,
}

/// One row of paper, never longer than the paper is wide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PaperRow)]
pub struct Row {
    pub text: String,
    pub style: Style,
}

/// The rows of a document on paper of so many columns.
pub fn rows(blocks: &[Block], columns: u8) -> Vec<Row> {
    let columns = usize::from(columns);
    let row = |style| move |text: String| Row { text, style };
    let of = |block: &Block| -> Vec<Row> {
        match block {
            Block::Logo(hash) => vec![Row { text: hash.clone(), style: Style::Logo }],
            Block::Title(text) => centred(text, columns / 2).map(row(Style::Large)).collect(),
            Block::Large(text) => wrapped(text, columns / 2, 0, 0).into_iter().map(row(Style::Large)).collect(),
            Block::Centre(text) => centred(text, columns).map(row(Style::Plain)).collect(),
            Block::Text { text, indent } => {
                wrapped(text, columns, *indent, indent + 2).into_iter().map(row(Style::Plain)).collect()
            }
            Block::Strong { text, indent } => {
                wrapped(text, columns, *indent, indent + 2).into_iter().map(row(Style::Strong)).collect()
            }
            Block::Pair { left, right } => pair(left, right, columns).map(row(Style::Plain)).collect(),
            Block::Sum { left, right } => pair(left, right, columns).map(row(Style::Strong)).collect(),
            Block::Rule => vec![Row { text: "-".repeat(columns), style: Style::Plain }],
            Block::Gap => vec![Row { text: String::new(), style: Style::Plain }],
        }
    };
    blocks.iter().flat_map(of).collect()
}

/// Breaks at words, and within a word that is longer than the paper is wide.
fn wrapped(text: &str, columns: usize, first: usize, later: usize) -> Vec<String> {
    let (first, later) = (" ".repeat(first), " ".repeat(later));
    let options = Options::new(columns).initial_indent(&first).subsequent_indent(&later);
    textwrap::wrap(text, options).into_iter().map(|row| row.trim_end().to_owned()).collect()
}

fn centred(text: &str, columns: usize) -> impl Iterator<Item = String> {
    wrapped(text, columns, 0, 0).into_iter().map(move |row| {
        let free = columns.saturating_sub(display_width(&row));
        format!("{}{row}", " ".repeat(free / 2))
    })
}

/// The figure stands beside the first row of its name, or below where both do not fit.
fn pair(left: &str, right: &str, columns: usize) -> impl Iterator<Item = String> {
    let beside = columns.saturating_sub(display_width(right) + 1);
    let fits = beside >= LEFT_MIN;
    let mut rows = wrapped(left, if fits { beside } else { columns }, 0, 2);
    let at_right = |row: &str| {
        let free = columns.saturating_sub(display_width(row) + display_width(right));
        format!("{row}{}{right}", " ".repeat(free))
    };
    match rows.first_mut() {
        Some(first) if fits => *first = at_right(first),
        _ => rows.push(at_right("")),
    }
    rows.into_iter()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(blocks: &[Block], columns: u8) -> Vec<String> {
        rows(blocks, columns).into_iter().map(|row| row.text).collect()
    }

    #[test]
    fn figures_stand_at_the_right_edge_and_long_names_go_on_below() {
        let blocks = [
            Block::pair("2 Margherita from the wood-fired oven", "19.00"),
            Block::Rule,
            Block::sum("TOTAL", "EUR 19.00"),
        ];
        let expect = [
            "2 Margherita from the    19.00",
            "  wood-fired oven",
            "------------------------------",
            "TOTAL                EUR 19.00",
        ];
        assert_eq!(plain(&blocks, 30), expect);
    }

    #[test]
    fn a_title_is_laid_out_for_half_the_characters() {
        let row = &rows(&[Block::Title("Trattoria".to_owned())], 42)[0];
        assert_eq!((row.text.as_str(), row.style), ("      Trattoria", Style::Large));
    }

    proptest! {
        /// Whatever a name is made of, no row is wider than the paper and no figure is lost.
        #[test]
        fn no_row_is_wider_than_the_paper(left in ".{0,80}", right in "[0-9.,-]{1,20}", columns in 24_u8..=64) {
            let blocks = [
                Block::pair(left.clone(), right.clone()), Block::Title(left.clone()), Block::Centre(left.clone()),
                Block::text(6, left),
            ];
            let laid = rows(&blocks, columns);
            for row in &laid {
                let room = if row.style == Style::Large { columns / 2 } else { columns };
                // A sign two columns wide in a place of one cannot be broken.
                prop_assert!(display_width(&row.text) <= usize::from(room) + 1, "{row:?}");
            }
            prop_assert!(laid.iter().any(|row| row.text.ends_with(&right)));
        }
    }
}
