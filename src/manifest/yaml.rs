//! Objects as YAML, in block style as `kubectl get -o yaml` has it, keys in one fixed
//! order, always the same bytes.
//!
//! The writer knows exactly what polc writes and nothing else: typed values go straight
//! into the text, without a tree between.

mod admission;
mod calico;
mod cert_manager;
mod ingress;
mod network_policy;
mod rbac;
mod scalar;

use ipnet::IpNet;

use super::{Metadata, Object, Texts};

impl Object {
    /// Appends the object as one YAML document, without a document mark, ended by a line end.
    pub fn write_yaml(&self, out: &mut String) {
        if let Object::Included(included) = self {
            out.push_str(&included.text);
            if !included.text.ends_with('\n') {
                out.push('\n');
            }
            return;
        }
        let mut block = Block::new(out);
        block.word("apiVersion", self.api_version());
        block.word("kind", self.kind());
        block.map("metadata", |block| metadata(block, self.metadata()));
        match self {
            Object::NetworkPolicy(object) => network_policy::spec(&mut block, object),
            Object::Tier(object) => calico::tier(&mut block, object),
            Object::GlobalNetworkSet(object) => calico::network_set(&mut block, object),
            Object::GlobalNetworkPolicy(object) | Object::CalicoNetworkPolicy(object) => calico::policy(&mut block, object),
            Object::Ingress(object) => ingress::spec(&mut block, object),
            Object::ClusterIssuer(object) => cert_manager::issuer(&mut block, object),
            Object::Certificate(object) => cert_manager::certificate(&mut block, object),
            Object::Bundle(object) => cert_manager::bundle(&mut block, object),
            Object::AdmissionPolicy(object) => admission::policy(&mut block, object),
            Object::AdmissionBinding(object) => admission::binding(&mut block, object),
            Object::ServiceAccount(object) => rbac::service_account(&mut block, object),
            Object::Role(object) => rbac::role(&mut block, object),
            Object::ClusterRole(object) => rbac::cluster_role(&mut block, object),
            Object::RoleBinding(object) => rbac::role_binding(&mut block, object),
            Object::ClusterRoleBinding(object) => rbac::cluster_role_binding(&mut block, object),
            Object::Namespace(_) | Object::Included(_) => {}
        }
    }
}

/// Appends objects as one YAML stream: `---` between documents.
pub fn write_stream<'a>(out: &mut String, objects: impl IntoIterator<Item = &'a Object>) {
    for object in objects {
        if !out.is_empty() {
            out.push_str("---\n");
        }
        object.write_yaml(out);
    }
}

fn metadata(block: &mut Block<'_>, metadata: &Metadata) {
    block.text("name", &metadata.name);
    if let Some(namespace) = &metadata.namespace {
        block.text("namespace", namespace);
    }
    block.texts("labels", &metadata.labels);
    block.texts("annotations", &metadata.annotations);
}

/// More than the deepest line has before it: no object of polc's is sixteen levels deep.
const BLANKS: &str = "                                ";

/// A block mapping being written.
struct Block<'a> {
    out: &'a mut String,
    /// Steps of two columns.
    depth: usize,
    /// The next line begins a list item.
    dash: bool,
}

impl<'a> Block<'a> {
    fn new(out: &'a mut String) -> Self {
        Block { out, depth: 0, dash: false }
    }

    /// Begins a line at the current depth; a list item's dash takes the last step.
    #[inline]
    fn line(&mut self) {
        let columns = 2 * self.depth.saturating_sub(usize::from(self.dash));
        // A whole number of machine words is copied without a call, and what is too much taken back.
        let end = self.out.len() + columns;
        self.out.push_str(BLANKS);
        self.out.truncate(end);
        if self.dash {
            self.out.push_str("- ");
            self.dash = false;
        }
    }

    /// `key:` of polc's own, which never needs quotes, and what follows it. As constants both are
    /// copied in place, without a call.
    #[inline(always)]
    fn key(&mut self, key: &'static str, colon: &'static str) {
        self.line();
        self.out.push_str(key);
        self.out.push_str(colon);
    }

    /// `key: text`.
    #[inline(always)]
    fn text(&mut self, key: &'static str, text: &str) {
        self.key(key, ": ");
        scalar::write(self.out, text);
        self.out.push('\n');
    }

    /// `key: word` for a word that never needs quotes (a keyword, `1000.5`, `{}`).
    #[inline(always)]
    fn word(&mut self, key: &'static str, word: &str) {
        self.key(key, ": ");
        self.out.push_str(word);
        self.out.push('\n');
    }

    /// `key: 8443`.
    #[inline(always)]
    fn number(&mut self, key: &'static str, number: u32) {
        self.key(key, ": ");
        scalar::write_number(self.out, number);
        self.out.push('\n');
    }

    /// `key:` and a mapping under it.
    #[inline(always)]
    fn map(&mut self, key: &'static str, write: impl FnOnce(&mut Block<'_>)) {
        self.key(key, ":\n");
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// `key:` and a mapping of the user's strings under it; nothing if there is none.
    fn texts(&mut self, key: &'static str, texts: &Texts) {
        if texts.is_empty() {
            return;
        }
        self.map(key, |block| texts.iter().for_each(|(key, text)| block.entry(key, text)));
    }

    /// `key: text` of the user's.
    fn entry(&mut self, key: &str, text: &str) {
        self.line();
        scalar::write(self.out, key);
        self.out.push_str(": ");
        scalar::write(self.out, text);
        self.out.push('\n');
    }

    /// `key:` and a list of mappings, the dashes at the key's column. `write` writes at
    /// least one line for each item.
    fn list<'i, T: 'i>(&mut self, key: &'static str, items: impl IntoIterator<Item = &'i T>, write: impl Fn(&mut Block<'_>, &T)) {
        self.key(key, ":\n");
        self.depth += 1;
        for item in items {
            self.dash = true;
            write(self, item);
        }
        self.depth -= 1;
    }

    /// A line that is the whole list item.
    fn item(&mut self, write: impl FnOnce(&mut String)) {
        self.line();
        write(self.out);
        self.out.push('\n');
    }

    /// `key:` and a list of strings.
    fn text_list<'i>(&mut self, key: &'static str, texts: impl IntoIterator<Item = &'i String>) {
        self.list(key, texts, |block, text| block.item(|out| scalar::write(out, text)));
    }

    /// `key:` and a list of networks.
    fn networks<'i>(&mut self, key: &'static str, networks: impl IntoIterator<Item = &'i IpNet>) {
        let mut shown = String::new();
        self.key(key, ":\n");
        self.depth += 1;
        for network in networks {
            self.dash = true;
            shown.clear();
            push_network(&mut shown, network);
            self.item(|out| scalar::write(out, &shown));
        }
        self.depth -= 1;
    }
}

/// Appends a network as text. The mask is always there, and the type keeps it canonical.
fn push_network(out: &mut String, network: &IpNet) {
    use std::fmt::Write as _;
    // Writing to a string cannot fail.
    let _ = write!(out, "{network}");
}

/// `policyTypes` or `types`: the sides that a policy is about.
fn sides(block: &mut Block<'_>, key: &'static str, ingress: bool, egress: bool) {
    let sides = [(ingress, "Ingress"), (egress, "Egress")];
    block.list(key, sides.iter().filter(|(is, _)| *is), |block, (_, side)| block.item(|out| out.push_str(side)));
}

#[cfg(test)]
mod tests;
