//! The canonical text of a tree.
