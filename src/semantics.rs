//! The algebra that compiler and verifier both need: sets of ports, of
//! addresses, of labels, of pods, of ends and of connections. Exact: union,
//! intersection and difference lose nothing, and emptiness is decided.

pub mod accounts;
pub mod addresses;
pub mod ends;
pub mod intervals;
pub mod labels;
pub mod pods;
pub mod ports;
pub mod rbac;
pub mod traffic;
