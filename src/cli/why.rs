//! `polc why`: may it, and what decides that?

use clap::ValueEnum;
use polc::query::is_about_access;

use super::asked::{Asked, What};
use super::exit::{Answer as Answered, Exit, Failure};
use super::query::wrong;
use super::terminal::{self, ColorWhen};

/// Shown below the options.
const EXAMPLES: &str = "\
Examples:
  polc why policies/ 'payments/frontend -> payments/db 5432'
  polc why --manifests deploy/ 'shop/web -> shop/db'      names the policies of the manifests
  polc why 'any/pods -> payments/db'                      for everybody who may
  polc why 'can group ops get secrets in payments'        access: which grants and roles, and what it comes to";

/// Ask who may connect to whom, and which sentences and objects decide it
///
/// The question is that of `query`. For each end the answer has the sentences that isolate, allow or
/// deny, with their reasons and the objects they stand in; where nothing allows, the sentence that
/// comes nearest. At the foot stands what no policy stops, and what is taken for granted.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    asked: Asked,

    /// How the answer is shown
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Indented lines
    Text,
    /// Schema polc.dev/why/v1
    Json,
}

pub(crate) fn run(args: &Args, color: ColorWhen) -> Answered {
    let what = args.asked.split(false)?;
    let model = match args.asked.model(&what, color)? {
        Ok(model) => model,
        Err(exit) => return Ok(exit),
    };
    let What { question: Some(question), .. } = &what else { return Err(Failure::new("there is no question")) };
    if is_about_access(question) {
        let why = model.why_access(question).map_err(wrong)?;
        terminal::answer(&match args.format {
            Format::Text => why.to_text(),
            Format::Json => why.to_json(),
        })?;
        return Ok(Exit::Fine);
    }
    let why = model.why(question).map_err(wrong)?;
    terminal::answer(&match args.format {
        Format::Text => why.to_text(),
        Format::Json => why.to_json(),
    })?;
    Ok(Exit::Fine)
}
