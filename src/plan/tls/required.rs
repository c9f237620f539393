//! `require tls on ingress` in one cluster, and the policy's own exposures held against it.

use super::{Required, certificates, wrong};
use crate::ir::tls::Exposed;
use crate::plan::{Context, Sentences};

/// What is required of every Ingress. Several sentences add up: a namespace is excepted that each of them excepts.
pub(super) fn required(context: &mut Context<'_>) -> Option<Required> {
    let policy = context.policy;
    let (first, others) = policy.required_tls.split_first()?;
    let excepts = |required: &crate::ir::tls::RequireTls, name: &str| required.except.iter().any(|(except, _)| except == name);
    let mut except: Vec<_> = first.except.iter().map(|(name, _)| name.clone()).collect();
    except.retain(|name| others.iter().all(|other| excepts(other, name)));
    except.sort();
    except.dedup();
    let here = |clusters: &crate::ir::Clusters| clusters.contains(&context.cluster.name);
    let plain = policy.exposures.iter().filter(|e| e.tls == Exposed::Plain && here(&e.clusters)).map(|e| (&e.namespace, e.sentence));
    let sent_on = policy.redirects.iter().filter(|r| !r.tls && here(&r.clusters)).map(|r| (&r.namespace, r.sentence));
    let refused: Vec<_> = plain.chain(sent_on).filter(|(namespace, _)| !except.contains(namespace)).collect();
    for (namespace, sentence) in refused {
        let found = wrong::refused(certificates::place(context, sentence), namespace, certificates::place(context, first.sentence));
        context.diagnostics.push(found);
    }
    let mut sentences: Sentences = policy.required_tls.iter().map(|required| required.sentence).collect();
    sentences.sort_unstable();
    Some(Required { except, sentences })
}
