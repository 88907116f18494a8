//! Every test that drives the product from outside, in one binary.

mod records;
mod tidy;
