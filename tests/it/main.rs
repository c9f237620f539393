//! The one integration-test binary.
#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

mod denies;
mod judges;
mod meaning;
mod real_cases;
