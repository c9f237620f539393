use super::super::fixture;
use super::{render, uri};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceFile, Sources, Span};

#[test]
fn the_whole_log() {
    let (diagnostics, sources) = fixture::two_findings();
    let log: serde_json::Value = serde_json::from_str(&render(&diagnostics[..1], &sources)).expect("JSON");
    let results = serde_json::to_string_pretty(&log["runs"][0]["results"]).expect("JSON");
    insta::assert_snapshot!(results, @r#"
    [
      {
        "fixes": [
          {
            "artifactChanges": [
              {
                "artifactLocation": {
                  "uri": "team%20a/api.polc"
                },
                "replacements": [
                  {
                    "deletedRegion": {
                      "endColumn": 18,
                      "endLine": 2,
                      "startColumn": 16,
                      "startLine": 2
                    },
                    "insertedContent": {
                      "text": "->"
                    }
                  }
                ]
              }
            ]
          }
        ],
        "level": "error",
        "locations": [
          {
            "physicalLocation": {
              "artifactLocation": {
                "uri": "team%20a/api.polc"
              },
              "region": {
                "endColumn": 18,
                "endLine": 2,
                "startColumn": 16,
                "startLine": 2
              }
            }
          }
        ],
        "message": {
          "text": "expected `->`, found `=>`\nnote: nothing is written\nhelp: write `allow frontend -> api tls`"
        },
        "partialFingerprints": {
          "polc/v1": "8956ee4b473ae0703eadbb7514f950e8"
        },
        "relatedLocations": [
          {
            "message": {
              "text": "`api` is declared here"
            },
            "physicalLocation": {
              "artifactLocation": {
                "uri": "team%20a/db.polc"
              },
              "region": {
                "endColumn": 15,
                "endLine": 2,
                "startColumn": 3,
                "startLine": 2
              }
            }
          }
        ],
        "ruleId": "unexpected-text"
      }
    ]
    "#);
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][0]["id"], "unexpected-text");
}

/// The fingerprints of an error in each `allow =>` line of a text.
fn fingerprints(text: &str) -> Vec<String> {
    let sources = Sources::new(vec![SourceFile { name: "a.polc".into(), text: text.into() }]);
    let found: Vec<Diagnostic> = text
        .match_indices("=>")
        .map(|(at, _)| u32::try_from(at).expect("short"))
        .map(|at| Diagnostic::new(Code::UnexpectedText, Span { start: at, end: at + 2, ..Span::default() }, "no arrow"))
        .collect();
    let log: serde_json::Value = serde_json::from_str(&render(&found, &sources)).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results").clone();
    results.iter().map(|result| result["partialFingerprints"]["polc/v1"].to_string()).collect()
}

#[test]
fn a_fingerprint_survives_lines_above_and_tells_repetitions_apart() {
    let before = fingerprints("allow a => b\nallow a => b\nallow c => d\n");
    let after = fingerprints("# new\n\n  allow a => b\nallow a => b\nallow c => d\n");
    assert_eq!(before, after);
    assert!(before[0] != before[1] && before[1] != before[2] && before[0] != before[2]);
}

#[test]
fn a_path_becomes_a_relative_uri() {
    assert_eq!(uri("./team a/ü#.polc"), "team%20a/%C3%BC%23.polc");
}
