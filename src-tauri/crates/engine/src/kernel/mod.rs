//! Small value types every feature uses: money, ids, time, pages, checked text. No I/O.

mod columns;
pub mod ids;
pub mod money;
pub mod page;
pub mod text;
pub mod time;
pub mod tries;
pub mod words;
