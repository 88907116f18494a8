//! The menu as one CSV file, out and in.
//!
//! One row a thing; `kind` says which: `category`, `group` (of modifiers), `choice` (a modifier),
//! `item` (also where there is no kind), `size`. Columns, in any order, `name` alone is a must:
//!
//! | column | of | |
//! |---|---|---|
//! | kind | all | left out: item |
//! | category | item, size | of the item |
//! | item | size | the item it is a size of |
//! | group | choice | the group it stands in |
//! | name | all | |
//! | price | item, size, choice | with a point or comma; a choice may take something off |
//! | tax_rate | item | per cent |
//! | station | item | kitchen, bar, none |
//! | available | item, size, choice | yes, no |
//! | min, max | group | no max: any number |
//! | opens | choice | the group it asks for |
//! | groups, allergens | item | several with `;` between |
//! | description, image | item | the picture by its hash |
//! | stock_tracked | item | yes, no |
//! | colour | category | |
//!
//! Things are known by their names. What the file does not name stays as it is; sizes of an item and
//! choices of a group that the file names are all there are afterwards. A file comes in whole or not
//! at all; the same one again changes nothing.
//!
//! Deliberately absent: price lists and countdowns, which are of the moment; the pictures themselves.

pub mod plan;
pub mod reading;
pub mod writing;

/// In the order they are written.
pub const COLUMNS: [&str; 18] = [
    "kind",
    "category",
    "item",
    "group",
    "name",
    "price",
    "tax_rate",
    "station",
    "available",
    "min",
    "max",
    "opens",
    "groups",
    "allergens",
    "description",
    "image",
    "stock_tracked",
    "colour",
];
