//! Who may do what: every answer against the API server's own authorizer.

mod authorizer;
mod near;
mod questions;
mod random;
mod real;
