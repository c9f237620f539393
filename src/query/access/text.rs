//! Answers about access for people.

use super::super::cite::Citation;
use super::{Access, AccessWhy, Permit, Subject};

impl Access {
    /// The verdict with the question, and below it what somebody may where that is not just what was asked; or the
    /// list of who or what.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        for subject in &self.subjects {
            out.push_str(&self.of(subject));
        }
        if self.listed && self.subjects.is_empty() {
            out.push_str("nobody\n");
        }
        let list = |title: &str, lines: &[String]| lines.iter().map(|line| format!("  {title}: {line}\n")).collect::<String>();
        out.push_str(&list("note", &self.notes));
        out.push_str(&list("not understood", &self.not_understood));
        out
    }

    fn of(&self, subject: &Subject) -> String {
        let whole = subject.permits == self.asked;
        let lines = |indent: &str| subject.permits.iter().map(|line| format!("{indent}{}\n", line.to_text())).collect::<String>();
        match (self.listed, self.asked.is_empty()) {
            (true, _) if whole => format!("{}\n", subject.name),
            (true, _) => format!("{}\n{}", subject.name, lines("  only ")),
            (false, true) if subject.permits.is_empty() => format!("{}: nothing\n", subject.name),
            (false, true) => format!("{}\n{}", subject.name, lines("  ")),
            (false, false) => {
                let asked: Vec<String> = self.asked.iter().map(Permit::to_text).collect();
                let head = format!("{}: {} {}\n", subject.verdict.as_str(), subject.name, asked.join("; "));
                if whole { head } else { format!("{head}{}", lines("  allowed: ")) }
            }
        }
    }
}

impl Permit {
    /// `get, list on secrets named db in payments`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let on = if self.urls { "on url" } else { "on" };
        let names = if self.names.is_empty() { String::new() } else { format!(" named {}", self.names.join(", ")) };
        let place = if self.urls { String::new() } else { format!(" {}", self.place) };
        format!("{} {on} {}{names}{place}", self.verbs.join(", "), self.kinds.join(", "))
    }
}

impl AccessWhy {
    /// The answer, what grants it or comes nearest, what it comes to, and what is taken for granted.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = self.answer.to_text();
        for citation in &self.granted_by {
            out.push_str(&cited("granted by", citation));
        }
        if let Some((citation, but)) = &self.nearest {
            out.push_str(&cited("nearest", citation));
            out.push_str(&format!("    but {but}\n"));
        }
        let list = |title: &str, lines: &[String]| {
            let lines: String = lines.iter().map(|line| format!("  - {line}\n")).collect();
            if lines.is_empty() { lines } else { format!("{title}\n{lines}") }
        };
        out.push_str(&list("This comes to:", &self.amounts_to));
        out.push_str(&list("Taken for granted:", &self.assumptions));
        out
    }
}

fn cited(title: &str, citation: &Citation) -> String {
    format!("  {title} {}{}\n{}", citation.place(), citation.text, citation.details("    "))
}
