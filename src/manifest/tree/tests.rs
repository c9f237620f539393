use super::{Content, Node, plain, whole};
use crate::source::FileId;

fn same(text: &str) -> bool {
    let by_events = plain::documents(text);
    let by_all = whole::documents(FileId(0), text).ok();
    match (by_events, by_all) {
        (Some(plain), Some(whole)) => {
            let plain: Vec<Node<'_>> = plain.into_iter().filter(|node| node.content != Content::Null).collect();
            plain.len() == whole.len() && plain.iter().zip(&whole).all(|(one, other)| one.says_the_same(&other.root))
        }
        (Some(_), None) => false,
        (None, _) => true,
    }
}

#[test]
fn plain_yaml_is_read_as_serde_saphyr_reads_it() {
    let scalars = [
        "1",
        "01",
        "0",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "0x1f",
        "0o17",
        "0b1",
        "1_000",
        ".5",
        ".inf",
        "-.inf",
        ".nan",
        "~",
        "null",
        "Null",
        "NULL",
        "nil",
        "y",
        "n",
        "Y",
        "yes",
        "No",
        "on",
        "OFF",
        "true",
        "True",
        "TRUE",
        "12:30",
        "10.0.0.0/8",
        "2001-12-14",
        "a b",
        "a: b",
        "'1'",
        "\"on\"",
        "|\n  1\n  2",
        ">-\n  a\n  b",
        "100m",
        "64Mi",
        "-",
        "- 1",
        "1.2.3",
        "999999999999999999999",
        "inf",
        "NaN",
        "''",
        "[1, a, {b: c}]",
        "{}",
        "[]",
        "&a b",
        "*a",
        "!!str 1",
        "\"\\u00e9\"",
        "é",
        "=",
        "<<",
        "0.1.0",
        "1.",
        "-0",
        "00",
        "infinity",
    ];
    for scalar in scalars {
        let text = format!("a: {scalar}\nb:\n- {scalar}\n");
        assert!(same(&text), "{text}");
        assert!(same(scalar), "{scalar}");
    }
    for text in [
        "a: 1\n---\n---\nb: 2\n...\n",
        "{a: 1, a: 2}",
        "1: a",
        "on: a",
        "? [a]\n: b",
        "<<: {a: b}",
        "a: &x 1\nb: *x\n",
        "%YAML 1.2\n---\na: b",
        "",
        "# nothing",
        "\u{feff}a: b",
    ] {
        assert!(same(text), "{text}");
    }
    assert!(plain::documents("a: [1, b, {c: ~}]\n").is_some(), "the plain part is read by events");
}

#[test]
fn every_value_has_its_place() {
    let text = "a: 1\nspec:\n  ingress:\n  - from:\n    - x: y\n";
    let documents = super::documents(FileId(0), text).unwrap();
    let at = |path: &str| documents[0].root.at_path(path).map(|at| &text[at as usize..]);
    assert_eq!(at("spec.ingress[0].from[0].x"), Some("y\n"));
    assert_eq!(at("spec.ingress[7].from"), at("spec.ingress"), "the last that is there");
}
