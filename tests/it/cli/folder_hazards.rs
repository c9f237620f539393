//! What an output folder may hold that polc did not write, or that somebody put there to mislead it.

use std::fs;

use super::Sandbox;

const PAYMENTS: &str = "namespace payments isolate {\n  labels team=payments\n}\n";

fn built() -> Sandbox {
    let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS)]);
    sandbox.run(&["build", "-o", "out"]).ended(0);
    sandbox
}

#[test]
fn files_of_others_are_not_touched() {
    let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS), ("out/README.md", "ours"), ("out/default/extra.yaml", "kind: Extra\n")]);
    sandbox.run(&["build", "-o", "out"]).ended(0);
    sandbox.write("payments.polc", "namespace orders {}\n");
    sandbox.run(&["build", "-o", "out"]).ended(0);
    assert_eq!(sandbox.read("out/README.md"), "ours");
    assert_eq!(sandbox.read("out/default/extra.yaml"), "kind: Extra\n");
}

#[test]
fn a_file_of_others_in_the_way_stops_the_build() {
    let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS), ("out/default/payments.yaml", "kind: Theirs\n")]);
    let before = sandbox.files("out");
    sandbox.run(&["build", "-o", "out"]).ended(3).telling("`out/default/payments.yaml` is in the way: polc did not write it");
    assert_eq!(sandbox.files("out"), before);
}

#[test]
fn a_damaged_index_stops_the_build() {
    let sandbox = built();
    let index = sandbox.read("out/.polc-index.json");
    let damaged =
        ["", "{}", "<<<<<<< HEAD\n", &index.replace("index/v1", "index/v9"), &index.replace("payments.yaml", "../../payments.polc")];
    for text in damaged {
        sandbox.write("out/.polc-index.json", text);
        let before = sandbox.files(".");
        sandbox.run(&["build", "-o", "out"]).ended(3).telling("`out/.polc-index.json` cannot be used");
        assert_eq!(sandbox.files("."), before, "{text}");
    }
}

/// An index that claims a file of others with its right hash, outside of the folder.
#[test]
fn an_index_cannot_make_polc_remove_files_elsewhere() {
    let sandbox = built();
    sandbox.write("victim.yaml", "kind: Victim\n");
    for name in ["../victim.yaml", "/etc/victim.yaml", "..\\victim.yaml"] {
        let index = format!(r#"{{"schema":"polc.dev/index/v1","clusters":{{"gone":{{"files":{{{name:?}:"00"}},"sources":[]}}}}}}"#);
        sandbox.write("out/.polc-index.json", index);
        sandbox.run(&["build", "-o", "out"]).ended(3);
    }
    assert!(sandbox.exists("victim.yaml"));
}

#[test]
fn a_folder_where_a_file_should_be_stops_the_build() {
    let sandbox = built();
    sandbox.remove("out/default/payments.yaml");
    fs::create_dir(sandbox.path("out/default/payments.yaml")).expect("a folder");
    sandbox.run(&["build", "-o", "out"]).ended(3).telling("is a folder");
}

#[test]
fn an_output_folder_that_is_a_file_stops_the_build() {
    let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS), ("out", "a file")]);
    sandbox.run(&["build", "-o", "out"]).ended(3);
    assert_eq!(sandbox.read("out"), "a file");
}

#[test]
fn nothing_is_left_behind_by_a_build_that_fails_midway() {
    let sandbox = built();
    let two = "namespace payments isolate { labels team=other }\nnamespace zebra isolate {}\n";
    sandbox.write("payments.polc", two);
    // The last file cannot take its place: the folder that is made for it is a file already.
    fs::create_dir_all(sandbox.path("out/default/zebra.yaml/x")).expect("a folder in the way");
    let before = sandbox.files("out");
    sandbox.run(&["build", "-o", "out"]).ended(3);
    assert_eq!(sandbox.files("out"), before);
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn no_link_is_followed_out_of_the_folder() {
        let sandbox = built();
        sandbox.write("victim.yaml", "kind: Victim\n");
        sandbox.remove("out/default/payments.yaml");
        symlink(sandbox.path("victim.yaml"), sandbox.path("out/default/payments.yaml")).expect("a link");
        sandbox.run(&["build", "-o", "out"]).ended(3).telling("is a link");
        assert_eq!(sandbox.read("victim.yaml"), "kind: Victim\n");
    }

    #[test]
    fn a_cluster_folder_that_is_a_link_stops_the_build() {
        let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS), ("elsewhere/x", "")]);
        fs::create_dir(sandbox.path("out")).expect("a folder");
        symlink(sandbox.path("elsewhere"), sandbox.path("out/default")).expect("a link");
        sandbox.run(&["build", "-o", "out"]).ended(3).telling("`out/default` is not a folder");
        assert_eq!(sandbox.files("elsewhere").len(), 1);
    }

    #[test]
    fn the_output_folder_itself_may_be_a_link() {
        let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS), ("real/x", "")]);
        symlink(sandbox.path("real"), sandbox.path("out")).expect("a link");
        sandbox.run(&["build", "-o", "out"]).ended(0);
        assert!(sandbox.exists("real/default/payments.yaml"));
    }
}
