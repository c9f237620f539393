//! What ACME needs to be reached: the pods that answer the authority's question (access-tls-audit T16).

use std::rc::Rc;

use smallvec::smallvec;
use smol_str::SmolStr;

use super::{Authorities, controller};
use crate::ir::tls::{Exposed, Exposure, Issued, Signer};
use crate::ir::{Cluster, Clusters, Destination, Flow, Peer, PeerKind, Peers, Ports, Scope, Verdict, Who};
use crate::semantics::labels::Labels;
use crate::semantics::ports::{PortSet, Protocol};

/// The label of cert-manager's pods that answer, and the port they answer on.
const SOLVER: (&str, &str) = ("acme.cert-manager.io/http01-solver", "true");
const PORT: u16 = 8089;

/// One flow for each exposure whose certificate is signed by ACME: from the controller to the answering pods.
pub(in super::super) fn flows(exposures: &[Exposure], authorities: &Authorities, clusters: &[Cluster]) -> Vec<Flow> {
    exposures.iter().filter_map(|exposure| flow(exposure, asking(exposure, authorities, clusters)?)).collect()
}

/// The clusters in which an exposure's certificate is ACME's; none if it is in no cluster.
fn asking(exposure: &Exposure, authorities: &Authorities, clusters: &[Cluster]) -> Option<Rc<Clusters>> {
    let is_acme = |name: &SmolStr| authorities.get(name).is_some_and(|found| matches!(found.signer, Signer::Acme { .. }));
    let Exposed::Terminated { issued, .. } = &exposure.tls else { return None };
    match issued {
        Issued::By(name) => is_acme(name).then(|| Rc::clone(&exposure.clusters)),
        Issued::Elsewhere => None,
        Issued::ByDefault => {
            let asks = |cluster: &&Cluster| cluster.default_authority.as_ref().is_some_and(|(name, _)| is_acme(name));
            let here = clusters.iter().filter(asks).map(|cluster| SmolStr::from(cluster.name.as_str()));
            let names: std::collections::BTreeSet<_> = here.filter(|name| exposure.clusters.contains(name)).collect();
            (!names.is_empty()).then(|| Rc::new(Clusters::Only(names)))
        }
    }
}

fn flow(exposure: &Exposure, clusters: Rc<Clusters>) -> Option<Flow> {
    let source = controller(exposure.place);
    let kind = PeerKind::Pods { namespace: exposure.namespace.clone(), pods: Labels::equal(SOLVER.0, SOLVER.1) };
    let name = format!("pods({}={})", SOLVER.0, SOLVER.1);
    let answering = Peer { who: Rc::new(Who { kind, name: name.into() }), except: Vec::new(), opens: true, span: exposure.place };
    Some(Flow {
        sentence: exposure.sentence,
        scope: Scope::Namespace(exposure.namespace.clone()),
        verdict: Verdict::Allow,
        sources: Peers { list: smallvec![source], except: Vec::new() },
        destinations: smallvec![Destination { peer: answering, ports: Ports::These(PortSet::range(Protocol::Tcp, PORT, PORT)) }],
        except: Vec::new(),
        tls: false,
        implied: true,
        clusters,
    })
}
