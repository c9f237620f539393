//! A text of manifests, document by document, each kept as it was written.

use serde_json::Value;

use super::{Included, Metadata};

/// The documents of a text that are not empty.
///
/// # Errors
///
/// What is wrong, where a document by itself is not an object: one that needs a directive of the
/// text before it, for example.
pub(crate) fn documents(text: &str) -> Result<Vec<Included>, String> {
    let read = |text: String| match serde_saphyr::from_multiple::<Value>(&text) {
        Err(error) => Some(Err(error.without_snippet().to_string())),
        Ok(values) => match values.as_slice() {
            [] => None,
            [value] => Some(included(value, text)),
            _ => Some(Err("its documents cannot be told apart".to_owned())),
        },
    };
    split(text).into_iter().filter_map(read).collect()
}

fn included(value: &Value, text: String) -> Result<Included, String> {
    let word = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
    let (Some(api_version), Some(kind)) = (word("/apiVersion"), word("/kind")) else {
        return Err("a document has no `apiVersion` or no `kind`".to_owned());
    };
    let name = word("/metadata/name").unwrap_or_default().into();
    let metadata = Metadata { name, namespace: word("/metadata/namespace").map(Into::into), ..Metadata::default() };
    Ok(Included { api_version: api_version.to_owned(), kind: kind.to_owned(), metadata, text })
}

/// The text between document marks. A mark stands at the start of a line; inside a document no
/// line may begin with one, not even in a block of text.
fn split(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.trim_start_matches('\u{feff}').split_inclusive('\n') {
        let kept = match (mark(line, "---"), mark(line, "...")) {
            (Some(rest), _) | (None, Some(rest)) => {
                documents.push(String::new());
                if rest.trim().is_empty() { "" } else { rest.trim_start_matches([' ', '\t']) }
            }
            (None, None) => line,
        };
        if let Some(document) = documents.last_mut() {
            document.push_str(kept);
        }
    }
    documents.into_iter().filter(|document| !is_prologue(document)).collect()
}

/// What stands on a line after a document mark; none if the line does not begin with one.
fn mark<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.strip_prefix(mark).filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Whether there are only directives, comments and empty lines.
fn is_prologue(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#') || line.starts_with('%'))
}

#[cfg(test)]
mod tests {
    use super::documents;

    fn shown(text: &str) -> Result<Vec<(String, String)>, String> {
        Ok(documents(text)?.into_iter().map(|included| (format!("{} {}", included.kind, included.metadata.name), included.text)).collect())
    }

    const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

    #[test]
    fn documents_are_told_apart_and_kept_as_they_were() {
        let text = format!("%YAML 1.2\n--- # first\n{MAP}data:\n  x: |\n    ---\n    ...\n...\n---\n# nothing\n---\n{MAP}# the end\n");
        let found = shown(&text).unwrap();
        assert_eq!(
            found,
            [
                ("ConfigMap a".to_owned(), format!("# first\n{MAP}data:\n  x: |\n    ---\n    ...\n")),
                ("ConfigMap a".to_owned(), format!("{MAP}# the end\n")),
            ]
        );
    }

    #[test]
    fn a_document_may_begin_on_the_line_of_its_mark_and_lines_may_end_with_carriage_returns() {
        let text = "--- {apiVersion: v1, kind: List}\r\n---\r\napiVersion: v1\r\nkind: Secret\r\n";
        let found: Vec<String> = shown(text).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["List ", "Secret "]);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        assert!(shown("a: b\n").is_err());
        assert!(shown("%TAG !e! tag:example.com,2000:\n---\nkind: !e!x a\n").is_err());
    }
}
