//! The specs of admission policies and their bindings.

use super::super::admission::{Binding, Policy};
use super::{Block, scalar};

pub(super) fn policy(block: &mut Block<'_>, policy: &Policy) {
    block.map("spec", |block| {
        block.word("failurePolicy", "Fail");
        block.map("matchConstraints", |block| {
            block.list("resourceRules", [policy], |block, policy| {
                let one = |block: &mut Block<'_>, key, text: &&'static str| {
                    block.list(key, [text], |block, text| block.item(|out| scalar::write(out, text)));
                };
                one(block, "apiGroups", &policy.group);
                one(block, "apiVersions", &policy.version);
                block.list("operations", &["CREATE", "UPDATE"], |block, word| block.item(|out| out.push_str(word)));
                one(block, "resources", &policy.resource);
            });
        });
        block.list("validations", [policy], |block, policy| {
            block.text("expression", policy.expression);
            block.text("message", policy.message);
        });
    });
}

pub(super) fn binding(block: &mut Block<'_>, binding: &Binding) {
    block.map("spec", |block| {
        block.text("policyName", &binding.policy);
        block.list("validationActions", &["Deny"], |block, word| block.item(|out| out.push_str(word)));
        if !binding.except.is_empty() {
            block.map("matchResources", |block| {
                block.map("namespaceSelector", |block| {
                    block.list("matchExpressions", [&binding.except], |block, except| {
                        block.word("key", "kubernetes.io/metadata.name");
                        block.word("operator", "NotIn");
                        block.list("values", except.iter(), |block, name| block.item(|out| scalar::write(out, name)));
                    });
                });
            });
        }
    });
}
