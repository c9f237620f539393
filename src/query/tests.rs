//! Questions to small policies.

mod doubt;

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
        Err(Wrong { headline, help }) => {
            format!("error: {headline}\n{}", help.iter().map(|text| format!("  help: {text}\n")).collect::<String>())
        }
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

/// Every question of a list, with its answer.
fn answers(questions: &[&str]) -> String {
    let model = model(SHOP);
    questions.iter().map(|question| format!("? {question}\n{}", asked(&model, question))).collect()
}

#[test]
fn one_connection_has_one_answer() {
    insta::assert_snapshot!(answers(&[
        "shop/web -> shop/api 8443",
        "shop/web -> shop/api",
        "shop/web -> shop/api https",
        "shop/web -> shop/api tls",
        "shop/web -> shop/db",
        "shop/web -> shop/api 8443/udp",
        "web -> api 8000-9000",
        "other/probe -> shop/web",
        "shop/pods(tier=new) -> shop/web",
    ]));
}

#[test]
fn ranges_of_addresses_are_told_apart() {
    insta::assert_snapshot!(answers(&[
        "internet -> shop/db 5432",
        "203.0.113.7 -> shop/db",
        "198.51.100.7 -> shop/db",
        "203.0.112.0/23 -> shop/db",
        "shop/db -> 192.0.2.0/24",
        "other/probe -> 192.0.2.0/24 443",
    ]));
}

#[test]
fn wider_words_list_pairs() {
    insta::assert_snapshot!(answers(&[
        "shop/pods -> any/pods",
        "any/pods -> shop/api",
        "any/pods except shop/web -> shop/api",
        "* -> shop/db"
    ]));
}

#[test]
fn a_wrong_question_is_told_what_would_be_right() {
    insta::assert_snapshot!(answers(&[
        "shop/wbe -> shop/api",
        "shpo/web -> shop/api",
        "wbe -> api",
        "shop/web shop/api",
        "shop/web -> shop/api httsp",
        "shop/web -> shop/db tls",
        "shop/web -> shop/web 0",
        "shop/web -> shop/api because \"x\"",
        "pods -> shop/api",
        "apiserver -> shop/web",
        "serviceaccount ci -> shop/web",
        "10.244.3.4 -> shop/web",
        "shop/web except shop/web -> shop/api",
        "can bob get pods",
    ]));
}

#[test]
fn everything_is_reported_in_few_lines() {
    insta::assert_snapshot!(model(SHOP).reachability().unwrap());
}

#[test]
fn exposure_is_what_nobody_known_may_use() {
    insta::assert_snapshot!(model(SHOP).exposure().unwrap());
}

#[test]
fn reasons_name_sentences_objects_and_what_comes_nearest() {
    let model = model(SHOP);
    let why = |question: &str| model.why(question).unwrap().to_text();
    insta::assert_snapshot!(["shop/web -> shop/api", "shop/web -> shop/api metrics", "internet -> shop/db 5432"].map(why).join("----\n"));
}

#[test]
fn a_pod_that_may_have_a_further_label_is_not_passed_over() {
    let model = model(
        "cluster default { enforce calico 3.31 }
         namespace shop { labels a=b; workload web; workload api { ports http 80 } }
         everywhere { deny any/pods(quarantine=yes) -> any/pods }",
    );
    insta::assert_snapshot!(asked(&model, "shop/web -> shop/api 80"), @r"
    partly: shop/web -> shop/api  80/tcp
      allowed: 80/tcp from pods(quarantine!=yes)
    ");
}

#[test]
fn a_batch_answers_as_single_questions_do() {
    let model = model(SHOP);
    let mut batch = model.batch();
    for question in ["shop/web -> shop/api 8443", "shop/web -> shop/db 5432", "shop/web -> shop/api 8443", "internet -> shop/db 5432"] {
        assert_eq!(batch.answer(question).unwrap(), model.ask(question).unwrap().verdict);
    }
    assert!(batch.answer("shop/web").is_err());
}
