//! How far a follower has heard: `epoch.entry.event`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An event's place: which life of the file, which entry of its journal, which event of that entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Position {
    pub epoch: u64,
    pub entry: u64,
    pub event: u32,
}

impl Position {
    /// Behind everything of an entry.
    pub const fn after(epoch: u64, entry: u64) -> Self {
        Self { epoch, entry, event: u32::MAX }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.epoch, self.entry, self.event)
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a position is three numbers between points")]
pub struct NoPosition;

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(NoPosition);
        let (epoch, entry, event) = (next()?, next()?, next()?);
        let number = |part: &str| part.parse().map_err(|_| NoPosition);
        let found =
            Self { epoch: number(epoch)?, entry: number(entry)?, event: event.parse().map_err(|_| NoPosition)? };
        parts.next().is_none().then_some(found).ok_or(NoPosition)
    }
}

impl From<Position> for String {
    fn from(position: Position) -> Self {
        position.to_string()
    }
}

impl TryFrom<String> for Position {
    type Error = NoPosition;

    fn try_from(text: String) -> Result<Self, NoPosition> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_reads_as_it_is_written_and_sorts_in_time() {
        let position = Position { epoch: 2, entry: 41, event: 0 };
        assert_eq!(position.to_string().parse(), Ok(position));
        assert!(position < Position::after(2, 41) && Position::after(2, 41) < Position { entry: 42, ..position });
        for bad in ["", "1.2", "1.2.3.4", "a.b.c", "1.2.-3", "1..3"] {
            assert_eq!(bad.parse::<Position>(), Err(NoPosition), "{bad}");
        }
    }
}
