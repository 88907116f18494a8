//! Every test that drives the product from outside, in one binary.

mod cache;
mod demo;
mod exports;
mod front;
mod imports;
mod inbox;
mod installation;
mod kill;
mod kitchen;
mod live;
mod menu;
mod menu_choices;
mod menu_countdown;
mod openapi;
mod orders;
mod payments;
mod pins;
mod records;
mod restaurant;
mod staff;
mod support;
mod tidy;
mod till;
mod today;
mod trade;
