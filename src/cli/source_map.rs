//! The source map: which sentences each piece of an object comes from.

use std::path::Path;

use polc::{Compilation, Output, Place};
use serde::Serialize;

use super::exit::Failure;
use super::output;

/// Name and version of the schema.
const SCHEMA: &str = "polc.dev/source-map/v1";

#[derive(Serialize)]
struct SourceMap<'a> {
    schema: &'static str,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    object: Object<'a>,
    pointer: &'a str,
    places: Vec<Sentence<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    cluster: &'a str,
    api_version: &'a str,
    kind: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
}

#[derive(Serialize)]
struct Sentence<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    because: Option<&'a str>,
}

/// Writes the source map, whole or not at all.
pub(crate) fn write(path: &Path, compilation: &Compilation) -> Result<(), Failure> {
    let text = text(compilation).map_err(|why| Failure::io("write", path, why))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = output::temporary(folder, &text).map_err(|why| Failure::io("write", path, why))?;
    file.persist(path).map(drop).map_err(|error| Failure::io("write", path, error.error))
}

fn text(compilation: &Compilation) -> serde_json::Result<String> {
    let found = compilation.source_map();
    let entries = found.iter().filter_map(|entry| {
        let object = object(compilation.objects.get(entry.object)?);
        Some(Entry { object, pointer: &entry.pointer, places: entry.places.iter().map(sentence).collect() })
    });
    let map = SourceMap { schema: SCHEMA, entries: entries.collect() };
    serde_json::to_string_pretty(&map).map(|text| text + "\n")
}

fn object(output: &Output) -> Object<'_> {
    let metadata = output.object.metadata();
    Object {
        cluster: &output.cluster,
        api_version: output.object.api_version(),
        kind: output.object.kind(),
        namespace: metadata.namespace.as_deref(),
        name: &metadata.name,
    }
}

fn sentence(place: &Place) -> Sentence<'_> {
    Sentence { file: &place.file, line: place.line, column: place.column, because: place.because.as_deref() }
}
