//! The application: what a restaurant does, over HTTP, on one SQLite file a restaurant.
//!
//! The map. `app` holds what is open. Each feature is a slice: `model` (rules, pure), `commands`
//! (the writes), `store` (the only SQL for its tables), `routes` (HTTP). The tables of contents are
//! plain lists: `routes`, `commands`, `tables`. `front` is the front door every request passes,
//! `cache` keeps answers until a commit touches what they are made from, `live` tells screens what
//! changed, `serve` starts it all.
//!
//! Invariants: every change goes through a command (`command`) and the one write door of its file;
//! only `error` knows status codes; only `kernel::time` asks for the time.
//!
//! Deliberately absent: the window. The shell starts this engine and talks HTTP to it like a browser.

pub mod app;
pub mod cache;
pub mod command;
pub mod commands;
pub mod error;
pub mod events;
pub mod front;
pub mod jobs;
pub mod kernel;
pub mod live;
pub mod logs;
pub mod routes;
pub mod serve;
pub mod settings;
pub mod tables;

pub mod alerts;
pub mod api_keys;
pub mod audit;
pub mod backups;
pub mod bundle;
pub mod chain;
pub mod clock;
pub mod demo;
pub mod deployments;
pub mod exports;
pub mod fiscal;
pub mod floor;
pub mod health;
pub mod house;
pub mod hub;
pub mod imports;
pub mod inbox;
pub mod installation;
pub mod kitchen;
pub mod limits;
pub mod loads;
pub mod menu;
pub mod metrics;
pub mod notices;
pub mod orders;
pub mod outward;
pub mod payments;
pub mod practice;
pub mod printing;
pub mod queries;
pub mod receipts;
pub mod reports;
pub mod restaurant;
pub mod rewind;
pub mod second_factor;
pub mod staff;
pub mod stations;
pub mod sync;
pub mod tasks;
pub mod tickets;
pub mod till;
pub mod today;
pub mod upkeep;
pub mod wall_clock;
pub mod way_back;

/// Requests are many small allocations, made by one thread and freed by another: what this allocator is good at.
/// It stands here so that every program with the engine in it, the measured one too, has the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
