//! A program that compiles a policy it holds in memory.

use polc::{Files, Options, SourceFile};

fn main() {
    let text = "namespace payments isolate; allow frontend -> api 8443".to_owned();
    let policies = vec![SourceFile { name: "payments.polc".into(), text }];
    let compilation = polc::compile(Files { policies, ..Files::default() }, &Options::default());
    for diagnostic in &compilation.diagnostics {
        eprintln!("{}: {}", diagnostic.code.as_str(), diagnostic.headline);
    }
    print!("{}", compilation.to_yaml());
}
