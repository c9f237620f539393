//! Blocks and links of a Markdown file.

/// A fenced block.
pub(super) struct Block {
    /// Its fence's line, from 1.
    pub(super) line: usize,
    /// The first word of its fence.
    pub(super) language: String,
    /// The others.
    attributes: Vec<String>,
    /// What it holds.
    pub(super) text: String,
}

impl Block {
    /// Whether a word stands on the fence.
    pub(super) fn has(&self, word: &str) -> bool {
        self.attributes.iter().any(|it| it == word)
    }

    /// The value of `key=value` on the fence.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find_map(|it| it.strip_prefix(key)?.strip_prefix('='))
    }
}

/// All fenced blocks, also those indented below a list.
pub(super) fn fenced(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    for (number, line) in markdown.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(fence), None) => {
                let mut words = fence.split(',').map(|word| word.trim().to_owned());
                let language = words.next().unwrap_or_default();
                open = Some((indent, Block { line: number + 1, language, attributes: words.collect(), text: String::new() }));
            }
            (Some(_), Some(_)) => blocks.extend(open.take().map(|(_, block)| block)),
            (None, Some((indent, block))) => {
                block.text.push_str(line.get(*indent..).unwrap_or_default());
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fenced block has no end");
    blocks
}

/// The indented blocks that follow a line which begins with `**WORD`.
pub(super) fn indented_after(markdown: &str, word: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut inside = false;
    let mut block = String::new();
    for line in markdown.lines().chain(["end"]) {
        if let Some(code) = line.strip_prefix("    ").filter(|_| inside) {
            block.push_str(code);
            block.push('\n');
        } else if line.is_empty() && !block.is_empty() {
            block.push('\n');
        } else if !line.is_empty() {
            if !block.trim().is_empty() {
                blocks.push(std::mem::take(&mut block));
            }
            if line.starts_with("**") {
                inside = line.starts_with(&format!("**{word}"));
            }
        }
    }
    blocks
}

/// Targets of links inside the repository.
pub(super) fn links(markdown: &str) -> Vec<String> {
    let targets = markdown.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|it| !it.contains("://") && !it.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn a_fence_has_words_and_a_text() {
    let blocks = fenced("x\n```polc,error=a-b,calico\nnamespace p\n```\n- y\n  ```\n  z\n  ```\n");
    assert_eq!(blocks.len(), 2);
    assert_eq!((blocks[0].line, blocks[0].language.as_str(), blocks[0].text.as_str()), (2, "polc", "namespace p\n"));
    assert_eq!((blocks[0].value("error"), blocks[0].has("calico"), blocks[0].has("fragment")), (Some("a-b"), true, false));
    assert_eq!(blocks[1].text, "z\n");
}

#[test]
fn indented_blocks_are_told_apart_by_the_word_before() {
    let page = "# x\n\n    none\n\n**Avoid**\n\n    a\n\n    b\n\n**Prefer** this\n\n    c\n\nor\n\n    d\n";
    assert_eq!(indented_after(page, "Avoid"), ["a\n\nb\n\n"]);
    assert_eq!(indented_after(page, "Prefer"), ["c\n\n", "d\n"]);
}
