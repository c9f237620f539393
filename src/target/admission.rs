//! `require tls on ingress`: admission policies that refuse Ingress and Route objects without TLS.
//!
//! A ValidatingAdmissionPolicy needs its binding, and fails closed (access-tls-audit S6).

use smol_str::SmolStr;

use super::{Emitted, Piece, annotate};
use crate::ir::Policy;
use crate::manifest::Object;
use crate::manifest::admission::{self, Binding};
use crate::plan::{Plan, Sentences};

/// Every host of an Ingress stands in its `tls` section: there is none without, and no rule for any host but where the
/// section names no hosts either. A certificate for `*.example.com` is for one level alone.
const INGRESS: &str = "has(object.spec.tls) && object.spec.tls.size() > 0 && !has(object.spec.defaultBackend) && \
has(object.spec.rules) && object.spec.rules.all(r, has(r.host) && r.host != '' ? \
object.spec.tls.exists(t, has(t.hosts) && t.hosts.exists(h, h == r.host || (h.startsWith('*.') && \
r.host.endsWith(h.substring(1)) && !r.host.substring(0, r.host.size() - h.size() + 1).contains('.')))) : \
object.spec.tls.exists(t, !has(t.hosts) || t.hosts.size() == 0))";

/// A Route of OpenShift has TLS, and neither serves nor lets in plain text beside it.
const ROUTE: &str = "has(object.spec.tls) && (!has(object.spec.tls.insecureEdgeTerminationPolicy) || \
object.spec.tls.insecureEdgeTerminationPolicy != 'Allow')";

/// The objects of one cluster: a policy and its binding for each kind.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> Vec<Emitted> {
    let Some(required) = &plan.tls.required else { return Vec::new() };
    let kinds = [
        ("polc-require-tls-on-ingress", "networking.k8s.io", "ingresses", INGRESS, "every host of an Ingress needs TLS here"),
        ("polc-require-tls-on-route", "route.openshift.io", "routes", ROUTE, "a Route needs TLS here, and no plain text beside it"),
    ];
    let mut emitted = Vec::new();
    for (name, group, resource, expression, message) in kinds {
        let named = || annotate::metadata(policy, None, SmolStr::new_static(name), &required.sentences);
        let object = admission::Policy { metadata: named(), group, version: "v1", resource, expression, message };
        let binding = Binding { metadata: named(), policy: name.into(), except: required.except.clone() };
        emitted.push(whole(Object::AdmissionPolicy(object), &required.sentences));
        emitted.push(whole(Object::AdmissionBinding(binding), &required.sentences));
    }
    emitted
}

fn whole(object: Object, sentences: &Sentences) -> Emitted {
    Emitted { object, origins: vec![(Piece::Whole, sentences.clone())] }
}
