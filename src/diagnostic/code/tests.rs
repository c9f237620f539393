//! Rules for all codes and their pages.

use super::{Code, Severity};

#[test]
fn codes_are_sorted_and_unique() {
    let names: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let unsorted: Vec<_> = names.windows(2).filter(|pair| pair[0] >= pair[1]).collect();
    assert!(unsorted.is_empty(), "out of order, or twice: {unsorted:?}");
}

#[test]
fn codes_are_kebab_case() {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let wrong: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).filter(|name| !name.split('-').all(is_word)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_page_says_what_why_avoid_and_prefer() {
    let faults: Vec<String> = Code::ALL.iter().flat_map(|code| faults(*code)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is wrong with a code's page.
fn faults(code: Code) -> Vec<String> {
    let (name, page) = (code.as_str(), code.page());
    let why = match code.severity() {
        Severity::Error => "**Why it is an error.** ",
        Severity::Warning => "**Why it is a warning.** ",
        Severity::Note => "**Why it is a note.** ",
    };
    let mut faults = Vec::new();
    if !page.starts_with(&format!("# {name}\n\n")) {
        faults.push(format!("{name}: the page does not begin with `# {name}`"));
    }
    if page.split("\n\n").nth(1).is_none_or(|what| what.starts_with("**") || what.trim().is_empty()) {
        faults.push(format!("{name}: the page does not first say what is wrong"));
    }
    // A note finds no fault: there may be nothing to avoid.
    let avoid = if code.severity() == Severity::Note { "**Prefer**" } else { "**Avoid**" };
    let places: Vec<Option<usize>> = [why, avoid, "**Prefer**"].iter().map(|heading| page.find(&format!("\n{heading}"))).collect();
    if places.iter().any(Option::is_none) || !places.is_sorted() {
        faults.push(format!("{name}: the page lacks `{}`, `{avoid}` or `**Prefer**`, in this order, each beginning a line", why.trim()));
    }
    let advice = page.split(&format!("\n{avoid}")).nth(1).unwrap_or("");
    if !["\n\n    ", "\n```", "`"].iter().any(|policy| advice.contains(policy)) {
        faults.push(format!("{name}: neither `**Avoid**` nor `**Prefer**` shows a policy"));
    }
    if page.lines().any(|line| line.chars().count() > 400) {
        faults.push(format!("{name}: a line has more than 400 characters"));
    }
    faults
}
