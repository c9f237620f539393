//! What each kind of query asks, by the sets of connections of the policies that it names.

use std::collections::BTreeSet;

use polc::query::{Closed, Model, Reach};
use serde_json::{Value, json};

use super::LeftOut;
use super::config::{Config, Configs, id, is_calico};

/// The sets that a query names, in its order.
pub(super) struct Asked<'a> {
    pub(super) configs: &'a Configs,
    pub(super) names: &'a [&'a str],
}

type Answer = Result<u64, LeftOut>;

impl Asked<'_> {
    /// The number that comes out.
    pub(super) fn answer(&self, query: &str) -> Answer {
        let count = |found: bool| u64::from(found);
        match query {
            "equivalence" | "semanticDiff" => self.pairs(|a, b| count(!equal(a, b))),
            "strongEquivalence" => self.pairs_of_sets(strongly_different),
            "twoWayContainment" => self.pairs(|a, b| count(contains(b, a)) * 2 + count(contains(a, b))),
            "containment" => self.with_base(|it, base| count(contains(base, it))),
            "permits" => self.specified()?.with_base(|it, base| count(!contains(base, &it.allowed()))),
            "forbids" => self.specified()?.with_base(|it, base| count(!it.allowed().common(base).is_empty())),
            "interferes" => self.with_base(interferes),
            "pairwiseInterferes" => self.pairs(|a, b| interferes(a, b) + interferes(b, a)),
            "vacuity" => self.each(|it| Ok(count(are_equal(it, &it.with(Vec::new()))?))),
            "redundancy" => self.each(redundant),
            "emptiness" => self.each(empty),
            "allCaptured" => self.each(uncaptured),
            "disjointness" => self.each(overlapping),
            _ => Err(LeftOut::Because(format!("`{query}` is a report of several things"))),
        }
    }

    fn all(&self) -> Result<Vec<Config>, LeftOut> {
        self.names.iter().map(|name| self.configs.get(name)).collect()
    }

    fn each(&self, of: impl Fn(&Config) -> Answer) -> Answer {
        self.all()?.iter().map(of).sum()
    }

    /// Each with all after it.
    fn pairs(&self, of: impl Fn(&Reach, &Reach) -> u64) -> Answer {
        let all = reach(&self.all()?)?;
        Ok(pairs(&all).map(|(one, other)| of(one, other)).sum())
    }

    fn pairs_of_sets(&self, of: impl Fn(&Config, &Config) -> Answer) -> Answer {
        let all = self.all()?;
        pairs(&all).map(|(one, other)| of(one, other)).sum()
    }

    /// Each after the first with the first.
    fn with_base(&self, of: impl Fn(&Reach, &Reach) -> u64) -> Answer {
        let all = reach(&self.all()?)?;
        let (base, others) = all.split_first().expect("a query names a set");
        Ok(others.iter().map(|it| of(it, base)).sum())
    }

    /// Where nothing is specified the query is not executed.
    fn specified(&self) -> Result<&Self, LeftOut> {
        let nothing = self.all()?.iter().skip(1).any(|it| it.places().is_empty());
        if nothing { Err(LeftOut::Because("no policy specifies anything".to_owned())) } else { Ok(self) }
    }
}

fn pairs<T>(all: &[T]) -> impl Iterator<Item = (&T, &T)> {
    all.iter().enumerate().flat_map(|(at, one)| all.iter().skip(at + 1).map(move |other| (one, other)))
}

/// What each lets through.
fn reach(configs: &[Config]) -> Result<Vec<Reach>, LeftOut> {
    let models: Vec<Model> = configs.iter().map(Config::model).collect::<Result<_, _>>()?;
    let found = Model::reach(&models.iter().collect::<Vec<_>>());
    match found.iter().flat_map(Reach::unknown).next() {
        Some(unknown) => Err(LeftOut::Unknown(unknown.split(": ").last().unwrap_or_default().to_owned())),
        None => Ok(found),
    }
}

fn contains(one: &Reach, other: &Reach) -> bool {
    other.without(one).is_empty()
}

fn equal(one: &Reach, other: &Reach) -> bool {
    contains(one, other) && contains(other, one)
}

fn are_equal(one: &Config, other: &Config) -> Result<bool, LeftOut> {
    let found = reach(&[one.clone(), other.clone()])?;
    Ok(equal(&found[0], &found[1]))
}

fn interferes(one: &Reach, other: &Reach) -> u64 {
    u64::from(!contains(&other.allowed(), &one.allowed()))
}

/// Whether two sets are not the same policies by name, each with the same meaning on its own.
fn strongly_different(one: &Config, other: &Config) -> Answer {
    let ids = |config: &Config| {
        let mut all: Vec<String> = config.places().into_iter().map(|at| id(&config.policies[at])).collect();
        all.sort();
        all
    };
    if ids(one) != ids(other) {
        return Ok(1);
    }
    for at in one.places() {
        let same = other.places().into_iter().find(|it| id(&other.policies[*it]) == id(&one.policies[at]));
        if !are_equal(&one.only(at), &other.only(same.expect("its name is there")))? {
            return Ok(1);
        }
    }
    Ok(0)
}

