//! Finding and reading policies, and input that somebody made to break polc.

use std::fs::{self, File};
use std::time::{Duration, Instant};

use super::Sandbox;

const PAYMENTS: &str = "namespace payments isolate {}\n";
const ORDERS: &str = "namespace orders isolate {}\n";

#[test]
fn only_policies_below_the_folder_and_no_hidden_ones() {
    let sandbox =
        Sandbox::with(&[("p/a/payments.polc", PAYMENTS), ("p/.git/x.polc", "wrong"), ("p/.x.polc", "wrong"), ("p/readme.md", "wrong")]);
    let ran = sandbox.run(&["build", "p"]).ended(0);
    assert!(ran.stdout.contains("payments"), "{}", ran.stdout);
}

#[test]
fn a_file_is_named_as_the_user_reached_it() {
    let sandbox = Sandbox::with(&[("p/wrong.polc", "namespace orders isolat\n")]);
    sandbox.run(&["build"]).ended(1).telling("--> p/wrong.polc:1:18");
    sandbox.run(&["build", "./p/"]).ended(1).telling("--> p/wrong.polc:1:18");
    let path = sandbox.path("p/wrong.polc").to_string_lossy().into_owned();
    sandbox.run(&["build", &path]).ended(1).telling(&format!("--> {path}:1:18"));
    sandbox.run_with(&["build", "-"], b"namespace orders isolat\n").ended(1).telling("--> <stdin>:1:18");
}

#[test]
fn a_file_reached_twice_counts_once() {
    let sandbox = Sandbox::with(&[("a.polc", "namespace payments isolate {\n  workload api\n}\n")]);
    let once = sandbox.run(&["build", "a.polc"]).ended(0).stdout;
    assert_eq!(sandbox.run(&["build", "a.polc", ".", "./a.polc"]).ended(0).stdout, once);
}

#[test]
fn nothing_to_read_is_an_error_with_a_way_out() {
    let sandbox = Sandbox::with(&[("readme.md", "x"), ("empty/x.txt", "x")]);
    sandbox.run(&["build"]).ended(3).telling("no policy found: there is no `.polc` file below `.`");
    sandbox.run(&["check", "empty"]).ended(3).telling("below `empty`");
    sandbox.run(&["build", "missing.polc"]).ended(3).telling("cannot read `missing.polc`");
    sandbox.run(&["build", "readme.md"]).ended(3).telling("`readme.md` is not a `.polc` file");
}

#[test]
fn a_policy_that_says_nothing_is_an_error() {
    let sandbox = Sandbox::with(&[("empty.polc", ""), ("comment.polc", "# nothing yet\n")]);
    sandbox.run(&["build"]).ended(1).telling("the policy has no sentences");
    sandbox.write("payments.polc", PAYMENTS.as_bytes());
    sandbox.run(&["build"]).ended(0);
}

#[test]
fn a_folder_named_like_a_policy_is_a_folder() {
    let sandbox = Sandbox::with(&[("x.polc/payments.polc", PAYMENTS)]);
    assert!(sandbox.run(&["build"]).ended(0).stdout.contains("payments"));
}

#[test]
fn bytes_that_are_no_text_are_shown_where_they_stand() {
    let sandbox = Sandbox::with(&[("a.polc", PAYMENTS)]);
    sandbox.write("latin1.polc", b"# ok\nnamespace caf\xe9 isolate\n");
    let ran = sandbox.run(&["build"]).ended(1).telling("error[not-utf-8]").telling("offset 18").telling("latin1.polc:2:14");
    assert_eq!(ran.stdout, "");
    sandbox.run_with(&["check", "-"], &[0xff, 0xfe, 0]).ended(1).telling("<stdin>:1:1");
}

