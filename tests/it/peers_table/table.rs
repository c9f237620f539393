//! A table of a Markdown page, and its comparison with what is true.

/// Rows of one peer each.
pub(super) struct Table {
    columns: Vec<String>,
    /// The peer, and the code spans of each other cell.
    rows: Vec<(String, Vec<Vec<String>>)>,
}

impl Table {
    /// The first table below a heading; its columns after the first must begin with these words.
    pub(super) fn read(page: &str, heading: &str, columns: &[&str]) -> Table {
        let (_, below) = page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no heading `{heading}`"));
        let mut lines = below.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
        let head = cells(lines.next().expect("a table"));
        for (cell, column) in head.iter().skip(1).zip(columns) {
            assert!(cell.starts_with(column), "below `{heading}` a column is `{cell}`, not `{column}`");
        }
        assert_eq!(head.len(), columns.len() + 1, "columns below `{heading}`");
        let rows = lines.skip(1).map(cells).map(|cells| {
            let mut spans = cells.iter().map(|cell| code_spans(cell));
            let peer = spans.next().and_then(|spans| spans.into_iter().next()).expect("a peer in a code span");
            (peer, spans.collect())
        });
        Table { columns: columns.iter().map(|it| (*it).to_owned()).collect(), rows: rows.collect() }
    }

    /// Compares every cell with what the compiler does; fails with the rows as they should be.
    pub(super) fn check(&self, least: usize, becomes: impl Fn(&str, &str) -> Vec<String>) {
        let mut findings = Vec::new();
        for (peer, cells) in &self.rows {
            for (column, said) in self.columns.iter().zip(cells) {
                let is = becomes(peer, column);
                if said.len() != is.len() || said.iter().zip(&is).any(|(said, is)| !matches(said, is)) {
                    let is = is.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join("<br>");
                    findings.push(format!("{peer} | {column}\n  says {said:?}\n  is   {is}"));
                }
            }
        }
        assert!(self.rows.len() >= least, "{} peers in the table, {least} in the language", self.rows.len());
        assert!(findings.is_empty(), "the page and the compiler disagree:\n{}", findings.join("\n"));
    }
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn code_spans(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// `…` stands for anything.
fn matches(said: &str, is: &str) -> bool {
    let mut parts = said.split('…');
    let Some(mut rest) = parts.next().and_then(|first| is.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[test]
fn an_ellipsis_stands_for_anything_and_everything_else_for_itself() {
    assert!(matches("{a: b}", "{a: b}"));
    assert!(!matches("{a: b}", "{a: b, c: d}"));
    assert!(matches("{a: …, z: 1}", "{a: b, c: d, z: 1}"));
    assert!(!matches("{a: …, z: 2}", "{a: b, c: d, z: 1}"));
}
