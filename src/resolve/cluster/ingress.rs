//! The Ingress controllers polc knows by name.

use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::cluster::IngressController;
use crate::semantics::labels::Labels;
use crate::syntax::tree::{Requirement, Word};

use super::super::names::{Becomes, check};
use super::super::report::Report;
use super::super::selector;

/// A controller, and where its own installation puts its pods; none where every
/// installation differs.
struct Known {
    name: &'static str,
    at: Option<(&'static str, &'static str)>,
}

/// Namespace and `app.kubernetes.io/name` of each controller's own chart.
const KNOWN: [Known; 4] = [
    Known { name: "haproxy", at: Some(("haproxy-controller", "kubernetes-ingress")) },
    Known { name: "ibm-alb-legacy", at: None },
    Known { name: "nginx", at: Some(("ingress-nginx", "ingress-nginx")) },
    Known { name: "traefik", at: Some(("traefik", "traefik")) },
];

/// `ingress [gateway] NAME [in NAMESPACE] [select …]`.
pub(super) fn controller(
    gateway: bool,
    name: &Word,
    namespace: Option<&Word>,
    select: &[Requirement],
    report: &mut Report,
) -> Option<IngressController> {
    let known = KNOWN.iter().find(|known| !gateway && known.name == name.text);
    if known.is_none() && !gateway {
        report.push(unknown(name));
        return None;
    }
    let usual = known.and_then(|known| known.at);
    let place = match namespace {
        Some(word) => check(word, Becomes::DnsLabel, "a namespace", report).then(|| word.text.clone()),
        None => usual.map(|(namespace, _)| namespace.into()),
    };
    let pods = if select.is_empty() {
        usual.map(|(_, app)| Labels::equal("app.kubernetes.io/name", app))
    } else {
        selector::labels(select, report)
    };
    if usual.is_none() && (namespace.is_none() || select.is_empty()) {
        report.push(incomplete(gateway, name));
        return None;
    }
    Some(IngressController { name: name.text.to_string(), gateway, namespace: place?.to_string(), pods: pods? })
}

fn unknown(name: &Word) -> Diagnostic {
    let names = KNOWN.map(|known| known.name);
    let diagnostic = Diagnostic::new(Code::UnknownController, name.span, format!("no Ingress controller is called `{}`", name.text))
        .note(format!("polc knows {}, and any Gateway by its class", names.join(", ")));
    match nearest(&name.text, names).first() {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("for a Gateway write `ingress gateway {} in NAMESPACE select KEY=VALUE`", name.text)),
    }
}

fn incomplete(gateway: bool, name: &Word) -> Diagnostic {
    let written = if gateway { format!("gateway {}", name.text) } else { name.text.to_string() };
    Diagnostic::new(Code::InvalidSetting, name.span, format!("where the pods of `{}` run is not known", name.text))
        .help(format!("name their namespace and labels: `ingress {written} in NAMESPACE select KEY=VALUE`"))
}
