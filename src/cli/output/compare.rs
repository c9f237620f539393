//! Showing a plan instead of carrying it out.

use similar::TextDiff;

use super::index;
use super::plan::{Change, Plan};

/// All changes as one unified diff, from what is there to what should be. The index follows
/// from the other files: its hashes are shown only where nothing else differs.
pub(crate) fn differences(plan: &Plan) -> String {
    let alone = plan.changes.len() == 1;
    plan.changes.iter().filter(|change| alone || change.path != index::FILE).map(difference).collect()
}

fn difference(change: &Change) -> String {
    let before = change.before.as_deref().map(String::from_utf8_lossy);
    let after = change.after.as_deref();
    let name = |side: &str, there: bool| if there { format!("{side}/{}", change.path) } else { "/dev/null".to_owned() };
    TextDiff::from_lines(before.as_deref().unwrap_or(""), after.unwrap_or(""))
        .unified_diff()
        .header(&name("a", before.is_some()), &name("b", after.is_some()))
        .to_string()
}
