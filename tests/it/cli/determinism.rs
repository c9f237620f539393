//! The same input gives the same bytes.

use super::Sandbox;

const FILES: [(&str, &str); 3] = [
    ("p/a.polc", "namespace payments isolate {\n  workload frontend; workload api { ports https 8443 tls }\n}\n"),
    ("p/b.polc", "namespace payments { allow frontend -> api tls because \"checkout\" }\n"),
    ("p/c.polc", "namespace orders isolate { workload proxy; allow proxy -> payments/api tls }\n"),
];

#[test]
fn the_order_of_files_does_not_matter() {
    let sandbox = Sandbox::with(&FILES);
    let folder = sandbox.run(&["build", "p"]).ended(0).stdout;
    assert!(folder.contains("kind: NetworkPolicy"), "{folder}");
    for order in [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]] {
        let paths: Vec<String> = order.iter().map(|name| format!("p/{name}.polc")).collect();
        let args: Vec<&str> = ["build"].into_iter().chain(paths.iter().map(String::as_str)).collect();
        assert_eq!(sandbox.run(&args).ended(0).stdout, folder, "{order:?}");
    }
}

#[test]
fn one_file_or_several_do_not_matter() {
    let whole: String = FILES.iter().map(|(_, text)| *text).collect();
    let one = Sandbox::with(&[("all.polc", &whole)]).run(&["build"]).ended(0).stdout;
    assert_eq!(Sandbox::with(&FILES).run(&["build"]).ended(0).stdout, one);
}

#[test]
fn working_directory_locale_time_zone_and_threads_do_not_matter() {
    let sandbox = Sandbox::with(&FILES);
    let there = sandbox.run(&["build", "p"]).ended(0).stdout;
    let absolute = sandbox.path("p").to_string_lossy().into_owned();
    let elsewhere = Sandbox::new();
    assert_eq!(elsewhere.run(&["build", &absolute]).ended(0).stdout, there);
    let output = elsewhere
        .command(&["build", &absolute])
        .envs([
            ("LANG", "tr_TR.UTF-8"),
            ("LC_ALL", "tr_TR.UTF-8"),
            ("TZ", "Pacific/Kiritimati"),
            ("RAYON_NUM_THREADS", "1"),
            ("COLUMNS", "60"),
        ])
        .output()
        .expect("polc starts");
    assert_eq!(String::from_utf8_lossy(&output.stdout), there);
}

#[test]
fn an_output_folder_is_the_same_from_every_working_directory() {
    let sandbox = Sandbox::with(&FILES);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    let first = sandbox.files("out");
    let paths = ["p", "again"].map(|name| sandbox.path(name).to_string_lossy().into_owned());
    Sandbox::new().run(&["build", &paths[0], "-o", &paths[1]]).ended(0);
    assert_eq!(sandbox.files("again"), first);
}
