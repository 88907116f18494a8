//! Every test that drives the product from outside, in one binary.

mod front;
mod inbox;
mod installation;
mod kill;
mod live;
mod openapi;
mod records;
mod restaurant;
mod staff;
mod support;
mod tidy;
