//! The grammar of Calico's selectors: blanks are spaces and tabs, texts have no escapes, the words
//! of operators may be labels too.

use super::Fault;
use crate::semantics::labels::Word;

/// A selector as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// `all()`, and the empty text.
    All,
    /// `global()`.
    Global,
    /// `has(label)`.
    Has(Word),
    /// `label in {…}`; `==` is a set of one.
    In(Word, Vec<Word>),
    /// A test of a part of a value.
    Part(Word, Where, Word),
    /// `!`, and `!=` and `not in`.
    Not(Box<Expression>),
    /// `&&`.
    And(Vec<Expression>),
    /// `||`.
    Or(Vec<Expression>),
}

/// Where in a value a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// `contains`.
    Anywhere,
    /// `starts with`.
    Start,
    /// `ends with`.
    End,
}

impl Where {
    pub(super) fn holds(self, value: &str, part: &str) -> bool {
        match self {
            Where::Anywhere => value.contains(part),
            Where::Start => value.starts_with(part),
            Where::End => value.ends_with(part),
        }
    }
}

/// How deep parentheses may stand in one another.
const DEEPEST: usize = 64;

/// The longest label that is read.
const LONGEST: usize = 512;

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Expression, Fault> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    reader.blanks();
    if reader.rest().is_empty() {
        return Ok(Expression::All);
    }
    let expression = reader.any_of()?;
    reader.blanks();
    if reader.rest().is_empty() { Ok(expression) } else { Err(reader.fault("the end")) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault(&self, expected: &'static str) -> Fault {
        Fault::Syntax(expected, self.at)
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    /// Takes a text after blanks, if it is there.
    fn take(&mut self, text: &str) -> bool {
        self.blanks();
        let is = self.rest().starts_with(text);
        if is {
            self.at += text.len();
        }
        is
    }

    /// `op || op`, `op && op`: one operand is itself.
    fn any_of(&mut self) -> Result<Expression, Fault> {
        let mut parts = vec![self.all_of()?];
        while self.take("||") {
            parts.push(self.all_of()?);
        }
        Ok(alone(parts).unwrap_or_else(Expression::Or))
    }

    fn all_of(&mut self) -> Result<Expression, Fault> {
        let mut parts = vec![self.operand()?];
        while self.take("&&") {
            parts.push(self.operand()?);
        }
        Ok(alone(parts).unwrap_or_else(Expression::And))
    }

    fn operand(&mut self) -> Result<Expression, Fault> {
        let mut negated = false;
        while self.take("!") {
            negated = !negated;
        }
        let expression = self.primary()?;
        Ok(if negated { not(expression) } else { expression })
    }

    fn primary(&mut self) -> Result<Expression, Fault> {
        if self.take("(") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(self.fault("fewer parentheses in one another"));
            }
            let inner = self.any_of()?;
            self.depth -= 1;
            return self.close(inner);
        }
        if self.take("all(") {
            return self.close(Expression::All);
        }
        if self.take("global(") {
            return self.close(Expression::Global);
        }
        if self.take("has(") {
            let label = self.label()?;
            return self.close(Expression::Has(label));
        }
        let label = self.label()?;
        self.test(label)
    }

    fn close(&mut self, expression: Expression) -> Result<Expression, Fault> {
        if self.take(")") { Ok(expression) } else { Err(self.fault("`)`")) }
    }

    fn test(&mut self, label: Word) -> Result<Expression, Fault> {
        if self.take("==") {
            return Ok(Expression::In(label, vec![self.value()?]));
        }
        if self.take("!=") {
            return Ok(not(Expression::In(label, vec![self.value()?])));
        }
        if let Some(place) = self.place() {
            return Ok(Expression::Part(label, place, self.value()?));
        }
        let negated = self.words("not", "in");
        if negated || self.take("in") {
            let set = Expression::In(label, self.set()?);
            return Ok(if negated { not(set) } else { set });
        }
        Err(self.fault("an operator after the label"))
    }

    fn place(&mut self) -> Option<Where> {
        if self.take("contains") {
            Some(Where::Anywhere)
        } else if self.words("starts", "with") {
            Some(Where::Start)
        } else if self.words("ends", "with") {
            Some(Where::End)
        } else {
            None
        }
    }

    /// Two words, with blanks or nothing between them; none is taken if the second is missing.
    fn words(&mut self, first: &str, second: &str) -> bool {
        let start = self.at;
        let both = self.take(first) && self.take(second);
        if !both {
            self.at = start;
        }
        both
    }

    fn label(&mut self) -> Result<Word, Fault> {
        self.blanks();
        let is_label = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-');
        let rest = self.rest();
        let label = rest.get(..rest.find(|c| !is_label(c)).unwrap_or(rest.len())).unwrap_or_default();
        if label.is_empty() || label.len() > LONGEST {
            return Err(self.fault("a label"));
        }
        self.at += label.len();
        Ok(label.into())
    }

    fn value(&mut self) -> Result<Word, Fault> {
        self.blanks();
        let rest = self.rest();
        let quoted = ['\'', '"'].into_iter().find_map(|quote| rest.strip_prefix(quote)?.split_once(quote));
        let Some((value, _)) = quoted else { return Err(self.fault("a value in quotes")) };
        self.at += value.len() + 2;
        Ok(value.into())
    }

    /// `{…}`: empty, or values with commas between, and maybe one after.
    fn set(&mut self) -> Result<Vec<Word>, Fault> {
        if !self.take("{") {
            return Err(self.fault("`{`"));
        }
        let mut values = Vec::new();
        while !self.take("}") {
            values.push(self.value()?);
            if !self.take(",") {
                return if self.take("}") { Ok(values) } else { Err(self.fault("`}`")) };
            }
        }
        Ok(values)
    }
}

fn not(expression: Expression) -> Expression {
    Expression::Not(Box::new(expression))
}

/// The only part, or all of them.
fn alone(mut parts: Vec<Expression>) -> Result<Expression, Vec<Expression>> {
    match parts.pop() {
        Some(only) if parts.is_empty() => Ok(only),
        last => {
            parts.extend(last);
            Err(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn refusals_are_those_of_calico() {
        for text in [
            "app = 'x'",
            "app == x",
            "'x' == app",
            "app",
            "app notin 'x'",
            "app in { 'a' 'b' }",
            "app in {,}",
            "has (app)",
            "has()",
            "a == 'x' and b == 'y'",
            "a == 'x' & b == 'y'",
            "a == 'x'\n&& b == 'y'",
            "a == 'it''s'",
            "(a == 'x'",
            "a == 'x')",
            "a == 'x' ||",
            "all",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        for text in ["in in {'x'}", "not == 'x'", "contains contains 'y'", "has == 'z'", "all == 'z'", "a notin {'x'}", "a startswith 'x'"]
        {
            assert!(parse(text).is_ok(), "{text}");
        }
        assert!(parse(&format!("{}has(a){}", "(".repeat(100_000), ")".repeat(100_000))).is_err());
    }
}
