//! Calico's selectors (network-targets.md §2.5), as conditions over labels.

mod grammar;

use grammar::Expression;

use crate::semantics::labels::{Labels, Values, Word};

/// Why a selector says nothing here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Calico would not read it either: what was expected, and at which byte.
    Syntax(&'static str, usize),
    /// A test of a part of a value, which no set of values is.
    PartOfValue(Word),
    /// `global()` among other tests.
    Global,
    /// More alternatives than are looked at.
    TooMany,
}

/// The most alternatives that one selector may have.
const MOST: usize = 512;

/// On which side something that is not known exactly errs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// What surely holds.
    Least,
    /// What may hold.
    Most,
}

impl Bound {
    /// Of what does not hold.
    pub(crate) fn other(self) -> Self {
        match self {
            Bound::Least => Bound::Most,
            Bound::Most => Bound::Least,
        }
    }

    /// The values of which these are known to satisfy a test, or not to; of others it is not known.
    pub(crate) fn of_values<'v>(self, known: impl IntoIterator<Item = &'v Word>, satisfies: impl Fn(&str) -> bool) -> Values {
        let wanted = self == Bound::Least;
        let listed = known.into_iter().filter(|value| satisfies(value) == wanted).cloned();
        if wanted { Values::one_of(listed) } else { Values::none_of(listed) }
    }
}

/// Values that a label is known to have somewhere.
pub(crate) type KnownValues<'k> = &'k dyn Fn(&str) -> Vec<Word>;

/// The labels that a selector selects: any of the alternatives, none of them empty.
///
/// # Errors
///
/// What Calico refuses, and what is no set of labels (`contains`, `starts with`, `ends with`).
pub(crate) fn parse(text: &str) -> Result<Vec<Labels>, Fault> {
    alternatives(&grammar::parse(text)?, true, None)
}

/// The labels that it selects at least or at most: a test of a part of a value is decided for the values that are known.
///
/// # Errors
///
/// What Calico refuses, and `global()` among other tests.
pub(crate) fn parse_within(text: &str, bound: Bound, known: KnownValues<'_>) -> Result<Vec<Labels>, Fault> {
    alternatives(&grammar::parse(text)?, true, Some((bound, known)))
}

/// Whether it is `global()`: things of no namespace, where namespaces are selected.
pub(crate) fn is_global(text: &str) -> bool {
    grammar::parse(text) == Ok(Expression::Global)
}

