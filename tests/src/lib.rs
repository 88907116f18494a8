//! The tests' own programs; see `bin/`.
