//! Objects as YAML text, in the style that people and charts write.

use serde_json::Value;

/// A stream of documents.
pub(crate) fn stream(objects: &[Value]) -> String {
    let mut text = String::new();
    for object in objects {
        text.push_str("---\n");
        block(object, 0, &mut text);
    }
    text
}

/// A value on lines of its own.
fn block(value: &Value, indent: usize, text: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                text.push_str(&format!("{pad}{}:", scalar(key)));
                after(value, indent + 2, text);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for item in list {
                let mut lines = String::new();
                block(item, indent + 2, &mut lines);
                text.push_str(&format!("{pad}- {}", lines.trim_start()));
            }
        }
        other => text.push_str(&format!("{pad}{}\n", short(other))),
    }
}

/// A value behind its key.
fn after(value: &Value, indent: usize, text: &mut String) {
    let is_long = match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    };
    if is_long {
        text.push('\n');
        block(value, indent, text);
    } else {
        text.push_str(&format!(" {}\n", short(value)));
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Null => "null".to_owned(),
        other => other.to_string(),
    }
}

/// Without quotes where no reader could take it for anything but text.
fn scalar(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/' | '_');
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let means_else = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    if begins && text.chars().all(is_word) && !means_else { text.to_owned() } else { Value::from(text).to_string() }
}