/// Policies that change nothing where they are left out, and such rules of the others.
fn redundant(config: &Config) -> Answer {
    let places = config.places();
    let mut less: Vec<Config> = places.iter().map(|at| config.without(*at)).collect();
    less.push(config.clone());
    let found = reach(&less)?;
    let whole = found.last().expect("the set itself");
    let changes_nothing = |number: usize| places.len() > 1 && equal(whole, &found[number]);
    let (idle, needed): (Vec<usize>, Vec<usize>) = (0..places.len()).partition(|number| changes_nothing(*number));
    let mut rules_less = vec![config.clone()];
    for at in needed.into_iter().map(|number| places[number]) {
        for side in ["ingress", "egress"] {
            for rule in 0..rules(&config.policies[at], side) {
                let mut less = config.clone();
                without_rule(&mut less.policies[at], side, rule);
                rules_less.push(less);
            }
        }
    }
    let found = reach(&rules_less)?;
    let idle_rules = found.iter().skip(1).filter(|less| equal(&found[0], less)).count();
    Ok((idle.len() + idle_rules) as u64)
}

fn rules(policy: &Value, side: &str) -> usize {
    policy["spec"][side].as_array().map_or(0, Vec::len)
}

/// A rule less; the sides that the policy is about stay.
fn without_rule(policy: &mut Value, side: &str, rule: usize) {
    keep_types(policy);
    policy["spec"][side].as_array_mut().expect("it has rules").remove(rule);
}

/// Writes the sides that a policy is about, where it leaves them to its rules.
fn keep_types(policy: &mut Value) {
    let field = if is_calico(policy) { "types" } else { "policyTypes" };
    if policy["spec"][field].is_array() {
        return;
    }
    let has = |side: &str| !policy["spec"][side].is_null();
    let egress = if is_calico(policy) { has("egress") } else { rules(policy, "egress") > 0 };
    let ingress = !is_calico(policy) || has("ingress") || !egress;
    let types: Vec<&str> = [(ingress, "Ingress"), (egress, "Egress")].into_iter().filter(|(is, _)| *is).map(|(_, it)| it).collect();
    policy["spec"][field] = json!(types);
}

/// Policies that select nobody, and rules that mean nobody.
fn empty(config: &Config) -> Answer {
    let mut alone = Vec::new();
    for at in config.places() {
        for side in ["ingress", "egress"] {
            for rule in 0..rules(&config.policies[at], side) {
                alone.push(config.changed(at, |policy| bare(policy, side, rule)));
            }
        }
    }
    let rules = reach(&alone)?.iter().filter(|found| found.allowed().is_empty()).count();
    let nobody = selected(config)?.iter().filter(|selected| selected.is_empty()).count();
    Ok((rules + nobody) as u64)
}

/// A policy of one rule of which only the ends are left, for everybody of the namespace.
fn bare(policy: &Value, side: &str, rule: usize) -> Value {
    let mut bare = policy.clone();
    let mut rule = policy["spec"][side][rule].clone();
    let fields = rule.as_object_mut().expect("a rule is an object");
    if is_calico(policy) {
        fields.retain(|key, _| matches!(key.as_str(), "source" | "destination"));
        for end in fields.values_mut().filter_map(Value::as_object_mut) {
            end.retain(|key, _| !matches!(key.as_str(), "ports" | "notPorts"));
        }
        fields.insert("action".to_owned(), json!("Allow"));
    } else {
        fields.retain(|key, _| matches!(key.as_str(), "from" | "to"));
    }
    let (types, type_of) = if is_calico(policy) { ("types", side) } else { ("policyTypes", side) };
    let capital = if type_of == "ingress" { "Ingress" } else { "Egress" };
    let mut spec = json!({ types: [capital], side: [rule] });
    if is_calico(policy) {
        spec["selector"] = bare["spec"].get("selector").cloned().unwrap_or(json!("all()"));
    } else {
        spec["podSelector"] = json!({});
    }
    bare["spec"] = spec;
    bare
}

/// Whom each policy selects.
fn selected(config: &Config) -> Result<Vec<Vec<String>>, LeftOut> {
    let alone: Vec<Config> = config.places().into_iter().map(|at| config.changed(at, closing)).collect();
    let closed = |found: &Reach| found.workloads().filter(|(_, closed)| closed.ingress).map(|(name, _)| name.to_owned()).collect();
    Ok(reach(&alone)?.iter().map(closed).collect())
}

/// A policy of no rule that closes both sides of whom it selects.
fn closing(policy: &Value) -> Value {
    let mut closing = policy.clone();
    let spec = closing["spec"].as_object_mut().expect("a policy has a spec");
    spec.retain(|key, _| matches!(key.as_str(), "podSelector" | "selector" | "namespaceSelector" | "serviceAccountSelector" | "tier"));
    spec.insert(if is_calico(policy) { "types" } else { "policyTypes" }.to_owned(), json!(["Ingress", "Egress"]));
    closing
}

/// Whose pods no policy is about on a side, by the names of their owners; where there is no policy, all pods.
fn uncaptured(config: &Config) -> Answer {
    let (apart, owners) = config.apart();
    if config.places().is_empty() {
        return Ok(owners.len() as u64);
    }
    let found = reach(&[apart])?.remove(0);
    let sides: [fn(&Closed) -> bool; 2] = [|closed| closed.ingress, |closed| closed.egress];
    let open = |closed: fn(&Closed) -> bool| {
        let open = found.workloads().filter(|(_, it)| !closed(it)).map(|(name, _)| owners.get(name).map_or(name, String::as_str));
        open.collect::<BTreeSet<_>>().len() as u64
    };
    Ok(sides.map(open).iter().sum())
}

/// Pairs of policies that select a pod in common.
fn overlapping(config: &Config) -> Answer {
    let all = selected(config)?;
    Ok(pairs(&all).filter(|(one, other)| one.iter().any(|name| other.contains(name))).count() as u64)
}
