//! Questions to small policies.

use insta::assert_snapshot;

use super::{Model, Wrong};
use crate::{Files, Options, SourceFile};

fn model(text: &str) -> Model {
    let policies = vec![SourceFile { name: "p.polc".into(), text: text.into() }];
    let model = Model::new(Files { policies, ..Files::default() }, &Options::default()).unwrap();
    assert!(!model.compilation().has_errors(), "{:#?}", model.compilation().diagnostics);
    model
}

fn asked(model: &Model, question: &str) -> String {
    match model.ask(question) {
        Ok(answer) => answer.to_text(),
        Err(Wrong { headline, help }) => format!("error: {headline}\n{}", help.iter().map(|text| format!("  help: {text}\n")).collect::<String>()),
    }
}

const SHOP: &str = "\
cluster default { pods 10.244.0.0/16; services 10.96.0.0/12 }
namespace shop isolate {
  workload web { ports http 8080 }
  workload api { ports https 8443 tls, metrics 9090 }
  workload db { select app=postgres; ports postgres 5432 }
  allow internet -> web
  allow 203.0.113.0/24 -> db
  allow web -> api tls
  allow api -> db
}
namespace other { workload probe }
";

#[test]
fn one_connection_has_one_answer() {
    let model = model(SHOP);
    let all = ["shop/web -> shop/api 8443", "shop/web -> shop/api", "shop/web -> shop/db", "shop/web -> shop/api https", "shop/web -> shop/api 8443/udp", "web -> api 8000-9000"];
    let answers: String = all.iter().map(|question| asked(&model, question)).collect();
    assert_snapshot!(answers, @"");
}

#[test]
fn ranges_of_addresses_are_told_apart() {
    let model = model(SHOP);
    let answers: String = ["internet -> shop/db 5432", "203.0.113.7 -> shop/db", "198.51.100.7 -> shop/db", "shop/pods -> 192.0.2.0/24"].iter().map(|question| asked(&model, question)).collect();
    assert_snapshot!(answers, @"");
}

#[test]
fn wider_words_list_pairs() {
    let model = model(SHOP);
    assert_snapshot!(asked(&model, "shop/pods -> any/pods"), @"");
    assert_snapshot!(asked(&model, "* -> *"), @"");
}

#[test]
fn a_wrong_question_is_told_what_would_be_right() {
    let model = model(SHOP);
    let all = ["shop/wbe -> shop/api", "shpo/web -> shop/api", "shop/web => shop/api", "can bob get pods", "shop/web -> shop/api httsp", "apiserver -> shop/web", "wbe -> api", "shop/web -> shop/web 0"];
    let answers: String = all.iter().map(|question| asked(&model, question)).collect();
    assert_snapshot!(answers, @"");
}
