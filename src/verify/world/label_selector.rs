//! Kubernetes' label selectors (network-targets.md §1.1, §1.3): all of their terms hold.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::valid::{label_key, label_value, wrong};
use super::words::Words;
use crate::manifest::tree::Fault;
use crate::semantics::labels::{Labels, Values};

/// A selector as written.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", expecting = "a label selector")]
pub(super) struct LabelSelector<'n> {
    #[serde(borrow)]
    match_labels: Option<BTreeMap<&'n str, &'n str>>,
    match_expressions: Option<Vec<Expression<'n>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Expression<'n> {
    #[serde(default)]
    key: &'n str,
    #[serde(default)]
    operator: &'n str,
    values: Option<Vec<&'n str>>,
}

impl LabelSelector<'_> {
    /// The labels it selects.
    pub(super) fn labels(&self, words: &mut Words, path: &dyn Fn() -> String) -> Result<Labels, Fault> {
        let mut labels = Labels::any();
        for (key, value) in self.match_labels.iter().flatten() {
            label_key(key, "").and_then(|()| label_value(value, "")).map_err(|fault| at(fault, path, ".matchLabels"))?;
            let (key, value) = (words.word(key), words.word(value));
            labels = if labels.is_any() { Labels::equal(key, value) } else { labels.and(key, Values::one_of([value])) };
        }
        for (index, expression) in self.match_expressions.iter().flatten().enumerate() {
            let values = expression.values(words).map_err(|fault| at(fault, path, &format!(".matchExpressions[{index}]")))?;
            labels = labels.and(words.word(expression.key), values);
        }
        Ok(labels)
    }
}

fn at(fault: Fault, path: &dyn Fn() -> String, more: &str) -> Fault {
    Fault { path: format!("{}{more}{}", path(), fault.path), text: fault.text }
}

impl Expression<'_> {
    /// NotIn and DoesNotExist hold of what lacks the key.
    fn values(&self, words: &mut Words) -> Result<Values, Fault> {
        label_key(self.key, ".key")?;
        let listed = self.values.as_deref().unwrap_or_default();
        listed.iter().try_for_each(|value| label_value(value, ".values"))?;
        let mut listed_words = || listed.iter().map(|value| words.word(value)).collect::<Vec<_>>();
        match (self.operator, listed.is_empty()) {
            ("In", false) => Ok(Values::one_of(listed_words())),
            ("NotIn", false) => Ok(Values::none_of(listed_words())),
            ("Exists", true) => Ok(Values::present()),
            ("DoesNotExist", true) => Ok(Values::absent()),
            ("In" | "NotIn", true) => wrong(".values", format!("`{}` needs values", self.operator)),
            ("Exists" | "DoesNotExist", false) => wrong(".values", format!("`{}` has no values", self.operator)),
            _ => wrong(".operator", format!("`{}` is no operator: In, NotIn, Exists or DoesNotExist", self.operator)),
        }
    }
}
