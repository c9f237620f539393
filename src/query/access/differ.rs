//! Where the roles and bindings of manifests and a policy differ.

use super::super::cite::Citation;
use super::super::model::Model;
use crate::verify::access::compare::{Difference, What, differences};
use crate::verify::access::proof::told;
use crate::verify::access::{Access, Source, intent};
use crate::verify::given::called;
use crate::verify::world::World;

/// One difference in what is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessDiffering {
    /// Whether the manifests grant what the policy does not; else they lack what it grants.
    pub opened: bool,
    /// A request that shows it, and of whom.
    pub text: String,
    /// What the policy says of it.
    pub sentences: Vec<Citation>,
    /// What says otherwise in the manifests.
    pub objects: Vec<Citation>,
}

impl Model {
    /// The differences about everybody and every role that the policy speaks of. Others' roles and bindings for others are
    /// listed among what is not of this policy.
    pub(in crate::query) fn access_differences(&self, given: &World) -> Vec<AccessDiffering> {
        if self.policy.roles.is_empty() && self.policy.grants.is_empty() {
            return Vec::new();
        }
        let meant = intent::read(&self.policy, &self.cluster);
        let found = given.access.clone().with_builtin(self.cluster.kubernetes);
        let all = differences(&meant, &found).into_iter().filter(|difference| is_about(&meant, difference));
        all.map(|difference| self.differing(&meant, &found, given, &difference)).collect()
    }

    fn differing(&self, meant: &Access, found: &Access, given: &World, difference: &Difference) -> AccessDiffering {
        let sentence = |source| match source {
            Source::Sentence(id) => self.access_sentence(id),
            Source::Object(_) | Source::Builtin => None,
        };
        let object = |source| match source {
            Source::Object(at) => given.objects.get(at as usize).map(|object| {
                let position = self.sources.position(object.place);
                let file = self.sources.name(object.place.file).to_owned();
                Citation { file, line: position.line, column: position.column, text: called(object), ..Citation::default() }
            }),
            Source::Sentence(_) | Source::Builtin => None,
        };
        let opened = match difference {
            Difference::Request { more, .. } | Difference::Binding { more, .. } => *more,
            Difference::Aggregation(_) | Difference::Extra(_) => true,
        };
        AccessDiffering {
            opened,
            text: told(difference),
            sentences: meant.behind(difference).into_iter().filter_map(sentence).collect(),
            objects: found.behind(difference).into_iter().filter_map(object).collect(),
        }
    }
}

fn is_about(meant: &Access, difference: &Difference) -> bool {
    match difference {
        Difference::Request { what: What::Subject(atom), .. } | Difference::Binding { subject: atom, .. } => meant.atoms().contains(atom),
        Difference::Request { what: What::Role(key), .. } | Difference::Aggregation(key) => meant.roles.contains_key(key),
        Difference::Request { what: What::Labelled(key, value), .. } => {
            meant.roles.values().any(|role| role.source != Source::Builtin && role.labels.get(key) == Some(value))
        }
        Difference::Extra(_) => false,
    }
}

impl AccessDiffering {
    pub(in crate::query) fn to_text(&self) -> String {
        let word = if self.opened { "granted" } else { "not granted" };
        let cited = |citation: &Citation| format!("{}:{}: {}", citation.file, citation.line, citation.text);
        let mut out = format!("{word}: {}\n", self.text);
        for (who, citations) in [("the policy says", &self.sentences), ("the manifests say", &self.objects)] {
            let by: Vec<String> = citations.iter().map(cited).collect();
            let by = if by.is_empty() { "nothing of it".to_owned() } else { by.join("; ") };
            out.push_str(&format!("  {who}: {by}\n"));
        }
        out
    }
}
