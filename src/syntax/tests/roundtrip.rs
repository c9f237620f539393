//! Laws of reading and printing, over random trees and random texts.

use proptest::prelude::*;

use super::generate;
use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::syntax::print::print;
use crate::syntax::{parse, tree};

/// A tree as text without its places.
fn without_spans(tree: &tree::File) -> String {
    let mut said = format!("{:#?}", tree.sentences);
    while let Some(start) = said.find("Span {") {
        let end = said.get(start..).and_then(|rest| rest.find('}')).map_or(said.len(), |length| start + length + 1);
        said.replace_range(start..end, "@");
    }
    said
}

fn check_spans(text: &str, errors: &[Diagnostic]) {
    for error in errors {
        let labels = error.primary.iter().chain(&error.secondary);
        for label in labels {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            assert!(text.get(start..end).is_some(), "{text:?}: {start}..{end} of {error:?}");
        }
    }
}

/// Pieces that right and wrong sentences are made of.
pub(super) fn garbled() -> impl Strategy<Value = String> {
    let pieces = vec![
        "namespace",
        "payments",
        "isolate",
        "{",
        "}",
        "(",
        ")",
        "allow",
        "deny",
        "frontend",
        "->",
        "api",
        "tls",
        "443",
        "53/udp",
        ",",
        ";",
        "\n",
        "\n  ",
        " ",
        "#",
        "# note\n",
        "\"",
        "\"x\"",
        "because",
        "except",
        "until",
        "2027-03-31",
        "pods(app=x)",
        "any/pods",
        "$name",
        "/",
        ":",
        "=",
        "!=",
        "in",
        "not",
        "é",
        "→",
        "\u{202e}",
        "\r\n",
        "\r",
        "'",
        "\\",
        "everywhere",
        "cluster",
        "workload",
        "select",
        "ports",
        "template",
        "use",
        "edition 1",
        "10.0.0.0/8",
        "2001:db8::/32",
        "peers",
        "include",
        "role",
        "can",
        "expose",
        "assert",
        "to",
        "from",
        "kind: x",
        "*",
        "=>",
        "-",
        ".",
    ];
    proptest::collection::vec(prop::sample::select(pieces), 0..40).prop_map(|pieces| {
        let mut text = String::new();
        for piece in pieces {
            text.push_str(piece);
            if piece.len() % 3 != 1 {
                text.push(' ');
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back(tree in generate::file()) {
        let text = print(&tree);
        let (read, errors) = parse(FileId(0), &text);
        prop_assert!(errors.is_empty(), "{text}\n{}", super::show(&text, &errors));
        prop_assert_eq!(without_spans(&read), without_spans(&tree), "{}", text);
        prop_assert_eq!(print(&read), text);
    }

    #[test]
    fn no_text_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        let (_, errors) = parse(FileId(0), &text);
        check_spans(&text, &errors);
    }

    #[test]
    fn no_garbled_sentence_makes_it_panic(text in garbled()) {
        let (tree, errors) = parse(FileId(0), &text);
        check_spans(&text, &errors);
        for sentence in &tree.sentences {
            prop_assert!(text.get(sentence.span.start as usize..sentence.span.end as usize).is_some());
        }
        for comment in &tree.comments {
            prop_assert!(super::covered(&text, *comment).starts_with('#'));
        }
    }

    #[test]
    fn messages_keep_to_their_form(text in garbled()) {
        for error in parse(FileId(0), &text).1 {
            prop_assert!(error.headline.chars().count() <= 80, "{}", error.headline);
            prop_assert!(!error.headline.ends_with('.') && !error.headline.contains('\n'), "{}", error.headline);
            prop_assert!(!error.help.is_empty(), "no help: {} in {text:?}", error.headline);
        }
    }
}
