//! network-config-analyzer's own cases: sets of policies over one cluster, and queries that compare them, each with
//! the number that its authors expect.
//!
//! The queries are put to [`polc::query::Reach`]: what each set lets through, as sets of connections.

mod ask;
mod config;
mod explained;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::judges::read_by_kubectl;
use crate::real_cases::{say, shared};
use ask::Asked;
use config::Configs;

/// How many queries were judged once, and how many are answered `unknown`.
const KUBERNETES: (usize, usize) = (119, 0);
const CALICO: (usize, usize) = (90, 11);

/// What all queries came to.
#[derive(Default)]
struct Tally {
    judged: BTreeMap<String, usize>,
    /// By reason.
    unknown: BTreeMap<String, usize>,
    /// By reason.
    left_out: BTreeMap<String, usize>,
    explained: BTreeMap<&'static str, usize>,
    differences: Vec<String>,
}

/// Why a query is not judged.
#[derive(Clone)]
enum LeftOut {
    /// It is about something else than polc's model, or cannot be asked.
    Because(String),
    /// polc says that something could matter that it does not understand.
    Unknown(String),
}

#[test]
fn network_config_analyzer_on_kubernetes() {
    judge_all("k8s_testcases", KUBERNETES);
}

#[test]
fn network_config_analyzer_on_calico() {
    judge_all("calico_testcases", CALICO);
}

fn judge_all(folder: &str, (at_least, unknown_at_most): (usize, usize)) {
    let what = format!("npguard-nca/{folder}");
    let Some(shared) = shared() else {
        return say(&format!("SKIP real data absent: {at_least} queries ({what})"));
    };
    let mut tally = Tally::default();
    let mut schemes = super::manifests(&shared.join(&what));
    schemes.retain(|path| path.to_string_lossy().ends_with("scheme.yaml"));
    for path in &schemes {
        judge(path, &mut tally);
    }
    let (judged, unknown) = (tally.judged.values().sum::<usize>(), tally.unknown.values().sum::<usize>());
    let mut lines = vec![format!("{judged} queries judged: {:?}", tally.judged)];
    lines.extend(tally.unknown.iter().map(|(reason, count)| format!("{count} unknown: {reason}")));
    lines.extend(tally.left_out.iter().map(|(reason, count)| format!("{count} left out: {reason}")));
    lines.extend(tally.explained.iter().map(|(rule, count)| format!("{count} differences explained: {rule}")));
    lines.iter().for_each(|line| say(&format!("{what}: {line}")));
    assert!(tally.differences.is_empty(), "{} differences\n{}", tally.differences.len(), tally.differences.join("\n"));
    assert!(judged >= at_least, "{what}: {judged} queries judged, there were {at_least}");
    assert!(unknown <= unknown_at_most, "{what}: {unknown} answers are unknown, there were {unknown_at_most}");
}

fn judge(path: &Path, tally: &mut Tally) {
    let scheme = read_by_kubectl(path).remove(0);
    let configs = Configs::new(path, &scheme);
    // Some queries are there once for each form of report.
    let mut known: BTreeMap<(String, Vec<&str>), Result<u64, LeftOut>> = BTreeMap::new();
    for query in scheme["queries"].as_array().into_iter().flatten() {
        let fields = query.as_object().expect("a query is an object");
        for kind in fields.keys().filter(|key| !OTHER_FIELDS.contains(&key.as_str())) {
            let names: Vec<&str> = query[kind].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let case = format!("{} {}", super::name(path), query["name"].as_str().unwrap_or_default());
            let expected = query["expected"].as_u64();
            let asked = Asked { configs: &configs, names: &names };
            let answer = known.entry((kind.clone(), names.clone())).or_insert_with(|| asked.answer(kind));
            tally.take(kind, &case, expected, answer.clone());
        }
    }
}

const OTHER_FIELDS: &[&str] = &["name", "expected", "expectedOutput", "expectedNotExecuted", "outputConfiguration"];

impl Tally {
    fn take(&mut self, kind: &str, case: &str, expected: Option<u64>, answer: Result<u64, LeftOut>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(LeftOut::Because(reason)) => return *self.left_out.entry(reason).or_default() += 1,
            Err(LeftOut::Unknown(reason)) => return *self.unknown.entry(reason).or_default() += 1,
        };
        let Some(expected) = expected else {
            return *self.left_out.entry("nobody says what to expect".to_owned()).or_default() += 1;
        };
        // Its number is one of groups of lines of a report; what is judged is whether there are any.
        let agree = if kind == "semanticDiff" { (answer > 0) == (expected > 0) } else { answer == expected };
        match explained::difference(case, answer) {
            _ if agree => *self.judged.entry(kind.to_owned()).or_default() += 1,
            Some(rule) => *self.explained.entry(rule).or_default() += 1,
            None => self.differences.push(format!("{kind} {case}: polc finds {answer}, expected is {expected}")),
        }
    }
}

/// The documents of a file, items of lists each on its own.
fn objects(path: &Path) -> Vec<Value> {
    // Some of what is called JSON has commas too many, which YAML permits.
    let parsed = serde_json::from_str(&super::read(path)).map_or_else(|_| read_by_kubectl(path), |json| vec![json]);
    parsed.into_iter().flat_map(items).collect()
}

fn items(document: Value) -> Vec<Value> {
    match document {
        Value::Array(all) => all.into_iter().flat_map(items).collect(),
        Value::Object(mut fields) if fields.contains_key("items") && fields["items"].is_array() => {
            // Items of a server's own lists leave out what the list's kind says.
            let kind = fields["kind"].as_str().and_then(|kind| kind.strip_suffix("List")).unwrap_or_default().to_owned();
            let version = fields["apiVersion"].clone();
            let mut all = items(fields.remove("items").unwrap_or_default());
            for item in all.iter_mut().filter(|item| item["kind"].is_null()) {
                item["kind"] = kind.clone().into();
                item["apiVersion"] = version.clone();
            }
            all
        }
        Value::Object(_) => vec![document],
        _ => Vec::new(),
    }
}

/// The files that a scheme names: a file, those of a folder, or all below it.
fn files(base: &Path, named: &str) -> Result<Vec<PathBuf>, LeftOut> {
    if named.starts_with("https://") {
        return Err(LeftOut::Because("its files are on the network".to_owned()));
    }
    let (named, deep) = named.strip_suffix("**").map_or((named, false), |folder| (folder, true));
    let path = base.join(named);
    if !path.exists() {
        return Err(LeftOut::Because("a file of it is not among the cases".to_owned()));
    }
    let is_scheme = |path: &PathBuf| path.to_string_lossy().contains("scheme");
    let all = if path.is_file() { vec![path.clone()] } else { super::manifests(&path) };
    Ok(all.into_iter().filter(|it| !is_scheme(it) && (deep || path.is_file() || it.parent() == Some(&path))).collect())
}
