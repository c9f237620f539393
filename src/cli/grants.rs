//! `polc grants`: the least that whoever applies the output must hold.

use super::exit::{Answer, Exit, Failure};
use super::policy_set::{self, PolicySet};
use super::terminal::{self, ColorWhen};

/// Shown below the options.
const EXAMPLES: &str = "\
Examples:
  polc grants policies/                          the roles, as YAML
  polc grants policies/ --cluster prod | kubectl apply -f -
  kubectl create rolebinding -n payments ci --role=polc:apply --serviceaccount=ci:deployer";

/// Print the roles that a pipeline needs to apply just this output
///
/// A Role for each namespace and a ClusterRole, without bindings: to make the kinds that the
/// output has, to get and patch its objects by their names, and to bind just the roles that it
/// binds. Nobody may write a role that permits more than they hold, so what the roles of the
/// output permit is among it. `escalate` never is, and neither is `delete`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    set: PolicySet,
}

pub(crate) fn run(args: &Args, color: ColorWhen) -> Answer {
    let compilation = args.set.compile(None)?.compilation;
    policy_set::tell(&compilation, color);
    if compilation.has_errors() {
        return Ok(policy_set::error_exit(&compilation));
    }
    let [(cluster, _)] = compilation.clusters.as_slice() else {
        let names: Vec<&str> = compilation.clusters.iter().map(|(name, _)| name.as_str()).collect();
        return Err(Failure::new(format!("the policy is for {} clusters ({}), and roles are one's", names.len(), names.join(", ")))
            .help(format!("narrow it: `--cluster {}`", names.first().unwrap_or(&"NAME"))));
    };
    let grants = compilation.grants(cluster);
    for sentence in &grants.beyond {
        terminal::tell(&format!("note: {sentence}\n"));
    }
    let mut yaml = String::new();
    polc::manifest::yaml::write_stream(&mut yaml, &grants.roles);
    terminal::answer(&yaml)?;
    Ok(Exit::Fine)
}
