//! Diagnostics as people and programs read them.
