//! Right and wrong sentences, one by one.

use crate::source::FileId;
use crate::syntax::parse;

/// The list kept beside the design, where it is present; what it says is the grammar's verdict.
#[test]
#[allow(clippy::disallowed_methods, reason = "a test may read its data")]
fn verdicts_of_the_design() {
    let root = std::env::var("POLC_SHARED").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared").to_owned());
    let Ok(list) = std::fs::read_to_string(format!("{root}/design/sentences.txt")) else {
        println!("SKIP 1: no design/sentences.txt below {root}");
        return;
    };
    let mut judged = 0;
    for line in list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut parts = line.splitn(3, " | ");
        let (Some(verdict), Some(what), Some(text)) = (parts.next(), parts.next(), parts.next()) else { panic!("not a verdict: {line}") };
        let text = text.replace("\\n", "\n").replace("\\r", "\r");
        let errors = parse(FileId(0), &text).1;
        assert_eq!(errors.is_empty(), verdict == "ok", "{what}: {text:?}: {errors:?}");
        judged += 1;
    }
    assert!(judged > 80, "only {judged} verdicts");
}