/// The labels for which an expression holds, or does not.
fn alternatives(expression: &Expression, holds: bool, within: Option<(Bound, KnownValues<'_>)>) -> Result<Vec<Labels>, Fault> {
    let one = |key: &Word, values: Values| {
        let labels = Labels::any().and(key.clone(), if holds { values } else { values.complement() });
        if labels.is_empty() { Vec::new() } else { vec![labels] }
    };
    match expression {
        Expression::All => Ok(if holds { vec![Labels::any()] } else { Vec::new() }),
        Expression::Global => Err(Fault::Global),
        Expression::Has(key) => Ok(one(key, Values::present())),
        Expression::In(key, values) => Ok(one(key, Values::one_of(values.iter().cloned()))),
        Expression::Part(key, place, part) => {
            let Some((bound, known)) = within else { return Err(Fault::PartOfValue(key.clone())) };
            let bound = if holds { bound } else { bound.other() };
            let values = bound.of_values(&known(key), |value| place.holds(value, part));
            Ok(one(key, values.intersection(&Values::present())))
        }
        Expression::Not(inner) => alternatives(inner, !holds, within),
        Expression::And(parts) if holds => all_of(parts, holds, within),
        Expression::Or(parts) if !holds => all_of(parts, holds, within),
        Expression::And(parts) | Expression::Or(parts) => {
            let mut any = Vec::new();
            for part in parts {
                alternatives(part, holds, within)?.into_iter().for_each(|labels| add(&mut any, labels));
                few(&any)?;
            }
            Ok(any)
        }
    }
}

fn all_of(parts: &[Expression], holds: bool, within: Option<(Bound, KnownValues<'_>)>) -> Result<Vec<Labels>, Fault> {
    let mut all = vec![Labels::any()];
    for part in parts {
        let others = alternatives(part, holds, within)?;
        let mut both = Vec::new();
        for labels in &all {
            others.iter().for_each(|other| add(&mut both, labels.intersection(other)));
            few(&both)?;
        }
        all = both;
    }
    Ok(all)
}

/// Adds an alternative, unless it is part of another one; those that are part of it go.
fn add(all: &mut Vec<Labels>, labels: Labels) {
    if !labels.is_empty() && !all.iter().any(|other| labels.is_subset(other)) {
        all.retain(|other| !other.is_subset(&labels));
        all.push(labels);
    }
}

fn few(all: &[Labels]) -> Result<(), Fault> {
    if all.len() > MOST { Err(Fault::TooMany) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{Bound, Fault, Word, is_global, parse, parse_within};
    use std::collections::BTreeMap;

    fn selects(text: &str, labels: &[(&str, &str)]) -> bool {
        let labels: BTreeMap<String, String> = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        parse(text).unwrap().iter().any(|alternative| alternative.admits(&labels))
    }

    #[test]
    fn operators_read_absent_labels_as_calico_does() {
        for (text, absent, other, same) in [
            ("", true, true, true),
            ("all()", true, true, true),
            ("!all()", false, false, false),
            ("a == 'x'", false, false, true),
            ("a != 'x'", true, true, false),
            ("!(a == 'x')", true, true, false),
            ("a in {'x', \"z\",}", false, false, true),
            ("a not in {'x'}", true, true, false),
            ("a in {}", false, false, false),
            ("a not in {}", true, true, true),
            ("has(a)", false, true, true),
            ("! ! !has( a )", true, false, false),
            ("has(a) && a != 'x' || b == 'c'", false, true, false),
            ("!(has(a) && !(a == 'x'))", true, false, true),
        ] {
            let found = [&[][..], &[("a", "y")], &[("a", "x")]].map(|labels| selects(text, labels));
            assert_eq!(found, [absent, other, same], "{text}");
        }
    }

    #[test]
    fn too_many_alternatives_are_refused_and_equal_ones_are_one() {
        let of = |part: fn(usize) -> String| parse(&(0..20).map(part).collect::<Vec<_>>().join(" && ")).map(|all| all.len());
        assert_eq!(of(|_| "(a == 'x' || b == 'y')".to_owned()), Ok(2));
        assert_eq!(of(|n| format!("(a{n} == 'x' || b{n} == 'y')")), Err(Fault::TooMany));
    }

    #[test]
    fn a_test_of_a_part_is_decided_for_the_values_that_are_known() {
        let known = |_: &str| ["shop-web", "web", "db"].map(Word::from).to_vec();
        for (text, value, selected) in [
            ("a contains 'web'", Some("shop-web"), Some(true)),
            ("a starts with 'web'", Some("shop-web"), Some(false)),
            ("a ends with 'web'", Some("shop-web"), Some(true)),
            ("a starts with 'web'", Some("website"), None),
            ("a starts with 'web'", None, Some(false)),
            ("!(a starts with 'web')", Some("web"), Some(false)),
            ("!(a starts with 'web')", Some("website"), None),
            ("!(a starts with 'web')", None, Some(true)),
            ("a contains 'b' && !(a contains 'web')", Some("db"), Some(true)),
            ("a contains 'b' && !(a contains 'web')", Some("web"), Some(false)),
            ("has(a) || a contains 'x'", Some("y"), Some(true)),
        ] {
            let labels: BTreeMap<String, String> = value.map(|value| ("a".to_owned(), value.to_owned())).into_iter().collect();
            let admits = |bound| parse_within(text, bound, &known).unwrap().iter().any(|alternative| alternative.admits(&labels));
            let (least, most) = (admits(Bound::Least), admits(Bound::Most));
            assert_eq!((least, most), selected.map_or((false, true), |it| (it, it)), "{text} {value:?}");
        }
    }

    #[test]
    fn what_is_no_set_of_labels_is_refused() {
        assert_eq!(parse("a starts with 'x'"), Err(Fault::PartOfValue("a".into())));
        assert_eq!(parse("global() && a == 'x'"), Err(Fault::Global));
        assert!(is_global(" global( ) ") && !is_global("global() || has(a)") && !is_global("all()"));
    }
}
