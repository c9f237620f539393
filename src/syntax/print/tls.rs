//! Exposures and authorities as text.

use super::flow::port;
use super::word::{list, word, words};
use crate::syntax::tree::{Backend, Expose, Exposed, Signing, Word};

/// A line of an `authority` block.
pub(super) fn signing(line: &Signing) -> String {
    match line {
        Signing::SelfSigned => "self-signed".to_owned(),
        Signing::Acme(directory) => format!("acme {}", word(directory)),
        Signing::Email(address) => format!("email {}", word(address)),
        Signing::Existing { cluster_wide: true, name } => format!("existing cluster-issuer {}", word(name)),
        Signing::Existing { cluster_wide: false, name } => format!("existing issuer {}", word(name)),
    }
}

/// `expose …`.
pub(super) fn expose(written: &Expose) -> String {
    let mut said = format!("expose {}", word(&written.workload));
    if let Some(found) = &written.port {
        said.push_str(&format!(" {}", port(found)));
    }
    said.push_str(" at ");
    said.push_str(&written.host.as_ref().map_or_else(|| "any host".to_owned(), word));
    if let Some((exact, path)) = &written.path {
        said.push_str(&format!(" path{} {}", if *exact { " exact" } else { "" }, word(path)));
    }
    said.push_str(&exposed(&written.tls));
    if !written.annotations.is_empty() {
        said.push_str(&format!(" with {}", list(&written.annotations, |(key, value)| format!("{}={}", word(key), word(value)))));
    }
    said
}

fn exposed(tls: &Exposed) -> String {
    match tls {
        Exposed::Plain(_) => " plain".to_owned(),
        Exposed::Passthrough(_) => " tls passthrough".to_owned(),
        Exposed::Terminated { secret, authority, backend, .. } => {
            let backend = backend.as_ref().map_or_else(String::new, of_backend);
            format!(" tls{}{}{backend}", behind("secret", secret.as_ref()), behind("authority", authority.as_ref()))
        }
    }
}

fn of_backend(backend: &Backend) -> String {
    let unverified = if backend.unverified.is_some() { " unverified" } else { "" };
    format!(" backend tls{}{}{unverified}", behind("name", backend.name.as_ref()), behind("authority", backend.authority.as_ref()))
}

fn behind(keyword: &str, value: Option<&Word>) -> String {
    value.map_or_else(String::new, |value| format!(" {keyword} {}", word(value)))
}

/// `redirect HOST -> "URL" [tls]`.
pub(super) fn redirect(host: &Word, to: &Word, tls: bool) -> String {
    format!("redirect {} -> {}{}", word(host), word(to), if tls { " tls" } else { "" })
}

/// `require tls on ingress [except NAMESPACES]`.
pub(super) fn require(except: &[Word]) -> String {
    if except.is_empty() { "require tls on ingress".to_owned() } else { format!("require tls on ingress except {}", words(except)) }
}
