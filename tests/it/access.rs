//! Who may do what: every answer against the API server's own authorizer.

mod authorizer;
mod near;
mod policy;
mod questions;
mod random;
mod real;
mod said;
mod written;
