//! Which policy of ours answers which case of the shared data: by the number both names begin with.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// One policy of ours, the pods it is held against and what is expected of it.
pub(crate) struct Step {
    pub(crate) name: String,
    /// Ours: a file, or a folder.
    pub(crate) policy: PathBuf,
    pub(crate) inventory: PathBuf,
    /// The manifests that the expectation was written for.
    pub(crate) original: PathBuf,
    pub(crate) expected: PathBuf,
}

/// The real data, where it is. A variable that names a wrong place is a failure and not a skip.
pub(crate) fn shared() -> Option<PathBuf> {
    match env::var_os("POLC_SHARED") {
        Some(place) => {
            let data = Path::new(&place).join("data/real");
            assert!(data.is_dir(), "POLC_SHARED: no {}", data.display());
            Some(data)
        }
        None => {
            let data = repository().parent()?.join("shared/data/real");
            data.is_dir().then_some(data)
        }
    }
}

/// All steps of the Kubernetes end-to-end cases. A step without a policy of its own keeps that of the step before:
/// what changes is the cluster, or the port that is tried.
pub(crate) fn steps(shared: &Path) -> Vec<Step> {
    let ours = repository().join("tests/cases/k8s-e2e");
    let mut all = Vec::new();
    for case in children(&shared.join("netpol-k8s-e2e")) {
        let folder = counterpart(&case, &children(&ours));
        let mut policy = None;
        for step in children(&case).into_iter().filter(|child| child.is_dir()) {
            let own = folder.join(file_name(&step)).with_extension("polc");
            policy = Some(own).filter(|own| own.is_file()).or(policy);
            let name = format!("{}/{}", file_name(&folder), file_name(&step));
            let policy = policy.clone().unwrap_or_else(|| panic!("{name} has no policy"));
            all.push(case_of(name, policy, &step));
        }
    }
    all
}

/// All recipes, answered in `tests/cases/recipes` by as few words as will do.
pub(crate) fn recipes(shared: &Path) -> Vec<Step> {
    answered(shared, "recipes", &bare_recipes())
}

/// All recipes, answered in `examples` as one would write them for use.
pub(crate) fn example_recipes(shared: &Path) -> Vec<Step> {
    answered(shared, "examples", &recipe_folders())
}

fn answered(shared: &Path, what: &str, ours: &[PathBuf]) -> Vec<Step> {
    let recipes = children(&shared.join("netpol-recipes"));
    let answer = |recipe: &PathBuf| {
        let policy = counterpart(recipe, ours);
        case_of(format!("{what}/{}", file_name(&policy.with_extension(""))), policy, recipe)
    };
    recipes.iter().map(answer).collect()
}

/// Every policy that a case should answer.
pub(crate) fn policies() -> BTreeSet<PathBuf> {
    let steps = children(&repository().join("tests/cases/k8s-e2e")).into_iter().flat_map(|case| children(&case));
    steps.chain(bare_recipes()).chain(recipe_folders()).collect()
}

fn bare_recipes() -> Vec<PathBuf> {
    children(&repository().join("tests/cases/recipes"))
}

fn recipe_folders() -> Vec<PathBuf> {
    let all = children(&repository().join("examples"));
    all.into_iter().filter(|folder| file_name(folder).starts_with("recipe-")).collect()
}

fn case_of(name: String, policy: PathBuf, data: &Path) -> Step {
    Step { name, policy, inventory: data.join("cluster.yaml"), original: data.join("policies.yaml"), expected: data.join("expected.csv") }
}

/// The one of ours that answers a case: `18-…` of the data is `18-…` or `recipe-18-…` here.
fn counterpart(case: &Path, ours: &[PathBuf]) -> PathBuf {
    let name = file_name(case);
    let number = name.split_once('-').map_or(name.as_str(), |(number, _)| number);
    let answers = |path: &&PathBuf| {
        let name = file_name(path);
        name.strip_prefix("recipe-").unwrap_or(&name).starts_with(&format!("{number}-"))
    };
    let found: Vec<&PathBuf> = ours.iter().filter(answers).collect();
    match found[..] {
        [one] => one.clone(),
        _ => panic!("{name} is answered by {found:?}"),
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a folder holds, by name.
pub(crate) fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap_or_else(|e| panic!("{}: {e}", folder.display())).path()).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
