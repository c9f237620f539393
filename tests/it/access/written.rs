//! Real roles and bindings written in our language, compiled again, and compared over all requests.

use std::collections::BTreeMap;

use polc::look::Grants;
use polc::{Compilation, Files, Options, SourceFile};
use serde_json::{Value, json};

use super::real;
use super::said::{self, Kinds};
use crate::real_cases::say;

/// How many roles and bindings could be said once.
const ROLES: usize = 230;
const BINDINGS: usize = 80;

const REFUSED: &str = "an object that the API server refuses";

#[derive(Default)]
struct Tally {
    said: usize,
    /// Said but for kinds that no API server has.
    less: usize,
    /// What cannot be said, by why.
    not: BTreeMap<String, usize>,
    differences: Vec<String>,
}

#[test]
fn real_roles_and_bindings_are_said_or_it_is_known_why_not() {
    let Some(files) = real::files() else {
        return say(&format!("SKIP real data absent: {} cases (roles and bindings in our language)", ROLES + BINDINGS));
    };
    let kinds = Kinds::of_version("1.34");
    let (mut roles, mut bindings) = (Tally::default(), Tally::default());
    for object in real::projects(&files).into_values().flatten() {
        match object["kind"].as_str() {
            Some("Role" | "ClusterRole") => role(&object, &kinds, &mut roles),
            _ => binding(&object, &mut bindings),
        }
    }
    roles.settle("real roles in our language", ROLES);
    bindings.settle("real bindings in our language", BINDINGS);
}

fn role(object: &Value, kinds: &Kinds, tally: &mut Tally) {
    let said = match said::role(object, kinds) {
        Ok(said) => said,
        Err(why) => return tally.cannot(why),
    };
    let compilation = compile(&said.text);
    if let Some(why) = error(&compilation) {
        return tally.cannot(&why);
    }
    let namespace = (object["kind"] == "Role").then_some(said::HOME);
    let Some(original) = grants(&said.original.to_string()) else { return tally.cannot(REFUSED) };
    let compiled = grants(&compilation.to_yaml()).and_then(|own| own.role(namespace, said::NAME));
    let original = original.role(namespace, said::NAME);
    assert!(original.is_some(), "the original has its role");
    if compiled == original {
        tally.said += 1;
        tally.less += usize::from(said.less);
    } else {
        tally.differences.push(format!("{}\n{}\n{}", object, said.text, compilation.to_yaml()));
    }
}

/// A binding of a role of every cluster, or of one that stands for its own.
fn binding(object: &Value, tally: &mut Tally) {
    let said = match said::binding(object) {
        Ok(said) => said,
        Err(why) => return tally.cannot(why),
    };
    let compilation = compile(&said.text);
    if let Some(why) = error(&compilation) {
        return tally.cannot(&why);
    }
    let Some(original) = grants(&said.original.to_string()) else { return tally.cannot(REFUSED) };
    if grants(&compilation.to_yaml()).is_some_and(|own| own.grant_as(&original)) {
        tally.said += 1;
    } else {
        tally.differences.push(format!("{}\n{}\n{}", object, said.text, compilation.to_yaml()));
    }
}

fn compile(text: &str) -> Compilation {
    let policies = vec![SourceFile { name: "said.polc".into(), text: text.into() }];
    polc::compile(Files { policies, ..Files::default() }, &Options::default())
}

/// The code of the first error.
fn error(compilation: &Compilation) -> Option<String> {
    compilation.diagnostics.iter().find(|it| it.is_error()).map(|it| it.code.as_str().to_owned())
}

/// What objects grant; nothing where the API server would not take them.
fn grants(yaml: &str) -> Option<Grants> {
    let grants = Grants::of(vec![SourceFile { name: "objects.yaml".into(), text: yaml.into() }]);
    (!grants.diagnostics.iter().any(polc::Diagnostic::is_error)).then_some(grants)
}

/// Objects as one list.
pub(super) fn list(items: Vec<Value>) -> Value {
    json!({ "apiVersion": "v1", "kind": "List", "items": items })
}

impl Tally {
    fn cannot(&mut self, why: &str) {
        *self.not.entry(why.to_owned()).or_default() += 1;
    }

    fn settle(&self, what: &str, at_least: usize) {
        let cannot: usize = self.not.values().sum();
        say(&format!("{what}: {} said, {} of them less kinds that no server has; {cannot} cannot be said", self.said, self.less));
        self.not.iter().for_each(|(why, count)| say(&format!("{what}: {count} not: {why}")));
        let shown: Vec<&String> = self.differences.iter().take(3).collect();
        assert!(shown.is_empty(), "{what}: {} differences\n{}", self.differences.len(), shown[0]);
        assert!(self.said >= at_least, "{what}: {} said, there were {at_least}", self.said);
    }
}
