//! `polc build`: compile, and write what came of it.

use std::path::{Path, PathBuf};

use polc::Compilation;
use polc::diagnostic::render::summary;

use super::exit::{Answer, Exit, Failure};
use super::output::{self, Change, Obstacle, Plan};
use super::policy_set::{self, Compiled, PolicySet};
use super::terminal::{self, ColorWhen};
use super::{source_map, today};

/// Shown below the options.
const EXAMPLES: &str = "\
Examples:
  polc build                                 every policy below this folder, as one YAML stream
  polc build policies/ | kubectl apply -f -
  echo 'namespace payments isolate' | polc build -
  polc build policies/ -o manifests/         a folder for each cluster, to commit
  polc build policies/ -o manifests/ --check in CI: is what was committed up to date?";

/// Compile policies to manifests: a YAML stream on stdout, or a folder
///
/// Nothing is written if the policy has an error anywhere.
///
/// With `-o`, each cluster has a folder with a file for each namespace, one for what is
/// cluster-wide, and a kustomization.yaml. `.polc-index.json` lists what polc wrote: only
/// those files are ever changed or removed, and none that was edited since. Namespace
/// objects stay when nothing declares them any more.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    set: PolicySet,

    /// Judge `until` dates as of this day, as in 2027-03-31; without it they are not judged,
    /// so that the same input gives the same output on every day
    #[arg(long, value_name = "DATE", value_parser = today::parse)]
    today: Option<String>,

    /// Write into this folder instead of stdout
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Write nothing; show as a diff how the folder differs, and exit with 2 if it does
    #[arg(long, requires = "output")]
    check: bool,

    /// Also write which sentences each object comes from, as JSON
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    source_map: Option<PathBuf>,
}

pub(crate) fn run(args: Args, color: ColorWhen) -> Answer {
    let compiled = args.set.compile(args.today.clone())?;
    policy_set::tell(&compiled.compilation, color);
    if compiled.compilation.has_errors() {
        terminal::tell(&format!("nothing is written: {}\n", summary(&compiled.compilation.diagnostics)));
        return Ok(policy_set::error_exit(&compiled.compilation));
    }
    let exit = match &args.output {
        Some(dir) => to_folder(&compiled, dir, &args)?,
        None => to_stdout(&compiled.compilation)?,
    };
    if let Some(path) = args.source_map.as_deref().filter(|_| exit == Exit::Fine) {
        source_map::write(path, &compiled.compilation)?;
    }
    // The process ends here, and gives its memory back faster than every piece of it can be.
    std::mem::forget(compiled);
    Ok(exit)
}

/// One stream is for one cluster: whoever applies it can only apply it to one.
fn to_stdout(compilation: &Compilation) -> Answer {
    if compilation.clusters.len() > 1 {
        let names: Vec<&str> = compilation.clusters.iter().map(|(name, _)| name.as_str()).collect();
        return Err(Failure::new(format!(
            "the policy is for {} clusters ({}), and one stream can only be for one",
            names.len(),
            names.join(", ")
        ))
        .help(format!("narrow it: `--cluster {}`", names.first().unwrap_or(&"NAME")))
        .help("write a folder for each: `-o DIR`"));
    }
    for file in &compilation.beside {
        terminal::tell(&format!(
            "note: `{}` is not part of the stream, since Kubernetes does not read it: write a folder to have it, `-o DIR`\n",
            file.name
        ));
    }
    compilation.write_yaml(terminal::answer)?;
    Ok(Exit::Fine)
}

fn to_folder(compiled: &Compiled, dir: &Path, args: &Args) -> Answer {
    let sources = output::sources(&compiled.policies, dir)?;
    let plan = output::plan(dir, output::layout(&compiled.compilation)?, args.set.is_narrowed(), &sources)?;
    tell_kept(&plan);
    if args.check {
        return compare(&plan);
    }
    refuse_foreign(&plan)?;
    if tell_edited(&plan) {
        return Ok(Exit::Finding);
    }
    output::write(&plan)?;
    terminal::tell(&closing(&plan));
    Ok(Exit::Fine)
}

fn compare(plan: &Plan) -> Answer {
    if plan.changes.is_empty() {
        return Ok(Exit::Fine);
    }
    terminal::answer(&output::differences(plan))?;
    terminal::tell(&format!("`{}` is not what the policy says; the same command without `--check` writes it\n", plan.dir.display()));
    Ok(Exit::Finding)
}

/// Where polc wants to write stands a file that is not its own.
fn refuse_foreign(plan: &Plan) -> Result<(), Failure> {
    let Some(change) = with_obstacle(plan, Obstacle::Foreign).next() else { return Ok(()) };
    Err(Failure::new(format!(
        "`{}` is in the way: polc did not write it, and overwrites only its own files",
        plan.dir.join(&change.path).display()
    ))
    .help("move it elsewhere, or write into another folder; nothing was written"))
}

/// Reports files that were edited by hand; true if there are any.
fn tell_edited(plan: &Plan) -> bool {
    let mut any = false;
    for change in with_obstacle(plan, Obstacle::Edited) {
        any = true;
        terminal::tell(&format!("error: `{}` was edited since polc wrote it, and is kept\n", plan.dir.join(&change.path).display()));
    }
    if any {
        terminal::tell("  help: put the change into the policy, then restore or delete the file and build again; nothing was written\n");
    }
    any
}

fn with_obstacle(plan: &Plan, obstacle: Obstacle) -> impl Iterator<Item = &Change> {
    plan.changes.iter().filter(move |change| change.obstacle == Some(obstacle))
}

/// A namespace that is declared no longer is not deleted: everything in it would go with it.
fn tell_kept(plan: &Plan) {
    for kept in &plan.kept {
        terminal::tell(&format!(
            "note: no policy declares namespace `{}` for cluster `{}` any more; its Namespace object stays in `{}`, since removing it would delete everything in the namespace\n",
            kept.name,
            kept.cluster,
            plan.dir.join(&kept.cluster).join(&kept.file).display()
        ));
    }
}

/// What was done, for people; the index is not counted.
fn closing(plan: &Plan) -> String {
    let files =
        |removed: bool| plan.changes.iter().filter(|change| change.after.is_none() == removed && !change.path.starts_with('.')).count();
    let (written, removed) = (files(false), files(true));
    format!("`{}`: {written} written, {removed} removed, {} unchanged\n", plan.dir.display(), plan.unchanged)
}
