//! Host names, paths, and where a redirect leads.

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::tls::Path;
use crate::syntax::tree::Word;

use super::super::names::shortened;
use super::super::report::Report;

/// Endings of names that no public authority signs (RFC 6761, RFC 6762, RFC 8375, RFC 9476, and Kubernetes' own).
const PRIVATE: [&str; 12] =
    ["alt", "cluster.local", "corp", "example", "home.arpa", "internal", "invalid", "lan", "local", "localhost", "svc", "test"];

/// Whether only a private authority can sign for a name.
pub(super) fn is_private(name: &str) -> bool {
    let ends_with = |ending: &&str| name.strip_suffix(*ending).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !name.contains('.') || PRIVATE.iter().any(ends_with)
}

/// A host name: lower-case DNS labels, `*` only as the whole first one; says so if it is none.
pub(super) fn name(word: &Word, report: &mut Report) -> Option<SmolStr> {
    let text = word.text.as_str();
    let labels = text.strip_prefix("*.").unwrap_or(text);
    let is_label = |label: &str| {
        let end = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let bytes = label.as_bytes();
        label.len() <= 63
            && end(bytes.first())
            && end(bytes.last())
            && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
    };
    let is_address = labels.split('.').all(|label| label.bytes().all(|b| b.is_ascii_digit())) || text.parse::<std::net::IpAddr>().is_ok();
    if text.len() <= 253 && labels.split('.').all(is_label) && !is_address {
        return Some(word.text.clone());
    }
    report.push(no_host(word, is_address));
    None
}

fn no_host(word: &Word, is_address: bool) -> Diagnostic {
    let shown = shortened(&word.text);
    let found = Diagnostic::new(Code::InvalidHost, word.span, format!("`{shown}` is not a host name"));
    let lower = word.text.to_ascii_lowercase();
    if is_address {
        return found.note("an Ingress tells hosts apart by name").help("write the name that clients ask for, like `shop.example.com`");
    }
    if lower != word.text.as_str() {
        return found.help(format!("names are written in lower case: `{}`", shortened(&lower)));
    }
    if word.text.contains("://") || word.text.contains('/') {
        return found.help("write the host alone; a path is written behind it: `at shop.example.com path /v1`");
    }
    if word.text.contains('*') {
        return found.help("`*` stands for the whole first part alone: `\"*.example.com\"`");
    }
    found.help("write lower-case letters, digits and `-` between dots, like `shop.example.com`")
}

/// A path as an Ingress takes it: absolute, without empty, `.` or `..` elements.
pub(super) fn path(word: &Word, exact: bool, report: &mut Report) -> Option<Path> {
    let text = word.text.as_str();
    let elements = || text.trim_start_matches('/').split('/');
    let wrong = if !text.starts_with('/') {
        Some("it does not begin with `/`")
    } else if text.contains("//") || elements().any(|element| element == "." || element == "..") {
        Some("the API server refuses empty elements, `.` and `..`")
    } else if text.to_ascii_lowercase().contains("%2f") || text.to_ascii_lowercase().contains("%5c") {
        Some("the API server refuses encoded slashes")
    } else if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~%!$&'()+,:@=".contains(&b)) {
        Some("a controller may read such a character as a pattern")
    } else {
        None
    };
    match wrong {
        None => Some(Path { exact, text: word.text.clone() }),
        Some(why) => {
            let found = Diagnostic::new(Code::InvalidPath, word.span, format!("`{}` is not a path", shortened(text)));
            report.push(found.label(why).help("write a path like `/v1/orders`"));
            None
        }
    }
}

/// Where a redirect leads: `https://HOST`, without a path of its own (the path asked for is kept).
pub(super) fn target(word: &Word, report: &mut Report) -> Option<SmolStr> {
    let host = word.text.strip_prefix("https://");
    let is_host = host.is_some_and(|host| {
        let bare = Word { text: host.into(), ..word.clone() };
        name(&bare, &mut Report::new(false)).is_some() && !host.contains('*')
    });
    if is_host {
        return Some(word.text.clone());
    }
    let found = Diagnostic::new(Code::InvalidRedirect, word.span, format!("`{}` is no place to send clients to", shortened(&word.text)));
    report.push(found.note("the path that was asked for is kept").help("write `\"https://HOST\"`, nothing behind the host's name"));
    None
}

#[cfg(test)]
mod tests {
    use super::is_private;

    #[test]
    fn names_that_no_public_authority_signs_are_known() {
        let private = ["shop", "api.payments.svc", "a.cluster.local", "x.internal", "localhost", "b.test"];
        let public = ["shop.example.com", "notlocal.com", "internal.example.org", "xsvc.io", "corp.com"];
        assert!(private.iter().all(|name| is_private(name)), "{private:?}");
        assert!(public.iter().all(|name| !is_private(name)), "{public:?}");
    }
}
