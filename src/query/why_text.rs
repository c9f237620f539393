//! Reasons for people.

use super::cite::Citation;
use super::why::{SideReasons, Why};

impl Why {
    /// Each connection with both its sides; at the foot what no policy stops, and what is taken for granted.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        if self.answer.listed && self.answer.pairs.is_empty() {
            out.push_str("denied: nothing may connect\n");
        }
        out.push_str(&self.answer.undecided());
        for (pair, sides) in self.answer.pairs.iter().zip(&self.reasons) {
            out.push_str(&self.answer.single(pair));
            sides.iter().for_each(|side| out.push_str(&side.to_text()));
            out.push('\n');
        }
        for what in &self.answer.not_understood {
            out.push_str(&format!("not understood: {what}\n"));
        }
        for note in &self.answer.notes {
            out.push_str(&format!("note: {note}\n"));
        }
        out.push_str(&foot("No policy stops:", &self.never_stopped));
        out.push_str(&foot("Taken for granted:", &self.assumptions));
        out
    }
}

fn foot(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: String = lines.iter().map(|line| format!("  - {line}\n")).collect();
    format!("{title}\n{lines}")
}

impl SideReasons {
    fn to_text(&self) -> String {
        let mut out = format!("  {} of {}\n", self.side, self.end);
        if !self.is_pod {
            return out + "    decides nothing: it is no pod\n";
        }
        if self.isolated_by.is_empty() && self.denied_by.is_empty() {
            return out + "    open: nothing isolates it\n";
        }
        out.push_str(&list("isolated by", &self.isolated_by));
        out.push_str(&list("denied by", &self.denied_by));
        out.push_str(&list("allowed by", &self.allowed_by));
        if self.allowed_by.is_empty() && !self.isolated_by.is_empty() {
            out.push_str("    no allow matches\n");
            if let Some((citation, respect)) = &self.nearest {
                out.push_str(&list("nearest", std::slice::from_ref(citation)));
                out.push_str(&format!("      but {respect}\n"));
            }
        }
        out
    }
}

fn list(title: &str, citations: &[Citation]) -> String {
    citations.iter().map(|citation| format!("    {title} {}", one(citation))).collect()
}

fn one(citation: &Citation) -> String {
    let ports = if citation.ports.is_empty() || citation.ports == "all" { String::new() } else { format!("  [{}]", citation.ports) };
    format!("{}{}{ports}\n{}", citation.place(), citation.text, citation.details("      "))
}
