//! Calico's selector language (network-targets.md §2.5), evaluated. What is not written by that
//! grammar is a failure.

use std::collections::BTreeMap;

/// Whether labels satisfy a selector.
pub(super) fn admits(selector: &str, labels: &BTreeMap<String, String>) -> bool {
    let mut parser = Parser { rest: selector, labels };
    let value = parser.or();
    assert!(parser.rest.trim().is_empty(), "`{selector}`: left over `{}`", parser.rest);
    value
}

struct Parser<'a> {
    rest: &'a str,
    labels: &'a BTreeMap<String, String>,
}

impl<'a> Parser<'a> {
    fn or(&mut self) -> bool {
        let mut value = self.and();
        while self.take("||") {
            value |= self.and();
        }
        value
    }

    fn and(&mut self) -> bool {
        let mut value = self.operand();
        while self.take("&&") {
            value &= self.operand();
        }
        value
    }

    fn operand(&mut self) -> bool {
        if self.take("!") {
            return !self.operand();
        }
        if self.take("all()") {
            return true;
        }
        if self.take("has(") {
            let key = self.identifier();
            assert!(self.take(")"));
            return self.labels.contains_key(key);
        }
        if self.take("(") {
            let value = self.or();
            assert!(self.take(")"), "unclosed: {}", self.rest);
            return value;
        }
        self.comparison()
    }

    fn comparison(&mut self) -> bool {
        let key = self.identifier();
        let value = self.labels.get(key);
        if self.take("==") {
            let text = self.string();
            value.is_some_and(|value| value == text)
        } else if self.take("!=") {
            let text = self.string();
            value.is_none_or(|value| value != text)
        } else if self.take("in") {
            let set = self.set();
            value.is_some_and(|value| set.contains(&value.as_str()))
        } else {
            assert!(self.take("not") && self.take("in"), "no operator: {}", self.rest);
            let set = self.set();
            value.is_none_or(|value| !set.contains(&value.as_str()))
        }
    }

    fn set(&mut self) -> Vec<&'a str> {
        assert!(self.take("{"));
        let mut all = Vec::new();
        while !self.take("}") {
            all.push(self.string());
            self.take(",");
        }
        all
    }

    fn identifier(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_./-".contains(c)).unwrap_or(self.rest.len());
        assert!(end > 0, "no label: {}", self.rest);
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn string(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        let quote = self.rest.chars().next().filter(|c| matches!(c, '\'' | '"')).unwrap_or_else(|| panic!("no string: {}", self.rest));
        let (text, rest) = self.rest[1..].split_once(quote).expect("a closing quote");
        self.rest = rest;
        text
    }

    fn take(&mut self, mark: &str) -> bool {
        let found = self.rest.trim_start().strip_prefix(mark);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }
}
