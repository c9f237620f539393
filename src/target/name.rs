//! Names of objects: made of content, never of position, and valid everywhere.
//!
//! In Calico's default tier a name without a dot is valid on every version
//! (network-targets.md §2.0), so names are single labels. Text that is not one is
//! made one, and then carries eight digits of a hash of what it was; so does text that
//! looks as if it did, so two subjects never share a name.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use smol_str::{SmolStr, SmolStrBuilder};

use crate::plan::SubjectName;

/// The longest name that Kubernetes takes.
const LONGEST: usize = 253;

/// Digits of the hash in a name.
const HASH_DIGITS: usize = 8;

/// The name of an object about a subject: `polc-isolate`, `polc-isolate-db`,
/// `polc-allow-pods-1c3f0a2b`. `prefix` is a valid name of at most 100 characters.
#[must_use]
pub(crate) fn object_name(prefix: &'static str, subject: &SubjectName) -> SmolStr {
    match subject {
        SubjectName::All => SmolStr::new_static(prefix),
        SubjectName::Workload(name) => joined(&[prefix, "-", &label(name, LONGEST - prefix.len() - 1)]),
        SubjectName::Selected(text) => joined(&[prefix, "-pods-", &hash(text)]),
    }
}

/// The name of a binding. Names of roles and bindings may have colons, which no name in a policy has by itself, so the two
/// kinds of role never share one. The role is part of it, since `roleRef` cannot be changed (access-targets R7): another
/// role is another binding.
#[must_use]
pub(crate) fn binding_name(cluster_role: bool, role: &str) -> SmolStr {
    let prefix = if cluster_role { "polc:cluster-role:" } else { "polc:role:" };
    let room = LONGEST - prefix.len();
    if role.len() < room {
        return joined(&[prefix, role]);
    }
    // A name of full length has always a hash at its end.
    let kept: String = role.chars().filter(char::is_ascii).take(room - HASH_DIGITS - 1).collect();
    let dashes = "-".repeat(room - HASH_DIGITS - kept.len());
    joined(&[prefix, &kept, &dashes, &hash(role)])
}

/// Texts behind each other.
fn joined(parts: &[&str]) -> SmolStr {
    let mut name = SmolStrBuilder::new();
    parts.iter().for_each(|part| name.push_str(part));
    name.finish()
}

/// Text as one label of at most `longest` characters: itself if it is one that does not
/// look hashed, else what can be kept of it and a hash.
#[must_use]
pub(crate) fn label(text: &str, longest: usize) -> Cow<'_, str> {
    if is_label(text) && text.len() <= longest && !looks_hashed(text) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    for c in text.chars().map(|c| c.to_ascii_lowercase()) {
        let known = c.is_ascii_lowercase() || c.is_ascii_digit();
        if known || !kept.ends_with('-') {
            kept.push(if known { c } else { '-' });
        }
        if kept.len() + HASH_DIGITS + 1 >= longest {
            break;
        }
    }
    let kept = kept.trim_matches('-');
    Cow::Owned(if kept.is_empty() { hash(text) } else { format!("{kept}-{}", hash(text)) })
}

/// Lower-case letters, digits and `-`, with a letter or digit at both ends.
fn is_label(text: &str) -> bool {
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.bytes().all(inside) && !text.starts_with('-') && !text.ends_with('-')
}

/// Whether the text ends as a name with a hash does.
fn looks_hashed(text: &str) -> bool {
    let last = text.rsplit('-').next().unwrap_or(text);
    last.len() == HASH_DIGITS && last.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Eight hexadecimal digits of the text's SHA-256.
#[must_use]
pub(crate) fn hash(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest = Sha256::digest(text.as_bytes());
    digest
        .iter()
        .take(HASH_DIGITS / 2)
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| DIGITS.get(usize::from(digit)))
        .map(|digit| char::from(*digit))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn workload(name: &str) -> SmolStr {
        object_name("polc-isolate", &SubjectName::Workload(name.into()))
    }

    #[test]
    fn names_say_what_they_are_about() {
        assert_eq!(object_name("polc-isolate", &SubjectName::All), "polc-isolate");
        assert_eq!(workload("db"), "polc-isolate-db");
        assert_eq!(object_name("polc-allow", &SubjectName::Selected("app in (a)".into())), "polc-allow-pods-017463a2");
    }

    /// network-targets 2.0: in the default tier a plain label without a dot is valid on every version.
    #[test]
    fn names_have_no_dot_whatever_the_workload_is_called() {
        let (dotted, dashed) = (workload("api.v1"), workload("api-v1"));
        assert!(dotted.starts_with("polc-isolate-api-v1-"), "{dotted}");
        assert_eq!(dashed, "polc-isolate-api-v1");
    }

    #[test]
    fn a_workload_named_like_a_hash_does_not_take_the_name_of_another() {
        let selected = object_name("polc-allow", &SubjectName::Selected("x".into()));
        let impostor = selected.trim_start_matches("polc-allow-").to_owned();
        assert_ne!(object_name("polc-allow", &SubjectName::Workload(impostor.into())), selected);
    }

    #[test]
    fn a_binding_is_called_by_its_role_and_the_kind_of_it() {
        assert_eq!(binding_name(true, "view"), "polc:cluster-role:view");
        assert_eq!(binding_name(false, "cluster-role:view"), "polc:role:cluster-role:view");
        let (long, longer) = ("r".repeat(300), "r".repeat(301));
        let names =
            [binding_name(false, &long), binding_name(false, &longer), binding_name(true, &long), binding_name(true, &"é".repeat(200))];
        assert!(names.iter().all(|name| name.len() == LONGEST && name.is_ascii()), "{names:?}");
        assert_ne!(names[0], names[1]);
    }

    proptest! {
        #[test]
        fn every_name_is_a_label_and_different_text_has_another(a in "[a-cA-C._ -]{1,300}", b in "[a-cA-C._ -]{1,300}") {
            let (x, y) = (workload(&a), workload(&b));
            prop_assert!(is_label(&x) && x.len() <= LONGEST, "{x}");
            prop_assert_eq!(a == b, x == y);
        }
    }
}
