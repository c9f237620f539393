//! The specs of cert-manager's and trust-manager's objects.

use super::super::cert_manager::{Bundle, Certificate, ClusterIssuer, Signer, Solver, Subject};
use super::{Block, scalar};

pub(super) fn issuer(block: &mut Block<'_>, issuer: &ClusterIssuer) {
    block.map("spec", |block| match &issuer.signer {
        Signer::SelfSigned => block.word("selfSigned", "{}"),
        Signer::Ca { secret } => block.map("ca", |block| block.text("secretName", secret)),
        Signer::Acme { server, email, account, solver } => block.map("acme", |block| {
            block.text("server", server);
            if let Some(email) = email {
                block.text("email", email);
            }
            block.map("privateKeySecretRef", |block| block.text("name", account));
            block.list("solvers", [solver], |block, solver| block.map("http01", |block| self::solver(block, solver)));
        }),
    });
}

fn solver(block: &mut Block<'_>, solver: &Solver) {
    match solver {
        Solver::Ingress(None) => block.word("ingress", "{}"),
        Solver::Ingress(Some(class)) => block.map("ingress", |block| block.text("ingressClassName", class)),
        Solver::Gateway { namespace, name } => block.map("gatewayHTTPRoute", |block| {
            block.list("parentRefs", [&(namespace, name)], |block, (namespace, name)| {
                block.word("group", "gateway.networking.k8s.io");
                block.word("kind", "Gateway");
                block.text("name", name);
                block.text("namespace", namespace);
            });
        }),
    }
}

pub(super) fn certificate(block: &mut Block<'_>, certificate: &Certificate) {
    block.map("spec", |block| {
        block.text("secretName", &certificate.secret);
        let usages: &[&str] = match &certificate.subject {
            Subject::Authority(name) => {
                block.word("isCA", "true");
                block.text("commonName", name);
                &["cert sign", "crl sign"]
            }
            Subject::Server(names) | Subject::Client(names) => {
                block.list("dnsNames", names.iter(), |block, name| block.item(|out| scalar::write(out, name)));
                let is_server = matches!(certificate.subject, Subject::Server(_));
                if is_server { &["digital signature", "server auth"] } else { &["digital signature", "client auth"] }
            }
        };
        block.list("usages", usages, |block, usage| block.item(|out| scalar::write(out, usage)));
        block.text("duration", &format!("{}h", certificate.hours));
        block.text("renewBefore", &format!("{}h", certificate.renew_hours));
        block.map("privateKey", |block| {
            block.word("algorithm", "ECDSA");
            block.number("size", 256);
            block.word("rotationPolicy", if matches!(certificate.subject, Subject::Authority(_)) { "Never" } else { "Always" });
        });
        block.map("issuerRef", |block| {
            block.word("group", "cert-manager.io");
            block.word("kind", if certificate.issuer.cluster_wide { "ClusterIssuer" } else { "Issuer" });
            block.text("name", &certificate.issuer.name);
        });
    });
}

pub(super) fn bundle(block: &mut Block<'_>, bundle: &Bundle) {
    block.map("spec", |block| {
        block.list("sources", [&bundle.secret], |block, secret| {
            block.map("secret", |block| {
                block.text("name", secret);
                block.word("key", "ca.crt");
            });
        });
        block.map("target", |block| {
            block.map("configMap", |block| block.word("key", "ca.crt"));
            block.map("namespaceSelector", |block| {
                block.list("matchExpressions", [&bundle.namespaces], |block, namespaces| {
                    block.word("key", "kubernetes.io/metadata.name");
                    block.word("operator", "In");
                    block.list("values", namespaces.iter(), |block, name| block.item(|out| scalar::write(out, name)));
                });
            });
        });
    });
}
