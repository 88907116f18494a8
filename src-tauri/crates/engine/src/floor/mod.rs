//! The floor: areas, the tables in them, what each table is doing, who serves it, who calls.
//!
//! **Orders and tables.** An order says where it is served in words (`orders.table_name`), and a
//! floor table is found by its name, without regard to capitals. No order refers to a table by id:
//! opening one costs nothing more, what was imported or taken before there was a floor sits at its
//! table too, and history reads the same after the floor is arranged anew. So a name is unique among
//! the tables that stand, and a table with a party at it is neither renamed nor removed.
//!
//! Invariants: what a table is doing is worked out from its open orders and its last call, and
//! stored nowhere. Places are centimetres from the area's upper left corner, and a table lies in its
//! area. Areas and tables are archived, never deleted.
//!
//! **Calls are recorded** (`floor_call` is a synced table): every waiter's screen must show a call,
//! also one on another device, and who answered after how long is asked later. They are few.
//!
//! Deliberately absent: that a table needs cleaning (the trade's words here do not know it),
//! reservations, walls and plants. Who serves a table stays until somebody else does.

pub mod commands;
pub mod model;
pub mod routes;
pub mod store;
pub mod view;
