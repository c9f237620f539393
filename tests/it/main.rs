//! The one integration-test binary.
#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

mod judges;
mod meaning;
mod real_cases;
