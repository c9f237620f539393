//! Service accounts that pods may run under.

use std::cmp::Ordering;
use std::ops::Deref;
use std::rc::Rc;

use super::labels::Values;

/// What the name of a service account may be. Nearly always it may be any, which takes no memory;
/// it is read as the [`Values`] that it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Accounts(Option<Rc<Values>>);

static ANY: Values = Values::ANY;

impl Accounts {
    /// Names that satisfy both.
    #[must_use]
    pub fn both(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (_, None) => self.clone(),
            (None, _) => other.clone(),
            _ => self.intersection(other).into(),
        }
    }
}

impl Deref for Accounts {
    type Target = Values;

    fn deref(&self) -> &Values {
        self.0.as_deref().unwrap_or(&ANY)
    }
}

impl From<Values> for Accounts {
    fn from(values: Values) -> Self {
        Accounts((!values.is_any()).then(|| Rc::new(values)))
    }
}

impl Ord for Accounts {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.0.is_none() && other.0.is_none() { Ordering::Equal } else { (**self).cmp(&**other) }
    }
}

impl PartialOrd for Accounts {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
