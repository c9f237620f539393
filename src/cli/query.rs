//! `polc query`: may it?

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use polc::query::{Verdict, Wrong, is_about_access};

use super::asked::{Asked, What};
use super::exit::{Answer as Answered, Exit, Failure};
use super::input;
use super::terminal::{self, ColorWhen};

/// Shown below the options.
const EXAMPLES: &str = "\
Examples:
  polc query policies/ 'payments/frontend -> payments/api 8443'   may it?
  polc query 'payments/frontend -> payments/api'                  on which ports?
  polc query --manifests deploy/ 'shop/web -> shop/db'            no policy needed
  polc query 'any/pods -> payments/db'                            who may?
  polc query '* -> *'                                             everything that may connect
  polc query --expect denied 'internet -> payments/db'            ends with 2 if it may
  polc query --batch questions.txt                                one question a line, answered in order
  polc query 'can group payments-dev get secrets in payments'     access: may they?
  polc query 'who can create pods/exec in payments'               who may?
  polc query 'what can serviceaccount payments/ci'                everything they may
  polc query --access                                             everybody, and what they may

An end is NAMESPACE/WORKLOAD, NAMESPACE/pods, any/pods, pods by labels as in orders/pods(app=api) or
namespaces(env=prod)/pods(app=api), an address or range, internet, ingress, nodes, dns, apiserver, or
anywhere, which is also written *. A port is 443, 53/udp, 8000-8100, a name, tls; none asks which.";

/// Ask a policy, or the manifests of a cluster, who may connect to whom, and who may do what
///
/// The question is the argument with `->` in it; put it in quotes. The others are policies, as for
/// `build`. With `--manifests` and no policy, the manifests alone are asked.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    asked: Asked,

    /// End with 2 unless this is the answer, for everything that was asked about
    #[arg(long, value_enum, value_name = "ANSWER", conflicts_with = "batch")]
    expect: Option<Expected>,

    /// How the answer is shown
    #[arg(long, value_enum, default_value = "text", conflicts_with = "batch")]
    format: Format,

    /// List who is isolated and everything that may connect, ends that behave alike together, for one
    /// file beside the policy
    #[arg(long, conflicts_with_all = ["batch", "expect", "format"])]
    all: bool,

    /// List everybody whom a binding names, and what they may do, for one file beside the policy
    #[arg(long, conflicts_with_all = ["batch", "expect", "format", "all", "exposure"])]
    access: bool,

    /// List, for each workload and side, who may connect that is no known workload: pods and namespaces
    /// to come, and the world outside
    #[arg(long, conflicts_with_all = ["batch", "expect", "format", "all"])]
    exposure: bool,

    /// Answer every line of this file, or of stdin (`-`): `allowed`, `denied` or `unknown`, a tab, the question
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Expected {
    /// Every connection passes
    Allowed,
    /// None passes
    Denied,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line a connection
    Text,
    /// Schema polc.dev/query/v1
    Json,
}

pub(crate) fn run(args: &Args, color: ColorWhen) -> Answered {
    let what = args.asked.split(args.batch.is_some() || args.all || args.exposure || args.access)?;
    let model = match args.asked.model(&what, color)? {
        Ok(model) => model,
        Err(exit) => return Ok(exit),
    };
    if args.access {
        terminal::answer(&model.held_access().to_text())?;
        return Ok(Exit::Fine);
    }
    if args.exposure {
        terminal::answer(&model.exposure().map_err(wrong)?)?;
        return Ok(Exit::Fine);
    }
    if args.all {
        terminal::answer(&model.reachability().map_err(wrong)?)?;
        return Ok(Exit::Fine);
    }
    let What { question: Some(question), .. } = &what else {
        return batch(&model, args.batch.as_deref().unwrap_or(Path::new("-")));
    };
    if is_about_access(question) {
        let answer = model.ask_access(question).map_err(wrong)?;
        terminal::answer(&match args.format {
            Format::Text => answer.to_text(),
            Format::Json => answer.to_json(),
        })?;
        return Ok(verdict(answer.verdict, args.expect));
    }
    let answer = model.ask(question).map_err(wrong)?;
    terminal::answer(&match args.format {
        Format::Text => answer.to_text(),
        Format::Json => answer.to_json(),
    })?;
    if answer.listed && answer.pairs.is_empty() && args.format == Format::Text {
        terminal::tell("nothing may connect\n");
    }
    Ok(verdict(answer.verdict, args.expect))
}

fn verdict(found: Verdict, expected: Option<Expected>) -> Exit {
    let met = match expected {
        None => true,
        Some(Expected::Allowed) => found == Verdict::Allowed,
        Some(Expected::Denied) => found == Verdict::Denied,
    };
    if met { Exit::Fine } else { Exit::Finding }
}

/// How many lines are named at most.
const NAMED: usize = 20;

/// One line a question, in order, whatever becomes of the others. Neither word is true of a question of which only a
/// part passes, or that has no answer: it is `unknown`, and told.
fn batch(model: &polc::query::Model, path: &Path) -> Answered {
    let text = input::lines(path)?;
    let mut batch = model.batch();
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let (mut partly, mut without) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        let question = line.trim();
        if question.is_empty() || question.starts_with('#') {
            continue;
        }
        let word = match batch.answer(question) {
            Ok(Verdict::Partly) => {
                partly.push(number);
                Verdict::Unknown
            }
            Ok(verdict) => verdict,
            Err(found) => {
                without.push((number, found));
                Verdict::Unknown
            }
        };
        out.push_str(word.as_str());
        out.push('\t');
        out.push_str(question);
        out.push('\n');
    }
    terminal::answer(&out)?;
    tell_partly(path, &partly);
    Ok(tell_without(path, without))
}

/// Which questions are answered in part.
fn tell_partly(path: &Path, partly: &[usize]) {
    let lines: Vec<String> = partly.iter().take(NAMED).map(ToString::to_string).collect();
    let more = if partly.len() > NAMED { format!(" and {} more", partly.len() - NAMED) } else { String::new() };
    let (lines, line) = (lines.join(", "), if partly.len() == 1 { "line" } else { "lines" });
    if !partly.is_empty() {
        terminal::tell(&format!(
            "note: {}: of {line} {lines}{more} only a part passes, so that neither word is true; `polc query` says which part\n",
            path.display()
        ));
    }
}

/// Which questions have no answer; the run then ends as one with a wrong question does.
fn tell_without(path: &Path, without: Vec<(usize, Wrong)>) -> Exit {
    let more = without.len().saturating_sub(NAMED);
    let mut exit = Exit::Fine;
    for (number, found) in without.into_iter().take(NAMED) {
        let headline = format!("{}:{number}: {}", path.display(), found.headline);
        exit = wrong(Wrong { headline, ..found }).report();
    }
    if more > 0 {
        terminal::tell(&format!("and {more} more lines without an answer\n"));
    }
    exit
}

/// A question that has no answer is a mistake on the command line.
pub(crate) fn wrong(found: Wrong) -> Failure {
    found.help.into_iter().fold(Failure::new(found.headline), Failure::help)
}
