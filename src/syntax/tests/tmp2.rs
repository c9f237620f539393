#[test]
fn generate() {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in std::fs::read_to_string("/tmp/cases.txt").unwrap().lines() {
        if let Some(name) = line.strip_prefix("@ ") {
            files.push((name.to_owned(), String::new()));
            continue;
        }
        let text = line.replace("\\n", "\n");
        let errors = crate::syntax::parse(crate::source::FileId(0), &text).1;
        let said = super::show(&text, &errors);
        let out = &mut files.last_mut().unwrap().1;
        if !out.is_empty() {
            out.push('\n');
        }
        for line in text.lines() {
            out.push_str(&format!("| {line}").trim_end());
            out.push('\n');
        }
        out.push_str(&said);
    }
    std::fs::create_dir_all("src/syntax/tests/messages").unwrap();
    for (name, text) in files {
        std::fs::write(format!("src/syntax/tests/messages/{}.txt", name.replace('_', "-")), text).unwrap();
    }
}
