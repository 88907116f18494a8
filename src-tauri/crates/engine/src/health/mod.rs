//! Whether the engine and what it stands on are well, in figures and in one word each.
//!
//! `model` judges (pure), `traffic` counts requests and their times, `vitals` asks the machine,
//! `checkup` asks every part, `routes` answers. Two words only are public: that the engine lives,
//! and that it can serve. Deliberately absent: what judges over time
//! (`alerts`) and what others collect (`metrics`).

pub mod checkup;
pub mod model;
pub mod routes;
pub mod traffic;
pub mod vitals;
