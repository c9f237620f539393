//! How a policy is cut into files, and in which order it is said, changes nothing.

use crate::meaning::policy::Kind;
use crate::meaning::random::{self, Random};
use polc::{Files, Options, SourceFile};

const POLICIES: u64 = 150;

fn built(files: Vec<String>) -> Result<String, Vec<&'static str>> {
    let name = |at: usize| format!("team-{}/policy-{at}.polc", at % 3);
    let policies = files.into_iter().enumerate().map(|(at, text)| SourceFile { name: name(at), text }).collect();
    let compilation = polc::compile(Files { policies, ..Files::default() }, &Options::default());
    let mut errors: Vec<&str> = compilation.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code.as_str()).collect();
    errors.sort_unstable();
    if errors.is_empty() { Ok(compilation.to_yaml()) } else { Err(errors) }
}

/// The policy's text as pieces that each could be a file: every block's head, and every sentence in a block of its own.
fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut block) = (Vec::new(), String::new());
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["namespace", name, ..] => {
                block = format!("namespace {name}");
                pieces.push(format!("{line}\n"));
            }
            ["everywhere", ..] => {
                block = "everywhere".into();
                pieces.push(format!("{line}\n"));
            }
            ["template", ..] => {
                block = "template".into();
                pieces.push(format!("{line}\n"));
            }
            ["}"] => block.clear(),
            ["cluster" | "peers", ..] => pieces.push(line.to_owned()),
            [] => {}
            ["labels" | "workload", ..] => pieces.last_mut().expect("a block has a head").push_str(&format!("{line}\n")),
            _ if block == "template" => pieces.last_mut().expect("a block has a head").push_str(&format!("{line}\n")),
            _ => pieces.push(format!("{block} {{\n{line}\n")),
        }
    }
    for piece in pieces.iter_mut().filter(|piece| piece.ends_with('\n')) {
        piece.push('}');
    }
    pieces
}

#[test]
fn a_policy_split_and_shuffled_is_the_same_policy() {
    let (mut same, mut refused) = (0, 0);
    for seed in 0..POLICIES {
        let text = random::policy(&mut Random::new(seed), Kind::PLAIN).to_string();
        let whole = built(vec![text.clone()]);
        let mut split = pieces(&text);
        assert!(split.len() > 3, "{text}");
        split.reverse();
        let merged = built(vec![split.join("\n")]);
        let apart = built(split);
        assert_eq!(whole, apart, "split:\n{text}");
        assert_eq!(whole, merged, "merged again:\n{text}");
        if whole.is_ok() { same += 1 } else { refused += 1 }
    }
    println!("{same} policies have the same bytes, {refused} the same errors");
    assert!(same > 20 && refused > 20, "{same} built, {refused} refused: this shows too little");
}

/// Denies are taken out one after the other; which came first must not show in the pieces.
#[test]
fn denies_may_be_said_in_any_order() {
    let policy = |cluster: &str, first: &str, second: &str| {
        let head = "namespace a isolate { workload w; allow pods -> pods; allow any/pods -> w; ";
        built(vec![format!("{cluster}{head}{first}; {second} }}")]).expect("the denies are expressible")
    };
    let denies = [
        "deny pods(x=1, y in (a, b)) -> w 80",
        "deny pods(y in (b, c)) -> pods(z=1) 70-90",
        "deny any/pods(x=1) -> pods(lacks z) udp",
        "deny pods except w -> w 443",
        "deny any/pods, pods(x=2) -> w, pods(z=2)",
    ];
    for first in denies {
        for second in denies {
            for cluster in ["", "cluster default { enforce calico 3.31 }\n"] {
                assert_eq!(policy(cluster, first, second), policy(cluster, second, first), "{cluster}{first} and {second}");
            }
        }
    }
}

#[test]
fn members_of_a_list_may_be_said_in_any_order() {
    for cluster in ["", "cluster default { enforce calico 3.31 }\n"] {
        let policy = |list: &str| {
            built(vec![format!(
                "{cluster}namespace a isolate {{ workload w; workload v; workload u; allow pods -> pods; allow {list} -> u 80; deny {list} -> u 443; deny u -> {list} except u }}"
            )])
        };
        assert_eq!(policy("w, v, pods(x=1)").expect("it builds"), policy("pods(x=1), v, w").expect("it builds"));
    }
}

#[test]
fn exceptions_may_be_said_in_any_order() {
    let policy = |list: &str| built(vec![format!("namespace a isolate {{ workload w; workload v; allow pods except {list} -> w 80 }}")]);
    assert_eq!(policy("w, v, pods(x=1, y=2)").expect("it builds"), policy("pods(x=1, y=2), v, w").expect("it builds"));
}
