//! The one integration-test binary.
#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

mod checkout;
mod tidy;
