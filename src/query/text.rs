//! Answers for people.

use super::answer::{Answer, Pair, Piece};

impl Answer {
    /// One line a connection, details indented below; for a single question with its verdict.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        if self.listed {
            self.pairs.iter().for_each(|pair| out.push_str(&listed(pair)));
        } else {
            out.push_str(&self.undecided());
            self.pairs.iter().for_each(|pair| out.push_str(&self.single(pair)));
        }
        for what in &self.not_understood {
            out.push_str(&format!("  not understood: {what}\n"));
        }
        for note in &self.notes {
            out.push_str(&format!("  note: {note}\n"));
        }
        out
    }

    /// The verdict of a question that there is nothing to decide about.
    pub(super) fn undecided(&self) -> String {
        let decided = self.listed || !self.pairs.is_empty();
        if decided { String::new() } else { format!("{}: {}\n", self.verdict.as_str(), self.question) }
    }

    pub(super) fn single(&self, pair: &Pair) -> String {
        let ports = self.asked.clone().unwrap_or_else(|| pair.ports.clone());
        let connection = format!("{} -> {}  {ports}", pair.source, pair.destination);
        let mut out = format!("{}: {}\n", pair.verdict.as_str(), connection.trim_end());
        if !pair.partly.is_empty() {
            let whole = Piece { ports: pair.ports.clone(), source: String::new(), destination: String::new() };
            let whole = Some(whole).filter(|whole| !whole.ports.is_empty() && self.asked.is_some());
            whole.iter().chain(&pair.partly).for_each(|piece| out.push_str(&format!("  allowed: {}\n", one(piece))));
        } else if self.asked.is_some() && !pair.ports.is_empty() && self.asked.as_ref() != Some(&pair.ports) {
            out.push_str(&format!("  allowed: {}\n", pair.ports));
        }
        out
    }
}

/// `shop/web -> shop/db  5432/tcp`.
fn listed(pair: &Pair) -> String {
    format!("{} -> {}  {}\n", pair.source, pair.destination, open(pair))
}

/// What is open between two ends, in one line; empty: nothing.
pub(super) fn open(pair: &Pair) -> String {
    let whole = (!pair.ports.is_empty()).then(|| pair.ports.clone());
    let ports: Vec<String> = whole.into_iter().chain(pair.partly.iter().map(one)).collect();
    ports.join("; ")
}

fn one(piece: &Piece) -> String {
    let from = if piece.source.is_empty() { String::new() } else { format!(" from {}", piece.source) };
    let to = if piece.destination.is_empty() { String::new() } else { format!(" to {}", piece.destination) };
    format!("{}{from}{to}", piece.ports)
}
