//! Tests of the whole stage: text in, tree and messages out.

mod sentences;