#[test]
fn a_huge_file_is_refused_unread() {
    let sandbox = Sandbox::new();
    File::create(sandbox.path("huge.polc")).and_then(|file| file.set_len(100 << 20)).expect("a sparse file");
    let start = Instant::now();
    sandbox.run(&["build"]).ended(3).telling("`huge.polc` is larger than 16 MiB").telling("split the policy");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_huge_stdin_is_refused_at_the_limit() {
    let text = vec![b'#'; 17 << 20];
    Sandbox::new().run_with(&["build", "-"], &text).ended(3).telling("`<stdin>` is larger than 16 MiB");
}

#[test]
fn many_large_files_are_refused_together() {
    let sandbox = Sandbox::new();
    for n in 0..17 {
        File::create(sandbox.path(&format!("{n}.polc"))).and_then(|file| file.set_len(16 << 20)).expect("a sparse file");
    }
    sandbox.run(&["build"]).ended(3).telling("more than 256 MiB");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_folder_loop_ends() {
        let sandbox = Sandbox::with(&[("p/a/payments.polc", PAYMENTS)]);
        symlink("..", sandbox.path("p/a/up")).expect("a link");
        symlink(sandbox.path("p"), sandbox.path("p/a/again")).expect("a link");
        symlink("self", sandbox.path("p/self")).expect("a link");
        let looped = sandbox.run(&["build", "p"]).ended(0).stdout;
        assert_eq!(looped, Sandbox::with(&[("payments.polc", PAYMENTS)]).run(&["build"]).ended(0).stdout);
    }

    /// Each folder has two links to the next: followed blindly, 2^30 ways.
    #[test]
    fn links_that_fan_out_are_followed_once_each() {
        let sandbox = Sandbox::with(&[("d30/payments.polc", PAYMENTS)]);
        for n in 0..30 {
            fs::create_dir(sandbox.path(&format!("d{n}"))).expect("a folder");
            for side in ["left", "right"] {
                symlink(format!("../d{}", n + 1), sandbox.path(&format!("d{n}/{side}"))).expect("a link");
            }
        }
        let start = Instant::now();
        assert!(sandbox.run(&["build", "d0"]).ended(0).stdout.contains("payments"));
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_link_that_leads_nowhere_matters_only_if_it_is_named_like_a_policy() {
        let sandbox = Sandbox::with(&[("p/payments.polc", PAYMENTS)]);
        symlink("nowhere", sandbox.path("p/notes")).expect("a link");
        sandbox.run(&["build", "p"]).ended(0);
        symlink("nowhere", sandbox.path("p/gone.polc")).expect("a link");
        sandbox.run(&["build", "p"]).ended(3).telling("cannot read `p/gone.polc`");
    }

    #[test]
    fn a_pipe_in_a_folder_is_refused_and_not_waited_for() {
        let sandbox = Sandbox::with(&[("p/payments.polc", PAYMENTS)]);
        let made = std::process::Command::new("mkfifo").arg(sandbox.path("p/pipe.polc")).status().expect("mkfifo");
        assert!(made.success());
        sandbox.run(&["build", "p"]).ended(3).telling("`p/pipe.polc` is not a regular file");
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_an_error() {
        use std::os::unix::fs::PermissionsExt;
        let sandbox = Sandbox::with(&[("p/payments.polc", PAYMENTS), ("p/closed/orders.polc", ORDERS)]);
        let closed = sandbox.path("p/closed");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("permissions");
        let readable = fs::read_dir(&closed).is_ok();
        let ran = sandbox.run(&["build", "p"]);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("permissions");
        // Root reads every folder; then its policies must be there.
        if readable {
            assert!(ran.ended(0).stdout.contains("orders"));
        } else {
            ran.ended(3).telling("cannot read `p/closed`");
        }
    }
}

#[test]
fn folders_are_followed_to_a_depth() {
    let sandbox = Sandbox::new();
    let deep = |depth: usize| "d/".repeat(depth) + "payments.polc";
    sandbox.write(&deep(60), PAYMENTS);
    sandbox.run(&["build"]).ended(0);
    sandbox.write(&deep(70), PAYMENTS);
    sandbox.run(&["build"]).ended(3).telling("folders deep");
}

#[test]
fn manifests_are_read_from_folders_and_never_emitted() {
    let pod = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop, namespace: payments }\nspec:\n  selector: { matchLabels: { app: shop } }\n  template:\n    metadata: { labels: { app: shop } }\n    spec: { containers: [ { name: c, image: c } ] }\n";
    let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS), ("facts/deep/shop.yaml", pod), ("facts/notes.txt", "no YAML: [")]);
    let with = sandbox.run(&["build", "payments.polc", "--manifests", "facts"]).ended(0).stdout;
    assert!(!with.contains("Deployment"), "{with}");
    sandbox.run(&["build", "--manifests", "missing"]).ended(3).telling("cannot read `missing`");
}
