//! The spec of an Ingress.

use super::super::ingress::{Ingress, Path, ServicePort};
use super::{Block, scalar};

pub(super) fn spec(block: &mut Block<'_>, ingress: &Ingress) {
    block.map("spec", |block| {
        if let Some(class) = &ingress.class {
            block.text("ingressClassName", class);
        }
        if let Some(tls) = &ingress.tls {
            block.list("tls", [tls], |block, tls| {
                if let Some(host) = &ingress.host {
                    block.list("hosts", [host], |block, host| block.item(|out| scalar::write(out, host)));
                }
                if let Some(secret) = &tls.secret {
                    block.text("secretName", secret);
                }
            });
        }
        block.list("rules", [ingress], |block, ingress| {
            if let Some(host) = &ingress.host {
                block.text("host", host);
            }
            block.map("http", |block| block.list("paths", ingress.paths.iter(), path));
        });
    });
}

fn path(block: &mut Block<'_>, path: &Path) {
    block.text("path", &path.path);
    block.word("pathType", if path.exact { "Exact" } else { "Prefix" });
    block.map("backend", |block| {
        block.map("service", |block| {
            block.text("name", &path.service);
            block.map("port", |block| match &path.port {
                ServicePort::Name(name) => block.text("name", name),
                ServicePort::Number(number) => block.number("number", (*number).into()),
            });
        });
    });
}
